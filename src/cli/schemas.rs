//! The JSON Schemas of the file formats, for editors and other programs.

use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::{known, record, reference, suite, target};

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

/// The folder of the schemas that editors find by the first line of a file.
pub(super) const FOLDER: &str = ".atlaspec";

/// A format of files.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FileFormat {
    /// Case files.
    Case,
    /// Target files.
    Target,
    /// `run.json`.
    Run,
    /// `proof.json`.
    Proof,
    /// Lists of known failures.
    KnownFailures,
    /// Files of faults for `serve --fault-file`.
    Faults,
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

/// The first line of a file, by which editors find the schema of its format. Writes the schemas that [`FOLDER`] lacks; where
/// it cannot, the file has no such line.
pub(super) fn modeline(path: &Path, format: FileFormat, output: &Output) -> String {
    let (Ok(here), Ok(written)) = (std::env::current_dir(), write_missing(Path::new(FOLDER))) else {
        return String::new();
    };
    for schema in written {
        output.tell(&format!("wrote {}: a schema for editors", files::shown(&schema)));
    }
    let schema = place(Path::new(&way(&here.join(path), &here.join(FOLDER))), format);
    format!("# yaml-language-server: $schema={}\n", files::shown(&schema))
}

/// Where the schema of a format is. It does not end in `.schema.json`, as the payload schemas of a suite do.
fn place(folder: &Path, format: FileFormat) -> PathBuf {
    let name = match format {
        FileFormat::Case => "case.json",
        FileFormat::Target => "target.json",
        FileFormat::Run => "run.json",
        FileFormat::Proof => "proof.json",
        FileFormat::KnownFailures => "known-failures.json",
        FileFormat::Faults => "faults.json",
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
        FileFormat::Faults => format!("{:#}", reference::faults_schema()),
    }
}

/// How a file names a folder: relative to its own folder, so that both can be moved together.
pub(super) fn way(file: &Path, folder: &Path) -> String {
    let from = file.parent().unwrap_or(Path::new(""));
    let plain = |path: &Path| path.components().all(|part| part != Component::ParentDir);
    if !plain(from) || !plain(folder) {
        return files::shown(folder);
    }
    let parts = |path: &Path| -> Vec<String> {
        let names = path.components().filter(|part| *part != Component::CurDir);
        names.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let (from, to) = (parts(from), parts(folder));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let ups = from[shared..].iter().map(|_| "..".to_owned());
    let way: Vec<String> = ups.chain(to[shared..].iter().cloned()).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_leads_to_its_schemas() {
        for (file, schemas, leads) in [
            ("/w/a.yaml", "/w/.atlaspec", ".atlaspec"),
            ("/w/b/c/a.yaml", "/w/./.atlaspec", "../../.atlaspec"),
            ("/w/b/a.yaml", "/w/b", "."),
            ("/w/../a.yaml", "/w/.atlaspec", "/w/.atlaspec"),
        ] {
            assert_eq!(way(Path::new(file), Path::new(schemas)), leads, "{file}");
        }
    }
}
