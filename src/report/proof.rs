//! A selftest for people: what is not caught, what is not proven, and how well faults are told apart.

use std::fmt::Write as _;

use super::paint::Colour;
use super::{Detail, labels, visible};
use crate::record::{FaultProof, Proof};

/// The most requirements under which a fault may be named without being listed, unless everything is wanted.
const FEW: usize = 3;

/// The matrix in short: whatever is not as it should be by name, and the counts.
pub fn console(proof: &Proof, colour: Colour, detail: Detail) -> String {
    let mut text = String::new();
    section(&mut text, colour, "False alarms on the faultless server", &proof.false_alarms);
    let missed = proof.faults.iter().filter(|fault| !fault.caught_for_the_right_reason);
    section(&mut text, colour, "Faults not caught by a case of a requirement that they break", missed.map(missed_line));
    section(&mut text, colour, "Cases that no fault makes fail", &proof.unproven_cases);
    if detail == Detail::Everything {
        let expectations = proof.unproven_expectations.iter().map(labels::place);
        section(&mut text, colour, "Expectations that no fault makes fail", expectations);
    }
    let few = if detail == Detail::Everything { 1 } else { FEW };
    let smeared = proof.faults.iter().filter(|fault| fault.named.len() > few);
    section(&mut text, colour, "Faults named under several requirements", smeared.map(smeared_line));
    text.push_str(&summary(proof));
    let verdict = if proof.holds() { "The suite is proven." } else { "The suite is not proven." };
    let _ = writeln!(text, "{}", colour.bold(verdict));
    text
}

/// The same for a page: every fault with what catches it.
pub fn markdown(proof: &Proof) -> String {
    let of = if proof.complete { "Every deliberate fault" } else { "Only some of the deliberate faults" };
    let mut text = format!("# Selftest\n\n{of} of the reference server, and the cases that catch each.\n\n");
    text.push_str(&summary(proof));
    text.push_str("\n| fault | breaks | what the server does | caught by | named under |\n|---|---|---|---|---|\n");
    for fault in &proof.faults {
        let caught = if fault.caught_by.is_empty() { "**nothing**".to_owned() } else { fault.caught_by.join(", ") };
        let about = fault.violates.first().map_or("", String::as_str);
        let named = fault.named.join(", ");
        let _ = writeln!(text, "| {} | {about} | {} | {caught} | {named} |", fault.name, fault.description);
    }
    for (title, lines) in [("Unproven cases", &proof.unproven_cases), ("False alarms", &proof.false_alarms)] {
        let _ = writeln!(text, "\n## {title}\n\n{}", if lines.is_empty() { "None." } else { "" });
        for line in lines {
            let _ = writeln!(text, "- {line}");
        }
    }
    let _ = writeln!(text, "\n## Unproven expectations\n");
    for source in &proof.unproven_expectations {
        let _ = writeln!(text, "- {}", labels::place(source));
    }
    text
}

fn section<T: AsRef<str>>(text: &mut String, colour: Colour, title: &str, lines: impl IntoIterator<Item = T>) {
    let lines: Vec<String> = lines.into_iter().map(|line| visible::line(line.as_ref())).collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}: {}", colour.bold(title), lines.len());
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text.push('\n');
}

fn missed_line(fault: &FaultProof) -> String {
    let instead = match fault.also_failed.as_slice() {
        [] if fault.inconclusive > 0 => format!("{} inconclusive", fault.inconclusive),
        [] => "nothing failed".to_owned(),
        failed => format!("failed instead: {}", failed.join(", ")),
    };
    format!("{} ({}; breaks {}): {instead}", fault.name, fault.description, fault.violates.join(", "))
}

fn smeared_line(fault: &FaultProof) -> String {
    format!("{}: {} ({})", fault.name, fault.named.len(), fault.named.join(", "))
}

fn summary(proof: &Proof) -> String {
    let caught = proof.faults.iter().filter(|fault| fault.caught_for_the_right_reason).count();
    let proven = proof.expectations - proof.unproven_expectations.len();
    let (median, most) = proof.localisation();
    let mut text = format!(
        "{caught} of {} caught for the right reason, {}\n\
         {} named under a requirement that they break; under {} (median), at most {most}\n",
        labels::count(proof.faults.len(), "fault"),
        labels::count(proof.false_alarms.len(), "false alarm"),
        proof.rightly_named(),
        labels::count(median, "requirement"),
    );
    if proof.complete {
        let unproven = labels::count(proof.unproven_cases.len(), "unproven case");
        let _ = writeln!(text, "{unproven}, {proven} of {} proven", labels::count(proof.expectations, "expectation"));
    } else {
        text.push_str("this is a part of the faults, so it says nothing about unproven cases\n");
    }
    text
}
