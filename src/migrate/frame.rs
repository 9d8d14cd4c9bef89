//! What a file runs in: the transaction that it may not change, what it has changed of it, and where names
//! are looked up.

use crate::handler::function::NAME;
use crate::ident::{Ident, quote_literal};
use crate::pg::lock::{self, Begun};
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Sql, Transaction};
use crate::revision::EVENT_STORE;

/// What a file that runs in a transaction may not change.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The transaction.
    pub(super) begun: Begun,
    /// The statements that set its timeouts.
    pub(super) timeouts: String,
    /// Whether the session still holds the locks it held: an expression.
    pub(super) locked: String,
}

/// What a file has changed of its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breach {
    /// The transaction ended.
    Ended,
    /// A lock that keeps other runs out is gone.
    Unlocked,
    /// The transaction takes no more writes.
    ReadOnly,
    /// Rows of the history are others.
    History,
}

impl Frame {
    /// The frame of a transaction that has begun.
    pub(crate) fn of(transaction: &mut Transaction<'_>) -> Result<Frame, PgError> {
        let held = transaction.ask(lock::HELD)?.unwrap_or_default();
        let locked = format!("({}) = {}", lock::HELD, quote_literal(&held));
        Ok(Frame { begun: Begun::of(transaction)?, timeouts: String::new(), locked })
    }

    /// What is not as it was, if anything; the timeouts are ours again.
    pub(super) fn breach(
        &self,
        transaction: &mut Transaction<'_>,
    ) -> Result<Option<Breach>, PgError> {
        let ours = include_str!("timeouts.sql");
        let asked = format!("{ours}{}{}", self.timeouts, self.question());
        Ok(Breach::told(&transaction.ask(&asked)?.unwrap_or_default()))
    }

    /// Asks for a breach.
    pub(super) fn question(&self) -> String {
        format!(
            "SELECT CASE WHEN pg_catalog.pg_current_xact_id()::pg_catalog.text <> {} THEN 'ended' \
             WHEN pg_catalog.current_setting('transaction_read_only') = 'on' THEN 'read only' \
             WHEN NOT ({}) THEN 'unlocked' END",
            quote_literal(&self.begun.number),
            self.locked
        )
    }
}

impl Breach {
    pub(super) fn told(told: &str) -> Option<Breach> {
        match told {
            "ended" => Some(Breach::Ended),
            "read only" => Some(Breach::ReadOnly),
            "unlocked" => Some(Breach::Unlocked),
            "history" => Some(Breach::History),
            _ => None,
        }
    }
}

/// The setting that lets a revision name its own tables without their schema. Temporary objects come
/// last: without a word they would come first.
pub(super) fn search_path(schema: &Ident) -> String {
    format!("SET LOCAL search_path = {}, pg_temp;", schema.quoted())
}

/// The search path of a lineage's revisions.
pub(crate) fn ddl_path(
    sql: &mut impl Sql,
    lineage: &str,
    schema: &Ident,
) -> Result<String, PgError> {
    match lineage {
        EVENT_STORE => Ok(format!("{}, pg_temp", schema.quoted())),
        _ => Ok(SearchPath::of(sql, schema, NAME)?.of_ddl),
    }
}
