//! A body, read once: its bytes scanned and its value parsed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::json_text::{Fault, Scan, scan};
use crate::exchange::Response;

/// How many bytes of bodies have their readings kept: the pages of a walk are read by the walk, by what is expected of
/// it, and by the invariants.
const KEPT_BYTES: usize = 1 << 20;

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
    /// The reading of an answer's body.
    pub(super) fn of(response: &Response) -> Self {
        let scan = scan(&response.body);
        let value = value(response, &scan);
        Self { scan, value }
    }
}

fn value(response: &Response, scan: &Scan) -> Result<Value, Unreadable> {
    if response.cut {
        return Err(Unreadable::Unclear("the body is too long to be read to its end".to_owned()));
    }
    match &scan.fault {
        _ if response.body.is_empty() => Err(Unreadable::NoJson("the body is empty".to_owned())),
        Some(Fault::NoJson { at, why }) => Err(Unreadable::NoJson(format!("body is no JSON: {why} at byte {at}"))),
        Some(Fault::TooDeep) => Err(Unreadable::Unclear("the body nests too deeply to be judged".to_owned())),
        None => serde_json::from_slice(&response.body)
            .map_err(|error| Unreadable::Unclear(format!("the body is JSON that cannot be represented: {error}"))),
    }
}

/// The last readings, by the bytes of the body.
#[derive(Debug, Default)]
pub(super) struct Readings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    readings: VecDeque<(Vec<u8>, Arc<Reading>)>,
    bytes: usize,
}

impl Kept {
    fn of(&self, body: &[u8]) -> Option<Arc<Reading>> {
        self.readings.iter().find(|(bytes, _)| bytes == body).map(|(_, reading)| Arc::clone(reading))
    }

    fn push(&mut self, body: Vec<u8>, reading: Arc<Reading>) {
        self.bytes += body.len();
        self.readings.push_front((body, reading));
        while self.bytes > KEPT_BYTES
            && let Some((oldest, _)) = self.readings.pop_back()
        {
            self.bytes -= oldest.len();
        }
    }
}

impl Readings {
    /// The reading of an answer's body.
    pub(super) fn of(&self, response: &Response) -> Arc<Reading> {
        if response.cut || response.body.len() > KEPT_BYTES {
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
        let known = if response.cut { None } else { self.known(&response.body) };
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
    fn a_kept_reading_is_of_the_same_bytes() {
        let readings = Readings::default();
        for number in 0..12 {
            let text = (number % 5).to_string().repeat(KEPT_BYTES / 3);
            let reading = readings.of(&Response { body: format!("\"{text}\"").into_bytes(), ..Response::default() });
            assert_eq!(reading.value, Ok(Value::from(text)));
            assert!(readings.kept().bytes <= KEPT_BYTES);
        }
    }
}
