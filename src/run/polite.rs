//! What a staging server bears: a rate of requests, the rate limit of a group, and wrong logins of a user.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::check::normal_path;
use crate::exchange::{Credentials, Exchange, Obstacle, Request};
use crate::reason::Reason;
use crate::record::Awaited;
use crate::suite::vocabulary::OWNER;
use crate::suite::{Action, Case, CredentialsTemplate, Instance, Plan, SetAside, Step};
use crate::target::Scope as LimitScope;

use super::allowance::Allowance;
use super::engine::Engine;
use super::perform::Performer;
use super::schedule::count_of;

/// One in so many requests of a rate limit is left to others.
const RESERVE: usize = 10;
/// The longest that a case waits until it may log in wrongly.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// At most so many requests in so much time, of all workers together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The time between two requests.
    between: Duration,
}

impl Rate {
    /// The rate of so many requests in so much time, if it is one that a run can keep: from one a minute.
    pub fn new(requests: f64, time: Duration) -> Option<Self> {
        let between = Duration::try_from_secs_f64(time.as_secs_f64() / requests).ok()?;
        (Duration::from_micros(1)..=Duration::from_mins(1)).contains(&between).then_some(Self { between })
    }

    /// The time between two requests.
    pub fn between(self) -> Duration {
        self.between
    }
}

/// What a target's file says that it bears.
#[derive(Debug)]
pub(super) struct Bearable {
    /// Requests of a group, where every resource of a group counts.
    groups: Option<Allowance>,
    /// Wrong logins of a user.
    failed_logins: Option<Allowance>,
}

impl Bearable {
    /// Everything, where nothing is sent.
    pub(super) fn everything() -> Self {
        Self { groups: None, failed_logins: None }
    }

    pub(super) fn of(target: &crate::target::Target) -> Self {
        let rate = usize::try_from(target.limits.rate).unwrap_or(usize::MAX);
        let rate = rate.saturating_sub(rate / RESERVE).max(1);
        Self {
            groups: (target.limits.scope == LimitScope::Groups).then(|| Allowance::new(rate, target.limits.window)),
            failed_logins: target.failed_logins.map(|failed| Allowance::new(failed.limit, failed.per)),
        }
    }
}

impl Performer<'_> {
    /// Waits until the target bears a request. Who counts refusals, or counts within a window, does not wait.
    pub(super) async fn wait_politely(&self, request: &Request) -> Result<(), Obstacle> {
        self.wait_for_group(request).await?;
        self.wait_for_login(request).await
    }

    async fn wait_for_group(&self, request: &Request) -> Result<(), Obstacle> {
        let bearable = &self.engine.bearable;
        let (Some(groups), Some(group)) = (&bearable.groups, group(&request.url)) else { return Ok(()) };
        loop {
            let now = self.engine.clock.now();
            match groups.take(&group, now) {
                Ok(()) => return Ok(()),
                Err(_) if self.window.is_some() || self.expects_refusals() => {
                    groups.note(&group, 1, now);
                    return Ok(());
                }
                Err(wait) => {
                    let wait = wait.unwrap_or(self.engine.target.limits.window);
                    self.wait_for(Awaited::GroupRate, wait).await?;
                }
            }
        }
    }

    async fn wait_for_login(&self, request: &Request) -> Result<(), Obstacle> {
        let (Some(logins), Some(user)) = (&self.engine.bearable.failed_logins, wrong_login(request)) else {
            return Ok(());
        };
        loop {
            match logins.take(user, self.engine.clock.now()) {
                Ok(()) => return Ok(()),
                Err(Some(wait)) if wait <= LONGEST_WAIT => self.wait_for(Awaited::FailedLogins, wait).await?,
                Err(_) => {
                    let reason = format!("`{user}` has logged in wrongly as often as `failed-logins` allows");
                    return Err(Obstacle::Unsendable { reason });
                }
            }
        }
    }

    /// Counts the challenges that came before the answer.
    pub(super) fn note_challenges(&self, url: &Url, number: usize) {
        if let (Some(groups), Some(group)) = (&self.engine.bearable.groups, group(url)) {
            groups.note(&group, number, self.engine.clock.now());
        }
    }
}

impl Engine {
    /// Counts a login that was refused though it was not meant to fail.
    pub(super) fn note_refusal(&self, answer: &Exchange) {
        let request = &answer.request;
        let expected = wrong_login(request).is_some() || request.credentials == Credentials::UnknownUser;
        if let (Some(logins), Some(user), false, 401) =
            (&self.bearable.failed_logins, &request.user, expected, answer.response.status)
        {
            logins.note(user, 1, self.clock.now());
        }
    }
}

/// Whose failed login a request is going to be.
fn wrong_login(request: &Request) -> Option<&str> {
    let user = request.user.as_deref()?;
    match request.credentials {
        // Nobody is locked out by the failures of one who does not exist.
        // A nonce of the case's may be right or wrong: it is counted if it is refused.
        Credentials::Right | Credentials::UnknownUser | Credentials::Nonce { .. } => None,
        Credentials::WrongKey
        | Credentials::KeyOf(_)
        | Credentials::BasicWrongKey
        | Credentials::InventedNonce
        | Credentials::OtherUri
        | Credentials::OtherMethod
        | Credentials::OneDigitChanged
        | Credentials::CutOff
        | Credentials::Replayed => Some(user),
    }
}

/// The group that a URL is about: the segment after `groups`.
fn group(url: &Url) -> Option<String> {
    let path = normal_path(url.path());
    let mut segments = path.split('/').skip_while(|segment| *segment != "groups").skip(1);
    segments.next().filter(|group| !group.is_empty()).map(str::to_owned)
}

impl Engine {
    /// The plan without cases that the target, or the user, does not bear; each with the reason.
    pub fn politely(&self, plan: Plan, rate: Option<Rate>) -> Plan {
        let mut logins: BTreeMap<String, usize> = BTreeMap::new();
        let (mut to_run, mut set_aside) = (Vec::new(), plan.set_aside);
        for instance in plan.to_run {
            match self.objection(&instance, rate, &mut logins) {
                None => to_run.push(instance),
                Some(reason) => set_aside.push(SetAside::of(&instance.case, &instance.id, reason)),
            }
        }
        set_aside.sort_by(|a, b| a.id.cmp(&b.id));
        Plan { to_run, set_aside, ..plan }
    }

    fn objection(
        &self,
        instance: &Instance,
        rate: Option<Rate>,
        logins: &mut BTreeMap<String, usize>,
    ) -> Option<Reason> {
        let too_fast = rate.and_then(|rate| self.too_fast(&instance.case, rate));
        too_fast.or_else(|| self.too_many_logins(instance, logins))
    }

    /// Whether a case sends more within one window than the rate lets through.
    fn too_fast(&self, case: &Case, rate: Rate) -> Option<Reason> {
        let most = case.all_steps().filter_map(|step| self.burst(step)).max()?;
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        // A challenge and some other requests need their time, too.
        let needs = rate.between.saturating_mul(most.saturating_add(most / 5));
        let window = self.target.limits.window;
        (needs > window).then_some(Reason::TooFast { requests: most, seconds: window.as_secs() })
    }

    fn burst(&self, step: &Step) -> Option<usize> {
        match &step.action {
            Action::Burst { count, .. } => count_of(&self.scope().value(count).unwrap_or(Value::Null)),
            _ => None,
        }
    }

    /// Whether a case logs in wrongly once too often, together with those before it.
    fn too_many_logins(&self, instance: &Instance, logins: &mut BTreeMap<String, usize>) -> Option<Reason> {
        let failed = self.target.failed_logins.filter(|failed| failed.limit == 0 || failed.per > LONGEST_WAIT)?;
        let mut ours: BTreeMap<String, usize> = BTreeMap::new();
        let owner = instance.conditions().user.unwrap_or_else(|| OWNER.to_owned());
        for step in instance.case.all_steps() {
            let Some(request) = step.action.request() else { continue };
            if is_wrong(&request.credentials) {
                let user = if request.user == OWNER { &owner } else { &request.user };
                *ours.entry(user.clone()).or_default() += self.burst(step).unwrap_or(1);
            }
        }
        let before = |user: &String| logins.get(user).copied().unwrap_or_default();
        if let Some((user, _)) = ours.iter().find(|(user, times)| before(user) + *times > failed.limit) {
            let (user, seconds) = (user.clone(), failed.per.as_secs());
            return Some(Reason::TooManyLogins { user, limit: failed.limit, seconds });
        }
        for (user, times) in ours {
            *logins.entry(user).or_default() += times;
        }
        None
    }
}

fn is_wrong(credentials: &CredentialsTemplate) -> bool {
    match credentials {
        CredentialsTemplate::Nonce { .. } => false,
        CredentialsTemplate::Plain(credentials) => {
            !matches!(credentials, Credentials::Right | Credentials::UnknownUser)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_stands_in_the_path() {
        let of = |path: &str| group(&Url::parse(&format!("https://h/api/v1.0{path}")).unwrap());
        assert_eq!(of("/groups/5f/hosts?pageNum=2"), Some("5f".to_owned()));
        assert_eq!([of("/groups"), of("/groups/"), of("/users/groups"), of("")], [None, None, None, None]);
    }

    #[test]
    fn a_rate_is_no_slower_than_one_a_minute() {
        let second = Duration::from_secs(1);
        assert_eq!(Rate::new(10.0, second).map(Rate::between), Some(Duration::from_millis(100)));
        assert!(Rate::new(0.5, second).is_some());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 0.001, 1e9] {
            assert_eq!(Rate::new(bad, second), None, "{bad}");
        }
    }
}
