//! Status codes.

use serde_json::Value;

use super::number;
use super::outcome::{Outcome, Trouble};
use super::show;
use crate::suite::{Scope, StatusMatcher};
use crate::verdict::{Datum, Location};

/// Whether a status is as expected.
pub(super) fn judge(matcher: &StatusMatcher, status: u16, scope: &Scope) -> Outcome {
    if holds(matcher, status) && !has_template(matcher) {
        return Ok(());
    }
    let matcher = filled(matcher, scope)?;
    if holds(&matcher, status) {
        Ok(())
    } else {
        let expected = match matcher {
            StatusMatcher::Code(code) => Datum::from(code),
            _ => Datum::from(wanted(&matcher)),
        };
        Err(Trouble::unlike(expected, status).of(&Location::Status))
    }
}

/// Whether a status is as an expectation without templates says.
pub(super) fn holds(matcher: &StatusMatcher, status: u16) -> bool {
    match matcher {
        StatusMatcher::Code(code) => status == *code,
        StatusMatcher::Class(class) => status / 100 == *class,
        StatusMatcher::OneOf(all) => all.iter().any(|one| holds(one, status)),
        StatusMatcher::Not(inner) => !holds(inner, status),
        StatusMatcher::Below(bound) => status < *bound,
        StatusMatcher::Template(_) => false,
    }
}

fn has_template(matcher: &StatusMatcher) -> bool {
    match matcher {
        StatusMatcher::Template(_) => true,
        StatusMatcher::OneOf(all) => all.iter().any(has_template),
        StatusMatcher::Not(inner) => has_template(inner),
        StatusMatcher::Code(_) | StatusMatcher::Class(_) | StatusMatcher::Below(_) => false,
    }
}

/// The same expectation with its templates filled in.
fn filled(matcher: &StatusMatcher, scope: &Scope) -> Result<StatusMatcher, Trouble> {
    Ok(match matcher {
        StatusMatcher::Template(template) => {
            let value = scope.value(&Value::from(template.as_str()));
            read(&value.map_err(|error| Trouble::Unclear(error.to_string()))?)?
        }
        StatusMatcher::OneOf(all) => {
            StatusMatcher::OneOf(all.iter().map(|one| filled(one, scope)).collect::<Result<_, _>>()?)
        }
        StatusMatcher::Not(inner) => StatusMatcher::Not(Box::new(filled(inner, scope)?)),
        StatusMatcher::Code(_) | StatusMatcher::Class(_) | StatusMatcher::Below(_) => matcher.clone(),
    })
}

/// A status that a template gave: a code, a class, or a list of these.
fn read(value: &Value) -> Result<StatusMatcher, Trouble> {
    let unusable = || Trouble::Unclear(format!("{} is no status", show::value(value)));
    match value {
        Value::Number(_) => {
            let code = number::whole(value).and_then(|code| u16::try_from(code).ok());
            code.map(StatusMatcher::Code).ok_or_else(unusable)
        }
        Value::String(text) => match text.strip_suffix("xx") {
            Some(class) => class.parse().map(StatusMatcher::Class).map_err(|_| unusable()),
            None => text.parse().map(StatusMatcher::Code).map_err(|_| unusable()),
        },
        Value::Array(all) => all.iter().map(read).collect::<Result<_, _>>().map(StatusMatcher::OneOf),
        _ => Err(unusable()),
    }
}

fn wanted(matcher: &StatusMatcher) -> String {
    match matcher {
        StatusMatcher::Code(code) => code.to_string(),
        StatusMatcher::Class(class) => format!("{class}xx"),
        StatusMatcher::OneOf(all) => all.iter().map(wanted).collect::<Vec<_>>().join(" or "),
        StatusMatcher::Not(inner) => format!("anything but {}", wanted(inner)),
        StatusMatcher::Below(bound) => format!("below {bound}"),
        StatusMatcher::Template(template) => template.clone(),
    }
}
