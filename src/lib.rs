//! Conformance suite for HTTP APIs that follow the Atlas API v1.0 conventions.
#![forbid(unsafe_code)]

pub mod check;
pub mod cli;
pub mod client;
pub mod clock;
pub mod digest;
pub mod exchange;
pub mod record;
pub mod reference;
pub mod report;
pub mod run;
pub mod suite;
pub mod target;
pub mod verdict;
pub mod yaml;
