//! Colour, where the caller wants it.

use anstyle::{AnsiColor, Style};

use crate::record::{Conclusion, Outcome};

/// Whether a terminal's colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

impl Colour {
    fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Never => text.to_owned(),
            Self::Always => format!("{}{text}{}", style.render(), style.render_reset()),
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    pub(super) fn outcome(self, outcome: Outcome, text: &str) -> String {
        let style = match outcome {
            Outcome::Fail | Outcome::Defect => AnsiColor::Red.on_default().bold(),
            Outcome::Inconclusive | Outcome::Flaky => AnsiColor::Magenta.on_default().bold(),
            Outcome::Warn => AnsiColor::Yellow.on_default().bold(),
            Outcome::Observed => AnsiColor::Cyan.on_default(),
            Outcome::Pass => AnsiColor::Green.on_default(),
            Outcome::NotApplicable | Outcome::NotSelected => Style::new().dimmed(),
        };
        self.paint(style, text)
    }

    pub(super) fn conclusion(self, conclusion: Conclusion, text: &str) -> String {
        let outcome = match conclusion {
            Conclusion::Conformant | Conclusion::NoViolation => Outcome::Pass,
            Conclusion::NonConformant => Outcome::Fail,
            Conclusion::Undecided => Outcome::Inconclusive,
        };
        self.outcome(outcome, text)
    }
}
