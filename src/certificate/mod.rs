//! Certificates: that a target conforms, in words that others can check without us.
//!
//! The doors: [`certify`] makes a [`Statement`] of a run or says what stands against it, [`Envelope::seal`] signs it,
//! [`verify`] checks one with a public key alone. Nothing here reads a file or a clock; `docs/certificate.md` says how
//! the same is checked with `openssl`.

mod carrier;
mod coherence;
mod envelope;
mod grounds;
mod issue;
mod key;
mod refusal;
#[cfg(test)]
pub(crate) mod sample;
mod statement;
#[cfg(test)]
mod tests;
mod verify;

pub use carrier::{SLOT, carry, page_digest};
pub use envelope::{Envelope, PAYLOAD_TYPE, Signature};
pub use grounds::{EvidenceDemand, Yardstick};
pub use issue::{Artifact, Terms, certify};
pub use key::{KeyError, PublicKey, SigningKey};
pub use refusal::Refusal;
pub use statement::*;
pub use verify::{Checked, Expected, Flaw, FlawKind, MOST_SIGNATURES, verify};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// What stands before a digest in our texts.
const SHA256: &str = "sha256:";

/// `sha256:` and the digest of these bytes in hexadecimal.
pub fn digest_of(bytes: &[u8]) -> String {
    format!("{SHA256}{}", HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// The digest that a text names, `sha256:` and 64 hexadecimal digits, in the spelling of [`digest_of`]; or `None`.
pub fn parse_digest(text: &str) -> Option<String> {
    let digits = text.strip_prefix(SHA256)?.to_ascii_lowercase();
    (digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| format!("{SHA256}{digits}"))
}

/// The digits alone.
fn hexadecimal(digest: &str) -> &str {
    digest.strip_prefix(SHA256).unwrap_or(digest)
}
