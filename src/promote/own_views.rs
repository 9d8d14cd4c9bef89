//! Whose a view is that has one of our names: ours if it shows all columns of the build's table of that name and nothing
//! else, as every view is that we make. Options, rights, defaults, triggers and comments may be on it: they are kept.
//!
//! A view that somebody has changed, or put in the place of ours, is never replaced or dropped.

use std::collections::BTreeSet;

use super::PromoteError;
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError, State};
use crate::pg::{PgError, Sql, catalog};

/// How long whoever changes a view is waited for, where the session has no limit of its own: to read what a view is takes
/// a lock that any reader of it takes.
const LOCK_TIMEOUT: &str = "2s";

/// The views of a schema that show tables of a build as they are.
///
/// # Errors
/// Somebody changes one of them right now, or the server refuses.
pub(super) fn own_views(
    sql: &mut impl Sql,
    publish: &Ident,
    build: &Build,
) -> Result<Vec<Ident>, PromoteError> {
    let limit: String = sql.query_one("SELECT current_setting('lock_timeout')", &[])?.get(0);
    let set = "SELECT set_config('lock_timeout', $1, false)";
    if limit == "0" {
        sql.query(set, &[&LOCK_TIMEOUT])?;
    }
    let rows =
        sql.query(include_str!("own_views.sql"), &[&publish.as_str(), &build.schema.as_str()]);
    if limit == "0" && rows.as_ref().err().is_none_or(PgError::is_contention) {
        // After an error a transaction takes no more statements, and takes its settings back by itself.
        let restored = sql.query(set, &[&limit]);
        if rows.is_ok() {
            restored?;
        }
    }
    let rows = rows?;
    // A column that somebody has put into a table of ours is not in our view.
    let lacks: Vec<Vec<String>> = rows.iter().map(|row| row.get("lacking")).collect();
    let made: BTreeSet<String> = match lacks.iter().any(|lacking| !lacking.is_empty()) {
        true => ledger::own_objects(sql, build.id)?
            .into_iter()
            .filter(|object| object.kind == "table column")
            .map(|object| object.identity)
            .collect(),
        false => BTreeSet::new(),
    };
    let shown =
        rows.iter().zip(&lacks).filter(|(_, lacking)| !lacking.iter().any(|c| made.contains(c)));
    shown
        .map(|(row, _)| Ok(Ident::new(row.get::<_, String>("name")).map_err(LedgerError::from)?))
        .collect()
}

/// The views that a projection publishes and that are not what regrow made of its live build.
///
/// # Errors
/// The server refuses.
pub fn changed_views(sql: &mut impl Sql, live: &Build) -> Result<Vec<PromoteError>, PromoteError> {
    let mut found = other_views(sql, live)?;
    found.retain(|error| !matches!(error, PromoteError::Gone { .. }));
    Ok(found)
}

/// What readers do not see although a build is live: views that are not what regrow made of it, or not there. Whoever
/// changes one right now is not waited for, and who only looks need not see all of the ledger: then nothing is found.
///
/// # Errors
/// The server refuses.
pub fn unseen(sql: &mut impl Sql, live: &Build) -> Result<Vec<PromoteError>, PromoteError> {
    match other_views(sql, live) {
        Err(PromoteError::Pg(error) | PromoteError::Ledger(LedgerError::Pg(error)))
            if error.is_contention() || error.is_denied() =>
        {
            Ok(Vec::new())
        }
        found => found,
    }
}

fn other_views(sql: &mut impl Sql, live: &Build) -> Result<Vec<PromoteError>, PromoteError> {
    let mut changed = Vec::new();
    let published = ledger::published(sql, &live.projection)?;
    let mut schemas: Vec<Ident> = published.iter().map(|(schema, _)| schema.clone()).collect();
    schemas.dedup();
    for schema in schemas {
        let own = own_views(sql, &schema, live)?;
        let views = catalog::views(sql, &schema)?;
        let is_there = |name: &Ident| views.iter().any(|view| view.name == *name);
        let names = published.iter().filter(|(at, _)| *at == schema).map(|(_, name)| name);
        for name in names.filter(|name| !own.contains(name)) {
            changed.push(match is_there(name) {
                true => changed_view(&schema, name, live),
                false => PromoteError::Gone {
                    view: schema.dot(name),
                    build: live.schema.to_string(),
                    projection: live.projection.clone(),
                },
            });
        }
    }
    // Between two looks another run may have shown readers another build.
    if !changed.is_empty() && !is_live_still(sql, live)? {
        changed.clear();
    }
    Ok(changed)
}

/// Refuses to go on where one of them was changed.
///
/// # Errors
/// One was, or the server refuses.
pub fn no_view_changed(sql: &mut impl Sql, live: &Build) -> Result<(), PromoteError> {
    match super::together(changed_views(sql, live)?) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// What is said of a view that is not ours.
pub(super) fn changed_view(schema: &Ident, view: &Ident, live: &Build) -> PromoteError {
    PromoteError::Changed {
        view: schema.dot(view),
        name: view.clone(),
        build: live.schema.to_string(),
        projection: live.projection.clone(),
    }
}

/// Whether a build is still the one that readers see.
pub(super) fn is_live_still(sql: &mut impl Sql, live: &Build) -> Result<bool, PromoteError> {
    Ok(live_of(sql, &live.projection)?.is_some_and(|now| now.id == live.id))
}

/// The live build among a projection's.
pub(super) fn live_of(sql: &mut impl Sql, projection: &str) -> Result<Option<Build>, PromoteError> {
    let builds = ledger::builds(sql, Some(projection))?;
    Ok(builds.into_iter().find(|build| build.state == State::Live))
}
