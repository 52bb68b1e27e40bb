//! What people and programs read: pure views of a finished [`Run`], and the lines of a running one.
//!
//! The doors: [`render`] for files, [`certificate`] for the page of one, [`Console`] for a terminal. Nothing here reads
//! a clock, a file or the environment; every text of a target is data that is made visible, never markup or a
//! terminal's command.

mod account;
mod badge;
mod body;
mod certificate;
mod console;
mod ctrf;
mod curl;
pub mod difference;
mod earl;
mod evidence;
mod github;
pub mod har;
mod html;
mod json;
mod junit;
mod labels;
mod lacking;
mod markdown;
mod paint;
pub mod proof;
mod renamed;
mod repeats;
mod script;
mod since;
mod standings;
mod tap;
mod trend;
mod unjudged;
mod view;
pub(crate) mod visible;
mod wrap;

pub use certificate::certificate;
pub use console::{Console, Detail};
pub use evidence::console as evidence;
pub use json::evidence as proof_json;
pub use junit::{GitlabJob, gitlab as junit_gitlab};
pub use labels::{awaited, count as counted, headline, message, note, reason, unmet};
pub use paint::Colour;
pub use repeats::Repeats;
pub use script::{FIRST_LINES, FOLDER as SCRIPTS, Script, scripts};
pub use trend::sparkline;

use clap::ValueEnum;

use crate::record::Run;
use crate::verdict::Source;

/// A file format of reports, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What `run.json` holds, of which every other report is made
    Json,
    /// JUnit XML, one suite a chapter
    Junit,
    /// The same with what GitLab shows beside it: files, the page of the report, scripts as attachments
    JunitGitlab,
    /// One page without network
    Html,
    /// A summary for the page of a CI job
    Markdown,
    /// Annotations for the log of a GitHub job
    Github,
    /// Common Test Report Format
    Ctrf,
    /// Test Anything Protocol, version 14
    Tap,
    /// Evaluation and Report Language, as JSON-LD
    Earl,
    /// A badge's data, for shields.io
    Badge,
    /// A badge as a picture
    BadgeSvg,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Json,
        Self::Html,
        Self::Junit,
        Self::JunitGitlab,
        Self::Markdown,
        Self::Github,
        Self::Ctrf,
        Self::Tap,
        Self::Earl,
        Self::Badge,
        Self::BadgeSvg,
    ];

    /// The name of the file of this format in a folder of reports.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Json => "run.json",
            Self::Junit => "junit.xml",
            Self::JunitGitlab => "junit-gitlab.xml",
            Self::Html => "report.html",
            Self::Markdown => "summary.md",
            Self::Github => "annotations.txt",
            Self::Ctrf => "ctrf.json",
            Self::Tap => "run.tap",
            Self::Earl => "earl.jsonld",
            Self::Badge => "badge.json",
            Self::BadgeSvg => "badge.svg",
        }
    }
}

/// Gives the text of one line of a case file, or `None` where the file is not at hand.
pub type Sources<'a> = dyn Fn(&Source) -> Option<String> + 'a;

/// The run in this format; `sources` gives the lines of case files that it quotes.
pub fn render(run: &Run, format: Format, sources: &Sources<'_>) -> String {
    match format {
        Format::Json => json::render(run),
        Format::Junit => junit::render(run, sources),
        Format::JunitGitlab => junit::gitlab(run, sources, GitlabJob::default()),
        Format::Html => html::render(run, sources),
        Format::Markdown => markdown::render(run),
        Format::Github => github::render(run),
        Format::Ctrf => ctrf::render(run),
        Format::Tap => tap::render(run),
        Format::Earl => earl::render(run),
        Format::Badge => badge::endpoint(run),
        Format::BadgeSvg => badge::svg(run),
    }
}
