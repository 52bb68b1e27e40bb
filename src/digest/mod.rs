//! HTTP Digest (RFC 7616, RFC 2617) as pure functions: [`params`] reads challenges, [`hash`] and [`answer`] compute,
//! [`session`] counts. Nothing here knows the network, the clock or chance.

pub mod answer;
pub mod hash;
pub mod params;
pub mod session;
