//! The command line as its users meet it: what is said, where, with which exit code, and what is written.

mod bad_cases;
mod bad_targets;
mod bench;
mod canary;
mod certificates;
mod documents;
mod embedded;
mod fail_fast;
mod formats;
mod from_url;
mod hidden_key;
mod interrupts;
mod killed;
mod known_failures;
mod late;
mod mistakes;
mod mock;
mod odd_files;
mod plans;
mod prove;
mod shards;
mod stale;
mod strict;
mod usage;
mod variables;
mod waits;
