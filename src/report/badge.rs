//! A badge: as data for shields.io, and as a picture of its own.

use serde_json::json;

use super::{labels, unjudged, visible};
use crate::record::{Conclusion, Run};

/// Width of a character, in tenths of a pixel, about that of the font.
const CHARACTER: usize = 66;
/// Space around a text, in pixels.
const MARGIN: usize = 12;

/// The run as shields.io reads it from an endpoint.
pub(super) fn endpoint(run: &Run) -> String {
    let badge = json!({
        "schemaVersion": 1,
        "label": label(run),
        "message": message(run),
        "color": match run.conclusion {
            Conclusion::Conformant | Conclusion::NoViolation => "brightgreen",
            Conclusion::NonConformant => "red",
            Conclusion::Undecided => "yellow",
        },
        "isError": run.conclusion == Conclusion::NonConformant || unjudged::why(run).is_some(),
    });
    format!("{badge:#}\n")
}

/// The run as a picture that needs nothing beside it.
pub(super) fn svg(run: &Run) -> String {
    let (label, message) = (label(run), message(run));
    let (left, right) = (width(&label), width(&message));
    let (whole, middle, centre) = (left + right, left / 2, left + right / 2);
    let colour = match run.conclusion {
        Conclusion::Conformant | Conclusion::NoViolation => "#2a7d2e",
        Conclusion::NonConformant => "#b3261e",
        Conclusion::Undecided => "#7a5c00",
    };
    let (label, message) = (escaped(&label), escaped(&message));
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{label}: {message}">
<title>{label}: {message}</title>
<clipPath id="round"><rect width="{whole}" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="{left}" height="20" fill="#444"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{middle}" y="14">{label}</text>
<text x="{centre}" y="14">{message}</text>
</g>
</svg>
"##
    )
}

/// `atlas v1.0` of `atlas-v1.0`.
fn label(run: &Run) -> String {
    visible::clip(&visible::line(&run.suite.name.replace('-', " ")), 40)
}

/// The conclusion; that of a part of the suite says so.
fn message(run: &Run) -> String {
    if unjudged::why(run).is_some() {
        return "nothing judged".to_owned();
    }
    let conclusion = labels::conclusion(run.conclusion).to_lowercase();
    if run.selection.complete && !run.selection.interrupted { conclusion } else { format!("{conclusion} in part") }
}

fn width(text: &str) -> usize {
    text.chars().count() * CHARACTER / 10 + MARGIN
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
