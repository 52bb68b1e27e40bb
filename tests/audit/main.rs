//! Recorded traffic: what is held against it, and above all what is not.

mod clients;
mod live;
mod precision;
mod proof;
mod samples;
mod several;
