//! Why a command could not do its work, rendered once, at the edge.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::exchange::Obstacle;
use crate::yaml::Problem;

use super::output::Output;
use super::problems;

/// Wrong usage, wrong files, a defect of the suite.
const WRONG: u8 = 2;
/// Nothing could be judged, or not all.
pub(super) const UNDECIDED: u8 = 3;

/// What is said of what the user ended.
pub(super) const INTERRUPTED: &str = "interrupted: nothing was judged";

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Files of the user are wrong; the texts are for showing lines.
    Problems(Vec<Problem>, Vec<(String, String)>),
    /// The words of the command line do not fit.
    Usage(String),
    /// A file cannot be read or written.
    File(PathBuf, std::io::Error),
    /// Standard output cannot be written.
    Output(std::io::Error),
    /// A thing that should work on any machine did not.
    Machine(String),
    /// The target cannot be judged at all.
    Target(Obstacle, String),
    /// The user ended it before anything was judged.
    Interrupted,
    /// More than one thing went wrong with what is on this machine.
    Several(Vec<Failure>),
}

impl Failure {
    /// Fails with all of these at once, if there are any.
    pub(super) fn unless_none(mut failures: Vec<Self>) -> Result<(), Self> {
        match (failures.pop(), failures.is_empty()) {
            (None, _) => Ok(()),
            (Some(only), true) => Err(only),
            (Some(last), false) => {
                failures.push(last);
                Err(Self::Several(failures))
            }
        }
    }

    /// Whether standard output was closed by whoever read it (`| head`).
    pub(super) fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// What went wrong with a file, without its name.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::File(_, error) | Self::Output(error) => error.to_string(),
            Self::Usage(message) | Self::Machine(message) => message.clone(),
            Self::Problems(problems, _) => problems.first().map(|it| it.message.clone()).unwrap_or_default(),
            Self::Target(obstacle, _) => obstacle.to_string(),
            Self::Interrupted => INTERRUPTED.to_owned(),
            Self::Several(failures) => failures.iter().map(Self::cause).collect::<Vec<_>>().join("; "),
        }
    }

    /// Whether it is about the target or an interrupt, and not about what is on this machine.
    pub(super) fn is_of_target(&self) -> bool {
        matches!(self, Self::Target(..) | Self::Interrupted)
    }

    /// What went wrong, in one line.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::File(path, error) => format!("{}: {error}", path.display()),
            Self::Output(error) => format!("standard output: {error}"),
            Self::Problems(problems, _) => {
                let place = |it: &Problem| format!("{}:{}: {}", it.source.file, it.source.line, it.message);
                let more = problems.len().saturating_sub(1);
                let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
                problems.first().map(place).unwrap_or_default() + &more
            }
            Self::Target(obstacle, advice) => format!("{obstacle}: {advice}"),
            Self::Interrupted => "the run was interrupted before its first test".to_owned(),
            Self::Usage(message) | Self::Machine(message) => message.clone(),
            Self::Several(failures) => failures.iter().map(Self::sentence).collect::<Vec<_>>().join("; "),
        }
    }

    /// Tells what went wrong; returns the exit code.
    pub(super) fn report(&self, output: &Output) -> ExitCode {
        match self {
            Self::Problems(problems, texts) => {
                let text_of = |file: &str| texts.iter().find(|(name, _)| name == file).map(|(_, text)| text.clone());
                output.complain(&problems::render(problems, &text_of, output.stderr));
                ExitCode::from(WRONG)
            }
            // The reader has all that it wanted.
            Self::Output(_) if self.is_reader_gone() => ExitCode::SUCCESS,
            Self::Usage(message) | Self::Machine(message) => wrong(output, message),
            Self::File(path, error) => wrong(output, &format!("{}: {error}", path.display())),
            Self::Output(error) => wrong(output, &format!("standard output: {error}")),
            Self::Target(obstacle, advice) => {
                output.complain(&format!("error: {obstacle}\n  {advice}"));
                ExitCode::from(UNDECIDED)
            }
            Self::Interrupted => {
                output.complain(INTERRUPTED);
                ExitCode::from(UNDECIDED)
            }
            Self::Several(failures) => {
                for failure in failures {
                    let _ = failure.report(output);
                }
                ExitCode::from(WRONG)
            }
        }
    }
}

fn wrong(output: &Output, message: &str) -> ExitCode {
    output.complain(&format!("error: {message}"));
    ExitCode::from(WRONG)
}
