//! The judges: pure functions from what is expected and what crossed the wire to findings.
//!
//! The door is [`Judge`]. Nothing here may touch a network, a clock, the environment or a file, so that the same
//! judges serve a live run and recorded traffic.

mod address;
mod answer;
#[cfg(test)]
mod arbitrary;
mod challenge;
mod coding;
mod compare;
mod dated;
mod dates;
mod describe;
mod everywhere;
mod invariant;
mod json_path;
mod json_text;
mod kept;
mod links;
mod list;
mod matcher;
mod matching_dates;
mod meaning;
mod media_type;
mod mentions;
mod misnamed;
mod number;
mod occasion;
mod outcome;
mod own;
mod pattern;
mod phrases;
mod place;
mod reading;
mod relations;
mod same;
mod save;
mod schema;
mod several;
mod show;
mod status;
mod steering;
mod timestamps;
mod units;
mod view;
mod walk;

use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;
use url::Url;

pub use crate::exchange::normal_path;
use crate::exchange::{Exchange, Request, Response, Role};
use crate::suite::{Block, Expectation, Scope};
use crate::verdict::Finding;
pub use address::{SAME_RESOURCE, is_below, keep_parameters, normalized, same_place};
use answer::Answer;
use json_path::Paths;
use outcome::{finding, stated};
use pattern::Patterns;
use reading::Readings;
pub use reading::value_of;
use schema::Schemas;

pub use dated::holds_any_text;
pub use links::href;
pub use list::{is_bare_list, is_list};
pub use meaning::Meaning;
pub use media_type::MediaType;
pub use number::whole;
pub use outcome::Place;
pub use place::kind as kind_of_place;
pub use schema::SchemaError;
pub use timestamps::is_timestamp;
pub use view::{Gaps, Selected, View};
pub use walk::WalkEnd;

/// What the judges know about the target.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The API's root.
    pub base_url: Url,
    /// Most items of a page.
    pub page_maximum: u64,
    /// Names of members that hold dates, beside those that look like one.
    pub date_members: Vec<String>,
    /// Names of numeric members that hold a value in a unit.
    pub unit_members: Vec<String>,
}

impl Facts {
    /// What is known of a target of which nothing but the API's root is known.
    pub fn of(base_url: Url) -> Self {
        Self { base_url, page_maximum: 100, date_members: Vec::new(), unit_members: Vec::new() }
    }
}

/// All judges of a run, built once.
#[derive(Debug)]
pub struct Judge {
    facts: Facts,
    schemas: Schemas,
    paths: Paths,
    patterns: Patterns,
    readings: Readings,
}

impl Judge {
    /// Judges that know these payload schemas, by name, and these facts. Fails if a schema cannot be compiled.
    pub fn new(schemas: &[(String, Value)], facts: Facts) -> Result<Self, SchemaError> {
        Ok(Self {
            facts,
            schemas: Schemas::compile(schemas)?,
            paths: Paths::default(),
            patterns: Patterns::default(),
            readings: Readings::default(),
        })
    }

    /// How values are compared that came with this document; without one, links are resolved against the base URL.
    pub fn meaning<'a>(&'a self, document: Option<&'a Url>) -> Meaning<'a> {
        Meaning { base: document.unwrap_or(&self.facts.base_url), page_size: self.facts.page_maximum }
    }

    /// Judges one answer; `number` is its index in the exchanges of its case. One finding for each expectation.
    pub fn answer(&self, blocks: &[Block], exchange: &Exchange, number: usize, scope: &Scope) -> Vec<Finding> {
        self.blocks(blocks, &self.read(exchange), number, scope)
    }

    /// The same for an answer without the envelope that its request asked for. One that lacks it is judged as it is.
    pub fn answer_inside(&self, blocks: &[Block], exchange: &Exchange, number: usize, scope: &Scope) -> Vec<Finding> {
        let view = self.view(exchange);
        self.blocks(blocks, view.bare.as_ref().unwrap_or(&view.whole), number, scope)
    }

    /// Judges what a step without an answer expects: that saved values are as stated.
    pub fn values(&self, blocks: &[Block], scope: &Scope) -> Vec<Finding> {
        let nothing = Exchange {
            request: Request::new("GET", self.facts.base_url.clone()),
            response: Response::default(),
            started: DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        };
        let findings = self.answer(blocks, &nothing, 0, scope);
        findings.into_iter().map(|finding| Finding { exchange: None, ..finding }).collect()
    }

    /// Whether an answer is as all expectations say, without the envelope that its request asked for where `inside` is
    /// set.
    pub fn holds(&self, expectations: &[Expectation], exchange: &Exchange, inside: bool, scope: &Scope) -> bool {
        let view = self.view(exchange);
        let answer = view.bare.as_ref().filter(|_| inside).unwrap_or(&view.whole);
        expectations.iter().all(|expectation| self.check(&expectation.check, answer, scope).is_ok())
    }

    fn blocks(&self, blocks: &[Block], answer: &Answer<'_>, number: usize, scope: &Scope) -> Vec<Finding> {
        let mut findings = Vec::new();
        for block in blocks {
            if !block.given.iter().all(|given| self.check(&given.check, answer, scope).is_ok()) {
                let message = "does not apply to this response".to_owned();
                let requirements = block.proves.clone();
                findings.push(Finding { message, requirements, exchange: Some(number), ..Finding::pass("given") });
                continue;
            }
            for expectation in &block.expectations {
                let outcome = self.check(&expectation.check, answer, scope);
                let found = finding(expectation.check.name(), outcome, "", "");
                let found = Finding { requirements: block.proves.clone(), exchange: Some(number), ..found };
                findings.push(stated(found, expectation, scope));
            }
        }
        findings
    }
}
