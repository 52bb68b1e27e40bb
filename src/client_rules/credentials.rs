//! Credentials: no key in the open, and a Digest that is complete and answers its challenge.

use url::Url;

use super::recent::Issued;
use super::rule::Rule;
use super::sight::{Sight, is_taken_out};
use super::{around_difference, fail, finding, pass, short};
use crate::digest::answer::Qop;
use crate::digest::hash::Algorithm;
use crate::digest::params::{Challenge, Form, Param};
use crate::exchange::normal_path;
use crate::verdict::{Finding, Verdict};

/// Parameters that are quoted, and those that are not (RFC 7616, section 3.4).
const QUOTED: [&str; 7] = ["username", "realm", "nonce", "uri", "response", "cnonce", "opaque"];
const BARE: [&str; 3] = ["algorithm", "qop", "nc"];

pub(super) fn judge(sight: &Sight<'_>, issued: &Issued, findings: &mut Vec<Finding>) {
    let url = &sight.exchange.request.url;
    if url.password().is_some() || !url.username().is_empty() {
        findings.push(fail(Rule::KeyNeverSent, "a user name or password stands in the URL"));
    }
    let Some(first) = sight.authorizations.first() else { return undressed(sight, findings) };
    findings.push(scheme(first));
    let Some(digest) = &sight.digest else { return };
    let mut problems = form(digest);
    if sight.authorizations.len() > 1 {
        problems.push("there is more than one Authorization header".to_owned());
    }
    if digest.get("nonce").is_some_and(|nonce| issued.is_cut_short(nonce)) {
        problems.push("`nonce` is the beginning of one that the server sent, not the whole".to_owned());
    }
    if problems.is_empty() {
        let offered = digest.get("nonce").and_then(|nonce| issued.offered(nonce));
        problems = offered.map(|offered| mismatch(digest, &offered.challenges)).unwrap_or_default();
    }
    findings.push(told(Rule::DigestForm, &problems));
    findings.push(told(Rule::DigestQuoting, &quoting(digest)));
    findings.push(uri(sight, digest));
}

/// A request that was let in shows no credentials: they were taken out, or none are asked for.
fn undressed(sight: &Sight<'_>, findings: &mut Vec<Finding>) {
    if (200..300).contains(&sight.status()) {
        let message = "the request was let in and shows no credentials";
        findings.push(finding(Rule::DigestForm, Verdict::Inconclusive, message));
    }
}

fn scheme(value: &str) -> Finding {
    let scheme = value.trim_start().split(' ').next().unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "digest" => pass(Rule::KeyNeverSent),
        "basic" => fail(Rule::KeyNeverSent, "the credentials are sent in Basic, which shows the key"),
        _ if is_taken_out(value) => {
            finding(Rule::KeyNeverSent, Verdict::Inconclusive, "the credentials were taken out")
        }
        other => fail(Rule::KeyNeverSent, "the credentials are not sent in Digest").expected("Digest", short(other)),
    }
}

fn told(rule: Rule, problems: &[String]) -> Finding {
    if problems.is_empty() { pass(rule) } else { fail(rule, problems.join("; ")) }
}

/// What is wrong with credentials whatever was offered.
fn form(digest: &Challenge) -> Vec<String> {
    let mut problems = digest.problems.clone();
    let counted = digest.get("qop").is_some();
    for name in ["username", "realm", "nonce", "uri", "response"] {
        let other = if name == "username" { digest.get("username*") } else { None };
        if digest.get(name).or(other).is_none() {
            problems.push(format!("`{name}` is missing"));
        }
    }
    for name in ["nc", "cnonce"].into_iter().filter(|name| counted && digest.get(name).is_none()) {
        problems.push(format!("`{name}` is missing though `qop` is given"));
    }
    if let Some(qop) = digest.get("qop").filter(|qop| Qop::from_name(qop).is_none()) {
        problems.push(format!("`qop` is {}, which is unknown", short(qop)));
    }
    if let Some(count) = digest.get("nc").filter(|count| !is_hex(count, 8)) {
        problems.push(format!("`nc` is {}, not eight hexadecimal digits", short(count)));
    }
    problems.extend(response(digest));
    problems
}

fn response(digest: &Challenge) -> Option<String> {
    let algorithm = digest.get("algorithm").map_or(Some(Algorithm::Md5), Algorithm::from_name);
    let Some(algorithm) = algorithm else {
        return Some(format!("`algorithm` is {}, which is unknown", short(digest.get("algorithm")?)));
    };
    let response = digest.get("response").filter(|response| !is_taken_out(response))?;
    let digits = algorithm.hash(b"").len();
    (!is_hex(response, digits)).then(|| format!("`response` is not {digits} hexadecimal digits"))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What keeps credentials from answering any of the challenges that their nonce stood in.
fn mismatch(digest: &Challenge, challenges: &[Challenge]) -> Vec<String> {
    let mut problems = Vec::new();
    for challenge in challenges {
        problems = differences(digest, challenge);
        if problems.is_empty() {
            return problems;
        }
    }
    problems
}

fn differences(digest: &Challenge, challenge: &Challenge) -> Vec<String> {
    let mut problems = Vec::new();
    for name in ["realm", "opaque"] {
        if let Some(offered) = challenge.get(name).filter(|offered| digest.get(name) != Some(*offered)) {
            problems.push(format!("`{name}` is not the challenge's, {}", short(offered)));
        }
    }
    let algorithm = |of: &Challenge| of.get("algorithm").unwrap_or("MD5").to_ascii_lowercase();
    if algorithm(digest) != algorithm(challenge) {
        problems.push(format!("`algorithm` is not the challenge's, {}", short(&algorithm(challenge))));
    }
    let offered = challenge.get("qop").unwrap_or_default();
    let taken = digest.get("qop").unwrap_or_default();
    if !offered.split(',').any(|option| option.trim().eq_ignore_ascii_case(taken)) {
        problems.push(format!("`qop` is none of those offered, {}", short(offered)));
    }
    problems
}

/// The parameters that are quoted and should not be, or the other way round.
fn quoting(digest: &Challenge) -> Vec<String> {
    let among = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let problem = |param: &Param| match param.form {
        Form::Quoted if among(&BARE, &param.name) => Some(format!("`{}` is quoted", short(&param.name))),
        Form::Bare if among(&QUOTED, &param.name) => Some(format!("`{}` is not quoted", short(&param.name))),
        Form::Quoted | Form::Bare => None,
    };
    digest.params.iter().filter_map(problem).collect()
}

/// The URL after the normalization of RFC 3986, section 6.2.2, without a fragment, which is never sent.
fn normalized(url: &Url) -> String {
    normal_path(&url[..url::Position::AfterQuery])
}

/// Whether the Digest names the URI of the request: the very one, or one that means the same.
fn uri(sight: &Sight<'_>, digest: &Challenge) -> Finding {
    let url = &sight.exchange.request.url;
    let Some(uri) = digest.get("uri") else { return fail(Rule::DigestForRequest, "`uri` is missing") };
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let same = uri == target || url.join(uri).is_ok_and(|other| normalized(&other) == normalized(url));
    if same {
        return pass(Rule::DigestForRequest);
    }
    let (expected, actual) = around_difference(target, uri);
    fail(Rule::DigestForRequest, "the `uri` of the Digest is not that of the request").expected(expected, actual)
}
