//! The embedded reference server: implements the whole specification, so that every case can be seen to pass.
//!
//! [`Server`] is the one door. The path of a request: `listen` (TLS, connection) → `http` (reads the call, writes the
//! answer) → `auth` (who is it) → `access` (may they) → `limits` (not too often) → `api` (one file a resource) →
//! `render` (envelope, order, white space). Each choice that another server could make otherwise is made in one
//! function, which asks `behaviour` first; so a deliberate fault is one line there.
//!
//! It knows nothing of cases or checks: otherwise one mistake could hide on both sides.

mod access;
mod api;
mod asked;
mod auth;
mod behaviour;
mod certificate;
mod control;
mod dates;
mod disguise;
mod document;
mod envelope;
mod fault;
mod http;
mod latency;
mod limits;
mod links;
mod listen;
mod outage;
mod own_fault;
mod page;
mod paging;
mod places;
mod problem;
mod query;
mod render;
mod route;
mod server;
mod store;
mod target_file;
mod unknown;
mod variation;
mod wire;
mod witness;
mod world;
mod worlds;

pub use asked::Asked;
pub use fault::{Fault, FaultInfo};
pub use latency::Latency;
pub use outage::Outage;
pub use own_fault::{OwnFault, faults_schema};
pub use server::{Server, Settings, Tls};
pub use variation::{Variation, VariationInfo};
pub use witness::Witness;
