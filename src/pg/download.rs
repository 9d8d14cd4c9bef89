//! COPY streams out of a server, for whoever reads a whole log.
//!
//! The driver's own session enters its runtime once for each message, which is once for each row:
//! a quarter of what a rebuild did. Here one call stays in the runtime for a whole stream, and the
//! driver gets many rows as one message.

mod gather;

use std::future::poll_fn;
use std::io::BufRead as _;
use std::pin::pin;
use std::task::Poll;

use futures_util::StreamExt as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::{Config, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, NoTlsStream, TlsStream};
use tokio_postgres::{Client, Connection, Error, NoTls, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use gather::Gathered;

use super::{PgError, Server, Session, rights, settings};

/// Where a COPY stream can come from.
pub trait CopyOut {
    /// Runs `COPY ... TO STDOUT` and hands on each piece of the stream as it comes, until `take`
    /// answers `false`.
    ///
    /// # Errors
    /// The server refuses it, the connection is lost, or `take` fails.
    fn copy_out<E: From<PgError>>(
        &mut self,
        sql: &str,
        take: impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<(), E>;
}

impl CopyOut for Session {
    fn copy_out<E: From<PgError>>(
        &mut self,
        sql: &str,
        mut take: impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<(), E> {
        let Session { client, server, place, .. } = self;
        let ours = |error| rights::named(error, place, None, sql);
        let mut copy = client.copy_out(sql).map_err(|e| ours(PgError::from_driver(e, server)))?;
        loop {
            let piece = copy.fill_buf().map_err(|e| ours(PgError::from_io(e, server)))?;
            if piece.is_empty() || !take(piece)? {
                return Ok(());
            }
            let length = piece.len();
            copy.consume(length);
        }
    }
}

/// A session that does nothing but read COPY streams.
pub struct Download {
    runtime: Runtime,
    client: Client,
    line: Line,
    server: String,
    place: Server,
}

/// A connection, of one type or another: a plain one pays nothing for the others' being.
enum Line {
    Gathered(Box<Connection<Gathered, NoTlsStream>>),
    Plain(Box<Connection<Socket, NoTlsStream>>),
    Encrypted(Box<Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>>),
}

impl Download {
    /// Connects; `purpose` shows as the application's name in `pg_stat_activity`.
    ///
    /// # Errors
    /// No server, or no access.
    pub fn open(server: &Server, purpose: &str) -> Result<Download, PgError> {
        let label = server.label();
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            PgError::Connect {
                server: label.clone(),
                reason: error.to_string(),
                code: None,
                grant: None,
                tls: None,
                met: false,
            }
        })?;
        let open = |config: &Config, connector: Option<MakeRustlsConnect>| {
            runtime.block_on(async {
                Ok(match connector {
                    None => plain(config).await?,
                    Some(connector) => {
                        let (client, connection) = config.connect(connector).await?;
                        (client, Line::Encrypted(Box::new(connection)))
                    }
                })
            })
        };
        let ask = |(client, line): &mut (Client, Line), query: &str| {
            let told = drive(&runtime, line, client.simple_query(query))?;
            Ok(last_value(&told))
        };
        let (client, line) = server.connect_by(purpose, open, ask)?;
        let place = server.clone();
        let mut download = Download { runtime, client, line, server: label, place };
        let told = download.ask(settings::OPENING)?;
        for deviation in settings::deviations(&told) {
            download
                .ask(&deviation.correction())
                .map_err(|error| deviation.refused(error, &download.server))?;
        }
        Ok(download)
    }

    /// Runs a script without parameters, such as the beginning of a transaction to read in.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    pub fn run(&mut self, script: &str) -> Result<(), PgError> {
        self.ask(script).map(drop)
    }

    /// Runs a script; gives the last value it told, as text.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    pub fn ask(&mut self, script: &str) -> Result<String, PgError> {
        let Download { runtime, client, line, server, .. } = self;
        let told = drive(runtime, line, client.simple_query(script))
            .map_err(|error| PgError::from_driver(error, server))?;
        Ok(last_value(&told))
    }
}

fn last_value(told: &[SimpleQueryMessage]) -> String {
    let last = told.iter().rev().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    last.unwrap_or_default()
}

async fn plain(config: &Config) -> Result<(Client, Line), Error> {
    // Which of several servers is meant only the driver finds out, and an error of ours it could
    // not hold: it makes the attempt again and says what is wrong.
    if config.get_target_session_attrs() == TargetSessionAttrs::Any
        && let Ok(wire) = Gathered::connect(config).await
    {
        let (client, connection) = config.connect_raw(wire, NoTls).await?;
        return Ok((client, Line::Gathered(Box::new(connection))));
    }
    let (client, connection) = config.connect(NoTls).await?;
    Ok((client, Line::Plain(Box::new(connection))))
}

impl CopyOut for Download {
    fn copy_out<E: From<PgError>>(
        &mut self,
        sql: &str,
        mut take: impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<(), E> {
        let Download { runtime, client, line, server, place } = self;
        let whole = async {
            let mut pieces = pin!(client.copy_out(sql).await?);
            while let Some(piece) = pieces.next().await.transpose()? {
                match take(&piece) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => return Ok(Err(error)),
                }
            }
            Ok(Ok(()))
        };
        drive(runtime, line, whole).map_err(|e| {
            E::from(rights::named(PgError::from_driver(e, server), place, None, sql))
        })?
    }
}

/// Waits for something while the connection is looked after.
fn drive<T>(
    runtime: &Runtime,
    line: &mut Line,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match line {
        Line::Gathered(connection) => runtime.block_on(beside(connection, work)),
        Line::Plain(connection) => runtime.block_on(beside(connection, work)),
        Line::Encrypted(connection) => runtime.block_on(beside(connection, work)),
    }
}

async fn beside<W: AsyncRead + AsyncWrite + Unpin, S: TlsStream + Unpin, T>(
    connection: &mut Connection<W, S>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut work = pin!(work);
    poll_fn(|cx| {
        loop {
            match connection.poll_message(cx) {
                // Notices and such.
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(None) | Poll::Pending => return work.as_mut().poll(cx),
            }
        }
    })
    .await
}
