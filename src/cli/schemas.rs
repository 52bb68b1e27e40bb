//! The JSON Schemas of the file formats, for editors and other programs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::{known, record, suite, target};

use super::output::Output;
use super::{Failure, files};

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec schema target > target.schema.json\n  \
    atlaspec schema --write .atlaspec     all of them, for the first line of a file:\n  \
    # yaml-language-server: $schema=.atlaspec/target.json")]
pub(super) struct SchemaArgs {
    /// Which format
    #[arg(value_enum, required_unless_present = "write")]
    format: Option<FileFormat>,
    /// Write the schema of every format into this folder, and replace those that are there
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    write: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FileFormat {
    Case,
    Target,
    Run,
    Proof,
    KnownFailures,
}

pub(super) fn schema(args: &SchemaArgs, output: &Output) -> Result<ExitCode, Failure> {
    if let Some(format) = args.format {
        output.result(&text(format))?;
    }
    if let Some(folder) = &args.write {
        for format in FileFormat::value_variants() {
            let path = place(folder, *format);
            files::make_folder_of(&path)?;
            files::write(&path, &file(*format))?;
            output.tell(&format!("wrote {}", files::shown(&path)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the schemas that a folder lacks; returns their paths.
pub(super) fn write_missing(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut written = Vec::new();
    for format in [FileFormat::Case, FileFormat::Target, FileFormat::KnownFailures] {
        let path = place(folder, format);
        if path.symlink_metadata().is_err() {
            files::make_folder_of(&path)?;
            files::write(&path, &file(format))?;
            written.push(path);
        }
    }
    Ok(written)
}

/// Where the schema of a format is. It does not end in `.schema.json`, as the payload schemas of a suite do.
fn place(folder: &Path, format: FileFormat) -> PathBuf {
    let name = match format {
        FileFormat::Case => "case.json",
        FileFormat::Target => "target.json",
        FileFormat::Run => "run.json",
        FileFormat::Proof => "proof.json",
        FileFormat::KnownFailures => "known-failures.json",
    };
    folder.join(name)
}

fn file(format: FileFormat) -> String {
    format!("{}\n", text(format).trim_end())
}

fn text(format: FileFormat) -> String {
    match format {
        FileFormat::Case => format!("{:#}", suite::case_schema()),
        FileFormat::Target => format!("{:#}", target::target_schema()),
        FileFormat::Run => record::RUN_SCHEMA.to_owned(),
        FileFormat::Proof => record::PROOF_SCHEMA.to_owned(),
        FileFormat::KnownFailures => format!("{:#}", known::known_failures_schema()),
    }
}
