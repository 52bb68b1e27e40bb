//! How an answer goes over the wire: headers, pieces, pace.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode, Version};
use tokio::time::Sleep;

use super::Variation;
use super::challenge::authentication_info;
use crate::reference::fault::Fault;
use crate::reference::http::Call;
use crate::reference::limits::MOST_REQUESTS;
use crate::reference::world::World;

/// The pieces of a body that is sent in several.
const PIECES: usize = 4;
/// The pause between them.
const PAUSE: Duration = Duration::from_millis(3);

/// A body on its way.
#[derive(Debug)]
pub(crate) struct Sending {
    pieces: VecDeque<Bytes>,
    length: Length,
    pause: Option<Duration>,
    waiting: Option<Pin<Box<Sleep>>>,
}

/// Whether the length of a body is told before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Told,
    Untold,
}

impl Sending {
    fn whole(body: Bytes) -> Self {
        let pieces = if body.is_empty() { VecDeque::new() } else { VecDeque::from([body]) };
        Self { pieces, length: Length::Told, pause: None, waiting: None }
    }

    /// All that is still to be sent.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.pieces.iter().flat_map(|piece| piece.iter().copied()).collect()
    }

    /// The same with another body.
    pub(super) fn holding(self, body: Bytes) -> Self {
        let parts = self.pieces.len();
        let whole = Self { pieces: Self::whole(body).pieces, ..self };
        if parts > 1 { whole.in_pieces() } else { whole }
    }

    /// The same in chunks, so that its length is not told.
    pub(super) fn in_chunks(self) -> Self {
        Self { length: Length::Untold, ..self.in_pieces() }
    }

    fn in_pieces(mut self) -> Self {
        if let Some(body) = self.pieces.pop_front() {
            let size = body.len().div_ceil(PIECES);
            self.pieces = body.chunks(size).map(Bytes::copy_from_slice).collect();
        }
        self
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(cx));
        }
        self.waiting = self.pause.map(|pause| Box::pin(tokio::time::sleep(pause)));
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let length: usize = self.pieces.iter().map(Bytes::len).sum();
        match self.length {
            Length::Told => SizeHint::with_exact(length as u64),
            Length::Untold => SizeHint::default(),
        }
    }
}

/// The answer as it is sent.
pub(crate) fn dressed(world: &World, call: &Call, response: Response<Bytes>) -> Response<Sending> {
    let behaviour = &world.behaviour;
    let (mut head, body) = response.into_parts();
    let mut sending = Sending::whole(body);
    if behaviour.takes(Variation::Dribbling) {
        sending = Sending { pause: Some(PAUSE), ..sending.in_pieces() };
    }
    if behaviour.takes(Variation::Chunked) {
        sending = sending.in_chunks();
    }
    if call.method == Method::HEAD && behaviour.takes(Variation::HeadWithoutLength) {
        sending.length = Length::Untold;
    }
    if call.method == Method::HEAD && behaviour.shows(Fault::HeadLengthRounded) {
        let length = sending.bytes().len().next_multiple_of(1024);
        sending.length = Length::Untold;
        head.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    let coding = match head.status.is_client_error() {
        false if behaviour.shows(Fault::TransferCodingUnasked) => Some("gzip, chunked"),
        true if behaviour.shows(Fault::ErrorTransferIsIdentity) => Some("identity, chunked"),
        _ => None,
    };
    if let Some(coding) = coding.filter(|_| call.method != Method::HEAD) {
        sending.length = Length::Untold;
        head.headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static(coding));
    }
    if behaviour.takes(Variation::HttpOneZero) {
        head.version = Version::HTTP_10;
    }
    if behaviour.takes(Variation::NoDate) {
        head.headers.remove(header::DATE);
    }
    if behaviour.takes(Variation::Closes) {
        head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let is_told_inside = call.query.is_on("envelope") && head.status != StatusCode::UNAUTHORIZED;
    if head.status.is_client_error() && is_told_inside && behaviour.takes(Variation::EnvelopedErrorsAre200) {
        head.status = StatusCode::OK;
    }
    set_media_type(world, &mut head.headers);
    add_headers(world, call, head.status, &mut head.headers);
    Response::from_parts(head, sending)
}

fn set_media_type(world: &World, headers: &mut HeaderMap) {
    let written = match &world.behaviour {
        behaviour if behaviour.takes(Variation::MediaTypeWithCharset) => "application/json;charset=utf-8",
        behaviour if behaviour.takes(Variation::MediaTypeOddlyWritten) => {
            "Application/JSON ; Charset=\"UTF-8\"; Profile=\"a;b\""
        }
        behaviour if behaviour.takes(Variation::MediaTypeOfVendor) => {
            "application/vnd.example.atlas.2016-11-01+json; charset=utf-8"
        }
        _ => return,
    };
    if headers.get(header::CONTENT_TYPE).is_some_and(|plain| plain == "application/json") {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(written));
    }
}

fn add_headers(world: &World, call: &Call, status: StatusCode, headers: &mut HeaderMap) {
    let behaviour = &world.behaviour;
    if behaviour.takes(Variation::LimitHeaders) {
        for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-ratelimit-limit"] {
            headers.insert(HeaderName::from_static(name), MOST_REQUESTS.into());
        }
    }
    if behaviour.takes(Variation::MoreHeaders) {
        more(headers);
    }
    if behaviour.takes(Variation::LinkHeaders) {
        let link = format!("<{}>; rel=\"self\", </terms>; rel=license", world.base.origin_url(&call.target));
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    if status != StatusCode::UNAUTHORIZED && call.has(&header::AUTHORIZATION) {
        headers.extend(authentication_info(world).map(|info| (HeaderName::from_static("authentication-info"), info)));
    }
}

/// What other servers say beside what matters.
fn more(headers: &mut HeaderMap) {
    for (name, value) in [
        ("set-cookie", "session=\"a; b\"; Path=/; Secure; HttpOnly"),
        ("set-cookie", "other=1; Domain=example.com"),
        ("strict-transport-security", "max-age=31536000"),
        ("cache-control", "private, no-store"),
        ("etag", "W/\"not the last\""),
        ("vary", "*"),
        ("warning", "199 - \"nothing, really\""),
        ("access-control-allow-origin", "*"),
        ("x-empty", ""),
    ] {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let texts = [("x-not-ascii", vec![0xe9, b' ', 0xff]), ("x-long", vec![b'x'; 6000])];
    for (name, bytes) in texts {
        headers.extend(HeaderValue::from_bytes(&bytes).map(|value| (HeaderName::from_static(name), value)));
    }
}
