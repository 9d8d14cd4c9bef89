//! The tables of a new build, with the types that it shares with the builds before it.
//!
//! Views show columns, and a column's type is who it is and not what it is: a type that each build made
//! for itself would be another one with each promote. So the lineage runs once as it is written, which
//! tells what its types come to. Those that readers see and that no build has yet move into schemas of
//! their own, where they stay who they are. If there are some already, what ran is taken back, and the
//! lineage runs again with these on its search path and without the statements that once made them.
//! That this came to the same tables is not believed: the catalogs are compared. Where it did
//! not, the build has types of its own, and it is said.

use std::collections::BTreeSet;

use super::RebuildError;
use crate::handler::function::{self, NAME};
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError};
use crate::migrate::{self, How, MigrateError};
use crate::pg::search_path::SearchPath;
use crate::pg::types::{self, Plan, Shared};
use crate::pg::{PgError, Sql, Transaction, owner, schema};
use crate::progress::{Observer, Progress, Unobserved};
use crate::replay::sql::reach::Allowed;
use crate::revision::Revision;
use crate::schema::Schema;

/// Runs a lineage in the empty schema of a build; gives the shared types that the build uses.
///
/// # Errors
/// A revision fails, or the server refuses.
pub(super) fn migrated(
    observer: &dyn Observer,
    transaction: &mut Transaction<'_>,
    (build, revisions, allowed): (&Build, &[Revision], Allowed<'_>),
) -> Result<Vec<Shared>, RebuildError> {
    let there = of_projection(transaction, &build.projection)?;
    let draft = Draft { build, revisions, allowed, there: &there };
    let mut plain = transaction.savepoint()?;
    draft.run(&mut plain, observer, &BTreeSet::new())?;
    let mut plan = draft.plan(&mut plain)?;
    let mut why_not = None;
    if !plan.found.is_empty() {
        let wanted = schema::read(&mut plain, &build.schema)?;
        drop(plain);
        match refusable(transaction, |again| draft.run_again(again, &plan, &wanted))? {
            Ok(shared) => {
                draft.tell(observer, &plan);
                return Ok(shared);
            }
            Err(why) => why_not = Some(why),
        }
        plain = transaction.savepoint()?;
        draft.run(&mut plain, &Unobserved, &BTreeSet::new())?;
        plan = draft.plan(&mut plain)?;
        plan.found.clear();
        plan.new.clear();
    }
    plain.release()?;
    let shared = match refusable(transaction, |own| draft.share(own, &plan))? {
        Ok(shared) => shared,
        Err(why) => {
            why_not = Some(why);
            Vec::new()
        }
    };
    if let Some(why) = why_not {
        observer.note(&Progress::Note(format!(
            "{}: its types are its own, and not those of the builds before it: {why}. Views with columns of them \
             are made anew by a promote, which is refused where something depends on one",
            build.schema
        )));
    }
    draft.tell(observer, &plan);
    Ok(shared)
}

/// The shared types of a projection's builds.
///
/// # Errors
/// The server refuses.
fn of_projection(sql: &mut impl Sql, projection: &str) -> Result<Vec<Shared>, LedgerError> {
    let mut there = Vec::new();
    for at in ledger::type_schemas(sql, projection)? {
        if owner::is_ours(sql, &at)? {
            there.extend(types::shared(sql, &at)?);
        }
    }
    Ok(there)
}

/// Does something that can be left; gives what the server said if it refuses. What was done is taken back then.
fn refusable<T>(
    transaction: &mut Transaction<'_>,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<Result<T, String>, RebuildError>,
) -> Result<Result<T, String>, RebuildError> {
    let mut savepoint = transaction.savepoint()?;
    let refused = match work(&mut savepoint) {
        Ok(Ok(done)) => {
            savepoint.release()?;
            return Ok(Ok(done));
        }
        Ok(Err(why)) => why,
        Err(RebuildError::Migrate(error @ MigrateError::Failed { .. })) => error.to_string(),
        Err(RebuildError::Pg(error @ PgError::Server(_))) if !error.is_circumstance() => {
            error.to_string()
        }
        Err(error) => return Err(error),
    };
    Ok(Err(refused))
}

/// Where the types are decided on.
struct Draft<'s> {
    build: &'s Build,
    revisions: &'s [Revision],
    /// What its revisions may reach outside.
    allowed: Allowed<'s>,
    there: &'s [Shared],
}

impl Draft<'_> {
    /// Runs the lineage without the statements about some types.
    fn run(
        &self,
        transaction: &mut Transaction<'_>,
        observer: &dyn Observer,
        without: &BTreeSet<Ident>,
    ) -> Result<(), RebuildError> {
        let of = (&self.build.schema, self.build.projection.as_str());
        for revision in self.revisions {
            let how = How { without, allowed: Some(self.allowed), observer };
            migrate::apply_as(transaction, of, revision, how)?;
        }
        Ok(())
    }

    fn plan(&self, transaction: &mut Transaction<'_>) -> Result<Plan, RebuildError> {
        let own = types::of(transaction, &self.build.schema)?;
        if own.iter().all(|ty| !ty.is_shown) {
            return Ok(Plan::default());
        }
        let taken = types::schemas(transaction)?;
        Ok(Plan::of(&self.build.projection, &own, self.there, &|schema| taken.contains(schema)))
    }

    /// Runs the lineage with the types that were found, and holds what came of it to what was wanted.
    fn run_again(
        &self,
        transaction: &mut Transaction<'_>,
        plan: &Plan,
        wanted: &Schema,
    ) -> Result<Result<Vec<Shared>, String>, RebuildError> {
        self.keep_path(transaction, &plan.found)?;
        let without: BTreeSet<Ident> = plan.found.iter().map(|s| s.name.clone()).collect();
        self.run(transaction, &Unobserved, &without)?;
        let again = types::of(transaction, &self.build.schema)?;
        if let Some(twice) = again.iter().find(|own| without.contains(&own.name)) {
            return Ok(Err(format!(
                "its revisions make the type {} in more than one way",
                twice.name
            )));
        }
        let again = self.plan(transaction)?;
        if !again.found.is_empty() || again.new.len() != plan.new.len() {
            return Ok(Err("its types came out otherwise beside those that were there".into()));
        }
        let mut shared = self.share_new(transaction, &again)?;
        shared.extend(plan.found.iter().cloned());
        self.keep_path(transaction, &shared)?;
        let made = schema::read(transaction, &self.build.schema)?;
        Ok(match difference(wanted, &made, &without) {
            None => Ok(shared),
            Some(line) => Err(format!("with them the tables came out otherwise ({line})")),
        })
    }

    /// Gives the types that are new schemas of their own.
    fn share(
        &self,
        transaction: &mut Transaction<'_>,
        plan: &Plan,
    ) -> Result<Result<Vec<Shared>, String>, RebuildError> {
        if plan.new.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        if let Some(function) = with_a_path(transaction, &self.build.schema)? {
            return Ok(Err(format!("{function} has a search path without them")));
        }
        let shared = self.share_new(transaction, plan)?;
        self.keep_path(transaction, &shared)?;
        Ok(Ok(shared))
    }

    fn share_new(
        &self,
        transaction: &mut Transaction<'_>,
        plan: &Plan,
    ) -> Result<Vec<Shared>, RebuildError> {
        for (_, shared) in &plan.new {
            owner::make_new(transaction, &shared.schema)?;
            let name = self.build.schema.dot(&shared.name);
            transaction.run(&format!("ALTER TYPE {name} SET SCHEMA {}", shared.schema.quoted()))?;
        }
        Ok(plan.new.iter().map(|(_, shared)| shared.clone()).collect())
    }

    /// Lets the build find its types from here on.
    fn keep_path(
        &self,
        transaction: &mut Transaction<'_>,
        shared: &[Shared],
    ) -> Result<(), RebuildError> {
        let schema = &self.build.schema;
        let path = SearchPath::anew(transaction, schema)?;
        let schemas: Vec<&Ident> = shared.iter().map(|shared| &shared.schema).collect();
        transaction.run(&function::placeholder(schema, &path.with(&schemas)))?;
        let own = SearchPath::of(transaction, schema, NAME)?;
        Ok(own.set(transaction)?)
    }

    /// Says what is new and what could not be shared.
    fn tell(&self, observer: &dyn Observer, plan: &Plan) {
        let build = &self.build.schema;
        for (_, new) in &plan.new {
            if self.there.iter().any(|other| other.name == new.name) {
                observer.note(&Progress::Note(format!(
                    "{build}: the type {} is another one than builds before it have, now {}",
                    new.name, new.content
                )));
            }
        }
        for (name, why) in &plan.stay {
            observer.note(&Progress::Note(format!(
                "{build}: the type {name} is the build's own, since it needs the {why}: views with columns of it \
                 are made anew by each promote"
            )));
        }
    }
}

/// A function of a schema that keeps a search path, which was set before types have moved.
fn with_a_path(sql: &mut impl Sql, schema: &Ident) -> Result<Option<String>, PgError> {
    let row = sql.query_opt(
        "SELECT pg_catalog.format('the function %I', p.proname) FROM pg_catalog.pg_proc p \
           JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
          WHERE n.nspname = $1 AND EXISTS (SELECT FROM pg_catalog.unnest(p.proconfig) AS s WHERE starts_with(s, 'search_path=')) \
          ORDER BY 1 LIMIT 1",
        &[&schema.as_str()],
    )?;
    Ok(row.map(|row| row.get(0)))
}

/// The first line in which two catalogs differ, if they do; comments on types aside, which others may have changed.
fn difference(wanted: &Schema, made: &Schema, types: &BTreeSet<Ident>) -> Option<String> {
    let lines = |schema: &Schema| -> BTreeSet<String> {
        let about_type = |line: &String| {
            ["comment on type ", "comment on domain ", "comment on column "].iter().any(|kind| {
                let object = line.strip_prefix(kind).unwrap_or_default();
                types.iter().any(|ty| {
                    let name = |name: &str| {
                        object.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', '.']))
                    };
                    name(ty.as_str()) || name(&ty.quoted())
                })
            })
        };
        schema.lines().into_iter().filter(|line| !about_type(line)).collect()
    };
    let (wanted, made) = (lines(wanted), lines(made));
    wanted.symmetric_difference(&made).next().cloned()
}
