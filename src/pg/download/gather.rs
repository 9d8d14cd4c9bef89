//! The rows of a COPY stream, gathered before the driver sees them.
//!
//! A server sends each row as a message of its own, and the driver spends more on a message than
//! the row costs all others together. A COPY stream has no borders but those of its format
//! (PostgreSQL manual, "Frontend/Backend Protocol", "COPY Operations"), so messages that follow
//! one another can be one message with all their bytes. Everything else goes through as it is.
//! Owns the socket, too, since the driver offers no place between its own and itself.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::config::{Config, Host};

use crate::pg::address::PORT;

/// The tag of a message with a piece of a COPY stream.
const COPY_DATA: u8 = b'd';
/// A message's tag and its length, which counts itself but not the tag.
const HEAD_BYTES: usize = 5;
/// Bytes that are asked of the socket at once.
const RECEIVED_BYTES: usize = 64 * 1024;

/// A socket of either kind.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<W: AsyncRead + AsyncWrite + Unpin + Send> Wire for W {}

/// A connection in plain text whose COPY messages arrive gathered.
pub(super) struct Gathered {
    wire: Box<dyn Wire>,
    gather: Gather,
}

impl Gathered {
    /// Connects to the one server that the settings name, whose address must be resolved.
    pub(super) async fn connect(config: &Config) -> io::Result<Gathered> {
        let wire = within(config.get_connect_timeout().copied(), open(config)).await?;
        Ok(Gathered { wire, gather: Gather::default() })
    }
}

async fn open(config: &Config) -> io::Result<Box<dyn Wire>> {
    let port = config.get_ports().first().copied().unwrap_or(PORT);
    let unknown = || io::Error::new(io::ErrorKind::AddrNotAvailable, "the address is not resolved");
    match (config.get_hostaddrs().first(), config.get_hosts().first()) {
        (Some(address), _) => {
            let stream = TcpStream::connect((*address, port)).await?;
            stream.set_nodelay(true)?;
            notice_silence(&stream, config)?;
            Ok(Box::new(stream))
        }
        (None, Some(Host::Unix(folder))) => Ok(Box::new(unix(folder, port).await?)),
        _ => Err(unknown()),
    }
}

async fn unix(folder: &Path, port: u16) -> io::Result<UnixStream> {
    UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).await
}

/// What the driver sets on its own sockets.
fn notice_silence(stream: &TcpStream, config: &Config) -> io::Result<()> {
    let socket = SockRef::from(stream);
    #[cfg(target_os = "linux")]
    if let Some(time) = config.get_tcp_user_timeout() {
        socket.set_tcp_user_timeout(Some(*time))?;
    }
    if config.get_keepalives() {
        let mut keepalive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
        if let Some(time) = config.get_keepalives_interval() {
            keepalive = keepalive.with_interval(time);
        }
        if let Some(count) = config.get_keepalives_retries() {
            keepalive = keepalive.with_retries(count);
        }
        socket.set_tcp_keepalive(&keepalive)?;
    }
    Ok(())
}

async fn within<T>(
    time: Option<Duration>,
    work: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    let Some(time) = time else { return work.await };
    let late = || io::Error::new(io::ErrorKind::TimedOut, "connection timed out");
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| Err(late()))
}

impl AsyncRead for Gathered {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Gathered { wire, gather } = self.get_mut();
        while !gather.give(into) {
            let mut space = ReadBuf::new(gather.space());
            ready!(Pin::new(&mut *wire).poll_read(cx, &mut space))?;
            let bytes = space.filled().len();
            gather.take_in(bytes);
            if bytes == 0 && !gather.give(into) {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Gathered {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().wire).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_shutdown(cx)
    }
}

/// Messages on their way, without the socket.
#[derive(Debug)]
struct Gather {
    /// What has come in: the first `held` bytes count.
    // Invariant: behind `take_in` they are less than a message that fits.
    received: Box<[u8; RECEIVED_BYTES]>,
    held: usize,
    /// So many bytes of a message that does not fit are still to come.
    passing: usize,
    /// What goes on, from `given` on.
    ready: Vec<u8>,
    given: usize,
}

impl Default for Gather {
    fn default() -> Gather {
        let received = Box::new([0; RECEIVED_BYTES]);
        Gather { received, held: 0, passing: 0, ready: Vec::new(), given: 0 }
    }
}

impl Gather {
    /// Hands on as much as fits; `false` where there is nothing.
    fn give(&mut self, into: &mut ReadBuf<'_>) -> bool {
        let rest = &self.ready[self.given..];
        if rest.is_empty() {
            return false;
        }
        let length = rest.len().min(into.remaining());
        into.put_slice(&rest[..length]);
        self.given += length;
        true
    }

    /// Where bytes may come in: room for one at least.
    fn space(&mut self) -> &mut [u8] {
        &mut self.received[self.held..]
    }

    /// Takes in bytes that lie in [`Gather::space`]; none is the end of the stream. Everything
    /// that was ready must have been given.
    fn take_in(&mut self, bytes: usize) {
        self.ready.clear();
        self.given = 0;
        self.held += bytes;
        let mut at = self.passing.min(self.held);
        self.passing -= at;
        self.ready.extend_from_slice(&self.received[..at]);
        at += gather(&self.received[at..self.held], &mut self.ready);
        // A message that breaks off is the driver's to complain about, and one that does not fit
        // goes on in the pieces that it comes in.
        let missing = missing(&self.received[at..self.held]);
        if bytes == 0 || missing.is_some() {
            self.ready.extend_from_slice(&self.received[at..self.held]);
            at = self.held;
            self.passing = missing.unwrap_or(0);
        }
        self.received.copy_within(at..self.held, 0);
        self.held -= at;
    }
}

/// What `bytes`, which begin a message, lack of it, where it does not fit.
fn missing(bytes: &[u8]) -> Option<usize> {
    let length = bytes.first_chunk().map(|&[_, a, b, c, d]| i32::from_be_bytes([a, b, c, d]))?;
    let whole = usize::try_from(length).ok()? + 1;
    (whole > RECEIVED_BYTES).then_some(whole - bytes.len())
}

/// Puts whole messages from the beginning of `bytes` behind `ready`; gives the bytes they took.
fn gather(bytes: &[u8], ready: &mut Vec<u8>) -> usize {
    let mut at = 0;
    // Where the message of gathered rows begins, while there is one.
    let mut rows = None;
    while let Some(&[tag, a, b, c, d]) = bytes.get(at..at + HEAD_BYTES) {
        let length = usize::try_from(i32::from_be_bytes([a, b, c, d])).unwrap_or(0);
        if length < 4 {
            // What is no message is the driver's to complain about, too.
            ready.extend_from_slice(&bytes[at..]);
            return bytes.len();
        }
        let Some(body) = bytes.get(at + HEAD_BYTES..at + 1 + length) else { break };
        if tag != COPY_DATA {
            rows = None;
        }
        let begins = *rows.get_or_insert_with(|| {
            ready.extend_from_slice(&bytes[at..at + HEAD_BYTES]);
            ready.len() - HEAD_BYTES
        });
        ready.extend_from_slice(body);
        at += 1 + length;
        match tag {
            COPY_DATA => {
                // All of it came out of one buffer, whose length a message's can say.
                let length = u32::try_from(ready.len() - begins - 1).unwrap_or(u32::MAX);
                ready[begins + 1..begins + HEAD_BYTES].copy_from_slice(&length.to_be_bytes());
            }
            _ => rows = None,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[tag], length.to_be_bytes().as_slice(), body].concat()
    }

    /// What comes out where bytes come in in pieces of a size.
    fn through(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut gather = Gather::default();
        let mut out = Vec::new();
        let mut drain = |gather: &mut Gather| {
            // Less room than there is to give, as the driver's may be.
            let mut room = [0; 7];
            loop {
                let mut into = ReadBuf::new(&mut room);
                if !gather.give(&mut into) {
                    break;
                }
                out.extend_from_slice(into.filled());
            }
        };
        for mut piece in bytes.chunks(size) {
            while !piece.is_empty() {
                let space = gather.space();
                let (now, later) = piece.split_at(piece.len().min(space.len()));
                space[..now.len()].copy_from_slice(now);
                gather.take_in(now.len());
                drain(&mut gather);
                piece = later;
            }
        }
        gather.take_in(0);
        drain(&mut gather);
        out
    }

    #[test]
    fn rows_become_one_message_and_all_others_stay() {
        let others = [message(b'H', &[0, 0, 0]), message(b'c', &[]), message(b'Z', b"I")];
        let [head, done, ready] = &others;
        let rows = [message(b'd', b"one"), message(b'd', b""), message(b'd', b"three")];
        let notice = message(b'N', b"a notice");
        let (many, gathered) = (rows.concat(), message(b'd', b"onethree"));
        let all = [head, &many, &notice, &rows[0], done, ready].map(Vec::as_slice);
        let wanted = [head, &gathered, &notice, &rows[0], done, ready].map(Vec::as_slice);
        assert_eq!(through(&all.concat(), 1000), wanted.concat());
    }

    #[test]
    fn whatever_the_pieces_the_stream_is_the_same() {
        let rows: Vec<Vec<u8>> =
            (0..40u8).map(|n| message(b'd', &vec![n; usize::from(n) * 3])).collect();
        let all = [message(b'H', &[0]), rows.concat(), message(b'c', &[])].concat();
        let wanted: Vec<u8> = (0..40u8).flat_map(|n| vec![n; usize::from(n) * 3]).collect();
        for size in 1..all.len() {
            assert_eq!(messages(&through(&all, size)).concat(), wanted, "in pieces of {size}");
        }
    }

    /// The bodies of the messages with pieces of a COPY stream.
    fn messages(mut bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        while let Some(&[tag, a, b, c, d]) = bytes.get(..HEAD_BYTES) {
            let length = usize::try_from(i32::from_be_bytes([a, b, c, d])).unwrap();
            let (message, rest) = bytes.split_at(1 + length);
            if tag == COPY_DATA {
                found.push(message[HEAD_BYTES..].to_vec());
            }
            bytes = rest;
        }
        assert!(bytes.is_empty(), "{bytes:?}");
        found
    }

    #[test]
    fn a_message_longer_than_the_room_passes_through() {
        let row = message(b'd', b"row");
        for length in [RECEIVED_BYTES - 5, RECEIVED_BYTES - 4, RECEIVED_BYTES, RECEIVED_BYTES * 3] {
            // It holds what would be taken for rows where it went on being read as messages.
            let body: Vec<u8> = row.iter().copied().cycle().take(length).collect();
            let long = message(b'd', &body);
            let all = [row.as_slice(), &long, &row, &row].concat();
            for size in [1000, 9999, all.len()] {
                let found = messages(&through(&all, size));
                assert_eq!(found.concat().len(), length + 9, "{length} in pieces of {size}");
                assert!(found.iter().any(|body| body.len() >= length), "{length}");
            }
        }
    }

    #[test]
    fn what_breaks_off_and_what_is_no_message_reaches_the_driver() {
        let broken = [message(b'd', b"whole"), vec![b'd', 0, 0, 0, 9, b'h']].concat();
        assert_eq!(through(&broken, 4), broken);
        let odd = [b'd', 0, 0, 0, 1, 1, 2, 3, 4];
        assert_eq!(through(&odd, 3), odd);
    }
}
