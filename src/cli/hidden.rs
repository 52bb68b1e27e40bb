//! Asks for a line at the terminal without showing it.

use std::io;

use zeroize::Zeroizing;

/// What came of asking.
pub(super) enum Answer {
    /// A line, without its end.
    Line(Zeroizing<String>),
    /// The user ended it: Ctrl-C.
    Interrupted,
}

/// Asks on standard error and reads from standard input, a terminal, which is left as it was found.
#[cfg(unix)]
pub(super) fn ask(question: &str) -> io::Result<Answer> {
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

    let stdin = io::stdin();
    let before = tcgetattr(&stdin)?;
    let interrupt = before.special_codes[SpecialCodeIndex::VINTR];
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
    // The key that interrupts ends the line instead: whom it killed would leave a terminal that shows nothing.
    hidden.local_modes.remove(LocalModes::ISIG);
    hidden.special_codes[SpecialCodeIndex::VEOL] = interrupt;
    tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
    // Whoever answers at the question answers what is hidden by now.
    let line = asked(question).and_then(|()| line(stdin.lock(), interrupt));
    tcsetattr(&stdin, OptionalActions::Now, &before)?;
    console::Term::stderr().write_line("")?;
    line
}

/// Asks on standard error and reads from the terminal.
#[cfg(not(unix))]
pub(super) fn ask(question: &str) -> io::Result<Answer> {
    asked(question)?;
    console::Term::stderr().read_secure_line().map(Zeroizing::new).map(Answer::Line)
}

fn asked(question: &str) -> io::Result<()> {
    console::Term::stderr().write_str(question)
}

/// The bytes up to the end of a line, or an interrupt.
#[cfg(unix)]
fn line(mut input: impl io::Read, interrupt: u8) -> io::Result<Answer> {
    /// More than any key has.
    const LONGEST: usize = 64 * 1024;
    // Never moved while it grows: what is left behind in memory is not wiped.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = [0];
    while line.len() < LONGEST && input.read(&mut byte)? > 0 && byte[0] != b'\n' {
        if byte[0] == interrupt {
            return Ok(Answer::Interrupted);
        }
        line.push(byte[0]);
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::Error::other("what was typed is not UTF-8"))?;
    Ok(Answer::Line(Zeroizing::new(text.to_owned())))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<String> {
        match line(bytes, 3).expect("it can be read") {
            Answer::Line(line) => Some(line.to_string()),
            Answer::Interrupted => None,
        }
    }

    #[test]
    fn a_line_ends_at_its_end_or_at_an_interrupt() {
        assert_eq!(read(b"key\nrest").as_deref(), Some("key"));
        assert_eq!(read(b"key").as_deref(), Some("key"));
        assert_eq!(read(b"").as_deref(), Some(""));
        assert_eq!(read(b"ke\x03y\n"), None);
        assert!(line(&b"\xff\n"[..], 3).is_err());
    }
}
