//! The only way to a PostgreSQL server.
//!
//! Owns sessions, transactions, COPY streams and the settings every session has;
//! the rooms below own addresses, errors, the catalog, locks, waits and refinery's history
//! table. No other floor names the driver. What the statements mean is not known here.

pub mod catalog;
pub mod error;
pub mod history;
pub mod lock;
pub mod pause;
pub mod schema;
pub mod server;
pub mod watch;

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write};

use bytes::BytesMut;
pub use error::{PgError, ServerError};
pub use postgres::Row;
pub use postgres::types::ToSql as Param;
use postgres::types::{IsNull, Type};
use postgres::{SimpleQueryMessage, Statement};
pub use server::Server;

use crate::copy_format::TextArray;

/// Settings every session has, so that the same handler gives the same row wherever it runs.
const SESSION_SETTINGS: &str = include_str!("pg/session.sql");

/// One connection.
pub struct Session {
    client: postgres::Client,
    server: String,
    backend: i32,
    /// Statements prepared by [`Session::prepare`], by their text.
    prepared: HashMap<String, Statement>,
}

/// A statement the server has parsed already; only good for the session that made it.
#[derive(Clone)]
pub struct Prepared(Statement);

/// A transaction; rolled back when it is dropped before [`Transaction::commit`].
pub struct Transaction<'a> {
    inner: postgres::Transaction<'a>,
    server: &'a str,
}

/// A `text[]` parameter in the form it is sent.
#[derive(Debug)]
pub struct TextArrayParam<'a>(pub &'a TextArray);

impl Param for TextArrayParam<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.write(|bytes| out.extend_from_slice(bytes));
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT_ARRAY
    }

    postgres::types::to_sql_checked!();
}

/// What a prepared statement takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamType {
    /// The type's object id.
    pub oid: u32,
    /// The type as SQL text, such as `numeric` or `character varying`.
    pub sql: String,
}

/// Statements, inside or outside a transaction.
pub trait Sql {
    /// Runs a script without parameters; several statements are one round trip.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn run(&mut self, script: &str) -> Result<(), PgError>;

    /// Runs a script without parameters in one round trip; gives the last value it told, as text.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn ask(&mut self, script: &str) -> Result<Option<String>, PgError>;

    /// Runs one statement and gives its rows.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn query(&mut self, sql: &str, params: &[&(dyn Param + Sync)]) -> Result<Vec<Row>, PgError>;

    /// Runs one statement and gives the number of rows it touched.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn execute(&mut self, sql: &str, params: &[&(dyn Param + Sync)]) -> Result<u64, PgError>;

    /// Lets the server parse a statement and gives the types it inferred for its parameters.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn infer(&mut self, sql: &str) -> Result<Vec<ParamType>, PgError>;

    /// Runs a prepared statement and gives its only row.
    ///
    /// # Errors
    /// The server refuses it, the connection is lost, or there is no row.
    fn call(&mut self, prepared: &Prepared, params: &[&(dyn Param + Sync)])
    -> Result<Row, PgError>;

    /// Lets the server parse a query and gives the types of its columns.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn describe(&mut self, sql: &str) -> Result<Vec<ParamType>, PgError>;

    /// The statement's only row.
    ///
    /// # Errors
    /// As [`Sql::query`], and where there is no row.
    fn query_one(&mut self, sql: &str, params: &[&(dyn Param + Sync)]) -> Result<Row, PgError> {
        self.query(sql, params)?.into_iter().next().ok_or(PgError::NoRow)
    }

    /// The statement's first row, if there is one.
    ///
    /// # Errors
    /// As [`Sql::query`].
    fn query_opt(
        &mut self,
        sql: &str,
        params: &[&(dyn Param + Sync)],
    ) -> Result<Option<Row>, PgError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }
}

impl Session {
    /// Connects; `purpose` shows as the application's name in `pg_stat_activity`.
    ///
    /// # Errors
    /// No server, no access, or a server that is too old.
    pub fn open(server: &Server, purpose: &str) -> Result<Session, PgError> {
        let (client, backend) = server.connect(purpose)?;
        let (server, prepared) = (server.label(), HashMap::new());
        let mut session = Session { client, server, backend, prepared };
        session.run(SESSION_SETTINGS)?;
        Ok(session)
    }

    /// Takes back whatever scripts have set: timeouts, roles, the search path.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn renew(&mut self) -> Result<(), PgError> {
        self.run(&format!(
            "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n{SESSION_SETTINGS}"
        ))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn begin(&mut self) -> Result<Transaction<'_>, PgError> {
        let server = &self.server;
        let inner = self.client.transaction().map_err(|e| PgError::from_driver(e, server))?;
        Ok(Transaction { inner, server })
    }

    /// Lets the server parse a statement once for the whole session.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    pub fn prepare(&mut self, sql: &str) -> Result<Prepared, PgError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(Prepared(statement.clone()));
        }
        let result = self.client.prepare(sql);
        let statement = result.map_err(|e| PgError::from_driver(e, &self.server))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(Prepared(statement))
    }

    /// Forgets prepared statements, whose tables or functions may be others by now.
    pub fn forget_prepared(&mut self) {
        self.prepared.clear();
    }

    /// Starts `COPY ... TO STDOUT`.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    pub fn copy_out(&mut self, sql: &str) -> Result<impl BufRead + '_, PgError> {
        self.client.copy_out(sql).map_err(|e| PgError::from_driver(e, &self.server))
    }

    /// The server's address without secrets.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The process id of its backend when it was opened.
    #[must_use]
    pub fn backend(&self) -> i32 {
        self.backend
    }

    /// Turns what a COPY reader reported back into what the server said.
    #[must_use]
    pub fn copy_error(&self, error: std::io::Error) -> PgError {
        PgError::from_io(error, &self.server)
    }
}

impl<'a> Transaction<'a> {
    /// Commits.
    ///
    /// # Errors
    /// The server refuses, or the connection is lost and the outcome unknown.
    pub fn commit(self) -> Result<(), PgError> {
        let server = self.server;
        self.inner.commit().map_err(|e| PgError::from_driver(e, server))
    }

    /// Begins a savepoint; rolled back when it is dropped before its commit.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn savepoint(&mut self) -> Result<Transaction<'_>, PgError> {
        let server = self.server;
        let inner = self.inner.transaction().map_err(|e| PgError::from_driver(e, server))?;
        Ok(Transaction { inner, server })
    }

    /// Streams `feed`'s bytes through `COPY ... FROM STDIN`; gives the rows copied.
    ///
    /// # Errors
    /// The server refuses a row, the connection is lost, or `feed` fails.
    pub fn copy_in<E: From<PgError>>(
        &mut self,
        sql: &str,
        feed: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E>,
    ) -> Result<u64, E> {
        let server = self.server;
        let mut writer =
            self.inner.copy_in(sql).map_err(|e| E::from(PgError::from_driver(e, server)))?;
        feed(&mut |bytes| {
            writer.write_all(bytes).map_err(|e| E::from(PgError::from_io(e, server)))
        })?;
        writer.finish().map_err(|e| E::from(PgError::from_driver(e, server)))
    }
}

macro_rules! statements {
    ($owner:ty, $inner:ident, $server:expr) => {
        impl Sql for $owner {
            fn run(&mut self, script: &str) -> Result<(), PgError> {
                let result = self.$inner.batch_execute(script);
                result.map_err(|e| PgError::from_driver(e, &$server(self)))
            }

            fn ask(&mut self, script: &str) -> Result<Option<String>, PgError> {
                let result = self.$inner.simple_query(script);
                let messages = result.map_err(|e| PgError::from_driver(e, &$server(self)))?;
                Ok(messages.iter().rev().find_map(|message| match message {
                    SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                }))
            }

            fn query(
                &mut self,
                sql: &str,
                params: &[&(dyn Param + Sync)],
            ) -> Result<Vec<Row>, PgError> {
                let result = self.$inner.query(sql, params);
                result.map_err(|e| PgError::from_driver(e, &$server(self)))
            }

            fn execute(
                &mut self,
                sql: &str,
                params: &[&(dyn Param + Sync)],
            ) -> Result<u64, PgError> {
                let result = self.$inner.execute(sql, params);
                result.map_err(|e| PgError::from_driver(e, &$server(self)))
            }

            fn call(
                &mut self,
                prepared: &Prepared,
                params: &[&(dyn Param + Sync)],
            ) -> Result<Row, PgError> {
                let result = self.$inner.query(&prepared.0, params);
                let rows = result.map_err(|e| PgError::from_driver(e, &$server(self)))?;
                rows.into_iter().next().ok_or(PgError::NoRow)
            }

            fn describe(&mut self, sql: &str) -> Result<Vec<ParamType>, PgError> {
                let result = self.$inner.prepare(sql);
                let statement = result.map_err(|e| PgError::from_driver(e, &$server(self)))?;
                let columns = statement.columns().iter().map(|column| column.type_());
                Ok(columns.map(|t| ParamType { oid: t.oid(), sql: t.name().to_owned() }).collect())
            }

            fn infer(&mut self, sql: &str) -> Result<Vec<ParamType>, PgError> {
                let result = self.$inner.prepare(sql);
                let statement = result.map_err(|e| PgError::from_driver(e, &$server(self)))?;
                let oids: Vec<u32> = statement.params().iter().map(|t| t.oid()).collect();
                if oids.is_empty() {
                    return Ok(Vec::new());
                }
                let rows = self.query(
                    "SELECT oid, format_type(oid, NULL) FROM unnest($1::oid[]) WITH ORDINALITY AS t(oid, n) ORDER BY n",
                    &[&oids],
                )?;
                Ok(rows.iter().map(|row| ParamType { oid: row.get(0), sql: row.get(1) }).collect())
            }
        }
    };
}

statements!(Session, client, |s: &Session| s.server.clone());
statements!(Transaction<'_>, inner, |t: &Transaction<'_>| t.server.to_owned());
