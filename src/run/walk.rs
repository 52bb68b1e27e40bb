//! Walks over the pages of a list.

use std::collections::{BTreeSet, VecDeque};

use url::Url;

use crate::check::WalkEnd;
use crate::exchange::{Exchange, Request};
use crate::reason::{Reading, Reason};
use crate::suite::{Effects, RequestTemplate, Selector, Step};
use crate::verdict::{Datum, Finding, Verdict};

use super::perform::Performer;
use super::unjudged::Unjudged;

/// The word for following every link.
const EVERY_LINK: &str = "*";
/// How often a walk is begun when the list moves underneath.
const TRIES: usize = 3;
/// The most lists that are read again after a failure.
const LISTS: usize = 3;

/// A walk that was done: where it began, and the numbers of its pages.
#[derive(Clone, Debug)]
pub(super) struct Walked {
    start: Request,
    pages: Vec<usize>,
}

/// Where a walk ends, if not before.
pub(super) struct Bounds<'a> {
    /// The most pages to read.
    pub(super) at_most: usize,
    /// How many links from the first page, where every link is followed.
    pub(super) depth: usize,
    /// What is looked for, where every link is followed.
    pub(super) to: Option<&'a str>,
}

/// Whether a finding is about the method alone, which is refused whatever a list holds.
pub(super) fn is_of_method(finding: &Finding) -> bool {
    finding.check == "status" && finding.actual == Some(Datum::from(405_u16))
}

impl Performer<'_> {
    /// What is wrong with a page that a wrong link led to says so.
    pub(super) fn name_wrong_links(&mut self) {
        for finding in self.findings.iter_mut().filter(|it| it.verdict != Verdict::Pass && it.cause.is_none()) {
            let Some((before, at)) = finding.exchange.and_then(|at| self.exchanges.split_at_checked(at)) else {
                continue;
            };
            finding.cause = at.first().and_then(|request| self.engine.judge.led_astray(before, request));
        }
    }
}

impl Performer<'_> {
    /// Walks and judges the summary of the walk. One that is not as expected while the list moved is done again.
    pub(super) async fn walk(
        &mut self,
        step: &Step,
        template: &RequestTemplate,
        following: &str,
        bounds: &Bounds<'_>,
    ) -> Result<Vec<Finding>, Unjudged> {
        let start = self.make(template)?;
        let following = self.scope.text(following)?;
        let goal = bounds.to.map(|to| self.make(&RequestTemplate { url: to.to_owned(), ..template.clone() }));
        let goal = goal.transpose()?.map(|goal| goal.url);
        for _ in 0..TRIES {
            let (pages, end) = match following.as_str() {
                EVERY_LINK => self.browse(start.clone(), bounds, goal.as_ref()).await?,
                rel => self.pages(start.clone(), rel, bounds.at_most).await?,
            };
            // Whoever follows every link meets many lists, which count differently.
            let browsed = following == EVERY_LINK;
            if !pages.is_empty() && !browsed {
                self.walked.push(Walked { start: start.clone(), pages: pages.clone() });
            }
            let findings = self.judge_walk(step, &pages, end);
            if is_as_expected(&findings) {
                return Ok(findings);
            }
            if let Some(why) = self.ended_before_its_end(step, &pages, end, &following) {
                return Err(why.into());
            }
            if browsed || !self.has_moved(&start, &pages).await? {
                // A case that writes moves lists by itself.
                if self.case.effects == Effects::Reads && !browsed {
                    self.begin_walks_again().await?;
                }
                return Ok(findings);
            }
        }
        Err(Reason::ListChanged { during: Reading::Walk }.into())
    }

    fn judge_walk(&mut self, step: &Step, pages: &[usize], end: WalkEnd) -> Vec<Finding> {
        let answers: Vec<_> = pages.iter().map(|number| self.exchanges[*number].clone()).collect();
        let first = pages.first().copied().unwrap_or_default();
        let summary = self.engine.judge.walk_summary(&answers, end);
        for (name, selector) in &step.save {
            let Selector::Body(path) = selector else { continue };
            let path = self.scope.text(path).ok();
            if let Some(value) = path.and_then(|path| self.engine.judge.save_from_walk(&path, &summary)) {
                self.scope.set(name.clone(), value);
            }
        }
        self.engine.judge.walk(&step.expect, &summary, &answers, first, &self.scope)
    }

    /// Why a walk that is not as expected says nothing about the target, if it ended before the list did.
    fn ended_before_its_end(&mut self, step: &Step, pages: &[usize], end: WalkEnd, rel: &str) -> Option<Reason> {
        let judge = &self.engine.judge;
        match end {
            WalkEnd::Foreign => {
                // A server may have another name; a file or a script is no page, whoever names it.
                let url = judge.next_page(&self.exchanges[*pages.last()?], rel).filter(is_of_the_web)?;
                Some(Reason::ForeignLink { rel: rel.to_owned(), url: url.origin().ascii_serialization() })
            }
            WalkEnd::TooMany if judge.are_short(pages.iter().map(|number| &self.exchanges[*number])) => {
                let why = Reason::TooManyPages { pages: pages.len() };
                is_as_expected(&self.judge_walk(step, pages, WalkEnd::Complete)).then_some(why)
            }
            // A target that has another name for its own root names everything by it.
            WalkEnd::Complete if rel == EVERY_LINK => {
                let own = judge.next_page(&self.exchanges[*pages.first()?], "self")?;
                let is_other = is_of_the_web(&own) && !self.engine.target.same_origin(&own);
                is_other.then(|| Reason::ForeignLink { rel: "self".to_owned(), url: own.to_string() })
            }
            WalkEnd::TooMany | WalkEnd::Complete | WalkEnd::Reached | WalkEnd::Loop | WalkEnd::Failed => None,
        }
    }

    /// Reads page after page; returns the numbers of their exchanges and how the walk ended.
    async fn pages(
        &mut self,
        start: Request,
        following: &str,
        at_most: usize,
    ) -> Result<(Vec<usize>, WalkEnd), Unjudged> {
        let mut pages = Vec::new();
        let mut seen = BTreeSet::new();
        let mut request = start;
        loop {
            if !seen.insert(self.engine.judge.identity(&request.url)) {
                return Ok((pages, WalkEnd::Loop));
            }
            if pages.len() == at_most {
                return Ok((pages, WalkEnd::TooMany));
            }
            let number = self.send(request.clone()).await?;
            pages.push(number);
            let page = &self.exchanges[number];
            if let Some(why) = self.engine.judge.unclear(page) {
                return Err(Reason::UnreadablePage { cause: why }.into());
            }
            if !self.engine.judge.is_page(page) {
                return Ok((pages, WalkEnd::Failed));
            }
            match self.engine.judge.next_page(page, following) {
                None => return Ok((pages, WalkEnd::Complete)),
                Some(url) if !self.engine.target.same_origin(&url) => return Ok((pages, WalkEnd::Foreign)),
                Some(url) => request.url = url,
            }
        }
    }

    /// Follows every link within the target's origin, the nearest first. What cannot be read leads no further. Who looks
    /// for something begins with what it lies in, and looks on the further pages of lists, too, last of all.
    async fn browse(
        &mut self,
        start: Request,
        bounds: &Bounds<'_>,
        goal: Option<&Url>,
    ) -> Result<(Vec<usize>, WalkEnd), Unjudged> {
        let mut pages = Vec::new();
        let mut seen = BTreeSet::from([self.engine.judge.identity(&start.url)]);
        let (mut ahead, mut later) = (VecDeque::from([(start.url.clone(), 0)]), VecDeque::new());
        if goal.is_some_and(|goal| self.engine.judge.same_resource(goal, &start.url)) {
            return Ok((pages, WalkEnd::Reached));
        }
        while let Some((url, depth)) = ahead.pop_front().or_else(|| later.pop_front()) {
            if pages.len() == bounds.at_most {
                return Ok((pages, WalkEnd::TooMany));
            }
            let number = self.send(Request { url, ..start.clone() }).await?;
            pages.push(number);
            let links = self.engine.judge.all_links(&self.exchanges[number]);
            if goal.is_some_and(|goal| links.iter().any(|url| self.engine.judge.same_resource(goal, url))) {
                return Ok((pages, WalkEnd::Reached));
            }
            let mut is_new =
                |url: &Url| self.engine.target.same_origin(url) && seen.insert(self.engine.judge.identity(url));
            for url in links.into_iter().filter(|url| depth < bounds.depth && is_new(url)) {
                match goal.filter(|goal| self.engine.judge.lies_in(goal, &url)) {
                    Some(_) => ahead.push_front((url, depth + 1)),
                    None => ahead.push_back((url, depth + 1)),
                }
            }
            let further = goal.and_then(|_| self.engine.judge.next_page(&self.exchanges[number], "next"));
            later.extend(further.filter(&mut is_new).map(|url| (url, depth)));
        }
        Ok((pages, WalkEnd::Complete))
    }

    /// Reads the first pages of all other walks of the case once more, which tells whether their lists have moved
    /// since.
    async fn begin_walks_again(&mut self) -> Result<(), Unjudged> {
        let mut starts: Vec<Request> = Vec::new();
        for Walked { start, .. } in self.walked.split_last().map_or(&[][..], |(_, others)| others) {
            if !starts.iter().any(|known| self.same_page(&known.url, &start.url)) {
                starts.push(start.clone());
            }
        }
        for start in starts {
            let again = self.send(start.clone()).await?;
            self.walked.push(Walked { start, pages: vec![again] });
        }
        Ok(())
    }

    /// Whether the total moved within a walk, or two walks that began at the same page found other totals or items.
    pub(super) fn walked_a_moving_list(&self) -> bool {
        self.walked.iter().enumerate().any(|(at, one)| {
            let mut same =
                self.walked[at + 1..].iter().filter(|other| self.same_page(&other.start.url, &one.start.url));
            self.engine.judge.total_moved(self.answers(&one.pages)) || same.any(|other| self.differ(one, other))
        })
    }

    /// Whether two URLs ask for the same in the same words. What a default means is judged, and not taken for granted.
    fn same_page(&self, one: &Url, other: &Url) -> bool {
        self.engine.judge.normal(one) == self.engine.judge.normal(other)
    }

    fn differ(&self, one: &Walked, other: &Walked) -> bool {
        let judge = &self.engine.judge;
        let first = |walked: &Walked| walked.pages.first().map(|number| &self.exchanges[*number]);
        judge.total_moved(first(one).into_iter().chain(first(other)))
            || one.pages.len() == other.pages.len()
                && judge.other_items(self.answers(&one.pages), self.answers(&other.pages))
    }

    fn answers(&self, numbers: &[usize]) -> impl Iterator<Item = &Exchange> {
        numbers.iter().map(|number| &self.exchanges[*number])
    }

    /// Reads once more, after a failure, the lists that the case has read since the exchange of number `first`: whether
    /// they stood still decides what the failure says.
    pub(super) async fn read_lists_again(&mut self, first: usize) {
        let mut lists: Vec<Request> = Vec::new();
        for exchange in self.exchanges[first..].iter().filter(|it| self.is_plain_page(it)) {
            if lists.len() < LISTS && !lists.iter().any(|known| self.same_page(&known.url, &exchange.request.url)) {
                lists.push(exchange.request.clone());
            }
        }
        for list in lists {
            let user = list.user.clone();
            let again = Request { user, source: list.source, ..Request::new("GET", list.url) };
            // What cannot be read any more shows nothing.
            let _ = self.send(again).await;
        }
    }

    fn is_plain_page(&self, exchange: &Exchange) -> bool {
        exchange.request.method == "GET" && self.engine.judge.is_page(exchange)
    }

    /// Whether one page of a list told other totals from one reading to the next since the exchange of number `first`.
    pub(super) fn read_another_total(&self, first: usize) -> bool {
        let pages: Vec<_> = self.exchanges[first..].iter().filter(|it| self.is_plain_page(it)).collect();
        pages.iter().enumerate().any(|(at, one)| {
            let mut same = pages[at + 1..].iter().filter(|other| self.same_page(&other.request.url, &one.request.url));
            same.any(|other| self.engine.judge.total_moved([*one, *other]))
        })
    }

    /// Whether two readings of one list since the exchange of number `first` told other totals.
    pub(super) fn read_a_moving_list(&self, first: usize) -> bool {
        let pages: Vec<_> = self.exchanges[first..].iter().filter(|it| self.engine.judge.is_page(it)).collect();
        pages.windows(2).any(|pair| {
            self.engine.judge.same_list(&pair[0].request.url, &pair[1].request.url)
                && self.engine.judge.total_moved(pair.iter().copied())
        })
    }

    /// Whether the pages of a walk count otherwise, or the first page, read again, counts otherwise than before.
    async fn has_moved(&mut self, start: &Request, pages: &[usize]) -> Result<bool, Unjudged> {
        let Some(first) = pages.first() else { return Ok(false) };
        if self.engine.judge.total_moved(self.answers(pages)) {
            return Ok(true);
        }
        let again = self.send(start.clone()).await?;
        Ok(self.engine.judge.total_moved([&self.exchanges[*first], &self.exchanges[again]]))
    }
}

fn is_of_the_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn is_as_expected(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.verdict == Verdict::Pass)
}
