//! The rate limit: requests of one clock minute and group, whoever makes them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hyper::{StatusCode, header};

use chrono::DateTime;

use super::access::Admitted;
use super::fault::Fault;
use super::freedom::Freedom;
use super::problem::Refusal;
use super::render;
use super::route::{Kind, Resource, Within};
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

/// Counts an admitted call on a limited resource, or refuses it once the window is full.
///
/// Whoever was refused before (no login, no member, no such method) has made no request *to the resource* and counts
/// for nothing; otherwise the challenges of Digest would halve the limit, and strangers could use it up.
pub(crate) fn count(world: &World, admitted: &Admitted<'_>) -> Result<(), Refusal> {
    let Some(group) = admitted.group.filter(|_| is_limited(world, &admitted.resource)) else { return Ok(()) };
    let now = world.now().timestamp();
    if world.windows.take(
        counted_for(world, &group.id, &admitted.user.id, &admitted.resource),
        now,
        window(world, now),
        most(world),
    ) {
        return Ok(());
    }
    let detail = format!("This resource is limited to {MOST_REQUESTS} requests a minute and group.");
    let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, detail);
    if world.behaviour.takes(Freedom::NoRetryAfter) {
        return Err(refusal);
    }
    Err(refusal.with_header(header::RETRY_AFTER, &retry_after(world, now)))
}

/// When the next window begins: in how many seconds, or at which time.
fn retry_after(world: &World, now: i64) -> String {
    let next = minute(now) + WINDOW;
    match DateTime::from_timestamp(next, 0) {
        Some(next) if world.behaviour.takes(Freedom::RetryAfterDate) => render::http_date(next),
        _ => (next - now).to_string(),
    }
}

fn is_limited(world: &World, resource: &Resource) -> bool {
    match resource {
        Resource::InGroup(..) if world.behaviour.takes(Freedom::AllLimited) => true,
        Resource::InGroup(_, Within::Measurements) => !world.behaviour.shows(Fault::NeverLimited),
        Resource::InGroup(_, Within::List(Kind::Host)) => world.behaviour.shows(Fault::EverythingLimited),
        _ => false,
    }
}

/// Whose counter counts a request: that of the group.
fn counted_for(world: &World, group: &str, user: &str, resource: &Resource) -> String {
    if world.behaviour.takes(Freedom::AllLimited) {
        return format!("{resource:?}");
    }
    if world.behaviour.shows(Fault::LimitOfServer) {
        return String::new();
    }
    if world.behaviour.shows(Fault::LimitOfUser) { format!("{group} {user}") } else { group.to_owned() }
}

/// The second with which the window of an instant begins.
fn window(world: &World, now: i64) -> i64 {
    if world.behaviour.shows(Fault::WindowSlides) { now } else { minute(now) }
}

fn minute(now: i64) -> i64 {
    now - now.rem_euclid(WINDOW)
}

fn most(world: &World) -> u32 {
    if world.behaviour.shows(Fault::NinetyNineAllowed) { MOST_REQUESTS - 1 } else { MOST_REQUESTS }
}

impl Windows {
    /// Counts a request at `now`; `false` if the window is full. A new window begins at `begins`.
    fn take(&self, counted_for: String, now: i64, begins: i64, most: u32) -> bool {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(counted_for).or_insert(Counter { began: begins, requests: 0 });
        if now >= counter.began + WINDOW {
            *counter = Counter { began: begins, requests: 0 };
        }
        let free = counter.requests < most;
        counter.requests += u32::from(free);
        free
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
    fn windows_begin_with_the_minutes_of_the_clock() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
        assert_eq!(minute(at("2016-11-01T13:00:59.999Z")), at("2016-11-01T13:00:00Z"));
        assert_eq!(minute(at("2016-11-01T13:01:00Z")), at("2016-11-01T13:01:00Z"));
    }
}
