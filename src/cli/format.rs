//! The forms in which a run is printed.

use clap::ValueEnum;

use crate::report::Format;

/// What is printed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RunFormat {
    /// For people
    Human,
    /// What `run.json` holds
    Json,
    /// JUnit XML
    Junit,
    /// The page
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
    /// A badge
    BadgeSvg,
}

impl RunFormat {
    /// The format of a file; none of what is for people on a terminal.
    pub(super) fn of_file(self) -> Option<Format> {
        match self {
            Self::Human => None,
            Self::Json => Some(Format::Json),
            Self::Junit => Some(Format::Junit),
            Self::Html => Some(Format::Html),
            Self::Markdown => Some(Format::Markdown),
            Self::Github => Some(Format::Github),
            Self::Ctrf => Some(Format::Ctrf),
            Self::Tap => Some(Format::Tap),
            Self::Earl => Some(Format::Earl),
            Self::Badge => Some(Format::Badge),
            Self::BadgeSvg => Some(Format::BadgeSvg),
        }
    }
}
