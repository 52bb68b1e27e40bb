//! The parser of challenges and credentials against what is seen on the wire, and against hostile headers.

use atlaspec::digest::params::{Challenge, authorization, challenges, info};

#[test]
fn every_known_form_of_authorization_is_taken() {
    let forms = [
        r#"Digest username="u", realm="r", nonce="n,=", uri="/a?b=c,d", response="0", qop="auth", nc="00000001", cnonce="c", algorithm="MD5""#,
        r#"Digest username="u",realm="r",nonce="n,=",uri="/a?b=c,d",response="0",qop=auth,nc=1,cnonce="c",algorithm=MD5"#,
        r#"digest username="u", realm="r", nonce="n,=", uri="/a?b=c,d", response="0", qop=auth, nc=00000001, cnonce="YQ==""#,
    ];
    for form in forms {
        let read = authorization(form);
        assert!(read.is("Digest"), "{form}");
        assert_eq!(read.problems, Vec::<String>::new(), "{form}");
        assert_eq!(read.get("nonce"), Some("n,="), "{form}");
        assert_eq!(read.get("uri"), Some("/a?b=c,d"), "{form}");
        assert_eq!(read.get("qop"), Some("auth"), "{form}");
    }
    let basic = authorization("Basic dXNlcjprZXk=");
    assert_eq!((basic.scheme.as_str(), basic.token68.as_deref()), ("Basic", Some("dXNlcjprZXk=")));
    assert_eq!(authorization(""), Challenge::default());
    assert_eq!(authorization(r#"Digest nonce="a", nonce="b""#).problems, ["`nonce` is given twice"]);
    assert_eq!(authorization("Basic YQ==, Digest nonce=\"a\"").problems, ["more than one scheme is given"]);
}

#[test]
fn authentication_info_is_a_list_without_a_scheme() {
    let found = info(r#"rspauth="0a", cnonce="c", nc=00000001, qop=auth, nextnonce="next==""#);
    let next = found.iter().find(|param| param.name == "nextnonce").map(|param| param.value.as_str());
    assert_eq!((found.len(), next), (5, Some("next==")));
    assert_eq!(info("@@ nonsense"), Vec::new());
}

/// Each of these took far longer than the test's patience if the parser looked back or ahead without bound.
#[test]
fn hostile_headers_are_read_in_linear_time() {
    let many: String = (0..10_000).map(|number: u32| number.to_string() + "=v, ").collect();
    assert_eq!(challenges([format!("Digest {many}").as_str()])[0].params.len(), 10_000);
    let same = "a=b, ".repeat(10_000);
    assert_eq!(challenges([format!("Digest {same}").as_str()])[0].problems.len(), 16);
    let long = "n".repeat(1 << 20);
    assert_eq!(challenges([format!("Digest nonce=\"{long}\"").as_str()])[0].get("nonce"), Some(long.as_str()));
    for flood in ["a ", "\\\"", "= ", "\"", "@,", ",", "Digest ", "a=\"", "a= "] {
        let value = format!("Digest {}", flood.repeat(1 << 18));
        assert!(challenges([value.as_str()]).len() <= 1 << 19, "{flood}");
    }
}
