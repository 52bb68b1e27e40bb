//! Challenges that are too long, too many, never satisfied, or no challenges at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bench::{Ends, Row, battery, from_the_start};
use crate::server::{Reply, Seen};
use crate::site::{answer, page, root};

const REFUSED: &str = r#"{"error":401,"reason":"Unauthorized","detail":"log in"}"#;

fn refusal(challenge: &str) -> Reply {
    answer("401 Unauthorized", &format!("www-authenticate: {challenge}\r\ncontent-type: application/json\r\n"), REFUSED)
}

/// A row that answers whoever has credentials, and challenges so whoever has none.
fn challenged(name: &'static str, ends: Ends, challenge: String) -> Row {
    from_the_start(name, ends, move |seen: &Seen| {
        if !seen.signed {
            refusal(&challenge)
        } else if crate::site::is_root(seen) {
            root(seen)
        } else {
            page(seen, "")
        }
    })
}

pub(crate) fn rows() -> Vec<Row> {
    let parameters: Vec<String> = (0..10_000).map(|number| format!(", p{number}=\"v\"")).collect();
    let parameters = parameters.concat();
    let refused = AtomicUsize::new(0);
    let stale = move |_: &Seen| {
        let nonce = refused.fetch_add(1, Ordering::Relaxed);
        refusal(&format!("Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\", stale=true"))
    };
    vec![
        challenged(
            "a challenge with 10,000 parameters",
            Ends::Fails(""),
            format!("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"{parameters}"),
        ),
        challenged(
            "10,000 challenges",
            Ends::Fails(""),
            format!("{}Digest realm=\"r\", nonce=\"n\", qop=\"auth\"", "Basic realm=\"b\", ".repeat(10_000)),
        ),
        challenged(
            "a nonce of a megabyte",
            Ends::Unreached("sent what is no HTTP response"),
            format!("Digest realm=\"r\", nonce=\"{}\", qop=\"auth\"", "n".repeat(1 << 20)),
        ),
        challenged(
            "a nonce of 300 kB",
            Ends::Fails(""),
            format!("Digest realm=\"r\", nonce=\"{}\", qop=\"auth\"", "n".repeat(300_000)),
        ),
        challenged(
            "quotes without an end",
            Ends::Undecided("holds no Digest challenge"),
            "Digest realm=\"r, nonce=".to_owned(),
        ),
        challenged("an unknown scheme", Ends::Undecided("holds no Digest challenge"), "Bearer realm=\"r\"".to_owned()),
        challenged(
            "an algorithm that nobody knows",
            Ends::Undecided("holds no Digest challenge"),
            "Digest realm=\"r\", nonce=\"n\", algorithm=ROT13".to_owned(),
        ),
        from_the_start("a challenge on every answer for ever", Ends::Unreached("its Digest is answered 401"), stale),
        from_the_start("a challenge on every answer but the root's", Ends::Fails("401"), |seen: &Seen| {
            if seen.signed && crate::site::is_root(seen) {
                root(seen)
            } else {
                refusal("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true")
            }
        }),
        from_the_start("a nonce that is renewed on every answer", Ends::Fails(""), |seen: &Seen| {
            let Reply::Keep(bytes) = (if crate::site::is_root(seen) { root(seen) } else { page(seen, "") }) else {
                unreachable!("a page is kept")
            };
            if !seen.signed {
                return refusal("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
            }
            let info = format!(
                "authentication-info: nextnonce=\"{}\", nextnonce=\"\\\"\x09\"\r\n",
                "n".repeat(seen.turn % 9 * 1_000)
            );
            let text = String::from_utf8(bytes).expect("a page is text");
            Reply::Keep(text.replacen("\r\n", &format!("\r\n{info}"), 1).into_bytes())
        }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn challenges_of_every_kind() {
    battery(rows()).await;
}
