//! A new build: its schema, its tables, its place in the ledger, in one transaction.
//!
//! Secondary indexes no handler needs are set aside until the replay is over. Which
//! ones handlers need, the planner says: each statement is explained against the empty
//! tables with sequential scans discouraged, and what it would use stays.

use std::collections::BTreeSet;

use super::RebuildError;
use super::sql_engine::{ProgramError, determinism, typing};
use crate::definition::{Definition, Parsed};
use crate::event::Position;
use crate::handler::function::StatementTypes;
use crate::handler::{Handlers, Statement};
use crate::ident::{Ident, quote_ident};
use crate::ledger::{self, Build};
use crate::migrate;
use crate::pg::{PgError, Session, Sql, Transaction, catalog};
use crate::site::Site;

/// Makes a build of a definition.
///
/// # Errors
/// A revision fails, a statement does not fit the tables, or another projection publishes
/// one of its names; then nothing is left behind.
pub fn create(
    site: &Site,
    session: &mut Session,
    definition: &Definition,
    until: Option<Position>,
) -> Result<Build, RebuildError> {
    let parsed = definition.parse().map_err(ProgramError::from)?;
    let mut transaction = session.begin()?;
    let build = ledger::create_build(&mut transaction, definition, until)?;
    for revision in &parsed.lineage.revisions {
        migrate::apply(&mut transaction, &build.schema, &definition.projection, revision)?;
    }
    transaction.run(&format!("CREATE SCHEMA IF NOT EXISTS {}", build.schema.quoted()))?;
    let types = typing::infer(&mut transaction, &build.schema, &parsed.handlers)?;
    let faults = determinism::faults(&mut transaction, &build.schema, &parsed, &types)?;
    if !faults.is_empty() {
        return Err(ProgramError::Faults(faults).into());
    }
    publish_names(site, &mut transaction, &build)?;
    set_indexes_aside(&mut transaction, &build, &parsed, &types)?;
    transaction.commit()?;
    Ok(build)
}

/// Claims the names of the views, so that a clash is known before the replay and not after it.
fn publish_names(
    site: &Site,
    transaction: &mut Transaction<'_>,
    build: &Build,
) -> Result<(), RebuildError> {
    let schema = site.publish_schema(build.publish_schema.as_deref());
    let tables = catalog::tables(transaction, &build.schema)?;
    let names: Vec<Ident> = tables.into_iter().map(|t| t.name).collect();
    Ok(ledger::publish(transaction, &build.projection, &schema, &names)?)
}

fn set_indexes_aside(
    transaction: &mut Transaction<'_>,
    build: &Build,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
) -> Result<(), RebuildError> {
    let mut aside = catalog::secondary_indexes(transaction, &build.schema)?;
    if aside.is_empty() {
        return Ok(());
    }
    let used = indexes_used(transaction, &parsed.handlers, types)?;
    aside.retain(|index| !used.contains(index.name.as_str()));
    for index in &aside {
        transaction.run(&format!("DROP INDEX {}", build.schema.dot(&index.name)))?;
    }
    ledger::set_aside(transaction, build.id, &aside)?;
    Ok(())
}

fn indexes_used(
    transaction: &mut Transaction<'_>,
    handlers: &Handlers,
    types: &[Vec<StatementTypes>],
) -> Result<BTreeSet<String>, PgError> {
    transaction
        .run("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan")?;
    let mut used = BTreeSet::new();
    let pairs = handlers.handlers.iter().zip(types);
    for (statement, types) in pairs.flat_map(|(h, t)| h.statements.iter().zip(t)) {
        let plan = explain(transaction, statement, types)?;
        collect_index_names(&plan, &mut used);
    }
    transaction.run("SET LOCAL enable_seqscan = on")?;
    Ok(used)
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
    let typed = if uses == 0 { String::new() } else { format!("({})", types.by_use.join(", ")) };
    let nulls =
        if uses == 0 { String::new() } else { format!("({})", vec!["NULL"; uses].join(", ")) };
    transaction.run(&format!("PREPARE {name}{typed} AS {}", rendered.sql))?;
    let rows = transaction.query(&format!("EXPLAIN (FORMAT JSON) EXECUTE {name}{nulls}"), &[])?;
    transaction.run(&format!("DEALLOCATE {name}"))?;
    Ok(rows.first().map_or(serde_json::Value::Null, |row| row.get(0)))
}

fn collect_index_names(plan: &serde_json::Value, found: &mut BTreeSet<String>) {
    match plan {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    (
                        "Index Name" | "Conflict Arbiter Indexes",
                        serde_json::Value::String(name),
                    ) => {
                        found.insert(name.clone());
                    }
                    _ => collect_index_names(value, found),
                }
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                collect_index_names(item, found);
            }
        }
        _ => {}
    }
}
