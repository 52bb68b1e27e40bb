//! Headers of an answer against its request.

use crate::check::outcome::{Outcome, Trouble};
use crate::check::show;
use crate::exchange::{Exchange, Response};
use crate::verdict::Location;

/// The method that a 405 refuses is not one that its Allow names.
pub(super) fn allow_fits(exchange: &Exchange) -> Outcome {
    let Some(allowed) = exchange.response.header("allow") else { return Ok(()) };
    let method = &exchange.request.method;
    if allowed.split(',').any(|name| name.trim() == method) {
        let sentence = format!("header Allow is {}, and {method} was refused", show::text(&allowed));
        return Err(Trouble::broken_at(Location::header("Allow"), sentence));
    }
    Ok(())
}

/// JSON that is sent as JSON is not refused for its media type.
pub(super) fn json_accepted(exchange: &Exchange) -> Outcome {
    let sent = |name: &str| {
        let mut all = exchange.request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        all.next().map(|(_, value)| value.to_ascii_lowercase().replace([' ', '"'], ""))
    };
    let is_json = matches!(
        sent("content-type").as_deref(),
        Some("application/json" | "application/json;charset=utf-8" | "application/json;charset=utf8")
    );
    if exchange.response.status == 415 && is_json && sent("content-encoding").is_none() {
        return Err(Trouble::broken_at(
            Location::Status,
            "the status is 415 for a request entity sent as application/json",
        ));
    }
    Ok(())
}

/// The length of the body is stated once (RFC 9112, sections 6.1 to 6.3): by one Content-Length, or by
/// `Transfer-Encoding: chunked` alone, as no request of ours accepts another coding.
pub(super) fn framed_once(response: &Response) -> Outcome {
    let broken = |name: &str, sentence: String| Err(Trouble::broken_at(Location::header(name), sentence));
    let (length, coding) = (response.header("content-length"), response.header("transfer-encoding"));
    match (length, coding) {
        (Some(length), Some(coding)) => broken(
            "Content-Length",
            format!(
                "the response has the header Content-Length {} and the header Transfer-Encoding {}",
                show::text(&length),
                show::text(&coding)
            ),
        ),
        (Some(length), None) if length.contains(',') => {
            broken("Content-Length", format!("header Content-Length is {}: more than one length", show::text(&length)))
        }
        (None, Some(coding)) if !coding.trim().eq_ignore_ascii_case("chunked") => broken(
            "Transfer-Encoding",
            format!("header Transfer-Encoding is {}, not chunked alone", show::text(&coding)),
        ),
        (_, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(headers: &[(&str, &str)]) -> Outcome {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        framed_once(&Response { status: 200, headers, ..Response::default() })
    }

    #[test]
    fn one_length_or_chunks_are_one_statement() {
        for right in [&[("content-length", "5")][..], &[("transfer-encoding", "Chunked")], &[]] {
            assert_eq!(framed(right), Ok(()), "{right:?}");
        }
    }

    #[test]
    fn every_further_statement_is_one_too_many() {
        for wrong in [
            &[("content-length", "5"), ("transfer-encoding", "chunked")][..],
            &[("content-length", "5, 5")],
            &[("content-length", "5"), ("content-length", "5")],
            &[("transfer-encoding", "gzip, chunked")],
            &[("transfer-encoding", "identity")],
        ] {
            assert!(framed(wrong).is_err(), "{wrong:?}");
        }
    }
}
