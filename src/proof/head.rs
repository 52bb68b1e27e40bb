//! Mutants of the status and of headers.

use crate::exchange::Response;

use super::mutant::{Change, Mutant};
use super::operator::Operator;
use super::value::{changed_text, with_other_segment};

/// Headers of the connection and of the server, and those whose values are free: to alter them means nothing.
const FREE: [&str; 11] = [
    "age",
    "authentication-info",
    "cache-control",
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "vary",
    "via",
];

/// The header of challenges.
const CHALLENGE: &str = "www-authenticate";
/// The header that states the length of the body.
const LENGTH: &str = "content-length";

pub(super) fn mutants(response: &Response) -> Vec<Mutant> {
    let mut mutants = statuses(response);
    let mut names: Vec<&str> = response.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| !FREE.contains(name) && !name.starts_with("x-")) {
        mutants.push(mutant(Operator::HeaderRemoved, name, without(response, name)));
        if name == "content-type" {
            mutants.push(mutant(Operator::MediaType, name, with(response, name, "text/plain")));
            let latin = with(response, name, "application/json; charset=iso-8859-1");
            mutants.push(mutant(Operator::Charset, name, latin));
        } else if let Some(value) = response.header(name).and_then(|value| altered(name, &value)) {
            mutants.push(mutant(Operator::HeaderAltered, name, with(response, name, &value)));
        }
    }
    mutants.extend(lengths(response));
    mutants.extend(challenges(response));
    if !response.body.is_empty() && response.header("content-encoding").is_none() {
        let added = with(response, "content-encoding", "x-unknown");
        mutants.push(mutant(Operator::HeaderAdded, "content-encoding", added));
    }
    mutants
}

fn mutant(operator: Operator, name: &str, response: Response) -> Mutant {
    altered_head(operator, format!("header {name}"), response)
}

fn altered_head(operator: Operator, place: String, response: Response) -> Mutant {
    Mutant { operator, place, change: Change::Head { status: response.status, headers: response.headers } }
}

/// The length of the body, which the response to HEAD states too.
fn lengths(response: &Response) -> Vec<Mutant> {
    let Some(value) = response.header(LENGTH) else { return Vec::new() };
    let mut doubled = response.clone();
    doubled.headers.push((LENGTH.to_owned(), format!("{value}0")));
    let mut mutants = vec![mutant(Operator::HeaderDoubled, LENGTH, doubled)];
    if response.body.is_empty() {
        let other = if value == "0" { "7" } else { "0" };
        mutants.push(mutant(Operator::HeaderAltered, LENGTH, with(response, LENGTH, other)));
    }
    mutants
}

fn statuses(response: &Response) -> Vec<Mutant> {
    let status = response.status;
    let class = if status >= 400 { 200 } else { 404 };
    let mut others = vec![
        (Operator::StatusClass, class),
        (Operator::StatusError, 500),
        (Operator::StatusNeighbour, neighbour(status)),
        (Operator::StatusUnknown, status / 100 * 100 + 99),
    ];
    others.extend([401, 405, 409].map(|refused| (Operator::StatusRefused, refused)));
    others.retain(|(_, other)| *other != status);
    let mutant = |(operator, status)| {
        let response = Response { status, ..response.clone() };
        altered_head(operator, format!("status {status}"), response)
    };
    others.into_iter().map(mutant).collect()
}

/// The challenge with another one beside it, and without each of its parameters.
fn challenges(response: &Response) -> Vec<Mutant> {
    let Some(value) = response.header(CHALLENGE) else { return Vec::new() };
    let mut added = response.clone();
    added.headers.push((CHALLENGE.to_owned(), "Basic realm=\"other\"".to_owned()));
    let mut mutants = vec![mutant(Operator::ChallengeAdded, CHALLENGE, added)];
    for name in ["realm", "nonce", "qop", "algorithm", "stale"] {
        if let Some(shorter) = without_parameter(&value, name) {
            let response = with(response, CHALLENGE, &shorter);
            let place = format!("header {CHALLENGE} {name}");
            mutants.push(altered_head(Operator::ParameterRemoved, place, response));
        }
    }
    mutants
}

/// A challenge without a parameter, if it has that.
fn without_parameter(value: &str, name: &str) -> Option<String> {
    let start = value.match_indices(&format!("{name}=")).map(|(at, _)| at).find(|at| {
        let before = value[..*at].chars().next_back();
        before.is_some_and(|character| character == ' ' || character == ',')
    })?;
    let rest = &value[start + name.len() + 1..];
    let length = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map_or(rest.len(), |end| end + 2),
        None => rest.find(',').unwrap_or(rest.len()),
    };
    let (before, after) = (value[..start].trim_end(), rest[length..].trim_start());
    let shorter = match (before.strip_suffix(','), after.strip_prefix(',')) {
        (Some(before), None) => format!("{before}{after}"),
        (Some(_), Some(after)) => format!("{before} {}", after.trim_start()),
        (None, after) => format!("{before} {}", after.unwrap_or_default().trim_start()),
    };
    Some(shorter)
}

/// A status that is easily taken for this one.
fn neighbour(status: u16) -> u16 {
    match status {
        200 => 201,
        201 | 202 | 204 => 200,
        400 => 409,
        401 | 429 => 403,
        403 | 405 | 410 => 404,
        404 => 410,
        406 | 409 | 415 | 422 => 400,
        500 => 501,
        503 => 500,
        other => other + 1,
    }
}

fn without(response: &Response, name: &str) -> Response {
    let mut response = response.clone();
    response.headers.retain(|(key, _)| key != name);
    response
}

fn with(response: &Response, name: &str, value: &str) -> Response {
    let mut response = without(response, name);
    response.headers.push((name.to_owned(), value.to_owned()));
    response
}

/// Another value of a header, which means something else.
fn altered(name: &str, value: &str) -> Option<String> {
    match name {
        CHALLENGE => Some(value.replacen("Digest", "Bearer", 1)).filter(|altered| altered != value),
        "retry-after" => Some("soon".to_owned()),
        "location" => with_other_segment(value),
        "allow" => value.rsplit_once(',').map(|(others, _)| others.to_owned()),
        _ => match value.parse::<u64>() {
            Ok(number) => Some((number + 1).to_string()),
            Err(_) => changed_text(value),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_header_that_means_something_is_altered() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![
            header("date", "now"),
            header("content-type", "application/json"),
            header("www-authenticate", "Digest realm=\"a\""),
            header("retry-after", "7"),
        ];
        let response = Response { status: 401, headers, body: b"{}".to_vec(), ..Response::default() };
        let made: Vec<(&str, String, u16)> = mutants(&response)
            .into_iter()
            .map(|it| (it.operator.id(), it.place.clone(), it.of(&response).status))
            .collect();
        let statuses: Vec<u16> = made.iter().map(|(.., status)| *status).take(6).collect();
        assert_eq!(statuses, [200, 500, 403, 499, 405, 409]);
        let of_headers: Vec<(&str, &str)> = made[6..].iter().map(|(id, place, _)| (*id, &place[7..])).collect();
        assert_eq!(
            of_headers,
            [
                ("header-removed", "content-type"),
                ("media-type", "content-type"),
                ("charset", "content-type"),
                ("header-removed", "retry-after"),
                ("header-altered", "retry-after"),
                ("header-removed", "www-authenticate"),
                ("header-altered", "www-authenticate"),
                ("challenge-added", "www-authenticate"),
                ("parameter-removed", "www-authenticate realm"),
                ("header-added", "content-encoding"),
            ]
        );
    }

    #[test]
    fn a_parameter_is_taken_out_of_a_challenge() {
        let value = "Digest realm=\"a, nonce=b\", nonce=\"c\",qop=\"auth\", stale=true";
        let without = |name| without_parameter(value, name);
        assert_eq!(without("realm").unwrap(), "Digest nonce=\"c\",qop=\"auth\", stale=true");
        assert_eq!(without("qop").unwrap(), "Digest realm=\"a, nonce=b\", nonce=\"c\", stale=true");
        assert_eq!(without("stale").unwrap(), "Digest realm=\"a, nonce=b\", nonce=\"c\",qop=\"auth\"");
        assert_eq!(without("algorithm"), None);
    }
}
