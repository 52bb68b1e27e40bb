//! One expectation on one answer.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use super::everywhere::BrokenRules;
use super::matcher::{Matching, Subject};
use super::media_type::MediaType;
use super::outcome::{Outcome, Trouble};
use super::reading::{Reading, Unreadable};
use super::{Judge, challenge, everywhere, mentions, own, phrases, reading, show, status};
use crate::exchange::Exchange;
use crate::suite::{Check, Matcher, Scope, TemplateError, WhiteSpace};
use crate::verdict::{Datum, Location};

/// An answer with its body read.
pub(super) struct Answer<'a> {
    /// The request and its answer.
    pub(super) exchange: &'a Exchange,
    /// The whole body.
    pub(super) reading: Arc<Reading>,
    /// The part of the body that is judged.
    pub(super) inner: Inner,
    /// The status that it tells: that of the response, or of an error in an envelope that came with success.
    pub(super) status: u16,
    /// What breaks the rules for every part, once somebody has asked.
    pub(super) broken: OnceCell<BrokenRules>,
}

/// The part of a body that is judged.
pub(super) enum Inner {
    /// All of it.
    Whole,
    /// Its member `content`, if it has one.
    Content,
    /// This, which was made of it.
    Value(Value),
}

impl<'a> Answer<'a> {
    /// An answer with its envelope left on.
    pub(super) fn new(exchange: &'a Exchange, reading: Arc<Reading>) -> Self {
        Self { exchange, reading, inner: Inner::Whole, status: exchange.response.status, broken: OnceCell::new() }
    }

    /// The value of the body.
    pub(super) fn value(&self) -> Result<&Value, Unreadable> {
        if let Inner::Value(inner) = &self.inner {
            return Ok(inner);
        }
        let whole = self.reading.value.as_ref().map_err(Clone::clone)?;
        match self.inner {
            Inner::Content => Ok(whole.get("content").unwrap_or(whole)),
            Inner::Whole | Inner::Value(_) => Ok(whole),
        }
    }

    /// Whether there is no body.
    pub(super) fn is_empty(&self) -> bool {
        self.exchange.response.body.is_empty()
    }
}

impl Judge {
    /// An exchange with its body read and its envelope left on.
    pub(super) fn read<'a>(&self, exchange: &'a Exchange) -> Answer<'a> {
        Answer::new(exchange, self.readings.of(&exchange.response))
    }

    /// What comes of one check on one answer. Whatever breaks it has a place.
    pub(super) fn check(&self, check: &Check, answer: &Answer<'_>, scope: &Scope) -> Outcome {
        self.outcome(check, answer, scope).map_err(|trouble| {
            if !trouble.places().is_empty() {
                return trouble;
            }
            let location = place_of(check);
            let path = location.to_string();
            trouble.at_place(location, path)
        })
    }

    fn outcome(&self, check: &Check, answer: &Answer<'_>, scope: &Scope) -> Outcome {
        let response = &answer.exchange.response;
        let matching = Matching { judge: self, scope, document: Some(&answer.exchange.request.url) };
        match check {
            Check::Status(matcher) => status::judge(matcher, answer.status, scope),
            Check::Header(name, matcher) => header(name, matcher, answer, &matching),
            Check::MediaTypeJson => media_type(answer),
            Check::Schema(name) => self.schemas.judge(name, answer.value()?),
            Check::Body(path, matcher) => {
                matching.at_path(answer.value()?, path, matcher).map_err(|trouble| trouble.of(&Location::root()))
            }
            Check::Text(matcher) => {
                let body = reading::bytes(response).map_err(Trouble::Unclear)?;
                let text = Value::from(String::from_utf8_lossy(&body));
                about(&Location::Text, &text, matcher, &matching)
            }
            Check::Bytes(matcher) => {
                let bytes = Value::from(response.body.len() + response.trailing.len());
                about(&Location::Size, &bytes, matcher, &matching)
            }
            Check::Mentions(field) => mentions::judge(answer.value()?, &matching.text(field)?),
            Check::WhiteSpace(wanted) => white_space(*wanted, answer),
            Check::Everywhere(rule) => everywhere::judge(*rule, answer, &self.facts),
            Check::Own(rule) => own::judge(*rule, answer, &self.facts),
            Check::Challenge(rule) => challenge::judge(*rule, response),
            Check::ReasonPhrase(form) => phrases::judge(error_document(answer.value()?), response.status, *form),
            Check::Value(template, matcher) => self.saved(template, matcher, scope),
            Check::Time(matcher) => {
                let seconds = Value::from(answer.exchange.duration.as_secs_f64());
                about(&Location::Time, &seconds, matcher, &matching)
            }
            Check::Each(_) | Check::First(..) | Check::Last(..) => {
                Err(Trouble::Unclear(format!("`{}` speaks about several responses, and there is one", check.name())))
            }
        }
    }

    /// Judges what was saved. A name that was never saved is nothing, but only where the matcher asks whether it is
    /// there: otherwise a value that is missing could pass for one that differs.
    pub(super) fn saved(&self, template: &Value, matcher: &Matcher, scope: &Scope) -> Outcome {
        let name = template.as_str().map_or_else(|| show::value(template), |text| show::cut(text, 80));
        let subject = Location::Saved { template: name };
        let matching = Matching { judge: self, scope, document: None };
        let outcome = match scope.value(template) {
            Ok(value) => matching.holds(matcher, Subject::Value(&value)),
            Err(TemplateError::Missing(_)) if asks_for_presence(matcher) => matching.holds(matcher, Subject::Nothing),
            Err(error) => Err(Trouble::Unclear(error.to_string())),
        };
        outcome.map_err(|trouble| trouble.of(&subject))
    }
}

/// What a check looks at, where it does not say what of it is wrong.
fn place_of(check: &Check) -> Location {
    match check {
        Check::Status(_) => Location::Status,
        Check::Header(name, _) => Location::header(name.clone()),
        Check::MediaTypeJson => Location::header("Content-Type"),
        Check::Challenge(_) => Location::header("WWW-Authenticate"),
        Check::ReasonPhrase(_) => Location::member("reason"),
        Check::Text(_) => Location::Text,
        Check::Bytes(_) => Location::Size,
        Check::Time(_) => Location::Time,
        Check::Value(template, _) => Location::Saved { template: show::value(template) },
        Check::Schema(_)
        | Check::Body(..)
        | Check::Mentions(_)
        | Check::WhiteSpace(_)
        | Check::Everywhere(_)
        | Check::Own(_)
        | Check::Each(_)
        | Check::First(..)
        | Check::Last(..) => Location::root(),
    }
}

fn about(subject: &Location, value: &Value, matcher: &Matcher, matching: &Matching<'_>) -> Outcome {
    matching.holds(matcher, Subject::Value(value)).map_err(|trouble| trouble.of(subject))
}

/// A header is text; where the matcher compares with a number, the number that it spells is compared.
fn header(name: &str, matcher: &Matcher, answer: &Answer<'_>, matching: &Matching<'_>) -> Outcome {
    let name = matching.text(name)?;
    let value = answer.exchange.response.header(&name).map(|text| match text.trim().parse::<serde_json::Number>() {
        Ok(number) if wants_number(matcher) => Value::Number(number),
        _ => Value::String(text),
    });
    let subject = value.as_ref().map_or(Subject::Nothing, Subject::Value);
    matching.holds(matcher, subject).map_err(|trouble| trouble.of(&Location::header(name)))
}

fn wants_number(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Equals(value) => value.is_number(),
        Matcher::Above(_) | Matcher::Below(_) | Matcher::AtLeast(_) | Matcher::AtMost(_) => true,
        Matcher::Not(inner) => wants_number(inner),
        Matcher::OneOf(all) | Matcher::AllOf(all) => all.iter().any(wants_number),
        _ => false,
    }
}

fn asks_for_presence(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Present(_) => true,
        Matcher::OneOf(all) | Matcher::AllOf(all) => all.iter().any(asks_for_presence),
        _ => false,
    }
}

/// An answer without a body needs no media type.
fn media_type(answer: &Answer<'_>) -> Outcome {
    let Some(value) = answer.exchange.response.header("content-type") else {
        let missing = || {
            Trouble::unlike("application/json or a +json type", Datum::Missing).of(&Location::header("Content-Type"))
        };
        return if answer.is_empty() { Ok(()) } else { Err(missing()) };
    };
    if MediaType::read(&value).is_json() {
        Ok(())
    } else {
        Err(Trouble::unlike("application/json or a +json type", show::text(&value))
            .of(&Location::header("Content-Type")))
    }
}

/// A body without parts, or no body at all, needs no white space to be indented.
fn white_space(wanted: WhiteSpace, answer: &Answer<'_>) -> Outcome {
    if answer.is_empty() {
        return Ok(());
    }
    let scan = &answer.reading.scan;
    if scan.fault.is_some() || answer.exchange.response.cut {
        answer.reading.value.as_ref().map_err(Clone::clone)?;
    }
    match wanted {
        WhiteSpace::None => scan.first_space.as_ref().map_or(Ok(()), |space| {
            let (at, place) = (space.at, show::cut(&space.place, 200));
            let sentence = format!("there is white space outside strings, first at byte {at}, in {place}");
            Err(Trouble::broken(sentence).at_place(Location::Byte { at }, space.place.clone()))
        }),
        WhiteSpace::Indented if !scan.has_parts || scan.breaks_lines && scan.indents => Ok(()),
        WhiteSpace::Indented if scan.breaks_lines => {
            Err(Trouble::broken("the body has line breaks and no indentation"))
        }
        WhiteSpace::Indented => Err(Trouble::broken("the body has no line breaks outside strings")),
    }
}

/// The error document, which may stand in an envelope.
fn error_document(body: &Value) -> &Value {
    match body.get("content") {
        Some(content) if content.is_object() && body.get("reason").is_none() => content,
        _ => body,
    }
}
