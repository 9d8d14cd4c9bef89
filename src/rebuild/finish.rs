//! The end of a replay: what was put off is done, and statistics are renewed.
//!
//! Each statement leaves the ledger's list in the transaction that runs it, so a killed
//! rebuild goes on with the next one. Two sessions share them: an index is sorted by a core or
//! two, and a key is an index with a moment of more.

use super::RebuildError;
use crate::handler::function::NAME;
use crate::ledger::{self, Build};
use crate::migrate;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql, catalog};
use crate::replay::feed::analyze;
use crate::replay::parallel::share;

/// Runs the statements, each behind `hold`, which may wait; remembers the catalog they make, and analyses the tables.
///
/// # Errors
/// The server refuses.
pub(super) fn finish(
    session: &mut Session,
    build: &Build,
    sessions: usize,
    hold: &(dyn Fn(&mut Session) -> Result<(), RebuildError> + Sync),
) -> Result<(), RebuildError> {
    let of = ("finish", build, sessions);
    let steps = ledger::finish_steps(session, build.id)?;
    share(session, of, steps, |session, number| {
        hold(session)?;
        run(session, build, number).map_err(|error| explained(session, error))
    })?;
    let mut transaction = session.begin()?;
    migrate::record(&mut transaction, &build.schema)?;
    transaction.commit("finish::record")?;
    let tables = catalog::tables(session, &build.schema)?;
    share(session, of, tables, |session, table| {
        let analysed = analyze(session, build, &table.name);
        analysed.map_err(|error| explained(session, error.into()))
    })?;
    Ok(())
}

/// Runs a statement, unless somebody else has.
fn run(session: &mut Session, build: &Build, number: i64) -> Result<(), RebuildError> {
    let mut transaction = session.begin()?;
    if let Some(statement) = ledger::take_finish_step(&mut transaction, build.id, number)? {
        // Functions that an index calls find what they name, as when the table was made. PostgreSQL 17 and later
        // do not heed it, and neither do they when they analyse; then it is told how a function helps itself.
        SearchPath::of(&mut transaction, &build.schema, NAME)?.set(&mut transaction)?;
        transaction.run(&statement)?;
        transaction.commit("finish::step")?;
    }
    Ok(())
}

/// What helps where an index calls a function that finds what it names by a search path.
const NAMES_NO_SCHEMA: &str = "PostgreSQL 17 and later make and analyse indexes with the search path pg_catalog, pg_temp, whatever the \
     session's is: let each function that an index calls keep a path of its own, with SET search_path FROM CURRENT in its CREATE FUNCTION";

/// The same with what helps, where a function was called that finds its names no more.
fn explained(session: &mut Session, error: RebuildError) -> RebuildError {
    // Functions, tables, types, columns and schemas that are not there (PostgreSQL manual, appendix A).
    const MISSING: [&str; 5] = ["42883", "42P01", "42704", "42703", "3F000"];
    match error {
        RebuildError::Pg(PgError::Server(mut refused))
            if MISSING.contains(&&*refused.code)
                && refused.context.is_some()
                && session.ask(IS_17).is_ok_and(|is| is.as_deref() == Some("t")) =>
        {
            refused.hint = Some(NAMES_NO_SCHEMA.to_owned());
            RebuildError::Pg(PgError::Server(refused))
        }
        other => other,
    }
}

const IS_17: &str =
    "SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 170000";
