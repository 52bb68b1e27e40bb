//! The judges: pure functions from what is expected and what crossed the wire to findings.
//!
//! The door is [`Judge`]. Nothing here may touch a network, a clock, the environment or a file, so that the same
//! judges serve a live run and recorded traffic.

mod dates;
mod json_text;
mod place;
mod reading;
mod show;
