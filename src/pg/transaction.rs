//! A transaction, or a savepoint in one.

use std::io::Write as _;

use super::{PgError, Session, Sql, failpoint, rights};
use crate::ident::Ident;

/// A transaction, or a savepoint in one; rolled back when it is dropped before
/// [`Transaction::commit`].
pub struct Transaction<'a> {
    pub(super) session: &'a mut Session,
    /// How many transactions it lies in: none, or it is a savepoint.
    pub(super) depth: u32,
    pub(super) open: bool,
    /// Statements that run with the COMMIT, in its round trip.
    pub(super) with_commit: String,
}

impl Sql for Transaction<'_> {
    fn session(&mut self) -> &mut Session {
        self.session
    }

    fn ledger(&self) -> &Ident {
        self.session.place.ledger()
    }
}

impl Transaction<'_> {
    /// Takes back the settings that scripts have made, from here on and behind the commit. The role
    /// stays.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn renew_settings(&mut self) -> Result<(), PgError> {
        self.session.settle("RESET ALL;\n")
    }

    /// Commits; `what` names the commit among the failpoints.
    ///
    /// # Errors
    /// The server refuses, or the connection is lost and the outcome unknown.
    pub fn commit(mut self, what: &'static str) -> Result<(), PgError> {
        failpoint::around(what, || {
            self.open = !self.with_commit.is_empty();
            let script = format!("{}COMMIT", std::mem::take(&mut self.with_commit));
            self.run(&script).map_err(PgError::of_commit)?;
            self.open = false;
            Ok(())
        })
    }

    /// Leaves statements to the round trip of the COMMIT; what runs until then does not see what they do.
    pub fn run_with_commit(&mut self, script: &str) {
        self.with_commit.push_str(script);
        self.with_commit.push('\n');
    }

    /// Keeps what happened since the savepoint.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn release(mut self) -> Result<(), PgError> {
        self.open = false;
        self.run(&format!("RELEASE SAVEPOINT sp_{}", self.depth))
    }

    /// Begins a savepoint; rolled back when it is dropped before its commit.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn savepoint(&mut self) -> Result<Transaction<'_>, PgError> {
        let depth = self.depth + 1;
        self.run(&format!("SAVEPOINT sp_{depth}"))?;
        Ok(Transaction { session: self.session, depth, open: true, with_commit: String::new() })
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
        let Session { client, server, place, role, .. } = &mut *self.session;
        let role = role.as_deref();
        let ours =
            |error| E::from(rights::named(PgError::from_driver(error, server), place, role, sql));
        let mut writer = client.copy_in(sql).map_err(ours)?;
        feed(&mut |bytes| {
            let named = |e| rights::named(PgError::from_io(e, server), place, role, sql);
            writer.write_all(bytes).map_err(|e| E::from(named(e)))
        })?;
        writer.finish().map_err(ours)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        // A connection that is lost has rolled back already.
        let _ = match self.depth {
            0 => self.run("ROLLBACK"),
            depth => {
                self.run(&format!("ROLLBACK TO SAVEPOINT sp_{depth}; RELEASE SAVEPOINT sp_{depth}"))
            }
        };
    }
}
