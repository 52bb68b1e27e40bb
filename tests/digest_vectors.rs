//! Digest against the vectors that RFCs and other implementations print.

use atlaspec::digest::answer::{FirstNonces, NameForm, Offer, Qop, Signing, ha1, ha2, strongest, userhash};
use atlaspec::digest::hash::Algorithm;
use atlaspec::digest::params::{authorization, challenges};

const NC1: u32 = 1;

struct Vector {
    challenge: &'static str,
    username: &'static str,
    key: &'static str,
    uri: &'static str,
    cnonce: &'static str,
    response: &'static str,
}

impl Vector {
    fn answer(&self) -> String {
        let offer = strongest(&challenges([self.challenge])).expect("the printed challenge can be answered");
        signing(&offer, self.username, self.key, self.uri, self.cnonce).credentials().to_string()
    }

    fn check(&self) {
        let read = authorization(&self.answer());
        assert_eq!(read.get("response"), Some(self.response), "{}", self.challenge);
        assert_eq!(read.get("cnonce"), Some(self.cnonce));
        assert_eq!(read.get("nc"), Some("00000001"));
        assert_eq!(read.get("uri"), Some(self.uri));
        let offered = &challenges([self.challenge])[0];
        for echoed in ["realm", "nonce", "opaque", "algorithm"] {
            assert_eq!(read.get(echoed), offered.get(echoed), "{echoed}");
        }
    }
}

fn signing<'a>(offer: &'a Offer, username: &'a str, key: &'a str, uri: &'a str, cnonce: &'a str) -> Signing<'a> {
    let first = FirstNonces { nonce: &offer.nonce, cnonce };
    Signing { offer, username, key, method: "GET", uri, body: b"", count: NC1, cnonce, first }
}

#[test]
fn rfc_2617_section_3_5() {
    Vector {
        challenge: r#"Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#,
        username: "Mufasa",
        key: "Circle Of Life",
        uri: "/dir/index.html",
        cnonce: "0a4f113b",
        response: "6629fae49393a05397450978507c4ef1",
    }
    .check();
    let key = ha1(Algorithm::Md5, "Mufasa", "testrealm@host.com", "Circle Of Life", "", "");
    assert_eq!(key, "939e7578ed9e3c518a452acee763bce9");
    assert_eq!(ha2(Algorithm::Md5, "GET", "/dir/index.html", Qop::Auth, b""), "39aff3a2bab6126f332b942af96d3366");
}

/// The same challenge in both algorithms; the key as corrected by erratum 4495.
#[test]
fn rfc_7616_section_3_9_1() {
    let with = |challenge, response| {
        Vector {
            challenge,
            username: "Mufasa",
            key: "Circle of Life",
            uri: "/dir/index.html",
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            response,
        }
        .check();
    };
    with(
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
        "8ca523f5e9506fed4657c9700eebdbec",
    );
    with(
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    );
}

/// The RFC prints SHA-512 cut to 256 bits; erratum 4897 has the values of SHA-512/256, which the name means.
#[test]
fn rfc_7616_section_3_9_2_as_erratum_4897_corrects_it() {
    let challenge = r#"Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true"#;
    let vector = Vector {
        challenge,
        username: "J\u{e4}s\u{f8}n Doe",
        key: "Secret, or not?",
        uri: "/doe.json",
        cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
        response: "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
    };
    vector.check();
    let read = authorization(&vector.answer());
    let hashed = "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b";
    assert_eq!((read.get("username"), read.get("userhash")), (Some(hashed), Some("true")));

    let printed = "488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec";
    let ours = userhash(Algorithm::Sha512_256, vector.username, "api@example.org");
    assert_ne!(ours, printed);
    // What is printed is the other hash, not another input.
    assert_eq!(sha512_cut(format!("{}:api@example.org", vector.username).as_bytes()), printed);
}

fn sha512_cut(bytes: &[u8]) -> String {
    use sha2::Digest;
    data_encoding::HEXLOWER.encode(&sha2::Sha512::digest(bytes)[..32])
}

#[test]
fn the_challenge_of_the_api_as_another_implementation_answers_it() {
    Vector {
        challenge: r#"Digest realm="MMS Public API", domain="", nonce="SlgYP7Tv3FS/BuCj/x4WQRIV1bNKdpJg", algorithm=MD5, qop="auth", stale=false"#,
        username: "pub",
        key: "priv",
        uri: "/api/atlas/v1.0/groups?pageNum=1",
        cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        response: "7b8f0ae59bc1e5845fea1e745a45ebc1",
    }
    .check();
}

#[test]
fn expressions_written_out_by_hand() {
    for algorithm in Algorithm::ALL {
        let hash = |text: &str| algorithm.hash(text.as_bytes());
        let plain = hash("u:r:k");
        let key = if algorithm.name().ends_with("-sess") { hash(&format!("{plain}:n:c")) } else { plain };
        let bound = hash(&format!("GET:/x:{}", hash("body")));
        let name = algorithm.name();
        let text = format!(r#"Digest realm="r", nonce="n", qop="auth-int", algorithm={name}"#);
        let offer = strongest(&challenges([text.as_str()])).unwrap();
        let signing = Signing { body: b"body", ..signing(&offer, "u", "k", "/x", "c") };
        assert_eq!(signing.credentials().response, hash(&format!("{key}:n:00000001:c:auth-int:{bound}")), "{name}");

        let old = format!(r#"Digest realm="r", nonce="n", algorithm={name}"#);
        let offer = strongest(&challenges([old.as_str()])).unwrap();
        let credentials = Signing { offer: &offer, ..signing }.credentials();
        assert_eq!(credentials.response, hash(&format!("{key}:n:{}", hash("GET:/x"))), "{name} without qop");
        let shown = authorization(&credentials.to_string());
        assert_eq!((shown.get("qop"), shown.get("nc")), (None, None), "{name}");
        assert_eq!(shown.get("cnonce"), algorithm.is_session().then_some("c"), "{name}");
    }
}

#[test]
fn the_strongest_known_challenge_is_answered_and_the_first_of_equals() {
    let chosen = |lines: &[&str]| strongest(&challenges(lines.iter().copied())).map(|offer| offer.nonce);
    let all = [
        r#"Basic realm="r", Digest realm="r", nonce="md5", algorithm=MD5"#,
        r#"Digest realm="r", nonce="sha512", algorithm=SHA-512"#,
        r#"Digest realm="r", nonce="first", algorithm=sha-256"#,
        r#"Digest realm="r", nonce="second", algorithm=SHA-256-sess"#,
    ];
    assert_eq!(chosen(&all).as_deref(), Some("first"));
    let strong = r#"Digest realm="r", nonce="best", algorithm=SHA-512-256"#;
    assert_eq!(chosen(&[all[0], strong, all[2]]).as_deref(), Some("best"));
    assert_eq!(chosen(&all[..1]).as_deref(), Some("md5"));
    for unanswerable in [
        r#"Digest realm="r", nonce="n", algorithm=SHA-1"#,
        r#"Digest realm="r", nonce="n", qop="auth-conf""#,
        r#"Digest realm="r""#,
        "Basic realm=\"r\"",
        "",
    ] {
        assert_eq!(chosen(&[unanswerable]), None, "{unanswerable}");
    }
}

#[test]
fn a_name_outside_ascii_is_sent_percent_encoded_and_quotes_are_escaped() {
    let offer = Offer { realm: r#"a "b" \"#.to_owned(), nonce: "n".to_owned(), ..Offer::default() };
    let shown = signing(&offer, "J\u{e4}s\u{f8}n Doe", "k", "/", "c").credentials().to_string();
    assert!(
        shown.starts_with(r#"Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm="a \"b\" \\", nonce="n""#),
        "{shown}"
    );
    assert_eq!(authorization(&shown).get("realm"), Some(r#"a "b" \"#));
    assert_eq!(offer.username, NameForm::Plain);
}
