//! Invariants: cases without a request, judged on whatever exchanges they select.

use super::answer::{Answer, Inner};
use super::outcome::{Outcome, Place, Trouble, finding, stated};
use super::view::{Gaps, View};
use super::{Judge, occasion};
use crate::suite::{Block, Check, Expectation, Invariant, OwnRule, Scope};
use crate::verdict::{Finding, Location};

impl Judge {
    /// Judges an invariant on an exchange that it selects; see [`Judge::selects`]. One finding for each expectation that
    /// applies.
    pub fn invariant(&self, invariant: &Invariant, view: &View<'_>, number: usize, scope: &Scope) -> Vec<Finding> {
        let answer = view.judged_by(&invariant.when);
        let found = |(block, expectation): (&Block, &Expectation)| {
            let outcome = self.known(&expectation.check, view, answer, scope);
            found_in(Some(number), block, expectation, outcome, scope)
        };
        self.applying(invariant, view, answer, scope).map(found).collect()
    }

    /// The same without what is as expected: nothing is told about an exchange that keeps the invariant.
    pub fn troubles(&self, invariant: &Invariant, view: &View<'_>, number: usize, scope: &Scope) -> Vec<Finding> {
        let answer = view.judged_by(&invariant.when);
        let found = |(block, expectation): (&Block, &Expectation)| {
            let trouble = self.known(&expectation.check, view, answer, scope).err()?;
            Some(found_in(Some(number), block, expectation, Err(trouble), scope))
        };
        self.applying(invariant, view, answer, scope).filter_map(found).collect()
    }

    /// The same with the places of the answer that are wrong.
    pub fn troubles_placed(&self, invariant: &Invariant, view: &View<'_>, scope: &Scope) -> Vec<(Finding, Vec<Place>)> {
        let answer = view.judged_by(&invariant.when);
        let found = |(block, expectation): (&Block, &Expectation)| {
            let trouble = self.known(&expectation.check, view, answer, scope).err()?;
            let places = trouble.places().to_vec();
            Some((found_in(None, block, expectation, Err(trouble), scope), places))
        };
        self.applying(invariant, view, answer, scope).filter_map(found).collect()
    }

    /// Whether an exchange that keeps an invariant gives it anything to judge.
    pub fn has_occasion(&self, invariant: &Invariant, view: &View<'_>, scope: &Scope) -> bool {
        let answer = view.judged_by(&invariant.when);
        let is_given = |expectation: &Expectation| occasion::given(&expectation.check, answer, &self.facts);
        self.applying(invariant, view, answer, scope).any(|(_, expectation)| is_given(expectation))
    }

    /// The expectations of the blocks that apply to an answer. Where that is not known, they do.
    fn applying<'i>(
        &'i self,
        invariant: &'i Invariant,
        view: &'i View<'_>,
        answer: &'i Answer<'_>,
        scope: &'i Scope,
    ) -> impl Iterator<Item = (&'i Block, &'i Expectation)> {
        let is_given = |given: &Expectation| {
            lacked(&given.check, view.gaps()).is_some() || self.check(&given.check, answer, scope).is_ok()
        };
        expectations(invariant).filter(move |(block, _)| block.given.iter().all(is_given))
    }

    /// What is said about an invariant that every exchange keeps: one pass for each expectation.
    pub fn kept(invariant: &Invariant) -> Vec<Finding> {
        let pass = |(block, expectation): (&Block, &Expectation)| Finding {
            requirements: block.proves.clone(),
            source: Some(expectation.source.clone()),
            ..Finding::pass(expectation.check.name())
        };
        expectations(invariant).map(pass).collect()
    }

    /// The outcome of a check, if what it looks at is known.
    fn known(&self, check: &Check, view: &View<'_>, answer: &Answer<'_>, scope: &Scope) -> Outcome {
        match lacked(check, view.gaps()) {
            Some(why) => Err(Trouble::Unclear(why.to_owned())),
            None => self.check(check, answer, scope).map_err(|trouble| in_whole(trouble, answer)),
        }
    }
}

fn expectations(invariant: &Invariant) -> impl Iterator<Item = (&Block, &Expectation)> {
    invariant.expect.iter().flat_map(|block| block.expectations.iter().map(move |expectation| (block, expectation)))
}

/// The finding of an expectation, with the requirements and the line that state it.
fn found_in(
    exchange: Option<usize>,
    block: &Block,
    expectation: &Expectation,
    outcome: Outcome,
    scope: &Scope,
) -> Finding {
    let found = finding(expectation.check.name(), outcome, "", "");
    stated(Finding { requirements: block.proves.clone(), exchange, ..found }, expectation, scope)
}

/// The same trouble with its places as they stand in the whole body, if what was judged is the content of an envelope.
fn in_whole(trouble: Trouble, answer: &Answer<'_>) -> Trouble {
    if !matches!(answer.inner, Inner::Content) {
        return trouble;
    }
    let within = |place: &Place| match &place.location {
        Location::Body { pointer } => Place {
            location: Location::member("content").below(pointer.0.clone()),
            path: format!("$.content{}", place.path.strip_prefix('$').unwrap_or_default()),
            ..place.clone()
        },
        _ => place.clone(),
    };
    let places = trouble.places().iter().map(within).collect();
    trouble.at(places)
}

/// Why a check cannot be made on an exchange of which something is not known.
fn lacked(check: &Check, gaps: &Gaps) -> Option<&'static str> {
    match check {
        Check::Status(_) => gaps.status,
        Check::Header(name, _) if name.eq_ignore_ascii_case("content-type") => gaps.media_type.or(gaps.headers),
        Check::Header(..) | Check::Challenge(_) | Check::Own(OwnRule::AllowFits) => gaps.headers,
        Check::Own(OwnRule::JsonAccepted) => gaps.request_headers,
        Check::Own(_) => gaps.body.or(gaps.query),
        // Whether there is a body decides whether there must be a media type.
        Check::MediaTypeJson => gaps.media_type.or(gaps.headers).or(gaps.body),
        Check::Value(..) | Check::Time(_) => None,
        Check::Schema(_)
        | Check::Body(..)
        | Check::Text(_)
        | Check::Bytes(_)
        | Check::Mentions(_)
        | Check::WhiteSpace(_)
        | Check::Everywhere(_)
        | Check::ReasonPhrase(_)
        | Check::Each(_)
        | Check::First(..)
        | Check::Last(..) => gaps.body,
    }
}
