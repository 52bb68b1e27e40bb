//! A connection of its own, written by hand and read to its end: for what a well-behaved client cannot send or see.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::cause;
use super::framing::{Fault, Reader};
use super::outgoing::{request_target, unsendable};
use crate::exchange::{Obstacle, Request, Response};

/// Sends a request with exactly its headers and reads the answer and what follows it.
pub(super) async fn exchange(
    tls: &Arc<ClientConfig>,
    source: Option<IpAddr>,
    request: &Request,
) -> Result<Response, Obstacle> {
    let url = &request.url;
    let socket = connect(url, source).await?;
    if url.scheme() != "https" {
        return converse(socket, request).await;
    }
    let name = server_name(url)?;
    let connector = TlsConnector::from(tls.clone());
    let stream = connector.connect(name, socket).await.map_err(|error| cause::of_handshake(url, &error))?;
    converse(stream, request).await
}

async fn connect(url: &Url, source: Option<IpAddr>) -> Result<TcpStream, Obstacle> {
    let unreachable = |reason: String| Obstacle::Unreachable { url: url.to_string(), reason };
    let port = url.port_or_known_default().ok_or_else(|| unsendable(format!("{url} has no port")))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
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

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &Request) -> Result<Response, Obstacle> {
    // A server may answer and close before it has read everything: its answer counts, not the failed write.
    let written = write(&mut stream, request).await;
    let url = request.url.to_string();
    Reader::new(stream).answer(&request.method).await.map_err(|fault| match (fault, written) {
        (Fault::Malformed(reason), _) => Obstacle::Malformed { url, reason },
        (Fault::Closed(_), Err(error)) => Obstacle::Broken { url, reason: error.to_string() },
        (Fault::Closed(reason), Ok(())) => Obstacle::Broken { url, reason },
    })
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), request: &Request) -> std::io::Result<()> {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request_target(&request.url)).into_bytes();
    for (name, value) in &request.headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(request.body.as_deref().unwrap_or_default());
    stream.write_all(&bytes).await?;
    stream.flush().await
}
