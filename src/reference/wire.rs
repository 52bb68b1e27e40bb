//! The stream under a connection: gives up on a client that does not read, and can write bytes after an answer.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::places::Place;

/// The time that a client may leave the server's bytes unread.
const READ_WITHIN: Duration = Duration::from_secs(30);

/// Bytes to be written behind the current answer, as no HTTP library would: a fault.
#[derive(Clone, Debug, Default)]
pub(crate) struct Postscript(Arc<Mutex<Vec<u8>>>);

impl Postscript {
    /// Has these bytes follow the answer that is being made.
    pub(crate) fn set(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A stream that fails when nothing can be written for a while.
pub(crate) struct Wire<S> {
    inner: S,
    patience: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    postscript: Postscript,
    pending: Vec<u8>,
    place: Arc<Place>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// The stream, and the way to add bytes after an answer. The place is told of all that is written.
    pub(crate) fn new(inner: S, place: Arc<Place>) -> (Self, Postscript) {
        let postscript = Postscript::default();
        let (patience, pending) = (READ_WITHIN, Vec::new());
        (Self { inner, patience, waiting: None, postscript: postscript.clone(), pending, place }, postscript)
    }

    /// Passes on a result; while there is none, the time allowed runs.
    fn patient<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.waiting = None;
            return poll;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        waiting.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_postscript(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.pending.append(&mut self.postscript.take());
        while !self.pending.is_empty() {
            match Pin::new(&mut self.inner).poll_write(cx, &self.pending) {
                Poll::Ready(Ok(written)) => drop(self.pending.drain(..written)),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write(cx, buf);
        if poll.is_ready() {
            self.place.wrote();
        }
        self.patient(cx, poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = match self.poll_postscript(cx) {
            Poll::Ready(Ok(())) => Pin::new(&mut self.inner).poll_flush(cx),
            other => other,
        };
        self.patient(cx, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.patient(cx, poll)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn a_client_that_does_not_read_is_given_up() {
        let (_client, server) = duplex(4);
        let (mut wire, _) = Wire::new(server, Arc::new(Place::new()));
        wire.patience = Duration::from_millis(5);
        let error = wire.write_all(&[0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_postscript_follows_what_was_written() {
        let (mut client, server) = duplex(100);
        let (mut wire, postscript) = Wire::new(server, Arc::new(Place::new()));
        postscript.set(b" and more");
        wire.write_all(b"answer").await.unwrap();
        wire.flush().await.unwrap();
        drop(wire);
        let mut text = String::new();
        client.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "answer and more");
    }
}
