//! `diff`: what changed between two stored runs, or between two audits.

use std::fmt::Write as _;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::audit::{AuditDifference, AuditOutline, GroupChange, GroupChangeKind};
use crate::record::{Difference, Outline};
use crate::report::difference;

use super::output::Output;
use super::{Failure, files};

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 no regression, 1 a regression, 2 a file is no stored run.\n\n\
    A regression: a case that held, or broke no must, breaks one or cannot be judged any more;\n\
    or a requirement of level must that held is broken.\n\
    Between two files of audit.json: a group of findings that the earlier audit does not have.\n\n\
    Example:\n  atlaspec diff main/run.json branch/run.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"")]
pub(super) struct DiffArgs {
    /// The earlier run
    #[arg(value_name = "OLD.json")]
    old: PathBuf,
    /// The later run
    #[arg(value_name = "NEW.json")]
    new: PathBuf,
    /// Between two audits: tell a change of more than so many percent in the share of exchanges that show a group
    #[arg(long, value_name = "PERCENT", default_value_t = 20)]
    share: u32,
    /// In which form
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    format: DiffFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    Human,
    Markdown,
    Json,
}

pub(super) fn diff(args: &DiffArgs, output: &Output) -> Result<ExitCode, Failure> {
    if let Some(old) = audit_of(&args.old) {
        let new = audit_of(&args.new).ok_or_else(|| {
            Failure::Usage(format!("{} is an audit, and {} is not", args.old.display(), args.new.display()))
        })?;
        return tell_audits(&AuditDifference::between(&old, &new, args.share), args.format, output);
    }
    let difference = Difference::between(&read(&args.old)?, &read(&args.new)?);
    output.result(&match args.format {
        DiffFormat::Human => difference::console(&difference, output.stdout),
        DiffFormat::Markdown => difference::markdown(&difference),
        DiffFormat::Json => difference::json(&difference),
    })?;
    Ok(ExitCode::from(u8::from(difference.regression)))
}

fn read(path: &Path) -> Result<Outline, Failure> {
    Outline::from_file(|| files::reader(path)).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

/// The audit that a file holds, if it holds one.
fn audit_of(path: &Path) -> Option<AuditOutline> {
    AuditOutline::from_reader(BufReader::new(files::reader(path).ok()?)).ok()
}

fn tell_audits(difference: &AuditDifference, format: DiffFormat, output: &Output) -> Result<ExitCode, Failure> {
    let text = match format {
        DiffFormat::Json => serde_json::to_string_pretty(difference).map_err(|it| Failure::Machine(it.to_string()))?,
        DiffFormat::Human => listed(difference, "", "  "),
        DiffFormat::Markdown => listed(difference, "### ", "- "),
    };
    output.result(&text)?;
    Ok(ExitCode::from(u8::from(difference.regression)))
}

/// The groups that changed, a line each, below a heading for each kind of change.
fn listed(difference: &AuditDifference, heading: &str, bullet: &str) -> String {
    let mut text =
        format!("old: {} exchanges\nnew: {} exchanges\n", difference.old_exchanges, difference.new_exchanges);
    for (kind, title) in [
        (GroupChangeKind::New, "new"),
        (GroupChangeKind::More, "in a larger share of the exchanges"),
        (GroupChangeKind::Fewer, "in a smaller share of the exchanges"),
        (GroupChangeKind::Gone, "gone"),
    ] {
        let all: Vec<&GroupChange> = difference.groups.iter().filter(|change| change.kind == kind).collect();
        if !all.is_empty() {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "\n{heading}{title}: {}", all.len());
        }
        for change in all {
            let _ = writeln!(text, "{bullet}{}", line(change));
        }
    }
    text.push_str(if difference.regression {
        "\nThere are new violations.\n"
    } else {
        "\nThere are no new violations.\n"
    });
    text
}

fn line(change: &GroupChange) -> String {
    let line = format!(
        "{} {} {} {}: {} exchanges, now {}",
        change.invariant, change.method, change.path, change.place, change.old, change.new
    );
    line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
