//! `earl.jsonld`: the run in the Evaluation and Report Language of the W3C, for registries of conformance.
//!
//! An assertion for each requirement and for each case. The context stands in the document: reading it needs no
//! network.

use serde_json::{Value, json};

use super::{labels, unjudged, view, visible};
use crate::record::{CaseResult, Outcome, RequirementResult, RequirementVerdict, Run};
use crate::verdict::Level;

const ASSERTOR: &str = "urn:atlaspec:tool";
const SUBJECT: &str = "urn:atlaspec:target";

/// The run as JSON-LD.
pub(super) fn render(run: &Run) -> String {
    let mut graph = vec![assertor(run), subject(run)];
    let date = run.started.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    if let Some(told) = unjudged::sentence(run) {
        let test = urn("case", unjudged::SUITE);
        graph.push(json!({ "@id": test, "@type": "earl:TestCase", "title": unjudged::SUITE, "description": told }));
        graph.push(assertion(&test, "earl:cantTell", &told, &date));
    }
    for requirement in &run.requirements {
        graph.push(criterion(requirement));
        let info = visible::line(&format!("{}: {}", labels::level(requirement.level), words_of(requirement)));
        graph.push(assertion(&urn("requirement", &requirement.id), of_requirement(requirement), &info, &date));
    }
    for result in &run.results {
        graph.push(test_case(result));
        let info = visible::line(&told(result, &run.target.base_url));
        graph.push(assertion(&urn("case", &result.id), of_case(result.verdict), &info, &date));
    }
    format!("{:#}\n", json!({ "@context": context(), "@graph": graph }))
}

fn context() -> Value {
    json!({
        "earl": "http://www.w3.org/ns/earl#",
        "dct": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "assertedBy": { "@id": "earl:assertedBy", "@type": "@id" },
        "subject": { "@id": "earl:subject", "@type": "@id" },
        "test": { "@id": "earl:test", "@type": "@id" },
        "mode": { "@id": "earl:mode", "@type": "@id" },
        "result": { "@id": "earl:result" },
        "outcome": { "@id": "earl:outcome", "@type": "@id" },
        "info": { "@id": "earl:info" },
        "title": { "@id": "dct:title" },
        "description": { "@id": "dct:description" },
        "date": { "@id": "dct:date", "@type": "xsd:dateTime" },
        "hasVersion": { "@id": "dct:hasVersion" },
        "identifier": { "@id": "dct:identifier" },
        "isPartOf": { "@id": "dct:isPartOf", "@type": "@id" },
    })
}

fn assertor(run: &Run) -> Value {
    let version = format!("{}, suite {} ({})", run.tool.version, run.suite.name, run.suite.digest);
    json!({
        "@id": ASSERTOR,
        "@type": ["earl:Assertor", "earl:Software"],
        "title": run.tool.name,
        "hasVersion": version,
    })
}

fn subject(run: &Run) -> Value {
    json!({
        "@id": SUBJECT,
        "@type": "earl:TestSubject",
        "title": visible::line(&run.target.name),
        "identifier": visible::line(&run.target.base_url),
        "description": labels::meaning(run),
    })
}

fn criterion(requirement: &RequirementResult) -> Value {
    json!({
        "@id": urn("requirement", &requirement.id),
        "@type": "earl:TestRequirement",
        "title": visible::line(&requirement.id),
        "description": visible::line(&requirement.statement),
    })
}

fn test_case(result: &CaseResult) -> Value {
    let requirements: Vec<String> = result.requirements.iter().map(|id| urn("requirement", id)).collect();
    json!({
        "@id": urn("case", &result.id),
        "@type": "earl:TestCase",
        "title": visible::line(&result.id),
        "description": visible::line(&result.purpose),
        "isPartOf": requirements,
    })
}

fn assertion(test: &str, outcome: &str, info: &str, date: &str) -> Value {
    json!({
        "@type": "earl:Assertion",
        "assertedBy": ASSERTOR,
        "subject": SUBJECT,
        "test": test,
        "mode": "earl:automatic",
        "result": { "@type": "earl:TestResult", "outcome": outcome, "info": info, "date": date },
    })
}

/// A name that holds nothing a URI may not hold.
fn urn(kind: &str, id: &str) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("urn:atlaspec:{kind}:{id}")
}

/// A permission that is not used is no failure.
fn of_requirement(requirement: &RequirementResult) -> &'static str {
    match requirement.verdict {
        RequirementVerdict::Pass => "earl:passed",
        RequirementVerdict::Fail if requirement.level == Level::May => "earl:inapplicable",
        RequirementVerdict::Fail => "earl:failed",
        RequirementVerdict::Inconclusive => "earl:cantTell",
        RequirementVerdict::NotApplicable => "earl:inapplicable",
        RequirementVerdict::NotSelected => "earl:untested",
    }
}

fn of_case(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "earl:passed",
        Outcome::Fail | Outcome::Warn => "earl:failed",
        Outcome::Defect | Outcome::Flaky | Outcome::Inconclusive => "earl:cantTell",
        Outcome::Observed | Outcome::NotApplicable => "earl:inapplicable",
        Outcome::NotSelected => "earl:untested",
    }
}

fn words_of(requirement: &RequirementResult) -> &'static str {
    labels::requirement(requirement.verdict)
}

fn told(result: &CaseResult, base_url: &str) -> String {
    match result.verdict {
        Outcome::Pass => labels::outcome(result.verdict).to_owned(),
        outcome => format!("{}: {}", labels::outcome(outcome), view::headline(result, base_url)),
    }
}
