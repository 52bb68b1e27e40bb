//! What a run leaves behind: the run itself, the events on the way, and how secrets are kept out of it.
//!
//! The doors: [`StoredExchange::from_exchange`] and [`Redaction::result`] on the way in, [`Run::from_results`] at the
//! end, [`Run::from_json`] to read it back.

mod archive;
mod causes;
mod creation;
mod difference;
mod event;
mod evidence;
mod exchange;
mod fold;
mod history;
mod journal;
mod judged;
mod known;
mod merge;
mod outline;
mod proof;
mod read;
mod redaction;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod strictness;
mod symptom;
mod zero;

pub use archive::{Archive, BODY_LIMIT_ARCHIVED};
pub use creation::{Creating, Creations, Fate, Left};
pub use difference::{Change, ChangeKind, Circumstance, Difference, RequirementChange, Side};
pub use event::{Awaited, Event, Pause};
pub use evidence::{
    Evidence, EvidenceSummary, ExpectationEvidence, FalseAlarm, InvariantEvidence, NotReplayed, OperatorEvidence,
    PROOF_SCHEMA, RequirementEvidence, RequirementStrength, SpellingEvidence, Strength, Survivor, TestEvidence, Totals,
};
pub use exchange::{BODY_LIMIT, BODY_LIMIT_FAILING, StoredBody, StoredExchange};
pub use fold::{RunParts, conclusion, outcome, reason_of};
pub use history::{ChangeCount, History, Point, Previous};
pub use journal::{Begun, JOURNAL_FORMAT, Journal, JournalError, Line};
pub use judged::Judged;
pub use known::{Excuse, KnownList, ListFlaw, ListProblem};
pub use merge::{MergeError, merge};
pub use outline::{Outline, RequirementOutline, ResultOutline};
pub use proof::{FaultProof, Proof, Shown};
pub use read::{FORMAT, RUN_SCHEMA, ReadError, schema_problems};
pub use redaction::{KeysTooLong, LONGEST_KEY, REDACTED, Redaction, SECRET, is_secret};
pub use run::{
    CaseResult, Conclusion, Counts, Outcome, RequirementResult, RequirementVerdict, Resent, Run, Selection, Standing,
    Subject, SuiteIdentity, TargetIdentity, Tool, Wait,
};
pub use strictness::{FailOn, Strictness, Unmet};
pub use symptom::{Symptom, alike};
pub(crate) use zero::is_zero;
