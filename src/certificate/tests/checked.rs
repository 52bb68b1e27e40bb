//! What a check says of good, forged, altered, expired and foreign certificates.

use chrono::TimeDelta;
use data_encoding::BASE64;

use super::{check, expected, sealed, statement, wrong};
use crate::certificate::sample::{OTHER, PRIVATE, SUITE, key, now, run, terms, yardstick};
use crate::certificate::*;

/// What is wrong with a statement that the right key signed after this change.
fn with(change: impl FnOnce(&mut Statement)) -> Vec<(FlawKind, String)> {
    let mut statement = statement();
    change(&mut statement);
    let checked = check(&sealed(&statement).to_json());
    wrong(&checked).into_iter().map(|(kind, message)| (kind, message.to_owned())).collect()
}

/// What is wrong with a payload that the right key signed.
fn of_payload(payload: &str) -> (FlawKind, String) {
    let checked = check(&Envelope::seal(payload.as_bytes(), &key(PRIVATE)).to_json());
    assert_eq!(checked.statement, None);
    let [flaw] = checked.flaws.as_slice() else { panic!("{checked:?}") };
    (flaw.kind, flaw.message.clone())
}

#[test]
fn forged_and_altered_envelopes_are_told_apart() {
    let good = sealed(&statement());
    let (mine, other) = (key(PRIVATE).public().id(), key(OTHER).public().id());
    let of = |envelope: &Envelope| {
        let checked = check(&envelope.to_json());
        assert_eq!(checked.statement, None, "nothing is believed that the key does not vouch for");
        wrong(&checked).into_iter().map(|(kind, message)| (kind, message.to_owned())).collect::<Vec<_>>()
    };
    let altered = String::from_utf8(statement().to_bytes()).expect("text").replace("staging", "another");
    assert_eq!(
        of(&Envelope { payload: BASE64.encode(altered.as_bytes()), ..good.clone() }),
        [(
            FlawKind::Altered,
            format!(
                "signature 1 is not one of this payload by the key {mine}: one of the two was altered, or the \
                     signature is forged"
            )
        )]
    );
    assert_eq!(
        of(&Envelope::seal(&statement().to_bytes(), &key(OTHER))),
        [(FlawKind::OtherKey, format!("signature 1 is by another key: {other}, not {mine}"))]
    );
    let mut claimed = Envelope::seal(&statement().to_bytes(), &key(OTHER));
    claimed.signatures[0].keyid = mine;
    assert_eq!(of(&claimed)[0].0, FlawKind::Altered, "the name of a key proves nothing");
    assert_eq!(
        of(&Envelope { payload: "%".to_owned(), ..good.clone() }),
        [(FlawKind::BadBase64, "the payload is no Base64".to_owned())]
    );
    let mut bad = good.clone();
    bad.signatures[0].sig = "%".to_owned();
    assert_eq!(of(&bad), [(FlawKind::BadBase64, "signature 1 is no Base64".to_owned())]);
    assert_eq!(
        of(&Envelope { signatures: vec![], ..good.clone() }),
        [(FlawKind::Unsigned, "there is no signature".to_owned())]
    );
    let typed = of(&Envelope { payload_type: "application/json".to_owned(), ..good });
    let type_message = "the payload type is `application/json`, not `application/vnd.in-toto+json`";
    assert_eq!((typed[0].0, typed[0].1.as_str()), (FlawKind::WrongPayloadType, type_message));
    assert_eq!((typed[1].0, typed.len()), (FlawKind::Altered, 2), "the type is signed too");
}

#[test]
fn one_good_signature_is_enough_and_the_others_are_mentioned() {
    let mut envelope = sealed(&statement());
    let foreign = Envelope::seal(&statement().to_bytes(), &key(OTHER)).signatures.remove(0);
    let broken = Signature { keyid: String::new(), sig: "%".to_owned() };
    envelope.signatures.splice(0..0, [foreign, broken]);
    let checked = check(&envelope.to_json());
    assert_eq!(wrong(&checked), []);
    assert_eq!(checked.notes, ["1 more by other keys: not checked", "1 more that no key made: not counted"]);
    envelope.signatures[2].keyid = String::new();
    assert!(check(&envelope.to_json()).is_good(), "a key is tried whatever it is called");
}

#[test]
fn statements_of_others_are_told_apart() {
    assert_eq!(of_payload("no JSON").0, FlawKind::UnknownStatement);
    let statement = String::from_utf8(statement().to_bytes()).expect("text");
    let (kind, message) = of_payload(&statement.replace("Statement/v1", "Statement/v0.1"));
    assert_eq!(kind, FlawKind::UnknownStatement);
    assert!(message.contains("is of type `https://in-toto.io/Statement/v0.1`"), "{message}");
    let (kind, message) = of_payload(&statement.replace("test-result/v0.1", "vulns/v0.1"));
    assert_eq!(kind, FlawKind::UnknownPredicate);
    assert!(message.contains("vulns/v0.1"), "{message}");
    let (kind, message) = of_payload(&statement.replace("atlaspecCertificate", "somethingElse"));
    assert_eq!((kind, message.as_str()), (FlawKind::Foreign, "this is a test result, but no certificate of atlaspec"));
    let (kind, message) = of_payload(&statement.replace("\"format\":1", "\"format\":2"));
    let later = "the certificate has format 2; this program reads format 1";
    assert_eq!((kind, message.as_str()), (FlawKind::Foreign, later));
    let (kind, message) = of_payload(&statement.replace("\"class\":\"full\"", "\"class\":\"royal\""));
    assert_eq!(kind, FlawKind::Foreign);
    assert!(message.contains("unknown variant `royal`"), "{message}");
}

#[test]
fn members_that_nobody_knows_are_ignored() {
    let statement = String::from_utf8(statement().to_bytes()).expect("text");
    let longer = statement.replace("\"class\":", "\"later\":{\"a\":1},\"class\":");
    assert_eq!(wrong(&check(&Envelope::seal(longer.as_bytes(), &key(PRIVATE)).to_json())), []);
}

#[test]
fn statements_that_contradict_themselves_are_refused() {
    use FlawKind::{Contradiction, NotConformant};
    let of = |change: fn(&mut Statement)| with(change).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(of(|it| it.subject.clear()), [Contradiction]);
    assert_eq!(of(|it| it.subject[0].digest.clear()), [Contradiction, Contradiction]);
    assert_eq!(of(|it| it.subject[0].uri = Some("https://other.example.com".to_owned())), [Contradiction]);
    assert_eq!(of(|it| it.predicate.passed_tests.truncate(1)), [Contradiction]);
    assert_eq!(of(|it| it.predicate.result = TestResult::Warned), [Contradiction]);
    assert_eq!(of(|it| it.predicate.configuration.clear()), [Contradiction, Contradiction]);
    assert_eq!(
        of(|it| it.predicate.atlaspec_certificate.validity.until = now() - TimeDelta::days(1))[0],
        Contradiction
    );
    let failed = of(|it| {
        it.predicate.result = TestResult::Failed;
        it.predicate.failed_tests = vec!["lists.walk".to_owned()];
    });
    assert_eq!(failed, [NotConformant]);
}

#[test]
fn a_certificate_holds_for_its_time_its_suite_and_its_software() {
    let text = sealed(&statement()).to_json();
    let of = |expected: Expected| {
        let checked = verify(&text, &key(PRIVATE).public(), &expected);
        assert!(checked.statement.is_some(), "what is signed is shown all the same");
        checked.flaws.into_iter().map(|flaw| flaw.message).collect::<Vec<_>>()
    };
    let (from, until) = (now(), now() + TimeDelta::days(90));
    let second = TimeDelta::seconds(1);
    assert_eq!(of(Expected { now: from - second, ..expected() }), ["it is not valid before 2026-11-23 13:00:00 UTC"]);
    assert_eq!(of(Expected { now: from, ..expected() }), [""; 0]);
    assert_eq!(of(Expected { now: until - second, ..expected() }), [""; 0]);
    assert_eq!(of(Expected { now: until, ..expected() }), ["it expired at 2027-02-21 13:00:00 UTC"]);
    let other = Expected { suites: vec![digest_of(b"another")], ..expected() };
    assert_eq!(of(other), [format!("it rests on the suite {SUITE}, which is not the one of this program")]);
    let software = Expected { artifact: Some(digest_of(b"server")), ..expected() };
    assert_eq!(of(software), ["it is about an address and names no software"]);
}

#[test]
fn software_is_compared_by_its_digest() {
    let artifact = Artifact { name: None, digest: digest_of(b"server") };
    let terms = Terms { artifact: Some(artifact), ..terms(Class::Full) };
    let statement = certify(&run(), &terms, &yardstick()).expect("it is certified");
    let of = |bytes: &[u8]| {
        let expected = Expected { artifact: Some(digest_of(bytes)), ..expected() };
        verify(&sealed(&statement).to_json(), &key(PRIVATE).public(), &expected).flaws
    };
    assert_eq!(of(b"server"), []);
    let [flaw] = of(b"another").try_into().expect("one flaw");
    assert_eq!(flaw.kind, FlawKind::OtherArtifact);
    assert_eq!(
        flaw.message,
        format!("it is about the software {}, not {}", digest_of(b"server"), digest_of(b"another"))
    );
}

/// A page of this statement, which vouches for it, and its envelope.
fn paged(statement: Statement) -> (String, Envelope) {
    let page = super::page(&statement, &key(PRIVATE).public().id());
    let envelope = sealed(&statement.with_page(page_digest(&page)));
    (carry(&page, &envelope.to_json()), envelope)
}

const OTHER_PAGE: &str = "the page is not the one that this version of atlaspec writes for the signed statement: \
                          believe nothing that it shows; check `certificate.json` instead";

#[test]
fn a_page_must_be_the_one_of_its_statement() {
    let (full, envelope) = paged(statement());
    assert_eq!(wrong(&check(&full)), []);
    let altered = [(FlawKind::AlteredPage, OTHER_PAGE)];
    for text in
        [full.replace("staging", "mine"), format!("{full}\n"), format!(" {full}"), full.replace("</h1>", "</H1>")]
    {
        assert_eq!(wrong(&check(&text)), altered, "{text}");
    }
    assert_eq!(wrong(&check(&full.replace("</script>", "</script></script>"))), altered);
    // The signer itself vouches for a page that says more than the statement.
    let page = super::page(&statement(), &key(PRIVATE).public().id()).replace("staging", "everything");
    let lied = sealed(&statement().with_page(page_digest(&page)));
    assert_eq!(wrong(&check(&carry(&page, &lied.to_json()))), altered);
    let unsigned = carry(&super::page(&statement(), &key(PRIVATE).public().id()), &sealed(&statement()).to_json());
    assert_eq!(wrong(&check(&unsigned)), altered);
    // The page names another key than the one that was checked.
    let other = carry(&super::page(&statement(), "0011aa"), &envelope.to_json());
    assert_eq!(wrong(&check(&other)), altered);
    assert_eq!(wrong(&check("<html></html>")), [(FlawKind::NoEnvelope, "this page carries no envelope")]);
    for text in ["", "[]", "{\"payload\": 1}"] {
        assert_eq!(wrong(&check(text))[0].0, FlawKind::NoEnvelope, "{text}");
    }
}

#[test]
fn an_envelope_in_a_page_is_written_as_we_write_it() {
    let (full, envelope) = paged(statement());
    let altered = "the envelope in this page is not written as `certify` writes it: it was altered";
    for (from, to) in [
        ("{\n  \"payload\"", "{\n  \"note\": \"\",\n  \"payload\""),
        ("{\n  \"payload\"", "{\n\"payload\""),
        ("\"keyid\": \"", "\"keyid\": \"\\u003c\", \"more\": \""),
    ] {
        let text = full.replacen(from, to, 1);
        assert_ne!(text, full);
        assert_eq!(wrong(&check(&text)), [(FlawKind::AlteredPage, altered)], "{to}");
    }
    // Outside a page nobody sees what nobody knows; markup is refused there, too: a browser may open any file.
    let bare = envelope.to_json().replacen("{\n", "{\n  \"note\": {\"a\": 1},\n", 1);
    assert_eq!(wrong(&check(&bare)), []);
    for text in [bare.replacen('1', "\"</SCRIPT>\"", 1), full.replacen("\"keyid\": \"", "\"keyid\": \"</script >", 1)] {
        assert_eq!(wrong(&check(&text)).first().map(|(kind, _)| *kind), Some(FlawKind::Markup), "{text}");
    }
}

#[test]
fn more_signatures_than_a_certificate_needs_are_not_checked() {
    let mut envelope = sealed(&statement());
    let copies = |count: usize| vec![envelope.signatures[0].clone(); count];
    let (most, more) = (copies(MOST_SIGNATURES), copies(MOST_SIGNATURES + 1));
    envelope.signatures = most;
    assert!(check(&envelope.to_json()).is_good());
    envelope.signatures = more;
    let message = "there are 17 signatures; at most 16 are checked";
    assert_eq!(wrong(&check(&envelope.to_json())), [(FlawKind::TooManySignatures, message)]);
}

#[test]
fn digests_are_read_in_either_case() {
    assert_eq!(parse_digest(&SUITE.to_uppercase().replace("SHA256", "sha256")), Some(SUITE.to_owned()));
    for bad in ["", "sha256:", "sha1:00", &SUITE[..70], &SUITE.replace('f', "g")] {
        assert_eq!(parse_digest(bad), None, "{bad}");
    }
}
