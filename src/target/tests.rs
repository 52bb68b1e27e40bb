use serde_json::json;

use super::*;
use crate::reason::{KeyKind, MissingKey, Reason};
use crate::suite::{Scope, Uniques};
use std::sync::Arc;

const LEAST: &str = "
name: least
base-url: https://example.com/api/
users: { owner: { username: me, api-key: { env: KEY } } }
";

fn target(more: &str) -> Target {
    load("t.yaml", &format!("{LEAST}{more}"), &mut |_| Ok("secret".into()), &mut |path| Err(path.to_owned())).unwrap()
}

#[test]
fn what_is_left_out_has_a_default() {
    let target = target("");
    assert_eq!(target.base_url.as_str(), "https://example.com/api/", "the root is written as it was");
    assert_eq!((target.timeout, target.consistency_delay), (Duration::from_secs(30), Duration::ZERO));
    assert_eq!((target.limits, target.nonce_lifetime), (Limits::default(), None));
    assert_eq!(target.users["owner"].role, Role::ReadWrite);
}

#[test]
fn what_is_missing_is_named_with_its_place() {
    let target = target("claims: [writes]\nparameters: { list: { long: /l }, entity: /e }\n");
    for need in ["writes", "users.owner", "list", "list.long", "entity", "entities", "forbidden-methods"] {
        assert_eq!(target.has(need), Ok(()), "{need}");
    }
    let key = |kind, name: &str, line: &str, purpose: Option<&str>| {
        let (name, line) = (name.to_owned(), line.to_owned());
        Err(Reason::lacks(MissingKey { kind, name, line, purpose: purpose.map(str::to_owned) }))
    };
    for (need, kind, line) in [
        ("lists", KeyKind::Claim, "claims: [lists]"),
        ("users.reader", KeyKind::User, "users: { reader: { username: …, api-key: { env: … } } }"),
        ("sources.other", KeyKind::Source, "sources: { other: … }"),
        ("nonce-lifetime", KeyKind::NonceLifetime, "nonce-lifetime: 30s"),
    ] {
        assert_eq!(target.has(need), key(kind, need, line, None));
    }
    assert_eq!(
        target.has("list.short"),
        key(
            KeyKind::Parameter,
            "list.short",
            "parameters: { list: { short: … } }",
            Some("path of a list with 2 to 100 items; one or several")
        )
    );
    for need in ["document", "document.misspellings"] {
        assert_eq!(target.has(need).unwrap_err().missing_keys()[0].name, need);
    }
    assert!(matches!(target.has("everything"), Err(Reason::CaseError { .. })));
}

#[test]
fn a_proxy_hides_where_requests_come_from() {
    let sources = "sources: { allowed: 127.0.0.2 }\n";
    assert_eq!(target(sources).has("sources.allowed"), Ok(()));
    let hidden = target(&format!("{sources}proxy: environment\n")).has("sources.allowed");
    assert_eq!(hidden, Err(Reason::SourcesBehindProxy));
}

#[test]
fn templates_know_the_target() {
    let target = target(
        "limits: { rate: 5, window: 2m }\nnonce-lifetime: 1500ms\nsources: { other: 127.0.0.3 }\n\
         parameters: { g: 7, list: { long: '/{g}/l' }, entity: /e }\n",
    );
    let globals = target.globals();
    assert_eq!(globals["limits"], json!({ "page-maximum": 100, "rate": 5, "window": 120 }));
    assert_eq!(globals["base-url"], json!("https://example.com/api"));
    assert_eq!(globals["origin"], json!("https://example.com"));
    assert_eq!(globals["users"], json!({ "owner": { "username": "me" } }));
    assert_eq!(globals["sources"], json!({ "other": "127.0.0.3" }));
    assert_eq!((&globals["nonce-lifetime"], &globals["consistency-delay"]), (&json!("1500ms"), &json!("0s")));
    assert_eq!(globals["half-nonce-lifetime"], json!("750ms"));
    assert_eq!(globals["entities"], json!(["/e"]));
    assert_eq!(globals["forbidden-methods"], json!([]));
    let scope = Scope::new(Arc::new(globals), Uniques::new("t"));
    assert_eq!(scope.value(&json!("{lists}")).unwrap(), json!(["/7/l"]));
}

#[test]
fn objects_of_an_update_are_whole() {
    let target = target(
        "parameters: { document: { list: /l, unique: n, valid: { n: '{unique}', o: { a: 1, p: { x: 1, y: 2 }, q: [1] } }, \
         update: { n: m, o: { a: 2, p: { x: 3 } }, s: { t: 1 } } } }\n",
    );
    let update = &target.globals()["document"]["update"];
    assert_eq!(*update, json!({ "n": "m", "o": { "a": 2, "p": { "x": 3, "y": 2 }, "q": [1] }, "s": { "t": 1 } }));
}

#[test]
fn every_path_of_the_group_that_can_be_read_is_known() {
    let target = target(
        "parameters: { group: '7', other: '8', group-paths: ['/x/{group}/y'], lists: ['/groups/{group}/a', '/groups', \
         '/users/7'], entity: '/groups/7/a/1', list: { long: '/groups/{group}/a', filtered: '/groups/{group}/b?c=d' }, \
         limited: { path: '/groups/{other}/m', other: '/groups/{group}/m', free: '/groups/77/f' }, restricted: { path: \
         '/groups/{group}/r' } }\n",
    );
    let known = ["/x/{group}/y", "/groups/{group}/a", "/groups/7/a/1", "/groups/{group}/b", "/groups/{group}/m"];
    assert_eq!(target.globals()["group-paths"], json!(known));
    assert_eq!(self::target("").globals()["group-paths"], json!([]));
}

#[test]
fn a_long_id_of_the_group_is_known_wherever_it_stands() {
    let id = "5f0a6c2e9b1d4e0001aa0001";
    let target = target(&format!("parameters: {{ group: {id}, lists: [/libraries/{id}/books, /libraries] }}\n"));
    assert_eq!(target.globals()["group-paths"], json!([format!("/libraries/{id}/books")]));
}

#[test]
fn plain_addresses_are_tried_where_https_is_spoken() {
    let plain = |base: &str, more: &str| {
        let text = LEAST.replace("https://example.com/api/", base) + more;
        let target = load("t.yaml", &text, &mut |_| Ok("secret".into()), &mut |path| Err(path.to_owned())).unwrap();
        target.globals()["plain-addresses"].clone()
    };
    assert_eq!(plain("https://a.example/x", ""), json!(["http://a.example:443/x/", "http://a.example/x/"]));
    assert_eq!(plain("https://a.example:8443", ""), json!(["http://a.example:8443/"]));
    assert_eq!(
        plain("https://[::1]:8443", "plain-addresses: ['http://b.example/']"),
        json!(["http://b.example/", "http://[::1]:8443/"])
    );
}

#[test]
fn misspellings_are_made_from_members_and_are_none() {
    let made = |document: &str| {
        let text = format!("parameters: {{ document: {{ list: /d, unique: name, {document} }} }}\n");
        target(&text).globals()["document"]["misspellings"].clone()
    };
    assert_eq!(
        made("valid: { name: '{unique}', groupId: y, size: 1 }"),
        json!(["nae", "groupIdd", "Size", "_name", "groupId_"])
    );
    assert_eq!(made("valid: { name: '{unique}' }"), json!(["nae", "namee", "Name", "_name", "name_"]));
    assert_eq!(
        made("valid: { name: '{unique}' }, optional: { name: Name, value: 1 }, update: { nae: 1 }")[0],
        json!("atlaspecUnknown1")
    );
    assert_eq!(made("valid: { name: '{unique}' }, misspellings: [nmae]"), json!(["nmae"]));
}

#[test]
fn members_are_recased_to_what_is_no_member() {
    let made = |document: &str| {
        let text = format!("parameters: {{ document: {{ list: /d, unique: name, {document} }} }}\n");
        target(&text).globals()["document"]["recased"].clone()
    };
    assert_eq!(
        made("valid: { name: '{unique}', ID: y }, update: { size_gb: 1 }"),
        json!({ "name": "Name", "ID": "iD", "size_gb": "Size_gb" })
    );
    assert_eq!(made("valid: { name: '{unique}', Name: 2 }"), json!({ "name": "NAME", "Name": "NAME" }));
    assert_eq!(made("valid: { name: '{unique}', '1': x }"), json!({ "name": "Name", "1": "11" }));
    assert_eq!(made("valid: { name: '{unique}', b: 2 }, recased: { b: _b }"), json!({ "name": "Name", "b": "_b" }));
}

#[test]
fn what_a_run_creates_can_be_recognised() {
    let text = format!("{LEAST}parameters: {{ document: {{ list: /d, valid: {{ name: fixed }}, unique: name }} }}\n");
    let problems = load("t.yaml", &text, &mut |_| Ok("k".into()), &mut |path| Err(path.to_owned())).unwrap_err();
    let told: Vec<_> = problems.iter().map(|it| (it.source.line, it.source.column, it.message.as_str())).collect();
    let message = "`document.unique` names this member, and it has no `{unique}` in it, by which what a run creates is \
                   told from other things";
    assert_eq!(told, [(5, 52, message)]);
}

#[test]
fn politeness_is_read() {
    let target = target("failed-logins: { limit: 3, per: 1h }\nlimits: { rate: 50, scope: groups }\n");
    assert_eq!(target.failed_logins, Some(FailedLogins { limit: 3, per: Duration::from_hours(1) }));
    assert_eq!((target.limits.rate, target.limits.scope), (50, super::Scope::Groups));
}

#[test]
fn the_origin_is_scheme_host_and_port() {
    let target = target("");
    let same = |url: &str| target.same_origin(&Url::parse(url).unwrap());
    assert!(same("https://example.com:443/other"));
    for other in
        ["http://example.com/", "https://example.com:444/", "https://example.com.evil/", "https://user.example.com/"]
    {
        assert!(!same(other), "{other}");
    }
}

#[test]
fn each_kind_has_what_it_declares() {
    let target = target(
        "parameters: { group: '7', documents: { boats: { list: '/groups/{group}/boats', valid: { name: '{unique}' }, \
         unique: name, update: { a: 1 } }, entries: { list: /users/me/entries, valid: { ipAddress: '{unique-address}' } } }, \
         list: { short: ['/x', '/groups/{group}/y'] } }\n",
    );
    for need in ["document", "document.update", "documents.boats.update", "documents.boats.in-group", "list.short"] {
        assert_eq!(target.has(need), Ok(()), "{need}");
    }
    let missing = |need: &str| target.has(need).unwrap_err().missing_keys()[0].clone();
    assert_eq!(missing("documents.entries.in-group").name, "documents.entries.in-group");
    let line = "parameters: { documents: { entries: { update: … } } }";
    assert_eq!(missing("documents.entries.update").line, line);
    let globals = target.globals();
    assert_eq!(globals["documents"]["entries"]["volatile"], json!([]));
    assert!(globals["documents"]["boats"]["misspellings"].as_array().is_some_and(|names| names.len() == 5));
    assert_eq!(globals["lists"], json!(["/x", "/groups/{group}/y"]));
    assert_eq!(globals["group-paths"], json!(["/groups/{group}/y", "/groups/{group}/boats"]));
    assert_eq!(target.written_lists(), ["/groups/7/boats", "/users/me/entries"]);
}

#[test]
fn a_plain_target_cannot_conform() {
    assert_eq!(target("").notes(), Vec::<String>::new());
    let plain = Target { base_url: Url::parse("http://h/api").unwrap(), ..target("") };
    let why = "only an https target can conform, and http://h/api is plain http";
    assert_eq!(plain.cannot_conform().as_deref(), Some(why));
    assert_eq!(plain.notes(), [why]);
}

#[test]
fn a_member_that_stands_in_two_lists_is_explained() {
    let document = "parameters: { document: { list: /l, valid: { a: '{unique}' }, unique: a, \
                    unmodifiable: { updated: x, id: y }, volatile: [updated, seen] } }";
    let notes = target(document).notes();
    assert_eq!(
        notes,
        [
            "`updated` is in `document.unmodifiable` and in `document.volatile`: an update of it must be refused, and its \
          value is not compared"
        ]
    );
}

#[test]
fn a_window_is_long_enough_for_the_rate_chapter() {
    let refused = |more: &str| {
        let text = format!("{LEAST}{more}");
        let loaded = load("t.yaml", &text, &mut |_| Ok("secret".into()), &mut |path| Err(path.to_owned()));
        loaded.err().unwrap_or_default().into_iter().map(|problem| problem.help.unwrap_or_default()).collect::<Vec<_>>()
    };
    let claimed = |limits: &str| refused(&format!("claims: [rate-limits]\nlimits: {{ {limits} }}\n"));
    assert_eq!(claimed("window: 5s"), ["the shortest window that works for 100 requests is 6s"]);
    assert_eq!(claimed("window: 2s, rate: 10"), ["the shortest window that works for 10 requests is 3s"]);
    assert_eq!(claimed("rate: 5000"), ["the shortest window that works for 5000 requests is 180s"]);
    for fine in ["window: 6s", "window: 3s, rate: 10", "window: 60s", "rate: 1000"] {
        assert_eq!(claimed(fine), Vec::<String>::new(), "{fine}");
    }
    assert_eq!(refused("limits: { window: 1s }\n"), Vec::<String>::new(), "nobody counts requests there");
}
