//! Why there is no answer: the same reason on pooled and on raw connections.

use std::sync::Arc;
use std::time::Duration;

use atlaspec::client::{Client, ClientError, Sent};
use atlaspec::clock::Clock;
use atlaspec::exchange::{Obstacle, Request, TlsFault};
use atlaspec::target::Tls;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::net::TcpListener;
use url::Url;

use super::server::{Reply, Server, answered, by_owner, ok, raw, target, worker_for};

/// Sends a GET both ways.
async fn both(url: &Url, tls: Tls, timeout: Duration) -> [Sent; 2] {
    let mut target = target(url);
    (target.tls, target.timeout) = (tls, timeout);
    let mut worker = worker_for(&target);
    let request = Request::new("GET", url.clone());
    [worker.send(request.clone()).await, worker.send(raw(request)).await]
}

const PATIENT: Duration = Duration::from_secs(10);

async fn obstacles(reply: impl Fn() -> Reply + Send + 'static, timeout: Duration) -> [Obstacle; 2] {
    let server = Server::start(move |_| reply()).await;
    both(&server.url, Tls::default(), timeout).await.map(|sent| sent.obstacle.expect("an obstacle"))
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    for sent in both(&url, Tls::default(), PATIENT).await {
        let Some(Obstacle::Unreachable { reason, url: asked }) = sent.obstacle else {
            panic!("{sent:?}");
        };
        assert!(reason.contains("refused"), "{reason}");
        assert_eq!(asked, url.to_string());
    }
}

#[tokio::test]
async fn the_connection_ends_too_early() {
    for answer in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"] {
        for obstacle in obstacles(move || Reply::Close(answer.as_bytes().to_vec()), PATIENT).await {
            assert!(matches!(obstacle, Obstacle::Broken { .. }), "{answer:?}: {obstacle:?}");
        }
    }
}

#[tokio::test]
async fn the_connection_is_reset() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.readable().await.unwrap();
            stream.set_zero_linger().unwrap();
        }
    });
    for sent in both(&url, Tls::default(), PATIENT).await {
        assert!(matches!(sent.obstacle, Some(Obstacle::Broken { .. })), "{sent:?}");
    }
}

#[tokio::test]
async fn the_answer_is_no_http() {
    for answer in [
        "HTTP/1.1 abc\r\n\r\n",
        "220 mail.example.org ESMTP\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        for obstacle in obstacles(move || Reply::Close(answer.as_bytes().to_vec()), PATIENT).await {
            assert!(matches!(obstacle, Obstacle::Malformed { .. }), "{answer:?}: {obstacle:?}");
        }
    }
}

/// What states the length of the body twice, or ends a line by LF alone, is read alike; the suite judges it.
#[tokio::test]
async fn odd_framing_is_read_alike_on_both_connections() {
    for (answer, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "{}"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}", "{}"),
        ("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", "{}"),
    ] {
        let server = Server::start(move |_| Reply::Close(answer.as_bytes().to_vec())).await;
        let [pooled, raw] = both(&server.url, Tls::default(), PATIENT).await;
        let (pooled, raw) = (answered(&pooled), answered(&raw));
        assert_eq!((pooled.status, String::from_utf8_lossy(&pooled.body).as_ref()), (200, body), "{answer:?}");
        assert_eq!((raw.status, &raw.body, &raw.headers), (200, &pooled.body, &pooled.headers), "{answer:?}");
    }
}

#[tokio::test]
async fn the_answer_takes_too_long() {
    let short = Duration::from_millis(200);
    for answer in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"] {
        for obstacle in obstacles(move || Reply::Stall(answer.as_bytes().to_vec()), short).await {
            assert!(matches!(obstacle, Obstacle::TimedOut { after, .. } if after == short), "{answer:?}: {obstacle:?}");
        }
    }
}

#[tokio::test]
async fn a_slow_drip_does_not_stretch_the_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut beat = tokio::time::interval(Duration::from_millis(20));
                let mut letters =
                    b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".iter().chain(std::iter::repeat(&b'x'));
                loop {
                    beat.tick().await;
                    stream.writable().await.unwrap();
                    if stream.try_write(&[*letters.next().unwrap()]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    for sent in both(&url, Tls::default(), Duration::from_millis(400)).await {
        assert!(matches!(sent.obstacle, Some(Obstacle::TimedOut { .. })), "{sent:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"] {
        let server = Server::start(move |_| Reply::Endless(head.as_bytes().to_vec(), vec![b'x'; 1 << 20])).await;
        for sent in both(&server.url, Tls::default(), Duration::from_mins(1)).await {
            let response = answered(&sent);
            assert_eq!((response.cut, response.body.len()), (true, 2 << 20));
        }
    }
}

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A server's configuration with a certificate for this name.
    fn server(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        Self::configuration(&leaf, &key)
    }

    fn configuration(leaf: &Certificate, key: &KeyPair) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], private)
            .unwrap();
        Arc::new(config)
    }

    fn trusted(&self) -> Tls {
        Tls { ca: Some(self.pem.clone()), insecure: false, ..Tls::default() }
    }
}

#[tokio::test]
async fn certificates_are_taken_from_whom_the_target_file_trusts() {
    let authority = Authority::new("ours");
    let server = Server::start_tls(authority.server("127.0.0.1"), |_| ok("{}")).await;
    for tls in [authority.trusted(), Tls { insecure: true, ..Tls::default() }] {
        for sent in both(&server.url, tls, PATIENT).await {
            assert_eq!(answered(&sent).status, 200);
        }
    }
    let count = server.seen().len();
    for tls in [Tls::default(), Authority::new("another").trusted()] {
        for sent in both(&server.url, tls, PATIENT).await {
            let Some(Obstacle::Tls { reason, .. }) = sent.obstacle else {
                panic!("{sent:?}");
            };
            assert_eq!(reason, "invalid peer certificate: UnknownIssuer");
        }
    }
    assert_eq!(server.seen().len(), count, "nothing was sent without trust");
}

/// A certificate for this name that is its own authority, as `openssl req -x509` makes it, and good until that year.
fn own_authority(name: &str, until: i32) -> (Arc<ServerConfig>, Tls) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = date_time_ymd(until, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let tls = Tls { ca: Some(certificate.pem()), insecure: false, ..Tls::default() };
    (Authority::configuration(&certificate, &key), tls)
}

/// A server's configuration that demands a certificate of the client from this authority.
fn demanding(authority: &Authority) -> Arc<ServerConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
    let key = KeyPair::generate().unwrap();
    let leaf =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority.issuer).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    Arc::new(config)
}

#[tokio::test]
async fn each_kind_of_refusal_of_tls_is_told() {
    let ours = Authority::new("ours");
    let same_name = Authority::new("ours");
    let (own, of_own) = own_authority("127.0.0.1", 2001);
    for (configuration, tls, expected) in [
        (ours.server("127.0.0.1"), Tls::default(), TlsFault::UnknownIssuer),
        (ours.server("127.0.0.1"), same_name.trusted(), TlsFault::WrongSignature),
        (ours.server("example.org"), ours.trusted(), TlsFault::OtherHost),
        (own, of_own, TlsFault::NotValidNow),
        (demanding(&ours), ours.trusted(), TlsFault::ClientCertificate),
    ] {
        let server = Server::start_tls(configuration, |_| ok("{}")).await;
        for sent in both(&server.url, tls, PATIENT).await {
            let Some(Obstacle::Tls { fault, reason, .. }) = sent.obstacle else { panic!("{expected:?}: {sent:?}") };
            assert_eq!(fault, expected, "{reason}");
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_its_own_authority_is_taken_if_the_target_file_names_it() {
    let (configuration, tls) = own_authority("127.0.0.1", 4000);
    let server = Server::start_tls(configuration, |_| ok("{}")).await;
    for sent in both(&server.url, tls, PATIENT).await {
        assert_eq!(answered(&sent).status, 200);
    }
    for tls in [Tls::default(), own_authority("127.0.0.1", 4000).1] {
        for sent in both(&server.url, tls, PATIENT).await {
            assert!(matches!(sent.obstacle, Some(Obstacle::Tls { .. })), "{sent:?}");
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_its_own_authority_must_be_for_the_name_and_the_day() {
    for (name, until, expected) in
        [("example.org", 4000, "certificate not valid for name"), ("127.0.0.1", 2001, "certificate expired")]
    {
        let (configuration, tls) = own_authority(name, until);
        let server = Server::start_tls(configuration, |_| ok("{}")).await;
        for sent in both(&server.url, tls, PATIENT).await {
            let Some(Obstacle::Tls { reason, .. }) = sent.obstacle else {
                panic!("{sent:?}");
            };
            assert!(reason.contains(expected), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new("ours");
    let server = Server::start_tls(authority.server("example.org"), |_| ok("{}")).await;
    for sent in both(&server.url, authority.trusted(), PATIENT).await {
        let Some(Obstacle::Tls { reason, .. }) = sent.obstacle else {
            panic!("{sent:?}");
        };
        assert!(reason.starts_with("invalid peer certificate: certificate not valid for name"), "{reason}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_no_tls_server() {
    let server = Server::start(|_| Reply::Close(Vec::new())).await;
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut closing = server.url.clone();
    closing.set_scheme("https").unwrap();
    closing.set_port(Some(plain.local_addr().unwrap().port())).unwrap();
    tokio::spawn(async move { while plain.accept().await.is_ok() {} });
    for sent in both(&closing, Tls::default(), PATIENT).await {
        assert!(matches!(sent.obstacle, Some(Obstacle::Tls { fault: TlsFault::HungUp, .. })), "{sent:?}");
    }
}

#[tokio::test]
async fn obstacles_hold_no_key() {
    let server = Server::start(|_| Reply::Close(Vec::new())).await;
    let sent = worker_for(&target(&server.url)).send(by_owner("GET", server.url.clone())).await;
    assert!(!format!("{sent:?}").contains(super::server::KEY));
    assert!(!sent.obstacle.unwrap().to_string().contains(super::server::KEY));
}

#[test]
fn an_authority_that_is_none_is_an_error_of_the_target_file() {
    let mut target = target(&"https://127.0.0.1:1/".parse().unwrap());
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        target.tls.ca = Some(text.to_owned());
        assert!(matches!(Client::new(&target, Clock::real()), Err(ClientError::Authority(_))), "{text:?}");
    }
}
