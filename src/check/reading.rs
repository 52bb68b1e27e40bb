//! A body, read once: its bytes scanned and its value parsed.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::json_text::{Fault, Scan, scan, unread};
use super::{coding, links, show};
use crate::exchange::Response;

/// The most that kept readings may weigh together: the pages of a walk are read by the walk, by what is expected of it,
/// and by the invariants. The last one is kept whatever it weighs.
const KEPT_WEIGHT: usize = 8 << 20;

/// About how many bytes a value takes.
const VALUE: usize = 160;

/// Why a body gives no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not JSON: the target's fault.
    NoJson {
        /// The first byte that is wrong, if there is one.
        at: Option<usize>,
        /// What is wrong.
        why: String,
    },
    /// It may be JSON, but cannot be judged.
    Unclear(String),
}

/// What a body says.
#[derive(Debug)]
pub(super) struct Reading {
    /// What its bytes show, decoded.
    pub(super) scan: Scan,
    /// Its value.
    pub(super) value: Result<Value, Unreadable>,
}

/// The value of an answer's body, if it is one that can be judged: whole, JSON, and neither too deep nor too large.
pub fn value_of(response: &Response) -> Option<Value> {
    Reading::of(response).value.ok()
}

impl Reading {
    /// The reading of a response's body.
    pub(super) fn of(response: &Response) -> Self {
        match bytes(response) {
            Ok(body) => {
                let scan = scan(&body);
                let value = value(&body, &scan);
                Self { scan, value }
            }
            Err(why) => Self { scan: unread(why.clone()), value: Err(Unreadable::Unclear(why)) },
        }
    }

    /// About how many bytes it takes: its texts are as long as the body.
    fn weight(&self, body: &[u8]) -> usize {
        body.len() + self.scan.values * VALUE
    }
}

/// The bytes of a body without its codings, or why it is not looked at. A request that names no codings accepts any
/// (RFC 9110, section 12.5.3).
pub(super) fn bytes(response: &Response) -> Result<Cow<'_, [u8]>, String> {
    if response.cut {
        return Err("the body is too long to be read to its end".to_owned());
    }
    coding::decoded(response).map_err(|error| show::cut(&error.to_string(), 120))
}

fn value(body: &[u8], scan: &Scan) -> Result<Value, Unreadable> {
    match &scan.fault {
        Some(Fault::Unclear { why }) => Err(Unreadable::Unclear(why.clone())),
        _ if body.is_empty() => Err(Unreadable::NoJson { at: None, why: "the body is empty".to_owned() }),
        Some(Fault::NoJson { at, why }) => {
            Err(Unreadable::NoJson { at: Some(*at), why: format!("body is no JSON: {why} at byte {at}") })
        }
        None => serde_json::from_slice(body)
            .map(links::with_plain_names)
            .map_err(|error| Unreadable::Unclear(format!("the body is JSON that cannot be represented: {error}"))),
    }
}

/// Whether a reading is kept: only of a body whose bytes are all there is to read.
fn is_kept(response: &Response) -> bool {
    !response.cut && coding::codings(response).is_empty()
}

/// What stands for the bytes of a body: the bytes themselves would take as much memory as the value.
type Key = [u8; 32];

fn key(body: &[u8]) -> Key {
    Sha256::digest(body).into()
}

/// The last readings, by the bytes of the body.
#[derive(Debug, Default)]
pub(super) struct Readings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    readings: VecDeque<(Key, usize, Arc<Reading>)>,
    weight: usize,
}

impl Kept {
    fn of(&self, key: &Key) -> Option<Arc<Reading>> {
        self.readings.iter().find(|(known, ..)| known == key).map(|(.., reading)| Arc::clone(reading))
    }

    fn push(&mut self, key: Key, weight: usize, reading: Arc<Reading>) {
        self.weight += weight;
        self.readings.push_front((key, weight, reading));
        while self.weight > KEPT_WEIGHT
            && self.readings.len() > 1
            && let Some((_, weight, _)) = self.readings.pop_back()
        {
            self.weight -= weight;
        }
    }
}

impl Readings {
    /// The reading of an answer's body.
    pub(super) fn of(&self, response: &Response) -> Arc<Reading> {
        if !is_kept(response) {
            return Arc::new(Reading::of(response));
        }
        let key = key(&response.body);
        if let Some(known) = self.kept().of(&key) {
            return known;
        }
        let reading = Arc::new(Reading::of(response));
        self.kept().push(key, reading.weight(&response.body), Arc::clone(&reading));
        reading
    }

    /// The reading of an answer's body for once: a new one is not kept.
    pub(super) fn once(&self, response: &Response) -> Arc<Reading> {
        let known = if is_kept(response) { self.kept().of(&key(&response.body)) } else { None };
        known.unwrap_or_else(|| Arc::new(Reading::of(response)))
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
        assert_eq!(value(b""), Err(Unreadable::NoJson { at: None, why: "the body is empty".into() }));
        assert_eq!(
            value(b"{\"a\":1"),
            Err(Unreadable::NoJson {
                at: Some(6),
                why: "body is no JSON: the end inside an array or object at byte 6".into()
            })
        );
        assert!(matches!(value("[".repeat(10_000).as_bytes()), Err(Unreadable::Unclear(_))));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(matches!(value(deep.as_bytes()), Err(Unreadable::Unclear(_))));
        assert!(matches!(value(br#""\ud800""#), Err(Unreadable::Unclear(_))));
        let cut = Response { body: b"{}".to_vec(), cut: true, ..Response::default() };
        assert!(matches!(Readings::default().of(&cut).value, Err(Unreadable::Unclear(_))));
    }

    #[test]
    fn a_coded_body_is_decoded_or_not_judged() {
        let read = |coding: &str| Readings::default().of(&coding::tests::coded(coding, b"[ ]")).value.clone();
        for coding in ["gzip", "deflate", "identity", "Identity", ""] {
            assert_eq!(read(coding), Ok(serde_json::json!([])), "{coding}");
        }
        let why = "the body is coded with `br`, which is not decoded";
        assert_eq!(read("br"), Err(Unreadable::Unclear(why.to_owned())));
        let reading = Readings::default().of(&coding::tests::coded("gzip", b"[ ]"));
        assert_eq!(reading.scan.first_space.as_ref().map(|space| space.at), Some(1));
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
