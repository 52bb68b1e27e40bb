//! Whose certificates are taken: the target file's authorities, the system's, or anyone's.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use secrecy::ExposeSecret;

use super::ClientError;
use crate::target::Tls;

/// The TLS configuration of all connections to a target.
pub(super) fn configuration(tls: &Tls) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trust = if tls.insecure { Trust::Anyone } else { Trust::Authorities(Authorities::new(tls, &provider)?) };
    let verifier = Arc::new(Verifier { trust, provider: provider.clone() });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Tls(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &tls.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let unusable = |error: &dyn std::fmt::Display| ClientError::Identity(error.to_string());
            let chain = certificates(&identity.certificate).map_err(|error| unusable(&error))?;
            let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret().as_bytes())
                .map_err(|_| unusable(&"its key is no PEM private key"))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| unusable(&error))?
        }
    };
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
    named: Vec<CertificateDer<'static>>,
    own: Option<Arc<WebPkiServerVerifier>>,
    system: OnceLock<Option<Arc<WebPkiServerVerifier>>>,
}

impl Authorities {
    fn new(tls: &Tls, provider: &Arc<CryptoProvider>) -> Result<Self, ClientError> {
        let unusable = |error: &dyn std::fmt::Display| ClientError::Authority(error.to_string());
        let named = match &tls.ca {
            Some(pem) => certificates(pem).map_err(|error| unusable(&error))?,
            None => Vec::new(),
        };
        let own = match &tls.ca {
            Some(_) => {
                let roots = roots(&named).map_err(|error| unusable(&error))?;
                Some(verifier(roots, provider).map_err(|error| unusable(&error))?)
            }
            None => None,
        };
        Ok(Self { named, own, system: OnceLock::new() })
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

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect()
}

fn roots(named: &[CertificateDer<'static>]) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in named {
        roots.add(certificate.clone())?;
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
            Trust::Authorities(authorities) => {
                let verified = authorities.verify(&self.provider, |verifier| {
                    verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                });
                match verified {
                    // Self-signed certificates are marked as authorities by the tools that make them, and refused for
                    // that once their dates have been checked. The target file names this very one.
                    Err(Error::InvalidCertificate(CertificateError::Other(_)))
                        if authorities.named.contains(end_entity) =>
                    {
                        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                        Ok(ServerCertVerified::assertion())
                    }
                    verified => verified,
                }
            }
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
