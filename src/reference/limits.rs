//! The rate limit: requests of one clock minute and group, whoever makes them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use hyper::{StatusCode, header};

use super::access::Admitted;
use super::problem::Refusal;
use super::route::{Resource, Within};
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
    window: i64,
    requests: u32,
}

/// Counts an admitted call on a limited resource, or refuses it once the window is full.
///
/// Whoever was refused before (no login, no member, no such method) has made no request *to the resource* and counts
/// for nothing; otherwise the challenges of Digest would halve the limit, and strangers could use it up.
pub(crate) fn count(world: &World, admitted: &Admitted<'_>) -> Result<(), Refusal> {
    let (Resource::InGroup(_, Within::Measurements), Some(group)) = (&admitted.resource, admitted.group) else {
        return Ok(());
    };
    let now = world.now();
    if world.windows.take(&group.id, window(now)) {
        return Ok(());
    }
    let detail = format!("This resource is limited to {MOST_REQUESTS} requests a minute and group.");
    let wait = WINDOW - now.timestamp().rem_euclid(WINDOW);
    Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, detail).with_header(header::RETRY_AFTER, &wait.to_string()))
}

/// The number of the window that an instant lies in.
fn window(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(WINDOW)
}

impl Windows {
    /// Counts a request of a group; `false` if the window is full.
    fn take(&self, group: &str, window: i64) -> bool {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(group.to_owned()).or_insert(Counter { window, requests: 0 });
        if counter.window != window {
            *counter = Counter { window, requests: 0 };
        }
        let free = counter.requests < MOST_REQUESTS;
        counter.requests += u32::from(free);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lets_its_number_through_and_the_next_all_of_them_again() {
        let windows = Windows::default();
        for minute in [7, 8] {
            let passed = (0..150).filter(|_| windows.take("g", minute)).count();
            assert_eq!(passed, 100, "minute {minute}");
        }
        assert!(windows.take("another", 8));
    }

    #[test]
    fn windows_begin_with_the_minutes_of_the_clock() {
        let at = |text: &str| window(text.parse().unwrap());
        assert_eq!(at("2016-11-01T13:00:00Z"), at("2016-11-01T13:00:59.999Z"));
        assert_eq!(at("2016-11-01T13:00:59.999Z") + 1, at("2016-11-01T13:01:00Z"));
    }
}
