//! The client against small servers on this machine, each with one behaviour.

mod browsing;
mod digest;
mod framing;
mod login;
mod obstacles;
mod routes;
mod server;
mod violations;
