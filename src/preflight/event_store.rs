//! The log: whether it is there, whether it may be read, and who writes to it for long.

use std::collections::BTreeSet;

use super::{
    Code, Depth, Finding, Inspection, PreflightError, ReadableLog, counted, event_types, positions,
    streams, watched,
};
use crate::event::PayloadLimits;
use crate::log::watched::{Sequence, Watched};
use crate::log::{CREATE_CAST, CensusRow, Log, LogError, LogShape};
use crate::pg::{Param, PgError, Row, Session, Sql};
use crate::upcast::Upcasters;

/// Looks at the log; gives how large it is, where that can be told.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
) -> Result<Option<i64>, PreflightError> {
    let shape = inspection.context.log_shape()?;
    let words = shape.words();
    let position = shape.position.trim_matches('"').to_owned();
    let row = session
        .query_opt(include_str!("event_store.sql"), &[&shape.table, &position, &words])
        .map_err(PreflightError::from)?;
    let Some(row) = row else {
        inspection.found.push(missing(inspection, &shape));
        return Ok(None);
    };
    let before = inspection.found.len();
    inspection.found.extend(rights(&row, shape.filter.is_some()));
    inspection.found.extend(traps(&row));
    if inspection.found.len() == before {
        let log = shape.label();
        match contents(inspection, session, &row, shape) {
            // Of a view, or of a part.
            Err(PreflightError::Pg(error)) if error.beyond_policies().is_some() => {
                let right = error.beyond_policies().unwrap_or_default().to_owned();
                let message = format!("row-level security applies to reading {log}: {error}");
                inspection.found.push(Finding::refused(Code::RowSecurity, log, message, right));
            }
            looked => looked?,
        }
    }
    Ok(row.get("bytes"))
}

/// Looks at who writes to the log and at what is in it.
fn contents(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    row: &Row,
    shape: LogShape,
) -> Result<(), PreflightError> {
    let role: String = row.get("role");
    if let Some(watched) = watched::look(inspection, session, &shape, &role)? {
        transactions(inspection, session, &shape, &watched)?;
        event_types::look(inspection, session, &shape)?;
        if inspection.depth == Depth::Thorough {
            events(inspection, session, (row, watched.sequence), shape)?;
        }
    }
    Ok(())
}

fn missing(inspection: &Inspection<'_>, shape: &LogShape) -> Finding {
    let (table, adopts) = (shape.label(), inspection.context.project.adopts());
    let (message, next) = match adopts {
        true => (
            format!("the adopted event log {table} does not exist"),
            "config.toml names it: [event_store.adopt] table; is this the database it is in?",
        ),
        false => {
            (format!("the event log {table} does not exist"), "create it with: regrow migrate")
        }
    };
    Finding::refused(Code::NoLog, table, message, next)
}

/// What the role may not do that a rebuild does, with the GRANT that helps. Where a condition leaves rows
/// out, the query that does so names every column.
fn rights(row: &Row, reads_all: bool) -> Vec<Finding> {
    let (role, log): (String, String) = (row.get("role"), row.get("log"));
    let mut found = Vec::new();
    for schema in row.get::<_, Vec<String>>("closed") {
        let message = format!("{role} may not use the schema {schema}, where the event log is");
        let next = format!("GRANT USAGE ON SCHEMA {schema} TO {role};");
        found.push(Finding::refused(Code::NoUsageOnEventStore, schema, message, next));
    }
    let hidden: Vec<String> = row.get("hidden");
    let (may_read, some): (bool, bool) = (row.get("may_read"), row.get("may_read_some"));
    let some = some && !reads_all;
    if !may_read && (!some || !hidden.is_empty()) {
        let (message, next) = match some {
            false => (
                format!("{role} may not read the event log {log}"),
                format!("GRANT SELECT ON {log} TO {role};"),
            ),
            true => (
                format!("{role} may not read {} of the event log {log}", hidden.join(", ")),
                format!("GRANT SELECT ({}) ON {log} TO {role};", hidden.join(", ")),
            ),
        };
        found.push(Finding::refused(Code::NoSelectOnLog, &log, message, next));
    }
    let sequence: Option<String> = row.get("sequence");
    if let (Some(sequence), Some(false)) = (sequence, row.get("may_read_sequence")) {
        let message = format!("{role} may not read {sequence}, which tells how far the log is");
        let next = format!("GRANT SELECT ON SEQUENCE {sequence} TO {role};");
        found.push(Finding::refused(Code::NoSelectOnSequence, sequence, message, next));
    }
    found
}

/// Policies that hide events.
fn traps(row: &Row) -> Option<Finding> {
    let (role, log): (String, String) = (row.get("role"), row.get("log"));
    row.get::<_, bool>("row_security").then(|| {
        let message = format!(
            "row-level security of {log} holds for {role}, so PostgreSQL refuses to read it: its policies hide events"
        );
        Finding::refused(Code::RowSecurity, &log, message, format!("ALTER ROLE {role} BYPASSRLS;"))
    })
}

/// The barrier waits for whoever writes to the log.
fn transactions(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    shape: &LogShape,
    watched: &Watched,
) -> Result<(), PgError> {
    let long_s = inspection.long_s();
    let params: [&(dyn Param + Sync); 3] = [&watched.tables, &watched.sequences, &long_s];
    let rows = session.query(include_str!("transactions.sql"), &params)?;
    let wait = match inspection.context.project.config.rebuild.barrier_timeout_s {
        0 => "waits for it".to_owned(),
        seconds => format!("waits {seconds} s for it and gives up"),
    };
    for row in &rows {
        let (prepared, who): (bool, String) = (row.get("prepared"), row.get("who"));
        let code = if prepared { Code::PreparedTransaction } else { Code::LongTransaction };
        let message = format!("{who} holds a write lock on the log: a rebuild {wait}");
        let next: String = row.get("next");
        inspection.found.push(Finding::warning(code, shape.label(), message, next));
    }
    Ok(())
}

/// The events themselves.
fn events(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    (row, sequence): (&Row, Option<Sequence>),
    shape: LogShape,
) -> Result<(), PreflightError> {
    let seen = ReadableLog { name: row.get("log"), shape, sequence };
    let limits = inspection.context.project.config.rebuild.payload_limits();
    // An adopted log without an index on its positions is read for that.
    let opened = inspection.ask_long(session, &seen.name, |session| {
        Ok(Log::open(session, seen.shape.clone(), limits).map(|log| log.could_be_stored()))
    })?;
    match opened {
        // The cache has been told, and positions are looked at one by one.
        Ok(true) => inspection.found.push(as_text(&seen)),
        Ok(false)
        | Err(
            LogError::CachedSequence { .. }
            | LogError::Unwatchable(_)
            | LogError::NoPosition { .. },
        ) => {}
        Err(error @ LogError::PositionType { .. }) => {
            let next =
                "give the events a number of their own; config.toml: [event_store.adopt] position";
            let finding =
                Finding::refused(Code::LogExpression, &seen.name, error.to_string(), next);
            inspection.found.push(finding);
            return Ok(());
        }
        Err(error @ LogError::Unsteady { .. }) => {
            let next =
                "say it by what the row itself holds; positions that commit late wait with `gaps`";
            let finding =
                Finding::refused(Code::LogExpression, &seen.name, error.to_string(), next);
            inspection.found.push(finding);
            return Ok(());
        }
        Err(LogError::PayloadType { table, found }) => {
            let message = LogError::PayloadType { table: table.clone(), found }.to_string();
            let next = "config.toml: [event_store.adopt] payload can be any SQL expression";
            inspection.found.push(Finding::refused(Code::PayloadType, table, message, next));
        }
        Err(LogError::Pg(PgError::Server(error))) => {
            inspection.found.push(unreadable(&seen, &error.to_string()));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    }
    if inspection.context.project.adopts() {
        unreadable_events(inspection, session, &seen, limits)?;
    }
    for scan in [positions::look, streams::look] {
        match scan(inspection, session, &seen) {
            Err(PreflightError::Pg(PgError::Server(error))) => {
                inspection.found.push(unreadable(&seen, &error.to_string()));
            }
            done => done?,
        }
    }
    Ok(())
}

/// Events of the projections' types whose type or version cannot be read. Of a log of ours the table refuses
/// them.
fn unreadable_events(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    seen: &ReadableLog,
    limits: PayloadLimits,
) -> Result<(), PreflightError> {
    let project = &inspection.context.project;
    let Ok(upcasters) = Upcasters::load(&project.upcasters) else { return Ok(()) };
    let (mut types, mut goes_on, mut policies) = (BTreeSet::new(), true, BTreeSet::new());
    for name in inspection.names {
        let Ok(events) = project.draft(name)?.parse_events() else { return Ok(()) };
        types.extend(upcasters.sources_of(events.handlers.event_types()));
        let policy = project.known(name)?.settings.on_error;
        goes_on &= policy.goes_on();
        policies.insert(policy.participle());
    }
    let what = format!("the type and version of every event of {}", seen.name);
    let rows = inspection.ask_long(session, &what, |session| {
        Ok(Log::open(session, seen.shape.clone(), limits).and_then(|log| log.census(session)))
    })?;
    // What is wrong with the log as a whole is told elsewhere.
    let Ok(rows) = rows else { return Ok(()) };
    let concerns = |row: &&CensusRow| row.event_type.as_ref().is_none_or(|ty| types.contains(ty));
    for row in rows.iter().filter(concerns) {
        let Err(reason) = &row.schema_version else { continue };
        let of = row.event_type.as_ref().map_or(String::new(), |ty| format!(" of type {ty}"));
        let message = format!(
            "{}{of} of {} cannot be read: {reason}; the first is at position {}",
            counted(row.events, "event", "events"),
            seen.name,
            row.first
        );
        let correct = "correct them, or the expressions of [event_store.adopt] in config.toml";
        let finding = match goes_on {
            true => Finding::warning(
                Code::UnreadableEvents,
                &seen.name,
                message,
                format!(
                    "they are {}; or {correct}",
                    policies.iter().copied().collect::<Vec<_>>().join(" or ")
                ),
            ),
            false => Finding::refused(
                Code::UnreadableEvents,
                &seen.name,
                message,
                format!("{correct}; or park such events: on_error = \"park\" in projection.toml"),
            ),
        };
        inspection.found.push(finding);
    }
    Ok(())
}

fn as_text(seen: &ReadableLog) -> Finding {
    let message = format!(
        "the server turns each payload of {} into text, which is half of its work where handlers run \
         in this process; a superuser can let it hand out jsonb as it is stored",
        seen.name
    );
    let next = format!("{CREATE_CAST};");
    Finding::note(Code::PayloadAsText, &seen.name, message, next)
}

fn unreadable(seen: &ReadableLog, error: &str) -> Finding {
    let message = format!("the event log {} cannot be read: {error}", seen.name);
    let next = "correct the expressions of [event_store.adopt] in config.toml, or the rows";
    Finding::refused(Code::LogExpression, &seen.name, message, next)
}
