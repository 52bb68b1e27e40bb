//! The test suite as data: requirements, cases and invariants.

mod case;
mod grammar;
mod load;
mod template;
pub(crate) mod vocabulary;

pub use case::*;
pub use grammar::case_schema;
pub use load::load;
pub use template::{Scope, TemplateError, Uniques, names};
