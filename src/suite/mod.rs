//! The test suite as data: requirements, cases and invariants.

mod case;
mod expectation;
mod grammar;
mod invariant;
mod load;
mod requirement;
mod rule;
mod select;
mod size;
mod template;
mod uniques;
mod vary;
pub(crate) mod vocabulary;

pub use case::*;
pub use expectation::*;
pub use grammar::{case_schema, keys_of_case_files, names_of_keys};
pub use invariant::*;
pub(crate) use load::too_costly;
pub use load::{load, load_own, load_part};
pub use requirement::*;
pub use rule::{ChallengeRule, OwnRule, Rule};
pub use select::{Depth, Filters, Instance, Kind, Pairs, Plan, SelectError, SetAside, Why, Writing, plan};
pub(crate) use select::{Needs, needs_by_kind};
pub(crate) use template::digits;
pub(crate) use template::with_word;
pub use template::{Scope, TemplateError, names};
pub use uniques::Uniques;
pub use vary::{Condition, Conditions, Varied};
