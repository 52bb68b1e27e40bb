//! The entry `known_failures`.
#![no_main]

#[path = "../../tests/hostile/entries.rs"]
#[allow(dead_code, reason = "each target is one of the entries")]
mod entries;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entries::known_failures(bytes));
