//! What the barrier watches of the log, and whether it can.

use super::{Code, Finding, Inspection, LISTED, PreflightError};
use crate::config::Order;
use crate::log::presets::PROOFS;
use crate::log::watched::{Part, Unwatchable, Watched};
use crate::log::{LogError, LogShape, reaches};
use crate::pg::{PgError, Session, Sql};

/// Looks at what is watched; `None` if nothing can be.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    shape: &LogShape,
    role: &str,
) -> Result<Option<Watched>, PreflightError> {
    let log = shape.label();
    let watched = match Watched::look(session, shape) {
        Ok(watched) => watched,
        Err(error) => {
            inspection.found.push(refused(&log, error)?);
            return Ok(None);
        }
    };
    if let Some(sequence) = watched.sequence.as_ref().filter(|sequence| !sequence.may_read) {
        let told = inspection.found.iter().any(|f| f.code == Code::NoSelectOnSequence);
        if !told {
            let name = &sequence.name;
            let message = format!("{role} may not read {name}, which tells how far the log is");
            let next = format!("GRANT SELECT ON SEQUENCE {name} TO {role};");
            let code = Code::NoSelectOnSequence;
            inspection.found.push(Finding::refused(code, name, message, next));
        }
        return Ok(None);
    }
    match reaches(session, shape, &watched) {
        Ok(_) => {}
        Err(LogError::Pg(PgError::Server(error))) => return Err(PgError::Server(error).into()),
        Err(error) => inspection.found.push(refused(&log, error)?),
    }
    let promoting = inspection.at_promote();
    match (shape.unproven(), shape.order) {
        (Some(hazard), _) => {
            let message = format!("the order of {log} is not proven: {hazard}");
            let code = Code::OrderUnproven;
            inspection.found.push(Finding::new(promoting, code, &log, message, PROOFS));
        }
        (None, Order::InInsert) => inspection.found.extend(without_default(&watched)),
        (None, Order::BeforeInsert | Order::WritersLock) => {}
    }
    inspection.found.extend(without_index(session, shape, &watched)?);
    inspection.found.extend(others((&log, role), shape, &watched));
    Ok(Some(watched))
}

/// The finding for a log that cannot be watched.
fn refused(log: &str, error: LogError) -> Result<Finding, PreflightError> {
    let message = error.to_string();
    match error {
        LogError::CachedSequence { sequence, .. } => {
            let next = format!("ALTER SEQUENCE {sequence} CACHE 1;");
            Ok(Finding::refused(Code::CachedSequence, sequence, message, next))
        }
        LogError::Unwatchable(why) => {
            let code = match *why {
                Unwatchable::Subscribed { .. } => Code::LogSubscribed,
                Unwatchable::AboveSequence { .. } => Code::PositionsAboveSequence,
                Unwatchable::Writer { .. } => Code::WatchedTables,
                Unwatchable::Sequence { .. } | Unwatchable::SeveralSources { .. } => {
                    Code::SequenceUnusable
                }
                Unwatchable::Foreign { .. }
                | Unwatchable::Materialised { .. }
                | Unwatchable::Kind { .. }
                | Unwatchable::View { .. }
                | Unwatchable::NoSequence { .. }
                | Unwatchable::Nodes { .. } => Code::LogUnwatchable,
            };
            Ok(Finding::refused(code, log, message, why.remedy()))
        }
        error => Err(error.into()),
    }
}

/// Tables whose writers give the positions themselves, perhaps before their transaction begins.
fn without_default(watched: &Watched) -> Option<Finding> {
    let parts = || watched.parts.iter().filter(|part| part.column.is_some());
    let by_parents = parts().any(|part| part.depth < 0 && part.has_default);
    let mut children = parts().filter(|part| part.depth > 0).peekable();
    let by_children = children.peek().is_some() && children.all(|part| part.has_default);
    let is_bare = |part: &&Part| part.depth == 0 && !part.has_default;
    let bare = parts().filter(is_bare).filter(|_| !by_parents && !by_children);
    let column = |part: &Part| format!("{}.{}", part.name, part.column.as_deref().unwrap_or("?"));
    let columns: Vec<String> = bare.map(column).collect();
    let first = columns.first()?.clone();
    let message = format!(
        "{} has neither DEFAULT nor identity: a writer that takes a position before the transaction that \
         inserts the event may commit it after builds have passed it, and no lock tells",
        columns.join(", ")
    );
    let next = "nothing, if each position is taken in the transaction of its event; else [event_store.adopt] \
                gaps = \"3s\" (how long a writer takes at the most), or a DEFAULT";
    Some(Finding::warning(Code::PositionWithoutDefault, first, message, next))
}

/// Tables that are read as a whole for every question about positions.
fn without_index(
    session: &mut Session,
    shape: &LogShape,
    watched: &Watched,
) -> Result<Option<Finding>, PgError> {
    let bare: Vec<&Part> = watched.leaves().filter(|part| !part.is_indexed).collect();
    if watched.is_indexed() || (bare.is_empty() && is_served(session, shape)?) {
        return Ok(None);
    }
    let listed = usize::try_from(LISTED).unwrap_or(usize::MAX);
    let statement = |part: &&Part| {
        let column = part.column.as_deref().unwrap_or("?");
        format!("CREATE INDEX CONCURRENTLY ON {} ({column});", part.name)
    };
    let mut next: Vec<String> = bare.iter().take(listed).map(statement).collect();
    if bare.len() > listed {
        next.push(format!("and so for {} more", bare.len() - listed));
    }
    if next.is_empty() {
        next.push(match watched.parts.iter().find(|part| part.depth == 0) {
            Some(table) if table.name == shape.label() && !table.is_partitioned => {
                format!("CREATE INDEX CONCURRENTLY ON {} (({}));", table.name, shape.position)
            }
            _ => format!("an index that has the order of {}", shape.position),
        });
    }
    let message = format!(
        "no index of {} begins with the position: each range of a rebuild and each look of a follower reads \
         all of it",
        shape.label()
    );
    let code = Code::NoIndexOnPosition;
    Ok(Some(Finding::warning(code, shape.label(), message, next.join(" "))))
}

/// Whether indexes give the order of positions that are an expression, or of a view.
fn is_served(session: &mut Session, shape: &LogShape) -> Result<bool, PgError> {
    let mut transaction = session.begin()?;
    transaction.run("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")?;
    let (position, rows) = (&shape.position, shape.rows());
    let explain =
        format!("EXPLAIN (COSTS OFF) SELECT {position} FROM {rows} ORDER BY {position} LIMIT 1");
    let plan = transaction.query(&explain, &[]);
    drop(transaction);
    let sorts = |row: &crate::pg::Row| row.get::<_, String>(0).contains("Sort");
    match plan {
        Ok(plan) => Ok(!plan.iter().any(sorts)),
        // An expression that cannot be evaluated is told elsewhere.
        Err(PgError::Server(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

fn others((log, role): (&str, &str), shape: &LogShape, watched: &Watched) -> Vec<Finding> {
    let mut found = Vec::new();
    if shape.filter.is_some() {
        let message = format!(
            "where of [event_store.adopt] leaves rows of {log} out: one that comes to fulfil it by an UPDATE shows \
             at a position that builds have passed, and one that no longer fulfils it stays in builds that read it"
        );
        let next = "after such an UPDATE: regrow rebuild";
        found.push(Finding::note(Code::ViewCondition, log, message, next));
    } else if watched.is_filtered {
        let message = format!(
            "the view {log} leaves events out by a condition: an event that comes to fulfil it by an UPDATE \
             shows at a position that builds have passed"
        );
        let next = "nothing, if no UPDATE changes what the condition asks for; else name the table";
        found.push(Finding::warning(Code::ViewCondition, log, message, next));
    }
    if watched.hides_subscriptions {
        let message = format!(
            "{role} may not see whether a subscription fills the log, which no build can follow"
        );
        let next = format!("GRANT SELECT ON pg_catalog.pg_subscription_rel TO {role};");
        found.push(Finding::note(Code::HiddenSubscriptions, log, message, next));
    }
    found
}
