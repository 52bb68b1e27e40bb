//! A strict scanner of JSON text (RFC 8259). It sees what a parser hides: white space, members named twice, and
//! the byte at which a text stops being JSON. It takes linear time and keeps its own stack.

use std::borrow::Cow;
use std::collections::HashSet;

use super::place::{self, Step};

/// How deep arrays and objects may nest.
const DEPTH: usize = 1_000;

/// How many values a text may hold: each takes many times its own bytes once it is read. A page of a hundred entities
/// with hundreds of members each is within it.
const VALUES: usize = 100_000;

/// Up to so many names are compared with each other.
const FEW: usize = 24;

/// The most places that are kept of one kind.
const PLACES: usize = 5;

/// What the bytes of a JSON text show.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Why the scan stopped before the end, if it did.
    pub(super) fault: Option<Fault>,
    /// How many values have begun.
    pub(super) values: usize,
    /// The first white space outside strings; one line break at the very end is none.
    pub(super) first_space: Option<Space>,
    /// Whether there is a line break outside strings, the one at the very end aside.
    pub(super) breaks_lines: bool,
    /// Whether a line begins with a space or tab outside strings.
    pub(super) indents: bool,
    /// Whether any array or object has something in it.
    pub(super) has_parts: bool,
    /// The first places where an object names a member again: the last byte of the name, and the JSONPath.
    pub(super) repeated: Vec<(usize, String)>,
    /// How many members are named again.
    pub(super) repeated_count: usize,
}

/// A run of white space.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Space {
    /// Its first byte.
    pub(super) at: usize,
    /// JSONPath of the value in which it stands.
    pub(super) place: String,
}

/// Why a scan stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The text is no JSON.
    NoJson {
        /// The first byte that is wrong.
        at: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Whether it is JSON is not known.
    Unclear {
        /// Why, in a sentence about the body.
        why: String,
    },
}

/// A scan of a text that was not looked at.
pub(super) fn unread(why: String) -> Scan {
    Scan { fault: Some(Fault::Unclear { why }), ..Scan::default() }
}

/// Scans a text.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut scan = Scan::default();
    scan.fault = match std::str::from_utf8(bytes) {
        Ok(text) => Scanner { text, at: 0, open: Vec::new(), scan: &mut scan }.document().err(),
        Err(error) => Some(Fault::NoJson { at: error.valid_up_to(), why: "a byte that is not UTF-8" }),
    };
    scan
}

/// An array or object that is not closed yet.
enum Open<'a> {
    Array { index: usize },
    Object { seen: Names<'a> },
}

/// The names of an object's members so far. A few are compared faster than hashed; the hashes keep many in linear time.
#[derive(Default)]
struct Names<'a> {
    /// In their order; the last is the one whose value is read.
    all: Vec<Cow<'a, str>>,
    hashed: HashSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    /// Adds a name; whether it is new.
    fn add(&mut self, name: Cow<'a, str>) -> bool {
        let is_new = if self.all.len() < FEW {
            !self.all.contains(&name)
        } else {
            if self.hashed.is_empty() {
                self.hashed.extend(self.all.iter().cloned());
            }
            self.hashed.insert(name.clone())
        };
        self.all.push(name);
        is_new
    }
}

/// What follows the beginning of a value.
enum Begun {
    /// Nothing: the value is complete.
    Complete,
    /// The first value inside it.
    Inner,
}

struct Scanner<'a, 's> {
    text: &'a str,
    at: usize,
    open: Vec<Open<'a>>,
    scan: &'s mut Scan,
}

impl<'a> Scanner<'a, '_> {
    fn document(&mut self) -> Result<(), Fault> {
        if self.text.starts_with('\u{feff}') {
            return Err(self.wrong("a byte order mark"));
        }
        self.space();
        loop {
            match self.value()? {
                Begun::Inner => {}
                Begun::Complete => {
                    if !self.goes_on()? {
                        break;
                    }
                }
            }
        }
        self.space();
        if self.at < self.text.len() { Err(self.wrong("text after the value")) } else { Ok(()) }
    }

    fn value(&mut self) -> Result<Begun, Fault> {
        self.scan.values += 1;
        if self.scan.values > VALUES {
            return Err(unclear("the body holds too many values to be judged"));
        }
        match self.peek() {
            Some(b'{') => self.begin(Open::Object { seen: Names::default() }, b'}'),
            Some(b'[') => self.begin(Open::Array { index: 0 }, b']'),
            Some(b'"') => self.string().map(|_| Begun::Complete),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(_) => Err(self.wrong("a character that begins no value")),
            None => Err(self.wrong("the end where a value is due")),
        }
    }

    fn begin(&mut self, open: Open<'a>, close: u8) -> Result<Begun, Fault> {
        if self.open.len() == DEPTH {
            return Err(unclear("the body nests too deeply to be judged"));
        }
        self.at += 1;
        let is_object = matches!(open, Open::Object { .. });
        self.open.push(open);
        self.space();
        if self.take(close) {
            self.open.pop();
            return Ok(Begun::Complete);
        }
        self.scan.has_parts = true;
        if is_object {
            self.member()?;
        }
        Ok(Begun::Inner)
    }

    /// After a complete value: closes what ends here. Whether another value follows.
    fn goes_on(&mut self) -> Result<bool, Fault> {
        while !self.open.is_empty() {
            self.space();
            let comma = self.take(b',');
            match self.open.last_mut() {
                Some(Open::Array { index }) if comma => {
                    *index += 1;
                    self.space();
                    return Ok(true);
                }
                Some(Open::Object { .. }) if comma => {
                    self.space();
                    self.member()?;
                    return Ok(true);
                }
                Some(Open::Array { .. }) => self.close(b']', "something other than `,` or `]` after an element")?,
                Some(Open::Object { .. }) => self.close(b'}', "something other than `,` or `}` after a member")?,
                None => {}
            }
        }
        Ok(false)
    }

    fn close(&mut self, close: u8, why: &'static str) -> Result<(), Fault> {
        if !self.take(close) {
            return Err(self.wrong(if self.peek().is_none() { "the end inside an array or object" } else { why }));
        }
        self.open.pop();
        Ok(())
    }

    /// A member's name and the colon after it.
    fn member(&mut self) -> Result<(), Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong("something other than a member's name"));
        }
        let decoded = decoded(self.string()?);
        self.enter(decoded);
        self.space();
        if !self.take(b':') {
            return Err(self.wrong("something other than `:` after a member's name"));
        }
        self.space();
        Ok(())
    }

    fn enter(&mut self, decoded: Cow<'a, str>) {
        let Some(Open::Object { seen }) = self.open.last_mut() else { return };
        if !seen.add(decoded) {
            self.scan.repeated_count += 1;
            if self.scan.repeated.len() < PLACES {
                let place = self.place();
                self.scan.repeated.push((self.at - 1, place));
            }
        }
    }

    /// The string that begins here, quotes included.
    fn string(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(0..0x20) => return Err(self.wrong("a control character in a string")),
                Some(_) => self.at += 1,
                None => return Err(self.wrong("the end inside a string")),
            }
        }
        self.at += 1;
        Ok(&self.text[start..self.at])
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        self.at += match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', digits @ ..] if digits.len() >= 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return Err(self.wrong("an escape that JSON does not have")),
        };
        Ok(())
    }

    fn number(&mut self) -> Result<Begun, Fault> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        } else if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong("a digit after a leading zero"));
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Begun::Complete)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong("a number without a digit where one is due")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str) -> Result<Begun, Fault> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(Begun::Complete)
        } else {
            Err(self.wrong("a word that JSON does not have"))
        }
    }

    fn space(&mut self) {
        let start = self.at;
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let run = &self.text[start..self.at];
        let is_end = self.at == self.text.len() && self.open.is_empty() && matches!(run, "\n" | "\r\n");
        if run.is_empty() || is_end {
            return;
        }
        if self.scan.first_space.is_none() {
            self.scan.first_space = Some(Space { at: start, place: self.place() });
        }
        if let Some(last) = run.rfind(['\n', '\r']) {
            self.scan.breaks_lines = true;
            self.scan.indents |= last + 1 < run.len();
        }
    }

    fn place(&self) -> String {
        let steps: Vec<Step<'_>> = self
            .open
            .iter()
            .filter_map(|open| match open {
                Open::Array { index } => Some(Step::Index(*index)),
                // Before its first name there is the object alone.
                Open::Object { seen } => seen.all.last().map(|name| Step::Name(Cow::Borrowed(name.as_ref()))),
            })
            .collect();
        place::from_root(&steps)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn wrong(&self, why: &'static str) -> Fault {
        Fault::NoJson { at: self.at, why }
    }
}

fn unclear(why: &str) -> Fault {
    Fault::Unclear { why: why.to_owned() }
}

/// A member's name without quotes and escapes, so that `"a"` and `"\u0061"` are one name.
fn decoded(quoted: &str) -> Cow<'_, str> {
    let raw = &quoted[1..quoted.len() - 1];
    if raw.contains('\\') {
        serde_json::from_str(quoted).map_or(Cow::Borrowed(raw), Cow::Owned)
    } else {
        Cow::Borrowed(raw)
    }
}

#[cfg(test)]
mod tests;
