use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::*;

/// Files by their paths; `./` before a path leads to the same file.
fn joined(files: &[(&str, &str)], tops: &[&str], settings: &[&str]) -> Result<Document, Vec<String>> {
    let files: BTreeMap<&Path, &str> = files.iter().map(|(path, text)| (Path::new(*path), *text)).collect();
    let mut read = |path: &Path| {
        let place: PathBuf = path.components().filter(|part| *part != std::path::Component::CurDir).collect();
        let text = files.get(place.as_path()).ok_or(Unreadable::File("no such file".to_owned()))?;
        Ok(Written { place, text: (*text).to_owned() })
    };
    let tops = tops.iter().map(|top| (PathBuf::from(top), read(Path::new(top)).unwrap())).collect();
    let settings: Vec<String> = settings.iter().map(|&text| text.to_owned()).collect();
    let line = |it: Problem| format!("{}:{}:{}: {}", it.source.file, it.source.line, it.source.column, it.message);
    join(tops, &settings, &mut read).map_err(|broken| broken.problems.into_iter().map(line).collect())
}

fn json(document: Result<Document, Vec<String>>) -> String {
    document.unwrap().tree().json().to_string()
}

#[test]
fn what_comes_later_is_laid_over_what_comes_before() {
    let files = [
        ("t.yaml", "extends: [b/one.yaml, two.yaml]\nname: t\nlimits: { rate: 3 }\n"),
        ("b/one.yaml", "extends: root.yaml\nlimits: { rate: 2, window: 60s }\nclaims: [lists]\n"),
        ("b/root.yaml", "name: root\nlimits: { rate: 1, page-maximum: 5 }\ntimeout: 1s\n"),
        ("two.yaml", "timeout: null\nclaims: [writes]\n"),
        ("o.yaml", "extends: p.yaml\nlimits: { page-maximum: 7 }\n"),
        ("p.yaml", "proxy: environment\n"),
    ];
    assert_eq!(
        json(joined(&files, &["t.yaml", "o.yaml"], &["limits.rate=9", "proxy=null", "limits.rate=8"])),
        r#"{"name":"t","limits":{"rate":8,"page-maximum":7,"window":"60s"},"claims":["writes"]}"#
    );
}

#[test]
fn places_lead_to_the_file_in_which_a_value_was_written() {
    let files =
        [("t.yaml", "extends: b/base.yaml\nlimits: { window: 1s }\n"), ("b/base.yaml", "\nlimits: { rate: 0 }\n")];
    let document = joined(&files, &["t.yaml"], &["name=x"]).unwrap();
    let rate = document.tree().get("limits").unwrap().get("rate").unwrap();
    assert_eq!((document.folder(rate.at), rate.at.line, rate.at.column), (Path::new("b"), 2, 17));
    assert_eq!(document.names(), ["t.yaml", "b/base.yaml", "--set name"]);
    assert_eq!((document.tree().at.text, document.folder(document.tree().get("name").unwrap().at)), (0, Path::new("")));
}

#[test]
fn a_circle_or_a_missing_file_is_told_where_it_is_named() {
    let said = |files: &[(&str, &str)]| joined(files, &["t.yaml"], &[]).map(|_| ()).unwrap_err();
    assert_eq!(
        said(&[("t.yaml", "name: t\nextends: ./t.yaml\n")]),
        ["t.yaml:2:10: `./t.yaml` is this file: it cannot extend itself"]
    );
    assert_eq!(
        said(&[
            ("t.yaml", "extends: a/b.yaml\n"),
            ("a/b.yaml", "extends: c.yaml\n"),
            ("a/c.yaml", "extends: [b.yaml]\n")
        ]),
        ["a/c.yaml:1:11: `b.yaml` extends this file: they go in a circle"]
    );
    assert_eq!(
        said(&[("t.yaml", "extends: [b.yaml, no.yaml, 7, {}]\n"), ("b.yaml", "a: [1\n")]),
        [
            "b.yaml:1:4: unclosed bracket '['",
            "t.yaml:1:19: `no.yaml` cannot be read: no such file",
            "t.yaml:1:28: expected the path of a target file",
            "t.yaml:1:31: expected the path of a target file",
        ]
    );
}

#[test]
fn a_file_may_be_extended_twice_and_the_same_key_be_set_twice() {
    let files = [
        ("t.yaml", "extends: [a.yaml, b.yaml]\n"),
        ("a.yaml", "extends: c.yaml\n"),
        ("b.yaml", "extends: c.yaml\n"),
        ("c.yaml", "name: c\n"),
    ];
    let document = joined(&files, &["t.yaml"], &["a=1", "a=2"]).unwrap();
    assert_eq!(document.names(), ["t.yaml", "a.yaml", "c.yaml", "b.yaml", "c.yaml", "--set a", "--set a (2)"]);
}

/// Joins files each of which extends the next one `times`.
fn in_a_row(count: usize, times: usize, size: usize) -> Result<Document, Vec<String>> {
    let name = |number: usize| format!("f{number}.yaml");
    let text = |number: usize| {
        let next = vec![name(number + 1); times].join(", ");
        let extends = if number + 1 < count { format!("extends: [{next}]\n") } else { String::new() };
        format!("{extends}# {}\n", "x".repeat(size))
    };
    let files: Vec<(String, String)> = (0..count).map(|number| (name(number), text(number))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    joined(&files, &["f0.yaml"], &[])
}

#[test]
fn the_number_depth_and_size_of_files_is_bounded() {
    assert!(in_a_row(DEEPEST, 1, 0).is_ok());
    assert_eq!(
        in_a_row(DEEPEST + 2, 1, 0).unwrap_err(),
        ["f7.yaml:1:11: more than 8 files extend each other in a row"]
    );
    let many = in_a_row(DEEPEST, 20, 0).unwrap_err();
    assert!(many.len() == 1 && many[0].ends_with("a target file of more than 32 files"), "{many:?}");
    let (started, names) = (Instant::now(), "no.yaml, ".repeat(20_000));
    let missing = joined(&[("t.yaml", &format!("extends: [{names}]\n"))], &["t.yaml"], &[]).map(|_| ()).unwrap_err();
    assert_eq!(missing.len(), MOST_FILES);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    let large = in_a_row(6, 1, 250_000).unwrap_err();
    assert!(large[0].contains("more than 1048576 bytes"), "{large:?}");
}

#[test]
fn large_files_are_joined_in_little_time() {
    let keys: Vec<String> = (0..20_000).map(|number| format!("k{number}: {number}\n")).collect();
    let keys = keys.concat();
    let text = format!("extends: b.yaml\n{keys}");
    let started = Instant::now();
    let document = joined(&[("t.yaml", &text), ("b.yaml", &keys)], &["t.yaml"], &[]).unwrap();
    assert_eq!(document.tree().entries().len(), 20_000);
    // Each key against each other would be 400 million comparisons.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
