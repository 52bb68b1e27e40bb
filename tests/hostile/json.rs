//! Bodies that are JSON, or nearly, and made to be judged badly.

use std::sync::Arc;

use crate::bench::{Ends, Row, battery, row};
use crate::site::{answer, json};

/// A row in which every answer behind the root has this body.
fn body(name: &'static str, ends: Ends, text: impl Into<Arc<[u8]>>) -> Row {
    let text = text.into();
    row(name, ends, move |_| json(&text))
}

fn bytes(text: impl Into<String>) -> Vec<u8> {
    text.into().into_bytes()
}

/// Terminal commands, NUL, directions of text and what is no character, in every string there is.
fn poison() -> String {
    let poison =
        r"\u001b[2J\u001b]0;owned\u0007\u0000\u009b31m\u202e\ufffe\ud83d\ude00</script><script>alert(1)</script>]]>";
    let link = format!(r#"{{"rel":"{poison}","href":"{poison}"}}"#);
    let item = format!(r#"{{"{poison}":"{poison}","links":[{link}]}}"#);
    format!(r#"{{"totalCount":"{poison}","results":[{item}],"links":[{link}],"error":"{poison}","reason":"{poison}"}}"#)
}

pub(crate) fn shapes() -> Vec<Row> {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let numbers = format!(
        r#"{{"totalCount":{},"results":[1e400,-1e-400,{}],"links":[{{"rel":"self","href":1}}],"error":99999999999999999999}}"#,
        "9".repeat(400),
        "1".repeat(10_000)
    );
    vec![
        body("JSON 10,000 deep", Ends::Undecided("the body nests too deeply to be judged"), bytes(deep)),
        body("objects 10,000 deep", Ends::Undecided("the body nests too deeply to be judged"), bytes(deep_objects)),
        // Numbers are read whatever their size; what is wrong is the link.
        body("numbers beyond 64 bits", Ends::Fails("expected an object with the strings rel and href"), bytes(numbers)),
        body(
            "a total beyond 64 bits",
            Ends::Fails(""),
            bytes(r#"{"totalCount":99999999999999999999999,"results":[],"links":[{"rel":"self","href":"/"}]}"#),
        ),
        body(
            "members given twice",
            Ends::Fails("$.totalCount"),
            bytes(r#"{"totalCount":1,"totalCount":2,"results":[],"results":[1],"links":[],"links":[]}"#),
        ),
        body(
            "surrogates that stand alone",
            Ends::Undecided("JSON that cannot be represented"),
            bytes(r#"{"a":"\ud800"}"#),
        ),
        body("terminal commands in every string", Ends::Fails(""), bytes(poison())),
        row("terminal commands in every error", Ends::Fails(""), |_| {
            answer("404 Not Found", "content-type: application/json\r\nx-a: b\tc\r\n", poison())
        }),
    ]
}

pub(crate) fn sizes() -> Vec<Row> {
    let items = |item: &str, count: usize| {
        let all = vec![item; count].join(",");
        bytes(format!(r#"{{"totalCount":{count},"results":[{all}],"links":[{{"rel":"self","href":"/"}}]}}"#))
    };
    let members: Vec<String> = (0..120_000).map(|number| format!(r#""m{number}":null,"#)).collect();
    let members = members.concat();
    let urls =
        format!(r#"{{"totalCount":250,"results":[],"links":[{{"rel":"next","href":"/{}"}}]}}"#, "u".repeat(1_000_000));
    vec![
        body("a million items", Ends::Undecided("more than 48 MiB of memory"), items(r#"{"a":1}"#, 1_000_000)),
        body("a million numbers", Ends::Undecided("more than 48 MiB of memory"), items("1", 1_000_000)),
        body(
            "120,000 members",
            Ends::Undecided("too many values to be judged"),
            bytes(format!("{{{members}\"z\":1}}")),
        ),
        body("a link of a megabyte", Ends::Fails(""), bytes(urls)),
        body(
            "a string of nearly two megabytes",
            Ends::Fails(""),
            bytes(format!(r#"{{"results":["{}"]}}"#, "\\u0000".repeat(300_000))),
        ),
        body("a name of a megabyte", Ends::Fails(""), bytes(format!(r#"{{"{}":null}}"#, "n".repeat(1_000_000)))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_strange_shapes() {
    battery(shapes()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_strange_sizes() {
    battery(sizes()).await;
}
