//! A line for a shell that repeats an exchange, without the secret.

use std::fmt::Write as _;

use super::visible;
use crate::record::{REDACTED, SECRET, StoredBody, StoredExchange, TargetIdentity};

/// Headers that curl makes itself.
const MADE_BY_CURL: [&str; 5] = ["host", "content-length", "user-agent", "connection", "transfer-encoding"];

/// The command, a part on each line. User and key come from variables that are named after the user of the target file
/// (`API_USER_OWNER` and `API_KEY_OWNER`), addresses from `SOURCE_` and the name of the source, files of certificates from `API_CA`, `API_CERT` and `API_CERT_KEY`, secret
/// header lines from `HEADER_` and their name.
pub(super) fn command(exchange: &StoredExchange, target: &TargetIdentity) -> String {
    let request = request(exchange, target, "curl --include", &quoted);
    format!("{}{}{}", remarks(exchange), request.pipe.unwrap_or_default(), request.line)
}

/// A command without what must be said of it.
pub(super) struct Request {
    /// What gives the body, where the shell cannot hold it in a word.
    pub(super) pipe: Option<String>,
    /// The command.
    pub(super) line: String,
}

/// The command that begins with `curl`; `word` makes a word of the shell of a URL or a body.
pub(super) fn request(
    exchange: &StoredExchange,
    target: &TargetIdentity,
    curl: &str,
    word: &dyn Fn(&str) -> String,
) -> Request {
    let mut parts = vec![start(target, curl)];
    parts.extend(source(exchange).map(|variable| format!("--interface \"${variable}\"")));
    parts.extend(logging_in(exchange));
    parts.extend(method(exchange));
    parts.extend(headers(exchange));
    let body = exchange.request_body.as_ref();
    let piped = body.is_some_and(|body| !is_plain(&body.text));
    if let Some(body) = body {
        parts.push(if piped { "--data-binary @-".to_owned() } else { format!("--data-raw {}", word(&body.text)) });
    }
    parts.push(word(&exchange.url));
    let pipe = body.filter(|_| piped).map(|body| format!("printf {} |\n", printf(&body.text)));
    Request { pipe, line: parts.join(" \\\n  ") }
}

fn start(target: &TargetIdentity, curl: &str) -> String {
    let mut start = format!("{curl} --globoff --path-as-is");
    if target.insecure {
        start.push_str(" --insecure");
    }
    if target.ca {
        start.push_str(" --cacert \"$API_CA\"");
    }
    if target.client_certificate {
        start.push_str(" --cert \"$API_CERT\" --key \"$API_CERT_KEY\"");
    }
    if let Some(proxy) = &target.proxy {
        let _ = write!(start, " --proxy {}", quoted(proxy));
    }
    start
}

/// The names of the variables that hold files which the target needs.
pub(super) fn files(target: &TargetIdentity) -> impl Iterator<Item = &'static str> {
    let certificate = target.client_certificate;
    let needed = [(target.ca, "API_CA"), (certificate, "API_CERT"), (certificate, "API_CERT_KEY")];
    needed.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, name)| name)
}

fn logging_in(exchange: &StoredExchange) -> Option<String> {
    let Login { user, key } = login(exchange)?;
    Some(match exchange.credentials.as_deref() {
        Some("wrong-key") => format!("--digest --user \"${user}:not-the-key\""),
        Some("unknown-user") => format!("--digest --user \"nobody:${key}\""),
        Some("basic-wrong-key") => format!("--basic --user \"${user}:not-the-key\""),
        _ => format!("--digest --user \"${user}:${key}\""),
    })
}

/// The names of the variables that hold a user's name and key.
pub(super) struct Login {
    pub(super) user: String,
    pub(super) key: String,
}

/// The name of the variable that holds the address to send from, if it matters.
pub(super) fn source(exchange: &StoredExchange) -> Option<String> {
    exchange.source.as_deref().map(|name| format!("SOURCE_{}", variable(name)))
}

/// Whose credentials the request carried, if any.
pub(super) fn login(exchange: &StoredExchange) -> Option<Login> {
    let named = exchange.user.as_ref().map(|user| format!("_{}", variable(user)));
    let suffix = named.or_else(|| withheld(exchange).then(String::new))?;
    Some(Login { user: format!("API_USER{suffix}"), key: format!("API_KEY{suffix}") })
}

/// Whether the request had a digest of a user who is not known. What proves the key is left out, and is useless now.
fn withheld(exchange: &StoredExchange) -> bool {
    let is_it =
        |(name, value): &(String, String)| name.eq_ignore_ascii_case("authorization") && value.starts_with("Digest ");
    exchange.user.is_none() && exchange.request_headers.iter().any(is_it)
}

/// A name as that of a variable.
fn variable(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// The header lines, and what takes away those that curl would add.
fn headers(exchange: &StoredExchange) -> Vec<String> {
    let by_login = login(exchange).is_some();
    let is_own = |(name, value): &&(String, String)| match name.to_ascii_lowercase().as_str() {
        "authorization" => !by_login,
        "accept" => value != "*/*",
        name => !MADE_BY_CURL.contains(&name),
    };
    let sent = exchange.request_headers.iter();
    let mut lines: Vec<String> =
        sent.clone().filter(is_own).map(|(name, value)| format!("--header {}", header(name, value))).collect();
    if exchange.request_body.is_some() && !sent.clone().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        lines.push("--header 'content-type:'".to_owned());
    }
    lines
}

/// Wrong credentials that curl can be told to send; all others are forged by hand.
const BY_CURL: [&str; 3] = ["wrong-key", "unknown-user", "basic-wrong-key"];

/// What the command cannot repeat.
pub(super) fn remarks(exchange: &StoredExchange) -> String {
    let mut remarks = String::new();
    if withheld(exchange) {
        remarks.push_str("# whose credentials it carried is not known\n");
    }
    if let Some(kind) = exchange.credentials.as_deref().filter(|kind| !BY_CURL.contains(kind)) {
        let _ = writeln!(remarks, "# the case forged its credentials ({kind}); curl sends right ones");
    }
    if exchange.request_body.as_ref().is_some_and(|StoredBody { cut, .. }| *cut) {
        remarks.push_str("# the body sent was longer than what is stored\n");
    }
    remarks
}

fn method(exchange: &StoredExchange) -> Option<String> {
    match exchange.method.as_str() {
        "GET" if exchange.request_body.is_none() => None,
        "HEAD" => Some("--head".to_owned()),
        method => Some(format!("--request {}", quoted(method))),
    }
}

/// A header line as a word of a shell; a secret one comes from a variable. curl takes a header out for `Name:`, and
/// sends it empty for `Name;`.
fn header(name: &str, value: &str) -> String {
    if is_secret(value) {
        return format!("{}\"$HEADER_{}\"", quoted(&format!("{name}: ")), variable(name));
    }
    quoted(&if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") })
}

/// Whether what was sent is not in it.
fn is_secret(value: &str) -> bool {
    [SECRET, REDACTED].iter().any(|mark| value.contains(mark))
}

/// One word of a shell, whatever is in it; control characters, which no header or URL can hold, are shown as signs.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", visible::line(text).replace('\'', r"'\''"))
}

/// Whether a shell and a terminal take the text as it is.
fn is_plain(text: &str) -> bool {
    visible::line(text) == text
}

/// A word for `printf` that gives exactly these bytes.
fn printf(text: &str) -> String {
    let mut word = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => word.push_str(r"'\''"),
            '%' => word.push_str("%%"),
            '\\' => word.push_str(r"\\"),
            '\n' => word.push_str(r"\n"),
            c if is_plain(c.encode_utf8(&mut [0; 4])) => word.push(c),
            c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                let _ = write!(word, "\\{byte:03o}");
            }),
        }
    }
    word + "'"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Role;

    fn target() -> TargetIdentity {
        TargetIdentity { name: "x".to_owned(), base_url: "https://x".to_owned(), ..TargetIdentity::default() }
    }

    fn exchange(method: &str, body: Option<&str>) -> StoredExchange {
        let body = body.map(|text| StoredBody { text: text.to_owned(), bytes: text.len(), cut: false });
        StoredExchange {
            method: method.to_owned(),
            url: "https://x/a?b='c'".to_owned(),
            user: Some("owner".to_owned()),
            credentials: None,
            source: None,
            role: Role::Asked,
            request_headers: vec![
                ("authorization".to_owned(), "Digest …".to_owned()),
                ("content-type".to_owned(), "application/json".to_owned()),
                ("x-empty".to_owned(), String::new()),
            ],
            request_body: body,
            status: 200,
            response_headers: vec![],
            response_body: None,
            response_trailing: None,
            started_ms: 0,
            duration_us: 0,
            left_out: 0,
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        let shown = command(&exchange("POST", Some("@it's $(x) `y`")), &target());
        let lines = [
            r"curl --include --globoff --path-as-is \",
            r#"  --digest --user "$API_USER_OWNER:$API_KEY_OWNER" \"#,
            r"  --request 'POST' \",
            r"  --header 'content-type: application/json' \",
            r"  --header 'x-empty;' \",
            r"  --data-raw '@it'\''s $(x) `y`' \",
            r"  'https://x/a?b='\''c'\'''",
        ];
        assert_eq!(shown, lines.join("\n"));
    }

    #[test]
    fn what_reaches_the_target_is_said_and_secrets_come_from_variables() {
        let proxy = Some("http://proxy:3128/".to_owned());
        let target = TargetIdentity { ca: true, client_certificate: true, proxy, ..target() };
        let mut exchange = exchange("GET", None);
        exchange.request_headers.push(("x-gate-token".to_owned(), SECRET.to_owned()));
        let shown = command(&exchange, &target);
        let start = r#"curl --include --globoff --path-as-is --cacert "$API_CA" --cert "$API_CERT" --key "$API_CERT_KEY" --proxy"#;
        assert!(shown.starts_with(&format!("{start} 'http://proxy:3128/' \\\n  --digest")), "{shown}");
        assert!(shown.contains(r#"--header 'x-gate-token: '"$HEADER_X_GATE_TOKEN" "#), "{shown}");
    }

    #[test]
    fn control_characters_of_a_body_go_through_printf() {
        let shown = command(&exchange("PUT", Some("a\0\x1b%\\\n'")), &target());
        assert!(shown.starts_with(r"printf 'a\000\033%%\\\n'\''' |"), "{shown}");
        assert!(shown.contains("--data-binary @-"), "{shown}");
    }

    #[test]
    fn forged_credentials_are_said() {
        let mut forged = exchange("GET", None);
        forged.credentials = Some("replayed".to_owned());
        assert!(command(&forged, &target()).starts_with("# the case forged its credentials (replayed)"));
        forged.credentials = Some("wrong-key".to_owned());
        assert!(command(&forged, &target()).contains("$API_USER_OWNER:not-the-key"));
        (forged.user, forged.credentials) = (None, None);
        let shown = command(&forged, &target());
        assert!(shown.starts_with("# whose credentials it carried is not known\n"), "{shown}");
        assert!(shown.contains("--user \"$API_USER:$API_KEY\""), "{shown}");
        forged.request_headers.retain(|(name, _)| name != "authorization");
        assert!(!command(&forged, &target()).contains("--user"));
    }
}
