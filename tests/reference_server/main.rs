//! The reference server as a stranger meets it: over TLS, with a Digest client that is not ours.

mod access;
mod authentication;
mod documents;
mod faults;
mod forms;
mod limits;
mod lists;
mod mock;
mod own_faults;
mod registers;
mod visitor;
mod wire;
