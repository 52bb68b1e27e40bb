//! Walks over the pages of a list.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::{End, Page};
use crate::exchange::Request;
use crate::suite::{RequestTemplate, Selector, Step};
use crate::verdict::Finding;

use super::perform::{Performer, Unjudged};

/// How often a walk is begun when the list moves underneath.
const TRIES: usize = 3;

impl Performer<'_> {
    /// Walks, again if the list moved meanwhile, and judges the summary of the walk.
    pub(super) async fn walk(
        &mut self,
        step: &Step,
        template: &RequestTemplate,
        following: &str,
        at_most: usize,
    ) -> Result<Vec<Finding>, Unjudged> {
        let start = self.make(template)?;
        let following = self.scope.text(following)?;
        for _ in 0..TRIES {
            let (pages, end) = self.pages(start.clone(), &following, at_most).await?;
            if self.stood_still(&start, &pages).await? {
                return Ok(self.judge_walk(step, &pages, end));
            }
        }
        Err(Unjudged::Moved("the list changed while it was walked, at every try".to_owned()))
    }

    fn judge_walk(&mut self, step: &Step, pages: &[usize], end: End) -> Vec<Finding> {
        let answers: Vec<_> = pages.iter().map(|number| self.exchanges[*number].clone()).collect();
        let first = pages.first().copied().unwrap_or_default();
        let summary = self.engine.judge.walk_summary(&answers, end);
        for (name, selector) in &step.save {
            let Selector::Body(path) = selector else { continue };
            if let Some(value) = self.engine.judge.save_from_walk(path, &summary) {
                self.scope.set(name.clone(), value);
            }
        }
        self.engine.judge.walk(&step.expect, &summary, &answers, first, &self.scope)
    }

    /// Reads page after page; returns the numbers of their exchanges and how the walk ended.
    async fn pages(
        &mut self,
        start: Request,
        following: &str,
        at_most: usize,
    ) -> Result<(Vec<usize>, End), Unjudged> {
        let mut pages = Vec::new();
        let mut seen = BTreeSet::new();
        let mut request = start;
        loop {
            if !seen.insert(self.engine.judge.identity(&request.url)) {
                return Ok((pages, End::Loop));
            }
            if pages.len() == at_most {
                return Ok((pages, End::TooMany));
            }
            let number = self.send(request.clone()).await?;
            pages.push(number);
            let page = &self.exchanges[number];
            match self.engine.judge.page_after(page, following) {
                Page::Failed => return Ok((pages, End::Failed)),
                Page::Last => return Ok((pages, End::Complete)),
                Page::At(url) if !self.engine.target.same_origin(&url) => return Ok((pages, End::Foreign)),
                Page::At(url) => request.url = url,
            }
        }
    }

    /// Whether the total is the same after the walk as before. Only asked where pages disagree or items are missing
    /// can it matter, but a second look is one request.
    async fn stood_still(&mut self, start: &Request, pages: &[usize]) -> Result<bool, Unjudged> {
        let total = |number: usize| -> Option<Value> {
            self.engine.judge.save(&Selector::Body("$.totalCount".to_owned()), &self.exchanges[number], &self.scope)
        };
        let Some(before) = pages.first().and_then(|number| total(*number)) else { return Ok(true) };
        if pages.len() == 1 {
            return Ok(true);
        }
        let again = self.send(start.clone()).await?;
        let after = self.engine.judge.save(
            &Selector::Body("$.totalCount".to_owned()),
            &self.exchanges[again],
            &self.scope,
        );
        Ok(after.is_none() || after == Some(before))
    }
}
