//! A body, read once: its bytes scanned and its value parsed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::json_text::{Fault, Scan, scan, unread};
use super::show;
use crate::exchange::Response;

/// How many readings are kept, so that the many invariants do not read one body again and again.
const KEPT: usize = 8;

/// The most that kept readings may weigh together; the last one is kept whatever it weighs.
const KEPT_WEIGHT: usize = 16 << 20;

/// About how many bytes a value takes.
const VALUE: usize = 160;

/// Why a body gives no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is no JSON: the target's fault.
    NoJson(String),
    /// It may be JSON, but cannot be judged.
    Unclear(String),
}

/// What a body says.
#[derive(Debug)]
pub(super) struct Reading {
    /// What its bytes show.
    pub(super) scan: Scan,
    /// Its value.
    pub(super) value: Result<Value, Unreadable>,
}

impl Reading {
    fn of(response: &Response) -> Self {
        let scan = unreadable(response).map_or_else(|| scan(&response.body), unread);
        let value = value(response, &scan);
        Self { scan, value }
    }

    /// About how many bytes it takes, with those of the body itself.
    fn weight(&self, body: &[u8]) -> usize {
        body.len() + self.scan.values * VALUE
    }
}

/// Why a body is not even looked at.
fn unreadable(response: &Response) -> Option<String> {
    if response.cut {
        return Some("the body is too long to be read to its end".to_owned());
    }
    // Whoever says nothing about codings accepts any (RFC 9110, section 12.5.3): that is no fault of the target.
    let coding = show::cut(&coding(response)?, 40);
    Some(format!("the body is coded with `{coding}`, which is not decoded"))
}

fn value(response: &Response, scan: &Scan) -> Result<Value, Unreadable> {
    match &scan.fault {
        Some(Fault::Unclear { why }) => Err(Unreadable::Unclear(why.clone())),
        _ if response.body.is_empty() => Err(Unreadable::NoJson("the body is empty".to_owned())),
        Some(Fault::NoJson { at, why }) => Err(Unreadable::NoJson(format!("body is no JSON: {why} at byte {at}"))),
        None => serde_json::from_slice(&response.body)
            .map_err(|error| Unreadable::Unclear(format!("the body is JSON that cannot be represented: {error}"))),
    }
}

/// The coding of the body, if it has one (RFC 9110, section 8.4).
fn coding(response: &Response) -> Option<String> {
    let coding = response.header("content-encoding")?;
    let plain = coding.split(',').all(|name| matches!(name.trim().to_ascii_lowercase().as_str(), "" | "identity"));
    (!plain).then_some(coding)
}

/// The last few readings, by the bytes of the body.
#[derive(Debug, Default)]
pub(super) struct Readings(Mutex<VecDeque<(Vec<u8>, Arc<Reading>)>>);

impl Readings {
    /// The reading of an answer's body.
    pub(super) fn of(&self, response: &Response) -> Arc<Reading> {
        if unreadable(response).is_some() {
            return Arc::new(Reading::of(response));
        }
        if let Some(known) = self.known(&response.body) {
            return known;
        }
        let reading = Arc::new(Reading::of(response));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front((response.body.clone(), Arc::clone(&reading)));
        let mut weight = 0;
        let fits = |(body, reading): &&(Vec<u8>, Arc<Reading>)| {
            weight += reading.weight(body);
            weight <= KEPT_WEIGHT
        };
        let fitting = kept.iter().take_while(fits).count();
        kept.truncate(fitting.max(1));
        reading
    }

    fn known(&self, body: &[u8]) -> Option<Arc<Reading>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(bytes, _)| bytes == body).map(|(_, reading)| Arc::clone(reading))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(body: &[u8]) -> Result<Value, Unreadable> {
        Readings::default().of(&Response { body: body.to_vec(), ..Response::default() }).value.clone()
    }

    #[test]
    fn what_cannot_be_read_says_whose_fault_it_is() {
        assert_eq!(value(b""), Err(Unreadable::NoJson("the body is empty".into())));
        assert_eq!(
            value(b"{\"a\":1"),
            Err(Unreadable::NoJson("body is no JSON: the end inside an array or object at byte 6".into()))
        );
        assert!(matches!(value("[".repeat(10_000).as_bytes()), Err(Unreadable::Unclear(_))));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(matches!(value(deep.as_bytes()), Err(Unreadable::Unclear(_))));
        assert!(matches!(value(br#""\ud800""#), Err(Unreadable::Unclear(_))));
        assert!(matches!(value(b"1e400"), Err(Unreadable::Unclear(_))));
        let cut = Response { body: b"{}".to_vec(), cut: true, ..Response::default() };
        assert!(matches!(Readings::default().of(&cut).value, Err(Unreadable::Unclear(_))));
    }

    #[test]
    fn a_coded_body_is_not_judged_and_an_uncoded_one_is() {
        let coded = |coding: &str| {
            let headers = vec![("content-encoding".to_owned(), coding.to_owned())];
            Readings::default().of(&Response { body: b"[]".to_vec(), headers, ..Response::default() }).value.clone()
        };
        let why = "the body is coded with `gzip`, which is not decoded";
        assert_eq!(coded("gzip"), Err(Unreadable::Unclear(why.to_owned())));
        for plain in ["identity", "Identity", ""] {
            assert_eq!(coded(plain), Ok(serde_json::json!([])), "{plain}");
        }
    }

    #[test]
    fn a_kept_reading_is_of_the_same_bytes() {
        let readings = Readings::default();
        for number in 0..KEPT * 3 {
            let body = (number % (KEPT + 1)).to_string().into_bytes();
            let reading = readings.of(&Response { body, ..Response::default() });
            assert_eq!(reading.value, Ok(Value::from(number % (KEPT + 1))));
        }
    }
}
