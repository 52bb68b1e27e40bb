//! `explain`: a requirement, case, invariant, fault or variation in full.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;

use crate::reference::{Fault, FaultInfo, Variation, VariationInfo};
use crate::suite::{Case, Effects, Invariant, Requirement, Suite};
use crate::verdict::Source;
use crate::yaml;

use super::Failure;
use super::explain_words;
use super::list::{level_word, strongest};
use super::output::Output;
use super::suite::CasesArgs;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec explain lists.total\n  atlaspec explain total-missing\n  \
    atlaspec explain lists            a chapter\n  atlaspec explain inconclusive     a word of reports\n  \
    atlaspec explain same-as          a key of case files\n  atlaspec explain list.long        a key of target files")]
pub(super) struct ExplainArgs {
    /// Id of a requirement, case or invariant; name of a fault, variation or chapter; word of reports or file formats
    id: String,
    #[command(flatten)]
    cases: CasesArgs,
}

pub(super) fn explain(args: &ExplainArgs, output: &Output) -> Result<ExitCode, Failure> {
    let suite = args.cases.load()?;
    // A result's id may carry loop variables.
    let id = args.id.split('[').next().unwrap_or(&args.id);
    let mut parts = Vec::new();
    parts.extend(suite.requirements.iter().filter(|it| it.id == id).map(|it| requirement(&suite, it)));
    parts.extend(suite.cases.iter().filter(|it| it.id == id).map(|it| case(&suite, it)));
    parts.extend(suite.invariants.iter().filter(|it| it.id == id).map(|it| invariant(&suite, it)));
    parts.extend(Fault::table().iter().filter(|it| it.name == id).map(|it| fault(&suite, it)));
    parts.extend(Variation::table().iter().filter(|it| it.name == id).map(variation));
    parts.extend(explain_words::chapter(&suite, id));
    parts.extend(explain_words::report_word(id));
    parts.extend(explain_words::format_word(id));
    if parts.is_empty() {
        return Err(Failure::Usage(unknown(&suite, id)));
    }
    output.result(&parts.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(suite: &Suite, id: &str) -> String {
    let ids = suite.requirements.iter().map(|it| &it.id);
    let ids = ids.chain(suite.cases.iter().map(|it| &it.id)).chain(suite.invariants.iter().map(|it| &it.id));
    let ids = ids.map(String::as_str).chain(Fault::table().iter().map(|it| it.name));
    let words = explain_words::words(suite);
    let ids = ids.chain(Variation::table().iter().map(|it| it.name)).chain(words.iter().map(String::as_str));
    let help = yaml::did_you_mean(id, ids).map(|help| format!(": {help}")).unwrap_or_default();
    format!("no requirement, case, invariant, fault, variation, chapter or word is called `{id}`{help}")
}

fn fault(suite: &Suite, it: &FaultInfo) -> String {
    let mut text = format!("{}: a fault of the reference server\n\n  {}\n\nViolates\n", it.name, it.description);
    for it in suite.requirements.iter().filter(|requirement| it.violates.contains(&requirement.id.as_str())) {
        let _ = writeln!(text, "  {} ({})\n      {}", it.id, level_word(it.level), it.statement);
    }
    let violates: Vec<String> = it.violates.iter().map(|&id| id.to_owned()).collect();
    text.push_str(&judges(suite, &violates));
    let _ = writeln!(text, "\nSee which case catches it\n  atlaspec selftest {}", it.name);
    let _ = writeln!(text, "\nTry it\n  atlaspec serve --tls --fault {}", it.name);
    text
}

/// The cases and invariants that judge one of these requirements.
fn judges(suite: &Suite, requirements: &[String]) -> String {
    let about = |ids: &[String]| ids.iter().any(|id| requirements.contains(id));
    let cases = suite.cases.iter().filter(|it| about(&it.requirements)).map(|it| (&it.id, &it.purpose));
    let invariants = suite.invariants.iter().filter(|it| about(&it.requirements)).map(|it| (&it.id, &it.purpose));
    let mut text = "\nJudged by\n".to_owned();
    for (id, purpose) in cases.chain(invariants) {
        let _ = writeln!(text, "  {id}\n      {purpose}");
    }
    text
}

fn variation(it: &VariationInfo) -> String {
    format!(
        "{}: a variation of the reference server\n\n  {}\n\n  aspect       {}\n  allowed by   {}\n\n\
         Try it\n  atlaspec serve --tls --variation {}\n",
        it.name, it.description, it.aspect, it.allowed_by, it.name
    )
}

fn requirement(suite: &Suite, it: &Requirement) -> String {
    let mut text = format!("{}: a requirement, {}\n\n  {}\n\n", it.id, level_word(it.level), it.statement);
    let _ = writeln!(text, "  source       {}", it.section);
    let _ = writeln!(text, "  stated at    {}", place(&it.source));
    text.push_str(&judges(suite, std::slice::from_ref(&it.id)));
    let faults: Vec<&FaultInfo> =
        Fault::table().iter().filter(|fault| fault.violates.contains(&it.id.as_str())).collect();
    if !faults.is_empty() {
        text.push_str("\nViolated by the faults\n");
    }
    for fault in faults {
        let _ = writeln!(text, "  {}\n      {}", fault.name, fault.description);
    }
    text
}

fn case(suite: &Suite, it: &Case) -> String {
    let level = level_word(strongest(suite, &it.requirements));
    let mut text = format!("{}: a case, {level}\n\n  {}\n\n", it.id, it.purpose);
    let _ = writeln!(text, "  chapter      {}", it.chapter);
    let _ = writeln!(text, "  stated at    {}", place(&it.source));
    if !it.needs.is_empty() {
        let _ = writeln!(text, "  needs        {}", it.needs.join(", "));
    }
    let effects = match it.effects {
        Effects::Reads => "it only reads",
        Effects::Writes => "it writes, and cleans up after itself",
    };
    let _ = writeln!(text, "  effects      {effects}");
    text.push_str(&requirements(suite, &it.requirements));
    text.push_str(&written(suite, &it.source));
    text
}

fn invariant(suite: &Suite, it: &Invariant) -> String {
    let level = level_word(strongest(suite, &it.requirements));
    let mut text = format!("{}: an invariant, {level}\n\n  {}\n\n", it.id, it.purpose);
    let _ = writeln!(text, "  chapter      {}", it.chapter);
    let _ = writeln!(text, "  stated at    {}", place(&it.source));
    text.push_str(&requirements(suite, &it.requirements));
    text.push_str(&written(suite, &it.source));
    text
}

fn requirements(suite: &Suite, ids: &[String]) -> String {
    let mut text = "\nRequirements\n".to_owned();
    for it in suite.requirements.iter().filter(|it| ids.contains(&it.id)) {
        let _ = writeln!(text, "  {} ({})\n      {}", it.id, level_word(it.level), it.statement);
    }
    text
}

/// The case as its author wrote it: its lines up to the next item of the list.
fn written(suite: &Suite, source: &Source) -> String {
    let Some((_, file)) = suite.files.iter().find(|(name, _)| *name == source.file) else {
        return String::new();
    };
    let mut lines = file.lines().skip(source.line.saturating_sub(1));
    let mut text = format!("\nAs written\n{}\n", lines.next().unwrap_or_default());
    for line in lines.take_while(|line| !line.starts_with("  - ") && (line.is_empty() || line.starts_with("  "))) {
        text.push_str(line);
        text.push('\n');
    }
    format!("{}\n", text.trim_end())
}

fn place(source: &Source) -> String {
    format!("{}:{}", source.file, source.line)
}
