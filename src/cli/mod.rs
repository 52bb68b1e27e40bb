//! cli

pub(crate) mod problems;
