//! Conformance suite for HTTP APIs that follow the Atlas API v1.0 conventions.
//!
//! # How to read this crate
//!
//! Follow one case through the house:
//!
//! 1. [`yaml`] reads bytes into a tree that remembers positions; [`suite`] makes [`suite::Case`]s of it and says
//!    everything that is wrong at once. [`target`] does the same for the target file.
//! 2. [`discover`](mod@discover) finds by browsing what a target file leaves out. [`suite::plan`] decides which cases
//!    run, and sets the rest aside with the reason.
//! 3. [`run::Engine`] performs a case: it fills in a [`exchange::Request`], [`client`] sends it, answers the Digest
//!    challenge with the pure functions of [`digest`], and brings an [`exchange::Exchange`] or an
//!    [`exchange::Obstacle`].
//! 4. [`check::Judge`] turns expectation and exchange into [`verdict::Finding`]s; it touches no network, clock or file.
//! 5. [`record`] folds findings into results, results into a [`record::Run`] and its conclusion.
//!    [`known`] holds it against a list of failures that somebody knows of.
//! 6. [`report`] renders a finished run: pure functions, a format each. [`certificate`] says of one that it conforms, in
//!    words that others can check.
//!
//! [`proof`] performs passed tests again on their recorded responses, some of them altered, and counts what is noticed.
//!
//! [`audit`] takes recorded exchanges instead of the engine's, and judges them with the invariants alone.
//!
//! [`client_rules`] judges the other side: what clients send, to our server or in a recording.
//!
//! [`reference`](mod@reference) is a complete server of the conventions. It imports neither the suite nor the judges, so
//! that one mistake cannot hide on both sides. [`cli`] is the only place that wires, prints, and reads or writes files.
//!
//! Imports point strictly downwards; `tests/architecture.rs` holds the direction.
#![forbid(unsafe_code)]

pub mod audit;
pub mod certificate;
pub mod check;
pub mod cli;
pub mod client;
pub mod client_rules;
pub mod clock;
pub mod digest;
pub mod discover;
pub mod exchange;
pub mod id_pattern;
pub mod known;
pub mod proof;
pub mod reason;
pub mod record;
pub mod reference;
pub mod report;
pub mod run;
pub mod suite;
pub mod target;
pub mod verdict;
pub mod yaml;
