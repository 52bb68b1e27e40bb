//! Target files that extend others, overlays, and settings of the command line.

use std::fs;

use crate::bench::{Said, atlaspec, folder, refused, say, write, write_secret};

const BASE: &str = "\
base-url: http://127.0.0.1:9/api
tls: { ca: ca.pem }
users:
  owner: { username: o, api-key: { file: owner.key } }
  reader: { username: r, api-key: { env: PATH }, role: read-only }
limits: { rate: 7, page-maximum: 50 }
claims: [lists]
parameters: { group: g1, list: { long: '/groups/{group}/long' } }
";

const STAGING: &str = "\
extends: base/common.yaml
name: staging
tls: null
users:
  reader: null
limits: { rate: 9 }
claims: [lists, pretty]
parameters: { list: { short: /short } }
";

/// A folder with a target file, and what it extends.
fn layered() -> tempfile::TempDir {
    let dir = folder();
    write(dir.path(), "base/common.yaml", BASE);
    write_secret(dir.path(), "base/owner.key", "k");
    write(dir.path(), "staging.yaml", STAGING);
    dir
}

#[test]
fn a_target_file_is_joined_from_its_layers_and_printed_as_one() {
    let dir = layered();
    write(dir.path(), "more/over.yaml", "timeout: 5s\nusers: { second: { username: s, api-key: { file: s.key } } }\n");
    let layers =
        ["--overlay", "more/over.yaml", "--set", "limits.page-maximum=null", "--set", "parameters.group=680841e1"];
    let joined = |command: &[&str]| say(dir.path(), &[command, &layers[..]].concat());
    let said = joined(&["check", "--resolved", "staging.yaml"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let expected = "\
# Joined from staging.yaml, base/common.yaml, more/over.yaml, --set limits.page-maximum, --set parameters.group.
base-url: \"http://127.0.0.1:9/api\"
users:
  owner:
    username: \"o\"
    api-key: { file: \"base/owner.key\" }
  second:
    username: \"s\"
    api-key: { file: \"more/s.key\" }
limits:
  rate: 9
claims: [\"lists\", \"pretty\"]
parameters:
  group: 680841e1
  list:
    long: \"/groups/{group}/long\"
    short: \"/short\"
name: \"staging\"
timeout: \"5s\"
";
    assert_eq!(said.out, expected);
    let elsewhere = say(dir.path(), &["check", "--resolved", "staging.yaml", "--set", "users.owner.api-key.env=PATH"]);
    assert!(
        elsewhere.out.contains("api-key: { env: \"PATH\" }"),
        "the place of a key is replaced whole: {elsewhere:?}"
    );
    // What is printed is a target file that says the same.
    write(dir.path(), "one.yaml", &said.out);
    let lacks = |said: Said| said.out.replace("one.yaml", "staging.yaml");
    assert_eq!(lacks(say(dir.path(), &["check", "one.yaml"])), lacks(joined(&["check", "staging.yaml"])));
}

#[test]
fn what_is_wrong_is_told_where_it_was_written() {
    let dir = layered();
    write(dir.path(), "base/common.yaml", BASE.replace("page-maximum: 50", "page-maximum: 0"));
    write(dir.path(), "over.yaml", "limits:\n  window: 7s\n");
    write(dir.path(), "circle.yaml", "name: c\nextends: [staging.yaml, ./circle.yaml]\n");
    write(dir.path(), "missing.yaml", "name: c\nextends: no/base.yaml\n");
    let wrong: [(&[&str], &[&str]); 6] = [
        (&["staging.yaml"], &["base/common.yaml:6:34", "found `0`", "page-maximum: 0"]),
        (
            &["staging.yaml", "--overlay", "over.yaml"],
            &["over.yaml:2:11", "a divisor or a multiple", "2 problems in 2 files"],
        ),
        (
            &["staging.yaml", "--set", "limits.page-maximum=5", "--set", "limits.rat=5"],
            &["--set limits.rat:1:8", "limits.rat=5", "did you mean `rate`?", "1 problem in 1 file"],
        ),
        (&["staging.yaml", "--set", "limits"], &["--set:1:1", "no `=`", "write it as `--set limits.rate=50`"]),
        (&["circle.yaml"], &["circle.yaml:2:25", "it cannot extend itself"]),
        (
            &["missing.yaml"],
            &["missing.yaml:2:10", "`no/base.yaml` cannot be read", "relative to the folder of the file"],
        ),
    ];
    for (arguments, says) in wrong {
        refused(dir.path(), &[&["check"], arguments].concat(), 2, says);
        refused(dir.path(), &[&["run", "--target"], arguments].concat(), 2, says);
    }
    // A member cannot be removed where no file has it.
    refused(dir.path(), &["check", "staging.yaml", "--set", "limits.window=null"], 2, &["--set limits.window:1:15"]);
}

#[test]
fn a_file_beside_the_one_that_extends_it_need_not_be_complete() {
    let dir = layered();
    let both = ["check", "base/common.yaml", "staging.yaml"];
    let said = say(dir.path(), &both);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("no problems: 2 target files\n"), "{said:?}");
    refused(dir.path(), &["check", "base/common.yaml"], 2, &["a target file needs `name`"]);
    // What is wrong in it is still found, through the one that extends it.
    write(dir.path(), "base/common.yaml", format!("{BASE}limitz: {{}}\n"));
    refused(dir.path(), &both, 2, &["base/common.yaml:9:1", "did you mean `limits`?", "1 problem in 1 file"]);
}

#[test]
fn every_command_that_takes_a_target_file_takes_its_layers() {
    let dir = layered();
    refused(dir.path(), &["cleanup", "--target", "staging.yaml", "--set", "name=3rd"], 2, &["reports/3rd"]);
    let said = say(dir.path(), &["run", "--target", "staging.yaml", "--set", "name=other"]);
    // The key was found beside the file that names it: nothing is wrong but that nobody answers.
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(dir.path().join("reports/other/report.html").exists() && !dir.path().join("reports/staging").exists());
    let run = fs::read_to_string(dir.path().join("reports/other/run.json")).unwrap();
    assert!(run.contains("\"name\": \"other\""), "{run}");
    let dry =
        say(dir.path(), &["run", "--target", "staging.yaml", "--dry-run", "--format", "json", "--set", "name=dry"]);
    assert!(dry.out.contains("\"name\": \"dry\""), "{dry:?}");
}

#[test]
fn settings_come_from_the_environment_too_and_only_beside_a_target_file() {
    let dir = layered();
    let with = |arguments: &[&str]| -> Said {
        let mut command = atlaspec(dir.path(), arguments);
        command.env("ATLASPEC_SET", "limits.rate=11\nname=from-environment").output().unwrap().into()
    };
    let said = with(&["check", "--resolved", "staging.yaml"]);
    assert!(said.out.contains("\n  rate: 11\n") && said.out.contains("name: \"from-environment\""), "{said:?}");
    let said = with(&["run", "--dry-run", "lists.*"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    refused(dir.path(), &["run", "--set", "name=x"], 2, &["--target <FILE>"]);
    refused(dir.path(), &["check", "--resolved"], 2, &["--resolved needs one target file"]);
}

#[test]
fn a_key_in_a_setting_is_refused_and_not_repeated() {
    let dir = layered();
    for setting in [
        "users.owner.api-key=s3cret",
        "users.owner.api-key.key=s3cret",
        "users.owner={ username: o, api-key: s3cret }",
        "users.owner={ username: o, 'api-key': s3cret }",
        "users={ owner: { username: o, \"api-key\": [s3cret] } }",
    ] {
        let said = say(dir.path(), &["check", "--resolved", "staging.yaml", "--set", setting]);
        assert_eq!(said.code, Some(2), "{setting}: {said:?}");
        assert!(said.err.contains("--set users") && !said.err.contains("s3cret"), "{setting}: {said:?}");
    }
}
