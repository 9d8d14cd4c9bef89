//! Citus: tables that lie on several nodes, and what a commit is there.
//!
//! The coordinator keeps the ledger, and rows lie on workers, so rows and checkpoint are one transaction
//! only where Citus commits in two phases, and where nobody reads before the second phase is over:
//!
//! - A transaction that has changed rows over one connection alone is committed on that worker **before** it
//!   is committed on the coordinator. A crash in between would leave rows without their checkpoint. So each
//!   transaction that moves a checkpoint runs [`two_phase`] first, after which Citus prepares everywhere.
//! - A worker that goes away at the commit keeps the transaction prepared, while the coordinator says that it is
//!   committed. Until Citus takes it up again, the rows are those of before. So rows that are read in order to be
//!   changed are waited for first ([`settle`]).
//! - The second phase follows the coordinator's commit at once. One that is not on disk when the coordinator
//!   crashes would be committed on workers alone ([`super::Session::commit_lazily`], `OPENING`).
//!
//! Nothing here asks a server that has no Citus.

use std::time::{Duration, Instant};

use super::failpoint;
use super::pause::Pause;
use super::settings::SettingError;
use super::{PgError, ServerError, Sql};
use crate::ident::{Ident, quote_ident, quote_literal};

/// What a session sets besides: a commit that was told is on disk, whatever the role or the server says.
pub(super) const OPENING: &str = "SELECT pg_catalog.set_config('synchronous_commit', 'on', false) \
     WHERE pg_catalog.current_setting('synchronous_commit') = 'off'";

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// After so long Citus is asked to take up what is left prepared; it does so by itself once a minute
/// (`citus.recover_2pc_interval`).
const PROMPT: Duration = Duration::from_millis(200);
/// How long a transaction may stay prepared.
const PATIENCE: Duration = Duration::from_secs(150);

/// A table that Citus keeps on other nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpreadTable {
    /// Its object id.
    oid: u32,
    /// Its name.
    pub name: Ident,
    /// The column that tells the node; a reference table, which is whole on every node, has none.
    pub column: Option<Ident>,
    /// The column that a row is never without, as SQL, and its type.
    filler: (String, String),
}

/// The tables of a schema that Citus keeps on other nodes, by name.
///
/// # Errors
/// The server refuses.
pub fn tables(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<SpreadTable>, PgError> {
    if !sql.session().has_citus() {
        return Ok(Vec::new());
    }
    let rows = sql.query(include_str!("citus/tables.sql"), &[&schema.quoted()])?;
    let named = |name: String| Ident::new(name).expect("the catalog holds valid names");
    let table = rows.iter().map(|row| SpreadTable {
        oid: row.get(4),
        name: named(row.get(0)),
        column: row.get::<_, Option<String>>(1).map(named),
        filler: (quote_ident(row.get(2)), row.get(3)),
    });
    Ok(table.collect())
}

/// A statement that changes nothing, and after which Citus commits the transaction in two phases whatever
/// else it does; nothing where a schema has only tables of its own server. Rows from a query reach a spread
/// table by way of COPY, which always commits so.
///
/// # Errors
/// The server refuses.
pub fn two_phase(sql: &mut impl Sql, schema: &Ident) -> Result<Option<String>, PgError> {
    let tables = match failpoint::is_without("two_phases") {
        true => Vec::new(),
        false => tables(sql, schema)?,
    };
    let statement = |table: &SpreadTable| {
        let (column, ty) = &table.filler;
        let name = schema.dot(&table.name);
        format!("INSERT INTO {name} ({column}) SELECT NULL::{ty} WHERE false")
    };
    Ok(tables.first().map(statement))
}

/// The shards of tables, as SQL text; none of a table that is its server's own.
///
/// # Errors
/// The server refuses.
pub fn shards(sql: &mut impl Sql, tables: &[u32]) -> Result<Vec<String>, PgError> {
    if !sql.session().has_citus() {
        return Ok(Vec::new());
    }
    let rows = sql.query(include_str!("citus/shards.sql"), &[&tables])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Whether the server is the coordinator, and no worker of it.
///
/// # Errors
/// The server refuses.
pub fn is_coordinator(sql: &mut impl Sql) -> Result<bool, PgError> {
    let group =
        "SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_dist_local_group WHERE groupid <> 0)";
    Ok(sql.query_one(group, &[])?.get(0))
}

/// The transactions that are prepared on a worker and hold a lock on one of these shards there: the worker and
/// the transaction's name.
///
/// # Errors
/// A worker does not answer.
pub fn prepared(sql: &mut impl Sql, shards: &[String]) -> Result<Vec<(String, String)>, PgError> {
    let shards: Vec<String> = shards.iter().map(|shard| quote_literal(shard)).collect();
    let question = include_str!("citus/prepared.sql").replace("{shards}", &shards.join(", "));
    let answers = on_workers(sql, &question)?;
    let one = |(worker, gids): (String, String)| {
        gids.lines().map(|gid| (worker.clone(), gid.to_owned())).collect::<Vec<_>>()
    };
    Ok(answers.into_iter().flat_map(one).collect())
}

/// Makes a transaction ready to change rows of a schema together with the ledger: nothing is left prepared, and it is
/// committed in two phases.
///
/// # Errors
/// As [`settle`].
pub fn begin_rows(sql: &mut impl Sql, schema: &Ident) -> Result<(), PgError> {
    settle(sql, schema)?;
    match two_phase(sql, schema)? {
        Some(statement) => sql.run(&statement),
        None => Ok(()),
    }
}

/// Waits until no worker has a transaction that is prepared and wrote to a schema's tables: until then a
/// worker shows rows that the checkpoint is past.
///
/// # Errors
/// A worker does not answer, which is a loss of a server like any other; or a transaction stays prepared.
pub fn settle(sql: &mut impl Sql, schema: &Ident) -> Result<(), PgError> {
    let oids: Vec<u32> = tables(sql, schema)?.iter().map(|table| table.oid).collect();
    if oids.is_empty() || failpoint::is_without("settled_workers") {
        return Ok(());
    }
    let shards = shards(sql, &oids)?;
    let (began, mut pause, mut prompted) =
        (Instant::now(), Pause::new(FIRST_PAUSE, LONGEST_PAUSE), false);
    loop {
        let Some((worker, gid)) = prepared(sql, &shards)?.into_iter().next() else {
            return Ok(());
        };
        if began.elapsed() > PATIENCE {
            return Err(refused(format!(
                "the transaction {gid} stays prepared on the worker {worker} of Citus"
            )));
        }
        if began.elapsed() > PROMPT && !prompted {
            prompted = true;
            recover(sql)?;
        }
        pause.sleep();
    }
}

/// Refuses workers whose sessions give statements another meaning than ours do: what is sent there is read and printed
/// by their settings. Only where a schema has spread tables.
///
/// # Errors
/// A worker has another setting, or does not answer.
pub fn must_agree(sql: &mut impl Sql, schema: &Ident) -> Result<(), PgError> {
    if tables(sql, schema)?.is_empty() {
        return Ok(());
    }
    let question = include_str!("citus/settings.sql");
    let ours = sql.ask(question)?.unwrap_or_default();
    for (worker, theirs) in on_workers(sql, question)? {
        for (wanted, found) in ours.lines().zip(theirs.lines()) {
            if wanted == found {
                continue;
            }
            let (name, wanted) = wanted.split_once('=').unwrap_or((wanted, ""));
            let (_, found) = found.split_once('=').unwrap_or(("", found));
            return Err(PgError::Setting(Box::new(SettingError {
                remedy: format!(
                    "on {worker}: ALTER SYSTEM SET {name} = '{wanted}'; SELECT pg_reload_conf();"
                ),
                server: format!("the worker {worker} of Citus"),
                name: name.to_owned(),
                wanted: wanted.to_owned(),
                found: found.to_owned(),
            })));
        }
    }
    Ok(())
}

/// What each worker answers to a question for one value, with the worker's address.
///
/// # Errors
/// A worker does not answer.
pub fn on_workers(sql: &mut impl Sql, question: &str) -> Result<Vec<(String, String)>, PgError> {
    let rows = sql.query(include_str!("citus/on_workers.sql"), &[&question])?;
    let answer = |row: &super::Row| {
        let (worker, success): (String, bool) = (row.get(0), row.get(1));
        let answer = row.get::<_, Option<String>>(2).unwrap_or_default();
        match success {
            true => Ok((worker, answer)),
            false => {
                Err(refused(format!("the worker {worker} of Citus does not answer: {answer}")))
            }
        }
    };
    rows.iter().map(answer).collect()
}

/// Has Citus take up transactions that were left prepared, if the role may. In a session of its own: what it
/// locks and writes is not for the caller's transaction.
fn recover(sql: &mut impl Sql) -> Result<(), PgError> {
    let may = "SELECT pg_catalog.has_function_privilege('pg_catalog.recover_prepared_transactions()', 'EXECUTE')";
    if sql.query_one(may, &[])?.get(0) {
        let mut session = sql.session().another("recover prepared transactions")?;
        if let Err(error) = session.run("SELECT pg_catalog.recover_prepared_transactions()") {
            tracing::debug!(%error, "Citus does it by itself");
        }
    }
    Ok(())
}

/// Whether a node went away while a transaction was prepared on it: Citus says so as an internal error.
pub(super) fn is_of_a_node(error: &ServerError) -> bool {
    error.code == "XX000" && error.message.starts_with("failure on connection marked as essential")
}

/// The refusal by a node behind the server, as Citus itself words it in statements (SQLSTATE 08006).
fn refused(message: String) -> PgError {
    PgError::Server(Box::new(ServerError {
        code: "08006".into(),
        message,
        detail: None,
        hint: Some(
            "SELECT recover_prepared_transactions(); as a superuser, once every worker runs".into(),
        ),
        position: None,
        context: None,
        table: None,
        constraint: None,
        grant: None,
        library: None,
    }))
}
