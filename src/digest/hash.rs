//! The hash algorithms of RFC 7616.

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};
use sha2::{Sha256, Sha512_256};

/// A Digest algorithm. A session algorithm (`-sess`) mixes the first nonces into the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `MD5`, also meant where a challenge names none.
    #[default]
    Md5,
    /// `MD5-sess`.
    Md5Sess,
    /// `SHA-256`.
    Sha256,
    /// `SHA-256-sess`.
    Sha256Sess,
    /// `SHA-512-256`: SHA-512/256 of FIPS 180-4, not SHA-512 cut short.
    Sha512_256,
    /// `SHA-512-256-sess`.
    Sha512_256Sess,
}

impl Algorithm {
    /// All algorithms, the weakest first.
    pub const ALL: [Self; 6] =
        [Self::Md5, Self::Md5Sess, Self::Sha256, Self::Sha256Sess, Self::Sha512_256, Self::Sha512_256Sess];

    /// The algorithm of this name, whatever its case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The name, as RFC 7616 writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Md5Sess => "MD5-sess",
            Self::Sha256 => "SHA-256",
            Self::Sha256Sess => "SHA-256-sess",
            Self::Sha512_256 => "SHA-512-256",
            Self::Sha512_256Sess => "SHA-512-256-sess",
        }
    }

    /// Whether it is a session algorithm.
    pub fn is_session(self) -> bool {
        matches!(self, Self::Md5Sess | Self::Sha256Sess | Self::Sha512_256Sess)
    }

    /// The hash of some bytes, in lower-case hexadecimal.
    pub fn hash(self, bytes: &[u8]) -> String {
        match self {
            Self::Md5 | Self::Md5Sess => HEXLOWER.encode(&Md5::digest(bytes)),
            Self::Sha256 | Self::Sha256Sess => HEXLOWER.encode(&Sha256::digest(bytes)),
            Self::Sha512_256 | Self::Sha512_256Sess => HEXLOWER.encode(&Sha512_256::digest(bytes)),
        }
    }

    /// How strong the hash is: session algorithms are as strong as their plain ones.
    pub(super) fn strength(self) -> u8 {
        match self {
            Self::Md5 | Self::Md5Sess => 0,
            Self::Sha256 | Self::Sha256Sess => 1,
            Self::Sha512_256 | Self::Sha512_256Sess => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1321 and FIPS 180-4 print these hashes of `abc`.
    #[test]
    fn hashes_of_abc_are_the_published_ones() {
        let published = [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Algorithm::Sha512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        ];
        for (algorithm, hash) in published {
            assert_eq!(algorithm.hash(b"abc"), hash, "{}", algorithm.name());
        }
    }

    #[test]
    fn names_are_read_in_any_case_and_unknown_ones_are_none() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_name(&algorithm.name().to_lowercase()), Some(algorithm));
            assert_eq!(algorithm.is_session(), algorithm.name().ends_with("-sess"));
        }
        for unknown in ["", "SHA", "SHA-512", "MD5-", "SHA-256-session"] {
            assert_eq!(Algorithm::from_name(unknown), None, "{unknown}");
        }
    }
}
