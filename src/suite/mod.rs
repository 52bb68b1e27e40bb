//! The test suite as data: requirements, cases and invariants.

mod case;
mod grammar;
mod load;
mod select;
mod template;
pub(crate) mod vocabulary;

pub use case::*;
pub use grammar::case_schema;
pub use load::{load, load_part};
pub use select::{Filters, Instance, Plan, SelectError, SetAside, Why, plan};
pub use template::{Scope, TemplateError, Uniques, names};
