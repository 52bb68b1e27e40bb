//! The engine: runs a plan against a target and tells an observer about it.
//!
//! The one door is [`Engine`]. A case goes `schedule` (when, and with which locks) → `perform` (preamble, steps,
//! postamble) → `step` (one action) → `send` (one request, patient with 429 and 503). The engine knows no report.

mod action;
mod allowance;
mod belongings;
mod cleanup;
mod counted;
mod crew;
mod diary;
mod doubted;
mod engine;
mod fail_fast;
mod hearing;
mod identity;
mod interference;
mod invariants;
mod nonce_age;
mod outline;
mod perform;
mod polite;
mod replay;
mod request;
mod results;
mod retry;
mod schedule;
mod send;
mod stop;
mod store;
mod tape;
mod unjudged;
mod waits;
mod walk;
mod window;

pub use cleanup::CleanedUp;
pub use counted::Counted;
pub use diary::Diary;
pub use engine::{Engine, EngineError, Keep, Performed};
pub use identity::{suite_identity, unjudged};
pub use outline::Outline;
pub use polite::Rate;
pub use replay::{Replayed, Snapshot};
pub use schedule::Locks;
pub use stop::Stop;
pub use tape::Tape;
