//! Checks a certificate with a public key alone, and says exactly what is wrong with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::carrier::{Carried, carried, carry, page_digest};
use super::envelope::{Envelope, PAYLOAD_TYPE};
use super::key::PublicKey;
use super::statement::{FORMAT, Facts, PREDICATE_TYPE, Predicate, STATEMENT_TYPE, Statement, TestResult};
use super::{digest_of, hexadecimal};

/// Most signatures that are checked: each costs time, and a certificate has one.
pub const MOST_SIGNATURES: usize = 16;

/// What a certificate is held against beside a key.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The time of the check.
    pub now: DateTime<Utc>,
    /// Digests of suites that are accepted.
    pub suites: Vec<String>,
    /// `sha256:` and the digest of the software that it must be about.
    pub artifact: Option<String>,
    /// Writes the page of a statement and of the id of the key that signed it, with an empty slot.
    pub page: fn(&Statement, &str) -> String,
}

/// What came of checking a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What is stated; only where the key vouches for it.
    pub statement: Option<Statement>,
    /// What is wrong; nothing with a good one.
    pub flaws: Vec<Flaw>,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
}

/// Something wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Of what kind.
    pub kind: FlawKind,
    /// In words.
    pub message: String,
}

/// What may be wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlawKind {
    /// There is no envelope in the file.
    NoEnvelope,
    /// The payload, or a signature, is no Base64.
    BadBase64,
    /// The payload is said to be something else than a statement.
    WrongPayloadType,
    /// Nobody signed.
    Unsigned,
    /// Somebody else signed.
    OtherKey,
    /// The key's signature is not one of this payload.
    Altered,
    /// The payload is no statement.
    UnknownStatement,
    /// It is a statement of another kind.
    UnknownPredicate,
    /// It is a test result, but no certificate of ours.
    Foreign,
    /// Its parts do not agree.
    Contradiction,
    /// It says that the target does not conform.
    NotConformant,
    /// It is over.
    Expired,
    /// It has not begun.
    NotYetValid,
    /// It rests on another suite.
    OtherSuite,
    /// It is about other software.
    OtherArtifact,
    /// The page is not the one that this program writes for the statement.
    AlteredPage,
    /// A browser would read a part of the envelope as markup.
    Markup,
    /// There are more signatures than are checked.
    TooManySignatures,
}

impl Flaw {
    fn new(kind: FlawKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl Checked {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.flaws.is_empty()
    }

    fn refused(flaws: Vec<Flaw>) -> Self {
        Self { statement: None, flaws, notes: Vec::new() }
    }
}

/// Checks the text of a certificate, an envelope or a page that carries one.
///
/// What no trusted signature vouches for is not read any further. A page must be, byte for byte, what
/// [`Expected::page`] writes for the statement: a reader sees nothing that was not checked.
pub fn verify(text: &str, key: &PublicKey, expected: &Expected) -> Checked {
    let found = match carried(text) {
        Ok(found) => found,
        Err(reason) => return Checked::refused(vec![Flaw::new(FlawKind::NoEnvelope, reason)]),
    };
    let (envelope, payload) = match opened(found) {
        Ok(opened) => opened,
        Err(flaw) => return Checked::refused(vec![flaw]),
    };
    let mut flaws = Vec::new();
    if envelope.payload_type != PAYLOAD_TYPE {
        let message = format!("the payload type is `{}`, not `{PAYLOAD_TYPE}`", envelope.payload_type);
        flaws.push(Flaw::new(FlawKind::WrongPayloadType, message));
    }
    let notes = match signed(&envelope, &payload, key) {
        Ok(notes) => notes,
        Err(found) => {
            flaws.extend(found);
            Vec::new()
        }
    };
    if !flaws.is_empty() {
        return Checked::refused(flaws);
    }
    match stated(&payload) {
        Ok(statement) => {
            flaws.extend(wrong_inside(&statement));
            flaws.extend(wrong_outside(&statement, expected));
            if matches!(found, Carried::Page(_)) {
                flaws.extend(wrong_page(text, &statement, &envelope, &(expected.page)(&statement, &key.id())));
            }
            Checked { statement: Some(statement), flaws, notes }
        }
        Err(flaw) => Checked::refused(vec![flaw]),
    }
}

/// The envelope and its payload, where no browser can take the envelope for anything else.
fn opened(found: Carried<'_>) -> Result<(Envelope, Vec<u8>), Flaw> {
    let (Carried::Envelope(text) | Carried::Page(text)) = found;
    let envelope: Envelope = serde_json::from_str(text)
        .map_err(|error| Flaw::new(FlawKind::NoEnvelope, format!("this is not a DSSE envelope: {error}")))?;
    if text.contains('<') {
        let message = "the envelope holds `<`: a browser could show a part of it as a page, which nobody signed";
        return Err(Flaw::new(FlawKind::Markup, message));
    }
    if matches!(found, Carried::Page(_)) && envelope.to_json() != text {
        let message = "the envelope in this page is not written as `certify` writes it: it was altered";
        return Err(Flaw::new(FlawKind::AlteredPage, message));
    }
    if envelope.signatures.len() > MOST_SIGNATURES {
        let count = envelope.signatures.len();
        let message = format!("there are {count} signatures; at most {MOST_SIGNATURES} are checked");
        return Err(Flaw::new(FlawKind::TooManySignatures, message));
    }
    let payload = envelope.payload();
    let payload = payload.ok_or_else(|| Flaw::new(FlawKind::BadBase64, "the payload is no Base64"))?;
    Ok((envelope, payload))
}

/// Why a page is not the one of this statement, envelope and key.
fn wrong_page(text: &str, statement: &Statement, envelope: &Envelope, page: &str) -> Option<Flaw> {
    let vouched = statement.facts().page.as_ref() == Some(&page_digest(page));
    if vouched && text == carry(page, &envelope.to_json()) {
        return None;
    }
    let message = "the page is not the one that this version of atlaspec writes for the signed statement: believe \
                   nothing that it shows; check `certificate.json` instead";
    Some(Flaw::new(FlawKind::AlteredPage, message))
}

/// What is worth knowing of the signatures, one of which is the key's; or why none is.
///
/// The name of a key beside a signature is a hint: it explains a refusal and never makes one.
fn signed(envelope: &Envelope, payload: &[u8], key: &PublicKey) -> Result<Vec<String>, Vec<Flaw>> {
    let (mut flaws, mut good, mut others) = (Vec::new(), 0_usize, 0_usize);
    for (index, signature) in envelope.signatures.iter().enumerate() {
        let number = index + 1;
        match envelope.is_signed(payload, signature, key) {
            Some(true) => good += 1,
            Some(false) if !signature.keyid.is_empty() && signature.keyid != key.id() => {
                others += 1;
                let message = format!("signature {number} is by another key: {}, not {}", signature.keyid, key.id());
                flaws.push(Flaw::new(FlawKind::OtherKey, message));
            }
            Some(false) => {
                let message = format!(
                    "signature {number} is not one of this payload by the key {}: one of the two was altered, or the \
                     signature is forged",
                    key.id()
                );
                flaws.push(Flaw::new(FlawKind::Altered, message));
            }
            None => flaws.push(Flaw::new(FlawKind::BadBase64, format!("signature {number} is no Base64"))),
        }
    }
    if envelope.signatures.is_empty() {
        flaws.push(Flaw::new(FlawKind::Unsigned, "there is no signature"));
    }
    if good == 0 {
        return Err(flaws);
    }
    let unread = envelope.signatures.len() - good - others;
    let notes = [(others, "more by other keys: not checked"), (unread, "more that no key made: not counted")];
    Ok(notes.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect())
}

/// What tells apart whose statement it is, before it is read as ours.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    #[serde(default)]
    predicate: serde_json::Value,
}

fn stated(payload: &[u8]) -> Result<Statement, Flaw> {
    let unreadable = |error| Flaw::new(FlawKind::UnknownStatement, format!("the payload is no statement: {error}"));
    let head: Head = serde_json::from_slice(payload).map_err(unreadable)?;
    if head.kind != STATEMENT_TYPE {
        let message = format!("the statement is of type `{}`, not `{STATEMENT_TYPE}`", head.kind);
        return Err(Flaw::new(FlawKind::UnknownStatement, message));
    }
    if head.predicate_type != PREDICATE_TYPE {
        let message = format!("the predicate is of type `{}`, not `{PREDICATE_TYPE}`", head.predicate_type);
        return Err(Flaw::new(FlawKind::UnknownPredicate, message));
    }
    let foreign = |message: String| Flaw::new(FlawKind::Foreign, message);
    match head.predicate.get("atlaspecCertificate").map(|facts| facts.get("format").and_then(serde_json::Value::as_u64))
    {
        None => Err(foreign("this is a test result, but no certificate of atlaspec".to_owned())),
        Some(Some(format)) if format == u64::from(FORMAT) => serde_json::from_slice(payload)
            .map_err(|error| foreign(format!("this is no certificate as atlaspec makes them: {error}"))),
        Some(Some(format)) => {
            Err(foreign(format!("the certificate has format {format}; this program reads format {FORMAT}")))
        }
        Some(None) => Err(foreign("the certificate does not say its format".to_owned())),
    }
}

/// What the statement itself makes worthless.
fn wrong_inside(statement: &Statement) -> Vec<Flaw> {
    let (predicate, facts) = (&statement.predicate, statement.facts());
    let mut flaws = Vec::new();
    let mut contradiction = |wrong: bool, message: &str| {
        if wrong {
            flaws.push(Flaw::new(FlawKind::Contradiction, message));
        }
    };
    let [subject] = statement.subject.as_slice() else {
        return vec![Flaw::new(FlawKind::Contradiction, "a certificate has one subject")];
    };
    let digest = subject.digest.get("sha256").map(String::as_str);
    contradiction(digest.is_none(), "the subject has no SHA-256");
    let of_address = subject
        .uri
        .as_ref()
        .is_some_and(|uri| *uri != facts.target.base_url || digest != Some(hexadecimal(&digest_of(uri.as_bytes()))));
    contradiction(of_address, "the subject is not the address of the target");
    let cases = &facts.cases;
    let counted =
        predicate.passed_tests.len() == cases.passed + cases.observed && predicate.warned_tests.len() == cases.warned;
    contradiction(!counted, "the counts are not those of the listed cases");
    let configured = |name: &str, digest: &str| {
        let mut all = predicate.configuration.iter().filter(|it| it.name.as_deref() == Some(name));
        all.next().and_then(|it| it.digest.get("sha256")).map(String::as_str) == Some(hexadecimal(digest))
    };
    contradiction(!configured("suite", &facts.suite.digest), "the suite's digest is stated twice and differs");
    contradiction(!configured("run.json", &facts.run.digest), "the run's digest is stated twice and differs");
    contradiction(!agrees(predicate), "the result is not that of the listed cases");
    contradiction(facts.validity.until <= facts.validity.from, "it ends before it begins");
    if predicate.result == TestResult::Failed || !predicate.failed_tests.is_empty() {
        flaws.push(Flaw::new(FlawKind::NotConformant, "it says that the target does not conform"));
    }
    flaws
}

/// Whether the one word fits the lists.
fn agrees(predicate: &Predicate) -> bool {
    let (warned, failed) = (!predicate.warned_tests.is_empty(), !predicate.failed_tests.is_empty());
    match predicate.result {
        TestResult::Passed => !warned && !failed,
        TestResult::Warned => warned && !failed,
        TestResult::Failed => failed,
    }
}

/// What is wrong at this time, for this reader.
fn wrong_outside(statement: &Statement, expected: &Expected) -> Vec<Flaw> {
    let facts = statement.facts();
    let mut flaws = Vec::new();
    flaws.extend(wrong_time(facts, expected.now));
    if !expected.suites.contains(&facts.suite.digest) {
        let message = format!("it rests on the suite {}, which is not the one of this program", facts.suite.digest);
        flaws.push(Flaw::new(FlawKind::OtherSuite, message));
    }
    if let Some(digest) = &expected.artifact {
        flaws.extend(wrong_artifact(statement, digest));
    }
    flaws
}

fn wrong_time(facts: &Facts, now: DateTime<Utc>) -> Option<Flaw> {
    let shown = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    if now < facts.validity.from {
        let message = format!("it is not valid before {}", shown(facts.validity.from));
        return Some(Flaw::new(FlawKind::NotYetValid, message));
    }
    (now >= facts.validity.until)
        .then(|| Flaw::new(FlawKind::Expired, format!("it expired at {}", shown(facts.validity.until))))
}

fn wrong_artifact(statement: &Statement, digest: &str) -> Option<Flaw> {
    let message = match statement.artifact() {
        Some((stated, _)) if stated == hexadecimal(digest) => return None,
        Some((stated, _)) => format!("it is about the software sha256:{stated}, not {digest}"),
        None => "it is about an address and names no software".to_owned(),
    };
    Some(Flaw::new(FlawKind::OtherArtifact, message))
}
