//! What each kind of step does, and how its answers are judged.

use std::time::Duration;

use serde_json::Value;

use crate::exchange::{Exchange, Obstacle, Request};
use crate::reason::Reason;
use crate::record::Awaited;
use crate::suite::vocabulary::OWNER;
use crate::suite::{Action, Block, Conditions, Expectation, RequestTemplate, Selector, Step, Wait};
use crate::verdict::{Finding, Verdict};
use crate::yaml;

use super::interference::Burst;
use super::perform::Performer;
use super::request;
use super::schedule::count_of;
use super::unjudged::Unjudged;
use super::walk::Bounds;

/// The most requests of one burst.
const LARGEST_BURST: usize = 10_000;
/// How often a plain answer is read again before a changed one is called another.
const MORE_READINGS: usize = 3;
/// The time between them.
const BETWEEN_READINGS: Duration = Duration::from_millis(700);
/// The longest that a case may wait or poll.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// The parameter that asks for an envelope.
const ENVELOPE: &str = "envelope";

impl Performer<'_> {
    /// Does what a step says, saves what it saves, and judges it.
    pub(super) async fn act(&mut self, step: &Step) -> Result<Vec<Finding>, Unjudged> {
        if step.only_if.as_ref().is_some_and(|name| !self.scope.has(name)) {
            return Ok(Vec::new());
        }
        match &step.action {
            Action::Request { request, silence_accepted } => self.request(step, request, *silence_accepted).await,
            Action::Burst { request, count } => self.burst(step, request, count).await,
            Action::Walk { request, following, at_most, depth, to } => {
                let bounds = Bounds { at_most: *at_most, depth: *depth, to: to.as_deref() };
                self.walk(step, request, following, &bounds).await
            }
            Action::Compare { request, change_query, change_headers, at, except } => {
                let change = Change { query: change_query, headers: change_headers };
                self.compare(step, request, &change, at, except).await
            }
            Action::Poll { request, until, every, within } => {
                self.poll(step, request, until, &self.duration(every)?, &self.duration(within)?).await
            }
            Action::Wait(wait) => {
                self.waited.push(self.exchanges.len());
                self.wait(wait).await?;
                Ok(self.engine.judge.values(&step.expect, &self.scope))
            }
        }
    }

    /// Fills in a request.
    pub(super) fn make(&self, template: &RequestTemplate) -> Result<Request, Unjudged> {
        let mut request = request::make(template, &self.engine.target.base_url, &self.scope)?;
        if let Some(Conditions { query, connection, user }) = self.conditions() {
            // The status that an envelope tells is in the body, which the response to HEAD has not.
            let told = query.iter().filter(|(name, _)| request.method != "HEAD" || name != ENVELOPE).cloned();
            request::set_query(&mut request.url, &told.collect::<Vec<_>>(), &self.scope)?;
            request.connection = connection.unwrap_or(request.connection);
            if let Some(user) = user.as_ref().filter(|_| request.user.as_deref() == Some(OWNER)) {
                request.user = Some(user.clone());
            }
        }
        Ok(request)
    }

    /// Whether the conditions of the test, and not the step, ask for the envelope: what it holds is judged then.
    fn is_enveloped(&self) -> bool {
        self.conditions().is_some_and(|conditions| conditions.query.iter().any(|(name, _)| name == ENVELOPE))
    }

    async fn request(
        &mut self,
        step: &Step,
        template: &RequestTemplate,
        silence_accepted: bool,
    ) -> Result<Vec<Finding>, Unjudged> {
        let request = self.make(template)?;
        match self.send(request).await {
            Ok(number) => {
                self.save(step, number);
                Ok(self.judged(&step.expect, number))
            }
            Err(obstacle) if silence_accepted && obstacle.is_silence() => Ok(silent(step, &obstacle)),
            Err(obstacle) => Err(obstacle.into()),
        }
    }

    /// Judges an answer, without the envelope that the conditions of the test asked for.
    fn judged(&self, blocks: &[Block], number: usize) -> Vec<Finding> {
        let (judge, answer) = (&self.engine.judge, &self.exchanges[number]);
        if self.is_enveloped() {
            judge.answer_inside(blocks, answer, number, &self.scope)
        } else {
            judge.answer(blocks, answer, number, &self.scope)
        }
    }

    async fn burst(
        &mut self,
        step: &Step,
        template: &RequestTemplate,
        count: &Value,
    ) -> Result<Vec<Finding>, Unjudged> {
        let count = count_of(&self.scope.value(count)?)
            .filter(|count| *count <= LARGEST_BURST)
            .ok_or_else(|| Unjudged::case_error(format!("`count` is no number up to {LARGEST_BURST}")))?;
        let mut answers = Vec::with_capacity(count);
        for _ in 0..count {
            let request = self.make(template)?;
            self.send_in_burst(request).await?;
            // Challenges stay where they are; the answers follow as one block.
            answers.extend(self.exchanges.pop());
        }
        self.bursts.push(Burst::of(&answers, &self.exchanges));
        let first = self.exchanges.len();
        self.exchanges.extend(answers);
        Ok(self.engine.judge.burst(&step.expect, &self.exchanges[first..], first, &self.scope))
    }

    async fn compare(
        &mut self,
        step: &Step,
        template: &RequestTemplate,
        change: &Change<'_>,
        at: &str,
        except: &Value,
    ) -> Result<Vec<Finding>, Unjudged> {
        let plain = self.make(template)?;
        let mut changed = plain.clone();
        request::set_query(&mut changed.url, change.query, &self.scope)?;
        request::set_headers(&mut changed, change.headers, &self.scope)?;
        let except = texts(&self.scope.value(except)?);
        let at = self.scope.text(at)?;
        let before = self.send(plain.clone()).await?;
        let number = self.send(changed).await?;
        let mut readings = vec![before, self.send(plain.clone()).await?];
        self.save(step, number);
        let mut finding = self.compared(&readings, number, &at, &except);
        if finding.verdict == Verdict::Fail {
            // What comes and goes by itself may have done so in step with the readings, or with a second.
            for _ in 0..MORE_READINGS {
                self.pause(BETWEEN_READINGS).await?;
                readings.push(self.send(plain.clone()).await?);
            }
            finding = self.compared(&readings, number, &at, &except);
        }
        finding.source = Some(step.source.clone());
        finding.requirements.clone_from(&step.proves);
        let mut findings = self.engine.judge.answer(&step.expect, &self.exchanges[number], number, &self.scope);
        findings.push(finding);
        Ok(findings)
    }

    fn compared(&self, plain: &[usize], changed: usize, at: &str, except: &[String]) -> Finding {
        let plain: Vec<&Exchange> = plain.iter().map(|number| &self.exchanges[*number]).collect();
        self.engine.judge.compare(&plain, &self.exchanges[changed], at, except, changed)
    }

    async fn poll(
        &mut self,
        step: &Step,
        template: &RequestTemplate,
        until: &[Expectation],
        every: &Duration,
        within: &Duration,
    ) -> Result<Vec<Finding>, Unjudged> {
        let deadline = self.engine.clock.now() + *within;
        loop {
            // What was asked before the deadline says nothing about it, however long the answer took.
            let is_last = self.engine.clock.now() >= deadline;
            let request = self.make(template)?;
            let number = self.send(request).await?;
            let answer = &self.exchanges[number];
            let holds = self.engine.judge.holds(until, answer, self.is_enveloped(), &self.scope);
            if holds || is_last {
                let reached = Block { proves: step.proves.clone(), given: Vec::new(), expectations: until.to_vec() };
                let mut findings = self.judged(&[reached], number);
                if holds {
                    findings.extend(self.judged(&step.expect, number));
                }
                self.save(step, number);
                return Ok(findings);
            }
            self.pause(*every).await?;
        }
    }

    async fn wait(&mut self, wait: &Wait) -> Result<(), Unjudged> {
        match wait {
            Wait::NextWindow => {
                self.learn_the_time().await?;
                self.wait_for(Awaited::Step, self.engine.target_clock.until_next_window()).await?;
                self.window = self.engine.target_clock.window();
                if self.window.is_none() {
                    return Err(Reason::ClockUnknown { has_date: true }.into());
                }
            }
            Wait::WindowSecond(second) => {
                self.wait_for(Awaited::Step, self.engine.target_clock.until_second(*second)).await?;
            }
            Wait::WindowPercent(percent) => {
                self.wait_for(Awaited::Step, self.engine.target_clock.until_percent(*percent)).await?;
            }
            Wait::Duration(text) => self.wait_for(Awaited::Step, self.duration(text)?).await?,
        }
        Ok(())
    }

    /// Asks for the root, as nobody, if no answer has told the target's time so far.
    async fn learn_the_time(&mut self) -> Result<(), Unjudged> {
        if !self.engine.target_clock.is_known() {
            self.send_once(Request::new("GET", self.engine.target.base_url.clone())).await?;
        }
        if self.engine.target_clock.is_known() { Ok(()) } else { Err(Reason::ClockUnknown { has_date: false }.into()) }
    }

    fn duration(&self, text: &str) -> Result<Duration, Unjudged> {
        let text = self.scope.text(text)?;
        yaml::duration(&text)
            .filter(|duration| *duration <= LONGEST_WAIT)
            .ok_or_else(|| Unjudged::case_error(format!("`{text}` is no duration of up to an hour")))
    }

    fn save(&mut self, step: &Step, number: usize) {
        let answer = &self.exchanges[number];
        for (name, selector) in &step.save {
            // What a refused request names was not created.
            let created = *selector != Selector::Location || self.engine.judge.told_status(answer) / 100 == 2;
            let saved = if self.is_enveloped() {
                self.engine.judge.save_inside(selector, answer, &self.scope)
            } else {
                self.engine.judge.save(selector, answer, &self.scope)
            };
            if let Some(value) = saved.filter(|_| created) {
                self.scope.set(name.clone(), value);
            }
        }
    }
}

/// How the changed reading of a comparison differs from the plain one.
struct Change<'a> {
    query: &'a [(String, Value)],
    headers: &'a [(String, Value)],
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn silent(step: &Step, obstacle: &Obstacle) -> Vec<Finding> {
    let pass = |block: &Block| {
        let mut finding = Finding::pass("silence");
        finding.message = format!("no response, which is as good: {obstacle}");
        finding.requirements.clone_from(&block.proves);
        finding.source = Some(step.source.clone());
        finding
    };
    step.expect.iter().map(pass).collect()
}
