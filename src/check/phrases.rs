//! The standard phrases of status codes: RFC 9110, and the forms of the documents before it.

use serde_json::Value;

use super::number;
use super::outcome::{Outcome, Trouble};
use super::show;
use crate::suite::PhraseForm;
use crate::verdict::{Datum, Location};

/// All phrases that a status code has or had; none for a code that is not registered.
fn phrases(status: u64) -> &'static [&'static str] {
    match status {
        400 => &["Bad Request"],
        401 => &["Unauthorized"],
        402 => &["Payment Required"],
        403 => &["Forbidden"],
        404 => &["Not Found"],
        405 => &["Method Not Allowed"],
        406 => &["Not Acceptable"],
        407 => &["Proxy Authentication Required"],
        408 => &["Request Timeout", "Request Time-out"],
        409 => &["Conflict"],
        410 => &["Gone"],
        411 => &["Length Required"],
        412 => &["Precondition Failed"],
        413 => &["Content Too Large", "Payload Too Large", "Request Entity Too Large"],
        414 => &["URI Too Long", "Request-URI Too Long", "Request-URI Too Large"],
        415 => &["Unsupported Media Type"],
        416 => &["Range Not Satisfiable", "Requested Range Not Satisfiable"],
        417 => &["Expectation Failed"],
        421 => &["Misdirected Request"],
        422 => &["Unprocessable Content", "Unprocessable Entity"],
        423 => &["Locked"],
        424 => &["Failed Dependency"],
        425 => &["Too Early"],
        426 => &["Upgrade Required"],
        428 => &["Precondition Required"],
        429 => &["Too Many Requests"],
        431 => &["Request Header Fields Too Large"],
        451 => &["Unavailable For Legal Reasons"],
        500 => &["Internal Server Error"],
        501 => &["Not Implemented"],
        502 => &["Bad Gateway"],
        503 => &["Service Unavailable"],
        504 => &["Gateway Timeout", "Gateway Time-out"],
        505 => &["HTTP Version Not Supported", "HTTP Version not supported"],
        506 => &["Variant Also Negotiates"],
        507 => &["Insufficient Storage"],
        508 => &["Loop Detected"],
        510 => &["Not Extended"],
        511 => &["Network Authentication Required"],
        _ => &[],
    }
}

/// Whether the `reason` of an error document is the phrase of the status that the document names, or of the
/// answer's own: that the two agree is judged elsewhere. The exact form is only judged where the phrase is right except for
/// its case.
pub(super) fn judge(document: &Value, status: u16, form: PhraseForm) -> Outcome {
    let reason = match (document.get("reason"), form) {
        (Some(reason), _) => reason,
        (None, PhraseForm::Exact) => return Ok(()),
        (None, PhraseForm::Standard) => return Err(Trouble::broken("there is no member `reason`")),
    };
    let own = u64::from(status);
    let named = document.get("error").and_then(number::whole).filter(|named| !phrases(*named).is_empty());
    let known: Vec<&str> = named.into_iter().chain([own]).flat_map(phrases).copied().collect();
    let text = reason.as_str().unwrap_or_default();
    let is_right = known.iter().any(|phrase| phrase.eq_ignore_ascii_case(text));
    let Some(first) = known.first() else {
        return Err(Trouble::Unclear(format!("status {status} has no standard phrase")));
    };
    let holds = match form {
        PhraseForm::Standard => is_right,
        PhraseForm::Exact => !is_right || known.contains(&text),
    };
    if holds {
        Ok(())
    } else {
        let expected = Datum::Value(Value::from(*first));
        Err(Trouble::unlike(expected, show::datum(reason)).of(&Location::member("reason")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn phrases_of_all_editions_are_taken_case_aside() {
        for (status, reason) in [(404, "not found"), (413, "Request Entity Too Large"), (422, "Unprocessable Content")]
        {
            assert_eq!(judge(&json!({"error": status, "reason": reason}), status, PhraseForm::Standard), Ok(()));
        }
        assert_eq!(judge(&json!({"error": 404, "reason": "Not Found"}), 400, PhraseForm::Standard), Ok(()));
        assert_eq!(judge(&json!({"reason": "Bad Request"}), 400, PhraseForm::Standard), Ok(()));
    }

    #[test]
    fn the_exact_form_is_about_the_case_alone() {
        let exact = |reason: &str| judge(&json!({"error": 404, "reason": reason}), 404, PhraseForm::Exact);
        assert_eq!((exact("Not Found"), exact("Gone")), (Ok(()), Ok(())));
        let why = exact("NOT FOUND").unwrap_err();
        assert_eq!(why.sentence(), r#"$.reason is "NOT FOUND", expected "Not Found""#);
        assert_eq!(judge(&json!({}), 404, PhraseForm::Exact), Ok(()));
    }

    #[test]
    fn other_texts_are_not() {
        let why =
            |document: Value, status| judge(&document, status, PhraseForm::Standard).unwrap_err().sentence().to_owned();
        assert_eq!(why(json!({"error": 404, "reason": "Gone"}), 404), r#"$.reason is "Gone", expected "Not Found""#);
        assert_eq!(why(json!({"error": 404, "reason": 404}), 404), r#"$.reason is 404, expected "Not Found""#);
        assert_eq!(why(json!({"error": 404}), 404), "there is no member `reason`");
        assert_eq!(
            judge(&json!({"reason": "x"}), 599, PhraseForm::Standard),
            Err(Trouble::Unclear("status 599 has no standard phrase".into()))
        );
    }
}
