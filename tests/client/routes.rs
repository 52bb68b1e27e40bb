//! What the target file says about the way to a target shows on the wire: header lines, proxies, our certificate, and
//! the time until a connection is there.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use atlaspec::client::{Client, ClientError};
use atlaspec::clock::Clock;
use atlaspec::exchange::{Obstacle, Request};
use atlaspec::target::{Header, HeaderText, Identity, Proxy, Target, Tls};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::server::{Server, answered, by_owner, ok, raw, target, worker_for};

fn with_headers(server: &Url) -> Target {
    let open = |name: &str, value: &str| Header { name: name.to_owned(), value: HeaderText::Open(value.to_owned()) };
    let secret = Header { name: "x-gateway".to_owned(), value: HeaderText::Secret("pass-7".into()) };
    Target { headers: vec![open("x-environment", "staging"), open("accept", "text/x"), secret], ..target(server) }
}

#[tokio::test]
async fn own_header_lines_go_to_the_target_and_nowhere_else() {
    let (server, other) = (Server::start(|_| ok("{}")).await, Server::start(|_| ok("{}")).await);
    let mut worker = worker_for(&with_headers(&server.url));
    for request in [by_owner("GET", server.url.clone()), raw(by_owner("GET", server.url.clone()))] {
        answered(&worker.send(request).await);
    }
    let mut own = Request::new("GET", server.url.clone());
    own.headers.push(("X-Environment".to_owned(), "of the case".to_owned()));
    own.omit.push("x-gateway".to_owned());
    answered(&worker.send(own).await);
    answered(&worker.send(Request::new("GET", other.url.clone())).await);
    let lines: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| {
            [seen.header("x-environment"), seen.header("x-gateway"), seen.header("accept")]
                .map(|it| it.map(str::to_owned))
        })
        .collect();
    let [a, b, c] = &lines[..] else { panic!("{lines:?}") };
    let sent = |texts: [Option<&str>; 3]| texts.map(|it| it.map(str::to_owned));
    assert_eq!(a, &sent([Some("staging"), Some("pass-7"), Some("text/x")]));
    assert_eq!(b, a);
    assert_eq!(c, &sent([Some("of the case"), None, Some("text/x")]));
    let seen = &other.seen()[0];
    assert_eq!((seen.header("x-gateway"), seen.header("x-environment")), (None, None));
}

#[tokio::test]
async fn plain_requests_go_through_the_proxy() {
    let proxy = Server::start(|_| ok("{}")).await;
    let base: Url = "http://target.invalid/api".parse().unwrap();
    let through = Target { proxy: Proxy::At(proxy.url.clone()), ..target(&base) };
    let mut worker = worker_for(&through);
    let request = Request::new("GET", "http://target.invalid/api/x?y=1".parse().unwrap());
    answered(&worker.send(request.clone()).await);
    answered(&worker.send(raw(request)).await);
    for seen in proxy.seen() {
        assert_eq!(
            (seen.target.as_str(), seen.header("host")),
            ("http://target.invalid/api/x?y=1", Some("target.invalid"))
        );
    }
    assert_eq!(proxy.seen().len(), 2);
}

/// Passes bytes on to wherever CONNECT asks for, and remembers where that was.
async fn start_tunnel() -> (Url, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let log = log.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                let line = String::from_utf8(head).unwrap().lines().next().unwrap().to_owned();
                let place = line.split(' ').nth(1).unwrap().to_owned();
                log.lock().unwrap().push(line);
                let Ok(mut onward) = TcpStream::connect(place).await else {
                    stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await.unwrap();
                    return;
                };
                stream.write_all(b"HTTP/1.1 200 Go on\r\n\r\n").await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut onward).await;
            });
        }
    });
    (url, asked)
}

/// A certificate that signs itself, and its key.
fn certified(name: &str) -> (CertificateDer<'static>, String, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    (certificate.der().clone(), certificate.pem(), key)
}

fn tls_server(asks_for: Option<&CertificateDer<'static>>) -> Arc<ServerConfig> {
    let (certificate, _, key) = certified("127.0.0.1");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = match asks_for {
        None => builder.with_no_client_auth(),
        Some(known) => {
            let mut roots = RootCertStore::empty();
            roots.add(known.clone()).unwrap();
            builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap(),
            )
        }
    };
    Arc::new(builder.with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into())).unwrap())
}

#[tokio::test]
async fn tls_goes_through_a_tunnel_of_the_proxy() {
    let server = Server::start_tls(tls_server(None), |_| ok("{}")).await;
    let (proxy, asked) = start_tunnel().await;
    let tls = Tls { insecure: true, ..Tls::default() };
    let through = Target { proxy: Proxy::At(proxy), tls, ..target(&server.url) };
    let mut worker = worker_for(&through);
    answered(&worker.send(Request::new("GET", server.url.clone())).await);
    answered(&worker.send(raw(Request::new("GET", server.url.clone()))).await);
    let line = format!("CONNECT 127.0.0.1:{} HTTP/1.1", server.url.port().unwrap());
    assert_eq!(*asked.lock().unwrap(), [line.clone(), line]);
    assert!(server.seen().iter().all(|seen| seen.target == "/api"), "{:?}", server.seen());
    let nowhere = Request::new("GET", "https://127.0.0.1:1/".parse().unwrap());
    let Some(Obstacle::Unreachable { reason, .. }) = worker.send(raw(nowhere)).await.obstacle else {
        panic!("an obstacle")
    };
    assert_eq!(reason, "the proxy answers `HTTP/1.1 502 Bad Gateway`");
}

#[tokio::test]
async fn our_certificate_is_shown_to_a_target_that_asks_for_it() {
    let (der, pem, key) = certified("client");
    let server = Server::start_tls(tls_server(Some(&der)), |_| ok("{}")).await;
    let identity = |key: &str| Some(Identity { certificate: pem.clone(), key: key.into() });
    let with = |identity| Target { tls: Tls { identity, insecure: true, ca: None }, ..target(&server.url) };
    let mut worker = worker_for(&with(identity(&key.serialize_pem())));
    answered(&worker.send(Request::new("GET", server.url.clone())).await);
    answered(&worker.send(raw(Request::new("GET", server.url.clone()))).await);
    let refused = worker_for(&with(None)).send(Request::new("GET", server.url.clone())).await;
    assert!(matches!(refused.obstacle, Some(Obstacle::Tls { .. } | Obstacle::Broken { .. })), "{refused:?}");
    let Err(ClientError::Identity(why)) = Client::new(&with(identity("none")), Clock::real()).map(drop) else {
        panic!("no key")
    };
    assert_eq!(why, "its key is no PEM private key");
}

/// An address where connecting neither succeeds nor fails: a listener whose queue is full.
async fn full() -> (std::net::SocketAddr, Vec<TcpStream>, tokio::net::TcpListener) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        held.push(stream);
    }
    (address, held, listener)
}

#[tokio::test]
async fn no_longer_than_allowed_is_waited_for_a_connection() {
    let (address, _held, _listener) = full().await;
    let url: Url = format!("http://{address}/").parse().unwrap();
    let brief = Target { connect_timeout: Some(Duration::from_millis(200)), ..target(&url) };
    let mut worker = worker_for(&brief);
    let begun = Instant::now();
    for request in [Request::new("GET", url.clone()), raw(Request::new("GET", url.clone()))] {
        let Some(Obstacle::Unreachable { reason, .. }) = worker.send(request).await.obstacle else {
            panic!("an obstacle")
        };
        assert!(reason.starts_with("no connection within"), "{reason}");
    }
    assert!(begun.elapsed() < Duration::from_secs(8), "the exchange's own 10 s were waited for");
}
