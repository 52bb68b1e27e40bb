//! The forms in which a run is printed.

use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::report::Format;

/// What is printed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunFormat {
    /// Lines for people on a terminal.
    Human,
    /// What a file of this format holds.
    File(Format),
}

impl ValueEnum for RunFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<RunFormat>> = LazyLock::new(|| {
            let files = Format::value_variants().iter().copied().map(RunFormat::File);
            std::iter::once(RunFormat::Human).chain(files).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Human => Some(PossibleValue::new("human").help("For people")),
            Self::File(format) => format.to_possible_value(),
        }
    }
}
