//! Whatever a target answers, a run ends in bounded time and memory with a verdict: no panic, no hang, and no key
//! anywhere else.
//!
//! Each row of `bytes`, `json`, `links`, `challenges` and `connection` is one hostile behaviour of a real server, and
//! the program itself is run against it. `whole_suite` does the same to every case within this process.

mod bench;
mod browsed;
mod bytes;
mod challenges;
mod connection;
mod corpus;
mod entries;
mod json;
mod links;
#[path = "../client/server.rs"]
#[expect(dead_code, reason = "the client's tests use more of it")]
mod scripted;
mod server;
mod site;
mod whole_suite;
