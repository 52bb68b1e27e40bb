//! A proxy that speaks HTTPS to clients and plain HTTP to a server, and writes every response differently.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::response::{Asked, Response, Speller};

/// A proxy, until it is dropped.
pub(crate) struct Proxy {
    /// The root of the API.
    pub(crate) base_url: Url,
    /// Whom its clients trust.
    pub(crate) ca: String,
    way: Arc<Way>,
    accepting: JoinHandle<()>,
}

/// What all connections know.
struct Way {
    server: SocketAddr,
    /// The origin of the server, and that of the proxy.
    origins: (String, String),
    seed: u64,
    responses: AtomicU64,
}

impl Proxy {
    /// A proxy before the server of this root.
    pub(crate) async fn start(root: &Url, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let origins = (root.origin().ascii_serialization(), format!("https://localhost:{port}"));
        let base_url = Url::parse(&format!("{}{}", origins.1, root.path())).expect("a URL");
        let server = (Ipv4Addr::LOCALHOST, root.port().expect("a port of its own")).into();
        let (ca, acceptor) = certificate();
        let way = Arc::new(Way { server, origins, seed, responses: AtomicU64::new(0) });
        let accepting = tokio::spawn(accept(listener, acceptor, Arc::clone(&way)));
        Self { base_url, ca, way, accepting }
    }

    /// How many responses were written differently.
    pub(crate) fn changed(&self) -> u64 {
        self.way.responses.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn certificate() -> (String, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a configuration");
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, way: Arc<Way>) {
    while let Ok((stream, peer)) = listener.accept().await {
        let (acceptor, way) = (acceptor.clone(), Arc::clone(&way));
        tokio::spawn(async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                // A broken connection concerns its client alone.
                let _ = way.serve(BufReader::new(stream), peer.ip()).await;
            }
        });
    }
}

impl Way {
    async fn serve(
        &self,
        mut client: BufReader<tokio_rustls::server::TlsStream<TcpStream>>,
        peer: IpAddr,
    ) -> io::Result<()> {
        let mut server = None;
        while let Some(mut request) = head(&mut client).await? {
            let asked = asked(&request);
            let body = body(&mut client, length(&headers(&request))).await?;
            request.extend(body);
            let mut connection = match server.take() {
                Some(open) if !is_closed(&open) => open,
                _ => self.connect(peer).await?,
            };
            connection.get_mut().write_all(&request).await?;
            let response = response(&mut connection, &asked.method).await?;
            server = Some(connection);
            let number = self.responses.fetch_add(1, Ordering::Relaxed);
            let rng = Rng::with_seed(self.seed.wrapping_mul(1 << 32).wrapping_add(number));
            let speller = Speller { rng, origins: (&self.origins.0, &self.origins.1) };
            let written = speller.written(&response, &asked);
            client.get_mut().write_all(&written.bytes).await?;
            client.get_mut().flush().await?;
            if written.closes {
                return client.get_mut().shutdown().await;
            }
        }
        Ok(())
    }

    /// A connection from the address that the client came from.
    async fn connect(&self, peer: IpAddr) -> io::Result<BufReader<TcpStream>> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((peer, 0).into())?;
        socket.connect(self.server).await.map(BufReader::new)
    }
}

fn is_closed(connection: &BufReader<TcpStream>) -> bool {
    connection.get_ref().try_read(&mut [0]).is_ok()
}

/// The bytes of a head, up to the empty line; `None` at the end.
async fn head<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        if stream.read_until(b'\n', &mut bytes).await? == 0 {
            return Ok(None);
        }
        if before > 0 && bytes[before..].trim_ascii().is_empty() {
            return Ok(Some(bytes));
        }
    }
}

async fn body<S: AsyncRead + Unpin>(stream: &mut BufReader<S>, length: usize) -> io::Result<Vec<u8>> {
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(body)
}

fn headers(head: &[u8]) -> Vec<(String, String)> {
    let text: String = head.iter().copied().map(char::from).collect();
    let lines = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

fn named<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn length(headers: &[(String, String)]) -> usize {
    named(headers, "content-length").map_or(0, |length| length.parse().expect("a length"))
}

fn asked(request: &[u8]) -> Asked {
    let line = String::from_utf8_lossy(request).lines().next().unwrap_or_default().to_owned();
    let mut words = line.split(' ').map(str::to_owned);
    let codings = named(&headers(request), "accept-encoding").map(str::to_owned);
    Asked { method: words.next().unwrap_or_default(), target: words.next().unwrap_or_default(), codings }
}

async fn response(server: &mut BufReader<TcpStream>, method: &str) -> io::Result<Response> {
    let head = head(server).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let headers = headers(&head);
    let has_body = method != "HEAD" && !matches!(status, 204 | 304);
    let body = if has_body { body(server, length(&headers)).await? } else { Vec::new() };
    Ok(Response { status, headers, body })
}
