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
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::fault::Fault;
use super::http;
use super::places::{Place, Places};
use super::variation::{Variation, plain};
use super::wire::Wire;
use super::world::World;
use super::worlds::Worlds;

/// Most connections at once. For another one the one that has been quiet for the longest time gives way.
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
    let places = Places::default();
    let mut connections = JoinSet::new();
    loop {
        // One more than that is accepted only when somebody has gone.
        let has_room = connections.len() <= MOST_CONNECTIONS;
        let accepted = tokio::select! {
            Some(_) = connections.join_next() => continue,
            accepted = next(&listener), if has_room => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Some((stream, peer)) = accepted else { continue };
        if connections.len() >= MOST_CONNECTIONS {
            places.evict();
        }
        let (tls, worlds, stopped, place) = (tls.clone(), Arc::clone(&worlds), stopped.clone(), places.take());
        connections.spawn(async move {
            tokio::select! {
                () = secure(stream, peer, tls, worlds, (stopped, &place)) => (),
                () = place.given_up() => (),
            }
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection.
async fn next(listener: &TcpListener) -> Option<(TcpStream, IpAddr)> {
    let Ok((stream, peer)) = listener.accept().await else {
        tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
        return None;
    };
    Some((stream, peer.ip().to_canonical()))
}

/// What tells a connection to end, and the place that it takes.
type Ending<'p> = (watch::Receiver<bool>, &'p Arc<Place>);

async fn secure(stream: TcpStream, peer: IpAddr, tls: Option<TlsAcceptor>, worlds: Arc<Worlds>, ending: Ending<'_>) {
    let world = worlds.current();
    // Small answers leave at once; a refusal here costs only time.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(stream, peer, worlds, ending).await,
        Some(_) if is_plain(&world, &stream).await => match &world.behaviour {
            behaviour if behaviour.shows(Fault::PlainRedirected) => redirect(stream, &world).await,
            behaviour if plain::is_answered(behaviour) => plain::answer(stream, &world).await,
            _ => serve(stream, peer, worlds, ending).await,
        },
        Some(tls) => {
            // Plain HTTP fails here: the connection is closed without an answer.
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                serve(stream, peer, worlds, ending).await;
            }
        }
    }
}

/// Whether plain HTTP comes and is to be answered; it is not, but for a fault or a variation.
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

async fn serve<S>(stream: S, peer: IpAddr, worlds: Arc<Worlds>, (mut stopped, place): Ending<'_>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (wire, postscript) = Wire::new(stream, Arc::clone(place));
    let world = worlds.current();
    let varies = world.behaviour.takes(Variation::HeaderCaseVaries) && world.order().bool();
    let title_case = varies || world.behaviour.takes(Variation::HeadersInTitleCase);
    let service = service_fn(move |request| {
        let (world, postscript, place) = (worlds.current(), postscript.clone(), Arc::clone(place));
        async move {
            place.busy();
            let response = http::serve(&world, peer, request, &postscript).await;
            place.wrote();
            Ok::<_, Infallible>(response)
        }
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
