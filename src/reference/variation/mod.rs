//! Variations of the reference server: what another conforming server may do where the specification is silent or leaves
//! a choice. The suite has to accept every one of them, alone and together.
//!
//! A variation is a line in the table and a line at the decision that it takes otherwise: search for
//! `Variation::ItsName`. Decisions about a form that all answers share stand in the files of this folder.

pub(crate) mod challenge;
mod hrefs;
pub(crate) mod names;
pub(crate) mod plain;
mod sending;
mod spelling;
mod table;
mod told;
pub(crate) mod traffic;
pub(crate) mod writes;
mod writing;

pub(crate) use sending::{Sending, dressed};
pub(crate) use spelling::respelled;
pub use table::Variation;
pub(crate) use told::told;
pub(crate) use writing::write;

/// What is known of a variation.
#[derive(Clone, Copy, Debug)]
pub struct VariationInfo {
    /// The variation.
    pub variation: Variation,
    /// Its name, never used for another.
    pub name: &'static str,
    /// The choice that it is one answer to: of two variations of one aspect, a server shows the first of the table.
    pub aspect: &'static str,
    /// What the server does, in one line.
    pub description: &'static str,
    /// What allows it: words of the specification, its silence, or a standard that it rests on.
    pub allowed_by: &'static str,
}
