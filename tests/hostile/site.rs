//! An orderly API, as far as the battery reads it: what a row spoils, and the target file that leads there.

use std::net::SocketAddr;
use std::path::Path;

use crate::server::{Reply, Seen};

/// The key of `owner`: nobody must ever see it.
pub(crate) const KEY: &str = "canary-7a1c0ffee-key";

/// Path of the API's root.
pub(crate) const ROOT: &str = "/api/atlas/v1.0";
/// What asks for credentials.
const CHALLENGE: &str = "www-authenticate: Digest realm=\"r\", nonce=\"n0nce\", qop=\"auth\", algorithm=MD5\r\n";

/// The target file of a server, with the file of the key beside it.
pub(crate) fn target_file(folder: &Path, scheme: &str, address: SocketAddr) -> String {
    std::fs::write(folder.join("owner.key"), KEY).expect("it can be written");
    format!(
        "name: hostile
base-url: {scheme}://{address}{ROOT}
users:
  owner: {{ username: owner@example.com, api-key: {{ file: owner.key }}, role: read-write }}
claims: [lists, envelope, pretty, browse]
parameters:
  group: g
  list: {{ long: /groups/g/hosts, short: /groups/g/events, empty: /groups/e/hosts }}
  lists: [/groups/g/hosts]
  entity: /groups/g/hosts/1
  entities: [/groups/g/hosts/1]
  missing: {{ entity: /groups/g/hosts/9, list: /groups/9/hosts }}
"
    )
}

/// An answer with this status, these header lines and this body.
pub(crate) fn answer(status: &str, lines: &str, body: impl AsRef<[u8]>) -> Reply {
    Reply::Keep(message(status, lines, body))
}

pub(crate) fn message(status: &str, lines: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{lines}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub(crate) fn json(body: impl AsRef<[u8]>) -> Reply {
    answer("200 OK", "content-type: application/json\r\n", body)
}

/// The challenge to whoever comes without credentials.
pub(crate) fn challenge() -> Reply {
    let body = r#"{"error":401,"reason":"Unauthorized","detail":"log in"}"#;
    answer("401 Unauthorized", &format!("{CHALLENGE}content-type: application/json\r\n"), body)
}

/// The root, which leads to the lists.
pub(crate) fn root(seen: &Seen) -> Reply {
    let link = |rel: &str, path: &str| format!(r#"{{"rel":"{rel}","href":"http://{}{ROOT}{path}"}}"#, seen.host);
    let lists =
        ["/groups/g/hosts", "/groups/g/events", "/groups/e/hosts"].map(|path| link("http://r.example/list", path));
    let body = format!(r#"{{"links":[{},{}]}}"#, link("self", ""), lists.join(","));
    // The answer to HEAD is that to GET without its body.
    let Reply::Keep(mut bytes) = json(&body) else { unreachable!("an answer is kept") };
    if seen.method == "HEAD" {
        bytes.truncate(bytes.len() - body.len());
    }
    Reply::Keep(bytes)
}

/// Whether the API's root is asked for.
pub(crate) fn is_root(seen: &Seen) -> bool {
    seen.target.trim_end_matches('/') == ROOT
}

/// A page of one item, with these further links.
pub(crate) fn page(seen: &Seen, links: &str) -> Reply {
    let own = format!("http://{}{}", seen.host, seen.target);
    let item =
        format!(r#"{{"id":"1","links":[{{"rel":"self","href":"http://{}{ROOT}/groups/g/hosts/1"}}]}}"#, seen.host);
    json(format!(r#"{{"totalCount":250,"results":[{item}],"links":[{{"rel":"self","href":"{own}"}}{links}]}}"#))
}

/// A site that asks for credentials and has a root; all else is the row's.
pub(crate) fn behind_the_root(rest: impl Fn(&Seen) -> Reply + Send + Sync) -> impl Fn(&Seen) -> Reply + Send + Sync {
    move |seen| {
        if !seen.signed {
            challenge()
        } else if is_root(seen) {
            root(seen)
        } else {
            rest(seen)
        }
    }
}
