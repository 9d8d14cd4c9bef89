//! Schemas that are made for the views of a preview, or of builds that show one point of the log for good.
//!
//! Such a schema is ours if we made it: its oid is written down by the transaction that makes it, and found again by it,
//! whatever the schema is called by now. One of the same name that somebody else has made is neither used nor dropped.

use super::PromoteError;
use super::drop::{Going, drop_within, of_others, whole};
use super::own_views::own_views;
use crate::context::Context;
use crate::ident::Ident;
use crate::ledger::{self, Build, State};
use crate::pg::footprint::{self, Dependent};
use crate::pg::{PgError, Session, Sql, Transaction, catalog, owner};
use crate::progress::Progress;

/// How long readers of the views are waited for. They find nothing there afterwards.
const LOCK_TIMEOUT: &str = "5s";

/// What became of a schema that was made for views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It is there, under this name.
    Own(Ident),
    /// It is not there, or was never made, and one of its name that we did not make is.
    Others,
    /// Neither is there.
    Gone,
}

impl Place {
    /// Where the schema of this name is that builds are shown in, as the ledger has it.
    ///
    /// # Errors
    /// The server refuses.
    pub fn of(sql: &mut impl Sql, publish: &str, builds: &[Build]) -> Result<Place, PromoteError> {
        let oid = builds.iter().find_map(|build| build.shown_in);
        let find = "SELECT (SELECT nspname::text FROM pg_catalog.pg_namespace WHERE oid = $1::bigint::oid), \
                    EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $2)";
        let row = sql.query_one(find, &[&oid, &publish])?;
        let (name, is_taken): (Option<String>, bool) = (row.get(0), row.get(1));
        Ok(match (name, is_taken) {
            (Some(name), _) => Place::Own(Ident::new(name).map_err(ledger::LedgerError::from)?),
            (None, true) => Place::Others,
            (None, false) => Place::Gone,
        })
    }

    /// The schema, if it is ours.
    #[must_use]
    pub fn own(&self) -> Option<&Ident> {
        match self {
            Place::Own(name) => Some(name),
            Place::Others | Place::Gone => None,
        }
    }
}

/// Shows builds in a schema that nobody has yet, all of them or none; gives the views.
///
/// # Errors
/// The schema is there, two of the builds have a table of one name, or the server refuses.
pub fn show(
    session: &mut Session,
    publish: &Ident,
    builds: &[Build],
) -> Result<Vec<String>, PromoteError> {
    let mut transaction = session.begin()?;
    let (oid, views) = make_views(&mut transaction, publish, builds)?;
    for build in builds {
        ledger::set_shown_in(&mut transaction, build.id, oid)?;
    }
    transaction.commit("as_of::show")?;
    Ok(views)
}

/// Makes a schema that nobody has yet, with views of the tables of builds, in the caller's transaction, which writes the
/// schema's oid down; gives that and the views.
///
/// # Errors
/// As [`show`].
pub fn make_views(
    transaction: &mut Transaction<'_>,
    publish: &Ident,
    builds: &[Build],
) -> Result<(i64, Vec<String>), PromoteError> {
    owner::make_new(transaction, publish)?;
    let mut views = Vec::new();
    for build in builds {
        for table in catalog::tables(transaction, &build.schema)? {
            let view = publish.dot(&table.name);
            let columns = catalog::key_columns(transaction, &build.schema, &table.name)?;
            let columns: Vec<String> = columns.iter().map(|column| column.name.quoted()).collect();
            transaction.run(&format!(
                "CREATE VIEW {view} AS SELECT {} FROM {}",
                columns.join(", "),
                build.schema.dot(&table.name)
            ))?;
            views.push(format!("{publish}.{}", table.name));
        }
    }
    let oid = "SELECT oid::bigint FROM pg_catalog.pg_namespace WHERE nspname = $1";
    Ok((transaction.query_one(oid, &[&publish.as_str()])?.get(0), views))
}

/// A schema of ours that is to go with its views.
#[derive(Debug, Clone)]
pub struct Leaving {
    schema: Option<Ident>,
    /// The views, as PostgreSQL prints their names.
    views: Vec<String>,
}

impl Leaving {
    /// Looks what there is to drop, and says what belongs to it and goes with it.
    ///
    /// # Errors
    /// Something of others would go with it, or the server refuses.
    pub fn of(
        context: &Context,
        sql: &mut impl Sql,
        place: &Place,
        builds: &[Build],
    ) -> Result<Leaving, PromoteError> {
        let Some(schema) = place.own() else {
            return Ok(Leaving { schema: None, views: Vec::new() });
        };
        owner::is_ours(sql, schema)?;
        let mut views = Vec::new();
        for build in builds {
            for view in own_views(sql, schema, build)? {
                views.push(printed(sql, schema, &view)?);
            }
        }
        let leaving = Leaving { schema: Some(schema.clone()), views };
        leaving.nothing_of_others(sql)?;
        let with = goes_with(sql, Some(schema), &leaving.views)?;
        if !with.is_empty() {
            let text = format!("with the schema {schema} goes: {}", with.join("; "));
            context.note(&Progress::Note(text));
        }
        Ok(leaving)
    }

    /// What lies in the schema, is attached to it or its views, or depends on them, but for the views themselves.
    fn others(&self, sql: &mut impl Sql) -> Result<Vec<Dependent>, PgError> {
        let Some(schema) = &self.schema else { return Ok(Vec::new()) };
        let mut others = footprint::of_schema(sql, schema)?;
        others.retain(|dependent| !self.views.contains(&dependent.object.identity));
        Ok(whole(others))
    }

    fn nothing_of_others(&self, sql: &mut impl Sql) -> Result<(), PromoteError> {
        let others = self.others(sql)?;
        match (&self.schema, others.is_empty()) {
            (Some(schema), false) => {
                let what = format!("the schema {schema}");
                Err(PromoteError::Others { builds: vec![(what, others)] })
            }
            _ => Ok(()),
        }
    }

    /// Drops the views in the caller's transaction.
    ///
    /// # Errors
    /// Something depends on them since it was looked, or the server refuses.
    pub fn drop_views(&self, transaction: &mut Transaction<'_>) -> Result<(), PromoteError> {
        transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
        for view in &self.views {
            // RESTRICT: what depends on it is of others.
            transaction.run(&format!("DROP VIEW {view}"))?;
        }
        Ok(())
    }

    /// Drops the schema in the transaction that has dropped the views and commits right after it. What was put there
    /// since the first look is seen by another session.
    ///
    /// # Errors
    /// Something of others would go with it, or the server refuses.
    pub fn drop_schema(
        &self,
        context: &Context,
        transaction: &mut Transaction<'_>,
    ) -> Result<(), PromoteError> {
        let Some(schema) = &self.schema else { return Ok(()) };
        transaction.run(&format!("DROP SCHEMA {}", schema.quoted()))?;
        self.nothing_of_others(&mut context.open_read_models("drop")?)
    }
}

/// What belongs to views of ours, and to their schema, and goes with them: comments, labels, and rights of others.
///
/// # Errors
/// The server refuses.
pub(super) fn goes_with(
    sql: &mut impl Sql,
    schema: Option<&Ident>,
    views: &[String],
) -> Result<Vec<String>, PgError> {
    let schema = schema.map(Ident::as_str);
    let rows = sql.query(include_str!("goes_with.sql"), &[&schema, &views])?;
    Ok(rows.iter().map(|row| row.get("what")).collect())
}

/// Takes the views and the builds away, in one transaction.
///
/// # Errors
/// Something of others depends on them or lies in the schema, or the server refuses.
pub fn drop_shown(
    context: &Context,
    session: &mut Session,
    place: &Place,
    builds: &[Build],
) -> Result<(), PromoteError> {
    let leaving = Leaving::of(context, session, place, builds)?;
    let schemas: Vec<Ident> = builds.iter().map(|build| build.schema.clone()).collect();
    let there = || builds.iter().filter(|build| build.state != State::Dropped);
    for build in there() {
        let types = ledger::type_schemas_left_by(session, &[build.id])?;
        let going = Going { views: &leaving.views, builds: &schemas, types };
        let others = of_others(session, build, &going)?;
        if !others.is_empty() {
            return Err(PromoteError::Others { builds: vec![(build.schema.to_string(), others)] });
        }
    }
    let mut transaction = session.begin()?;
    leaving.drop_views(&mut transaction)?;
    leaving.drop_schema(context, &mut transaction)?;
    for build in there() {
        drop_within(context, &mut transaction, build, (&leaving.views, &schemas))?;
    }
    Ok(transaction.commit("as_of::drop")?)
}

/// A view's name as PostgreSQL prints it.
pub(super) fn printed(sql: &mut impl Sql, schema: &Ident, view: &Ident) -> Result<String, PgError> {
    let name = "SELECT pg_catalog.format('%I.%I', $1::text, $2::text)";
    Ok(sql.query_one(name, &[&schema.as_str(), &view.as_str()])?.get(0))
}
