//! Our own rules: what squawk cannot know about a log, and what it misses.
//!
//! Owns their names and words. Statements inside functions and DO blocks are
//! not seen, and partitions of the log are tables of their own here.

use super::{Finding, Linter, Profile, Script};
use crate::ddl::{self, Kind, Name, Outside, Setting, Statement, Step, Transactional, Work};
use crate::revision::near_keys;

/// The names of our rules.
pub(super) const RULES: [&str; 11] = [
    "append-only-log",
    "log-rewrite",
    "concurrently-in-transaction",
    "transaction-control",
    "transaction-needed",
    "timeout-ignored",
    "unknown-log",
    "unknown-rule",
    "unreadable",
    "psql-command",
    "near-head",
];

/// Our own rules behind the trait.
pub(super) struct House;

impl Linter for House {
    fn findings(&self, script: &Script<'_>) -> Vec<Finding> {
        let Ok(statements) = ddl::read(script.file) else { return Vec::new() };
        let mut findings = Vec::new();
        if let Profile::Strict { log } = script.profile {
            match Name::parse(log) {
                Some(log) => {
                    let steps = statements.iter().flat_map(|s| &s.steps);
                    findings.extend(steps.filter_map(|step| on_log(script, step, &log)));
                }
                None => findings.push(script.finding(
                    0..0,
                    "unknown-log",
                    format!(
                        "{log} is not the name of a table, so the rules about the log are idle"
                    ),
                    None,
                )),
            }
        }
        findings.extend(statements.iter().filter_map(|s| in_transaction(script, s)));
        findings.extend(statements.iter().filter_map(|s| without_effect(script, s)));
        findings.extend(all_in_one(script, &statements));
        findings.extend(near_heads(script, &statements));
        findings
    }
}

/// Comments that look like lines of the head and count for nothing.
fn near_heads(script: &Script<'_>, statements: &[Statement]) -> Vec<Finding> {
    let inside = |at: usize| statements.iter().any(|s| s.span.contains(&at));
    let told = near_keys(script.file, inside).into_iter().map(|near| {
        let written = &script.file.text[near.span.clone()];
        let message = match near.too_late {
            true => format!("'{written}' stands below the first statement and counts for nothing"),
            false => {
                format!("'{written}' looks like a line of the head, is none and counts for nothing")
            }
        };
        let help = format!(
            "write '{}' above the first statement, or word the comment differently",
            near.meant
        );
        script.finding(near.span, "near-head", message, Some(help))
    });
    told.collect()
}

fn on_log(script: &Script<'_>, step: &Step, log: &Name) -> Option<Finding> {
    let table = step.table.as_ref()?;
    if step.kind == Kind::DropSchema {
        // The step's table is the schema here.
        return log.schema.as_ref().is_some_and(|schema| *schema == table.name).then(|| {
            let message = format!("DROP SCHEMA {table} takes the log {log} with it");
            script.finding(step.span.clone(), "append-only-log", message, None)
        });
    }
    if !table.may_be(log) {
        return None;
    }
    let loses = matches!(
        step.kind,
        Kind::Update
            | Kind::Delete
            | Kind::Merge
            | Kind::Truncate
            | Kind::DropTable
            | Kind::DropColumn
    );
    if loses {
        let message = format!(
            "{} on {log} changes or loses events, and what was built from them cannot be built \
             again",
            step.kind
        );
        let help = "append an event that corrects the other, or write an upcaster; \
                    a payload is migrated when it is read";
        let help = Some(help.to_owned());
        return Some(script.finding(step.span.clone(), "append-only-log", message, help));
    }
    let lock = step.lock.filter(|lock| lock.stops_writers() && step.work != Work::None)?;
    let does = if step.work == Work::Rewrite { "writes all of" } else { "reads all of" };
    let message = format!(
        "{} {does} {log} under the lock {lock}, and every append waits until it is done",
        step.kind
    );
    Some(script.finding(step.span.clone(), "log-rewrite", message, Some(instead(step.kind))))
}

/// How to come to the same end while the site appends.
fn instead(kind: Kind) -> String {
    match kind {
        Kind::CreateIndex | Kind::Reindex => {
            "say CONCURRENTLY, in a revision whose head says -- transaction: none"
        }
        Kind::AddConstraint | Kind::AddForeignKey => {
            "add a CHECK or FOREIGN KEY as NOT VALID and VALIDATE it in the next revision; for \
             UNIQUE and PRIMARY KEY build the index CONCURRENTLY first and add the constraint \
             USING INDEX"
        }
        Kind::SetNotNull => {
            "add CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in the next revision, then SET \
             NOT NULL: PostgreSQL trusts the constraint and reads nothing"
        }
        Kind::AddColumn => {
            "add the column without constraints and with a constant default, or none; an upcaster \
             can give old events a value"
        }
        Kind::Vacuum | Kind::VacuumFull | Kind::Cluster => {
            "a log is only appended to, so there is little to gain; plain VACUUM takes no such lock"
        }
        _ => "leave the table as it is, and give old events a new shape with an upcaster",
    }
    .to_owned()
}

fn in_transaction(script: &Script<'_>, statement: &Statement) -> Option<Finding> {
    let (rule, message, help) = match &statement.transaction {
        Transactional::Inside => return None,
        Transactional::Never(_) if script.outside_transaction => return None,
        Transactional::Never(what) => {
            let words = match what {
                Outside::Other => statement.kind().to_string(),
                _ => "CONCURRENTLY".to_owned(),
            };
            (
                "concurrently-in-transaction",
                format!("the revision runs in a transaction, where PostgreSQL refuses {words}"),
                "put -- transaction: none in the head, and give the statement a revision of its own",
            )
        }
        Transactional::Control => (
            "transaction-control",
            "regrow begins and commits the transaction of a revision itself".to_owned(),
            "take the statement out; what must be committed apart is a revision of its own",
        ),
    };
    Some(script.finding(statement.span.clone(), rule, message, Some(help.to_owned())))
}

/// Whether the file is what `pg_dump` writes, which has the same settings in each of its files.
pub(super) fn is_dump(script: &Script<'_>) -> bool {
    let mut head = script.file.text.lines().take_while(|l| l.is_empty() || l.starts_with("--"));
    head.any(|line| line == "-- PostgreSQL database dump")
}

/// A timeout that is set and does not count.
fn without_effect(script: &Script<'_>, statement: &Statement) -> Option<Finding> {
    let Some(Setting::Timeout(name)) = &statement.setting else { return None };
    if is_dump(script) {
        return None;
    }
    let message = format!("{name} has no effect here: regrow sets it anew before each statement");
    let help = "take the statement out; lock_timeout_ms and statement_timeout_s in [migrate] of config.toml count";
    Some(script.finding(statement.span.clone(), "timeout-ignored", message, Some(help.to_owned())))
}

/// A revision that gives up its transaction for nothing.
fn all_in_one(script: &Script<'_>, statements: &[Statement]) -> Option<Finding> {
    let first = statements.first().filter(|_| script.outside_transaction)?;
    let needs =
        |s: &Statement| matches!(s.transaction, Transactional::Never(_)) || s.kind() == Kind::Other;
    (!statements.iter().any(needs)).then(|| {
        script.finding(
            first.span.clone(),
            "transaction-needed",
            "the head says -- transaction: none, and no statement needs it".to_owned(),
            Some("take the line out, so that the revision happens as a whole or not at all".into()),
        )
    })
}
