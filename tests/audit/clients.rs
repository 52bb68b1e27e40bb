//! The rules for clients, held against the requests of small recordings.

use atlaspec::audit::{Account, Audit};
use atlaspec::check::Facts;
use atlaspec::record::Outcome;
use atlaspec::report::note;
use chrono::DateTime;
use serde_json::{Value, json};
use url::Url;

use crate::live::suite;

const BASE: &str = "https://api.example.com/api/atlas/v1.0";

fn pairs(headers: &[(&str, &str)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

/// An exchange begun at this second of a minute.
fn entry(second: u32, method: &str, path: &str, headers: &[(&str, &str)], status: u16) -> Value {
    let mut sent = pairs(headers);
    sent.push(json!({"name": "Host", "value": "api.example.com"}));
    let answer: &[(&str, &str)] = match status {
        401 => &[("WWW-Authenticate", r#"Digest realm="r", nonce="n2", algorithm=MD5, qop="auth", stale=true"#)],
        429 => &[("Retry-After", "30")],
        _ => &[("Content-Type", "application/json")],
    };
    json!({
        "startedDateTime": format!("2016-01-31T10:00:{second:02}Z"), "time": 10,
        "request": {"method": method, "url": format!("{BASE}{path}"), "headers": sent},
        "response": {"status": status, "headers": pairs(answer), "content": {"text": "", "size": 0}, "bodySize": 0},
    })
}

fn digest(nonce: &str, count: &str, uri: &str) -> String {
    let response = "[redacted]";
    format!(
        r#"Digest username="me", realm="r", nonce="{nonce}", uri="/api/atlas/v1.0{uri}", algorithm=MD5, qop=auth, nc={count}, cnonce="c", response="{response}""#
    )
}

fn get(second: u32, path: &str, authorization: &str, status: u16) -> Value {
    entry(second, "GET", path, &[("Authorization", authorization)], status)
}

fn posted(second: u32, headers: &[(&str, &str)], body: &str) -> Value {
    let mut entry = entry(second, "POST", "/groups", headers, 201);
    entry["request"]["postData"] = json!({"text": body});
    entry
}

fn audited(recordings: &[Vec<Value>]) -> Account {
    let base = Url::parse(BASE).expect("a URL");
    let mut audit = Audit::new(suite(), Facts::of(base)).expect("an audit").judging_clients();
    for (number, entries) in recordings.iter().enumerate() {
        let text = json!({"log": {"entries": entries}}).to_string();
        audit.recording(&format!("{number}.har"), text.as_bytes()).expect("a recording");
    }
    audit.finish(DateTime::UNIX_EPOCH, 0)
}

/// Each group of a rule: its id, how often, and what it says of the first.
fn found(account: &Account) -> Vec<String> {
    let groups = account.groups.iter().filter(|group| group.invariant.starts_with("client."));
    groups.map(|group| format!("{} x{}: {}", group.invariant, group.exchanges, group.examples[0].message)).collect()
}

fn result(account: &Account, rule: &str) -> (Outcome, String) {
    let result = account.run.results.iter().find(|result| result.id == rule).expect("a rule");
    (result.verdict, note(result).unwrap_or_default())
}

#[test]
fn a_careful_client_is_not_blamed() {
    let account = audited(&[vec![
        get(1, "/groups", &digest("n1", "00000001", "/groups"), 200),
        get(2, "/groups?pageNum=2", &digest("n1", "00000002", "/groups?pageNum=2"), 401),
        get(3, "/groups?pageNum=2", &digest("n2", "00000001", "/groups?pageNum=2"), 200),
        posted(
            4,
            &[("Authorization", &digest("n2", "00000002", "/groups")), ("Content-Type", "application/json")],
            "{}",
        ),
    ]]);
    assert_eq!(found(&account), [""; 0]);
    for rule in ["client.digest-form", "client.nonce-counts", "client.stale-nonce-renewed", "client.content-type"] {
        assert_eq!(result(&account, rule).0, Outcome::Pass, "{rule}");
    }
    assert_eq!(result(&account, "client.no-hammering").0, Outcome::NotApplicable);
}

#[test]
fn a_careless_client_is_found() {
    let mut entries = vec![
        get(1, "/groups", "Basic bWU6a2V5", 200),
        get(1, "/hosts?apiKey=c0ffee", &digest("n1", "00000001", "/groups"), 200),
        get(2, "/groups", &digest("n1", "00000001", "/groups"), 200),
        get(3, "/lost", &digest("n1", "00000003", "/lost"), 401),
        posted(3, &[("Authorization", &digest("n2", "00000002", "/groups")), ("Content-Type", "text/plain")], "{'a'}"),
        get(4, "/groups?itemsPerPage=500&minDate=2016-01-31T10:00:00", &digest("n2", "00000003", "/x"), 200),
        get(5, "/clusters", &digest("n2", "00000004", "/clusters"), 429),
        get(6, "/clusters", &digest("n2", "00000005", "/clusters"), 429),
    ];
    entries.push(get(50, "/clusters", &digest("n2", "00000006", "/clusters"), 200));
    let account = audited(&[entries]);
    let found = found(&account);
    for wanted in [
        "client.key-never-sent x1: the credentials are sent in Basic, which shows the key",
        "client.nonce-counts x1: count 1 was sent with this nonce before",
        "client.digest-for-request x1: the `uri` of the Digest is not that of the request: \
         expected /api/atlas/v1.0/hosts?[secret], found /api/atlas/v1.0/groups",
        "client.stale-nonce-renewed x1: the nonce was stale, and GET /api/atlas/v1.0/lost never came with a fresh one",
        "client.content-type x1: the body has another Content-Type: expected application/json, found text/plain",
        "client.page-size x1: more items are asked for than a page may hold: expected at most 100, found 500",
        "client.retry-after x1: asked again 29 s before Retry-After allows it: expected after 30 s, found after 1 s",
    ] {
        assert!(found.contains(&wanted.to_owned()), "{wanted} is not among {found:#?}");
    }
    assert!(found.iter().any(|told| told.starts_with("client.json-body x1: the body is not JSON")), "{found:#?}");
    assert!(found.iter().any(|told| told.starts_with("client.dates-with-zone x1")), "{found:#?}");
    assert!(!serde_json::to_string(&account).expect("plain data").contains("c0ffee"));
    assert_eq!(account.run.exit_code(), 1);
}

#[test]
fn what_was_taken_out_is_not_blamed() {
    let mut stripped = posted(1, &[], "{\"a\"");
    stripped["request"]["headers"] = json!([]);
    let mut untimed = get(1, "/clusters", "REDACTED", 429);
    untimed["startedDateTime"] = Value::Null;
    let mut beside = get(1, "/groups", &digest("n1", "00000001", "/groups?a=b%20c"), 200);
    beside["request"]["queryString"] = json!([{"name": "a", "value": "b c"}]);
    let lengthy = [("Content-Type", "application/json"), ("Content-Length", "900")];
    let account =
        audited(&[vec![untimed, beside, posted(1, &lengthy, "{\"a\""), get(2, "/groups", "Digest ***", 200)]]);
    assert_eq!(found(&account), [""; 0]);
    for (rule, why) in [
        ("client.key-never-sent", "could not be judged on 2: the credentials were taken out"),
        ("client.digest-for-request", "could not be judged on 1: the query is recorded beside the URL alone"),
        (
            "client.json-body",
            "could not be judged on 1: the recorded body of the request is not as long as the one that was sent",
        ),
        ("client.no-hammering", "could not be judged on 1: when the request was sent is not recorded"),
    ] {
        assert_eq!(result(&account, rule).1, why, "{rule}");
    }
    let account = audited(&[vec![stripped]]);
    let why = "could not be judged on 1: the headers of the request are not recorded";
    assert_eq!(result(&account, "client.content-type"), (Outcome::Inconclusive, why.to_owned()));
}

/// Without credentials or cookies, as browsers save recordings by default.
fn sanitized(mut entries: Vec<Value>) -> Vec<Value> {
    for entry in &mut entries {
        let headers = entry["request"]["headers"].as_array_mut().expect("headers");
        headers.retain(|header| header["name"] != "Authorization");
    }
    entries
}

#[test]
fn nothing_is_blamed_on_a_client_whose_credentials_are_not_recorded() {
    let mut entries = vec![get(1, "/groups", "", 401)];
    entries.extend((2..20).map(|second| get(second, "/clusters", "", 429)));
    entries.extend((20..40).map(|second| get(second, "/hosts", "", 503)));
    entries.push(get(50, "/groups", "", 200));
    let account = audited(&[sanitized(entries)]);
    assert_eq!(found(&account), [""; 0]);
    for rule in ["client.key-never-sent", "client.digest-form", "client.nonce-counts", "client.stale-nonce-renewed"] {
        let (verdict, why) = result(&account, rule);
        assert_eq!(verdict, Outcome::Inconclusive, "{rule}");
        assert!(why.starts_with("could not be judged on 39: no request has credentials"), "{rule}: {why}");
    }
}

#[test]
fn parts_of_credentials_that_were_taken_out_are_not_blamed() {
    let hidden = |count: &str| digest("***", count, "/groups").replace("username=\"me\"", "username=\"<removed>\"");
    let account = audited(&[vec![
        get(1, "/groups", &hidden("00000001"), 401),
        get(2, "/groups", &hidden("00000001"), 200),
        get(3, "/groups", &digest("n1", "00000001", "/x").replace("/api/atlas/v1.0/x", "REDACTED"), 200),
        get(30, "/hosts", &digest("n1", "00000002", "/hosts"), 200),
    ]]);
    assert_eq!(found(&account), [""; 0]);
    let why = "could not be judged on 1: parts of the credentials were taken out".to_owned();
    assert_eq!(result(&account, "client.nonce-counts").1, why);
}

#[test]
fn what_came_after_what_is_known_or_not_judged() {
    let counts = |first: Value| {
        let late = get(9, "/groups", &digest("n1", "00000001", "/groups"), 200);
        found(&audited(&[vec![first, late]]))
    };
    let first = || get(1, "/groups", &digest("n1", "00000002", "/groups"), 200);
    let blamed = "client.nonce-counts x1: the count is lower than one that was sent with this nonce before: \
                  expected more than 2, found 1";
    assert_eq!(counts(first()), [blamed]);
    for (member, value) in [("time", json!(0)), ("time", Value::Null), ("startedDateTime", Value::Null)] {
        let mut unknown = first();
        unknown[member] = value.clone();
        assert_eq!(counts(unknown), [""; 0], "{member}: {value}");
    }
}

#[test]
fn each_recording_is_of_its_own_clients() {
    let one = || vec![get(1, "/groups", &digest("n1", "00000001", "/groups"), 200)];
    assert_eq!(found(&audited(&[one(), one()])), [""; 0]);
    let account = audited(&[[one(), one()].concat()]);
    assert_eq!(found(&account), ["client.nonce-counts x1: count 1 was sent with this nonce before"]);
}

#[test]
fn times_beyond_all_calendars_end_nothing() {
    let mut endless = get(1, "/groups", &digest("n1", "00000001", "/groups"), 200);
    endless["time"] = json!(9e15);
    assert_eq!(found(&audited(&[vec![endless]])), [""; 0]);
}

#[test]
fn the_uri_of_a_digest_may_be_escaped_in_another_way() {
    let for_url = |path: &str, uri: &str| found(&audited(&[vec![get(1, path, &digest("n1", "00000001", uri), 200)]]));
    for (path, uri) in [("/groups/~a", "/groups/%7Ea"), ("/groups/a%3ab", "/groups/a%3Ab"), ("/a?x=%7e", "/a?x=~")] {
        assert_eq!(for_url(path, uri), [""; 0], "{path} {uri}");
    }
    assert_eq!(for_url("/groups/a%2Fb", "/groups/a/b").len(), 1);
}

#[test]
fn a_body_that_is_not_recorded_as_it_was_sent_is_not_judged() {
    let sent = [("Content-Type", "application/json")];
    for change in [
        json!({"bodySize": 100, "postData": {"text": "{\"a\""}}),
        json!({"postData": {"text": "eyJhIjoxfQ==", "encoding": "base64"}}),
        json!({"postData": {"text": "[redacted]"}}),
        json!({"postData": {"text": "{\"created\":***}"}}),
    ] {
        let mut entry = posted(1, &sent, "");
        for (name, value) in change.as_object().expect("an object") {
            entry["request"][name] = value.clone();
        }
        let account = audited(&[vec![entry]]);
        assert_eq!(found(&account), [""; 0], "{change}");
        assert_eq!(result(&account, "client.json-body").0, Outcome::Inconclusive, "{change}");
    }
    assert_eq!(found(&audited(&[vec![posted(1, &sent, "{\"a\"")]])).len(), 1);
}

#[test]
fn secrets_of_urls_are_told_nowhere() {
    let path = "/hosts?itemsPerPage=500&apiKey=c0ffee1122";
    let mut entry =
        entry(1, "GET", path, &[("Authorization", &digest("n1", "00000001", "/x")), ("X-Api-Key", "c0ffee1122")], 200);
    let sent = [("Referer", "https://a/?token=c0ffee1133"), ("X-Session-Id", "c0ffee1144"), ("X-Auth", "c0ffee1155")];
    entry["request"]["headers"].as_array_mut().expect("headers").extend(pairs(&sent));
    let received = [("Link", "<https://a/?pwd=c0ffee1166>; rel=\"next\""), ("X-Csrf", "c0ffee1177")];
    entry["response"]["headers"].as_array_mut().expect("headers").extend(pairs(&received));
    entry["response"]["content"]["text"] = json!(
        json!({"totalCount": 1, "results": [], "links": [{"rel": "self", "href": format!("{BASE}/other?apiKey=c0ffee1122")}]})
            .to_string()
    );
    let account = audited(&[vec![entry]]);
    assert!(!account.groups.is_empty());
    let told = format!("{}{}", json!(account.groups), json!(account.run));
    assert!(!told.contains("c0ffee11"), "{told}");
}

#[test]
fn users_who_log_in_with_basic_are_told_apart() {
    let of = |first: &str, second: &str| {
        let entries = (1..20).map(|second| get(second, "/clusters", first, 429));
        found(&audited(&[entries.chain([get(21, "/clusters", second, 200)]).collect()]))
    };
    let is_impatient = |all: &[String]| all.iter().any(|told| told.starts_with("client.retry-after"));
    let waited = |first: &str, second: &str| {
        let entries = vec![get(1, "/clusters", first, 429), get(2, "/clusters", second, 200)];
        is_impatient(&found(&audited(&[entries])))
    };
    assert!(waited("Basic bWU6a2V5", "Basic bWU6a2V5"));
    assert!(!waited("Basic bWU6a2V5", "Basic eW91OmtleQ=="));
    assert!(is_impatient(&of("Basic bWU6a2V5", "Basic eW91OmtleQ==")));
    for hidden in ["Basic ***", "Bearer [redacted]", r#"Digest username="<removed>", nonce="n", nc=00000001"#] {
        assert!(!is_impatient(&of(hidden, hidden)), "{hidden}");
    }
}
