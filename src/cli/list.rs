//! `list`: cases, requirements, and what the reference server can do otherwise, a line each.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::id_pattern::IdPattern;
use crate::reference::{Fault, FaultInfo, Variation, VariationInfo};
use crate::suite::{Case, Effects, Invariant, Requirement, Suite};
use crate::verdict::Level;

use super::Failure;
use super::output::Output;
use super::suite::CasesArgs;

/// Arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec list cases 'lists.*'\n  atlaspec list requirements --format json")]
pub(super) struct ListArgs {
    /// What to list
    #[arg(value_enum)]
    kind: Kind,
    /// Only ids that match one of these globs
    filters: Vec<String>,
    #[command(flatten)]
    cases: CasesArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Cases,
    Requirements,
    /// Mistakes that the reference server can make
    Faults,
    /// Conforming behaviour that the reference server can show
    Variations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Human,
    Json,
}

/// One line: an id, short columns, and a sentence.
struct Row {
    id: String,
    columns: Vec<&'static str>,
    sentence: String,
    json: Value,
}

pub(super) fn list(args: &ListArgs, output: &Output) -> Result<ExitCode, Failure> {
    let suite = args.cases.load()?;
    let patterns = patterns(&args.filters)?;
    let mut rows = match args.kind {
        Kind::Cases => case_rows(&suite),
        Kind::Requirements => suite.requirements.iter().map(requirement_row).collect(),
        Kind::Faults => Fault::table().iter().map(fault_row).collect(),
        Kind::Variations => Variation::table().iter().map(variation_row).collect(),
    };
    rows.retain(|row| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&row.id)));
    if rows.is_empty() {
        return Err(Failure::Usage(format!("nothing matches `{}`", args.filters.join("` or `"))));
    }
    output.result(&match args.format {
        ListFormat::Human => human(&rows),
        ListFormat::Json => format!("{:#}", Value::Array(rows.into_iter().map(|row| row.json).collect())),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The patterns that filters hold.
pub(super) fn patterns(filters: &[String]) -> Result<Vec<IdPattern>, Failure> {
    let bad = |filter: &String, error| Failure::Usage(format!("`{filter}` is not a pattern of ids: {error}"));
    filters.iter().map(|filter| IdPattern::new(filter).map_err(|error| bad(filter, error))).collect()
}

fn case_rows(suite: &Suite) -> Vec<Row> {
    let mut rows: Vec<Row> = suite.cases.iter().map(|case| case_row(suite, case)).collect();
    rows.extend(suite.invariants.iter().map(|invariant| invariant_row(suite, invariant)));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

fn case_row(suite: &Suite, case: &Case) -> Row {
    let level = level_word(strongest(suite, &case.requirements));
    let effects = match case.effects {
        Effects::Reads => "reads",
        Effects::Writes => "writes",
    };
    Row {
        id: case.id.clone(),
        columns: vec![level, effects],
        sentence: case.purpose.clone(),
        json: json!({
            "id": case.id, "kind": "case", "chapter": case.chapter, "level": level, "effects": effects,
            "purpose": case.purpose, "requirements": case.requirements, "needs": case.needs,
            "source": case.source,
        }),
    }
}

fn invariant_row(suite: &Suite, invariant: &Invariant) -> Row {
    let level = level_word(strongest(suite, &invariant.requirements));
    Row {
        id: invariant.id.clone(),
        columns: vec![level, "always"],
        sentence: invariant.purpose.clone(),
        json: json!({
            "id": invariant.id, "kind": "invariant", "chapter": invariant.chapter, "level": level,
            "purpose": invariant.purpose, "requirements": invariant.requirements, "source": invariant.source,
        }),
    }
}

fn requirement_row(requirement: &Requirement) -> Row {
    Row {
        id: requirement.id.clone(),
        columns: vec![level_word(requirement.level)],
        sentence: requirement.statement.clone(),
        json: json!({
            "id": requirement.id, "level": requirement.level, "statement": requirement.statement,
            "section": requirement.section,
        }),
    }
}

fn fault_row(info: &FaultInfo) -> Row {
    Row {
        id: info.name.to_owned(),
        columns: Vec::new(),
        sentence: info.description.to_owned(),
        json: json!({ "name": info.name, "violates": info.violates, "description": info.description }),
    }
}

fn variation_row(info: &VariationInfo) -> Row {
    Row {
        id: info.name.to_owned(),
        columns: Vec::new(),
        sentence: info.description.to_owned(),
        json: json!({
            "name": info.name, "aspect": info.aspect, "description": info.description, "allowed-by": info.allowed_by,
        }),
    }
}

fn human(rows: &[Row]) -> String {
    let widest = rows.iter().map(|row| row.id.len()).max().unwrap_or_default();
    let line = |row: &Row| {
        let columns = row.columns.iter().fold(String::new(), |text, word| text + &format!("{word:<7}"));
        format!("{:<widest$}  {columns} {}\n", row.id, row.sentence)
    };
    rows.iter().map(line).collect()
}

/// The strongest level of some requirements.
pub(super) fn strongest(suite: &Suite, ids: &[String]) -> Level {
    let levels = suite.requirements.iter().filter(|it| ids.contains(&it.id)).map(|it| it.level);
    levels.max().unwrap_or(Level::Must)
}

/// The word for a level.
pub(super) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::May => "may",
    }
}
