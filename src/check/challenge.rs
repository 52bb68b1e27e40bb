//! The challenges of an answer (RFC 9110, section 11.6.1, and RFC 7616).

use super::outcome::{Outcome, Trouble};
use super::show;
use crate::digest::params::{Challenge, challenges};
use crate::exchange::Response;
use crate::suite::ChallengeRule;
use crate::verdict::Location;

/// Judges the challenges of an answer.
pub(super) fn judge(rule: ChallengeRule, response: &Response) -> Outcome {
    let all = challenges(response.header_values("www-authenticate"));
    match rule {
        ChallengeRule::Digest => digest(&all),
        ChallengeRule::DigestWithQop => with_qop(&all),
        ChallengeRule::NoBasic => no_basic(&all),
        ChallengeRule::Stale => stale(&all),
        ChallengeRule::None => none(response),
    }
}

/// One well-formed Digest challenge is enough, whatever else is offered.
fn digest(all: &[Challenge]) -> Outcome {
    let offered = offered(all)?;
    if offered.iter().any(|challenge| challenge.problems.is_empty()) {
        return Ok(());
    }
    let problems: Vec<String> = offered.iter().flat_map(|challenge| &challenge.problems).cloned().collect();
    Err(Trouble::broken(format!("the Digest challenge is not well-formed: {}", show::cut(&problems.join("; "), 300))))
}

/// A challenge that is not there has no qop either: that is said by [`ChallengeRule::Digest`].
fn with_qop(all: &[Challenge]) -> Outcome {
    let is_known = |qop: &str| qop.split(',').any(|one| matches!(one.trim(), "auth" | "auth-int"));
    let Ok(offered) = offered(all) else { return Ok(()) };
    match offered.iter().find_map(|challenge| challenge.get("qop")) {
        Some(qop) if is_known(qop) => Ok(()),
        Some(qop) => {
            let trouble = Trouble::unlike("auth or auth-int", show::text(qop));
            Err(trouble.of_part("the qop of the Digest challenge", &Location::header("WWW-Authenticate")))
        }
        None => Err(Trouble::broken("the Digest challenge names no qop")),
    }
}

fn no_basic(all: &[Challenge]) -> Outcome {
    if all.iter().any(|challenge| challenge.scheme.eq_ignore_ascii_case("basic")) {
        return Err(Trouble::broken("Basic is offered, with which the key would be sent"));
    }
    Ok(())
}

fn stale(all: &[Challenge]) -> Outcome {
    let offered = offered(all)?;
    if offered.iter().any(|challenge| challenge.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true"))) {
        return Ok(());
    }
    Err(Trouble::broken("the Digest challenge does not say stale=true"))
}

fn none(response: &Response) -> Outcome {
    match response.header("www-authenticate") {
        None => Ok(()),
        Some(value) => Err(Trouble::broken(format!("there is a challenge: {}", show::text(&value)))),
    }
}

/// The Digest challenges.
fn offered(all: &[Challenge]) -> Result<Vec<&Challenge>, Trouble> {
    let offered: Vec<&Challenge> = all.iter().filter(|one| one.scheme.eq_ignore_ascii_case("digest")).collect();
    if offered.is_empty() { Err(Trouble::broken("there is no Digest challenge")) } else { Ok(offered) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(rule: ChallengeRule, values: &[&str]) -> Result<(), String> {
        let headers = values.iter().map(|value| ("www-authenticate".to_owned(), (*value).to_owned())).collect();
        let response = Response { status: 401, headers, ..Response::default() };
        judge(rule, &response).map_err(|trouble| trouble.sentence().to_owned())
    }

    const ATLAS: &str =
        r#"Digest realm="MMS Public API", domain="", nonce="abc=", algorithm=MD5, qop="auth", stale=false"#;
    const OLD: &str = r#"Digest realm="r", nonce="n""#;

    #[test]
    fn a_well_formed_digest_challenge_is_enough() {
        assert_eq!(judged(ChallengeRule::Digest, &[ATLAS]), Ok(()));
        assert_eq!(judged(ChallengeRule::Digest, &["Basic realm=\"x\"", OLD]), Ok(()));
        assert_eq!(judged(ChallengeRule::Digest, &["Basic realm=\"x\""]), Err("there is no Digest challenge".into()));
        assert_eq!(judged(ChallengeRule::Digest, &[]), Err("there is no Digest challenge".into()));
        let unquoted = judged(ChallengeRule::Digest, &["Digest realm=r, nonce=\"n\""]).unwrap_err();
        assert!(unquoted.starts_with("the Digest challenge is not well-formed: "), "{unquoted}");
    }

    #[test]
    fn a_qop_is_asked_for_apart() {
        assert_eq!(judged(ChallengeRule::DigestWithQop, &[ATLAS]), Ok(()));
        assert_eq!(judged(ChallengeRule::DigestWithQop, &[]), Ok(()));
        assert_eq!(judged(ChallengeRule::DigestWithQop, &[OLD]), Err("the Digest challenge names no qop".into()));
    }

    #[test]
    fn basic_may_not_be_offered() {
        assert_eq!(judged(ChallengeRule::NoBasic, &[ATLAS]), Ok(()));
        let why = "Basic is offered, with which the key would be sent";
        assert_eq!(judged(ChallengeRule::NoBasic, &[ATLAS, "basic realm=\"x\""]), Err(why.into()));
    }

    #[test]
    fn staleness_and_absence_are_seen() {
        assert_eq!(judged(ChallengeRule::Stale, &[&ATLAS.replace("false", "TRUE")]), Ok(()));
        assert_eq!(judged(ChallengeRule::Stale, &[ATLAS]), Err("the Digest challenge does not say stale=true".into()));
        assert_eq!(judged(ChallengeRule::None, &[]), Ok(()));
        assert!(judged(ChallengeRule::None, &[OLD]).unwrap_err().starts_with("there is a challenge: "));
    }
}
