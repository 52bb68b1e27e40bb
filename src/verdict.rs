//! The vocabulary of judgement: what one check established, how much it weighs, and how findings settle a case.

mod datum;
mod location;

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

pub use datum::Datum;
pub use location::{Location, PathStep, Pointer, PointerError, is_obeyed};

/// What one check established. The order is the precedence: the worst finding decides a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The target did as the specification says.
    Pass,
    /// It could not be established what the target does.
    Inconclusive,
    /// The target breaks the specification.
    Fail,
}

/// How much a requirement weighs (BCP 14). The order is the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// An observation: reported, never a failure.
    May,
    /// A failure is a warning.
    Should,
    /// A failure makes the target non-conformant.
    Must,
}

/// A place in a file of the suite or of the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Path as the user would open it, with `/` between its parts.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

/// What one check says about one exchange, or about why there was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Name of the check: the key of the expectation (`status`, `body`, …), or `obstacle`.
    pub check: String,
    /// What it established.
    pub verdict: Verdict,
    /// The requirements it speaks about; never empty once a run is finished.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// What the check says: one sentence for a person, in lower case and without a full stop; empty where the reason
    /// says all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What the response does wrong, in a sentence of the author of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Why it could not be established what the target does, where something other than the check itself knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<Reason>>,
    /// The place that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Further places of the response that are wrong in the same way, one of each kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Location>,
    /// What is wrong with the page from which a walk did not go on as it should.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The test whose response this is, where the finding is one about the responses of all tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_in: Option<String>,
    /// What was expected, where that can be said shortly.
    pub expected: Option<Datum>,
    /// What came instead.
    pub actual: Option<Datum>,
    /// Index into the exchanges of the case.
    pub exchange: Option<usize>,
    /// The place in the case file that states the expectation.
    pub source: Option<Source>,
}

impl Finding {
    /// A finding of `check` with a message and nothing else filled in.
    pub fn new(check: impl Into<String>, verdict: Verdict, message: impl Into<String>) -> Self {
        Self {
            check: check.into(),
            verdict,
            requirements: Vec::new(),
            message: message.into(),
            says: None,
            reason: None,
            location: None,
            also: Vec::new(),
            cause: None,
            seen_in: None,
            expected: None,
            actual: None,
            exchange: None,
            source: None,
        }
    }

    /// A pass of `check`.
    pub fn pass(check: impl Into<String>) -> Self {
        Self::new(check, Verdict::Pass, "as expected")
    }

    /// A violation found by `check`.
    pub fn fail(check: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(check, Verdict::Fail, message)
    }

    /// Something that kept `check` from judging.
    pub fn inconclusive(check: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(check, Verdict::Inconclusive, message)
    }

    /// A finding of `check`, which could not judge for this reason.
    pub fn unjudged(check: impl Into<String>, reason: Reason) -> Self {
        Self { reason: Some(Box::new(reason)), ..Self::new(check, Verdict::Inconclusive, "") }
    }

    /// The same finding with what was expected and what came.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<Datum>, actual: impl Into<Datum>) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }
}

/// The verdict of a case, or `None` if nothing was judged, which is a defect of the suite and never a pass.
pub fn settle(findings: &[Finding]) -> Option<Verdict> {
    findings.iter().map(|finding| finding.verdict).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides() {
        let findings = [Finding::pass("status"), Finding::fail("body", "no"), Finding::inconclusive("obstacle", "?")];
        assert_eq!(settle(&findings), Some(Verdict::Fail));
        assert_eq!(settle(&findings[..1]), Some(Verdict::Pass));
    }

    #[test]
    fn nothing_judged_is_no_pass() {
        assert_eq!(settle(&[]), None);
    }
}
