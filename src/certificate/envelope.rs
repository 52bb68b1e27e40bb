//! The DSSE envelope: a payload, its type, and signatures of both.

use data_encoding::{BASE64, BASE64URL};
use serde::{Deserialize, Serialize};

use super::key::{PublicKey, SigningKey};

/// What the payload of a certificate's envelope is.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A signed payload. Members that DSSE does not name are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// The payload in Base64.
    pub payload: String,
    /// What the payload is.
    pub payload_type: String,
    /// Who signed.
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// A hint at the key; nobody vouches for it.
    #[serde(default)]
    pub keyid: String,
    /// The signature in Base64.
    pub sig: String,
}

impl Envelope {
    /// A payload in its envelope, signed.
    pub fn seal(payload: &[u8], key: &SigningKey) -> Self {
        let signature = key.sign(&pae(PAYLOAD_TYPE.as_bytes(), payload));
        Self {
            payload: BASE64.encode(payload),
            payload_type: PAYLOAD_TYPE.to_owned(),
            signatures: vec![Signature { keyid: key.public().id(), sig: BASE64.encode(&signature) }],
        }
    }

    /// The envelope as it stands in a file: a member a line, so that `sed` can read it.
    #[expect(clippy::missing_panics_doc, reason = "it cannot fail")]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings are JSON")
    }

    /// The payload, or `None` where it is no Base64.
    pub fn payload(&self) -> Option<Vec<u8>> {
        base64(&self.payload)
    }

    /// Whether a signature of this envelope is one of its type and payload by a key; `None` where it is no Base64.
    pub fn is_signed(&self, payload: &[u8], signature: &Signature, key: &PublicKey) -> Option<bool> {
        let signed = pae(self.payload_type.as_bytes(), payload);
        base64(&signature.sig).map(|signature| key.verifies(&signed, &signature))
    }
}

/// DSSE allows either alphabet and demands that both be read.
fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).or_else(|_| BASE64URL.decode(text.as_bytes())).ok()
}

/// What is signed: the type and the payload with their lengths (DSSE's pre-authentication encoding).
fn pae(payload_type: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut signed = format!("DSSEv1 {} ", payload_type.len()).into_bytes();
    signed.extend_from_slice(payload_type);
    signed.extend_from_slice(format!(" {} ", payload.len()).as_bytes());
    signed.extend_from_slice(payload);
    signed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_as_the_protocol_of_dsse_prints_it() {
        let signed = pae(b"http://example.com/HelloWorld", b"hello world");
        assert_eq!(signed, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assert_eq!(pae("ä".as_bytes(), b""), "DSSEv1 2 ä 0 ".as_bytes());
    }

    #[test]
    fn the_printed_envelope_is_read() {
        let printed = r#"{"payload": "aGVsbG8gd29ybGQ=",
 "payloadType": "http://example.com/HelloWorld",
 "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}"#;
        let envelope: Envelope = serde_json::from_str(printed).expect("an envelope");
        assert_eq!(envelope.payload().as_deref(), Some(&b"hello world"[..]));
        assert_eq!((envelope.signatures[0].keyid.as_str(), envelope.signatures.len()), ("", 1));
    }

    #[test]
    fn either_alphabet_of_base64_is_read_and_nothing_else() {
        assert_eq!(base64("+/8="), base64("-_8="));
        assert_eq!(base64("+/8="), Some(vec![0xfb, 0xff]));
        for bad in ["+_8=", "+/8", "!", "+/9="] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }
}
