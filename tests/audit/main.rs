//! Recorded traffic: what is held against it, and above all what is not.

mod altered;
mod clients;
mod command;
mod large;
mod live;
mod precision;
mod proof;
mod reading;
mod recorders;
mod samples;
mod seeded;
mod several;
