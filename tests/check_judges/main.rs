//! The judges through their one door: each is shown to pass and to fail.
#![expect(clippy::needless_pass_by_value, reason = "values written where they are judged read better")]

mod answers;
mod comparing;
mod everywhere;
mod fixture;
mod hostile;
mod invariants;
mod matchers;
mod own;
mod payloads;
mod saving;
mod several;
