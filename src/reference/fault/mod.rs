//! Deliberate faults of the reference server: one plausible mistake each, under the requirements that it breaks.
//!
//! A fault is a line in the table of its chapter, in a file beside this one, and a line at the decision that it spoils:
//! search for `Fault::ItsName`. Each table hands its lines on to the next, and the last of them makes the enum.

mod forms;
mod gates;
mod pages;
mod refusals;
mod resources;
mod values;

use forms::forms;
use gates::gates;
use pages::pages;
use refusals::refusals;
use resources::resources;
use values::values;

/// Makes the enum and its table from lines of `Variant "name" violates "requirement"…: "what it does";`.
macro_rules! faults {
    (: $($variant:ident $name:literal violates $($requirement:literal)+: $description:literal;)+) => {
        /// A deliberate departure from the specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = $description] $variant,)+
        }

        /// Every fault, in the order of the requirements.
        const TABLE: &[FaultInfo] = &[
            $(FaultInfo {
                fault: Fault::$variant,
                name: $name,
                violates: &[$($requirement),+],
                description: $description,
            },)+
        ];
    };
}

/// What is known of a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultInfo {
    /// The fault.
    pub fault: Fault,
    /// Its name, never used for another.
    pub name: &'static str,
    /// The requirements that it breaks, the one that it is about first.
    pub violates: &'static [&'static str],
    /// What the server does, in one line.
    pub description: &'static str,
}

impl Fault {
    /// Every fault with what is known of it, in the order of the requirements.
    pub fn table() -> &'static [FaultInfo] {
        TABLE
    }

    /// The fault of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|info| info.name == name).map(|info| info.fault)
    }

    /// What is known of it.
    pub fn info(self) -> &'static FaultInfo {
        // The enum and the table are made from the same lines.
        &TABLE[self as usize]
    }
}

resources! { values pages forms refusals gates faults: }

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        let names: BTreeSet<&str> = Fault::table().iter().map(|info| info.name).collect();
        assert_eq!(names.len(), Fault::table().len());
        for info in Fault::table() {
            assert_eq!(info.fault.info().name, info.name);
            assert_eq!(Fault::from_name(info.name), Some(info.fault));
            assert!(info.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
        assert_eq!(Fault::from_name("no-such-fault"), None);
    }
}
