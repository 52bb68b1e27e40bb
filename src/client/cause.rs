//! From the errors of the libraries below to the reasons why there is no answer.

use std::error::Error;
use std::io;

use rustls::{CertificateError, OtherError};
use url::Url;

use crate::exchange::{Obstacle, TlsFault};

type Cause = dyn Error + 'static;

/// Why a pooled exchange has no answer.
pub(super) fn of_pooled(url: &Url, error: &reqwest::Error) -> Obstacle {
    let causes = chain(error);
    let reason = causes.last().map_or_else(|| "unknown cause".to_owned(), ToString::to_string);
    let url_text = url.to_string();
    if error.is_builder() {
        return Obstacle::Unsendable { reason };
    }
    if let Some(tls) = of_tls(&causes) {
        return Obstacle::Tls { url: url_text, fault: fault(tls), reason: tls.to_string() };
    }
    if error.is_connect() && error.is_timeout() {
        return Obstacle::Unreachable { url: url_text, reason: "no connection within the time for that".to_owned() };
    }
    if error.is_connect() {
        return if url.scheme() == "https" && causes.iter().any(|cause| is_hang_up(*cause)) {
            Obstacle::Tls { url: url_text, fault: TlsFault::HungUp, reason }
        } else {
            Obstacle::Unreachable { url: url_text, reason }
        };
    }
    if causes.iter().any(|cause| is_nonsense(*cause)) {
        return Obstacle::Malformed { url: url_text, reason };
    }
    Obstacle::Broken { url: url_text, reason }
}

/// Why no TLS connection came about on an open socket.
pub(super) fn of_handshake(url: &Url, error: &io::Error) -> Obstacle {
    let causes = chain(error);
    let tls = of_tls(&causes);
    Obstacle::Tls {
        url: url.to_string(),
        fault: match tls {
            Some(tls) => fault(tls),
            None if causes.iter().any(|cause| is_hang_up(*cause)) => TlsFault::HungUp,
            None => TlsFault::Other,
        },
        reason: tls.map_or_else(|| error.to_string(), ToString::to_string),
    }
}

/// What the other side says when it ends TLS, if that is what an error is about: a server that demands a certificate of the
/// client says so only after it has been greeted.
pub(super) fn alert(error: &io::Error) -> Option<(TlsFault, String)> {
    let tls = of_tls(&chain(error))?;
    matches!(tls, rustls::Error::AlertReceived(_)).then(|| (fault(tls), tls.to_string()))
}

/// What TLS says among the causes of an error.
fn of_tls<'a>(causes: &[&'a Cause]) -> Option<&'a rustls::Error> {
    causes.iter().find_map(|cause| cause.downcast_ref())
}

fn fault(error: &rustls::Error) -> TlsFault {
    use rustls::{AlertDescription as Alert, Error};
    match error {
        Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => TlsFault::NotTls,
        Error::InvalidCertificate(error) => of_certificate(error),
        Error::AlertReceived(Alert::CertificateRequired | Alert::NoCertificate | Alert::BadCertificate) => {
            TlsFault::ClientCertificate
        }
        // Servers of TLS 1.2 also refuse a client without a certificate by `handshake_failure`.
        Error::AlertReceived(
            Alert::ProtocolVersion
            | Alert::HandshakeFailure
            | Alert::InsufficientSecurity
            | Alert::InappropriateFallback,
        )
        | Error::PeerIncompatible(_) => TlsFault::NothingInCommon,
        _ => TlsFault::Other,
    }
}

fn of_certificate(error: &CertificateError) -> TlsFault {
    match error {
        CertificateError::UnknownIssuer => TlsFault::UnknownIssuer,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => TlsFault::OtherHost,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => TlsFault::NotValidNow,
        CertificateError::BadSignature => TlsFault::WrongSignature,
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => TlsFault::WeakSignature,
        CertificateError::Other(OtherError(error)) => match error.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::UnsupportedCertVersion) => TlsFault::OldCertificate,
            Some(webpki::Error::CaUsedAsEndEntity) => TlsFault::AuthorityItself,
            _ => TlsFault::Certificate,
        },
        _ => TlsFault::Certificate,
    }
}

/// An error and what it was caused by. An `io::Error` hides what it wraps from `source`.
fn chain<'a>(error: &'a Cause) -> Vec<&'a Cause> {
    let mut causes: Vec<&'a Cause> = vec![error];
    let mut current = error;
    while let Some(next) = wrapped(current).or_else(|| current.source()) {
        causes.push(next);
        current = next;
    }
    causes
}

fn wrapped(error: &Cause) -> Option<&Cause> {
    error.downcast_ref::<io::Error>()?.get_ref().map(|inner| inner as &Cause)
}

fn is_hang_up(cause: &Cause) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe))
}

fn is_nonsense(cause: &Cause) -> bool {
    let by_hyper = cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse);
    let by_framing = cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData));
    by_hyper || by_framing
}
