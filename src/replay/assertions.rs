//! Assertions: the queries of `checks.sql`, each of which must return no row.

use std::fmt::Write as _;

use super::parallel::share;
use super::sql::ProgramError;
use crate::copy_format::{LineCutter, fields, value};
use crate::definition::DefinitionErrors;
use crate::handler::function::NAME;
use crate::handler::{Check, parse_checks};
use crate::ledger::{Assertion, Build, Outcome};
use crate::pg::search_path::SearchPath;
use crate::pg::{
    CopyOut as _, PgError, ResultColumn, ServerError, Session, Sql, Transaction, catalog,
};
use crate::project::Project;
use crate::source::SourceFile;
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

/// `read_only_sql_transaction` in appendix A of the manual.
const READ_ONLY: &str = "25006";
/// `insufficient_privilege`.
const DENIED: &str = "42501";
/// How many of the rows that break an assertion are kept.
const SHOWN: usize = 10;
/// How many characters of a key the ledger keeps.
const KEPT_CHARACTERS: usize = 200;

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

/// The assertions that count for a build: those of the files where the files make the build's tables, else those
/// that the build was made with. Says as well whether they are those of the files.
#[must_use]
pub fn file_of(project: &Project, build: &Build) -> (Option<SourceFile>, bool) {
    let draft = project.draft(&build.projection).ok();
    match draft.filter(|draft| draft.hash() == build.definition_hash) {
        Some(draft) => (draft.checks, true),
        None => (build.checks.clone(), false),
    }
}

/// The assertions of a file.
///
/// # Errors
/// The file cannot be read.
pub fn parse(file: Option<&SourceFile>) -> Result<Vec<(Check, String)>, AssertionError> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let (revisions, upcasters) = (Vec::new(), Vec::new());
    let checks = parse_checks(file.clone())
        .map_err(|handlers| DefinitionErrors { revisions, handlers, upcasters })
        .map_err(ProgramError::from)?;
    let placed = |check: Check| {
        let place = file.place(check.span.start).to_string();
        (check, place)
    };
    Ok(checks.into_iter().map(placed).collect())
}

/// An assertion that was looked at.
#[derive(Debug)]
pub struct Looked {
    /// The assertion.
    pub check: Check,
    /// `file:line:column` of the query.
    pub place: String,
    /// Nothing if it holds, or why that is unknown.
    pub came_to: Result<Option<Broken>, AssertionError>,
}

impl Looked {
    /// What the ledger is told of an assertion of a build that cannot be read at all.
    #[must_use]
    pub fn unread(check: Check, place: String, reason: &str) -> Assertion {
        let outcome = Outcome::Failed { reason: reason.to_owned() };
        Assertion { identity: check.identity(), name: check.name, place, outcome }
    }

    /// What the ledger is told: keys, and no other value of a row.
    #[must_use]
    pub fn told(&self) -> Assertion {
        let part = |cell: &Cell| {
            let value = cell.value.as_ref().map(|value| cut(value));
            (cell.column.clone(), value)
        };
        let key = |row: &Vec<Cell>| row.iter().filter(|cell| cell.is_key).map(part).collect();
        let outcome = match &self.came_to {
            Ok(None) => Outcome::Holds,
            Ok(Some(Broken { rows, first, .. })) => {
                Outcome::Broken { rows: *rows, keys: first.iter().map(key).collect() }
            }
            Err(AssertionError::Query { source, .. }) => {
                Outcome::Failed { reason: source.to_string() }
            }
            Err(error) => Outcome::Failed { reason: error.to_string() },
        };
        let (name, place) = (self.check.name.clone(), self.place.clone());
        Assertion { name, place, identity: self.check.identity(), outcome }
    }
}

/// A value that is no longer than the ledger keeps.
fn cut(value: &str) -> String {
    match value.char_indices().nth(KEPT_CHARACTERS) {
        Some((end, _)) => format!("{}\u{2026}", &value[..end]),
        None => value.to_owned(),
    }
}

/// Runs a build's assertions and says of each what it came to: one that cannot be run keeps no other from
/// being looked at.
///
/// # Errors
/// The file cannot be read, the connection is lost, or nothing of the build can be read.
pub fn each(
    session: &mut Session,
    (build, sessions): (&Build, usize),
    file: Option<&SourceFile>,
) -> Result<Vec<Looked>, AssertionError> {
    let checks = parse(file)?;
    if checks.is_empty() {
        return Ok(Vec::new());
    }
    can_be_read(session, build)?;
    share(session, ("check", build, sessions), checks, |session, (check, place)| {
        let came_to = look(session, build, (&check, &place));
        match came_to {
            Err(AssertionError::Pg(lost)) if lost.is_loss() => Err(lost.into()),
            came_to => Ok(Looked { check, place, came_to }),
        }
    })
}

/// Those of assertions that do not hold.
///
/// # Errors
/// One of them could not be run.
pub fn broken(looked: Vec<Looked>) -> Result<Vec<Broken>, AssertionError> {
    let came_to: Result<Vec<Option<Broken>>, _> =
        looked.into_iter().map(|looked| looked.came_to).collect();
    Ok(came_to?.into_iter().flatten().collect())
}

/// Whether the session may use the build's schema. If not, PostgreSQL passes the schema over, and a name
/// of the build is not found there, or found elsewhere on the path.
fn can_be_read(session: &mut Session, build: &Build) -> Result<(), PgError> {
    let may = "SELECT pg_catalog.has_schema_privilege($1::pg_catalog.text, 'USAGE')";
    if session.query_one(may, &[&build.schema.as_str()])?.get(0) {
        return Ok(());
    }
    for table in catalog::tables(session, &build.schema)?.iter().take(1) {
        session.query(&format!("SELECT 1 FROM {} LIMIT 0", build.schema.dot(&table.name)), &[])?;
    }
    Ok(())
}

/// Tries an assertion as it will run, read-only, on tables of a build that has no rows; `at` is their schema.
/// Gives what the server refuses of the query itself: what rows do to it is not known here, nor what a server
/// lacks.
///
/// # Errors
/// The connection is lost.
pub fn refused(
    transaction: &mut Transaction<'_>,
    check: &Check,
) -> Result<Option<Box<ServerError>>, PgError> {
    let mut savepoint = transaction.savepoint()?;
    // Both are taken back with the savepoint.
    savepoint.run("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '5s'")?;
    let copy = format!("COPY (\n{}\n) TO STDOUT", check.sql);
    let tried = savepoint.session().copy_out(&copy, |_| Ok::<_, PgError>(true));
    match tried {
        Ok(_) => Ok(None),
        Err(PgError::Server(error)) => {
            let of_the_query = error.code == READ_ONLY
                || ["0A", "42"].iter().any(|class| error.code.starts_with(class));
            Ok((of_the_query && error.code != DENIED).then_some(error))
        }
        Err(lost) => Err(lost),
    }
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
        // Not the check's fault. That the transaction is read-only is our doing, whatever the server is.
        source
            if source.code() != Some(READ_ONLY)
                && (source.is_loss() || source.is_circumstance() || source.is_denied()) =>
        {
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
