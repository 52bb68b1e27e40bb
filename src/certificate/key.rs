//! Ed25519 keys in the files that `openssl` makes: private ones as PKCS#8, public ones as `SubjectPublicKeyInfo`, in
//! PEM.

use std::fmt;

use data_encoding::HEXLOWER;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What stands before the 32 bytes of an Ed25519 key in its `SubjectPublicKeyInfo` (RFC 8410, section 4).
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// Bytes of an Ed25519 public key.
const PUBLIC_LENGTH: usize = 32;
/// The y coordinates of the points of small order, canonical or not: a signature for such a key is easily forged.
const WEAK: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];
/// The label of a key that a password protects; such a section is not among those that are read.
const ENCRYPTED: &str = "BEGIN ENCRYPTED PRIVATE KEY";

/// Why a file holds no key that can be used; the text says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No PEM section that is read here.
    #[error("this is no key in PEM: make one with `openssl genpkey -algorithm ed25519 -out private.pem`")]
    NoPem,
    /// A password protects it.
    #[error("the key is encrypted: decrypt it with `openssl pkey -in FILE -out private.pem`")]
    Encrypted,
    /// A public key where a private one signs.
    #[error("this is a public key; signing needs the private one that belongs to it")]
    IsPublic,
    /// A private key where a public one checks.
    #[error("this is a private key; checking needs its public key alone: `openssl pkey -in FILE -pubout`")]
    IsPrivate,
    /// A key of another algorithm, or a damaged one.
    #[error("this is no Ed25519 key, or a damaged one: make one with `openssl genpkey -algorithm ed25519`")]
    OtherAlgorithm,
    /// A public key that belongs to no private one.
    #[error("this public key is weak: anybody can forge a signature for it. Ask the signer for the key")]
    Weak,
}

/// A private key; it signs and cannot print itself.
pub struct SigningKey(Ed25519KeyPair);

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; PUBLIC_LENGTH]);

impl SigningKey {
    /// The key of a PEM text, with or without the public key in it (PKCS#8 v2 or v1).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match section(pem)? {
            (SectionKind::PrivateKey, der) => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::OtherAlgorithm)?;
                Ok(Self(pair))
            }
            (SectionKind::PublicKey, _) => Err(KeyError::IsPublic),
            (SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _) => Err(KeyError::OtherAlgorithm),
            _ => Err(KeyError::NoPem),
        }
    }

    /// The signature of a message; the same for the same message.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; PUBLIC_LENGTH];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().id())
    }
}

impl PublicKey {
    /// The key of a PEM text.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match section(pem)? {
            (SectionKind::PublicKey, der) => {
                let key = der.strip_prefix(&PUBLIC_PREFIX).and_then(|key| key.try_into().ok());
                let key = key.map(Self).ok_or(KeyError::OtherAlgorithm)?;
                if key.is_weak() { Err(KeyError::Weak) } else { Ok(key) }
            }
            (SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _) => {
                Err(KeyError::IsPrivate)
            }
            _ => Err(KeyError::NoPem),
        }
    }

    /// Whether a signature of a message was made with the private key that belongs to this one.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }

    /// Whether the key is a point of small order; the sign of x makes no difference.
    fn is_weak(&self) -> bool {
        let mut bytes = self.0;
        bytes[PUBLIC_LENGTH - 1] &= 0x7f;
        WEAK.contains(&HEXLOWER.encode(&bytes).as_str())
    }

    /// The name of the key: SHA-256 of its DER, in hexadecimal.
    pub fn id(&self) -> String {
        let digest = Sha256::new().chain_update(PUBLIC_PREFIX).chain_update(self.0).finalize();
        HEXLOWER.encode(&digest)
    }
}

/// The first section of a PEM text; its bytes are wiped when they are dropped.
fn section(pem: &str) -> Result<(SectionKind, Zeroizing<Vec<u8>>), KeyError> {
    if pem.contains(ENCRYPTED) {
        return Err(KeyError::Encrypted);
    }
    let found = <(SectionKind, Vec<u8>)>::from_pem_slice(pem.as_bytes());
    found.map(|(kind, der)| (kind, Zeroizing::new(der))).map_err(|_| KeyError::NoPem)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    /// What stands before the seed in PKCS#8 v1, as `openssl genpkey` writes it.
    const PRIVATE_PREFIX: &str = "302e020100300506032b657004220420";

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).expect("hexadecimal")
    }

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64.encode(der))
    }

    /// Secret key, public key, message and signature: RFC 8032, section 7.1, tests 1 to 3 and SHA(abc).
    const VECTORS: [[&str; 4]; 4] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b\
             be24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430\
             2aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e\
             d28dc027beceea1ec40a",
        ],
        [
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643c\
             e80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138a\
             c17ad9bef1177331a704",
        ],
    ];

    #[test]
    fn keys_sign_and_check_as_rfc_8032_prints_it() {
        for [secret, public, message, signature] in VECTORS {
            let signing = SigningKey::from_pem(&pem("PRIVATE KEY", &hex(&format!("{PRIVATE_PREFIX}{secret}"))));
            let signing = signing.expect("a private key");
            let mut der = PUBLIC_PREFIX.to_vec();
            der.extend(hex(public));
            let public = PublicKey::from_pem(&pem("PUBLIC KEY", &der)).expect("a public key");
            assert_eq!(signing.public(), public);
            assert_eq!(public.id(), HEXLOWER.encode(&Sha256::digest(&der)));
            let (message, signature) = (hex(message), hex(signature));
            assert_eq!(signing.sign(&message), signature);
            assert!(public.verifies(&message, &signature));
            assert!(!public.verifies(b"another", &signature) && !public.verifies(&message, &signature[1..]));
        }
    }

    #[test]
    fn weak_public_keys_are_refused() {
        let of = |bytes: &[u8]| PublicKey::from_pem(&pem("PUBLIC KEY", &[&PUBLIC_PREFIX, bytes].concat()));
        for weak in WEAK {
            let mut bytes = hex(weak);
            assert_eq!(of(&bytes), Err(KeyError::Weak), "{weak}");
            bytes[31] |= 0x80;
            assert_eq!(of(&bytes), Err(KeyError::Weak), "{weak} with the sign of x");
        }
        // For the neutral element the base point and the factor 1 are a signature of every message.
        let neutral = PublicKey(hex(WEAK[1]).try_into().expect("32 bytes"));
        let base_and_one = hex(&format!("58{}01{}", "66".repeat(31), "00".repeat(31)));
        assert!(neutral.verifies(b"whatever", &base_and_one) && neutral.verifies(b"something else", &base_and_one));
    }

    #[test]
    fn what_is_no_such_key_is_named() {
        let private = |der: &[u8]| SigningKey::from_pem(&pem("PRIVATE KEY", der)).err();
        let public = |der: &[u8]| PublicKey::from_pem(&pem("PUBLIC KEY", der)).err();
        let good = hex(&format!("{PRIVATE_PREFIX}{}", VECTORS[0][0]));
        assert_eq!(private(&good[..47]), Some(KeyError::OtherAlgorithm));
        assert_eq!(public(&PUBLIC_PREFIX), Some(KeyError::OtherAlgorithm));
        let of_sign = |pem: &str| SigningKey::from_pem(pem).err();
        let of_check = |pem: &str| PublicKey::from_pem(pem).err();
        assert_eq!(of_sign(&pem("PUBLIC KEY", &good)), Some(KeyError::IsPublic));
        assert_eq!(of_check(&pem("PRIVATE KEY", &good)), Some(KeyError::IsPrivate));
        assert_eq!(of_sign(&pem("EC PRIVATE KEY", &good)), Some(KeyError::OtherAlgorithm));
        for text in ["", "d75a980182b1", "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n"] {
            assert_eq!((of_sign(text), of_check(text)), (Some(KeyError::NoPem), Some(KeyError::NoPem)), "{text}");
        }
        assert_eq!(of_sign(&pem("CERTIFICATE", &good)), Some(KeyError::NoPem));
        assert_eq!(of_sign(&pem("ENCRYPTED PRIVATE KEY", &good)), Some(KeyError::Encrypted));
    }

    #[test]
    fn a_private_key_does_not_print_itself() {
        let key = SigningKey::from_pem(&pem("PRIVATE KEY", &hex(&format!("{PRIVATE_PREFIX}{}", VECTORS[0][0]))));
        let shown = format!("{:?}", key.expect("a private key"));
        assert!(shown.starts_with("SigningKey(") && !shown.contains(VECTORS[0][0]), "{shown}");
    }
}
