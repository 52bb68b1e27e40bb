//! What a run leaves behind: the run itself, the events on the way, and how secrets are kept out of it.

mod event;
mod run;

pub use event::Event;
pub use run::{
    CaseResult, Conclusion, Counts, Outcome, RequirementResult, RequirementVerdict, Run, Selection, Standing,
    StoredBody, StoredExchange, SuiteIdentity, TargetIdentity, Tool,
};
