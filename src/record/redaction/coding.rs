//! Texts decoded, each byte with the place in the first text that it comes from.

use std::borrow::Cow;
use std::ops::Range;

/// How a text may be spelled inside of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// `%2F`.
    Percent,
    /// `%2F`, and `+` for a blank.
    Form,
    /// `\/` and `\u002f`.
    Json,
    /// `&amp;`, `&#38;` and `&#x26;`.
    Html,
    /// Two digits a byte, from this one of each run of digits on.
    Hexadecimal(usize),
    /// Four characters for three bytes, of either alphabet, from this character of each run on.
    Base64(usize),
}

/// All codings.
pub(super) const CODINGS: [Coding; 10] = [
    Coding::Percent,
    Coding::Form,
    Coding::Json,
    Coding::Html,
    Coding::Hexadecimal(0),
    Coding::Hexadecimal(1),
    Coding::Base64(0),
    Coding::Base64(1),
    Coding::Base64(2),
    Coding::Base64(3),
];

/// Names of characters in HTML.
const ENTITIES: [(&str, u8); 5] = [("amp", b'&'), ("lt", b'<'), ("gt", b'>'), ("quot", b'"'), ("apos", b'\'')];
/// Most bytes between `&` and `;` that are looked at.
const LONGEST_ENTITY: usize = 16;

/// A text, or what decoding it gives.
pub(super) struct Layer<'a> {
    bytes: Cow<'a, [u8]>,
    /// The place of each byte in the first text and the end of the last one; `None` for the first text itself.
    origins: Option<Vec<u32>>,
}

impl<'a> Layer<'a> {
    /// The first text.
    pub(super) fn of(text: &'a str) -> Self {
        Self { bytes: Cow::Borrowed(text.as_bytes()), origins: None }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The place in the first text that a byte comes from.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origins.as_ref().map_or(at, |origins| origins[at] as usize)
    }

    /// The runs that can hold `least` bytes in hexadecimal digits or in Base64.
    pub(super) fn runs(&self, least: usize) -> Runs {
        let (digits, sextets) = (least.max(1) * 2, (least.max(1) * 4).div_ceil(3));
        let (mut runs, mut at) = (Runs::default(), 0);
        while let Some(start) = self.bytes[at..].iter().position(|byte| SEXTETS[usize::from(*byte)] != NONE) {
            let start = at + start;
            let rest = &self.bytes[start..];
            let length = rest.iter().position(|byte| SEXTETS[usize::from(*byte)] == NONE).unwrap_or(rest.len());
            if length >= sextets {
                runs.sextets.push(start..start + length);
            }
            // Every digit is a character of Base64, too.
            if length >= digits {
                runs.add_digits(&self.bytes, start..start + length, digits);
            }
            at = start + length;
        }
        runs
    }

    /// What a coding makes of it, or `None` where it makes nothing of it. `runs` are its own.
    pub(super) fn decoded(&self, coding: Coding, runs: &Runs) -> Option<Layer<'static>> {
        match coding {
            Coding::Percent => self.unescaped(b"%", percent),
            Coding::Form => {
                self.unescaped(b"%+", |rest| if rest[0] == b'+' { Some((1, vec![b' '])) } else { percent(rest) })
            }
            Coding::Json => self.unescaped(b"\\", json),
            Coding::Html => self.unescaped(b"&", html),
            Coding::Hexadecimal(skipped) => self.run(&runs.digits, skipped, 4, &DIGITS),
            Coding::Base64(skipped) => self.run(&runs.sextets, skipped, 6, &SEXTETS),
        }
    }

    /// With each escape, which begins with one of `marks`, replaced by what it stands for.
    fn unescaped(&self, marks: &[u8], read: impl Fn(&[u8]) -> Option<(usize, Vec<u8>)>) -> Option<Layer<'static>> {
        let mut at = self.bytes.iter().position(|byte| marks.contains(byte))?;
        let mut out = Writer::new(self);
        out.copy(0..at);
        let mut changed = false;
        while at < self.bytes.len() {
            let found = if marks.contains(&self.bytes[at]) { read(&self.bytes[at..]) } else { None };
            if let Some((length, bytes)) = found {
                for byte in bytes {
                    out.push(byte, at);
                }
                (at, changed) = (at + length, true);
            } else {
                let rest = &self.bytes[at + 1..];
                let next = rest.iter().position(|byte| marks.contains(byte)).unwrap_or(rest.len());
                out.copy(at..at + 1 + next);
                at += 1 + next;
            }
        }
        changed.then(|| out.finish())
    }

    /// The runs of characters that stand for `bits` bits each, decoded.
    fn run(&self, runs: &[Range<usize>], skipped: usize, bits: u32, values: &Values) -> Option<Layer<'static>> {
        let mut out = Writer::new(self);
        for run in runs {
            out.run(run.clone(), skipped, bits, values);
        }
        (!out.bytes.is_empty()).then(|| out.finish())
    }
}

/// Where in a layer there are long runs of characters that may stand for bytes. Line breaks do not end a run.
#[derive(Debug, Default)]
pub(super) struct Runs {
    digits: Vec<Range<usize>>,
    sextets: Vec<Range<usize>>,
}

impl Runs {
    /// Adds the runs of at least `least` digits in a part of these bytes.
    fn add_digits(&mut self, bytes: &[u8], part: Range<usize>, least: usize) {
        let mut start = part.start;
        for at in part.start..=part.end {
            if at == part.end || DIGITS[usize::from(bytes[at])] == NONE {
                if at - start >= least {
                    self.digits.push(start..at);
                }
                start = at + 1;
            }
        }
    }
}

/// What each byte stands for.
type Values = [u8; 256];

/// The byte stands for nothing, and ends a run.
const NONE: u8 = 0xff;
/// The byte stands for nothing, and a run goes on after it.
const BREAK: u8 = 0xfe;

/// The values of hexadecimal digits.
static DIGITS: Values = digits();
/// The values of the characters of Base64, of either alphabet.
static SEXTETS: Values = sextets();

const fn digits() -> Values {
    let mut values = line_breaks();
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value as usize] as usize] = value;
        values[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    values
}

const fn sextets() -> Values {
    let mut values = line_breaks();
    let mut value = 0;
    while value < 64 {
        values[b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[value as usize] as usize] = value;
        value += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
}

const fn line_breaks() -> Values {
    let mut values = [NONE; 256];
    values[b'\r' as usize] = BREAK;
    values[b'\n' as usize] = BREAK;
    values
}

/// A layer in the making.
struct Writer<'a> {
    from: &'a Layer<'a>,
    bytes: Vec<u8>,
    origins: Vec<u32>,
}

impl<'a> Writer<'a> {
    fn new(from: &'a Layer<'_>) -> Self {
        Self { from, bytes: Vec::new(), origins: Vec::new() }
    }

    fn push(&mut self, byte: u8, at: usize) {
        self.bytes.push(byte);
        // A text of more than four gigabytes is never held.
        self.origins.push(u32::try_from(self.from.origin(at)).unwrap_or(u32::MAX));
    }

    fn copy(&mut self, places: Range<usize>) {
        for at in places {
            self.push(self.from.bytes[at], at);
        }
    }

    fn run(&mut self, places: Range<usize>, skipped: usize, bits: u32, values: &Values) {
        let end = places.end;
        let from = self.from;
        let values = places.map(|at| (at, u32::from(values[usize::from(from.bytes[at])])));
        let characters = values.filter(|(_, value)| *value < u32::from(BREAK)).skip(skipped);
        let (mut held, mut width, mut start) = (0_u32, 0, None);
        for (at, value) in characters {
            let first = *start.get_or_insert(at);
            held = (held << bits) | value;
            width += bits;
            if width >= 8 {
                width -= 8;
                self.push(u8::try_from((held >> width) & 0xff).unwrap_or_default(), first);
                held &= (1 << width) - 1;
                start = (width > 0).then_some(at);
            }
        }
        // What one run ends with and the next begins with is no text.
        self.push(0, start.unwrap_or(end));
    }

    fn finish(mut self) -> Layer<'static> {
        self.origins.push(u32::try_from(self.from.origin(self.from.bytes.len())).unwrap_or(u32::MAX));
        Layer { bytes: Cow::Owned(self.bytes), origins: Some(self.origins) }
    }
}

/// The value of a hexadecimal digit.
fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn percent(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    let (high, low) = (digit(*rest.get(1)?)?, digit(*rest.get(2)?)?);
    Some((3, vec![high << 4 | low]))
}

fn json(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    let byte = match rest.get(1)? {
        byte @ (b'"' | b'\'' | b'\\' | b'/') => *byte,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some((2, vec![byte]))
}

/// `\u00e4`, or two of them where a character needs both.
fn unicode(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    let unit = |at: usize| -> Option<u16> {
        let text = rest.get(at..at + 6).filter(|text| text.starts_with(b"\\u"))?;
        text[2..].iter().try_fold(0, |value, byte| Some(value << 4 | u16::from(digit(*byte)?)))
    };
    let first = unit(0)?;
    let units = if (0xd800..0xdc00).contains(&first) { vec![first, unit(6)?] } else { vec![first] };
    let character = char::decode_utf16(units.iter().copied()).next()?.ok()?;
    Some((units.len() * 6, utf8(character)))
}

fn html(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    let end = rest.iter().take(LONGEST_ENTITY).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[1..end]).ok()?;
    let decimal = || name.strip_prefix('#').and_then(|digits| digits.parse().ok());
    let hexadecimal =
        || name.strip_prefix("#x").or(name.strip_prefix("#X")).map(|digits| u32::from_str_radix(digits, 16));
    let bytes = match ENTITIES.iter().find(|(entity, _)| *entity == name) {
        Some((_, byte)) => vec![*byte],
        None => utf8(char::from_u32(decimal().or_else(|| hexadecimal()?.ok())?)?),
    };
    Some((end + 1, bytes))
}

fn utf8(character: char) -> Vec<u8> {
    character.encode_utf8(&mut [0; 4]).as_bytes().to_vec()
}
