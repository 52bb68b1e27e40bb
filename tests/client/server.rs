//! A server that records what it gets and answers with whatever bytes a test wants.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atlaspec::client::{Client, Sent, Worker};
use atlaspec::clock::Clock;
use atlaspec::exchange::{Connection, Request, Response};
use atlaspec::target::{Limits, Proxy, Role, Target, Tls, User};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// The key of `owner`; it must never be seen on the wire or in any text.
pub(crate) const KEY: &str = "canary-5f1e-key";

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) peer: SocketAddr,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What the server does about a request.
pub(crate) enum Reply {
    /// Writes and waits for the next request.
    Keep(Vec<u8>),
    /// Writes and closes.
    Close(Vec<u8>),
    /// Writes, then the second part for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// Writes and says nothing more, but stays.
    Stall(Vec<u8>),
}

pub(crate) fn ok(body: &str) -> Reply {
    answer("200 OK", &[], body)
}

pub(crate) fn answer(status: &str, headers: &[String], body: &str) -> Reply {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect::<Vec<_>>().concat();
    Reply::Keep(format!("HTTP/1.1 {status}\r\n{lines}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

type Behaviour = Arc<Mutex<dyn FnMut(&Seen) -> Reply + Send>>;

pub(crate) struct Server {
    pub(crate) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn start(behaviour: impl FnMut(&Seen) -> Reply + Send + 'static) -> Self {
        Self::listen(Arc::new(Mutex::new(behaviour)), None).await
    }

    pub(crate) async fn start_tls(
        config: Arc<ServerConfig>,
        behaviour: impl FnMut(&Seen) -> Reply + Send + 'static,
    ) -> Self {
        Self::listen(Arc::new(Mutex::new(behaviour)), Some(TlsAcceptor::from(config))).await
    }

    async fn listen(behaviour: Behaviour, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{}/api", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(accept(listener, tls, behaviour, seen.clone()));
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, behaviour: Behaviour, seen: Arc<Mutex<Vec<Seen>>>) {
    while let Ok((stream, peer)) = listener.accept().await {
        let (tls, behaviour, seen) = (tls.clone(), behaviour.clone(), seen.clone());
        tokio::spawn(async move {
            match tls {
                None => serve(stream, peer, behaviour, seen).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, peer, behaviour, seen).await;
                    }
                }
            }
        });
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    behaviour: Behaviour,
    log: Arc<Mutex<Vec<Seen>>>,
) {
    while let Some(seen) = read(&mut stream, peer).await {
        log.lock().unwrap().push(seen.clone());
        let reply = (behaviour.lock().unwrap())(&seen);
        match reply {
            Reply::Keep(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::Close(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Endless(head, more) => {
                let mut written = stream.write_all(&head).await;
                while written.is_ok() {
                    written = stream.write_all(&more).await;
                }
                return;
            }
            Reply::Stall(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                stream.flush().await.unwrap();
                let mut end = [0; 1];
                while stream.read(&mut end).await.is_ok_and(|read| read > 0) {}
                return;
            }
        }
        let _ = stream.flush().await;
    }
}

/// Reads up to the blank line and as many bytes as `content-length` says.
async fn read(stream: &mut (impl AsyncRead + Unpin), peer: SocketAddr) -> Option<Seen> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(bytes.clone()).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next()?.split(' ').map(str::to_owned);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut seen = Seen { method: first.next()?, target: first.next()?, headers, body: Vec::new(), bytes, peer };
    let length = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    seen.body.resize(length, 0);
    stream.read_exact(&mut seen.body).await.ok()?;
    let body = seen.body.clone();
    seen.bytes.extend(body);
    Some(seen)
}

/// A target whose only address is this server's, with users `owner` and `other`.
pub(crate) fn target(server: &Url) -> Target {
    let user = |username: &str, key: &str| User {
        username: username.to_owned(),
        key: key.to_owned().into(),
        role: Role::ReadWrite,
        groups: std::collections::BTreeMap::new(),
    };
    Target {
        name: "test".to_owned(),
        base_url: server.clone(),
        tls: Tls::default(),
        timeout: Duration::from_secs(10),
        connect_timeout: None,
        proxy: Proxy::None,
        headers: Vec::new(),
        users: BTreeMap::from([("owner".to_owned(), user("ow ner", KEY)), ("other".to_owned(), user("other", "k2"))]),
        sources: BTreeMap::from([("second".to_owned(), "127.0.0.2".parse().unwrap())]),
        claims: std::collections::BTreeSet::default(),
        limits: Limits::default(),
        failed_logins: None,
        nonce_lifetime: None,
        consistency_delay: Duration::ZERO,
        plain_addresses: Vec::new(),
        parameters: serde_json::Map::new(),
    }
}

pub(crate) fn worker(server: &Server) -> Worker {
    worker_for(&target(&server.url))
}

pub(crate) fn worker_for(target: &Target) -> Worker {
    Client::new(target, Clock::real()).unwrap().worker()
}

/// A request of `owner`.
pub(crate) fn by_owner(method: &str, url: Url) -> Request {
    Request { user: Some("owner".to_owned()), ..Request::new(method, url) }
}

pub(crate) fn raw(request: Request) -> Request {
    Request { connection: Connection::Raw, ..request }
}

/// The answer of a request that met no obstacle.
pub(crate) fn answered(sent: &Sent) -> &Response {
    assert_eq!(sent.obstacle, None);
    &sent.exchanges.last().expect("an answer").response
}
