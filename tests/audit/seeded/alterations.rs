//! Mistakes that one response shows, each made in a response that conforms.

use serde_json::{Value, json};

use super::traffic::{Kind, Sample, first_page, item, link};

/// A mistake: its name, the kind of exchange in which it is made, the requirements that it breaks, and how it is made.
pub(super) struct Alteration {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) breaks: &'static [&'static str],
    pub(super) make: fn(&mut Sample),
}

macro_rules! alterations {
    ($($kind:ident: $breaks:tt { $($name:literal: $make:expr,)+ })+) => {
        &[$($(Alteration { name: $name, kind: Kind::$kind, breaks: &$breaks, make: $make },)+)+]
    };
}

fn member(sample: &mut Sample, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = sample.body.pointer_mut(parent).expect("a place");
    parent[name] = value;
}

fn without(sample: &mut Sample, parent: &str, name: &str) {
    sample.body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").remove(name);
}

fn array<'a>(sample: &'a mut Sample, pointer: &str) -> &'a mut Vec<Value> {
    sample.body.pointer_mut(pointer).and_then(Value::as_array_mut).expect("an array")
}

fn header(sample: &mut Sample, name: &str, value: Option<&str>) {
    sample.headers.retain(|(known, _)| *known != name);
    if let Some(value) = value {
        let name =
            ["Content-Type", "WWW-Authenticate", "Allow"].into_iter().find(|known| *known == name).expect("a name");
        sample.headers.push((name, value.to_owned()));
    }
}

fn text(sample: &mut Sample, change: impl Fn(&str) -> String) {
    sample.text = Some(change(&sample.body.to_string()));
}

fn status(sample: &mut Sample, code: u16) {
    sample.status = code;
    member(sample, "/error", json!(code));
}

pub(super) const ALL: &[Alteration] = alterations! {
    Entity: ["fields.no-empty"] {
        "a member is null": |it| member(it, "/note", Value::Null),
        "a nested member is null": |it| member(it, "/members/0/note", Value::Null),
        "the id is null": |it| member(it, "/members/1/id", Value::Null),
    }
    Entity: ["dates.utc"] {
        "a date names no zone": |it| member(it, "/created", json!("2016-01-31T10:00:00")),
        "a date has an offset": |it| member(it, "/created", json!("2016-01-31T10:00:00+02:00")),
        "a date has the offset -00:00": |it| member(it, "/created", json!("2016-01-31T10:00:00-00:00")),
        "a date of another name has an offset": |it| member(it, "/seen", json!("2016-01-31T10:00:00.5-0800")),
        "a date in an array names no zone": |it| member(it, "/members/0/last", json!("20160131T100000")),
    }
    Entity: ["dates.iso-8601"] {
        "a date is not of the calendar": |it| member(it, "/created", json!("2016-13-45T10:00:00Z")),
        "a date is a number": |it| member(it, "/created", json!(1_454_234_400_000_u64)),
        "a date has a blank": |it| member(it, "/created", json!("2016-01-31 10:00:00")),
        "a date has slashes": |it| member(it, "/created", json!("01/31/2016")),
        "a date is of mail": |it| member(it, "/created", json!("Sun, 31 Jan 2016 10:00:00 GMT")),
        "a date has an hour too many": |it| member(it, "/created", json!("2016-01-31T25:00:00Z")),
    }
    Entity: ["links.in-body"] {
        "an entity has no links": |it| without(it, "", "links"),
    }
    Entity: ["links.shape"] {
        "links are an object": |it| member(it, "/links", json!({"self": "x"})),
        "a link has no href": |it| without(it, "/links/1", "href"),
        "a link has no rel": |it| without(it, "/links/1", "rel"),
        "an href is a number": |it| it.body["links"][1]["href"] = json!(3),
        "a link is a text": |it| array(it, "/links").push(json!("https://api.example.com")),
    }
    Entity: ["links.self-present"] {
        "an entity has no link self": |it| drop(array(it, "/links").remove(0)),
        "links are empty": |it| array(it, "/links").clear(),
    }
    Entity: ["links.two-fields"] {
        "a link has a third field": |it| it.body["links"][1]["title"] = json!("Hosts"),
    }
    Entity: ["links.extension-rel-is-uri"] {
        "a relation is a word of its own": |it| it.body["links"][1]["rel"] = json!("myHosts"),
    }
    Entity: ["links.self-is-own-url"] {
        "self leads to the list": |it| {
            let parent = it.path.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default();
            it.body["links"][0] = link("self", &parent);
        },
        "self leads to the group": |it| {
            let group = it.path.split("/clusters").next().unwrap_or_default().to_owned();
            it.body["links"][0] = link("self", &group);
        },
        "self leads to another id": |it| {
            let other = format!("{}9", it.path);
            it.body["links"][0] = link("self", &other);
        },
    }
    Entity: ["fields.unit-in-name"] {
        "a size has no unit": |it| member(it, "/diskSize", json!(10)),
        "a timeout has no unit": |it| member(it, "/timeout", json!(30)),
        "a retention has no unit": |it| without(it, "", "retentionUnit"),
        "a window has no unit": |it| member(it, "/backupWindow", json!(3)),
        "an expiry has no unit": |it| member(it, "/expireAfter", json!(3)),
    }
    Entity: ["entities.no-duplicate-members"] {
        "a member is named twice": |it| text(it, |body| body.replacen('{', r#"{"name":"x","#, 1)),
        "a nested member is named twice": |it| text(it, |body| body.replacen(r#"{"host""#, r#"{"host":"x","host""#, 1)),
    }
    Entity: ["pretty.compact-by-default"] {
        "a body is pretty unasked": |it| it.text = Some(format!("{:#}", it.body)),
        "a blank follows a comma": |it| text(it, |body| body.replacen(r#","name""#, r#", "name""#, 1)),
        "a line ends before the end": |it| text(it, |body| body.replacen("]}", "]\n}", 1)),
    }
    Entity: ["entities.are-json"] {
        "a body is cut off": |it| text(it, |body| body[..body.len() - 5].to_owned()),
        "a body has a comma too many": |it| text(it, |body| body.replace("]}", "],}")),
        "a body is empty": |it| it.text = Some(String::new()),
        "a body is labelled as a page": |it| header(it, "Content-Type", Some("text/html")),
        "a body is labelled as text": |it| header(it, "Content-Type", Some("text/plain; charset=utf-8")),
        "a body has no label": |it| header(it, "Content-Type", None),
        "a body is labelled Latin-1": |it| header(it, "Content-Type", Some("application/json; charset=iso-8859-1")),
    }
    Entity: ["methods.get-represents"] {
        "a GET answers 201": |it| it.status = 201,
        "a GET answers 202": |it| it.status = 202,
    }
    Entity: ["envelope.off-by-default"] {
        "an envelope comes unasked": |it| it.body = json!({"status": 200, "content": it.body}),
    }
    Snapshot: ["bson.shape"] {
        "a timestamp has three members": |it| member(it, "/lastOplog/ordinal", json!(1)),
        "a timestamp is written as in the database": |it| member(it, "/lastOplog", json!({"t": 1_454_234_400, "i": 3})),
        "a timestamp is written in another way": |it| member(it, "/lastOplog", json!({"$timestamp": {"t": 1, "i": 1}})),
    }
    Snapshot: ["bson.date-seconds"] {
        "a timestamp has a fraction": |it| member(it, "/lastOplog/date", json!("2016-01-31T10:00:00.000Z")),
        "a timestamp names no zone": |it| member(it, "/lastOplog/date", json!("2016-01-31T10:00:00")),
        "a timestamp has no seconds": |it| member(it, "/lastOplog/date", json!("2016-01-31T10:00Z")),
    }
    Snapshot: ["bson.increment-int32"] {
        "an increment is a text": |it| member(it, "/lastOplog/increment", json!("3")),
        "an increment has a fraction": |it| member(it, "/lastOplog/increment", json!(3.5)),
        "an increment has 33 bits": |it| member(it, "/lastOplog/increment", json!(1_u64 << 32)),
    }
    Page: ["lists.shape"] {
        "a list is an array alone": |it| it.body = it.body["results"].clone(),
        "a list has no total": |it| without(it, "", "totalCount"),
        "a total is a text": |it| member(it, "/totalCount", json!("40")),
        "a total is negative": |it| member(it, "/totalCount", json!(-1)),
    }
    Page: ["lists.size-honoured"] {
        "a page has an item too many": |it| {
            let path = it.path.clone();
            array(it, "/results").push(item(&path, 11));
        },
        "a page in the middle has an item too few": |it| drop(array(it, "/results").pop()),
    }
    Page: ["lists.total"] {
        "a total is less than what was seen": |it| member(it, "/totalCount", json!(7)),
    }
    Page: ["lists.previous-except-first"] {
        "page 2 has no previous": |it| drop(array(it, "/links").remove(1)),
    }
    Page: ["lists.next-except-last"] {
        "a page in the middle has no next": |it| drop(array(it, "/links").remove(2)),
        "the last page has a next": |it| member(it, "/totalCount", json!(10)),
    }
    Page: ["lists.self-always"] {
        "a page has no self": |it| drop(array(it, "/links").remove(0)),
        "self is another page": |it| it.body["links"][0] = link("self", &format!("{}?pageNum=3&itemsPerPage=5&status=up", it.path)),
        "self has another size": |it| it.body["links"][0] = link("self", &format!("{}?pageNum=2&itemsPerPage=9&status=up", it.path)),
    }
    Page: ["lists.walk-is-complete"] {
        "next skips a page": |it| it.body["links"][2] = link("next", &format!("{}?pageNum=4&itemsPerPage=5&status=up", it.path)),
        "next stands still": |it| it.body["links"][2] = link("next", &format!("{}?pageNum=2&itemsPerPage=5&status=up", it.path)),
        "previous stands still": |it| it.body["links"][1] = link("previous", &format!("{}?pageNum=2&itemsPerPage=5&status=up", it.path)),
    }
    Page: ["lists.links-keep-query"] {
        "next forgets the size": |it| it.body["links"][2] = link("next", &format!("{}?pageNum=3&status=up", it.path)),
        "next forgets the filter": |it| it.body["links"][2] = link("next", &format!("{}?pageNum=3&itemsPerPage=5", it.path)),
        "previous forgets the filter": |it| it.body["links"][1] = link("previous", &format!("{}?pageNum=1&itemsPerPage=5", it.path)),
    }
    Page: ["lists.only-paging-links"] {
        "a list links to its first page": |it| {
            let first = link("first", &format!("{}?pageNum=1&itemsPerPage=5&status=up", it.path));
            array(it, "/links").push(first);
        },
    }
    Page: ["links.member-has-only-self"] {
        "an item has a further link": |it| array(it, "/results/0/links").push(link("up", "/groups")),
        "an item has no link": |it| array(it, "/results/1/links").clear(),
    }
    Page: ["links.self-is-own-url"] {
        "an item leads to the list": |it| it.body["results"][0]["links"][0] = link("self", &it.path),
        "two items lead to one place": |it| it.body["results"][1]["links"] = it.body["results"][0]["links"].clone(),
    }
    Page: ["lists.bad-paging-parameter"] {
        "a page number of 0 is taken": |it| it.query = "?pageNum=0&itemsPerPage=5&status=up",
    }
    FirstPage: ["lists.previous-except-first"] {
        "page 1 has a previous": |it| {
            let previous = link("previous", &it.path);
            array(it, "/links").push(previous);
        },
    }
    FirstPage: ["lists.size-maximum"] {
        "a page holds 101 items": |it| it.body = first_page(&it.path, 101),
    }
    FirstPage: ["envelope.off-by-default"] {
        "a status stands in a list unasked": |it| member(it, "/status", json!(200)),
    }
    Missing: ["errors.document"] {
        "an error has no error": |it| without(it, "", "error"),
        "an error has no reason": |it| without(it, "", "reason"),
        "an error has no detail": |it| without(it, "", "detail"),
        "an error is a page": |it| it.text = Some("<html>not found</html>".to_owned()),
        "an error is empty": |it| it.text = Some(String::new()),
        "an error is an array": |it| it.body = json!([it.body]),
    }
    Missing: ["errors.three-fields"] {
        "an error has a fourth field": |it| member(it, "/errorCode", json!("NOT_FOUND")),
    }
    Missing: ["errors.three-fields", "fields.no-empty"] {
        "an error has a fourth field that is null": |it| member(it, "/parameters", Value::Null),
    }
    Missing: ["errors.error-is-status"] {
        "an error is a text": |it| member(it, "/error", json!("404")),
        "an error is another code": |it| member(it, "/error", json!(400)),
    }
    Missing: ["errors.reason-is-phrase"] {
        "a reason is another": |it| member(it, "/reason", json!("NOT_FOUND_X")),
        "a reason is of another code": |it| member(it, "/reason", json!("Bad Request")),
    }
    Missing: ["errors.detail-says-more"] {
        "a detail is empty": |it| member(it, "/detail", json!("")),
        "a detail is an object": |it| member(it, "/detail", json!({"a": 1})),
    }
    Missing: ["errors.detail-beyond-reason"] {
        "a detail is the reason": |it| member(it, "/detail", json!("Not Found")),
    }
    Missing: ["codes.never-5xx"] {
        "a server fails": |it| {
            status(it, 503);
            member(it, "/reason", json!("Service Unavailable"));
        },
    }
    Missing: ["codes.standard"] {
        "a code is not registered": |it| {
            status(it, 499);
            member(it, "/reason", json!("Client Closed Request"));
        },
    }
    Refused: ["auth.digest-challenge"] {
        "a challenge is missing": |it| header(it, "WWW-Authenticate", None),
        "a challenge has no nonce": |it| header(it, "WWW-Authenticate", Some(r#"Digest realm="r", qop="auth""#)),
        "a challenge has no realm": |it| header(it, "WWW-Authenticate", Some(r#"Digest nonce="n", qop="auth""#)),
    }
    Refused: ["auth.challenge-has-qop"] {
        "a challenge has no qop": |it| header(it, "WWW-Authenticate", Some(r#"Digest realm="r", nonce="n""#)),
    }
    Refused: ["auth.basic-refused"] {
        "Basic is offered": |it| header(it, "WWW-Authenticate", Some(r#"Digest realm="r", nonce="n", qop="auth", Basic realm="r""#)),
    }
    Forbidden: ["methods.405-lists-allowed"] {
        "a 405 has no Allow": |it| header(it, "Allow", None),
        "Allow names what was refused": |it| header(it, "Allow", Some("GET, DELETE")),
    }
    Enveloped: ["envelope.status"] {
        "a status is a text": |it| member(it, "/status", json!("200")),
        "a status is another": |it| member(it, "/status", json!(201)),
    }
    Enveloped: ["envelope.entity"] {
        "an envelope has a third member": |it| member(it, "/headers", json!({})),
        "an envelope is not there": |it| it.body = it.body["content"].clone(),
    }
    EnvelopedPage: ["envelope.list-adds-status"] {
        "a list has no status": |it| without(it, "", "status"),
        "a list comes inside an envelope": |it| {
            let mut list = it.body.clone();
            list.as_object_mut().expect("an object").remove("status");
            it.body = json!({"status": 200, "content": list});
        },
    }
    Pretty: ["pretty.spaced-on-request"] {
        "a body is compact though pretty was asked for": |it| text(it, str::to_owned),
        "a body has lines and no indentation": |it| it.text = Some(format!("{:#}", it.body).replace("  ", "")),
    }
    Created: ["links.in-body"] {
        "a created entity has no links": |it| without(it, "", "links"),
    }
    Created: ["links.self-present"] {
        "a created entity has no link self": |it| drop(array(it, "/links").remove(0)),
    }
    Created: ["envelope.off-by-default"] {
        "a created entity comes in an envelope": |it| it.body = json!({"status": 201, "content": it.body}),
    }
    Accepted: ["links.in-body"] {
        "an accepted change has no links": |it| without(it, "", "links"),
    }
    Accepted: ["links.self-is-own-url"] {
        "self of a changed entity leads to another id": |it| {
            let other = format!("{}9", it.path);
            it.body["links"][0] = link("self", &other);
        },
    }
    AddedTo: ["lists.shape"] {
        "a list that answers a write has no total": |it| without(it, "", "totalCount"),
    }
    AddedTo: ["links.member-has-only-self"] {
        "an item that answers a write has a further link": |it| {
            let further = link("up", "/groups");
            array(it, "/results/0/links").push(further);
        },
    }
    Created: ["entities.json-request-accepted"] {
        "JSON is refused for its type": |it| {
            it.status = 415;
            it.body = json!({"error": 415, "reason": "Unsupported Media Type", "detail": "Send something else."});
        },
    }
};
