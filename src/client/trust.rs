//! Whose certificates are taken: the target file's authorities, the system's, or anyone's.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::ClientError;
use crate::target::Tls;

/// The TLS configuration of all connections to a target.
pub(super) fn configuration(tls: &Tls) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trust = if tls.insecure { Trust::Anyone } else { Trust::Authorities(Authorities::new(tls, &provider)?) };
    let verifier = Arc::new(Verifier { trust, provider: provider.clone() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Tls(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

#[derive(Debug)]
enum Trust {
    Anyone,
    Authorities(Authorities),
}

/// The system's authorities are read when the target's own do not vouch for a certificate: reading them takes time.
#[derive(Debug)]
struct Authorities {
    own: Option<Arc<WebPkiServerVerifier>>,
    system: OnceLock<Option<Arc<WebPkiServerVerifier>>>,
}

impl Authorities {
    fn new(tls: &Tls, provider: &Arc<CryptoProvider>) -> Result<Self, ClientError> {
        let own = match &tls.ca {
            Some(pem) => {
                Some(verifier(roots(pem)?, provider).map_err(|error| ClientError::Authority(error.to_string()))?)
            }
            None => None,
        };
        Ok(Self { own, system: OnceLock::new() })
    }

    fn system(&self, provider: &Arc<CryptoProvider>) -> Option<&Arc<WebPkiServerVerifier>> {
        let load = || {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            verifier(roots, provider).ok()
        };
        self.system.get_or_init(load).as_ref()
    }

    fn verify(&self, provider: &Arc<CryptoProvider>, check: impl Fn(&WebPkiServerVerifier) -> Verified) -> Verified {
        let unknown = Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let by_own = self.own.as_ref().map_or(Err(unknown.clone()), |own| check(own));
        let Err(by_own) = by_own else {
            return by_own;
        };
        match self.system(provider).map_or(Err(unknown.clone()), |system| check(system)) {
            // Whoever knows the issuer says best what else is wrong.
            Err(_) if by_own != unknown => Err(by_own),
            by_system => by_system,
        }
    }
}

type Verified = Result<ServerCertVerified, Error>;

fn roots(pem: &str) -> Result<RootCertStore, ClientError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| ClientError::Authority(error.to_string()))?;
        roots.add(certificate).map_err(|error| ClientError::Authority(error.to_string()))?;
    }
    Ok(roots)
}

fn verifier(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, rustls::client::VerifierBuilderError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Verified {
        match &self.trust {
            Trust::Anyone => Ok(ServerCertVerified::assertion()),
            Trust::Authorities(authorities) => authorities.verify(&self.provider, |verifier| {
                verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
