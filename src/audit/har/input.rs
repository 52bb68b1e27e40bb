//! A stream of JSON that is read value by value, without holding more of it than is wanted.

use std::io::{self, BufRead};

use memchr::memchr2;

/// The longest name of a member that matters.
const LONGEST_NAME: usize = 256;

/// Why a file of another encoding is not read.
const UTF_16: &str = "it is written in UTF-16: save it as UTF-8";

/// The same of another one.
const UTF_32: &str = "it is written in UTF-32: save it as UTF-8";

/// Why nothing more can be read.
#[derive(Debug, thiserror::Error)]
pub enum Break {
    /// It is not a recording.
    #[error("is not a HAR file: {0}")]
    NoHar(&'static str),
    /// It ends too early.
    #[error("is cut off at byte {0}")]
    Cut(u64),
    /// It is not JSON from here on.
    #[error("is not JSON at byte {at}: {why}")]
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

/// A stream and how far it was read.
pub(super) struct Input<R> {
    reader: R,
    at: u64,
    /// Whether it is compressed, and damaged.
    is_torn: bool,
}

/// What comes next in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// A member, whose name was read and whose value comes next.
    Named,
    /// The end of the object, which was read.
    End,
    /// Something that is not JSON.
    Odd,
}

impl<R: BufRead> Input<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, at: 0, is_torn: false }
    }

    /// What is at hand; never empty.
    fn chunk(&mut self) -> Result<&[u8], Break> {
        let at = self.at;
        match self.reader.fill_buf() {
            Ok([]) => Err(Break::Cut(at)),
            Ok(chunk) => Ok(chunk),
            // A compressed file that ends too early, or of which something was lost.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("checksum") => {
                self.is_torn = true;
                Err(Break::Cut(at))
            }
            Err(cause) => Err(Break::Unreadable { at, cause }),
        }
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.at += bytes as u64;
    }

    /// Skips a mark of the order of bytes, which some programs write. Fails for files that are not text in UTF-8.
    pub(super) fn skip_mark(&mut self) -> Result<(), Break> {
        match self.chunk()?[0] {
            0xff => {
                self.skip(1);
                self.chunk()?;
                return Err(self.wide());
            }
            0 => return Err(self.wide()),
            0xfe => return Err(Break::NoHar(UTF_16)),
            b'P' => return Err(Break::NoHar("it is a ZIP archive: unpack it and name the .har file in it")),
            _ => {}
        }
        for byte in [0xef, 0xbb, 0xbf] {
            if self.chunk()?[0] == byte {
                self.skip(1);
            }
        }
        Ok(())
    }

    /// Why a text cannot be read that goes on with a byte which is only there in characters of two or four bytes.
    pub(super) fn wide(&mut self) -> Break {
        self.skip(1);
        let is_four = self.chunk().is_ok_and(|chunk| chunk[0] == 0);
        Break::NoHar(if is_four { UTF_32 } else { UTF_16 })
    }

    /// The next byte that is no white space; it is not taken.
    pub(super) fn after_space(&mut self) -> Result<u8, Break> {
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

    /// Reads the name of the next member of an object.
    pub(super) fn next_member(&mut self, name: &mut Vec<u8>, is_first: bool) -> Result<Member, Break> {
        let mut next = self.after_space()?;
        if !is_first && next == b',' {
            self.skip(1);
            next = self.after_space()?;
        } else if !is_first && next != b'}' {
            return Ok(Member::Odd);
        }
        match next {
            b'}' => {
                self.skip(1);
                Ok(Member::End)
            }
            b'"' => {
                name.clear();
                self.value(&mut Limited::of(name, LONGEST_NAME), Value::default())?;
                if self.after_space()? != b':' {
                    return Ok(Member::Odd);
                }
                self.skip(1);
                let is_value = !matches!(self.after_space()?, b',' | b'}' | b']');
                Ok(if is_value { Member::Named } else { Member::Odd })
            }
            _ => Ok(Member::Odd),
        }
    }

    /// Skips the rest of so many objects and arrays that are open, however odd it is.
    pub(super) fn skip_rest(&mut self, depth: usize) -> Result<(), Break> {
        self.value(&mut Nothing, Value { depth, ..Value::default() })
    }

    /// Passes over all that is left, and counts it; white space at its beginning is nothing. Fails if a compressed file turns
    /// out to be damaged.
    pub(super) fn rest(&mut self) -> Result<u64, Break> {
        match self.after_space() {
            Err(Break::Cut(_)) if !self.is_torn => return Ok(0),
            Err(Break::Unreadable { .. }) => return Ok(0),
            other => other?,
        };
        let begun = self.at;
        loop {
            match self.chunk().map(<[u8]>::len) {
                Ok(length) => self.skip(length),
                Err(Break::Cut(_)) if self.is_torn => return Err(Break::Cut(self.at)),
                Err(_) => return Ok(self.at - begun),
            }
        }
    }

    pub(super) fn open(&mut self, bracket: u8, otherwise: &'static str) -> Result<(), Break> {
        if self.after_space()? != bracket {
            return Err(Break::NoHar(otherwise));
        }
        self.skip(1);
        Ok(())
    }

    pub(super) fn no_json(&self, why: &'static str) -> Break {
        Break::NoJson { at: self.at, why }
    }

    /// Reads one value into a sink, or to its end one that has begun.
    pub(super) fn value(&mut self, sink: &mut impl Sink, mut value: Value) -> Result<(), Break> {
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
pub(super) struct Value {
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
pub(super) trait Sink {
    fn take(&mut self, bytes: &[u8]);
}

/// Bytes are not wanted.
pub(super) struct Nothing;

impl Sink for Nothing {
    fn take(&mut self, _: &[u8]) {}
}

/// A buffer that takes no more than so many bytes.
pub(super) struct Limited<'a> {
    buffer: &'a mut Vec<u8>,
    limit: usize,
    pub(super) is_over: bool,
}

impl<'a> Limited<'a> {
    /// A sink of this buffer, which may become so long.
    pub(super) fn of(buffer: &'a mut Vec<u8>, limit: usize) -> Self {
        Self { buffer, limit, is_over: false }
    }
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
    use super::*;

    #[test]
    fn what_is_too_large_is_passed_over() {
        let mut buffer = Vec::new();
        let mut sink = Limited::of(&mut buffer, 4);
        sink.take(b"abc");
        sink.take(b"def");
        sink.take(b"g");
        assert!(sink.is_over);
        assert_eq!(buffer, b"abc");
    }
}
