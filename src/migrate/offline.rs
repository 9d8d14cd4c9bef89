//! Scripts: what a run would do, for psql to run where we may not.
//!
//! No server is asked. A script ends in the same catalog and the same history rows as the run
//! it stands for; that the database stands where the script begins is up to who runs it, and
//! a revision that ran already stops the script before its first statement.

use std::collections::BTreeSet;

use super::{MigrateError, Standing, scripts, stamp};
use crate::ddl::{self, Setting};
use crate::handler;
use crate::ident::Ident;
use crate::pg::history;
use crate::revision::target::Target;
use crate::revision::{Direction, Lineage, Revision};

/// The script that leads from one target to another, up or down, in a schema that `owner` owns.
///
/// # Errors
/// A target leads nowhere, steps from where a database stands, or a way back is missing.
pub fn script(
    lineage: &Lineage,
    (schema, owner): (&Ident, Option<&Ident>),
    direction: Direction,
    from: Option<&Target>,
    to: &Target,
) -> Result<String, MigrateError> {
    let applied: BTreeSet<i64> = match from {
        Some(from) => lineage.ancestors(lineage.destinations(from)?),
        None => BTreeSet::new(),
    };
    let plan = match direction {
        Direction::Up => lineage.upgrade(&applied, to)?,
        Direction::Down => lineage.downgrade(&applied, to)?,
    };
    scripts::check(lineage, direction, &plan)?;
    let mut text = head(lineage, owner, direction.name());
    if direction == Direction::Up && !plan.is_empty() {
        text.push_str(&transaction(&history::set_up_script(schema)?));
    }
    for revision in plan {
        text.push_str(&one(schema, direction, revision)?);
    }
    Ok(text)
}

/// The script that says where a database stands without running anything.
///
/// # Errors
/// A target leads nowhere.
pub fn stamp_script(
    lineage: Lineage,
    (schema, owner): (&Ident, Option<&Ident>),
    from: Option<&Target>,
    targets: &[Target],
) -> Result<String, MigrateError> {
    let applied = match from {
        Some(from) => lineage.ancestors(lineage.destinations(from)?),
        None => BTreeSet::new(),
    };
    let stamp = lineage.stamp(&applied, targets, false)?;
    let mut text = head(&lineage, owner, "stamp");
    let standing =
        Standing { lineage, schema: Some(schema.clone()), build: None, applied: Vec::new() };
    text.push_str(&transaction(&format!(
        "{}\n{}",
        history::set_up_script(schema)?,
        stamp::script(&standing, &stamp)?
    )));
    Ok(text)
}

fn head(lineage: &Lineage, owner: Option<&Ident>, what: &str) -> String {
    let role = owner.map_or_else(String::new, |owner| format!("SET ROLE {};\n", owner.quoted()));
    format!(
        "-- {}: {what}, for psql\n\\set ON_ERROR_STOP on\nSET client_min_messages = warning;\n{role}",
        lineage.name
    )
}

fn transaction(script: &str) -> String {
    format!("\nBEGIN;\n{}\nCOMMIT;\n", script.trim_end())
}

fn one(schema: &Ident, direction: Direction, revision: &Revision) -> Result<String, MigrateError> {
    let Some((file, outside)) = revision.script(direction) else { return Ok(String::new()) };
    let rows = match direction {
        Direction::Up => format!(
            "{}\n{}",
            history::row_script(schema, revision)?,
            history::applied_now_script(schema, revision.version)
        ),
        Direction::Down => history::forget_script(schema, revision.version),
    };
    // Temporary objects come last, as where regrow runs it.
    let path = format!("{}, pg_temp", schema.quoted());
    let first = history::guard_script(schema, revision, direction);
    if let Some(bulk) = &file.bulk {
        return Err(MigrateError::Script {
            place: file.place(0),
            reason: format!("a file of {} MB is no part of a script", bulk.bytes / 1_000_000),
            hint: "let regrow migrate run it, or psql, and then: regrow stamp".into(),
        });
    }
    // The set-up makes the schema. A timeout that `pg_dump` sets is refused by servers that are older than it.
    let mut file = file.clone();
    for cut in handler::cut(&file).map_err(|error| scripts::unread(error.into()))? {
        let statement = &file.text[cut.span.clone()];
        let makes_it = ddl::made_schema(statement).is_some_and(|made| made == schema.as_str());
        if makes_it || sets_newer_timeout(statement) {
            ddl::blank(&mut file, cut.span);
        }
    }
    let file = &file;
    let text = file.text.trim_start_matches('\u{feff}').trim_end();
    let title = format!("\n-- {} ({})\n", revision.stem(), direction.name());
    if !outside {
        let script = format!("{first}\nSET LOCAL search_path = {path};\n{text}\n;\n{rows}");
        return Ok(title + transaction(&script).trim_start());
    }
    let statements = ddl::read(file).map_err(scripts::unread)?;
    let alone: String =
        statements.iter().map(|s| format!("{};\n", &file.text[s.span.clone()])).collect();
    let last = transaction(&rows);
    Ok(format!("{title}{first}\nSET search_path = {path};\n{alone}RESET search_path;{last}"))
}

/// Whether it sets what servers before PostgreSQL 17 do not know, and `pg_dump` of 17 and later writes into each file.
fn sets_newer_timeout(statement: &str) -> bool {
    // Most statements are not looked into: rows may be among them.
    let is_set = statement.contains("transaction_timeout")
        && handler::first_words(statement).first().is_some_and(|word| word == "SET");
    is_set
        && matches!(ddl::setting_of(statement), Some(Setting::Timeout(name)) if name == "transaction_timeout")
}
