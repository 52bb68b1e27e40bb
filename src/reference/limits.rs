//! The rate limit: requests of one clock minute and group, whoever makes them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::DateTime;
use hyper::{Method, StatusCode, header};

use super::access::Admitted;
use super::fault::Fault;
use super::http::Call;
use super::problem::Refusal;
use super::render;
use super::route::{Kind, Resource, Within};
use super::store::Group;
use super::variation::Variation;
use super::world::World;

/// Requests let through in one window and group.
pub(crate) const MOST_REQUESTS: u32 = 100;
/// Seconds of a window; windows begin with the minutes of the clock.
const WINDOW: i64 = 60;

/// The counters, one a group.
#[derive(Debug, Default)]
pub(crate) struct Windows(Mutex<HashMap<String, Counter>>);

/// The requests of one group in its latest window.
#[derive(Clone, Copy, Debug)]
struct Counter {
    /// The second that it began with.
    began: i64,
    requests: u32,
}

impl Counter {
    /// Counts a request; `false` if there are as many as may be.
    fn take(&mut self, most: u32) -> bool {
        let free = self.requests < most;
        self.requests += u32::from(free);
        free
    }
}

/// Counts an admitted call on a limited resource, or refuses it once the window is full.
///
/// Whoever was refused before (no login, no member, no such method) has made no request *to the resource* and counts
/// for nothing; otherwise the challenges of Digest would halve the limit, and strangers could use it up.
pub(crate) fn count(world: &World, call: &Call, admitted: &Admitted<'_>) -> Result<(), Refusal> {
    let Some(group) = admitted.group else { return Ok(()) };
    let now = world.now().timestamp();
    let user = &admitted.user.id;
    if world.behaviour.takes(Variation::AllLimited) && !is_limited(world, &admitted.resource) {
        return if take(world, call, &format!("{:?}", admitted.resource), user, now) {
            Ok(())
        } else {
            Err(exhausted(world, now))
        };
    }
    if is_blocked(world, &admitted.resource, &group.id, user, now) {
        return Err(exhausted(world, now));
    }
    if !is_limited(world, &admitted.resource) {
        if is_host_list(&admitted.resource) && world.behaviour.shows(Fault::FreeRequestsCounted) {
            take(world, call, &group.id, user, now);
        }
        return Ok(());
    }
    carry_over(world, &group.id, now);
    if is_free(world, call, group, admitted) || take(world, call, &group.id, user, now) {
        return Ok(());
    }
    for fault in [Fault::GroupBlocked, Fault::EverythingLimited] {
        world.behaviour.note(fault, &in_minute(&group.id, now));
    }
    world.behaviour.note(Fault::RefusedEverywhere, &in_minute(user, now));
    Err(exhausted(world, now))
}

/// Whether an earlier refusal in this minute stands against a request: it does not.
fn is_blocked(world: &World, resource: &Resource, group: &str, user: &str, now: i64) -> bool {
    let behaviour = &world.behaviour;
    behaviour.noted(Fault::GroupBlocked, &in_minute(group, now))
        || (is_host_list(resource) && behaviour.noted(Fault::EverythingLimited, &in_minute(group, now)))
        || (is_limited(world, resource) && behaviour.noted(Fault::RefusedEverywhere, &in_minute(user, now)))
}

fn in_minute(what: &str, now: i64) -> String {
    format!("{what} {}", minute(now))
}

fn take(world: &World, call: &Call, group: &str, user: &str, now: i64) -> bool {
    let (counted, most) = (counted_for(world, call, group, user), most(world, group, user));
    match &world.behaviour {
        behaviour if behaviour.shows(Fault::LimitRefills) => world.windows.refill(counted, now, most),
        behaviour if behaviour.shows(Fault::HalfAfterFull) => world.windows.halve(counted, minute(now), most),
        behaviour if behaviour.shows(Fault::HalfMinutes) => {
            world.windows.take(format!("{counted} {}", now.div_euclid(WINDOW / 2)), now, minute(now), most)
        }
        _ => world.windows.take(counted, now, window(world, now), most),
    }
}

/// The refusal once a window is full.
fn exhausted(world: &World, now: i64) -> Refusal {
    let detail = format!("This resource is limited to {MOST_REQUESTS} requests a minute and group.");
    let status = match &world.behaviour {
        behaviour if behaviour.shows(Fault::ExhaustedIs403) => StatusCode::FORBIDDEN,
        behaviour if behaviour.shows(Fault::ExhaustedIs503) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::TOO_MANY_REQUESTS,
    };
    let refusal = Refusal::new(status, detail);
    if world.behaviour.takes(Variation::NoRetryAfter) {
        return refusal;
    }
    refusal.with_header(header::RETRY_AFTER, &retry_after(world, now))
}

/// When the next window begins: in how many seconds, or at which time.
fn retry_after(world: &World, now: i64) -> String {
    let next = minute(now) + WINDOW;
    if world.behaviour.shows(Fault::RetryAfterInWords) {
        return "next minute".to_owned();
    }
    match DateTime::from_timestamp(next, 0) {
        Some(next) if world.behaviour.takes(Variation::RetryAfterDate) => render::http_date(next),
        _ => (next - now).to_string(),
    }
}

fn is_limited(world: &World, resource: &Resource) -> bool {
    matches!(resource, Resource::InGroup(_, Within::Measurements)) && !world.behaviour.shows(Fault::NeverLimited)
}

fn is_host_list(resource: &Resource) -> bool {
    matches!(resource, Resource::InGroup(_, Within::List(Kind::Host)))
}

/// Whether a request is let through uncounted: none is.
fn is_free(world: &World, call: &Call, group: &Group, admitted: &Admitted<'_>) -> bool {
    let behaviour = &world.behaviour;
    let closes = || call.header(&header::CONNECTION).iter().any(|it| it.eq_ignore_ascii_case("close"));
    let first = world.store.users.iter().find(|user| user.role_in(&group.id).is_some());
    let is_first = first.is_some_and(|first| first.id == admitted.user.id);
    (behaviour.shows(Fault::LimitOfFirstUser) && !is_first)
        || (behaviour.shows(Fault::HeadUncounted) && call.method == Method::HEAD)
        || (behaviour.shows(Fault::PagesUncounted) && call.query.get("pageNum").is_some())
        || (behaviour.shows(Fault::ClosingUncounted) && closes())
}

/// What a window that was full leaves to the next: nothing.
fn carry_over(world: &World, group: &str, now: i64) {
    if world.behaviour.shows(Fault::UseCarriedOver) {
        world.windows.carry_over(group, minute(now));
    }
}

/// Whose counter counts a request: that of the group.
fn counted_for(world: &World, call: &Call, group: &str, user: &str) -> String {
    match &world.behaviour {
        behaviour if behaviour.shows(Fault::LimitOfServer) => String::new(),
        behaviour if behaviour.shows(Fault::LimitOfUser) => format!("{group} {user}"),
        behaviour if behaviour.shows(Fault::CounterOfQuery) => format!("{group} {}", call.query.encode()),
        _ => group.to_owned(),
    }
}

/// The second with which the window of an instant begins.
fn window(world: &World, now: i64) -> i64 {
    if world.behaviour.shows(Fault::WindowSlides) { now } else { minute(now) }
}

fn minute(now: i64) -> i64 {
    now - now.rem_euclid(WINDOW)
}

/// How many requests of a user one window lets through.
fn most(world: &World, group: &str, user: &str) -> u32 {
    let behaviour = &world.behaviour;
    let second = world.store.users.iter().filter(|it| it.role_in(group).is_some()).nth(1);
    let is_second = second.is_some_and(|second| second.id == user);
    match behaviour {
        _ if behaviour.shows(Fault::NinetyNineAllowed) => MOST_REQUESTS - 1,
        _ if behaviour.shows(Fault::FiftyAllowed) => MOST_REQUESTS / 2,
        _ if behaviour.shows(Fault::OneMoreAllowed) => MOST_REQUESTS + 1,
        _ if behaviour.shows(Fault::SecondUserHasMore) && is_second => MOST_REQUESTS + 10,
        _ => MOST_REQUESTS,
    }
}

impl Windows {
    /// Counts a request at `now`; `false` if the window is full. A new window begins at `begins`.
    fn take(&self, counted_for: String, now: i64, begins: i64, most: u32) -> bool {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(counted_for).or_insert(Counter { began: begins, requests: 0 });
        if now >= counter.began + WINDOW {
            *counter = Counter { began: begins, requests: 0 };
        }
        counter.take(most)
    }

    /// Counts a request against what is left in a bucket that fills up again little by little: a fault.
    fn refill(&self, counted_for: String, now: i64, most: u32) -> bool {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(counted_for).or_insert(Counter { began: now, requests: 0 });
        let back = (now - counter.began).saturating_mul(i64::from(most)) / WINDOW;
        if back > 0 {
            let back = u32::try_from(back).unwrap_or(u32::MAX);
            *counter = Counter { began: now, requests: counter.requests.saturating_sub(back) };
        }
        counter.take(most)
    }

    /// Counts a request in a window that begins half full if the one before it was full: a fault.
    fn halve(&self, counted_for: String, minute: i64, most: u32) -> bool {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(counted_for).or_insert(Counter { began: minute, requests: 0 });
        if minute > counter.began {
            let full = counter.requests >= most && minute == counter.began + WINDOW;
            *counter = Counter { began: minute, requests: if full { most / 2 } else { 0 } };
        }
        counter.take(most)
    }

    /// Begins the window of `minute` with what the one before it used up: a fault.
    fn carry_over(&self, counted_for: &str, minute: i64) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = counters.get_mut(counted_for).filter(|counter| counter.began + WINDOW == minute) {
            counter.began = minute;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn a_window_lets_its_number_through_and_the_next_all_of_them_again() {
        let windows = Windows::default();
        let take = |group: &str, now: i64| windows.take(group.to_owned(), now, minute(now), MOST_REQUESTS);
        for now in [479, 480] {
            let passed = (0..150).filter(|_| take("g", now)).count();
            assert_eq!(passed, 100, "at {now}");
        }
        assert!(take("another", 480));
    }

    #[test]
    fn a_limit_that_refills_gives_back_with_the_seconds() {
        let windows = Windows::default();
        let passed = |now| (0..150).filter(|_| windows.refill("g".to_owned(), now, MOST_REQUESTS)).count();
        assert_eq!([480, 480, 483, 510, 1000].map(passed), [100, 0, 5, 45, 100]);
    }

    #[test]
    fn a_window_after_a_full_one_may_begin_half_full() {
        let windows = Windows::default();
        let passed = |now| (0..150).filter(|_| windows.halve("g".to_owned(), minute(now), MOST_REQUESTS)).count();
        assert_eq!([480, 510, 540, 660].map(passed), [100, 0, 50, 100]);
    }

    #[test]
    fn windows_begin_with_the_minutes_of_the_clock() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
        assert_eq!(minute(at("2016-11-01T13:00:59.999Z")), at("2016-11-01T13:00:00Z"));
        assert_eq!(minute(at("2016-11-01T13:01:00Z")), at("2016-11-01T13:01:00Z"));
    }
}
