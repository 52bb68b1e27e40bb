//! What a finding says about the target, in one sentence that names the request.

use super::reason::said;
use crate::record::{CaseResult, StoredExchange};
use crate::report::{view, visible};
use crate::verdict::{Finding, Location};

/// The length from which a segment of a path that holds a digit is taken for an id.
const SHORTEST_ID: usize = 12;
/// The check of saved values.
const SAVED: &str = "values";
/// Most characters of the path in a sentence.
const LONGEST_PATH: usize = 70;

/// The finding in one sentence about the target, which every report shows first: which request, and what is wrong with its
/// response.
pub fn headline(result: &CaseResult, finding: &Finding, base_url: &str) -> String {
    let said = said(finding);
    // What an author says of saved values is about the requests that gave them.
    let is_of_this = finding.says.is_none() || finding.check != SAVED;
    let exchange = view::exchange(result, finding).filter(|_| is_of_this);
    let Some(exchange) = exchange else { return said.into_owned() };
    let request = request(exchange, base_url);
    match (&finding.location, &finding.expected) {
        (Some(Location::Status), Some(expected)) => {
            format!("{request}{} answered {}, expected {expected}", sender(exchange), exchange.status)
        }
        _ => format!("{request}: {said}"),
    }
}

/// Method and path, the path below the root of the API.
fn request(exchange: &StoredExchange, base_url: &str) -> String {
    let url = view::path(exchange, base_url);
    let root = if url.starts_with('/') || url.contains("://") { "" } else { "/" };
    format!("{} {root}{}", exchange.method, visible::cut(&without_ids(url), LONGEST_PATH))
}

/// A URL with a sign of omission for each long segment of its path that holds a digit, as ids do.
fn without_ids(url: &str) -> String {
    let (path, query) = url.split_at(url.find('?').unwrap_or(url.len()));
    let is_id = |part: &str| part.len() >= SHORTEST_ID && part.bytes().any(|byte| byte.is_ascii_digit());
    // What stands before the path keeps its port.
    let (before, path) = path.split_at(path.find("://").map_or(0, |at| at + 3 + path[at + 3..].find('/').unwrap_or(0)));
    let parts: Vec<&str> = path.split('/').map(|part| if is_id(part) { "…" } else { part }).collect();
    format!("{before}{}{query}", parts.join("/"))
}

/// Who asked, where that is not the usual user with the right key.
fn sender(exchange: &StoredExchange) -> String {
    match (exchange.user.as_deref(), exchange.credentials.as_deref()) {
        (None, None) => " without credentials".to_owned(),
        (Some("owner"), None) => String::new(),
        (Some(user), None) => format!(" as `{user}`"),
        (_, Some(how)) => format!(" with credentials `{how}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Outcome, sample};

    fn told(exchange: StoredExchange, finding: Finding) -> String {
        let finding = Finding { exchange: Some(0), ..finding };
        let result = CaseResult { exchanges: vec![exchange], ..sample::case("a.b", Outcome::Fail) };
        headline(&result, &finding, "http://h/api/")
    }

    #[test]
    fn a_sentence_names_the_request_and_what_is_wrong_with_its_response() {
        let of = |url: &str| StoredExchange { url: url.to_owned(), status: 501, ..sample::exchange() };
        let status = Finding { location: Some(Location::Status), ..Finding::fail("status", "the status is 501") };
        let status = status.expected(405, 501);
        assert_eq!(told(of("http://h/api/hosts/1"), status.clone()), "GET /hosts/1 answered 501, expected 405");
        let nobody = StoredExchange { user: None, ..of("http://h/api") };
        assert_eq!(told(nobody, status.clone()), "GET / without credentials answered 501, expected 405");
        let reader = StoredExchange { user: Some("reader".to_owned()), ..of("http://other/x") };
        assert_eq!(told(reader, status), "GET http://other/x as `reader` answered 501, expected 405");
        let seen = Finding { seen_in: Some("x.y".to_owned()), ..Finding::fail("body", "$.a is 1, expected 2") };
        let id = "http://h/api/groups/b13d86b0c97af52a31c88b47/hosts?id=b13d86b0c97af52a31c88b47";
        assert!(told(of(id), seen.clone()).starts_with("GET /groups/…/hosts?id=b13d"), "ids of the path say nothing");
        assert_eq!(told(of("http://h/api/a?b=c"), seen.clone()), "GET /a?b=c: $.a is 1, expected 2");
        let says = Finding { says: Some("the total counts other items".to_owned()), ..seen };
        assert_eq!(told(of("http://h/api?b=c"), says), "GET /?b=c: the total counts other items");
    }

    #[test]
    fn a_finding_without_a_response_says_its_own_sentence() {
        let result = sample::case("a.b", Outcome::Fail);
        assert_eq!(headline(&result, &Finding::fail("time", "it took long"), ""), "it took long");
    }
}
