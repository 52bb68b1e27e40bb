//! The entries of a recording, one after the other. Their bytes are cut out of the stream as far as they matter, so that
//! a file of any size takes the memory of its largest exchange, and a file that breaks off is read up to the break.
//!
//! The URL of an entry decides whether the rest of it is kept: what belongs to another address is never held.

use std::io::BufRead;

use super::input::{Break, Input, Limited, Member, Nothing, Value};
use super::repair::repaired;

/// The most bytes that are kept of an entry.
const LARGEST: usize = 128 << 20;

/// What came next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// An entry.
    Entry,
    /// Something that is not an entry.
    NoObject,
    /// The end of the recording.
    End,
}

/// An entry: the bytes of the members that matter, and what they say of its request.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// A JSON object.
    pub(super) bytes: Vec<u8>,
    /// The method of the request.
    pub(super) method: Option<String>,
    /// The URL of the request.
    pub(super) url: Option<String>,
    /// Why the bytes are not the whole entry.
    pub(super) flaw: Option<&'static str>,
    is_skipped: bool,
}

/// The entries of a recording.
pub(super) struct Entries<R> {
    input: Input<R>,
    state: State,
    name: Vec<u8>,
    largest: usize,
    unread: u64,
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
        Self { input: Input::new(reader), state: State::Outside, name: Vec::new(), largest: LARGEST, unread: 0 }
    }

    /// The same, of which no more bytes are kept of an entry.
    pub(super) fn keeping(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// How many bytes stand behind the end of the recording.
    pub(super) fn unread(&self) -> u64 {
        self.unread
    }

    /// Reads the next entry in place of what `raw` holds. Of an entry whose URL is not wanted, the request alone is kept.
    pub(super) fn next(&mut self, raw: &mut Raw, is_wanted: &dyn Fn(&str) -> bool) -> Result<Next, Break> {
        raw.clear();
        if self.state == State::Outside {
            self.find()?;
            self.state = State::First;
        }
        let is_first = std::mem::replace(&mut self.state, State::Inside) == State::First;
        let mut next = self.input.after_space()?;
        if next == b',' && !is_first {
            self.input.skip(1);
            next = self.input.after_space()?;
        } else if next != b']' && !is_first {
            return Err(self.input.no_json("something other than `,` or `]` after an entry"));
        }
        match next {
            b']' => {
                self.input.skip(1);
                self.input.skip_rest(2)?;
                self.unread = self.input.rest()?;
                Ok(Next::End)
            }
            b'{' => {
                self.input.skip(1);
                self.entry(raw, is_wanted)?;
                Ok(Next::Entry)
            }
            b',' | b'}' => Err(self.input.no_json("something other than an entry")),
            _ => {
                self.input.value(&mut Nothing, Value::default())?;
                Ok(Next::NoObject)
            }
        }
    }

    fn entry(&mut self, raw: &mut Raw, is_wanted: &dyn Fn(&str) -> bool) -> Result<(), Break> {
        raw.bytes.push(b'{');
        let mut is_first = true;
        while self.member_of(raw, is_first)? {
            is_first = false;
            match self.name.as_slice() {
                b"\"request\"" => self.request(raw, is_wanted)?,
                b"\"response\"" if raw.is_skipped => self.skip()?,
                name if matters(name) => self.keep(raw)?,
                _ => self.skip()?,
            }
        }
        raw.bytes.push(b'}');
        Ok(())
    }

    fn request(&mut self, raw: &mut Raw, is_wanted: &dyn Fn(&str) -> bool) -> Result<(), Break> {
        if self.input.after_space()? != b'{' {
            return self.keep(raw);
        }
        self.input.skip(1);
        raw.begin(&self.name);
        raw.bytes.push(b'{');
        let mut is_first = true;
        while self.member_of(raw, is_first)? {
            is_first = false;
            match self.name.as_slice() {
                b"\"url\"" => {
                    raw.url = self.text(raw)?;
                    raw.is_skipped = raw.url.as_deref().is_some_and(|url| !is_wanted(url));
                }
                b"\"method\"" => raw.method = self.text(raw)?,
                _ if raw.is_skipped => self.skip()?,
                _ => self.keep(raw)?,
            }
        }
        raw.bytes.push(b'}');
        Ok(())
    }

    /// Whether another member comes, whose name was read. An object that is not JSON ends where its brackets say.
    fn member_of(&mut self, raw: &mut Raw, is_first: bool) -> Result<bool, Break> {
        match self.input.next_member(&mut self.name, is_first)? {
            Member::Named => Ok(true),
            Member::End => Ok(false),
            Member::Odd => {
                raw.flaw.get_or_insert("it is not JSON");
                self.input.skip_rest(1)?;
                Ok(false)
            }
        }
    }

    fn skip(&mut self) -> Result<(), Break> {
        self.input.value(&mut Nothing, Value::default())
    }

    /// Keeps the member whose name was read. One that is too large is not kept.
    fn keep(&mut self, raw: &mut Raw) -> Result<(), Break> {
        let before = raw.bytes.len();
        raw.begin(&self.name);
        let mut sink = Limited::of(&mut raw.bytes, self.largest);
        self.input.value(&mut sink, Value::default())?;
        if sink.is_over {
            raw.bytes.truncate(before);
            raw.flaw.get_or_insert("it is too large");
        }
        Ok(())
    }

    /// Keeps the member whose name was read, and returns it if it is a text.
    fn text(&mut self, raw: &mut Raw) -> Result<Option<String>, Break> {
        let before = raw.bytes.len();
        self.keep(raw)?;
        let kept = &raw.bytes[before..];
        let value = kept.iter().position(|byte| *byte == b':').map_or(kept, |colon| &kept[colon + 1..]);
        let text = serde_json::from_slice(value).or_else(|_| serde_json::from_slice(&repaired(value)));
        Ok(text.ok())
    }

    /// Goes to the array `log.entries`.
    fn find(&mut self) -> Result<(), Break> {
        self.input.skip_mark()?;
        self.input.open(b'{', "it does not begin with an object")?;
        self.member(b"\"log\"", "it has no member `log`")?;
        self.input.open(b'{', "its `log` is not an object")?;
        self.member(b"\"entries\"", "its `log` has no `entries`")?;
        self.input.open(b'[', "its `entries` are not an array")
    }

    /// Goes to the value of a member, over those before it.
    fn member(&mut self, wanted: &[u8], missing: &'static str) -> Result<(), Break> {
        let mut is_first = true;
        loop {
            match self.input.next_member(&mut self.name, is_first)? {
                Member::Named if self.name == wanted => return Ok(()),
                Member::Named => self.skip()?,
                Member::End => return Err(Break::NoHar(missing)),
                Member::Odd if self.input.after_space()? == 0 => return Err(self.input.wide()),
                Member::Odd => return Err(self.input.no_json("something other than a member")),
            }
            is_first = false;
        }
    }
}

impl Raw {
    fn clear(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        *self = Self { bytes, ..Self::default() };
    }

    /// Begins a member of this name, which is written with its quotes.
    fn begin(&mut self, name: &[u8]) {
        if self.bytes.last().is_some_and(|last| *last != b'{') {
            self.bytes.push(b',');
        }
        self.bytes.extend_from_slice(name);
        self.bytes.push(b':');
    }
}

/// Whether a member of an entry is kept: what was exchanged, when, and whether it came from a cache.
fn matters(name: &[u8]) -> bool {
    let has = |part: &[u8]| name.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    matches!(name, b"\"startedDateTime\"" | b"\"time\"" | b"\"timings\"" | b"\"response\"" | b"\"_resourceType\"")
        || has(b"from")
        || has(b"fetch")
        || has(b"serviceworker")
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// The entries of a text, and why the reading ended; read in chunks of each small size.
    fn read(text: &str) -> (Vec<String>, Option<String>) {
        let all: Vec<_> = [1, 2, 7, 4096].into_iter().map(|size| read_by(size, text.as_bytes())).collect();
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        all.into_iter().next().unwrap()
    }

    fn read_by(size: usize, bytes: &[u8]) -> (Vec<String>, Option<String>) {
        let mut entries = Entries::new(BufReader::with_capacity(size, bytes));
        let (mut found, mut raw) = (Vec::new(), Raw::default());
        loop {
            match entries.next(&mut raw, &|url| !url.contains("other")) {
                Ok(Next::Entry) => {
                    let flaw = raw.flaw.map(|flaw| format!(" {flaw}")).unwrap_or_default();
                    found.push(format!("{}{flaw}", String::from_utf8_lossy(&raw.bytes)));
                }
                Ok(Next::NoObject) => found.push("?".to_owned()),
                Ok(Next::End) => return (found, None),
                Err(why) => return (found, Some(why.to_string())),
            }
        }
    }

    #[test]
    fn what_matters_of_entries_is_cut_out() {
        let text = "\u{feff} {\"x\":[{\"log\":1}],\"y\":-1.5e3,\"log\":{\"version\":\"1.2\",\"pages\":[{}],\"entries\" : [ {\"a\":\"}\\\"]\\\\\", \"time\" : 3 } ,{\"_webSocketMessages\":[{}],\"response\":{\"b\":[\"}\"]},\"_fromCache\":\"disk\"}\r\n],\"comment\":\"]\"}, \"z\": {} } \n";
        let (found, ended) = read(text);
        assert_eq!(found, [r#"{"time":3}"#, r#"{"response":{"b":["}"]},"_fromCache":"disk"}"#]);
        assert_eq!(ended, None);
        assert_eq!(read(r#"{"log":{"entries":[]}}"#), (Vec::new(), None));
    }

    #[test]
    fn of_other_addresses_only_the_request_is_kept() {
        let entry = |url: &str| {
            let request = format!(r#"{{"method":"PUT","url":"{url}","postData":{{"text":"x"}}}}"#);
            read(&format!(r#"{{"log":{{"entries":[{{"request":{request},"response":{{"status":200}}}}]}}}}"#))
                .0
                .remove(0)
        };
        assert_eq!(entry("https://other/"), r#"{"request":{"method":"PUT","url":"https://other/"}}"#);
        assert!(entry("https://h/").ends_with(r#""postData":{"text":"x"}},"response":{"status":200}}"#));
    }

    #[test]
    fn what_belongs_to_another_address_is_never_held() {
        let before =
            r#"{"log":{"entries":[{"request":{"method":"GET","url":"https://other/"},"_webSocketMessages":[{"data":""#;
        let after = r#""}],"response":{"status":101}}]}}"#;
        let messages = std::io::Read::take(std::io::repeat(b'x'), 64 << 20);
        let text = std::io::Read::chain(std::io::Read::chain(before.as_bytes(), messages), after.as_bytes());
        let mut entries = Entries::new(BufReader::new(text));
        let mut raw = Raw::default();
        assert_eq!(entries.next(&mut raw, &|url| !url.contains("other")).unwrap(), Next::Entry);
        assert!(raw.bytes.capacity() < 1_000, "{}", raw.bytes.capacity());
        assert_eq!(entries.next(&mut raw, &|_| true).unwrap(), Next::End);
    }

    #[test]
    fn an_odd_entry_spoils_itself_only() {
        for odd in [r#"{"time" 1}"#, r#"{"time":}"#, r#"{"time":1 "b":[2]}"#, r#"{"request":{"url":,"x":{}},"time":1}"#]
        {
            let (found, ended) = read(&format!(r#"{{"log":{{"entries":[{odd},{{"time":2}}]}}}}"#));
            assert_eq!((found.len(), found[1].as_str(), ended), (2, r#"{"time":2}"#, None), "{odd}");
            assert!(found[0].ends_with(" it is not JSON"), "{found:?}");
        }
        let (found, ended) = read(r#"{"log":{"entries":[null,{"time":NaN},[1],"x",3,]}}"#);
        assert_eq!((found, ended), (["?", r#"{"time":NaN}"#, "?", "?", "?"].map(str::to_owned).to_vec(), None));
    }

    #[test]
    fn what_stands_before_a_break_is_read() {
        let whole = r#"{"log":{"entries":[{"time":1},{"time":2}]}}"#;
        for end in 1..whole.len() {
            let (found, ended) = read(&whole[..end]);
            let expected = usize::from(end >= 29) + usize::from(end >= 40);
            assert_eq!((found.len(), ended), (expected, Some(format!("is cut off at byte {end}"))), "{end}");
        }
    }

    #[test]
    fn what_is_not_a_recording_is_named() {
        for (text, why) in [
            ("[]", "is not a HAR file: it does not begin with an object"),
            ("{}", "is not a HAR file: it has no member `log`"),
            (r#"{"info":{}}"#, "is not a HAR file: it has no member `log`"),
            (r#"{"log":[]}"#, "is not a HAR file: its `log` is not an object"),
            (r#"{"log":{"version":"1.2"}}"#, "is not a HAR file: its `log` has no `entries`"),
            (r#"{"log":{"entries":{}}}"#, "is not a HAR file: its `entries` are not an array"),
            (r#"{"log" 1}"#, "is not JSON at byte 7: something other than a member"),
            ("PK\u{3}\u{4}", "is not a HAR file: it is a ZIP archive: unpack it and name the .har file in it"),
        ] {
            assert_eq!(read(text), (Vec::new(), Some(why.to_owned())), "{text}");
        }
        let (found, ended) = read(r#"{"log":{"entries":[{"time":1} {"time":2}]}}"#);
        assert_eq!(found.len(), 1);
        assert_eq!(ended.unwrap(), "is not JSON at byte 30: something other than `,` or `]` after an entry");
    }

    #[test]
    fn another_encoding_is_named() {
        let text = r#"{"log":{"entries":[]}}"#;
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in
            [[vec![0xff, 0xfe], little.clone()].concat(), [vec![0xfe, 0xff], big.clone()].concat(), little, big]
        {
            let (_, ended) = read_by(7, &bytes);
            assert_eq!(ended.unwrap(), "is not a HAR file: it is written in UTF-16: save it as UTF-8");
        }
        let little: Vec<u8> = text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
        let big: Vec<u8> = text.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect();
        for bytes in [
            [vec![0xff, 0xfe, 0, 0], little.clone()].concat(),
            [vec![0, 0, 0xfe, 0xff], big.clone()].concat(),
            little,
            big,
        ] {
            let (_, ended) = read_by(7, &bytes);
            assert_eq!(ended.unwrap(), "is not a HAR file: it is written in UTF-32: save it as UTF-8");
        }
    }
}
