//! Digest as other servers do it: what they offer, how they write it, and what they make of nonces.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use hyper::header::HeaderValue;

use super::Variation;
use crate::digest::answer;
use crate::digest::hash::Algorithm;
use crate::reference::auth::Order;
use crate::reference::behaviour::Behaviour;
use crate::reference::world::World;

/// What a nonce of odd text begins with.
const ODD_NONCE: &str = "n=1, \"\\;' ";
/// What has to come back unchanged.
const OPAQUE: &str = "o, p=\"q\\\" r=/+=";
/// How long one nonce serves all challenges, where it does.
const SHARED_FOR: TimeDelta = TimeDelta::seconds(10);

/// The algorithms that may be used, in the order of their challenges.
pub(crate) fn algorithms(behaviour: &Behaviour) -> &'static [Algorithm] {
    match behaviour {
        _ if behaviour.takes(Variation::NoQop)
            || behaviour.takes(Variation::Md5Only)
            || behaviour.takes(Variation::Md5Unnamed) =>
        {
            &[Algorithm::Md5]
        }
        _ if behaviour.takes(Variation::Md5First) || behaviour.takes(Variation::OwnNonces) => {
            &[Algorithm::Md5, Algorithm::Sha256]
        }
        _ if behaviour.takes(Variation::Sha256Only) => &[Algorithm::Sha256],
        _ if behaviour.takes(Variation::Sha512Only) => &[Algorithm::Sha512_256],
        _ if behaviour.takes(Variation::Md5Session) => &[Algorithm::Md5Sess],
        _ if behaviour.takes(Variation::Sha256Session) => &[Algorithm::Sha256Sess],
        // The strongest first: a client is to take the first that it knows.
        _ => &[Algorithm::Sha256, Algorithm::Md5],
    }
}

/// The realm of all users.
pub(crate) fn realm(behaviour: &Behaviour) -> &'static str {
    if behaviour.takes(Variation::RealmOfOddText) { "Atlas, \"API\" \\ nonce=\"x\"" } else { "Atlas API" }
}

/// A text as a quoted string (RFC 9110, section 5.6.4).
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// How long a nonce lives.
pub(crate) fn nonce_lifetime(behaviour: &Behaviour) -> TimeDelta {
    match behaviour {
        _ if behaviour.takes(Variation::NonceLivesShortly) => TimeDelta::seconds(1),
        _ if behaviour.takes(Variation::NonceLivesLong) => TimeDelta::minutes(5),
        _ => TimeDelta::seconds(60),
    }
}

/// The text that stands for a nonce in challenges.
pub(crate) fn nonce_outward(behaviour: &Behaviour, nonce: String) -> String {
    if behaviour.takes(Variation::NonceOfOddText) { format!("{ODD_NONCE}{nonce}") } else { nonce }
}

/// The text of a nonce in the challenge of this algorithm.
pub(crate) fn nonce_for(behaviour: &Behaviour, algorithm: Algorithm, nonce: &str) -> String {
    if behaviour.takes(Variation::OwnNonces) { format!("{}={nonce}", algorithm.name()) } else { nonce.to_owned() }
}

/// The nonce that a client's text stands for when it is used with this algorithm.
pub(crate) fn nonce_inward<'t>(behaviour: &Behaviour, algorithm: Algorithm, mut text: &'t str) -> &'t str {
    if behaviour.takes(Variation::OwnNonces) {
        text = text.strip_prefix(algorithm.name()).and_then(|rest| rest.strip_prefix('=')).unwrap_or_default();
    }
    if behaviour.takes(Variation::NonceOfOddText) { text.strip_prefix(ODD_NONCE).unwrap_or_default() } else { text }
}

/// When the nonce of a challenge counts as issued, if all challenges of a while have the same: a small part of its life,
/// so that nobody is given one that is worn.
pub(crate) fn shared_since(behaviour: &Behaviour, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let shared_for = SHARED_FOR.min(nonce_lifetime(behaviour) / 6);
    let since = now.duration_trunc(shared_for).ok()?;
    behaviour.takes(Variation::NonceShared).then_some(since)
}

/// The order in which the counts of a nonce have to come.
pub(crate) fn order(behaviour: &Behaviour) -> Order {
    match behaviour {
        _ if behaviour.takes(Variation::NonceOnce) => Order::Once,
        _ if behaviour.takes(Variation::CountsRise) => Order::Rising,
        _ if behaviour.takes(Variation::CountsHaveNoGaps) => Order::WithoutGaps,
        _ => Order::Any,
    }
}

/// Whether the opaque came back as it was sent.
pub(crate) fn is_opaque_back(behaviour: &Behaviour, opaque: Option<&str>) -> bool {
    !behaviour.takes(Variation::Opaque) || opaque == Some(OPAQUE)
}

/// Whether `sent` stands for this user name.
pub(crate) fn is_name(behaviour: &Behaviour, algorithm: Algorithm, username: &str, sent: &str) -> bool {
    sent == username
        || (behaviour.takes(Variation::UserHash) && sent == answer::userhash(algorithm, username, realm(behaviour)))
}

/// A Digest challenge in another writing, and with more to it.
pub(crate) fn rewritten(behaviour: &Behaviour, mut challenge: String) -> String {
    if behaviour.takes(Variation::Md5Unnamed) {
        challenge = challenge.replace(", algorithm=MD5", "");
    }
    if behaviour.takes(Variation::StaleQuoted) {
        challenge = challenge.replace("stale=true", "stale=\"TRUE\"").replace("stale=false", "stale=\"FALSE\"");
    }
    if behaviour.takes(Variation::StaleUnsaid) {
        challenge = challenge.replace(", stale=false", "");
    }
    if behaviour.takes(Variation::MoreParameters) {
        challenge = challenge.replace("qop=\"auth\"", "qop=\"token,auth\"");
        challenge.push_str(", domain=\"/ https://api.example.com/x\", charset=UTF-8, x-more=\"a, b=\\\"c\\\"\"");
    }
    if behaviour.takes(Variation::Opaque) {
        challenge = format!("{challenge}, opaque={}", quoted(OPAQUE));
    }
    if behaviour.takes(Variation::UserHash) {
        challenge.push_str(", userhash=true");
    }
    if behaviour.takes(Variation::ChallengeOddlyWritten) {
        for (plain, odd) in [
            ("Digest ", "dIGEST   "),
            (", nonce=", " ,\tNONCE = "),
            (", algorithm=", ",,ALGORITHM="),
            (", stale=", " , Stale ="),
        ] {
            challenge = challenge.replacen(plain, odd, 1);
        }
    }
    challenge
}

/// The challenges of a 401, each a header line, with those of other schemes.
pub(crate) fn lines(behaviour: &Behaviour, mut challenges: Vec<String>) -> Vec<String> {
    if behaviour.takes(Variation::OtherSchemes) {
        challenges.insert(0, "Negotiate".to_owned());
        challenges.insert(1, "Bearer realm=\"a, Digest b\", error=\"invalid_token\"".to_owned());
        challenges.push("NewAuth abc123==".to_owned());
    }
    if behaviour.takes(Variation::ChallengesInOneLine) {
        return vec![challenges.join(", ")];
    }
    challenges
}

/// What `Authentication-Info` says of the next nonce: nothing where it would have to know the algorithm. The key of a
/// session algorithm would stay bound to the first nonce, which is not remembered here.
pub(crate) fn authentication_info(world: &World) -> Option<HeaderValue> {
    let session = algorithms(&world.behaviour).iter().any(|algorithm| algorithm.is_session());
    if session || world.behaviour.takes(Variation::OwnNonces) || !world.behaviour.takes(Variation::NextNonce) {
        return None;
    }
    let nonce = quoted(&crate::reference::auth::issue(world));
    HeaderValue::from_str(&format!("nextnonce={nonce}, qop=auth")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::params;

    const PLAIN: &str = r#"Digest realm="Atlas API", nonce="n", qop="auth", algorithm=MD5, stale=false"#;

    fn parsed(variations: &[Variation]) -> Vec<params::Challenge> {
        let behaviour = Behaviour::new([], variations.iter().copied());
        let lines = lines(&behaviour, vec![rewritten(&behaviour, PLAIN.to_owned())]);
        params::challenges(lines.iter().map(String::as_str))
    }

    #[test]
    fn every_writing_is_the_same_challenge() {
        use Variation::{ChallengeOddlyWritten, ChallengesInOneLine, MoreParameters, OtherSchemes, StaleQuoted};
        let all = [ChallengeOddlyWritten, ChallengesInOneLine, MoreParameters, OtherSchemes, StaleQuoted];
        for variations in all.iter().map(std::slice::from_ref).chain([&all[..]]) {
            let challenges = parsed(variations);
            let digest = challenges.iter().find(|challenge| challenge.is("Digest")).unwrap();
            for (name, value) in [("realm", "Atlas API"), ("nonce", "n"), ("algorithm", "MD5")] {
                assert_eq!(digest.get(name), Some(value), "{variations:?}");
            }
        }
        assert_eq!(parsed(&[OtherSchemes]).len(), 4);
    }

    #[test]
    fn what_is_opaque_is_quoted_and_comes_back() {
        let challenges = parsed(&[Variation::Opaque]);
        let behaviour = Behaviour::new([], [Variation::Opaque]);
        assert!(is_opaque_back(&behaviour, challenges[0].get("opaque")));
        assert!(!is_opaque_back(&behaviour, None));
        assert!(is_opaque_back(&Behaviour::default(), None));
    }

    #[test]
    fn odd_nonces_lead_back() {
        let behaviour = Behaviour::new([], [Variation::NonceOfOddText]);
        let text = nonce_outward(&behaviour, "abc".to_owned());
        assert_eq!(nonce_inward(&behaviour, Algorithm::Md5, &text), "abc");
        assert_eq!(nonce_inward(&behaviour, Algorithm::Md5, "abc"), "");
    }

    #[test]
    fn a_nonce_of_its_own_is_good_for_its_algorithm_alone() {
        let behaviour = Behaviour::new([], [Variation::OwnNonces]);
        let text = nonce_for(&behaviour, Algorithm::Md5, "abc");
        assert_eq!(nonce_inward(&behaviour, Algorithm::Md5, &text), "abc");
        for other in [Algorithm::Md5Sess, Algorithm::Sha256] {
            assert_eq!(nonce_inward(&behaviour, other, &text), "");
        }
    }
}
