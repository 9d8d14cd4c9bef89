//! Builds that show one point of the log for good, in a schema of views that is theirs alone.

use super::PromoteError;
use super::drop::{Going, drop_within, of_others};
use crate::context::Context;
use crate::ident::Ident;
use crate::ledger::{self, Build, State};
use crate::pg::{Session, Sql, Transaction, catalog, owner};

/// How long readers of the views are waited for. They find nothing there afterwards.
const LOCK_TIMEOUT: &str = "5s";

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
    let views = make_views(&mut transaction, publish, builds)?;
    transaction.commit("as_of::show")?;
    Ok(views)
}

/// Makes a schema that nobody has yet, with views of the tables of builds, in the caller's transaction; gives the views.
///
/// # Errors
/// As [`show`].
pub fn make_views(
    transaction: &mut Transaction<'_>,
    publish: &Ident,
    builds: &[Build],
) -> Result<Vec<String>, PromoteError> {
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
    Ok(views)
}

/// Takes the views and the builds away, in one transaction.
///
/// # Errors
/// Something of others depends on them or lies in the schema, or the server refuses.
pub fn drop_shown(
    context: &Context,
    session: &mut Session,
    publish: &Ident,
    builds: &[Build],
) -> Result<Vec<String>, PromoteError> {
    let is_there = owner::is_ours(session, publish)?;
    let mut own: Vec<(Ident, String)> = Vec::new();
    for build in builds {
        for table in catalog::tables(session, &build.schema)? {
            own.push((table.name.clone(), publish.dot(&table.name)));
        }
    }
    own.sort();
    own.dedup();
    let views = catalog::views(session, publish)?;
    own.retain(|(name, _)| views.iter().any(|view| view.name == *name));
    let names: Vec<String> =
        own.iter().map(|(name, _)| name_of(session, publish, name)).collect::<Result<_, _>>()?;
    let schemas: Vec<Ident> = builds.iter().map(|build| build.schema.clone()).collect();
    for build in builds.iter().filter(|build| build.state != State::Dropped) {
        let types = ledger::type_schemas_left_by(session, &[build.id])?;
        let others = of_others(session, build, &Going { views: &names, builds: &schemas, types })?;
        if !others.is_empty() {
            return Err(PromoteError::Others { builds: vec![(build.schema.to_string(), others)] });
        }
    }
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
    for (_, view) in &own {
        // RESTRICT: what depends on it is of others.
        transaction.run(&format!("DROP VIEW {view}"))?;
    }
    for build in builds.iter().filter(|build| build.state != State::Dropped) {
        drop_within(context, &mut transaction, build, (&names, &schemas))?;
    }
    if is_there {
        transaction.run(&format!("DROP SCHEMA {}", publish.quoted()))?;
    }
    transaction.commit("as_of::drop")?;
    Ok(names)
}

/// A view's name as PostgreSQL prints it.
fn name_of(session: &mut Session, schema: &Ident, view: &Ident) -> Result<String, PromoteError> {
    let sql = "SELECT pg_catalog.format('%I.%I', $1::text, $2::text)";
    Ok(session.query_one(sql, &[&schema.as_str(), &view.as_str()])?.get(0))
}
