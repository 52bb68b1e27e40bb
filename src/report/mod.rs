//! What people and programs read: pure views of a finished [`Run`], and the lines of a running one.
//!
//! The doors: [`render`] for files, [`certificate`] for the page of one, [`Console`] for a terminal. Nothing here reads a clock, a file or the environment;
//! every text of a target is data that is made visible, never markup or a terminal's command.

mod account;
mod body;
mod certificate;
mod console;
mod curl;
mod html;
mod json;
mod junit;
mod markdown;
mod paint;
pub mod proof;
mod standings;
mod view;
pub(crate) mod visible;
mod words;
mod wrap;

pub use certificate::certificate;
pub use console::{Console, Detail};
pub use paint::Colour;

use crate::record::Run;
use crate::verdict::Source;

/// A file format of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The store that every other report is made of: `run.json`.
    Json,
    /// One suite a chapter: `junit.xml`.
    Junit,
    /// One page without network: `report.html`.
    Html,
    /// A summary for the page of a CI job: `summary.md`.
    Markdown,
}

impl Format {
    /// The name of the file of this format in a folder of reports.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Json => "run.json",
            Self::Junit => "junit.xml",
            Self::Html => "report.html",
            Self::Markdown => "summary.md",
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
        Format::Html => html::render(run, sources),
        Format::Markdown => markdown::render(run),
    }
}
