//! What a promote would refuse or leave behind, told before anything is replayed.

use super::views::obstacles;
use super::{PromoteError, together};
use crate::context::Context;
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError, State};
use crate::migrate::{self, MigrateError};
use crate::pg::types::{self, Plan};
use crate::pg::{Session, Sql, catalog};
use crate::progress::Progress;
use crate::scratch::{self, Scratch};

/// Looks whether readers can be shown a build whose tables are there and still empty. Refused if that is
/// asked for, told if it is not.
///
/// # Errors
/// A promote is asked for and would be refused, or the server refuses.
pub fn may_be_shown(
    context: &Context,
    sql: &mut impl Sql,
    build: &Build,
    is_asked: bool,
) -> Result<(), PromoteError> {
    let publish = context.publish_schema(build.publish_schema.as_deref());
    // Types are compared by their names, which are printed with their schemas under this path.
    let path: String = sql.query_one("SELECT current_setting('search_path')", &[])?.get(0);
    let set = "SELECT set_config('search_path', $1, true)";
    sql.query(set, &[&"pg_catalog, pg_temp"])?;
    let tables = catalog::tables(sql, &build.schema)?;
    let of = (build.projection.as_str(), &publish);
    let found = obstacles(sql, of, (&build.schema, &tables))?;
    sql.query(set, &[&path])?;
    match together(found) {
        Some(error) if is_asked => Err(error),
        Some(error) => {
            context.note(&Progress::Note(format!("warning: a promote would be refused: {error}")));
            Ok(())
        }
        None => Ok(()),
    }
}

/// What a promote of a projection's files, as they are now, would be refused for. The tables are made in
/// scratch; what is said of that which could not be tried is the inner error.
///
/// # Errors
/// The server refuses.
pub fn of_files(
    context: &Context,
    scratch: &mut Scratch<'_>,
    session: &mut Session,
    projection: &str,
) -> Result<Result<Vec<PromoteError>, MigrateError>, PromoteError> {
    if ledger::published(session, projection)?.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let at = scratch::schema_of(context, projection);
    let made = migrate::lineage(&context.project, projection)
        .and_then(|lineage| scratch.made(&lineage, &at));
    let (mut tables, own) = match made {
        Ok(mut room) => (catalog::tables(room.session(), &at)?, types::of(room.session(), &at)?),
        Err(error) => return Ok(Err(error)),
    };
    // As a build would have them: types that are there stay what they are.
    let mut there = Vec::new();
    for schema in ledger::type_schemas(session, projection)? {
        there.extend(types::shared(session, &schema)?);
    }
    let plan = Plan::of(projection, &own, &there, &|_| false);
    for column in tables.iter_mut().flat_map(|table| &mut table.columns) {
        if let Some(shared) = plan.renamed(&column.sql_type) {
            column.sql_type = shared;
        }
    }
    let given = context.project.known(projection)?.settings.publish_schema.as_deref();
    let publish = context.publish_schema(given);
    Ok(Ok(obstacles(session, (projection, &publish), (&at, &tables))?))
}

/// A table of a build that a publication of others hands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOn {
    /// The publication, as in SQL.
    pub publication: String,
    /// The table, as in SQL.
    pub table: String,
    /// The table without its schema.
    pub name: Ident,
}

/// The tables of a schema that publications name, or that are in one since their schema is.
///
/// # Errors
/// The server refuses.
pub(super) fn handed_on(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<HandedOn>, LedgerError> {
    let rows = sql.query(include_str!("handed_on.sql"), &[&schema.as_str()])?;
    rows.iter()
        .map(|row| {
            Ok(HandedOn {
                publication: row.get(0),
                table: row.get(1),
                name: Ident::new(row.get::<_, String>(2))?,
            })
        })
        .collect()
}

/// The tables of the live build that subscribers get, and that a promote does not carry over.
///
/// # Errors
/// The server refuses.
pub fn handed_on_by_live(
    session: &mut Session,
    projection: &str,
) -> Result<Vec<HandedOn>, LedgerError> {
    let builds = ledger::builds(session, Some(projection))?;
    match builds.iter().find(|b| b.state == State::Live) {
        Some(live) => handed_on(session, &live.schema),
        None => Ok(Vec::new()),
    }
}

/// A view of others that reads a table of the live build, and not what readers are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltOn {
    /// What it is, as in SQL: `view public.v`.
    pub what: String,
    /// The build.
    pub build: Ident,
    /// Where readers are shown its tables.
    publish: Ident,
}

/// The views of others that stay with the live build when another is promoted: those that read its
/// tables themselves.
///
/// # Errors
/// The server refuses.
pub fn built_on_live(session: &mut Session, projection: &str) -> Result<Vec<BuiltOn>, LedgerError> {
    let builds = ledger::builds(session, Some(projection))?;
    let Some(live) = builds.iter().find(|b| b.state == State::Live) else { return Ok(Vec::new()) };
    let Some((publish, _)) = ledger::published(session, projection)?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let own = ledger::published_names(session, projection)?;
    let rows = session.query(include_str!("built_on.sql"), &[&live.schema.quoted(), &own])?;
    let told = rows.iter().map(|row| BuiltOn {
        what: row.get(0),
        build: live.schema.clone(),
        publish: publish.clone(),
    });
    Ok(told.collect())
}

impl BuiltOn {
    /// What is said of it before a promote.
    #[must_use]
    pub fn sentence(&self) -> String {
        let BuiltOn { what, build, .. } = self;
        format!(
            "{what} reads tables of {build} itself: it stays with that build after a promote, and stops the drop \
             of it"
        )
    }

    /// What helps.
    #[must_use]
    pub fn next(&self) -> String {
        format!("let it read the views in {}, which each promote replaces", self.publish)
    }
}

impl HandedOn {
    /// What is said of it before a promote.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "the publication {} hands on {}, which readers do not see any more after a promote: it is not carried over, \
             since subscribers know a table by its name",
            self.publication, self.table
        )
    }

    /// What carries it over once a build is live. A publication with a table that a subscriber has not stops
    /// all of that subscription (docs/decisions/0020), so that table comes first.
    #[must_use]
    pub fn next(&self, build: &Ident) -> String {
        let new = build.dot(&self.name);
        format!(
            "to carry it over, make the table {new} at each subscriber first, then here: ALTER PUBLICATION {} ADD TABLE \
             {new}; and at each subscriber: ALTER SUBSCRIPTION ... REFRESH PUBLICATION;",
            self.publication
        )
    }
}
