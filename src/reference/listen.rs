//! Accepts connections, secures them and serves them until the server stops.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::fault::Fault;
use super::freedom::{Freedom, plain};
use super::http;
use super::wire::Wire;
use super::world::World;
use super::worlds::Worlds;

/// Most connections at once; others wait to be accepted.
const MOST_CONNECTIONS: usize = 400;
/// The time a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// The time the head of a request may take, idle time before it included.
const HEAD_WITHIN: Duration = Duration::from_mins(1);
/// Most header lines of a request.
const MOST_HEADERS: usize = 100;
/// Most bytes of a request's head.
const LONGEST_HEAD: usize = 32 * 1024;
/// The pause after a failed accept, most often for want of file descriptors.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Serves every connection; returns once `stopped` says so and open exchanges are finished.
pub(crate) async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    worlds: Arc<Worlds>,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = next(&listener, &places) => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Some((place, stream, peer)) = accepted else { continue };
        let (tls, worlds, stopped) = (tls.clone(), Arc::clone(&worlds), stopped.clone());
        connections.spawn(async move {
            secure(stream, peer, tls, worlds, stopped).await;
            drop(place);
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(tokio::sync::OwnedSemaphorePermit, TcpStream, IpAddr)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let Ok((stream, peer)) = listener.accept().await else {
        tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
        return None;
    };
    Some((place, stream, peer.ip().to_canonical()))
}

async fn secure(
    stream: TcpStream,
    peer: IpAddr,
    tls: Option<TlsAcceptor>,
    worlds: Arc<Worlds>,
    stopped: watch::Receiver<bool>,
) {
    let world = worlds.current();
    // Small answers leave at once; a refusal here costs only time.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(stream, peer, worlds, stopped).await,
        Some(_) if is_plain(&world, &stream).await => match &world.behaviour {
            behaviour if behaviour.shows(Fault::PlainRedirected) => redirect(stream, &world).await,
            behaviour if plain::is_answered(behaviour) => plain::answer(stream, &world).await,
            _ => serve(stream, peer, worlds, stopped).await,
        },
        Some(tls) => {
            // Plain HTTP fails here: the connection is closed without an answer.
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                serve(stream, peer, worlds, stopped).await;
            }
        }
    }
}

/// Whether plain HTTP comes and is to be answered; it is not, but for a fault or a freedom.
async fn is_plain(world: &World, stream: &TcpStream) -> bool {
    let answered = world.behaviour.shows_any(&[Fault::PlainAnswered, Fault::PlainRedirected]);
    if !answered && !plain::is_answered(&world.behaviour) {
        return false;
    }
    let mut first = [0];
    let peeked = tokio::time::timeout(HANDSHAKE_WITHIN, stream.peek(&mut first)).await;
    // A TLS record that begins a handshake has this type.
    matches!(peeked, Ok(Ok(1))) && first != [22]
}

/// Shows the way to the same API, by plain HTTP: a fault.
async fn redirect(mut stream: TcpStream, world: &World) {
    let place = world.base.url("").replace("https:", "http:");
    let answer = format!(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let mut head = [0; 1024];
    let _ = tokio::time::timeout(HANDSHAKE_WITHIN, stream.read(&mut head)).await;
    let _ = stream.write_all(answer.as_bytes()).await;
}

async fn serve<S>(stream: S, peer: IpAddr, worlds: Arc<Worlds>, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (wire, postscript) = Wire::new(stream);
    let title_case = worlds.current().behaviour.takes(Freedom::HeadersInTitleCase);
    let service = service_fn(move |request| {
        let (world, postscript) = (worlds.current(), postscript.clone());
        async move { Ok::<_, Infallible>(http::serve(&world, peer, request, &postscript).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LONGEST_HEAD)
        // The date comes from the server's clock.
        .auto_date_header(false)
        .title_case_headers(title_case)
        .serve_connection(TokioIo::new(wire), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // A broken connection concerns its client alone.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
