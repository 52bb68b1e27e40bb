//! How a readable page carries the envelope, and how it is found again.

use super::digest_of;

/// What stands before the envelope in a page: a block of data, which no browser runs.
const BEFORE: &str = "<script type=\"application/vnd.dsse.envelope.v1+json\" id=\"envelope\">";
/// What stands after it.
const AFTER: &str = "</script>";

/// The block of a page that will hold the envelope.
pub const SLOT: &str = "<script type=\"application/vnd.dsse.envelope.v1+json\" id=\"envelope\"></script>";

/// A certificate as it was found in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried<'a> {
    /// The file is the envelope.
    Envelope(&'a str),
    /// The file is a page, and this is its block.
    Page(&'a str),
}

/// The digest of a page whose [`SLOT`] is still empty: what the statement inside vouches for.
pub fn page_digest(page: &str) -> String {
    digest_of(page.as_bytes())
}

/// A page with an envelope in its [`SLOT`]. The text of an envelope holds no `<`: Base64, and names that we chose.
pub fn carry(page: &str, envelope: &str) -> String {
    page.replacen(SLOT, &format!("{BEFORE}{envelope}{AFTER}"), 1)
}

/// The envelope of a file, which is one or a page that carries one; `Err` says what is wrong with a page.
///
/// This only finds the envelope. Whether a browser sees the same page is decided by comparing the whole file.
pub(super) fn carried(text: &str) -> Result<Carried<'_>, &'static str> {
    if !text.trim_start().starts_with('<') {
        return Ok(Carried::Envelope(text));
    }
    let Some((_, rest)) = text.split_once(BEFORE) else {
        return Err("this page carries no envelope");
    };
    if rest.contains(BEFORE) {
        return Err("this page carries several envelopes; a certificate has one");
    }
    let Some((envelope, _)) = rest.split_once(AFTER) else {
        return Err("the envelope in this page has no end");
    };
    Ok(Carried::Page(envelope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_carries_is_found_again() {
        let full = carry(&format!("<!doctype html>\n<p>ä</p>{SLOT}<p>end</p>"), "{\"payload\": \"\"}");
        assert_eq!(carried(&full), Ok(Carried::Page("{\"payload\": \"\"}")));
    }

    #[test]
    fn pages_that_carry_none_or_several_are_refused() {
        assert_eq!(carried("<html></html>"), Err("this page carries no envelope"));
        assert_eq!(
            carried(&format!("<p>{SLOT}{SLOT}")),
            Err("this page carries several envelopes; a certificate has one")
        );
        assert_eq!(carried(&format!("<p>{BEFORE}")), Err("the envelope in this page has no end"));
        assert_eq!(carried("{}"), Ok(Carried::Envelope("{}")));
    }
}
