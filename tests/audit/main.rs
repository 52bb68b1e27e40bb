//! Recorded traffic: what is held against it, and above all what is not.

mod live;
mod precision;
mod proof;
mod samples;
