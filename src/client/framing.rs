//! Reads one HTTP/1.1 answer from a stream, strictly (RFC 9112), and whatever follows it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use super::budget::Part;
use super::{BODY_LIMIT, cause};
use crate::exchange::{Response, TlsFault};

const HEAD_LIMIT: usize = 64 * 1024;
const MOST_LINES: usize = 200;
const READ_SIZE: usize = 16 * 1024;
const TRAILING_LIMIT: usize = 64 * 1024;
/// The server was asked to close; one that does not is given this long to say more.
const QUIET: Duration = Duration::from_millis(300);

/// Why no answer could be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The connection ended too early.
    Closed(String),
    /// What came is no HTTP/1.1.
    Malformed(String),
    /// The other side ended TLS, and said why.
    Tls(TlsFault, String),
}

fn malformed<T>(reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Malformed(reason.into()))
}

/// How the end of a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Empty,
    Length(usize),
    Chunked,
    UntilClose,
}

/// How a stream ended.
#[derive(Clone, Debug)]
enum End {
    Open,
    Closed,
    /// With an error, or without the notice that TLS demands.
    Torn(String),
    /// With an alert of TLS.
    Refused(TlsFault, String),
}

/// Reads from a stream with a buffer.
pub(super) struct Reader<'a, S> {
    stream: S,
    memory: &'a mut Part,
    buffer: Vec<u8>,
    at: usize,
    end: End,
}

impl<'a, S: AsyncRead + Unpin> Reader<'a, S> {
    pub(super) fn new(stream: S, memory: &'a mut Part) -> Self {
        Self { stream, memory, buffer: Vec::new(), at: 0, end: End::Open }
    }

    /// Reads the answer to a request of this method, and the bytes after its end.
    pub(super) async fn answer(mut self, method: &str) -> Result<Response, Fault> {
        let mut response = self.head().await?;
        // Interim answers (RFC 9110, section 15.2) precede the one that counts.
        while (100..200).contains(&response.status) && response.status != 101 {
            response = self.head().await?;
        }
        match framing(method, &response)? {
            Framing::Empty => {}
            Framing::Length(length) => self.counted(length, &mut response).await?,
            Framing::Chunked => self.chunked(&mut response).await?,
            Framing::UntilClose => self.until_close(&mut response).await?,
        }
        if !response.cut {
            response.trailing = self.trailing().await;
        }
        Ok(response)
    }

    /// Takes more into the buffer; says whether there was more.
    async fn fill(&mut self) -> bool {
        if !matches!(self.end, End::Open) {
            return false;
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.reserve(READ_SIZE);
        let read = self.stream.read_buf(&mut self.buffer).await;
        match read {
            Ok(0) => self.end = End::Closed,
            Ok(bytes) => {
                self.memory.take_bytes(bytes).await;
                return true;
            }
            Err(error) => {
                self.end = match cause::alert(&error) {
                    Some((fault, reason)) => End::Refused(fault, reason),
                    None => End::Torn(reason(&error)),
                }
            }
        }
        false
    }

    fn closed(&self, during: &str) -> Fault {
        match &self.end {
            End::Open | End::Closed => Fault::Closed(format!("closed {during}")),
            End::Torn(reason) => Fault::Closed(format!("{reason} {during}")),
            End::Refused(fault, reason) => Fault::Tls(*fault, reason.clone()),
        }
    }

    fn buffered(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// A line without its end; `left` is how many bytes the lines may still take together.
    async fn line(&mut self, left: &mut usize, during: &str) -> Result<String, Fault> {
        let mut searched = 0;
        loop {
            if let Some(found) = self.buffered()[searched..].iter().position(|byte| *byte == b'\n') {
                let length = searched + found + 1;
                *left =
                    left.checked_sub(length).ok_or_else(|| Fault::Malformed("the header is too long".to_owned()))?;
                let line = String::from_utf8_lossy(&self.buffered()[..length]).into_owned();
                self.at += length;
                // A bare LF ends a line, too (RFC 9112, section 2.2).
                return Ok(line.strip_suffix("\r\n").unwrap_or(&line[..line.len() - 1]).to_owned());
            }
            searched = self.buffered().len();
            if searched > *left {
                return malformed("the header is too long");
            }
            if !self.fill().await {
                return Err(self.closed(during));
            }
        }
    }

    async fn head(&mut self) -> Result<Response, Fault> {
        let mut left = HEAD_LIMIT;
        let first = self.line(&mut left, "before a status line").await?;
        let Some(status) = status(&first) else {
            return malformed(format!("`{}` is no status line", shown(&first)));
        };
        let headers = self.fields(&mut left).await?;
        Ok(Response { status, headers, ..Response::default() })
    }

    async fn fields(&mut self, left: &mut usize) -> Result<Vec<(String, String)>, Fault> {
        let mut fields = Vec::new();
        loop {
            let line = self.line(left, "within the header").await?;
            if line.is_empty() {
                return Ok(fields);
            }
            if fields.len() == MOST_LINES {
                return malformed("the header has too many lines");
            }
            let Some(field) = field(&line) else {
                return malformed(format!("`{}` is no header line", shown(&line)));
            };
            fields.push(field);
        }
    }

    /// Moves `length` bytes into the body, or as many as it may hold.
    async fn counted(&mut self, mut length: usize, response: &mut Response) -> Result<(), Fault> {
        while length > 0 {
            if self.buffered().is_empty() && !self.fill().await {
                return Err(self.closed(&format!("with {length} bytes of the body to come")));
            }
            let available = self.buffered().len().min(length);
            if self.keep(available, response) == Kept::Cut {
                return Ok(());
            }
            length -= available;
        }
        Ok(())
    }

    fn keep(&mut self, length: usize, response: &mut Response) -> Kept {
        let kept = length.min(BODY_LIMIT - response.body.len());
        response.body.extend_from_slice(&self.buffer[self.at..self.at + kept]);
        self.at += length;
        response.cut = kept < length;
        if response.cut { Kept::Cut } else { Kept::Whole }
    }

    async fn chunked(&mut self, response: &mut Response) -> Result<(), Fault> {
        loop {
            let mut left = HEAD_LIMIT;
            let line = self.line(&mut left, "before a chunk").await?;
            let digits = line.split(';').next().unwrap_or_default().trim_end();
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let Some(size) = plain.then(|| usize::from_str_radix(digits, 16).ok()).flatten() else {
                return malformed("a chunk does not begin with its size");
            };
            if size == 0 {
                self.fields(&mut left).await?;
                return Ok(());
            }
            self.counted(size, response).await?;
            if response.cut {
                return Ok(());
            }
            if !self.line(&mut left, "after a chunk").await?.is_empty() {
                return malformed("a chunk is longer than its size");
            }
        }
    }

    async fn until_close(&mut self, response: &mut Response) -> Result<(), Fault> {
        loop {
            if self.keep(self.buffered().len(), response) == Kept::Cut {
                return Ok(());
            }
            if !self.fill().await {
                return match self.end {
                    End::Open | End::Closed => Ok(()),
                    End::Torn(_) | End::Refused(..) => Err(self.closed("within the body")),
                };
            }
        }
    }

    async fn trailing(&mut self) -> Vec<u8> {
        let mut trailing = self.buffered().to_vec();
        self.at = self.buffer.len();
        while trailing.len() < TRAILING_LIMIT && timeout(QUIET, self.fill()).await == Ok(true) {
            trailing.extend_from_slice(self.buffered());
            self.at = self.buffer.len();
        }
        trailing.truncate(TRAILING_LIMIT);
        trailing
    }
}

/// Whether all of it found room in the body.
#[derive(PartialEq, Eq)]
enum Kept {
    Whole,
    Cut,
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionReset => "reset".to_owned(),
        io::ErrorKind::UnexpectedEof => "closed without notice".to_owned(),
        _ => error.to_string(),
    }
}

/// A line as it may stand in a message.
fn shown(line: &str) -> String {
    line.chars().take(80).collect::<String>().escape_debug().to_string()
}

fn status(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))?;
    let code = rest.get(..3)?;
    let ends = rest[3..].is_empty() || rest[3..].starts_with(' ');
    let status: u16 = if code.bytes().all(|byte| byte.is_ascii_digit()) { code.parse().ok()? } else { return None };
    (ends && status >= 100).then_some(status)
}

fn field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let valid = !name.is_empty() && name.bytes().all(is_name) && !value.contains(['\r', '\0']);
    valid.then(|| (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned()))
}

fn framing(method: &str, response: &Response) -> Result<Framing, Fault> {
    if method == "HEAD" || matches!(response.status, 101 | 204 | 304) {
        return Ok(Framing::Empty);
    }
    // What states a length twice is read as the pooled connections read it; the suite says so, whichever client met it.
    if let Some(coding) = response.header("transfer-encoding") {
        let last = coding.rsplit(',').next().unwrap_or_default().trim();
        if last.eq_ignore_ascii_case("chunked") {
            return Ok(Framing::Chunked);
        }
        return malformed("the last Transfer-Encoding is another than chunked");
    }
    let stated = response.header("content-length");
    let lengths: Vec<&str> =
        stated.as_deref().map(|stated| stated.split(',').map(str::trim).collect()).unwrap_or_default();
    let Some(first) = lengths.first() else {
        return Ok(Framing::UntilClose);
    };
    if lengths.iter().any(|other| other != first) {
        return malformed("several values of Content-Length");
    }
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    match first.parse() {
        Ok(length) if digits => Ok(Framing::Length(length)),
        Ok(_) | Err(_) => malformed("Content-Length is no number"),
    }
}
