//! The judges through their one door: each is shown to pass and to fail.

mod answers;
mod comparing;
mod everywhere;
mod fixture;
mod hostile;
mod invariants;
mod matchers;
mod payloads;
mod saving;
mod several;
