//! Assertions: the queries of `checks.sql`, each of which must return no row.

use super::parallel::share;
use super::sql::ProgramError;
use crate::definition::Definition;
use crate::handler::Check;
use crate::handler::function::NAME;
use crate::ledger::Build;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql};

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

/// An assertion that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its name.
    pub name: String,
    /// `file:line:column` of the query.
    pub place: String,
    /// How many rows it returned.
    pub rows: usize,
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
    let checks = parsed.checks.iter().collect();
    let broken = share(session, ("check", build, sessions), checks, |session, check| {
        let place = file.place(check.span.start).to_string();
        let rows = rows(session, build, (check, &place))?;
        Ok::<_, AssertionError>((rows > 0).then(|| Broken {
            name: check.name.clone(),
            place,
            rows,
        }))
    })?;
    Ok(broken.into_iter().flatten().collect())
}

/// How many rows an assertion returns.
fn rows(
    session: &mut Session,
    build: &Build,
    (check, place): (&Check, &str),
) -> Result<usize, AssertionError> {
    let mut transaction = session.begin()?;
    transaction.run("SET TRANSACTION READ ONLY")?;
    SearchPath::of(&mut transaction, &build.schema, NAME)?.set(&mut transaction)?;
    let found = transaction.query(&check.sql, &[]).map_err(|source| match source {
        // Not the check's fault: it runs when the server is itself again.
        source if source.is_loss() || source.is_circumstance() => source.into(),
        source => AssertionError::Query {
            projection: build.projection.clone(),
            name: check.name.clone(),
            place: place.to_owned(),
            source: Box::new(source),
        },
    })?;
    Ok(found.len())
}
