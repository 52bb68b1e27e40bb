//! Matchers: conditions on a date.

use std::cmp::Ordering;

use serde_json::Value;

use super::dates::{self, Date, Grain, Zone};
use super::matcher::Matching;
use super::outcome::{Outcome, Trouble};
use super::show;
use crate::suite::{DateForm, Matcher};

impl Matching<'_> {
    pub(super) fn date(&self, form: DateForm, matcher: &Matcher, value: &Value) -> Outcome {
        let date = date_of(value)?;
        let is_utc = date.zone == Zone::Utc;
        let fits = match form {
            DateForm::Iso8601 => true,
            DateForm::Utc => is_utc,
            DateForm::Seconds => is_utc && date.grain == Grain::Second,
        };
        self.unless(fits, matcher, value)
    }

    pub(super) fn instant(&self, wanted: &Value, matcher: &Matcher, value: &Value) -> Outcome {
        let wanted = self.own_date(wanted)?;
        self.unless(readable(value)?.to_second() == wanted.to_second(), matcher, value)
    }

    pub(super) fn dated(&self, bound: &Value, matcher: &Matcher, value: &Value, fits: fn(Ordering) -> bool) -> Outcome {
        let bound = self.own_date(bound)?;
        self.unless(fits(readable(value)?.instant.cmp(&bound.instant)), matcher, value)
    }

    /// A date that the case states.
    fn own_date(&self, template: &Value) -> Result<Date, Trouble> {
        let value = self.filled(template)?;
        let unusable = || Trouble::Unclear(format!("{} is no date to compare with", show::value(&value)));
        dates::parse(value.as_str().ok_or_else(unusable)?).map_err(|_| unusable())
    }
}

/// The date that a value of the target is.
fn date_of(value: &Value) -> Result<Date, Trouble> {
    let no_date = |why: &str| Trouble::broken(format!("is {}, which is no date: {why}", show::value(value)));
    dates::parse(value.as_str().ok_or_else(|| no_date("it is no string"))?).map_err(no_date)
}

/// The date that a value of the target is, where its instant matters. That it is written so that nobody can read it is
/// the business of the requirement dates.iso-8601, and says nothing about the instant. An empty text is no date at all.
fn readable(value: &Value) -> Result<Date, Trouble> {
    match date_of(value) {
        Err(Trouble::Broken(_)) if value.as_str() != Some("") => {
            Err(Trouble::Unclear(format!("{} is no date that can be compared", show::value(value))))
        }
        date => date,
    }
}
