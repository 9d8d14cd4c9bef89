//! Assertions: the queries of `checks.sql`, each of which must return no row.

use std::fmt::Write as _;

use super::parallel::share;
use super::sql::ProgramError;
use crate::copy_format::{LineCutter, fields, value};
use crate::definition::Definition;
use crate::handler::Check;
use crate::handler::function::NAME;
use crate::ledger::Build;
use crate::pg::search_path::SearchPath;
use crate::pg::{CopyOut as _, PgError, ResultColumn, Session, Sql, catalog};
use crate::visible::one_line;

/// Why assertions could not be run.
#[derive(Debug, thiserror::Error)]
pub enum AssertionError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The definition cannot be read.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A query fails.
    #[error("{place}: the check {name:?} cannot be run: {source}")]
    Query {
        /// The projection.
        projection: String,
        /// Its name.
        name: String,
        /// `file:line:column` of the query.
        place: String,
        /// What the server said.
        source: Box<PgError>,
    },
}

/// How many of the rows that break an assertion are kept.
const SHOWN: usize = 10;

/// An assertion that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its name.
    pub name: String,
    /// `file:line:column` of the query.
    pub place: String,
    /// How many rows it returned.
    pub rows: usize,
    /// The first of them.
    pub first: Vec<Vec<Cell>>,
}

/// A value that an assertion returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The column.
    pub column: String,
    /// The value, as PostgreSQL prints it; `None` is NULL.
    pub value: Option<String>,
    /// Whether it is a column of a key of one of the build's tables, and no other value.
    pub is_key: bool,
}

/// Assertions that do not hold, with keys of the rows that break them, in lines; values of other columns only
/// with `with_values`.
#[must_use]
pub fn lines_of(broken: &[Broken], with_values: bool) -> String {
    let mut text = String::new();
    for Broken { name, place, rows, first } in broken {
        let what = if *rows == 1 { "row" } else { "rows" };
        let _ = writeln!(text, "{place}: {}: broken by {rows} {what}", one_line(name));
        let mut unkeyed = false;
        for row in first {
            let shown = row.iter().filter(|cell| cell.is_key || with_values);
            let part = |cell: &Cell| {
                let value = cell.value.as_deref().map_or("NULL".into(), one_line);
                format!("{}={value}", one_line(&cell.column))
            };
            let parts: Vec<String> = shown.map(part).collect();
            unkeyed |= parts.is_empty();
            if !parts.is_empty() {
                let _ = writeln!(text, "  {}", parts.join(" "));
            }
        }
        if unkeyed {
            text.push_str(
                "  it returns no column of a key; regrow verify --live --show-values shows its rows\n",
            );
        }
        if *rows > first.len() {
            let _ = writeln!(text, "  and {} more", rows - first.len());
        }
    }
    text
}

/// Runs a build's assertions and gives those that do not hold.
///
/// # Errors
/// A query fails, or the connection is lost.
pub fn run(
    session: &mut Session,
    (build, sessions): (&Build, usize),
    definition: &Definition,
) -> Result<Vec<Broken>, AssertionError> {
    let Some(file) = &definition.checks else { return Ok(Vec::new()) };
    let parsed = definition.parse().map_err(ProgramError::from)?;
    can_be_read(session, build)?;
    let checks = parsed.checks.iter().collect();
    let broken = share(session, ("check", build, sessions), checks, |session, check| {
        let place = file.place(check.span.start).to_string();
        look(session, build, (check, &place))
    })?;
    Ok(broken.into_iter().flatten().collect())
}

/// Whether the session may use the build's schema. If not, PostgreSQL passes the schema over, and a name
/// of the build is not found there, or found elsewhere on the path.
fn can_be_read(session: &mut Session, build: &Build) -> Result<(), PgError> {
    let may = "SELECT pg_catalog.has_schema_privilege($1::pg_catalog.text, 'USAGE')";
    if session.query_one(may, &[&build.schema.as_str()])?.get(0) {
        return Ok(());
    }
    for table in catalog::tables(session, &build.schema)?.iter().take(1) {
        session.query(&format!("SELECT FROM {} LIMIT 0", build.schema.dot(&table.name)), &[])?;
    }
    Ok(())
}

/// What an assertion returns; nothing if it holds. Rows are counted while they come, and are not held.
fn look(
    session: &mut Session,
    build: &Build,
    (check, place): (&Check, &str),
) -> Result<Option<Broken>, AssertionError> {
    let mut transaction = session.begin()?;
    transaction.run("SET TRANSACTION READ ONLY")?;
    SearchPath::of(&mut transaction, &build.schema, NAME)?.set(&mut transaction)?;
    let failed = |source: PgError| match source {
        // Not the check's fault.
        source if source.is_loss() || source.is_circumstance() || source.is_denied() => {
            source.into()
        }
        source => AssertionError::Query {
            projection: build.projection.clone(),
            name: check.name.clone(),
            place: place.to_owned(),
            source: Box::new(source),
        },
    };
    let columns = transaction.columns(&check.sql).map_err(failed)?;
    let (mut rows, mut lines, mut cut) = (0, Vec::new(), LineCutter::default());
    let copy = format!("COPY (\n{}\n) TO STDOUT", check.sql);
    let mut take = |line: &[u8]| {
        rows += 1;
        if lines.len() < SHOWN {
            lines.push(line.to_vec());
        }
        Ok::<bool, PgError>(true)
    };
    transaction.session().copy_out(&copy, |piece| cut.push(piece, &mut take)).map_err(failed)?;
    if rows == 0 {
        return Ok(None);
    }
    let keys = transaction.query(include_str!("assertions/keys.sql"), &[&build.schema.as_str()])?;
    let keys: Vec<(u32, i16)> = keys.iter().map(|row| (row.get(0), row.get(1))).collect();
    let cell = |(column, field): (&ResultColumn, &[u8])| Cell {
        column: column.name.clone(),
        value: value(field),
        is_key: column.origin.is_some_and(|origin| keys.contains(&origin)),
    };
    let first = lines.iter().map(|line| columns.iter().zip(fields(line)).map(cell).collect());
    let (name, place, first) = (check.name.clone(), place.to_owned(), first.collect());
    Ok(Some(Broken { name, place, rows, first }))
}
