//! Texts and numbers that occur nowhere else: what a run creates is told apart by them.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// The network 198.18.0.0/15, and how many addresses it has.
const BENCHMARK_NETWORK: u32 = 0xc612_0000;
const BENCHMARK_HOSTS: u64 = 1 << 17;

/// How many unique numbers a run has, and how many runs there are before numbers repeat.
const NUMBERS: u64 = 1_000_000;

/// A source of texts that occur nowhere else, recognisable as the suite's.
#[derive(Debug)]
pub struct Uniques {
    prefix: String,
    numbers: Numbers,
}

/// Where the numbers in unique texts come from.
#[derive(Debug)]
enum Numbers {
    /// One after the other.
    Counted(AtomicU64),
    /// From another source; those that were given are noted.
    Noted { of: Arc<Uniques>, given: Mutex<Vec<u64>> },
    /// Those that were noted before, and then others.
    Given { numbers: Vec<u64>, next: AtomicUsize },
}

impl Uniques {
    /// Texts `atlaspec-<run>-<number>`; `run` tells runs apart.
    pub fn new(run: &str) -> Arc<Self> {
        Arc::new(Self { prefix: format!("atlaspec-{run}"), numbers: Numbers::Counted(AtomicU64::new(1)) })
    }

    /// A source that draws on another one and notes what it gives.
    pub fn noting(of: &Arc<Self>) -> Arc<Self> {
        let numbers = Numbers::Noted { of: Arc::clone(of), given: Mutex::default() };
        Arc::new(Self { prefix: of.prefix.clone(), numbers })
    }

    /// A source that gives again what another one [noted](Self::noted).
    /// It has given `first` of them before.
    pub fn given(of: &Self, numbers: Vec<u64>, first: usize) -> Arc<Self> {
        let numbers = Numbers::Given { numbers, next: AtomicUsize::new(first) };
        Arc::new(Self { prefix: of.prefix.clone(), numbers })
    }

    /// How many numbers a source of given ones has given so far.
    pub fn position(&self) -> usize {
        match &self.numbers {
            Numbers::Given { next, .. } => next.load(Ordering::Relaxed),
            Numbers::Counted(_) | Numbers::Noted { .. } => 0,
        }
    }

    /// The numbers that a noting source gave since the last call.
    pub fn noted(&self) -> Vec<u64> {
        match &self.numbers {
            Numbers::Noted { given, .. } => std::mem::take(&mut *given.lock().unwrap_or_else(PoisonError::into_inner)),
            Numbers::Counted(_) | Numbers::Given { .. } => Vec::new(),
        }
    }

    /// The next text.
    pub fn next(&self) -> String {
        format!("{}-{}", self.prefix, self.number())
    }

    /// The next value of a name that has a fresh one at every use; `None` of any other name.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        match name {
            "unique" => Some(Value::String(self.next())),
            "unique-address" => Some(Value::String(self.address().to_string())),
            "unique-number" => Some(Value::from(self.start() % NUMBERS * NUMBERS + self.number() % NUMBERS)),
            _ => None,
        }
    }

    /// The next address out of the network for benchmarks (RFC 2544): no host of anybody has one.
    fn address(&self) -> Ipv4Addr {
        let host = (self.start() + self.number()) % BENCHMARK_HOSTS;
        Ipv4Addr::from_bits(BENCHMARK_NETWORK | u32::try_from(host).unwrap_or_default())
    }

    /// A number that tells the run apart from others.
    fn start(&self) -> u64 {
        self.prefix
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
            >> 8
    }

    fn number(&self) -> u64 {
        match &self.numbers {
            Numbers::Counted(next) => next.fetch_add(1, Ordering::Relaxed),
            Numbers::Noted { of, given } => {
                let number = of.number();
                given.lock().unwrap_or_else(PoisonError::into_inner).push(number);
                number
            }
            Numbers::Given { numbers, next } => {
                let at = next.fetch_add(1, Ordering::Relaxed);
                numbers.get(at).copied().unwrap_or(NUMBERS / 2 + at as u64)
            }
        }
    }
}
