//! The drop of a build: what is ours, and nothing else.
//!
//! What a build is made of was written down when it was made. Whatever else would go with its schema (a
//! column of a type of ours in a table elsewhere, a trigger on a table of ours, a table that somebody put
//! into the schema) is of others, and stops the drop before anything happens. It is looked for three
//! times: before anything is locked; under the locks, where nothing can be attached to a table any more;
//! and once more after the DROP and before its COMMIT, by another session, which still sees everything
//! as it was and what was committed since.

use std::collections::BTreeSet;

use super::PromoteError;
use crate::context::Context;
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError, State};
use crate::pg::footprint::{self, Dependent, Object};
use crate::pg::{PgError, Session, Sql, Transaction, owner, types};

/// How long a drop waits for the locks on a build nobody should use.
const DROP_LOCK_TIMEOUT: &str = "5s";
/// What others can attach to a table or a schema of ours. A build of an older regrow, of which nothing was
/// written down, is taken to be what lies in its schema, but for these.
const ATTACHED: [&str; 9] = [
    "trigger",
    "rule",
    "policy",
    "statistics object",
    "publication relation",
    "publication namespace",
    "default acl",
    "inheritance",
    "subscription",
];

/// What goes together with a build.
#[derive(Debug, Clone, Default)]
pub(super) struct Going<'g> {
    /// Views of ours, as PostgreSQL prints their names.
    pub(super) views: &'g [String],
    /// Builds, by their schemas: that one, and whichever goes in the same step.
    pub(super) builds: &'g [Ident],
    /// The schemas of types that no other build uses.
    pub(super) types: Vec<Ident>,
}

/// Drops a build nobody reads, its schema included, and the types that no other build uses.
///
/// # Errors
/// Something of others would go with it, or the server refuses.
pub fn drop_build(
    context: &Context,
    session: &mut Session,
    build: &Build,
) -> Result<(), PromoteError> {
    not_previewed(build)?;
    let types = ledger::type_schemas_left_by(session, &[build.id])?;
    let builds = std::slice::from_ref(&build.schema);
    nothing_of_others(session, build, &Going { types, builds, ..Going::default() })?;
    let mut transaction = session.begin()?;
    drop_within(context, &mut transaction, build, (&[], builds))?;
    ledger::unpublish_gone(&mut transaction, &build.projection)?;
    Ok(transaction.commit("prune::drop")?)
}

/// Drops a build in the caller's transaction, which commits right after it, has dropped these views of
/// ours before and drops all these builds.
///
/// # Errors
/// As [`drop_build`].
pub(super) fn drop_within(
    context: &Context,
    transaction: &mut Transaction<'_>,
    build: &Build,
    (views, builds): (&[String], &[Ident]),
) -> Result<(), PromoteError> {
    transaction.run(&format!("SET LOCAL lock_timeout = '{DROP_LOCK_TIMEOUT}'"))?;
    ledger::set_state(transaction, build.id, State::Dropped)?;
    // Its row is locked now, so no preview of it can be made meanwhile.
    if let Some(now) = ledger::build(transaction, build.id)? {
        not_previewed(&now)?;
    }
    ledger::drop_parked(transaction, &[build.id], None)?;
    ledger::forget_skipped(transaction, build.id)?;
    ledger::forget_assertions(transaction, build.id)?;
    lock_tables(transaction, build)?;
    let going =
        Going { views, builds, types: ledger::type_schemas_left_by(transaction, &[build.id])? };
    nothing_of_others(transaction, build, &going)?;
    for schema in std::iter::once(&build.schema).chain(&going.types) {
        transaction.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", schema.quoted()))?;
    }
    nothing_of_others(&mut context.open_read_models("prune")?, build, &going)?;
    Ok(ledger::record_objects(transaction, build.id, &BTreeSet::new())?)
}

/// Refuses a build that a preview shows.
pub(super) fn not_previewed(build: &Build) -> Result<(), PromoteError> {
    match &build.preview {
        Some(publish) => Err(PromoteError::Previewed {
            build: build.schema.to_string(),
            publish: publish.clone(),
        }),
        None => Ok(()),
    }
}

/// Keeps others from attaching something to the build's tables until the transaction ends.
fn lock_tables(transaction: &mut Transaction<'_>, build: &Build) -> Result<(), PgError> {
    let list = "SELECT string_agg(format('ONLY %I.%I', n.nspname, c.relname), ', ' ORDER BY c.relname) \
                  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')";
    let tables: Option<String> = transaction.query_one(list, &[&build.schema.as_str()])?.get(0);
    match tables {
        Some(tables) => transaction.run(&format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")),
        None => Ok(()),
    }
}

fn nothing_of_others(
    sql: &mut impl Sql,
    build: &Build,
    going: &Going<'_>,
) -> Result<(), PromoteError> {
    let others = of_others(sql, build, going)?;
    if others.is_empty() {
        return Ok(());
    }
    Err(PromoteError::Others { builds: vec![(build.schema.to_string(), others)] })
}

/// What would go with a build and what goes together with it, and is none of ours, as it has to be taken out
/// of the way.
///
/// # Errors
/// Its schema belongs to somebody else by now, or the server refuses.
pub(super) fn of_others(
    sql: &mut impl Sql,
    build: &Build,
    going: &Going<'_>,
) -> Result<Vec<Dependent>, LedgerError> {
    // Whoever made it anew under the name that a build has in the ledger.
    owner::is_ours(sql, &build.schema)?;
    let own = ledger::own_objects(sql, build.id)?;
    let mut others = footprint::of_schema(sql, &build.schema)?;
    others.retain(|dependent| match own.is_empty() {
        true => !dependent.is_inside || ATTACHED.contains(&dependent.object.kind.as_str()),
        false => !own.contains(&dependent.object),
    });
    for schema in &going.types {
        others.extend(of_type(sql, (schema, &own), going)?);
    }
    // What leans on several types is told of once.
    let mut seen = BTreeSet::new();
    others.retain(|dependent| seen.insert(dependent.object.clone()));
    others.retain(|dependent| !going.views.contains(&dependent.object.identity));
    Ok(whole(others))
}

/// A table of others stands for its columns, its indexes and its sequences.
pub(super) fn whole(mut others: Vec<Dependent>) -> Vec<Dependent> {
    let whole: BTreeSet<String> =
        others.iter().map(|dependent| dependent.object.identity.clone()).collect();
    others
        .retain(|dependent| dependent.holder.as_ref().is_none_or(|holder| !whole.contains(holder)));
    others
}

/// What would go with a type that builds have shared: whoever else uses it, and what somebody has put beside it.
fn of_type(
    sql: &mut impl Sql,
    (schema, recorded): (&Ident, &BTreeSet<Object>),
    going: &Going<'_>,
) -> Result<Vec<Dependent>, LedgerError> {
    if !owner::is_ours(sql, schema)? {
        return Ok(Vec::new());
    }
    let own = types::shared(sql, schema)?.map(|ty| ty.printed);
    let is_own = |dependent: &Dependent| {
        own.as_ref() == Some(&dependent.object.identity) || recorded.contains(&dependent.object)
    };
    let others = going.types.iter().filter(|other| *other != schema);
    let goes: Vec<&Ident> = going.builds.iter().chain(others).collect();
    let mut dependents = footprint::of_schema(sql, schema)?;
    dependents
        .retain(|dependent| !is_own(dependent) && !goes.iter().any(|at| dependent.lies_in(at)));
    Ok(dependents)
}
