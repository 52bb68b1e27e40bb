//! JSON that a recorder wrote wrongly, made readable. Where characters were lost, U+FFFD stands for them.

/// What stands for a character that was lost.
const LOST: &str = "\u{fffd}";

/// The same JSON with what no parser reads replaced: bytes that are not UTF-8, halves of surrogate pairs, control
/// characters and unknown escapes in texts, and numbers that JSON does not have.
pub(super) fn repaired(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut repair = Repair { bytes: text.as_bytes(), at: 0, out: Vec::with_capacity(text.len()) };
    while let Some(byte) = repair.here(0) {
        match byte {
            b'"' => repair.text(),
            b'-' | b'+' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => repair.word(),
            _ => repair.copy(1),
        }
    }
    repair.out
}

struct Repair<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
}

impl Repair<'_> {
    fn here(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn copy(&mut self, bytes: usize) {
        let end = (self.at + bytes).min(self.bytes.len());
        self.out.extend_from_slice(&self.bytes[self.at..end]);
        self.at = end;
    }

    fn replace(&mut self, bytes: usize, with: &str) {
        self.out.extend_from_slice(with.as_bytes());
        self.at += bytes;
    }

    /// A number, `true`, `false`, `null`, or what JSON does not have in their place.
    fn word(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        match rest[..length].trim_ascii_start() {
            b"NaN" | b"-NaN" | b"Infinity" | b"-Infinity" | b"+Infinity" | b"undefined" | b"None" => {
                self.replace(length, "null");
            }
            _ => self.copy(length),
        }
    }

    fn text(&mut self) {
        self.copy(1);
        while let Some(byte) = self.here(0) {
            match byte {
                b'"' => return self.copy(1),
                b'\\' => self.escape(),
                0..=0x1f => self.replace(1, &format!("\\u{byte:04x}")),
                _ => self.copy(1),
            }
        }
    }

    fn escape(&mut self) {
        match (self.here(1), self.unit(0)) {
            (Some(b'u'), Some(0xd800..0xdc00)) if matches!(self.unit(6), Some(0xdc00..0xe000)) => self.copy(12),
            (Some(b'u'), Some(0xd800..0xe000)) => self.replace(6, LOST),
            (Some(b'u'), Some(_)) => self.copy(6),
            (Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), _) => self.copy(2),
            _ => self.replace(1, LOST),
        }
    }

    /// The UTF-16 unit that is escaped so far ahead.
    fn unit(&self, ahead: usize) -> Option<u16> {
        let escape = self.bytes.get(self.at + ahead..self.at + ahead + 6)?;
        let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
        u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn text(bytes: &[u8]) -> String {
        String::from_utf8(repaired(bytes)).unwrap()
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        for fine in [r#"{"a":[1,-2.5e+3,true,null],"b":"x\"\\\u00e9\ud83d\ude00 é/"}"#, "[ ]", "\"\""] {
            assert_eq!(text(fine.as_bytes()), fine);
        }
    }

    #[test]
    fn what_no_parser_reads_is_replaced() {
        for (wrong, right) in [
            (&b"\"a\\ud83d\""[..], "\"a\u{fffd}\""),
            (b"\"\\ude00\\ud83dx\"", "\"\u{fffd}\u{fffd}x\""),
            (b"\"\\ud83d\\u0041\"", "\"\u{fffd}\\u0041\""),
            (b"\"\\x41\\u12\"", "\"\u{fffd}x41\u{fffd}u12\""),
            (b"\"\xff\xe9\"", "\"\u{fffd}\u{fffd}\""),
            (b"\"a\nb\x01\"", "\"a\\u000ab\\u0001\""),
            (b"{\"time\":NaN,\"x\":-Infinity}", "{\"time\":null,\"x\":null}"),
        ] {
            assert_eq!(text(wrong), right);
            assert!(serde_json::from_str::<Value>(right).is_ok(), "{right}");
        }
    }
}
