//! `verify`: checks a certificate with a public key, offline.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::certificate::{self, Checked, Expected, Flaw, KeyError, PublicKey, Statement};
use crate::clock::Clock;
use crate::report::counted;
use crate::report::{self, visible};

use super::certificates::{artifact, digest, embedded_suite, instant, key_text};
use super::output::Output;
use super::{Failure, files};

/// The largest certificate.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  openssl pkey -in private.pem -pubout -out public.pem\n  \
    atlaspec verify certificate.html --key public.pem\n  \
    atlaspec verify certificate.json --key public.pem --artifact server.tar --format json\n\n\
    Exit codes:\n  0  good\n  1  not good; everything that is wrong is said\n  2  wrong usage or wrong files")]
pub(super) struct VerifyArgs {
    /// The certificate: the envelope, or the page that carries it
    #[arg(value_name = "CERTIFICATE")]
    certificate: PathBuf,
    /// Public Ed25519 key of whoever should have signed, in PEM, as `openssl pkey -pubout` makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The software that it must be about: a file, or `sha256:` and its digest
    #[arg(long, value_name = "FILE|sha256:…")]
    artifact: Option<String>,
    /// Digest of another suite than this program's that is accepted (repeatable)
    #[arg(long, value_name = "sha256:…", value_parser = digest)]
    suite_digest: Vec<String>,
    /// Check as of another time [default: now]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<DateTime<Utc>>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = VerifyFormat::Human)]
    format: VerifyFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VerifyFormat {
    Human,
    Json,
}

/// What a program reads.
#[derive(Serialize)]
struct Answer<'a> {
    good: bool,
    problems: &'a [Flaw],
    notes: &'a [String],
    key: String,
    /// What the key vouches for, whether or not it is good today.
    statement: Option<&'a Statement>,
}

pub(super) fn verify(args: &VerifyArgs, output: &Output) -> Result<ExitCode, Failure> {
    let of_key = |error: KeyError| Failure::Usage(format!("{}: {error}", args.key.display()));
    let key = PublicKey::from_pem(&key_text(&args.key)?).map_err(of_key)?;
    let text = files::read_at_most(&args.certificate, LARGEST)?;
    let mut suites = args.suite_digest.clone();
    suites.push(embedded_suite()?.0);
    let expected = Expected {
        now: args.at.unwrap_or_else(|| Clock::real().now()),
        suites,
        artifact: args.artifact.as_deref().map(artifact).transpose()?.map(|artifact| artifact.digest),
        page: report::certificate,
    };
    let checked = certificate::verify(&text, &key, &expected);
    output.result(&match args.format {
        VerifyFormat::Human => human(args, &checked, &key),
        VerifyFormat::Json => json(&checked, &key),
    })?;
    Ok(if checked.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn json(checked: &Checked, key: &PublicKey) -> String {
    let answer = Answer {
        good: checked.is_good(),
        problems: &checked.flaws,
        notes: &checked.notes,
        key: key.id(),
        statement: checked.statement.as_ref(),
    };
    serde_json::to_string_pretty(&answer).expect("names and numbers are JSON")
}

fn human(args: &VerifyArgs, checked: &Checked, key: &PublicKey) -> String {
    let name = args.certificate.display();
    let mut text = if checked.is_good() {
        format!("{name} is good\n")
    } else {
        format!("{name} is not good: {}\n", counted(checked.flaws.len(), "problem"))
    };
    // Writing to a `String` cannot fail.
    for flaw in &checked.flaws {
        let _ = writeln!(text, "  - {}", visible::line(&flaw.message));
    }
    for note in &checked.notes {
        let _ = writeln!(text, "  note: {}", visible::line(note));
    }
    if let Some(statement) = &checked.statement {
        let _ = writeln!(text, "\nsigned with the key {}:", key.id());
        for (name, value) in stated(statement) {
            let _ = writeln!(text, "  {name:<16}{}", visible::line(&value));
        }
    }
    text
}

/// What the signed statement says, in the order of the page.
fn stated(statement: &Statement) -> Vec<(&'static str, String)> {
    let (facts, predicate) = (statement.facts(), &statement.predicate);
    let (target, cases, requirements) = (&facts.target, &facts.cases, &facts.requirements);
    let time = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M UTC").to_string();
    let or_none = |texts: &[String]| if texts.is_empty() { "none".to_owned() } else { texts.join(", ") };
    let software = match statement.artifact() {
        Some((digest, Some(name))) => format!("{name}, sha256:{digest}"),
        Some((digest, None)) => format!("sha256:{digest}"),
        None => "not named".to_owned(),
    };
    let aside = cases.not_applicable + cases.not_selected;
    vec![
        ("target", format!("{} ({})", target.name, target.base_url)),
        ("software", software),
        ("class", facts.class.word().to_owned()),
        ("result", predicate.result.word().to_owned()),
        ("valid", format!("{} until {}", time(facts.validity.from), time(facts.validity.until))),
        ("claims", or_none(&target.claims)),
        ("left out", or_none(&target.claims_left_out)),
        ("writing", if facts.run.read_only { "not tried" } else { "judged as far as it is claimed" }.to_owned()),
        ("limits", or_none(&target.limits)),
        ("requirements", format!("{} hold", requirements.passed)),
        ("not followed", or_none(&requirements.not_followed)),
        ("not judged", or_none(&requirements.not_judged)),
        (
            "cases",
            format!(
                "{} passed, {} with warnings, {} with info, {aside} skipped",
                cases.passed, cases.warned, cases.observed
            ),
        ),
        ("judged", format!("{} by {} {}", time(facts.run.started), facts.tool.name, facts.tool.version)),
        ("suite", format!("{}, {}", facts.suite.name, facts.suite.digest)),
        ("stored run", facts.run.digest.clone()),
    ]
}
