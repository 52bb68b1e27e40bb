//! A server on loopback that does to every request what a row says.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::site::KEY;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Whether it carries credentials.
    pub(crate) signed: bool,
    pub(crate) host: String,
    /// Which request of this server it is, counted from 0.
    pub(crate) turn: usize,
}

/// What the server does about a request.
pub(crate) enum Reply {
    /// Writes and waits for the next request.
    Keep(Vec<u8>),
    /// Writes and closes.
    Close(Vec<u8>),
    /// Writes the first, so many times the second (for ever, if that is more than can be), then the third.
    Flood(Vec<u8>, Vec<u8>, usize, Vec<u8>),
    /// Writes and says nothing more, but stays.
    Stall(Vec<u8>),
    /// Writes one byte a second.
    Drip(Vec<u8>),
    /// Writes and resets the connection.
    Reset(Vec<u8>),
}

pub(crate) type Serve = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// What a server has met.
#[derive(Default)]
pub(crate) struct Met {
    requests: AtomicUsize,
    key_came: AtomicBool,
    heads: Mutex<Vec<String>>,
}

impl Met {
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Whether the key itself was in any request.
    pub(crate) fn key_came(&self) -> bool {
        self.key_came.load(Ordering::Relaxed)
    }

    /// The first requests, cut.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// A server that answers until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) met: Arc<Met>,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    pub(crate) async fn start(serve: Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let met = Arc::new(Met::default());
        let accepting = tokio::spawn(accept(listener, serve, Arc::clone(&met)));
        Self { address, met, accepting }
    }
}

async fn accept(listener: TcpListener, serve: Serve, met: Arc<Met>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, Arc::clone(&serve), Arc::clone(&met)));
    }
}

async fn converse(stream: TcpStream, serve: Serve, met: Arc<Met>) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = read(&mut stream, &met).await {
        let reply = serve(&seen);
        // Whoever is treated like this may hang up at any moment.
        if answer(stream.get_mut(), reply).await.is_err() {
            return;
        }
    }
}

/// Does what the reply says; an error ends the conversation.
async fn answer(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    let over = || std::io::Error::other("over");
    match reply {
        Reply::Keep(bytes) => stream.write_all(&bytes).await,
        Reply::Close(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await?;
            Err(over())
        }
        Reply::Flood(head, piece, times, tail) => {
            stream.write_all(&head).await?;
            for _ in 0..times {
                stream.write_all(&piece).await?;
            }
            stream.write_all(&tail).await
        }
        Reply::Stall(bytes) => {
            stream.write_all(&bytes).await?;
            let mut end = [0; 1];
            while stream.read(&mut end).await? > 0 {}
            Err(over())
        }
        Reply::Drip(bytes) => {
            let mut beat = tokio::time::interval(Duration::from_secs(1));
            for byte in bytes {
                beat.tick().await;
                stream.write_all(&[byte]).await?;
            }
            Err(over())
        }
        Reply::Reset(bytes) => {
            stream.write_all(&bytes).await?;
            stream.set_zero_linger()?;
            Err(over())
        }
    }
}

/// Reads one request with its body.
async fn read(stream: &mut BufReader<TcpStream>, met: &Met) -> Option<Seen> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let mut body = vec![0; header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    if head.contains(KEY) || String::from_utf8_lossy(&body).contains(KEY) {
        met.key_came.store(true, Ordering::Relaxed);
    }
    let mut heads = met.heads.lock().unwrap();
    if heads.len() < 100 {
        heads.push(head.chars().take(4_000).collect());
    }
    let mut words = head.split(' ').map(str::to_owned);
    Some(Seen {
        method: words.next()?,
        target: words.next()?,
        signed: header("authorization").is_some(),
        host: header("host").unwrap_or_default(),
        turn: met.requests.fetch_add(1, Ordering::Relaxed),
    })
}
