//! Paths of URLs after the normalization of RFC 3986, section 6.2.2.

/// A path in which the characters that need no escape have none, and escapes are in capitals (RFC 3986, section 6.2.2).
pub fn normal_path(path: &str) -> String {
    unescaped(path, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// A path in which these characters stand for themselves, and all other escapes are in capitals.
pub fn unescaped(path: &str, stands: impl Fn(u8) -> bool) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at..] {
            [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                match hex(high) * 16 + hex(low) {
                    byte if stands(byte) => out.push(char::from(byte)),
                    _ => out.extend(['%', char::from(high.to_ascii_uppercase()), char::from(low.to_ascii_uppercase())]),
                }
                at += 3;
            }
            _ => {
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}
