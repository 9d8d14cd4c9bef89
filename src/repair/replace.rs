//! The transaction in which the rows of a value are taken away and made again, in all builds.

use std::collections::BTreeSet;

use super::recipe::Recipe;
use super::{RepairError, RepairedBuild};
use crate::context::Context;
use crate::definition::OnError;
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::{Ident, quote_literal};
use crate::ledger::{self, Build, BuildId};
use crate::log::Log;
use crate::pg::{PgError, Session, Sql, Transaction, citus, failpoint};
use crate::replay::sql::apply::apply_alone;
use crate::trace::Values;
use crate::trace::subject::{is_of_key, values_of};

/// What the transaction has: a follower holds a build's row for the length of a batch.
pub(super) const SETTINGS: &str = "SET LOCAL lock_timeout = '30s'";

/// Replaces the rows in every build, or in none.
pub(super) fn replace(
    context: &Context,
    session: &mut Session,
    (events, log): (&mut Session, &Log),
    recipes: &mut [Recipe],
) -> Result<Vec<RepairedBuild>, RepairError> {
    let ids: Vec<BuildId> = recipes.iter().map(|recipe| recipe.build.id).collect();
    let mut transaction = session.begin()?;
    transaction.run(SETTINGS)?;
    let is_locked = !failpoint::is_without("repair_lock");
    let now = match is_locked {
        true => ledger::lock_all(&mut transaction, &ids)?,
        false => recipes.iter().map(|recipe| recipe.build.clone()).collect(),
    };
    let mut repaired = Vec::new();
    for (recipe, build) in recipes.iter_mut().zip(now) {
        is_same(&recipe.build, &build)?;
        recipe.parked = ledger::parked(&mut transaction, build.id, build.position)?;
        recipe.skipped = ledger::skipped(&mut transaction, &build, build.position)?;
        recipe.read(context, (&mut *events, log), build.position)?;
        repaired.push(one(&mut transaction, recipe, build)?.told);
    }
    if is_locked {
        ledger::fence(&mut transaction, &ids)?;
    }
    let all: Vec<&str> = repaired.iter().map(|build| build.build.as_str()).collect();
    transaction.commit("repair::rows").map_err(|error| referred(error, &all.join(", ")))?;
    Ok(repaired)
}

/// Refuses a build that another run has changed since it was looked at; events may have been applied.
pub(super) fn is_same(before: &Build, now: &Build) -> Result<(), RepairError> {
    let is_same = before.state == now.state
        && before.definition_hash == now.definition_hash
        && before.schema == now.schema
        && before.position <= now.position;
    match is_same {
        true => Ok(()),
        false => Err(RepairError::Changed { build: now.schema.to_string() }),
    }
}

/// What became of the rows of a value in one build.
pub(super) struct Replaced {
    pub(super) told: RepairedBuild,
    /// Events that were parked and are applied now, with their parts.
    pub(super) applied: Vec<(Position, u32)>,
    /// Events that fail and are parked: those that were before, and those that are now.
    pub(super) refused: Vec<Failure>,
}

/// Replaces the rows in one build.
pub(super) fn one(
    transaction: &mut Transaction<'_>,
    recipe: &Recipe,
    build: Build,
) -> Result<Replaced, RepairError> {
    citus::begin_rows(transaction, &build.schema)?;
    let before = row(transaction, recipe)?;
    let was = fingerprint(transaction, recipe)?;
    let taken = take_away(transaction, recipe)?;
    let was_parked = places(&recipe.parked);
    let was_skipped = places(&recipe.skipped);
    let (mut tried, mut refused) = (BTreeSet::new(), Vec::new());
    let mut events = 0;
    for batch in &recipe.batches {
        events += batch.events();
        batch.each(|_, event, part| {
            let at = (event.position, part);
            if was_parked.contains(&at) || was_skipped.contains(&at) {
                tried.insert(at);
            }
        });
        let fails = apply_alone(transaction, &recipe.call, &recipe.program, batch)?;
        // One whose values could not be had before is left out as it was.
        let is_settled = |failure: &Failure| {
            let is_unbound = batch.left_out.iter().any(|one| place(one) == place(failure));
            let at = place(failure);
            is_unbound && (was_parked.contains(&at) || was_skipped.contains(&at))
        };
        let fails = fails.into_iter().map(|one| one.failure.without_words());
        refused.extend(fails.filter(|failure| !is_settled(failure)));
    }
    let fail_again = places(&refused);
    tried.retain(|at| !fail_again.contains(at));
    let is_new = |failure: &&Failure| {
        !was_parked.contains(&place(failure)) && !was_skipped.contains(&place(failure))
    };
    let goes_on = recipe.retries && build.on_error.goes_on();
    if let Some(failure) = refused.iter().find(is_new).filter(|_| !goes_on) {
        let (build, failure) = (build.schema.to_string(), Box::new(failure.clone()));
        return Err(RepairError::Fails { build, failure });
    }
    // One that was left out before stays what it was, whatever the policy is by now.
    let is_skipped = |failure: &Failure| {
        let is_new = is_new(&failure) && build.on_error == OnError::Skip;
        is_new || was_skipped.contains(&place(failure))
    };
    let (skipped, refused): (Vec<Failure>, Vec<Failure>) =
        refused.into_iter().partition(is_skipped);
    for failure in &refused {
        ledger::park(transaction, build.id, failure)?;
    }
    ledger::skip(transaction, build.id, &skipped)?;
    let (unparked, unskipped): (Vec<_>, Vec<_>) =
        tried.into_iter().partition(|at| was_parked.contains(at));
    ledger::unpark(transaction, build.id, &unparked)?;
    ledger::unskip(transaction, build.id, &unskipped)?;
    let (new_parked, new_skipped) =
        (refused.iter().filter(is_new).count(), skipped.iter().filter(is_new).count());
    let left_out = u64::try_from(refused.len() + skipped.len()).unwrap_or_default();
    let after = row(transaction, recipe)?;
    let changed = match recipe.row().is_some() {
        true => before != after,
        false => was != fingerprint(transaction, recipe)?,
    };
    let made = count(transaction, recipe)?;
    let tables = recipe.group.iter().zip(taken.into_iter().zip(made));
    let told = RepairedBuild {
        build: build.schema.to_string(),
        state: build.state,
        position: build.position,
        events: events - left_out.min(events),
        before,
        after,
        changed,
        tables: tables.map(|((t, _), (was, is))| (t.as_str().to_owned(), was, is)).collect(),
        unparked: unparked.len(),
        parked: new_parked,
        left_parked: if recipe.retries { 0 } else { was_parked.len() },
        unskipped: unskipped.len(),
        skipped: new_skipped,
        left_skipped: if recipe.retries { 0 } else { was_skipped.len() },
    };
    Ok(Replaced { told, applied: unparked, refused })
}

fn place(failure: &Failure) -> (Position, u32) {
    (Position(failure.position), failure.part)
}

fn places(failures: &[Failure]) -> BTreeSet<(Position, u32)> {
    failures.iter().map(place).collect()
}

/// Deletes all rows of the value; gives how many of each table. One statement, so that tables of the group may refer to
/// one another.
fn take_away(transaction: &mut Transaction<'_>, recipe: &Recipe) -> Result<Vec<i64>, RepairError> {
    let delete = |(nth, (table, column)): (usize, &(Ident, Ident))| {
        let of = of_value(recipe, table, column);
        format!("regrow_{nth} AS (DELETE FROM {of} RETURNING 1)")
    };
    let deletes: Vec<String> = recipe.group.iter().enumerate().map(delete).collect();
    let counts: Vec<String> =
        (0..deletes.len()).map(|nth| format!("(SELECT count(*) FROM regrow_{nth})")).collect();
    let sql = format!("WITH {} SELECT ARRAY[{}]", deletes.join(", "), counts.join(", "));
    let row = transaction.query_one(&sql, &[]);
    Ok(row.map_err(|error| referred(error, recipe.build.schema.as_str()))?.get(0))
}

/// What keeps the rows from going: one of another table may refer to them until the statement or the transaction ends.
pub(super) fn referred(error: PgError, build: &str) -> RepairError {
    match error {
        PgError::Server(told) if told.code == "23503" => {
            let constraint = told.constraint.clone().unwrap_or_default();
            let table = told.table.clone().unwrap_or_default();
            RepairError::Referred { build: build.to_string(), table, constraint }
        }
        error => error.into(),
    }
}

/// How many rows of the value each table has.
fn count(transaction: &mut Transaction<'_>, recipe: &Recipe) -> Result<Vec<i64>, RepairError> {
    let one = |(table, column): &(Ident, Ident)| {
        format!("(SELECT count(*) FROM {})", of_value(recipe, table, column))
    };
    let counts: Vec<String> = recipe.group.iter().map(one).collect();
    Ok(transaction.query_one(&format!("SELECT ARRAY[{}]", counts.join(", ")), &[])?.get(0))
}

/// The rows of the value, told apart from others: whether they are other ones afterwards is told, and nothing is
/// decided by it. Of one row the values are compared.
fn fingerprint(
    transaction: &mut Transaction<'_>,
    recipe: &Recipe,
) -> Result<Vec<Option<String>>, RepairError> {
    if recipe.row().is_some() {
        return Ok(Vec::new());
    }
    let one = |(table, column): &(Ident, Ident)| {
        let of = of_value(recipe, table, column).replacen(" WHERE ", " AS regrow$row WHERE ", 1);
        format!("(SELECT count(*) || ' ' || sum(hashtextextended(regrow$row::text, 0)) FROM {of})")
    };
    let all: Vec<String> = recipe.group.iter().map(one).collect();
    let sql = format!("SELECT ARRAY[{}]::text[]", all.join(", "));
    Ok(transaction.query_one(&sql, &[])?.get(0))
}

/// The rows of a table that are of the value, behind FROM.
fn of_value(recipe: &Recipe, table: &Ident, column: &Ident) -> String {
    let table = recipe.build.schema.dot(table);
    format!("{table} WHERE {} = {}", column.quoted(), quote_literal(recipe.value()))
}

fn row(transaction: &mut Transaction<'_>, recipe: &Recipe) -> Result<Option<Values>, RepairError> {
    let Some(subject) = recipe.row() else { return Ok(None) };
    let sql = format!(
        "SELECT {} FROM {} AS regrow$row WHERE {}",
        values_of("regrow$row", &subject.columns),
        subject.build.schema.dot(&subject.table),
        is_of_key("regrow$row", &subject.key)
    );
    Ok(transaction.query_opt(&sql, &[])?.map(|row| row.get(0)))
}
