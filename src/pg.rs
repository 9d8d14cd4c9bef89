//! The only way to a PostgreSQL server.
//!
//! Owns sessions, transactions, COPY streams and the settings every session has;
//! the rooms below own addresses, TLS, errors, the catalog, locks, waits and refinery's history
//! table. No other floor names the driver. What the statements mean is not known here.

mod address;
pub mod catalog;
pub mod cells;
pub mod citus;
mod connect;
pub mod disk;
pub mod download;
pub mod error;
pub mod failpoint;
pub mod footprint;
pub mod history;
mod leftovers;
mod library;
pub mod lock;
pub mod notice;
pub mod owner;
pub mod pause;
mod pooler;
pub mod reconnect;
pub mod replicas;
mod rights;
pub mod schema;
pub mod search_path;
pub mod server;
pub mod settings;
pub mod snapshots;
pub mod tls;
mod transaction;
pub mod types;
pub mod watch;

use std::collections::HashMap;
use std::error::Error;

pub use address::Surroundings;
use bytes::BytesMut;
pub use download::{CopyOut, Download};
pub use error::{PgError, ServerError};
pub use notice::Notice;
pub use postgres::Row;
pub use postgres::types::ToSql as Param;
use postgres::types::{IsNull, Type};
use postgres::{SimpleQueryMessage, Statement};
pub use server::Server;
pub use settings::SettingError;
pub use tls::{TlsFileError, TlsTrouble};
pub use transaction::Transaction;

use crate::copy_format::TextArray;
use crate::ident::Ident;

/// Takes back whatever scripts have set: timeouts, roles, the search path; and what they have left that goes
/// with a session: temporary objects, cursors, channels they listen to, the last values of sequences.
const RENEWAL: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n\
    CLOSE ALL; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES;\n";

/// One connection.
pub struct Session {
    client: postgres::Client,
    server: String,
    /// How another connection with the same rights is made.
    place: Server,
    backend: server::Backend,
    notices: notice::Notices,
    /// Statements prepared by [`Session::prepare`], by their text.
    prepared: HashMap<String, Statement>,
    /// The role that a script has taken on: what it lacks is another's lack.
    role: Option<String>,
}

/// A statement the server has parsed already; only good for the session that made it.
#[derive(Clone)]
pub struct Prepared(Statement);

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

/// The type of what a prepared query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnType {
    /// The type's object id.
    pub oid: u32,
    /// The type's name.
    pub sql: String,
}

/// A column of what a query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultColumn {
    /// Its name.
    pub name: String,
    /// The table's object id and the number of its column, if it is one of a table and no expression.
    pub origin: Option<(u32, i16)>,
}

/// What the server is told of a parameter's type before it parses a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// Nothing: it infers one.
    Guess,
    /// `bigint`
    Bigint,
    /// `integer`
    Integer,
    /// `text`
    Text,
    /// `timestamp with time zone`
    Timestamptz,
    /// `jsonb`
    Jsonb,
}

impl Declared {
    /// The type as `format_type` prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Declared::Guess => "unknown",
            Declared::Bigint => "bigint",
            Declared::Integer => "integer",
            Declared::Text => "text",
            Declared::Timestamptz => "timestamp with time zone",
            Declared::Jsonb => "jsonb",
        }
    }

    /// A declared `unknown` is to the server what is not declared (`variable_paramref_hook` in
    /// `parse_param.c`).
    fn of_driver(self) -> Type {
        match self {
            Declared::Guess => Type::UNKNOWN,
            Declared::Bigint => Type::INT8,
            Declared::Integer => Type::INT4,
            Declared::Text => Type::TEXT,
            Declared::Timestamptz => Type::TIMESTAMPTZ,
            Declared::Jsonb => Type::JSONB,
        }
    }
}

/// Statements, inside or outside a transaction.
pub trait Sql {
    /// The session they run in.
    fn session(&mut self) -> &mut Session;

    /// The schema of the ledger they work with.
    fn ledger(&self) -> &Ident;

    /// Runs a script without parameters; several statements are one round trip.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn run(&mut self, script: &str) -> Result<(), PgError> {
        self.session().with(script, |client| client.batch_execute(script))
    }

    /// Runs one statement without parameters, in one round trip: a text that holds a second one is
    /// refused by the server itself, and nothing of it runs.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn run_one(&mut self, statement: &str) -> Result<(), PgError> {
        let session = self.session();
        session.with(statement, |client| client.execute_typed(statement, &[]))?;
        if let Some(role) = rights::taken_on(statement) {
            session.role = role;
        }
        Ok(())
    }

    /// Runs a script without parameters in one round trip; gives the last value it told, as text.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn ask(&mut self, script: &str) -> Result<Option<String>, PgError> {
        let messages = self.session().with(script, |client| client.simple_query(script))?;
        Ok(messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    /// Runs one statement and gives its rows.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn query(&mut self, sql: &str, params: &[&(dyn Param + Sync)]) -> Result<Vec<Row>, PgError> {
        self.session().with(sql, |client| client.query(sql, params))
    }

    /// Runs one statement and gives the number of rows it touched.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn execute(&mut self, sql: &str, params: &[&(dyn Param + Sync)]) -> Result<u64, PgError> {
        self.session().with(sql, |client| client.execute(sql, params))
    }

    /// Lets the server parse a statement and gives the types of its parameters by their object
    /// ids: those that are declared, by their number, and what it infers for the others.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn infer(&mut self, sql: &str, declared: &[Declared]) -> Result<Vec<u32>, PgError> {
        let types: Vec<Type> = declared.iter().map(|declared| declared.of_driver()).collect();
        let statement = self.session().with(sql, |client| client.prepare_typed(sql, &types))?;
        Ok(statement.params().iter().map(Type::oid).collect())
    }

    /// Runs a prepared statement and gives its only row.
    ///
    /// # Errors
    /// The server refuses it, the connection is lost, or there is no row.
    fn call(
        &mut self,
        prepared: &Prepared,
        params: &[&(dyn Param + Sync)],
    ) -> Result<Row, PgError> {
        let rows = self.session().with("", |client| client.query(&prepared.0, params))?;
        rows.into_iter().next().ok_or(PgError::NoRow)
    }

    /// Lets the server parse a query and gives the types of its columns.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn describe(&mut self, sql: &str) -> Result<Vec<ColumnType>, PgError> {
        let statement = self.session().with(sql, |client| client.prepare(sql))?;
        let columns = statement.columns().iter().map(|column| column.type_());
        Ok(columns.map(|t| ColumnType { oid: t.oid(), sql: t.name().to_owned() }).collect())
    }

    /// Lets the server parse a query and says where its columns come from.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    fn columns(&mut self, sql: &str) -> Result<Vec<ResultColumn>, PgError> {
        let statement = self.session().with(sql, |client| client.prepare(sql))?;
        let columns = statement.columns().iter().map(|column| ResultColumn {
            name: column.name().to_owned(),
            origin: column.table_oid().zip(column.column_id()),
        });
        Ok(columns.collect())
    }

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

impl Sql for Session {
    fn session(&mut self) -> &mut Session {
        self
    }

    fn ledger(&self) -> &Ident {
        self.place.ledger()
    }
}

impl Session {
    /// Connects; `purpose` shows as the application's name in `pg_stat_activity`.
    ///
    /// # Errors
    /// No server, no access, a server that is too old, or a pooler in between that runs each
    /// transaction in another session.
    pub fn open(server: &Server, purpose: &str) -> Result<Session, PgError> {
        let mut session = Session::connect(server, purpose)?;
        // Before anything is set or prepared, which others would find in a session of the pool.
        session.should_be_direct()?;
        session.settle("")?;
        Ok(session)
    }

    /// Connects, and sets nothing.
    fn connect(server: &Server, purpose: &str) -> Result<Session, PgError> {
        let (client, backend, notices) = server.connect(purpose)?;
        let (label, prepared) = (server.label(), HashMap::new());
        let place = server.clone();
        Ok(Session { client, server: label, place, backend, notices, prepared, role: None })
    }

    /// Gives the session the settings that every session has, behind a script that clears others.
    fn settle(&mut self, clear: &str) -> Result<(), PgError> {
        let told = self.ask(&format!("{clear}{}", settings::OPENING))?.unwrap_or_default();
        self.correct(&told)
    }

    /// Sets what is not as it must be, as the server has told.
    fn correct(&mut self, told: &str) -> Result<(), PgError> {
        for deviation in settings::deviations(told) {
            self.run(&deviation.correction())
                .map_err(|error| deviation.refused(error, &self.server))?;
        }
        if self.has_citus() { self.run(citus::OPENING) } else { Ok(()) }
    }

    /// Another session with the same server, as the same role.
    ///
    /// # Errors
    /// No server, or no access.
    pub fn another(&self, purpose: &str) -> Result<Session, PgError> {
        Session::open(&self.place, purpose)
    }

    /// Takes back whatever scripts have set or left in the session: timeouts, roles, the search path, temporary
    /// objects, statements they have prepared, advisory locks.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn renew(&mut self) -> Result<(), PgError> {
        self.renew_and_ask("", "SELECT ''").map(drop)
    }

    /// The same with a script behind it, and a query for one text behind that, in one round trip. Gives the
    /// text, which is empty for NULL.
    ///
    /// # Errors
    /// The server refuses the script, or the connection is lost.
    pub fn renew_and_ask(&mut self, script: &str, query: &str) -> Result<String, PgError> {
        self.role = None;
        let (pinned, checked) = (settings::PINNED, settings::CHECKED);
        let left = leftovers::query();
        let told = self.ask(&format!(
            "{RENEWAL}{pinned}\n{script}\nSELECT pg_catalog.concat_ws(E'\\x1e', COALESCE((\n{query}\n), ''), \
             COALESCE((\n{checked}\n), ''), COALESCE((\n{left}\n), ''))"
        ))?;
        let told = told.unwrap_or_default();
        let mut parts = told.split('\x1e');
        let mut next = || parts.next().unwrap_or_default();
        let (answer, deviations, statements) = (next(), next(), next());
        self.correct(deviations)?;
        leftovers::take_away(self, statements)?;
        Ok(answer.to_owned())
    }

    /// What a setting would be without our own: the role's, the database's or the server's.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn session_default(&mut self, setting: &str) -> Result<String, PgError> {
        let sql = "SELECT reset_val || COALESCE(' ' || unit, '') FROM pg_settings WHERE name = $1";
        Ok(self.query_one(sql, &[&setting])?.get(0))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn begin(&mut self) -> Result<Transaction<'_>, PgError> {
        Ok(self.begin_and_ask("")?.0)
    }

    /// Begins a transaction with a script, in one round trip; gives the last value it told.
    ///
    /// # Errors
    /// The server refuses the script, which leaves no transaction, or the connection is lost.
    pub fn begin_and_ask(
        &mut self,
        script: &str,
    ) -> Result<(Transaction<'_>, Option<String>), PgError> {
        // What an earlier one took on went with it, or was given back.
        self.role = None;
        let mut transaction =
            Transaction { session: self, depth: 0, open: true, with_commit: String::new() };
        let told = transaction.ask(&format!("BEGIN;{script}"))?;
        Ok((transaction, told))
    }

    /// What the server has said beside its answers since it was asked last, at most a hundred.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.notices.take()
    }

    /// Lets the driver do something; its errors are ours, and name the right that is missing.
    fn with<T>(
        &mut self,
        sql: &str,
        work: impl FnOnce(&mut postgres::Client) -> Result<T, postgres::Error>,
    ) -> Result<T, PgError> {
        work(&mut self.client).map_err(|error| {
            let error = PgError::from_driver(error, &self.server);
            rights::named(error, &self.place, self.role.as_deref(), sql)
        })
    }

    /// Lets the server parse a statement once for the whole session.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    pub fn prepare(&mut self, sql: &str) -> Result<Prepared, PgError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(Prepared(statement.clone()));
        }
        let statement = self.with(sql, |client| client.prepare(sql))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(Prepared(statement))
    }

    /// Runs a statement that is prepared once for the whole session, and gives its rows.
    ///
    /// # Errors
    /// The server refuses it or the connection is lost.
    pub fn query_prepared(
        &mut self,
        sql: &str,
        params: &[&(dyn Param + Sync)],
    ) -> Result<Vec<Row>, PgError> {
        let Prepared(statement) = self.prepare(sql)?;
        self.with(sql, |client| client.query(&statement, params))
    }

    /// Forgets prepared statements, whose tables or functions may be others by now.
    pub fn forget_prepared(&mut self) {
        self.prepared.clear();
    }

    /// The server's address without secrets.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The process id of its backend when it was opened.
    #[must_use]
    pub fn backend(&self) -> i32 {
        self.backend.pid
    }

    /// Whether its server was a standby when it was opened.
    #[must_use]
    pub fn is_standby(&self) -> bool {
        self.backend.is_standby
    }

    /// Whether its database had the extension Citus when it was opened.
    #[must_use]
    pub fn has_citus(&self) -> bool {
        self.backend.has_citus
    }

    /// Lets commits return before they are on disk, where rows and checkpoint are of one server: a crash
    /// takes both or none. Citus tells other servers to commit as soon as this one has, so there nothing
    /// may be lost that was told.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn commit_lazily(&mut self) -> Result<(), PgError> {
        if self.has_citus() { Ok(()) } else { self.run("SET synchronous_commit = off") }
    }

    /// The session, if its server takes writes.
    ///
    /// # Errors
    /// As [`Session::must_write`].
    pub fn to_write(mut self) -> Result<Session, PgError> {
        self.must_write()?;
        Ok(self)
    }

    /// Refuses a server that takes no writes. Every command that changes something comes by here.
    ///
    /// # Errors
    /// It is a standby, or read-only; or a pooler is in between, or no other connection can be had to
    /// find that out.
    pub fn must_write(&mut self) -> Result<(), PgError> {
        let server::Backend { is_read_only, is_standby, .. } = self.backend;
        if is_read_only {
            return Err(PgError::ReadOnly { server: self.server.clone(), is_standby });
        }
        self.must_be_direct()
    }
}
