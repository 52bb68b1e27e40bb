//! Times in headers: dates of HTTP, and how long a client is asked to wait.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Response;

/// A date of HTTP in any of its three forms (RFC 9110, section 5.6.7).
pub fn http_date(text: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(text.trim()).ok().map(DateTime::from)
}

impl Response {
    /// How long `Retry-After` asks to wait (RFC 9110, section 10.2.3), in seconds or until a date; nothing of a date that
    /// has passed. `None` without the header, or if it is neither. `received` is when the response came: it counts where
    /// the response has no `Date`.
    pub fn retry_after(&self, received: DateTime<Utc>) -> Option<Duration> {
        let text = self.header("retry-after")?;
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
        }
        let now = self.header("date").and_then(|date| http_date(&date)).unwrap_or(received);
        Some((http_date(text)? - now).to_std().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_stated_in_seconds_or_until_a_date() {
        let received = http_date("Sun, 29 Nov 2026 10:00:00 GMT").unwrap();
        let wait = |value: &str, date: Option<&str>| {
            let date = date.map(|date| ("Date".to_owned(), date.to_owned()));
            let headers = [Some(("Retry-After".to_owned(), value.to_owned())), date].into_iter().flatten().collect();
            Response { headers, ..Response::default() }.retry_after(received)
        };
        let seconds = |number| Some(Duration::from_secs(number));
        assert_eq!(wait(" 7 ", None), seconds(7));
        assert_eq!(wait("99999999999999999999999", None), seconds(u64::MAX));
        assert_eq!(wait("Sun, 29 Nov 2026 10:00:30 GMT", None), seconds(30));
        assert_eq!(wait("Sunday, 29-Nov-26 10:00:30 GMT", None), seconds(30));
        assert_eq!(wait("Sun Nov 29 10:00:30 2026", None), seconds(30));
        assert_eq!(wait("Sun, 29 Nov 2026 10:00:30 GMT", Some("Sun, 29 Nov 2026 10:00:20 GMT")), seconds(10));
        assert_eq!(wait("Sun, 29 Nov 2026 09:00:00 GMT", None), seconds(0));
        for malformed in ["", "-1", "1.5", "soon", "2026-11-29T10:00:30Z"] {
            assert_eq!(wait(malformed, None), None, "{malformed}");
        }
        assert_eq!(Response::default().retry_after(received), None);
    }
}
