//! The test suite as data: requirements, cases and invariants.

mod case;
mod template;

pub use case::*;
pub use template::{Scope, TemplateError, Uniques, names};
