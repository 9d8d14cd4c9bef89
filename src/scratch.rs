//! Scratch schemas: a lineage made from nothing beside what is there, and never kept.
//!
//! The work runs in a transaction that is always rolled back. Revisions may name their schema,
//! so the scratch schema has its name: the real one is renamed for us, and only for us, since
//! nobody else sees what was not committed. No table of others is locked, and none is written.

use crate::ident::Ident;
use crate::migrate::{self, MigrateError};
use crate::pg::{PgError, Session, Sql, Transaction, schema};
use crate::project::Project;
use crate::revision::{EVENT_STORE, Lineage, Revision};
use crate::schema::Schema;
use crate::site::Site;
use crate::source::SourceFile;

/// How long another scratch schema of the same name is waited for.
const LOCK_TIMEOUT: &str = "30s";

/// Where the real schema is while the work is done; nobody else ever sees that name.
const ASIDE: &str = "\"regrow scratch aside\"";

/// A session with the server of a lineage, and the schema its scratch has: the event store's
/// own, or one that no build has.
///
/// # Errors
/// No server, or one that takes no writes.
pub fn open(site: &Site, lineage: &str) -> Result<(Session, Ident), PgError> {
    if lineage == EVENT_STORE {
        let schema = site.project.config.event_store_schema();
        return Ok((site.open_as_owner("check")?.to_write()?, schema));
    }
    Ok((site.open_read_models("check")?.to_write()?, beside(lineage)))
}

/// The scratch schema of a projection.
#[must_use]
pub fn beside(projection: &str) -> Ident {
    Ident::new(format!("{projection}__check"))
        .unwrap_or_else(|e| unreachable!("a projection's name leaves room for more: {e}"))
}

/// Does `work` in an empty schema of that name and takes everything back.
///
/// # Errors
/// The server refuses, or `work` fails.
pub fn within<T, E: From<PgError>>(
    session: &mut Session,
    schema: &Ident,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
    let there: bool = transaction
        .query_one("SELECT to_regnamespace($1) IS NOT NULL", &[&schema.quoted()])?
        .get(0);
    if there {
        transaction.run(&format!("ALTER SCHEMA {} RENAME TO {ASIDE}", schema.quoted()))?;
    }
    transaction.run(&format!("CREATE SCHEMA {0}; SET LOCAL search_path = {0}", schema.quoted()))?;
    if there {
        // A database has an extension once; its types shall be where revisions look for them.
        transaction.run(include_str!("scratch/extensions.sql"))?;
    }
    work(&mut transaction)
}

/// Applies revisions in a scratch schema; gives what they make.
///
/// # Errors
/// A revision fails, or the server refuses.
pub fn apply<'r>(
    transaction: &mut Transaction<'_>,
    at: &Ident,
    lineage: &str,
    revisions: impl IntoIterator<Item = &'r Revision>,
) -> Result<Schema, MigrateError> {
    for revision in revisions {
        migrate::apply(transaction, at, lineage, revision)?;
    }
    Ok(schema::read(transaction, at)?)
}

/// What a lineage makes, and what its `schema.sql` asks for; nothing without such a file.
///
/// # Errors
/// A revision or `schema.sql` fails, or the server refuses.
pub fn made_and_wanted(
    site: &Site,
    lineage: &Lineage,
) -> Result<Option<(Schema, Schema)>, MigrateError> {
    let Some(wanted) = wanted_file(&site.project, &lineage.name) else { return Ok(None) };
    migrate::can_run_inside(wanted)?;
    let (mut session, at) = open(site, &lineage.name)?;
    let made = within(&mut session, &at, |transaction| {
        apply(transaction, &at, &lineage.name, &lineage.revisions)
    })?;
    let wanted = within(&mut session, &at, |transaction| -> Result<_, MigrateError> {
        transaction.run(&format!("SET LOCAL search_path = {}", at.quoted()))?;
        migrate::find_extensions(transaction, &lineage.name, &at)?;
        transaction.run(&wanted.text).map_err(|e| migrate::failed_file(wanted, e))?;
        Ok(schema::read(transaction, &at)?)
    })?;
    Ok(Some((made, wanted)))
}

/// The file that states the tables a lineage shall have.
#[must_use]
pub fn wanted_file<'p>(project: &'p Project, lineage: &str) -> Option<&'p SourceFile> {
    if lineage == EVENT_STORE {
        return project.event_store_wanted.as_ref();
    }
    project.projections.get(lineage)?.wanted.as_ref()
}
