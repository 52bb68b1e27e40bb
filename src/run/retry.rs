//! Performs again what did not pass: a case that passes only then is flaky, and never passes.

use crate::client::Worker;
use crate::record::{CaseResult, Outcome, Pause};
use crate::suite::Instance;

use super::engine::{Engine, Performed};
use super::invariants::Tally;

fn did_not_pass(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Fail | Outcome::Inconclusive)
}

impl Engine {
    /// Performs a case, and again as often as the user allows while it does not pass.
    pub(super) async fn perform_until_it_passes(
        &self,
        instance: &Instance,
        worker: &mut Worker,
        tally: &Tally,
        tell_wait: &(dyn Fn(Pause) + Send + Sync),
    ) -> CaseResult {
        let mut tries = Vec::new();
        loop {
            let Performed { result, exchanges, tape } = self.perform(instance, worker, tell_wait).await;
            tally.judge(self, &instance.id, &exchanges);
            self.archive(&result.id, exchanges);
            worker.release();
            let again = did_not_pass(result.verdict) && tries.len() < self.retries && !self.stop.is_asked();
            tries.push(result);
            if !again {
                // What passes only on retry is flaky, and proves nothing.
                self.keep(tape.filter(|_| tries.len() == 1 && tries[0].verdict == Outcome::Pass));
                return settled(tries, || self.defect(instance, "it was not performed"));
            }
        }
    }
}

/// The result of all tries: the first alone; else flaky if the last passed, else the worst of them.
fn settled(mut tries: Vec<CaseResult>, none: impl FnOnce() -> CaseResult) -> CaseResult {
    if tries.len() < 2 {
        return tries.pop().unwrap_or_else(none);
    }
    let ended = tries.iter().map(|it| it.verdict).collect();
    let took = tries.iter().map(|it| it.duration_ms).sum();
    let passed = tries.last().is_some_and(|last| !did_not_pass(last.verdict) && last.verdict != Outcome::Defect);
    let started_ms = tries.first().map_or(0, |first| first.started_ms);
    // The order of outcomes is their precedence, the worst first; of equal ones the first try is kept.
    let worst = (0..tries.len()).min_by_key(|at| tries[*at].verdict).unwrap_or_default();
    let kept = tries.swap_remove(worst);
    let verdict = if passed { Outcome::Flaky } else { kept.verdict };
    CaseResult { verdict, tries: ended, started_ms, duration_ms: took, ..kept }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;

    fn tried(verdict: Outcome) -> CaseResult {
        CaseResult { started_ms: 3, duration_ms: 10, ..sample::case("c.x", verdict) }
    }

    fn result(tries: &[Outcome]) -> CaseResult {
        settled(tries.iter().map(|outcome| tried(*outcome)).collect(), || tried(Outcome::Defect))
    }

    #[test]
    fn who_passes_only_on_retry_is_flaky() {
        let flaky = result(&[Outcome::Inconclusive, Outcome::Fail, Outcome::Pass]);
        assert_eq!((flaky.verdict, flaky.duration_ms), (Outcome::Flaky, 30));
        assert_eq!(flaky.tries, [Outcome::Inconclusive, Outcome::Fail, Outcome::Pass]);
        assert_eq!(result(&[Outcome::Fail, Outcome::Warn]).verdict, Outcome::Flaky);
    }

    #[test]
    fn who_never_passes_is_as_bad_as_the_worst_try() {
        assert_eq!(result(&[Outcome::Inconclusive, Outcome::Fail, Outcome::Inconclusive]).verdict, Outcome::Fail);
        assert_eq!(result(&[Outcome::Inconclusive, Outcome::Inconclusive]).verdict, Outcome::Inconclusive);
        assert_eq!(result(&[Outcome::Fail, Outcome::Defect]).verdict, Outcome::Fail);
    }

    #[test]
    fn a_first_try_stays_as_it_is() {
        let passed = settled(vec![tried(Outcome::Pass)], || tried(Outcome::Defect));
        assert_eq!((passed.verdict, passed.tries.len()), (Outcome::Pass, 0));
        assert_eq!(settled(Vec::new(), || tried(Outcome::Defect)).verdict, Outcome::Defect);
    }
}
