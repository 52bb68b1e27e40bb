//! A sample of the selftest: deliberate faults of several chapters are caught for the right reason, and exit codes say
//! so.

use std::process::Command;

use atlaspec::record::Proof;

/// One subtle mistake each of paging, envelopes, writes, links and the root.
const SAMPLE: [&str; 5] = ["total-of-page", "put-merges", "root-leads-nowhere", "post-stores-nothing", "allow-missing"];

#[test]
fn a_sample_of_faults_is_caught_for_the_right_reason() {
    let reports = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_atlaspec"))
        .arg("selftest")
        .args(SAMPLE)
        .arg("--reports")
        .arg(reports.path())
        .output()
        .expect("the binary runs");
    let told = String::from_utf8_lossy(&output.stdout);
    let json = std::fs::read_to_string(reports.path().join("selftest.json")).expect("selftest.json is written");
    let proof: Proof = serde_json::from_str(&json).expect("a proof");
    assert_eq!(proof.false_alarms, Vec::<String>::new());
    assert_eq!(proof.faults.len(), SAMPLE.len(), "{told}");
    for fault in &proof.faults {
        assert!(fault.caught_for_the_right_reason, "{}: {told}", fault.name);
        assert!(fault.named.contains(&fault.violates[0]), "{} is named under {:?}", fault.name, fault.named);
        assert!(fault.named.len() <= 4, "{} is named under {:?}", fault.name, fault.named);
    }
    assert_eq!(output.status.code(), Some(0), "{told}");
}

#[test]
fn a_fault_that_does_not_exist_is_wrong_usage() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_atlaspec")).args(["selftest", "no-such-fault"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-fault"));
}
