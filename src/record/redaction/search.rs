//! Finds keys in a text however they are spelled there: as they are, percent-encoded, escaped as JSON and HTML do, in
//! hexadecimal and Base64, and in such spellings of each other.
//!
//! The text is decoded, and the keys are searched for in what comes of it. Each step takes linear time, whatever the
//! keys look like; a text that holds no escapes and no long runs of digits or letters is searched once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::coding::{CODINGS, Coding, Layer};

/// How many spellings may be nested: the Base64 of a JSON text inside of a URL has three.
const DEEPEST: usize = 3;
/// The most that one spelling of a character takes: `\u002f`. Nested, each of them takes as many times more.
const LONGEST_SPELLING: usize = 6;
/// A text is searched in pieces of at least this size: of a large one, what decoding gives would take many times its
/// memory.
const PIECE: usize = 256 * 1024;
/// Shorter keys are found by chance in what Base64 or hexadecimal digits stand for.
const SHORTEST_IN_RUNS: usize = 4;

/// Keys, ready to be searched for.
#[derive(Clone)]
pub(super) struct Search {
    keys: AhoCorasick,
    /// The length of the shortest key, in bytes.
    shortest: usize,
    /// What two pieces of a text have in common: no spelling of a key is longer.
    overlap: usize,
    codings: Vec<Coding>,
}

impl Search {
    /// A search for these keys, of which none is empty; `None` if they are too many or too long.
    pub(super) fn new(keys: &[&str]) -> Option<Self> {
        let shortest = keys.iter().map(|key| key.len()).min()?;
        let longest = keys.iter().map(|key| key.len()).max()?;
        let overlap = longest * LONGEST_SPELLING.pow(u32::try_from(DEEPEST).ok()?);
        let wanted = |coding: &&Coding| match coding {
            Coding::Form => keys.iter().any(|key| key.contains(' ')),
            Coding::Hexadecimal(_) | Coding::Base64(_) => shortest >= SHORTEST_IN_RUNS,
            Coding::Percent | Coding::Json | Coding::Html => true,
        };
        let codings = CODINGS.iter().filter(wanted).copied().collect();
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(keys);
        Some(Self { keys: built.ok()?, shortest, overlap, codings })
    }

    /// The places of all keys in a text, in order; none overlaps another.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        // No spelling is shorter than what it stands for.
        if text.len() < self.shortest {
            return Vec::new();
        }
        let piece = PIECE.max(self.overlap * 4);
        let (mut found, mut start) = (Vec::new(), 0);
        loop {
            let end = text.floor_char_boundary(text.len().min(start + piece));
            let mut here = Vec::new();
            self.search(&Layer::of(&text[start..end]), DEEPEST, &mut HashMap::new(), &mut here);
            found.extend(here.into_iter().map(|place| start + place.start..start + place.end));
            if end == text.len() {
                return merged(found, text);
            }
            start = text.floor_char_boundary(end - self.overlap);
        }
    }

    /// Searches a layer and what decoding it gives, so many times. Of a large text one way of decoding it is held at a
    /// time. What two ways lead to is looked into again only from the one that leaves more to be decoded.
    fn search(&self, layer: &Layer<'_>, left: usize, seen: &mut HashMap<u64, usize>, found: &mut Vec<Range<usize>>) {
        found.extend(self.matches(layer));
        let Some(left) = left.checked_sub(1) else { return };
        let runs = layer.runs(self.shortest);
        for coding in &self.codings {
            let Some(decoded) = layer.decoded(*coding, &runs) else { continue };
            let before = seen.entry(hash_of(decoded.bytes())).or_default();
            // Counted from 1, so that none is told apart from the last.
            if *before <= left {
                *before = left + 1;
                self.search(&decoded, left, seen, found);
            }
        }
    }

    fn matches(&self, layer: &Layer<'_>) -> Vec<Range<usize>> {
        let matches = self.keys.find_iter(layer.bytes());
        matches.map(|key| layer.origin(key.start())..layer.origin(key.end())).collect()
    }
}

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// The places in order, those that overlap joined, on whole characters.
fn merged(mut places: Vec<Range<usize>>, text: &str) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut all: Vec<Range<usize>> = Vec::new();
    for place in places {
        let place = text.floor_char_boundary(place.start)..text.ceil_char_boundary(place.end);
        match all.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => all.push(place),
        }
    }
    all
}
