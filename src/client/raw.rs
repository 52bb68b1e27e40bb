//! A connection of its own, written by hand and read to its end: for what a well-behaved client cannot send or see.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use url::{Host, Position, Url};

use super::budget::Part;
use super::cause;
use super::framing::{Fault, Reader};
use super::outgoing::{request_target, unsendable};
use super::route::{Between, Route};
use crate::exchange::{Obstacle, Request, Response};

/// The longest head of a proxy's answer.
const LONGEST_HEAD: usize = 16 * 1024;

/// Sends a request with exactly its headers and reads the answer and what follows it.
pub(super) async fn exchange(
    tls: &Arc<ClientConfig>,
    route: &Route,
    request: &Request,
    memory: &mut Part,
) -> Result<Response, Obstacle> {
    let url = &request.url;
    let between = route.between(url).map_err(unsendable)?;
    let socket = connected(url, route, between.as_ref()).await?;
    if url.scheme() != "https" {
        return converse(socket, request, between.as_ref(), memory).await;
    }
    let socket = match &between {
        Some(between) => tunnel(socket, url, between).await?,
        None => socket,
    };
    let name = server_name(url)?;
    let connector = TlsConnector::from(tls.clone());
    let stream = connector.connect(name, socket).await.map_err(|error| cause::of_handshake(url, &error))?;
    converse(stream, request, None, memory).await
}

/// A connection to the target, or to the proxy before it, within the time for that.
async fn connected(url: &Url, route: &Route, between: Option<&Between>) -> Result<TcpStream, Obstacle> {
    let connecting = connect(url, route.address, between);
    let Some(time) = route.connect_timeout else { return connecting.await };
    let late = |_| Obstacle::Unreachable { url: url.to_string(), reason: format!("no connection within {time:?}") };
    tokio::time::timeout(time, connecting).await.map_err(late)?
}

async fn connect(url: &Url, source: Option<IpAddr>, between: Option<&Between>) -> Result<TcpStream, Obstacle> {
    let unreachable = |reason: String| Obstacle::Unreachable { url: url.to_string(), reason };
    let (host, port) = if let Some(between) = between {
        (between.host.clone(), between.port)
    } else {
        let port = url.port_or_known_default().ok_or_else(|| unsendable(format!("{url} has no port")))?;
        (url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(), port)
    };
    let addresses = lookup_host((host, port)).await.map_err(|error| unreachable(error.to_string()))?;
    let mut reason = "no address to send to from there".to_owned();
    for address in addresses.filter(|address| source.is_none_or(|source| source.is_ipv4() == address.is_ipv4())) {
        match connect_to(address, source).await {
            Ok(stream) => return Ok(stream),
            Err(error) => reason = error.to_string(),
        }
    }
    Err(unreachable(reason))
}

/// Has the proxy pass bytes on to the target (RFC 9110, section 9.3.6).
async fn tunnel(mut stream: TcpStream, url: &Url, between: &Between) -> Result<TcpStream, Obstacle> {
    let unreachable = |reason: String| Obstacle::Unreachable { url: url.to_string(), reason };
    let failed = |error: std::io::Error| unreachable(format!("the proxy hung up: {error}"));
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let authorization = proxy_authorization(between);
    let head = format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n{authorization}\r\n");
    stream.write_all(head.as_bytes()).await.map_err(failed)?;
    let mut answer = Vec::new();
    // Byte by byte: what follows the head belongs to the target.
    while !answer.ends_with(b"\r\n\r\n") && answer.len() < LONGEST_HEAD {
        answer.push(stream.read_u8().await.map_err(failed)?);
    }
    let line = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
    let accepted = line.starts_with("HTTP/1.") && line.split(' ').nth(1).is_some_and(|status| status.starts_with('2'));
    if accepted { Ok(stream) } else { Err(unreachable(format!("the proxy answers `{}`", line.escape_debug()))) }
}

fn proxy_authorization(between: &Between) -> String {
    between.authorization.as_ref().map(|value| format!("proxy-authorization: {value}\r\n")).unwrap_or_default()
}

async fn connect_to(address: SocketAddr, source: Option<IpAddr>) -> std::io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(source) = source {
        socket.bind(SocketAddr::new(source, 0))?;
    }
    socket.connect(address).await
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Obstacle> {
    let name = match url.host() {
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
        Some(Host::Ipv4(address)) => Some(ServerName::from(IpAddr::from(address))),
        Some(Host::Ipv6(address)) => Some(ServerName::from(IpAddr::from(address))),
        None => None,
    };
    name.ok_or_else(|| unsendable(format!("{url} has no host name that TLS can use")))
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &Request,
    between: Option<&Between>,
    memory: &mut Part,
) -> Result<Response, Obstacle> {
    // A server may answer and close before it has read everything: its answer counts, not the failed write.
    let written = write(&mut stream, request, between).await;
    let url = request.url.to_string();
    Reader::new(stream, memory).answer(&request.method).await.map_err(|fault| match (fault, written) {
        (Fault::Malformed(reason), _) => Obstacle::Malformed { url, reason },
        (Fault::Tls(fault, reason), _) => Obstacle::Tls { url, fault, reason },
        (Fault::Closed(_), Err(error)) => Obstacle::Broken { url, reason: error.to_string() },
        (Fault::Closed(reason), Ok(())) => Obstacle::Broken { url, reason },
    })
}

async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    request: &Request,
    between: Option<&Between>,
) -> std::io::Result<()> {
    // A proxy must be told where to go (RFC 9112, section 3.2.2).
    let origin = between.map(|_| request.url[..Position::BeforePath].to_owned()).unwrap_or_default();
    let line = format!("{} {origin}{} HTTP/1.1\r\n", request.method, request_target(&request.url));
    let mut bytes = line.into_bytes();
    bytes.extend_from_slice(between.map(proxy_authorization).unwrap_or_default().as_bytes());
    for (name, value) in &request.headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(request.body.as_deref().unwrap_or_default());
    stream.write_all(&bytes).await?;
    stream.flush().await
}
