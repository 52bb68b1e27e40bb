//! The test suite as data: requirements, cases and invariants.

mod case;
mod expectation;
mod grammar;
mod invariant;
mod load;
mod requirement;
mod select;
mod template;
pub(crate) mod vocabulary;

pub use case::*;
pub use expectation::*;
pub use grammar::case_schema;
pub use invariant::*;
pub(crate) use load::too_costly;
pub use load::{load, load_part};
pub use requirement::*;
pub use select::{Filters, Instance, Plan, SelectError, SetAside, Shard, Why, Writing, plan};
pub(crate) use template::digits;
pub(crate) use template::with_word;
pub use template::{Scope, TemplateError, Uniques, names};
