//! Whether an exchange gives a check anything to judge: a pass without an occasion proves nothing.

use serde_json::Value;

use super::answer::Answer;
use super::list::is_list;
use super::{Facts, everywhere, links as of_links, own};
use crate::suite::{Check, OwnRule, WhiteSpace};

/// Whether what a check speaks about is there, in a response that passes it.
pub(super) fn given(check: &Check, answer: &Answer<'_>, facts: &Facts) -> bool {
    let response = &answer.exchange.response;
    match check {
        Check::Everywhere(rule) => everywhere::has_occasion(*rule, answer, facts),
        Check::Own(rule) => of_own(*rule, answer),
        Check::Challenge(_) => response.header("www-authenticate").is_some(),
        Check::WhiteSpace(WhiteSpace::Indented) => answer.reading.scan.has_parts,
        Check::WhiteSpace(WhiteSpace::None) | Check::Text(_) => !answer.is_empty(),
        Check::Status(_)
        | Check::Header(..)
        | Check::MediaTypeJson
        | Check::Schema(_)
        | Check::Body(..)
        | Check::Bytes(_)
        | Check::Mentions(_)
        | Check::ReasonPhrase(_)
        | Check::Value(..)
        | Check::Time(_)
        | Check::Each(_)
        | Check::First(..)
        | Check::Last(..) => true,
    }
}

fn of_own(rule: OwnRule, answer: &Answer<'_>) -> bool {
    if rule == OwnRule::AllowFits {
        return answer.exchange.response.header("allow").is_some();
    }
    if rule == OwnRule::FramedOnce {
        let response = &answer.exchange.response;
        return ["content-length", "transfer-encoding"].iter().any(|name| response.header(name).is_some());
    }
    let Ok(body) = answer.value() else { return false };
    let links = |of: &Value, wanted: &[&str]| {
        let all = of.get("links").and_then(Value::as_array);
        let mut rels = all.into_iter().flatten().filter_map(|link| link["rel"].as_str());
        rels.any(|rel| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(rel)))
    };
    let has_size = || own::asks_for_size(&answer.exchange.request.url);
    match rule {
        OwnRule::SizeHonoured => has_size(),
        OwnRule::SizeDefault => body.get("results").is_some() && !has_size(),
        OwnRule::TotalFits => body.get("totalCount").is_some(),
        OwnRule::SelfIsPage | OwnRule::SelfIsOwn => links(body, &["self"]),
        OwnRule::LinksStep | OwnRule::LinksKeepQuery => links(body, &["next", "previous"]),
        OwnRule::PreviousFits | OwnRule::NextFits => body.get("links").is_some_and(Value::is_array),
        OwnRule::ItemsDiffer => {
            let (_, items) = of_links::items(body);
            items.iter().any(|item| links(item, &["self"]))
        }
        OwnRule::EnvelopeOfList => is_list(body),
        OwnRule::EnvelopeOfEntity => body.is_object() && !is_list(body),
        OwnRule::EnvelopeOfError => body.is_object(),
        OwnRule::EnvelopeStatus => body.get("status").is_some() && (body.get("content").is_some() || is_list(body)),
        OwnRule::ErrorIsStatus => body.get("error").is_some(),
        OwnRule::SizeMaximum | OwnRule::AllowFits | OwnRule::FramedOnce => true,
        // Whatever gives an occasion for these breaks them.
        OwnRule::PagingRefused | OwnRule::JsonAccepted => false,
    }
}
