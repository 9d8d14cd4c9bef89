//! A relay between the tool and its server, which does one harm in its life.
//!
//! It knows where messages end and which of them are requests, so it can cut a connection before
//! the nth request, behind its answer, or in the middle of a message; keep the answer of a COMMIT;
//! stop forwarding and keep every socket open; or hold the tool there until it is let go, so that
//! somebody else has all the time in the world to strike. Connections that come later are left alone,
//! or refused for a while first.

use std::io::{self, BufReader, BufWriter, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Running, frames};
use crate::bench::{Project, wait_until};

/// Where in the life of a request harm is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// It does not reach the server.
    Before,
    /// It reaches the server, and nobody waits for what becomes of it.
    Under,
    /// The server has answered, and the client does not get the answer.
    After,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

/// When harm is done; numbers begin at one and count over all connections that are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// At a request that ends with an answer: a query, or a Sync.
    Request(usize, Side),
    /// At a COMMIT.
    Commit(usize, Side),
    /// When so many bytes have gone one way.
    Bytes(Way, u64),
}

/// What is done to the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Both sockets are closed.
    Cut,
    /// Nothing is forwarded any more, on no connection that is open now.
    Stall,
    /// This connection goes no further until [`Relay::release`].
    Hold,
}

/// The one harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(super) at: At,
    pub(super) deed: Deed,
    /// For so long nobody gets in afterwards.
    pub(super) refuse: Duration,
}

impl Fault {
    pub(super) fn cut(at: At) -> Fault {
        Fault { at, deed: Deed::Cut, refuse: Duration::ZERO }
    }

    pub(crate) fn hold(at: At) -> Fault {
        Fault { deed: Deed::Hold, ..Fault::cut(at) }
    }
}

/// What went through, on the connections that are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) requests: usize,
    pub(super) commits: usize,
    pub(super) to_server: u64,
    pub(super) to_client: u64,
}

#[derive(Default)]
struct State {
    /// How the names of the applications begin that are meant.
    of: &'static str,
    /// The harm to come.
    fault: Option<Fault>,
    /// The harm whose hour has come.
    due: Option<Fault>,
    counts: Counts,
    struck: Option<Instant>,
    sockets: Vec<UnixStream>,
    lines: usize,
    /// Lines with a lower number are stalled.
    stalled: usize,
    /// Whether whoever shall be held still is.
    held: bool,
    closed: bool,
}

struct Exchange {
    server: PathBuf,
    state: Mutex<State>,
    closing: Condvar,
}

pub(crate) struct Relay {
    folder: TempDir,
    pub(super) url: String,
    listening: String,
    exchange: Arc<Exchange>,
}

impl Relay {
    /// A relay to the server of an address, which names a folder of unix sockets. It does no harm
    /// yet and counts everything.
    pub(crate) fn to(url: &str) -> Relay {
        let folder = TempDir::new().unwrap();
        let (host, server, socket) = socket(url);
        let listener = UnixListener::bind(folder.path().join(&socket)).unwrap();
        let own = url.replace(&host, &folder.path().display().to_string());
        let listening = folder.path().join(socket).display().to_string();
        Relay::start(folder, own, (listening, server), move || Ok(listener.accept()?.0))
    }

    /// The same, where the tool comes by TCP.
    pub(super) fn by_tcp(url: &str) -> Relay {
        let (host, server, socket) = socket(url);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let port = socket.rsplit('.').next().unwrap();
        let url = url.replace(&format!("host={host}"), "host=127.0.0.1");
        let url = url.replace(&format!("port={port}"), &format!("port={}", address.port()));
        let ends = (address.to_string(), server);
        Relay::start(TempDir::new().unwrap(), url, ends, move || {
            let client = listener.accept()?.0;
            // Else an answer in two pieces waits for an acknowledgement in between.
            client.set_nodelay(true)?;
            // What is done with it here is the same for every kind of stream socket.
            Ok(UnixStream::from(OwnedFd::from(client)))
        })
    }

    fn start(
        folder: TempDir,
        url: String,
        (listening, server): (String, PathBuf),
        accept: impl Fn() -> io::Result<UnixStream> + Send + 'static,
    ) -> Relay {
        let exchange = Exchange { server, state: Mutex::default(), closing: Condvar::new() };
        let exchange = Arc::new(exchange);
        let relay = Relay { folder, url, listening, exchange: Arc::clone(&exchange) };
        std::thread::spawn(move || {
            for number in 0.. {
                let Ok(client) = accept() else { return };
                if exchange.state().closed {
                    return;
                }
                let exchange = Arc::clone(&exchange);
                // An end of either side ends the line between them.
                std::thread::spawn(move || drop(exchange.serve(number, client)));
            }
        });
        relay
    }

    /// Counts anew, connections of applications whose names begin so, and does the harm there.
    pub(crate) fn arm(&self, of: &'static str, fault: Option<Fault>) {
        let mut state = self.exchange.state();
        (state.of, state.fault, state.due, state.struck) = (of, fault, None, None);
        state.counts = Counts::default();
    }

    pub(super) fn counts(&self) -> Counts {
        self.exchange.state().counts
    }

    /// Lets go of a connection that is held.
    pub(crate) fn release(&self) {
        self.exchange.state().held = false;
        self.exchange.closing.notify_all();
    }

    /// Waits until a command is held, or has ended before it came so far; says whether it is held.
    pub(crate) fn holds(&self, running: &mut Running) -> bool {
        wait_until("a command to be held or to end", || self.struck() || running.ended());
        self.struck()
    }

    /// Whether the harm is done.
    pub(super) fn struck(&self) -> bool {
        self.exchange.state().struck.is_some()
    }

    /// Starts a command that knows the server by the relay's address.
    pub(crate) fn start_command(&self, project: &Project, args: &[&str]) -> Running {
        let mut command = project.command(args);
        command.env("DATABASE_URL", &self.url).stdout(Stdio::piped()).stderr(Stdio::piped());
        let args = args.iter().map(ToString::to_string).collect();
        Running { child: Some(command.spawn().unwrap()), args }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let mut state = self.exchange.state();
        state.closed = true;
        for socket in &state.sockets {
            let _ = socket.shutdown(Shutdown::Both);
        }
        drop(state);
        self.exchange.closing.notify_all();
        // Wakes who listens, to see that it is over.
        let _ = match Path::new(&self.listening).is_absolute() {
            true => UnixStream::connect(&self.listening).map(drop),
            false => TcpStream::connect(&self.listening).map(drop),
        };
    }
}

/// The folder in an address, the server's socket in it, and that socket's name.
fn socket(url: &str) -> (String, PathBuf, String) {
    let of = |key: &str| url.split(' ').find_map(|part| part.strip_prefix(key)).unwrap();
    let (host, socket) = (of("host=").to_owned(), format!(".s.PGSQL.{}", of("port=")));
    let server = Path::new(&host).join(&socket);
    (host, server, socket)
}

/// One connection and its way through.
struct Line {
    number: usize,
    /// Whether harm may be done to it.
    meant: bool,
    client: UnixStream,
    server: UnixStream,
    /// The number of the request whose answer is kept; the startup is number zero.
    kept: AtomicUsize,
}

/// The end of a line.
fn over() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

impl Exchange {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn serve(&self, number: usize, mut client: UnixStream) -> io::Result<()> {
        let mut startup = frames::first(&mut client)?;
        while frames::ENCRYPT.iter().any(|request| startup[4..8] == *request) {
            client.write_all(b"N")?;
            startup = frames::first(&mut client)?;
        }
        let refused = {
            let state = self.state();
            state.struck.zip(state.due).is_some_and(|(at, fault)| at.elapsed() < fault.refuse)
        };
        if refused {
            return Err(over());
        }
        let mut server = UnixStream::connect(&self.server)?;
        server.write_all(&startup)?;
        if startup[4..8] == frames::CANCEL {
            return Ok(());
        }
        let meant = {
            let mut state = self.state();
            state.sockets.extend([client.try_clone()?, server.try_clone()?]);
            state.lines = state.lines.max(number + 1);
            frames::application(&startup).starts_with(state.of)
        };
        let line = Line { number, meant, client, server, kept: AtomicUsize::new(usize::MAX) };
        std::thread::scope(|scope| {
            scope.spawn(|| self.end(&line, self.to_server(&line)));
            self.end(&line, self.to_client(&line));
        });
        Ok(())
    }

    /// Where one direction has ended, both have.
    fn end(&self, line: &Line, _: io::Result<()>) {
        let _ = line.client.shutdown(Shutdown::Both);
        let _ = line.server.shutdown(Shutdown::Both);
    }

    fn to_server(&self, line: &Line) -> io::Result<()> {
        let mut from = BufReader::with_capacity(1 << 16, line.client.try_clone()?);
        let mut to = BufWriter::new(line.server.try_clone()?);
        let (mut message, mut held, mut number) = (Vec::new(), Vec::new(), 0);
        loop {
            let kind = frames::next(&mut from, &mut message)?;
            held.extend_from_slice(&message);
            // The parts of a request go together.
            if matches!(kind, b'P' | b'B' | b'D' | b'E' | b'C') {
                continue;
            }
            let harm = match matches!(kind, b'Q' | b'S') {
                true => {
                    number += 1;
                    self.request(line, kind == b'Q' && frames::is_commit(&message[5..]))
                }
                false => None,
            };
            match harm {
                Some((Side::Before, fault)) => self.strike(line, fault)?,
                Some((Side::After, _)) => line.kept.store(number, Ordering::SeqCst),
                Some((Side::Under, _)) | None => {}
            }
            self.pass(line, Way::ToServer, &held, &mut to)?;
            to.flush()?;
            held.clear();
            if let Some((Side::Under, fault)) = harm {
                self.strike(line, fault)?;
            }
        }
    }

    fn to_client(&self, line: &Line) -> io::Result<()> {
        let mut from = BufReader::with_capacity(1 << 16, line.server.try_clone()?);
        let mut to = BufWriter::with_capacity(1 << 16, line.client.try_clone()?);
        let (mut message, mut number) = (Vec::new(), 0);
        loop {
            let kind = frames::next(&mut from, &mut message)?;
            // The Sync in front of a COPY's data is answered by the leave to send them.
            let answered = matches!(kind, b'Z' | b'G');
            if line.kept.load(Ordering::SeqCst) == number {
                let due = self.state().due;
                match (answered, due) {
                    // Its answer is held back, and not lost.
                    (_, Some(fault)) if fault.deed == Deed::Hold => {
                        line.kept.store(usize::MAX, Ordering::SeqCst);
                        self.strike(line, fault)?;
                    }
                    (true, Some(fault)) => return self.strike(line, fault),
                    _ => continue,
                }
            }
            self.pass(line, Way::ToClient, &message, &mut to)?;
            number += usize::from(answered);
            if from.buffer().is_empty() {
                to.flush()?;
            }
        }
    }

    /// Counts a request; gives the harm that is to be done to it.
    fn request(&self, line: &Line, commit: bool) -> Option<(Side, Fault)> {
        if !line.meant {
            return None;
        }
        let mut state = self.state();
        state.counts.requests += 1;
        state.counts.commits += usize::from(commit);
        let fault = state.fault?;
        let side = match fault.at {
            At::Request(n, side) if n == state.counts.requests => side,
            At::Commit(n, side) if commit && n == state.counts.commits => side,
            _ => return None,
        };
        state.due = state.fault.take();
        Some((side, fault))
    }

    /// Hands bytes on, all of them or up to the harm.
    fn pass(&self, line: &Line, way: Way, bytes: &[u8], to: &mut impl Write) -> io::Result<()> {
        let (room, due) = {
            let mut state = self.state();
            if line.number < state.stalled {
                drop(state);
                return self.stay();
            }
            let sent = match way {
                Way::ToServer => &mut state.counts.to_server,
                Way::ToClient => &mut state.counts.to_client,
            };
            let before = *sent;
            *sent += if line.meant { bytes.len() as u64 } else { 0 };
            let sent = *sent;
            match (state.fault, sent) {
                (Some(Fault { at: At::Bytes(of, n), .. }), sent)
                    if line.meant && of == way && n <= sent =>
                {
                    state.due = state.fault.take();
                    (usize::try_from(n.saturating_sub(before)).unwrap(), state.due)
                }
                _ => (bytes.len(), None),
            }
        };
        to.write_all(&bytes[..room])?;
        match due {
            Some(fault) => {
                to.flush()?;
                self.strike(line, fault)?;
                to.write_all(&bytes[room..])
            }
            None => Ok(()),
        }
    }

    /// Does the harm. Unless the line was only held, it is over for whoever asked.
    fn strike(&self, line: &Line, fault: Fault) -> io::Result<()> {
        let mut state = self.state();
        state.struck = Some(Instant::now());
        match fault.deed {
            Deed::Cut => {
                line.client.shutdown(Shutdown::Both)?;
                line.server.shutdown(Shutdown::Both)?;
                Err(over())
            }
            Deed::Stall => {
                state.stalled = state.lines;
                drop(state);
                self.stay()
            }
            Deed::Hold => {
                state.held = true;
                let held = |state: &mut State| state.held && !state.closed;
                match self.closing.wait_while(state, held).unwrap().closed {
                    true => Err(over()),
                    false => Ok(()),
                }
            }
        }
    }

    /// Neither forwards nor closes, until the relay goes.
    fn stay(&self) -> io::Result<()> {
        let state = self.state();
        drop(self.closing.wait_while(state, |state| !state.closed).unwrap());
        Err(over())
    }
}
