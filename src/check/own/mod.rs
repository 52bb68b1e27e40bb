//! Rules that hold an answer against its own request: what one exchange shows by itself.
//!
//! Where a parameter is written so that nobody can say what it asks for, nothing is judged.

mod entity;
mod envelope;
mod headers;
mod pages;
mod params;

pub(super) use params::filters;

use url::Url;

use super::Facts;
use super::answer::Answer;
use super::meaning::Meaning;
use super::outcome::Outcome;
use crate::suite::OwnRule;

/// Whether a request asks for a page of some size.
pub(super) fn asks_for_size(url: &Url) -> bool {
    params::size(url) != params::Asked::Nothing
}

/// Whether an answer fits its request. A body that is no JSON is the business of other checks.
pub(super) fn judge(rule: OwnRule, answer: &Answer<'_>, facts: &Facts) -> Outcome {
    match rule {
        OwnRule::AllowFits => return headers::allow_fits(answer.exchange),
        OwnRule::JsonAccepted => return headers::json_accepted(answer.exchange),
        OwnRule::FramedOnce => return headers::framed_once(&answer.exchange.response),
        _ => {}
    }
    let Ok(body) = answer.value() else { return Ok(()) };
    match rule {
        OwnRule::AllowFits | OwnRule::JsonAccepted | OwnRule::FramedOnce => Ok(()),
        OwnRule::SizeHonoured
        | OwnRule::SizeDefault
        | OwnRule::SizeMaximum
        | OwnRule::TotalFits
        | OwnRule::PreviousFits
        | OwnRule::NextFits
        | OwnRule::SelfIsPage
        | OwnRule::LinksStep
        | OwnRule::LinksKeepQuery
        | OwnRule::PagingRefused => pages::judge(rule, body, &answer.exchange.request.url, facts),
        OwnRule::SelfIsOwn => entity::self_is_own(body, &answer.exchange.request),
        OwnRule::ItemsDiffer => {
            let url = &answer.exchange.request.url;
            entity::items_differ(body, url, Meaning { base: url, page_size: facts.page_maximum })
        }
        OwnRule::EnvelopeOfEntity => envelope::of_entity(body),
        OwnRule::EnvelopeOfList => envelope::of_list(body),
        OwnRule::EnvelopeOfError => envelope::of_error(body),
        OwnRule::EnvelopeStatus => envelope::status(body, answer.status),
        OwnRule::ErrorIsStatus => envelope::error(body, answer.status),
    }
}
