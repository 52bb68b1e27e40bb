//! The entries of a recording, one after the other: their bytes are cut out of the stream, so that a file of any size
//! takes the memory of its largest entry, and a file that breaks off is read up to the break.

use std::io::{self, BufRead};

use memchr::memchr2;

/// The largest entry that is read; a larger one is passed over.
const LARGEST: usize = 256 << 20;

/// The longest name of a member that matters.
const LONGEST_NAME: usize = 256;

/// Why nothing more can be read.
#[derive(Debug, thiserror::Error)]
pub enum Break {
    /// It is no recording.
    #[error("is no HAR file: {0}")]
    NoHar(&'static str),
    /// It ends too early.
    #[error("is cut off at byte {0}")]
    Cut(u64),
    /// It is no JSON from here on.
    #[error("is no JSON at byte {at}: {why}")]
    NoJson {
        /// The byte.
        at: u64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It cannot be read.
    #[error("cannot be read beyond byte {at}: {cause}")]
    Unreadable {
        /// The byte.
        at: u64,
        /// The cause.
        cause: io::Error,
    },
}

/// What came next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// An entry, whose bytes are in the buffer.
    Entry,
    /// An entry that is too large, and was passed over.
    TooLarge,
    /// Nothing: the recording ends as it should.
    End,
}

/// The entries of a recording.
pub(super) struct Entries<R> {
    input: Input<R>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the array of entries.
    Outside,
    /// Before its first entry.
    First,
    /// After an entry.
    Inside,
}

impl<R: BufRead> Entries<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { input: Input { reader, at: 0 }, state: State::Outside }
    }

    /// Reads the next entry into the buffer, in place of what it holds.
    pub(super) fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Next, Break> {
        buffer.clear();
        if self.state == State::Outside {
            self.find()?;
            self.state = State::First;
        }
        let first = std::mem::replace(&mut self.state, State::Inside) == State::First;
        match self.input.after_space()? {
            b']' => {
                self.input.skip(1);
                self.input.value(&mut Nothing, Value { depth: 2, ..Value::default() })?;
                return Ok(Next::End);
            }
            b',' if !first => self.input.skip(1),
            _ if first => {}
            _ => return Err(self.input.no_json("something other than `,` or `]` after an entry")),
        }
        if self.input.after_space()? != b'{' {
            return Err(self.input.no_json("something other than an entry"));
        }
        let mut entry = Limited { buffer, limit: LARGEST, is_over: false };
        self.input.value(&mut entry, Value::default())?;
        Ok(if entry.is_over { Next::TooLarge } else { Next::Entry })
    }

    /// Goes to the array `log.entries`.
    fn find(&mut self) -> Result<(), Break> {
        self.input.skip_mark()?;
        self.input.open(b'{', "it does not begin with an object")?;
        self.member(b"\"log\"", "it has no member `log`")?;
        self.input.open(b'{', "its `log` is no object")?;
        self.member(b"\"entries\"", "its `log` has no `entries`")?;
        self.input.open(b'[', "its `entries` are no array")
    }

    /// Goes to the value of a member, over those before it.
    fn member(&mut self, name: &[u8], missing: &'static str) -> Result<(), Break> {
        loop {
            if self.input.after_space()? != b'"' {
                return Err(Break::NoHar(missing));
            }
            let mut found = Vec::new();
            let mut key = Limited { buffer: &mut found, limit: LONGEST_NAME, is_over: false };
            self.input.value(&mut key, Value::default())?;
            if self.input.after_space()? != b':' {
                return Err(self.input.no_json("something other than `:` after a name"));
            }
            self.input.skip(1);
            self.input.after_space()?;
            if found == name {
                return Ok(());
            }
            self.input.value(&mut Nothing, Value::default())?;
            if self.input.after_space()? != b',' {
                return Err(Break::NoHar(missing));
            }
            self.input.skip(1);
        }
    }
}

/// A stream and how far it was read.
struct Input<R> {
    reader: R,
    at: u64,
}

impl<R: BufRead> Input<R> {
    /// What is at hand; never empty.
    fn chunk(&mut self) -> Result<&[u8], Break> {
        let at = self.at;
        match self.reader.fill_buf() {
            Ok([]) => Err(Break::Cut(at)),
            Ok(chunk) => Ok(chunk),
            // A compressed file that ends too early.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Break::Cut(at)),
            Err(cause) => Err(Break::Unreadable { at, cause }),
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.at += bytes as u64;
    }

    /// A mark of the order of bytes, which some programs write.
    fn skip_mark(&mut self) -> Result<(), Break> {
        for byte in [0xef, 0xbb, 0xbf] {
            if self.chunk()?[0] == byte {
                self.skip(1);
            }
        }
        Ok(())
    }

    /// The next byte that is no white space; it is not taken.
    fn after_space(&mut self) -> Result<u8, Break> {
        loop {
            let chunk = self.chunk()?;
            let spaces = chunk.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
            let next = chunk.get(spaces).copied();
            self.skip(spaces);
            if let Some(next) = next {
                return Ok(next);
            }
        }
    }

    fn open(&mut self, bracket: u8, otherwise: &'static str) -> Result<(), Break> {
        if self.after_space()? != bracket {
            return Err(Break::NoHar(otherwise));
        }
        self.skip(1);
        Ok(())
    }

    fn no_json(&self, why: &'static str) -> Break {
        Break::NoJson { at: self.at, why }
    }

    /// Reads one value into a sink, or to its end one that has begun.
    fn value(&mut self, sink: &mut impl Sink, mut value: Value) -> Result<(), Break> {
        loop {
            let chunk = self.chunk()?;
            let (used, is_over) = value.read(chunk);
            sink.take(&chunk[..used]);
            self.skip(used);
            if is_over {
                return Ok(());
            }
        }
    }
}

/// Where the reading of a value stands.
#[derive(Clone, Copy, Default)]
struct Value {
    depth: usize,
    place: Place,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Plain,
    /// In a number, `true`, `false` or `null` that is the whole value.
    Word,
    Text,
    Escape,
}

impl Value {
    /// Reads on; returns how many bytes belong to the value, and whether it ends there.
    fn read(&mut self, chunk: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < chunk.len() {
            match self.place {
                Place::Escape => {
                    self.place = Place::Text;
                    at += 1;
                }
                Place::Text => match memchr2(b'"', b'\\', &chunk[at..]) {
                    None => at = chunk.len(),
                    Some(offset) => {
                        at += offset + 1;
                        let is_end = chunk[at - 1] == b'"';
                        self.place = if is_end { Place::Plain } else { Place::Escape };
                        if is_end && self.depth == 0 {
                            return (at, true);
                        }
                    }
                },
                Place::Word if matches!(chunk[at], b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r' | b':') => {
                    return (at, true);
                }
                Place::Word => at += 1,
                Place::Plain => {
                    at += 1;
                    if self.plain(chunk[at - 1]) {
                        return (at, true);
                    }
                }
            }
        }
        (at, false)
    }

    /// Takes a byte outside texts; whether the value ends with it.
    fn plain(&mut self, byte: u8) -> bool {
        match byte {
            b'"' => self.place = Place::Text,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ if self.depth == 0 => self.place = Place::Word,
            _ => {}
        }
        false
    }
}

/// Where bytes go.
trait Sink {
    fn take(&mut self, bytes: &[u8]);
}

/// Bytes are not wanted.
struct Nothing;

impl Sink for Nothing {
    fn take(&mut self, _: &[u8]) {}
}

/// A buffer that takes no more than so many bytes.
struct Limited<'a> {
    buffer: &'a mut Vec<u8>,
    limit: usize,
    is_over: bool,
}

impl Sink for Limited<'_> {
    fn take(&mut self, bytes: &[u8]) {
        self.is_over |= self.buffer.len() + bytes.len() > self.limit;
        if !self.is_over {
            self.buffer.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// The entries of a text, and why the reading ended; read in chunks of each small size.
    fn read(text: &str) -> (Vec<String>, Option<String>) {
        let all: Vec<_> = [1, 2, 7, 4096].into_iter().map(|size| read_by(size, text)).collect();
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        all.into_iter().next().unwrap()
    }

    fn read_by(size: usize, text: &str) -> (Vec<String>, Option<String>) {
        let mut entries = Entries::new(BufReader::with_capacity(size, text.as_bytes()));
        let (mut found, mut buffer) = (Vec::new(), Vec::new());
        loop {
            match entries.next(&mut buffer) {
                Ok(Next::Entry) => found.push(String::from_utf8(buffer.clone()).unwrap()),
                Ok(Next::TooLarge) => unreachable!("small"),
                Ok(Next::End) => return (found, None),
                Err(why) => return (found, Some(why.to_string())),
            }
        }
    }

    #[test]
    fn entries_are_cut_out_whole() {
        let text = "\u{feff} {\"x\":[{\"log\":1}],\"y\":-1.5e3,\"log\":{\"version\":\"1.2\",\"pages\":[{}],\"entries\" : [ {\"a\":\"}\\\"]\\\\\"} ,{\"b\":[{}]}\n],\"comment\":\"]\"}, \"z\": {} } \n";
        let (found, ended) = read(text);
        assert_eq!(found, [r#"{"a":"}\"]\\"}"#, r#"{"b":[{}]}"#]);
        assert_eq!(ended, None);
        assert_eq!(read(r#"{"log":{"entries":[]}}"#), (Vec::new(), None));
    }

    #[test]
    fn what_stands_before_a_break_is_read() {
        let whole = r#"{"log":{"entries":[{"a":1},{"b":2}]}}"#;
        for end in 0..whole.len() {
            let (found, ended) = read(&whole[..end]);
            let expected = usize::from(end >= 26) + usize::from(end >= 34);
            assert_eq!((found.len(), ended), (expected, Some(format!("is cut off at byte {end}"))), "{end}");
        }
    }

    #[test]
    fn what_is_no_recording_is_said() {
        for (text, why) in [
            ("[]", "is no HAR file: it does not begin with an object"),
            ("{}", "is no HAR file: it has no member `log`"),
            (r#"{"info":{}}"#, "is no HAR file: it has no member `log`"),
            (r#"{"log":[]}"#, "is no HAR file: its `log` is no object"),
            (r#"{"log":{"version":"1.2"}}"#, "is no HAR file: its `log` has no `entries`"),
            (r#"{"log":{"entries":{}}}"#, "is no HAR file: its `entries` are no array"),
            (r#"{"log" 1}"#, "is no JSON at byte 7: something other than `:` after a name"),
        ] {
            assert_eq!(read(text), (Vec::new(), Some(why.to_owned())), "{text}");
        }
        let (found, ended) = read(r#"{"log":{"entries":[{"a":1} {"b":2}]}}"#);
        assert_eq!(found.len(), 1);
        assert_eq!(ended.unwrap(), "is no JSON at byte 27: something other than `,` or `]` after an entry");
        let (_, ended) = read(r#"{"log":{"entries":[{"a":1},3]}}"#);
        assert_eq!(ended.unwrap(), "is no JSON at byte 27: something other than an entry");
    }

    #[test]
    fn what_is_too_large_is_passed_over() {
        let mut buffer = Vec::new();
        let mut sink = Limited { buffer: &mut buffer, limit: 4, is_over: false };
        sink.take(b"abc");
        sink.take(b"def");
        sink.take(b"g");
        assert!(sink.is_over);
        assert_eq!(buffer, b"abc");
    }
}
