//! The first requests of a run: what stands between us and the target is said once, at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::check::{href, value_of};
use crate::client::{Worker, advice_on_login};
use crate::exchange::{Exchange, Obstacle, Request, TlsFault};
use crate::suite::vocabulary::OWNER;
use crate::suite::{Scope, Uniques};
use crate::target::{Proxy, Target};

use super::Failure;
use super::output::Output;

/// How many other addresses are tried where the root is not there.
const OTHERS: usize = 5;
/// Parameters that hold the paths of what can be read.
const READABLE: [&str; 4] = ["list", "lists", "entity", "entities"];

/// Asks for the root, as nobody and then as every user. Without an answer, where nothing is found at the base URL, or
/// with a wrong key of the owner, nothing can be judged; what else looks wrong is told, for it may be the target's
/// fault. Returns the exchanges.
pub(super) async fn reach(worker: &mut Worker, target: &Target, output: &Output) -> Result<Vec<Exchange>, Failure> {
    let mut exchanges = ask(worker, None, target, output).await?;
    if target.users.contains_key(OWNER) {
        let asked = log_in_owner(worker, target, output).await?;
        if let Some(origin) = other_name(&asked, target) {
            output.tell(&format!(
                "note: the root at {} calls itself {origin}: links there are not followed, for the key must not go \
                 there, and what lies behind them is not judged; is `base-url` right?",
                target.base_url
            ));
        }
        exchanges.extend(asked);
    }
    for (name, user) in target.users.iter().filter(|(name, _)| *name != OWNER) {
        let asked = ask(worker, Some(name), target, output).await?;
        if status(&asked) == Some(401) {
            output.tell(&format!(
                "note: the root is refused to `{name}` with 401, so that what needs `{name}` is not judged: {}",
                advice_on_login(&asked, user)
            ));
        }
        exchanges.extend(asked);
    }
    Ok(exchanges)
}

/// The origin that the root says it is at, if that is another.
fn other_name(asked: &[Exchange], target: &Target) -> Option<String> {
    let answer = asked.last()?;
    let body = value_of(&answer.response)?;
    let own = answer.request.url.join(href(body.get("links")?, "self")?).ok()?;
    (own.has_host() && !target.same_origin(&own)).then(|| own.origin().ascii_serialization())
}

/// Says where the root leads, if it is redirected.
pub(super) fn tell_redirect(reached: &[Exchange], target: &Target, output: &Output) {
    if let Some((status, to)) = redirect(reached, target) {
        output.tell(&format!(
            "note: the root at {} answers {status} and leads to {to}: no redirect is followed; if the API is there, \
             write that as `base-url`, or `--url {to}`",
            target.base_url
        ));
    }
}

/// The status and the destination of the last redirect of the root.
fn redirect(reached: &[Exchange], target: &Target) -> Option<(u16, Url)> {
    let is_redirect = |it: &&Exchange| (300..400).contains(&it.response.status) && it.request.url == target.base_url;
    let moved = reached.iter().rev().find(is_redirect)?;
    let to = moved.request.url.join(moved.response.header("location")?.trim()).ok()?;
    (to.username().is_empty() && to.password().is_none()).then_some((moved.response.status, to))
}

/// The root where the answer to the one that was asked for sends on to the same place with a slash at its end, or
/// without one.
pub(super) fn moved_root(reached: &[Exchange], target: &Target) -> Option<Url> {
    let (status, to) = redirect(reached, target)?;
    let bare = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
    let moves = matches!(status, 301 | 302 | 307 | 308) && to != target.base_url;
    (moves && bare(&to) == bare(&target.base_url)).then_some(to)
}

/// Users other than the owner to whom the root was refused with 401.
pub(super) fn doubted(seen: &[Exchange]) -> BTreeSet<String> {
    let mut last: BTreeMap<&str, u16> = BTreeMap::new();
    for exchange in seen {
        if let Some(user) = exchange.request.user.as_deref().filter(|user| *user != OWNER) {
            last.insert(user, exchange.response.status);
        }
    }
    last.into_iter().filter(|(_, status)| *status == 401).map(|(user, _)| user.to_owned()).collect()
}

fn status(exchanges: &[Exchange]) -> Option<u16> {
    exchanges.last().map(|answer| answer.response.status)
}

async fn log_in_owner(worker: &mut Worker, target: &Target, output: &Output) -> Result<Vec<Exchange>, Failure> {
    let mut asked = ask(worker, Some(OWNER), target, output).await?;
    match status(&asked) {
        Some(401) => {
            let obstacle = Obstacle::NoLogin {
                user: OWNER.to_owned(),
                url: target.base_url.to_string(),
                reason: "its Digest is answered 401".to_owned(),
            };
            let advice = target.users.get(OWNER).map(|user| advice_on_login(&asked, user));
            Err(Failure::Target(obstacle, advice.unwrap_or_default()))
        }
        Some(404) => {
            asked.extend(find_anything(worker, target).await?);
            output.tell(&format!("note: {} answers 404: is `base-url` right?", target.base_url));
            Ok(asked)
        }
        _ => Ok(asked),
    }
}

/// Asks for what else the target file names. A target without a root is judged; where nothing is, there is no target.
async fn find_anything(worker: &mut Worker, target: &Target) -> Result<Vec<Exchange>, Failure> {
    let mut exchanges = Vec::new();
    let others = others(target);
    for url in &others {
        let sent = worker.send(Request { user: Some(OWNER.to_owned()), ..Request::new("GET", url.clone()) }).await;
        exchanges.extend(sent.exchanges);
        if sent.obstacle.is_some() || status(&exchanges) != Some(404) {
            return Ok(exchanges);
        }
    }
    let base_url = &target.base_url;
    let reason = match others.len() {
        0 => format!("nothing is at {base_url}: it answers 404"),
        number => format!("nothing is at {base_url}: it answers 404, as do {number} paths of the target file below it"),
    };
    Err(Failure::Target(Obstacle::Unsendable { reason }, "is the base URL right, with its path?".to_owned()))
}

/// Some addresses that the target file names, other than the root.
fn others(target: &Target) -> Vec<Url> {
    let scope = Scope::new(Arc::new(target.globals()), Uniques::new("reach"));
    let named = READABLE.iter().filter_map(|name| target.parameters.get(*name));
    let mut paths = Vec::new();
    named.for_each(|value| texts(value, &mut paths));
    let root = target.base_url.as_str().trim_end_matches('/');
    let filled =
        paths.iter().filter_map(|path| scope.text(path).ok()).filter(|path| path.len() > 1 && path.starts_with('/'));
    let urls: BTreeSet<Url> = filled.filter_map(|path| Url::parse(&format!("{root}{path}")).ok()).collect();
    urls.into_iter().take(OTHERS).collect()
}

fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The exchanges of asking for the root as a user; none where its login is out of the ordinary.
async fn ask(
    worker: &mut Worker,
    user: Option<&str>,
    target: &Target,
    output: &Output,
) -> Result<Vec<Exchange>, Failure> {
    let root = Request { user: user.map(str::to_owned), ..Request::new("GET", target.base_url.clone()) };
    let mut sent = worker.send(root.clone()).await;
    // A server may close an idle connection at any moment (RFC 9112, section 9.3.1).
    if let Some(Obstacle::Broken { .. }) = sent.obstacle {
        sent = worker.send(root).await;
    }
    match sent.obstacle {
        // That may be the very fault of the target.
        Some(obstacle @ Obstacle::NoLogin { .. }) => {
            output.tell(&format!("note: {obstacle}"));
            Ok(Vec::new())
        }
        Some(obstacle) => {
            let advice = advice(&obstacle, target);
            Err(Failure::Target(obstacle, advice))
        }
        None => Ok(sent.exchanges),
    }
}

/// What may be done about an obstacle at the root.
pub(super) fn advice(obstacle: &Obstacle, target: &Target) -> String {
    let at_root = advice_on(obstacle, &target.base_url);
    match &target.proxy {
        Proxy::At(proxy) if obstacle.is_silence() => {
            format!(
                "the way leads through the proxy {proxy}: is it running, and does it let us through? If so, {at_root}"
            )
        }
        Proxy::Environment if obstacle.is_silence() => {
            format!(
                "if the environment names a proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY), is it running? If so, {at_root}"
            )
        }
        _ => at_root.to_owned(),
    }
}

fn advice_on(obstacle: &Obstacle, base_url: &Url) -> &'static str {
    match obstacle {
        Obstacle::Unreachable { .. } => "is `base-url` right, and is the target running?",
        Obstacle::Tls { fault, .. } => advice_on_tls(*fault),
        Obstacle::Malformed { .. } | Obstacle::Broken { .. } if base_url.scheme() == "http" => {
            "is there a web server at `base-url`, and does it speak plain HTTP there rather than HTTPS?"
        }
        Obstacle::Malformed { .. } | Obstacle::Broken { .. } => "is there a web server at `base-url`?",
        Obstacle::TimedOut { .. } => "is `base-url` right, and is `timeout` long enough?",
        Obstacle::NoLogin { .. }
        | Obstacle::Unavailable { .. }
        | Obstacle::Throttled { .. }
        | Obstacle::Unsendable { .. }
        | Obstacle::Interrupted
        | Obstacle::ForeignOrigin { .. } => "is `base-url` right?",
    }
}

/// What may be done about a TLS connection that does not come about.
fn advice_on_tls(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::NotTls => "does the port of `base-url` speak plain HTTP?",
        TlsFault::UnknownIssuer => {
            "is the certificate signed by an authority of your own, or by itself? Then name the certificate of that \
             authority by `tls.ca` in the target file, or by `--ca FILE`"
        }
        TlsFault::OtherHost => "does `base-url` name a host that the certificate is for?",
        TlsFault::NotValidNow => "does the certificate have to be renewed, or is the clock of this machine wrong?",
        TlsFault::OldCertificate => {
            "the certificate is of X.509 version 1 or 2; issue it again as version 3, with the host as subjectAltName"
        }
        TlsFault::AuthorityItself => {
            "the certificate is that of an authority (CA:TRUE); let it sign one for the host, which the server then shows"
        }
        TlsFault::WeakSignature => {
            "the certificate, and those of the authorities above it, need a signature by SHA-256 or better"
        }
        TlsFault::WrongSignature => {
            "does `tls.ca` or `--ca` name another authority of the same name, or has an RSA key less than 2,048 bits?"
        }
        TlsFault::Certificate => "does the certificate have to be issued again?",
        TlsFault::NothingInCommon => {
            "this program speaks TLS 1.2 (ECDHE with AES-GCM or ChaCha20-Poly1305) and TLS 1.3: does the server? If it \
             demands a certificate of the client, name one by `tls.client-certificate` and `tls.client-key`"
        }
        TlsFault::ClientCertificate => {
            "the server wants a certificate of the client that it trusts: name it by `tls.client-certificate` and \
             `tls.client-key` in the target file"
        }
        TlsFault::HungUp => {
            "does the port of `base-url` speak TLS, and does the server want a certificate of the client?"
        }
        TlsFault::Other => "does the server speak TLS 1.2 or 1.3 at the port of `base-url`?",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::SecretString;

    use super::*;
    use crate::exchange::{Response, Role};
    use crate::target;

    fn target(base: &str) -> Target {
        let text = format!("name: t\nbase-url: {base}\nusers: {{ owner: {{ username: a, api-key: {{ env: K }} }} }}\n");
        let mut keys = |_: &target::KeySource| Ok(SecretString::from("k"));
        target::load("t.yaml", &text, &mut keys, &mut |path| Err(path.to_owned())).expect("it loads")
    }

    fn answered(target: &Target, status: u16, location: Option<&str>, body: &str) -> [Exchange; 1] {
        let headers = location.map(|to| ("location".to_owned(), to.to_owned())).into_iter().collect();
        [Exchange {
            request: Request::new("GET", target.base_url.clone()),
            response: Response { status, headers, body: body.as_bytes().to_vec(), ..Response::default() },
            started: chrono::DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        }]
    }

    #[test]
    fn a_root_may_have_a_slash_at_its_end_or_none() {
        for (base, to, moved) in [
            ("https://h/api", "/api/", Some("https://h/api/")),
            ("https://h/api/", "https://h/api", Some("https://h/api")),
            ("https://h/api", "/other/", None),
            ("https://h/api", "https://x/api/", None),
            ("https://h/api", "/api", None),
        ] {
            let target = target(base);
            let root = moved_root(&answered(&target, 301, Some(to), ""), &target);
            assert_eq!(root.as_ref().map(Url::as_str), moved, "{base} {to}");
            assert_eq!(moved_root(&answered(&target, 200, Some(to), ""), &target), None);
        }
    }

    #[test]
    fn a_redirected_root_names_status_and_place() {
        let target = target("https://h/api");
        let told =
            |status, to| redirect(&answered(&target, status, Some(to), ""), &target).map(|(_, to)| to.to_string());
        assert_eq!(told(302, "https://h/api/v2").as_deref(), Some("https://h/api/v2"));
        assert_eq!(told(308, "/new").as_deref(), Some("https://h/new"));
        assert_eq!(told(201, "/new"), None);
        assert_eq!(told(302, "https://u:p@h/"), None);
        assert_eq!(redirect(&answered(&target, 302, None, ""), &target), None);
    }

    #[test]
    fn a_root_of_another_name_is_told_of() {
        let target = target("https://h/api");
        let named = |href: &str| {
            let body = format!(r#"{{"links":[{{"rel":"self","href":"{href}"}}]}}"#);
            other_name(&answered(&target, 200, None, &body), &target)
        };
        assert_eq!(named("https://alias.example/api").as_deref(), Some("https://alias.example"));
        assert_eq!(named("/api"), None);
        assert_eq!(named("urn:root"), None);
        assert_eq!(other_name(&answered(&target, 200, None, "[]"), &target), None);
    }
}
