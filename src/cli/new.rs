//! `new`: writes a case file, a suite or a target file to begin with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use super::{Failure, files, schemas, target_template};

/// A case for the embedded suite's requirements.
const CASE: &str = include_str!("../../templates/new/case.yaml");
/// The parts of a suite of somebody's own, by their path in it; `@CHAPTER@` is its chapter.
const SUITE: [(&str, &str); 3] = [
    ("requirements.yaml", include_str!("../../templates/new/suite/requirements.yaml")),
    ("document.schema.json", include_str!("../../templates/new/suite/document.schema.json")),
    ("@CHAPTER@/first.yaml", include_str!("../../templates/new/suite/cases.yaml")),
];

/// Arguments of `new`.
#[derive(Debug, Args)]
#[command(
    after_help = "No file is replaced. The schemas for editors are written beside, unless they are there.\n\nExamples:\n  \
    atlaspec new case mine/first-page.yaml\n  atlaspec new suite conventions --chapter things\n  \
    atlaspec new target staging.yaml"
)]
pub(super) struct NewArgs {
    #[command(subcommand)]
    what: What,
    /// Folder for the schemas, which editors complete and check the files by
    #[arg(long, global = true, value_name = "DIR", default_value = schemas::FOLDER)]
    schemas: PathBuf,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a file with one case
    Case {
        /// The file to write
        file: PathBuf,
        /// Its chapter
        #[arg(long, value_name = "NAME", default_value = "own", value_parser = chapter)]
        chapter: String,
    },
    /// Write a folder with requirements, a case, an invariant and a payload schema of your own
    Suite {
        /// The folder to write into
        folder: PathBuf,
        /// Its chapter
        #[arg(long, value_name = "NAME", default_value = "things", value_parser = chapter)]
        chapter: String,
    },
    /// Write a target file
    Target {
        /// The file to write
        file: PathBuf,
    },
}

pub(super) fn new(args: &NewArgs, output: &Output) -> Result<ExitCode, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::File(PathBuf::from("."), error))?;
    let written: Vec<(PathBuf, String)> = match &args.what {
        What::Case { file, chapter } => {
            let text = CASE.replace("@CHAPTER@", chapter).replace("@NAME@", &kebab(file, "first"));
            vec![(file.clone(), text.replace("@FILE@", &files::shown(file)))]
        }
        What::Suite { folder, chapter } => {
            let filled = |text: &str| text.replace("@CHAPTER@", chapter).replace("@FOLDER@", &files::shown(folder));
            SUITE.iter().map(|(path, text)| (folder.join(filled(path)), filled(text))).collect()
        }
        What::Target { file } => {
            vec![(file.clone(), target_template::text(&files::shown(file), &kebab(file, "staging"))?)]
        }
    };
    let there: Vec<String> = written.iter().filter(|(path, _)| path.symlink_metadata().is_ok()).map(shown).collect();
    if !there.is_empty() {
        return Err(Failure::Usage(format!("{}: there already, and not replaced", there.join(", "))));
    }
    for schema in schemas::write_missing(&args.schemas)? {
        output.tell(&format!("wrote {}: a schema for editors", files::shown(&schema)));
    }
    for (path, text) in &written {
        let text = text.replace("@SCHEMAS@", &schemas::way(&here.join(path), &here.join(&args.schemas)));
        files::make_folder_of(path)?;
        files::write_new(path, &text)?;
        output.tell(&format!("wrote {}", files::shown(path)));
    }
    Ok(ExitCode::SUCCESS)
}

fn shown((path, _): &(PathBuf, String)) -> String {
    files::shown(path)
}

fn chapter(text: &str) -> Result<String, String> {
    if is_kebab(text) { Ok(text.to_owned()) } else { Err("expected a name in kebab-case".to_owned()) }
}

fn is_kebab(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    text.starts_with(|letter: char| letter.is_ascii_lowercase()) && text.split('-').all(part)
}

/// The name of a file in kebab-case, or another one if it has none.
fn kebab(file: &Path, otherwise: &str) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = stem.replace(['_', ' ', '.'], "-");
    if is_kebab(&name) { name } else { otherwise.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_names_of_cases() {
        for (file, name) in
            [("a/First_Page.yaml", "first-page"), ("x.y.yaml", "x-y"), ("é.yaml", "first"), ("--.yaml", "first")]
        {
            assert_eq!(kebab(Path::new(file), "first"), name);
        }
    }
}
