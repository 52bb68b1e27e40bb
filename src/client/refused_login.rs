//! What was seen while a login was refused: what may be the reason, beside a wrong key.

use std::collections::BTreeSet;

use secrecy::ExposeSecret;

use crate::digest::params::{Challenge, challenges};
use crate::exchange::Exchange;
use crate::target::User;

/// What may be done about a login that was refused in these exchanges, in one line.
pub fn advice_on_login(asked: &[Exchange], user: &User) -> String {
    let mut advice = format!("is the API key of `{}` the right one?", user.username);
    for hint in hints(asked, user) {
        advice.push_str("; ");
        advice.push_str(&hint);
    }
    advice
}

/// Each thing that was seen and may explain a refusal, as a sentence without its full stop.
fn hints(asked: &[Exchange], user: &User) -> Vec<String> {
    let refusals: Vec<&Exchange> = asked.iter().filter(|exchange| exchange.response.status == 401).collect();
    let offered: Vec<Challenge> =
        refusals.iter().flat_map(|it| challenges(it.response.header_values("www-authenticate"))).collect();
    let digests: Vec<&Challenge> = offered.iter().filter(|challenge| challenge.is("Digest")).collect();
    [
        of_realms(asked, &digests),
        of_schemes(&offered),
        of_nonces(&refusals),
        of_cookies(asked),
        of_name(user, &digests),
        of_key(user),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_realms(asked: &[Exchange], digests: &[&Challenge]) -> Option<String> {
    let realms: BTreeSet<&str> = digests.iter().filter_map(|challenge| challenge.get("realm")).collect();
    if realms.len() < 2 {
        return None;
    }
    let taken = asked.iter().rev().find_map(realm_of)?;
    let realms: Vec<String> = realms.into_iter().map(|realm| format!("`{realm}`")).collect();
    Some(format!(
        "the server offers the realms {}, and `{taken}` was answered: is the user known there?",
        realms.join(", ")
    ))
}

/// The realm that credentials name.
fn realm_of(exchange: &Exchange) -> Option<String> {
    let sent = exchange.request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    challenges([sent.1.as_str()]).first()?.get("realm").map(str::to_owned)
}

fn of_schemes(offered: &[Challenge]) -> Option<String> {
    let others: BTreeSet<&str> =
        offered.iter().filter(|challenge| !challenge.is("Digest")).map(|challenge| challenge.scheme.as_str()).collect();
    let others: Vec<&str> = others.into_iter().filter(|scheme| !scheme.is_empty()).collect();
    (!others.is_empty())
        .then(|| format!("the server offers {} too: does this user log in by Digest?", others.join(" and ")))
}

/// Whether each answer to credentials brought a new nonce without calling the old one stale.
fn of_nonces(refusals: &[&Exchange]) -> Option<String> {
    let answers = refusals.iter().filter(|exchange| realm_of(exchange).is_some());
    let mut nonces = BTreeSet::new();
    let mut number = 0;
    for answer in answers {
        let all = challenges(answer.response.header_values("www-authenticate"));
        let digest = all.iter().find(|challenge| challenge.is("Digest"))?;
        if digest.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")) {
            return Some("the server calls a nonce stale (`stale=true`) that it has just sent".to_owned());
        }
        number += 1;
        nonces.insert(digest.get("nonce")?.to_owned());
    }
    (number > 1 && nonces.len() == number)
        .then(|| "each response brings a new nonce and does not say that the old one was stale".to_owned())
}

fn of_cookies(asked: &[Exchange]) -> Option<String> {
    let cookie = asked.iter().find_map(|exchange| exchange.response.header("set-cookie"))?;
    let name: String = cookie.split('=').next().unwrap_or_default().chars().take(40).collect();
    Some(format!("the server sets the cookie `{}`, and cookies are not sent back", name.trim()))
}

fn of_name(user: &User, digests: &[&Challenge]) -> Option<String> {
    let says_utf8 =
        |challenge: &&Challenge| challenge.get("charset").is_some_and(|it| it.eq_ignore_ascii_case("utf-8"));
    if !user.username.is_ascii() && !digests.iter().any(says_utf8) {
        let hint =
            "the user name has letters beyond ASCII, and the server does not say `charset=UTF-8`: it may read others";
        return Some(hint.to_owned());
    }
    (user.username.trim() != user.username).then(|| "the user name begins or ends with a blank".to_owned())
}

fn of_key(user: &User) -> Option<String> {
    let key = user.key.expose_secret();
    let is_quote = |letter: char| "\"'`".contains(letter);
    if key.trim() != key {
        return Some("the key begins or ends with a blank".to_owned());
    }
    (key.starts_with(is_quote) || key.ends_with(is_quote)).then(|| "the key begins or ends with a quote".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use secrecy::SecretString;
    use url::Url;

    use super::*;
    use crate::exchange::{Request, Response, Role as Purpose};
    use crate::target::Role;

    fn user(username: &str, key: &str) -> User {
        let groups = BTreeMap::new();
        User { username: username.to_owned(), key: SecretString::from(key), role: Role::ReadWrite, groups }
    }

    fn refused(realm: &str, challenges: &[&str]) -> Exchange {
        let mut request = Request::new("GET", Url::parse("http://h/").unwrap());
        if !realm.is_empty() {
            request.headers.push(("Authorization".to_owned(), format!("Digest username=\"a\", realm=\"{realm}\"")));
        }
        let headers = challenges.iter().map(|it| {
            let (name, value) = it.split_once(": ").unwrap_or(("WWW-Authenticate", it));
            (name.to_owned(), value.to_owned())
        });
        Exchange {
            request,
            response: Response { status: 401, headers: headers.collect(), ..Response::default() },
            started: chrono::DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Purpose::Asked,
        }
    }

    #[test]
    fn what_was_seen_is_told_beside_the_key() {
        let plain = user("me", "key");
        let digest = |realm: &str, nonce: &str| format!("Digest realm=\"{realm}\", nonce=\"{nonce}\", qop=\"auth\"");
        let one = refused("a", &[&digest("a", "1")]);
        assert_eq!(advice_on_login(std::slice::from_ref(&one), &plain), "is the API key of `me` the right one?");
        for (asked, user, hint) in [
            (
                vec![refused("b", &[&digest("a", "1"), &digest("b", "2")])],
                &plain,
                "offers the realms `a`, `b`, and `b` was answered",
            ),
            (vec![refused("a", &[&digest("a", "1"), "Bearer"])], &plain, "offers Bearer too"),
            (vec![one.clone(), refused("a", &[&digest("a", "2")])], &plain, "each response brings a new nonce"),
            (vec![refused("a", &[&format!("{}, stale=TRUE", digest("a", "2"))])], &plain, "that it has just sent"),
            (
                vec![refused("", &[&digest("a", "1"), "Set-Cookie: SID=secret; Path=/"])],
                &plain,
                "the cookie `SID`, and",
            ),
            (vec![one.clone()], &user("mé", "key"), "`charset=UTF-8`"),
            (vec![one.clone()], &user("me ", "key"), "user name begins or ends with a blank"),
            (vec![one.clone()], &user("me", "key\t"), "the key begins or ends with a blank"),
            (vec![one], &user("me", "\"key\""), "with a quote"),
        ] {
            let told = advice_on_login(&asked, user);
            assert!(told.contains(hint), "{told}");
            assert!(!told.contains("secret") && !told.contains("key\""), "{told}");
        }
    }
}
