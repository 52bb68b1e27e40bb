//! What is certified, what is refused, and what a check says.

mod checked;
mod issued;

use chrono::TimeDelta;

use super::sample::{PRIVATE, SUITE, key, now, run, terms, yardstick};
use super::{Checked, Class, Envelope, Expected, FlawKind, SLOT, Statement, certify, verify};

fn statement() -> Statement {
    certify(&run(), &terms(Class::Full), &yardstick()).expect("it is certified")
}

fn expected() -> Expected {
    Expected { now: now() + TimeDelta::days(1), suites: vec![SUITE.to_owned()], artifact: None, page }
}

/// A page that shows the little that these tests look at.
fn page(statement: &Statement, key: &str) -> String {
    format!("<!doctype html><h1>{}</h1><p>{key}</p>{SLOT}", statement.facts().target.name)
}

fn check(text: &str) -> Checked {
    verify(text, &key(PRIVATE).public(), &expected())
}

/// Kinds and words of what is wrong.
fn wrong(checked: &Checked) -> Vec<(FlawKind, &str)> {
    checked.flaws.iter().map(|flaw| (flaw.kind, flaw.message.as_str())).collect()
}

fn sealed(statement: &Statement) -> Envelope {
    Envelope::seal(&statement.to_bytes(), &key(PRIVATE))
}
