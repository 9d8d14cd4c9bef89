//! A new build: its schema, its tables, its place in the ledger, in one transaction.
//!
//! For the replay, secondary indexes no handler needs are set aside, and tables whose rows
//! handlers update leave room in their pages, so that most updates touch no index (measured
//! on orders: 65 % of them instead of 10 %, and a fifth less CPU in the server; the finished
//! table is not larger). What handlers need, the planner says: each statement is explained
//! against the empty tables with sequential scans discouraged. Both are taken back by the
//! finish, whose statements wait in the ledger.

use std::collections::BTreeSet;

use super::{RebuildError, types};
use crate::context::Context;
use crate::definition::{Definition, EngineChoice, Parsed};
use crate::handler::function::{self, StatementTypes};
use crate::handler::{Handlers, Statement};
use crate::ident::{Ident, quote_ident};
use crate::ledger::{self, Beginning, Build};
use crate::migrate;
use crate::pg::footprint::{self, Object};
use crate::pg::types::parts;
use crate::pg::{PgError, Session, Sql, Transaction, catalog, citus, failpoint, owner};
use crate::progress::Progress;
use crate::promote;
use crate::replay::native;
use crate::replay::sql::envelope::Written;
use crate::replay::sql::reach::Allowed;
use crate::replay::sql::{Inferred, ProgramError, reach, typing};

/// Makes a build of a definition.
///
/// # Errors
/// A revision fails, a statement does not fit the tables, or another projection publishes
/// one of its names; then nothing is left behind.
pub fn create(
    context: &Context,
    session: &mut Session,
    definition: &Definition,
    origin: &Beginning<'_>,
    promote: bool,
) -> Result<Build, RebuildError> {
    let parsed = definition.parse().map_err(ProgramError::from)?;
    let outside = reach::of_revisions(definition, &parsed);
    if !outside.is_empty() {
        return Err(ProgramError::Outside(outside).into());
    }
    let mut transaction = session.begin()?;
    // Whoever goes on after a crash of the server must find the build in the ledger.
    transaction.run("SET LOCAL synchronous_commit = on")?;
    let build = ledger::create_build(&mut transaction, definition, origin)?;
    owner::make_new(&mut transaction, &build.schema)?;
    let observer = context.observer.as_ref();
    let revisions = &parsed.lineage.revisions;
    let allowed = Allowed { reads: &definition.reads, trusted: &definition.trust_functions };
    let of = (&build, revisions.as_slice(), allowed);
    let shared = types::migrated(observer, &mut transaction, of)?;
    migrate::no_extension_inside(&mut transaction, &build.schema, &parsed.lineage.revisions)?;
    // What a revision sets is for its own statements: a follower would not have it.
    transaction.renew_settings()?;
    // As a claim has it for the replay, and as this transaction needs it.
    transaction.session().commit_lazily()?;
    transaction.run("SET LOCAL synchronous_commit = on")?;
    if failpoint::is_without("logged_tables") {
        for table in catalog::tables(&mut transaction, &build.schema)? {
            let name = build.schema.dot(&table.name);
            transaction.run(&format!("ALTER TABLE {name} SET UNLOGGED"))?;
        }
    }
    citus::must_agree(&mut transaction, &build.schema)?;
    let types = typing::infer(&mut transaction, &build.schema, &parsed.handlers, Written::Now)?;
    let found = reach::look(&mut transaction, &build.schema, definition, &parsed, &types)?;
    note_dependencies(context, &build, &found);
    ProgramError::of_found(found)?;
    if !origin.is_proof && origin.as_of.is_none() {
        publish_names(context, &mut transaction, &build)?;
    }
    if origin.until.is_none() {
        promote::may_be_shown(context, &mut transaction, &build, promote).map_err(Box::new)?;
    }
    for derived in catalog::derived(&mut transaction, &build.schema)? {
        let refreshed = if derived.starts_with("mat") { ", and nothing refreshes it" } else { "" };
        context.note(&Progress::Note(format!(
            "{}: readers are shown tables, and not the {derived}{refreshed}",
            build.schema
        )));
    }
    // Before indexes are put off: what the finish makes again has the same name.
    let made = footprint::of_schema(&mut transaction, &build.schema)?;
    let mut made: BTreeSet<Object> = made.into_iter().map(|taken| taken.object).collect();
    for ty in &shared {
        made.insert(ledger::shared_type(&ty.schema));
        made.extend(parts(&mut transaction, &ty.schema)?);
    }
    ledger::record_objects(&mut transaction, build.id, &made)?;
    prepare_for_replay(&mut transaction, &build, &parsed, &types, definition.engine)?;
    transaction.commit("create::build")?;
    Ok(build)
}

/// What a rebuild depends on besides the log and the definition, and what may be a mistake in it.
fn note_dependencies(context: &Context, build: &Build, found: &reach::Found) {
    for relation in &found.depends_on {
        context.note(&Progress::Note(format!(
            "{} depends on {relation}: when it changes, the same events give other rows",
            build.schema
        )));
    }
    for doubt in &found.doubts {
        let hint = doubt.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        context.note(&Progress::Note(format!("warning: {doubt}{hint}")));
    }
}

/// Claims the names of the views, so that a clash is known before the replay and not after it.
fn publish_names(
    context: &Context,
    transaction: &mut Transaction<'_>,
    build: &Build,
) -> Result<(), RebuildError> {
    let schema = context.publish_schema(build.publish_schema.as_deref());
    let tables = catalog::tables(transaction, &build.schema)?;
    let names: Vec<Ident> = tables.into_iter().map(|t| t.name).collect();
    Ok(ledger::publish(transaction, &build.projection, &schema, &names)?)
}

/// Room for the newer versions of a page's rows, in percent of the page that is filled at first.
const REPLAY_FILLFACTOR: u32 = 50;

/// What the plans of all handlers tell.
#[derive(Default)]
pub(super) struct Plans {
    /// Indexes they would use.
    indexes: BTreeSet<String>,
    /// Tables whose rows they update.
    updated: BTreeSet<String>,
}

fn prepare_for_replay(
    transaction: &mut Transaction<'_>,
    build: &Build,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
    engine: EngineChoice,
) -> Result<(), RebuildError> {
    let (off, plans) = put_off_indexes(transaction, &build.schema, &parsed.handlers, types)?;
    for definition in &off {
        ledger::at_finish(transaction, build.id, definition)?;
    }
    // Memory writes each row once.
    if runs_natively(transaction, build, parsed, types, engine)? {
        return Ok(());
    }
    for table in catalog::tables_without_fillfactor(transaction, &build.schema)? {
        if plans.updated.contains(table.as_str()) {
            let name = build.schema.dot(&table);
            transaction
                .run(&format!("ALTER TABLE {name} SET (fillfactor = {REPLAY_FILLFACTOR})"))?;
            let back = format!("ALTER TABLE {name} RESET (fillfactor)");
            ledger::at_finish(transaction, build.id, &back)?;
        }
    }
    Ok(())
}

/// Drops the indexes that no handler needs; gives the statements that make them again.
pub(super) fn put_off_indexes(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    handlers: &Handlers,
    types: &[Vec<StatementTypes>],
) -> Result<(Vec<String>, Plans), PgError> {
    // The planner tells the plan of a shard there, and each change of an index is one of every shard.
    if !citus::tables(transaction, schema)?.is_empty() {
        return Ok((Vec::new(), Plans::default()));
    }
    let plans = plans(transaction, handlers, types)?;
    let mut off = Vec::new();
    for index in catalog::secondary_indexes(transaction, schema)? {
        if !plans.indexes.contains(index.name.as_str()) {
            transaction.run(&format!("DROP INDEX {}", schema.dot(&index.name)))?;
            off.push(index.definition);
        }
    }
    Ok((off, plans))
}

fn runs_natively(
    transaction: &mut Transaction<'_>,
    build: &Build,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
    engine: EngineChoice,
) -> Result<bool, PgError> {
    if engine == EngineChoice::Sql {
        return Ok(false);
    }
    let slots = function::slots(&parsed.handlers, types);
    let inferred = Inferred { parsed, types, slots: &slots };
    let program = native::compile(transaction, &build.schema, inferred)?;
    Ok(native::is_chosen(engine, &program))
}

fn plans(
    transaction: &mut Transaction<'_>,
    handlers: &Handlers,
    types: &[Vec<StatementTypes>],
) -> Result<Plans, PgError> {
    transaction
        .run("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan")?;
    let mut plans = Plans::default();
    let pairs = handlers.handlers.iter().zip(types);
    for (statement, types) in pairs.flat_map(|(h, t)| h.statements.iter().zip(t)) {
        plans.collect(&explain(transaction, statement, types)?);
    }
    transaction.run("SET LOCAL enable_seqscan = on")?;
    Ok(plans)
}

/// The generic plan of a statement. `EXPLAIN (GENERIC_PLAN)` came with PostgreSQL 16 only.
fn explain(
    transaction: &mut Transaction<'_>,
    statement: &Statement,
    types: &StatementTypes,
) -> Result<serde_json::Value, PgError> {
    let mut uses = 0;
    let rendered = statement.render(|_| {
        uses += 1;
        format!("${uses}")
    });
    let name = quote_ident("regrow explain");
    // A domain may refuse the NULLs below.
    let bases: Vec<&str> = types.by_use.iter().map(|ty| ty.base.as_str()).collect();
    let typed = if uses == 0 { String::new() } else { format!("({})", bases.join(", ")) };
    let nulls =
        if uses == 0 { String::new() } else { format!("({})", vec!["NULL"; uses].join(", ")) };
    transaction.run(&format!("PREPARE {name}{typed} AS {}", rendered.sql))?;
    let rows = transaction.query(&format!("EXPLAIN (FORMAT JSON) EXECUTE {name}{nulls}"), &[])?;
    transaction.run(&format!("DEALLOCATE {name}"))?;
    Ok(rows.first().map_or(serde_json::Value::Null, |row| row.get(0)))
}

impl Plans {
    fn collect(&mut self, plan: &serde_json::Value) {
        match plan {
            serde_json::Value::Object(members) => {
                let text = |key: &str| members.get(key).and_then(|v| v.as_str());
                if let Some(index) = text("Index Name") {
                    self.indexes.insert(index.to_owned());
                }
                let updates = text("Operation") == Some("Update")
                    || text("Operation") == Some("Merge")
                    || text("Conflict Resolution") == Some("UPDATE");
                if let (true, Some(table)) = (updates, text("Relation Name")) {
                    self.updated.insert(table.to_owned());
                }
                members.values().for_each(|value| self.collect(value));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }
}
