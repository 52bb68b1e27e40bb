//! Answers to plain HTTP on the secure port: none of them lets anybody in.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Variation;
use crate::reference::behaviour::Behaviour;
use crate::reference::world::World;

/// The time that the head of a plain request may take, and the most bytes of it.
const WITHIN: Duration = Duration::from_secs(5);
const LONGEST: usize = 8 * 1024;

/// Whether plain HTTP is answered at all.
pub(crate) fn is_answered(behaviour: &Behaviour) -> bool {
    behaviour.takes(Variation::PlainSentOn) || behaviour.takes(Variation::PlainIs400)
}

fn text(world: &World) -> String {
    if world.behaviour.takes(Variation::PlainSentOn) {
        let place = world.base.url("");
        return format!(
            "HTTP/1.1 301 Moved Permanently\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    let page = "<html><h1>400</h1>The plain HTTP request was sent to an HTTPS port</html>";
    let length = page.len();
    format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}"
    )
}

/// Answers one plain request and ends the connection.
pub(crate) async fn answer(mut stream: TcpStream, world: &World) {
    let mut head = Vec::new();
    let read = async {
        while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST {
            head.push(stream.read_u8().await?);
        }
        stream.write_all(text(world).as_bytes()).await?;
        stream.shutdown().await
    };
    // Whoever does not wait for the answer does not get it.
    let _ = tokio::time::timeout(WITHIN, read).await;
}
