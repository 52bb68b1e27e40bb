//! What a run leaves behind: the run itself, the events on the way, and how secrets are kept out of it.
//!
//! The doors: [`StoredExchange::from_exchange`] and [`Redaction::result`] on the way in, [`Run::from_results`] at the
//! end, [`Run::from_json`] to read it back.

mod creation;
mod event;
mod exchange;
mod fold;
mod journal;
mod known;
mod merge;
mod proof;
mod read;
mod redaction;
mod run;

pub use creation::{Creating, Creations, Fate, Left};
pub use event::Event;
pub use exchange::{BODY_LIMIT, BODY_LIMIT_FAILING, StoredBody, StoredExchange};
pub use fold::{RunParts, conclusion, outcome};
pub use journal::{Begun, JOURNAL_FORMAT, Journal, JournalError, Line};
pub use known::{Excuse, KnownList, ListFlaw, ListProblem};
pub use merge::{MergeError, merge};
pub use proof::{FaultProof, Proof, Shown};
pub use read::{FORMAT, ReadError};
pub use redaction::{KeysTooLong, REDACTED, Redaction, SECRET};
pub use run::{
    CaseResult, Conclusion, Counts, Outcome, RequirementResult, RequirementVerdict, Run, Selection, Standing,
    SuiteIdentity, TargetIdentity, Tool,
};
