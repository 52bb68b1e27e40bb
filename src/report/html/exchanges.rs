//! Exchanges and their bodies, as the page shows them.

use crate::record::{StoredBody, StoredExchange, TargetIdentity};
use crate::report::{account, body, curl, visible, words};

/// How much of an exchange is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All that is stored.
    Whole,
    /// Bodies cut short: nothing was wrong with it.
    Brief,
}

/// Most bytes of a body where nothing was wrong.
const BRIEF_BODY: usize = 2 * 1024;

pub(super) struct ExchangeView {
    pub(super) number: usize,
    pub(super) line: String,
    pub(super) method: String,
    pub(super) url: String,
    pub(super) who: String,
    pub(super) status: u16,
    pub(super) status_class: &'static str,
    pub(super) role: &'static str,
    pub(super) time: String,
    pub(super) request_headers: String,
    pub(super) request_body: Option<BodyView>,
    pub(super) response_headers: String,
    pub(super) response_body: Option<BodyView>,
    pub(super) trailing: Option<BodyView>,
    pub(super) curl: String,
}

pub(super) struct BodyView {
    pub(super) note: String,
    pub(super) text: String,
}

impl ExchangeView {
    pub(super) fn of(at: usize, exchange: &StoredExchange, target: &TargetIdentity, extent: Extent) -> Self {
        let shown = |body: &Option<StoredBody>| body.as_ref().map(|body| BodyView::of(body, extent));
        let user = exchange.user.as_deref().unwrap_or("nobody");
        let how = exchange.credentials.as_ref().map(|how| format!(" ({how})")).unwrap_or_default();
        Self {
            number: at + 1,
            line: account::summary(exchange),
            method: visible::line(&exchange.method),
            url: visible::line(&exchange.url),
            who: visible::line(&format!("{user}{how}")),
            status: exchange.status,
            status_class: status_class(exchange.status),
            role: words::role(exchange.role),
            time: format!("{}.{} ms", exchange.duration_us / 1_000, exchange.duration_us % 1_000 / 100),
            request_headers: headers(&exchange.request_headers),
            request_body: shown(&exchange.request_body),
            response_headers: headers(&exchange.response_headers),
            response_body: shown(&exchange.response_body),
            trailing: shown(&exchange.response_trailing),
            curl: curl::command(exchange, target),
        }
    }
}

impl BodyView {
    fn of(stored: &StoredBody, extent: Extent) -> Self {
        let limit = if extent == Extent::Brief { BRIEF_BODY } else { stored.text.len() };
        let end = stored.text.floor_char_boundary(limit.min(stored.text.len()));
        let text = &stored.text[..end];
        let indented = body::indented(text);
        let mut note = words::count(stored.bytes, "byte");
        if indented != text {
            note.push_str(", indented here");
        }
        if stored.cut || end < stored.text.len() {
            note.push_str(", cut here");
        }
        Self { note, text: visible::block(&indented) }
    }
}

fn headers(headers: &[(String, String)]) -> String {
    let lines: Vec<String> = headers.iter().map(|(name, value)| visible::line(&format!("{name}: {value}"))).collect();
    lines.join("\n")
}

fn status_class(status: u16) -> &'static str {
    match status {
        200..=299 => "good",
        500.. => "bad",
        _ => "plain",
    }
}
