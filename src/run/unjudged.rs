//! Why a step of a case could not be judged.

use crate::exchange::Obstacle;
use crate::reason::Reason;
use crate::suite::TemplateError;

use super::request::Unmade;

/// Why a step could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unjudged {
    /// There is no response.
    Obstacle(Obstacle),
    /// A name has no value: an earlier step did not bring it.
    Template(TemplateError),
    /// Something else.
    Because(Box<Reason>),
}

/// The run is to stop: what the case waited for does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interrupted;

impl Unjudged {
    /// The case is wrong in a way that only running it shows.
    pub(super) fn case_error(cause: impl Into<String>) -> Self {
        Reason::CaseError { cause: cause.into() }.into()
    }

    /// Why; `after_failure` says whether an earlier step of the case failed.
    pub(super) fn reason(self, after_failure: bool) -> Reason {
        match self {
            Self::Obstacle(Obstacle::Interrupted) => Reason::Interrupted,
            Self::Obstacle(obstacle) => Reason::Obstacle { obstacle },
            Self::Template(error) => error.reason(after_failure),
            Self::Because(reason) => *reason,
        }
    }
}

impl From<Obstacle> for Unjudged {
    fn from(obstacle: Obstacle) -> Self {
        Self::Obstacle(obstacle)
    }
}

impl From<TemplateError> for Unjudged {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

impl From<Reason> for Unjudged {
    fn from(reason: Reason) -> Self {
        Self::Because(Box::new(reason))
    }
}

impl From<Interrupted> for Unjudged {
    fn from(Interrupted: Interrupted) -> Self {
        Reason::Interrupted.into()
    }
}

impl From<Interrupted> for Obstacle {
    fn from(Interrupted: Interrupted) -> Self {
        Self::Interrupted
    }
}

impl From<Unmade> for Unjudged {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Template(error) => Self::Template(error),
            Unmade::Url(_) | Unmade::Merge | Unmade::Segment(..) => Self::case_error(unmade.to_string()),
        }
    }
}
