use super::*;
use proptest::prelude::*;

fn fault(text: &str) -> Option<(usize, &'static str)> {
    match scan(text.as_bytes()).fault {
        Some(Fault::NoJson { at, why }) => Some((at, why)),
        Some(Fault::Unclear { why }) if why.contains("too deeply") => Some((0, "too deep")),
        Some(Fault::Unclear { why }) if why.contains("too many") => Some((0, "too many")),
        Some(Fault::Unclear { why }) => panic!("{why}"),
        None => None,
    }
}

#[test]
fn json_has_no_fault() {
    for text in ["0", "-1.5e+3", "\"\\u0000\\n\"", "[]", "{}", "[[],{}]", r#"{"a":[1,true,null]}"#, " null "] {
        assert_eq!(fault(text), None, "{text}");
    }
}

#[test]
fn what_is_no_json_is_named_with_its_byte() {
    assert_eq!(fault(""), Some((0, "the end where a value is due")));
    assert_eq!(fault("<html>"), Some((0, "a character that begins no value")));
    assert_eq!(fault("{\"a\":1,}"), Some((7, "something other than a member's name")));
    assert_eq!(fault("[1,]"), Some((3, "a character that begins no value")));
    assert_eq!(fault("[1 2]"), Some((3, "something other than `,` or `]` after an element")));
    assert_eq!(fault("[1"), Some((2, "the end inside an array or object")));
    assert_eq!(fault("{\"a\" 1}"), Some((5, "something other than `:` after a member's name")));
    assert_eq!(fault("\"a\u{1}\""), Some((2, "a control character in a string")));
    assert_eq!(fault("\"a\0\""), Some((2, "a control character in a string")));
    assert_eq!(fault("\"\\x\""), Some((1, "an escape that JSON does not have")));
    assert_eq!(fault("\"a"), Some((2, "the end inside a string")));
    assert_eq!(fault("01"), Some((1, "a digit after a leading zero")));
    assert_eq!(fault("1."), Some((2, "a number without a digit where one is due")));
    assert_eq!(fault("nul"), Some((0, "a word that JSON does not have")));
    assert_eq!(fault("{} x"), Some((3, "text after the value")));
    assert_eq!(fault("\u{feff}{}"), Some((0, "a byte order mark")));
    assert_eq!(scan(b"{\"a\":\"\xff\"}").fault, Some(Fault::NoJson { at: 6, why: "a byte that is not UTF-8" }));
}

#[test]
fn ten_thousand_levels_do_not_break_the_stack() {
    assert_eq!(fault(&"[".repeat(10_000)), Some((0, "too deep")));
    assert_eq!(fault(&"{\"a\":".repeat(10_000)), Some((0, "too deep")));
}

#[test]
fn values_are_counted_wherever_they_stand() {
    let list = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    assert_eq!(fault(&list(VALUES - 1)), None);
    assert_eq!(fault(&list(VALUES)), Some((0, "too many")));
    let objects = format!("[{}]", vec![r#"{"a":[]}"#; VALUES / 2].join(","));
    assert_eq!(fault(&objects), Some((0, "too many")));
}

#[test]
fn repeated_members_are_found_whatever_their_escapes() {
    let found = scan(br#"{"a":{"b":1},"c":[{"x":1},{"x":1,"\u0078":2}]}"#);
    assert_eq!(found.repeated.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>(), ["$.c[1].x"]);
    assert_eq!(scan(br#"{"a":{"b":1},"b":{"b":1}}"#).repeated_count, 0);
}

#[test]
fn white_space_is_seen_outside_strings_only() {
    let space = |text: &str| scan(text.as_bytes()).first_space.map(|space| (space.at, space.place));
    assert_eq!(space("{\"a\":\" \\n \"}\n"), None);
    assert_eq!(space("{\"a\":1}\r\n"), None);
    assert_eq!(space("{\"a\":1}\n\n"), Some((7, "$".into())));
    assert_eq!(space("{\"links\":[{\"rel\": 1}]}"), Some((17, "$.links[0].rel".into())));
    assert_eq!(space(" {}"), Some((0, "$".into())));
    assert_eq!(space("{ \"a\":1}"), Some((1, "$".into())));
    assert_eq!(space("[{ \"\":1}]"), Some((2, "$[0]".into())));
    assert_eq!(space("{\"\": 1}"), Some((4, "$['']".into())));
}

#[test]
fn lines_and_indentation_are_told_apart() {
    let flags = |text: &str| {
        let scan = scan(text.as_bytes());
        (scan.breaks_lines, scan.indents)
    };
    assert_eq!(flags("{\n\t\"a\": 1\n}\n"), (true, true));
    assert_eq!(flags("{\n\"a\": 1\n}\n"), (true, false));
    assert_eq!(flags("{ \"a\": 1 }\n"), (false, false));
}

#[test]
fn long_texts_take_linear_time() {
    let names: Vec<String> = (0..90_000).map(|number| format!("\"n{}\":1", number % 45_000)).collect();
    let found = scan(format!("{{{}}}", names.join(",")).as_bytes());
    assert_eq!((found.repeated_count, found.repeated.len(), found.fault), (45_000, PLACES, None));
}

proptest! {
    #[test]
    fn agrees_with_serde_json(text in r#"[\[\]{}:,"\\ua0-9eE.+\- \n]{0,24}"#) {
        let ours = scan(text.as_bytes()).fault.is_none();
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(_) => prop_assert!(ours, "{text}"),
            // What is JSON's grammar and still no value to serde: numbers out of range, lone surrogates.
            Err(error) if error.to_string().contains("out of range") || error.to_string().contains("surrogate")
                || error.to_string().contains("hex escape") || error.to_string().contains("code point") => {}
            Err(error) => prop_assert!(!ours, "{text}: {error}"),
        }
    }

    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = scan(&bytes);
    }
}
