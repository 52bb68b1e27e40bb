//! A body, read once: its bytes scanned and its value parsed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::json_text::{Fault, Scan, scan, unread};
use super::show;
use crate::exchange::Response;

/// The most that kept readings may weigh together: the pages of a walk are read by the walk, by what is expected of it,
/// and by the invariants. The last one is kept whatever it weighs.
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

/// The value of an answer's body, if it is one that can be judged: whole, JSON, and neither too deep nor too large.
pub fn value_of(response: &Response) -> Option<Value> {
    Reading::of(response).value.ok()
}

impl Reading {
    /// The reading of an answer's body.
    pub(super) fn of(response: &Response) -> Self {
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

/// The last readings, by the bytes of the body.
#[derive(Debug, Default)]
pub(super) struct Readings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    readings: VecDeque<(Vec<u8>, Arc<Reading>)>,
    weight: usize,
}

impl Kept {
    fn of(&self, body: &[u8]) -> Option<Arc<Reading>> {
        self.readings.iter().find(|(bytes, _)| bytes == body).map(|(_, reading)| Arc::clone(reading))
    }

    fn push(&mut self, body: Vec<u8>, reading: Arc<Reading>) {
        self.weight += reading.weight(&body);
        self.readings.push_front((body, reading));
        while self.weight > KEPT_WEIGHT
            && self.readings.len() > 1
            && let Some((body, oldest)) = self.readings.pop_back()
        {
            self.weight -= oldest.weight(&body);
        }
    }
}

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
        self.kept().push(response.body.clone(), Arc::clone(&reading));
        reading
    }

    /// The reading of an answer's body for once: a new one is not kept.
    pub(super) fn once(&self, response: &Response) -> Arc<Reading> {
        let known = if unreadable(response).is_some() { None } else { self.known(&response.body) };
        known.unwrap_or_else(|| Arc::new(Reading::of(response)))
    }

    fn known(&self, body: &[u8]) -> Option<Arc<Reading>> {
        self.kept().of(body)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        for number in 0..12 {
            let text = (number % 5).to_string().repeat(KEPT_WEIGHT / 3);
            let reading = readings.of(&Response { body: format!("\"{text}\"").into_bytes(), ..Response::default() });
            assert_eq!(reading.value, Ok(Value::from(text)));
            assert!(readings.kept().weight <= KEPT_WEIGHT);
        }
        readings.of(&Response { body: vec![b' '; KEPT_WEIGHT + 1], ..Response::default() });
        assert_eq!(readings.kept().readings.len(), 1, "the last one is kept whatever it weighs");
    }
}
