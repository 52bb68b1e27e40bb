//! Headers of an answer against its request.

use crate::check::outcome::{Outcome, Trouble};
use crate::check::show;
use crate::exchange::Exchange;

/// The method that a 405 refuses is not one that its Allow names.
pub(super) fn allow_fits(exchange: &Exchange) -> Outcome {
    let Some(allowed) = exchange.response.header("allow") else { return Ok(()) };
    let method = &exchange.request.method;
    if allowed.split(',').any(|name| name.trim() == method) {
        let sentence = format!("header Allow is {}, and {method} was refused", show::text(&allowed));
        return Err(Trouble::broken_at("header Allow", sentence));
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
            "the status",
            "the status is 415 for a request entity sent as application/json",
        ));
    }
    Ok(())
}
