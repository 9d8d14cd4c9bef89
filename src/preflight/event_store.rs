//! The log: whether it is there, whether it may be read, and who writes to it for long.

use super::{Code, Depth, Finding, Inspection, PreflightError, positions, streams, types};
use crate::log::{CREATE_CAST, Log, LogError, LogShape};
use crate::pg::{PgError, Row, Session, Sql};

/// A log that may be read, and how its positions are given out.
pub(super) struct Seen {
    /// Its name as SQL text.
    pub(super) name: String,
    /// What it looks like.
    pub(super) shape: LogShape,
    /// The sequence behind its positions, where there is one.
    pub(super) sequence: Option<Sequence>,
}

/// A sequence of positions.
pub(super) struct Sequence {
    /// Its name as SQL text.
    pub(super) name: String,
    /// From one position to the next.
    pub(super) increment: i64,
    /// The first position.
    pub(super) start: i64,
}

/// Looks at the log; gives how large it is, where that can be told.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
) -> Result<Option<i64>, PreflightError> {
    let shape = inspection.site.log_shape()?;
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
    inspection.found.extend(rights(&row));
    let may_read = inspection.found.len() == before;
    inspection.found.extend(traps(&row));
    if may_read {
        transactions(inspection, session, &shape)?;
        types::look(inspection, session, &shape)?;
        if inspection.depth == Depth::Thorough {
            events(inspection, session, &row, shape)?;
        }
    }
    Ok(row.get("bytes"))
}

fn missing(inspection: &Inspection<'_>, shape: &LogShape) -> Finding {
    let (table, adopts) = (shape.label(), inspection.site.project.adopts());
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

/// What the role may not do that a rebuild does, with the GRANT that helps.
fn rights(row: &Row) -> Vec<Finding> {
    let (role, log): (String, String) = (row.get("role"), row.get("log"));
    let mut found = Vec::new();
    for schema in row.get::<_, Vec<String>>("closed") {
        let message = format!("{role} may not use the schema {schema}, where the event log is");
        let next = format!("GRANT USAGE ON SCHEMA {schema} TO {role};");
        found.push(Finding::refused(Code::NoUsageOnEventStore, schema, message, next));
    }
    let hidden: Vec<String> = row.get("hidden");
    let (may_read, some): (bool, bool) = (row.get("may_read"), row.get("may_read_some"));
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

/// What would make a rebuild lose events without a word.
fn traps(row: &Row) -> Vec<Finding> {
    let (role, log): (String, String) = (row.get("role"), row.get("log"));
    let mut found = Vec::new();
    if row.get("row_security") {
        let message = format!(
            "row-level security of {log} holds for {role}: a rebuild reads only the rows its policies show"
        );
        let next = format!(
            "ALTER ROLE {role} BYPASSRLS; or see that a policy shows {role} every row of the log"
        );
        found.push(Finding::warning(Code::RowSecurity, &log, message, next));
    }
    if let (Some(sequence), Some(cache @ 2..)) =
        (row.get::<_, Option<String>>("sequence"), row.get::<_, Option<i64>>("seqcache"))
    {
        let message = LogError::CachedSequence { sequence: sequence.clone(), cache }.to_string();
        let next = format!("ALTER SEQUENCE {sequence} CACHE 1;");
        found.push(Finding::refused(Code::CachedSequence, sequence, message, next));
    }
    found
}

/// The barrier waits for whoever writes to the log.
fn transactions(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    shape: &LogShape,
) -> Result<(), PgError> {
    let mut tables = shape.writers.clone();
    if tables.is_empty() {
        tables.push(shape.table.clone());
    }
    let long_s = inspection.long_s();
    if let Some(finding) = unwatched(session, &shape.writers)? {
        inspection.found.push(finding);
        return Ok(());
    }
    let rows = session.query(include_str!("transactions.sql"), &[&tables, &long_s])?;
    let wait = match inspection.site.project.config.rebuild.barrier_timeout_s {
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

/// Tables that the barrier shall watch and cannot. It would only find out while somebody writes.
fn unwatched(session: &mut Session, writers: &[String]) -> Result<Option<Finding>, PgError> {
    if writers.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL";
    let why = match session.query(sql, &[&writers]) {
        Ok(rows) if rows.is_empty() => return Ok(None),
        Ok(rows) => {
            let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            format!("{} does not exist", names.join(", "))
        }
        Err(PgError::Server(error)) => error.to_string(),
        Err(error) => return Err(error),
    };
    let message = format!("who writes to the log cannot be watched: {why}");
    let next = "correct writers of [event_store.adopt] in config.toml";
    Ok(Some(Finding::refused(Code::WatchedTables, writers.join(", "), message, next)))
}

/// The events themselves.
fn events(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    row: &Row,
    shape: LogShape,
) -> Result<(), PreflightError> {
    let sequence = row.get::<_, Option<String>>("sequence").map(|name| Sequence {
        name,
        increment: row.get("seqincrement"),
        start: row.get("seqstart"),
    });
    let seen = Seen { name: row.get("log"), shape, sequence };
    let limits = inspection.site.project.config.rebuild.payload_limits();
    // An adopted log without an index on its positions is read for that.
    let opened = inspection.ask_long(session, &seen.name, |session| {
        Ok(Log::open(session, seen.shape.clone(), limits).map(|log| log.could_be_stored()))
    })?;
    match opened {
        // The cache has been told, and positions are looked at one by one.
        Ok(true) => inspection.found.push(as_text(&seen)),
        Ok(false) | Err(LogError::CachedSequence { .. } | LogError::NoPosition { .. }) => {}
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

fn as_text(seen: &Seen) -> Finding {
    let message = format!(
        "the server turns each payload of {} into text, which is half of its work where handlers run \
         in this process; a superuser can let it hand out jsonb as it is stored",
        seen.name
    );
    let next = format!("{CREATE_CAST};");
    Finding::note(Code::PayloadAsText, &seen.name, message, next)
}

fn unreadable(seen: &Seen, error: &str) -> Finding {
    let message = format!("the event log {} cannot be read: {error}", seen.name);
    let next = "correct the expressions of [event_store.adopt] in config.toml, or the rows";
    Finding::refused(Code::LogExpression, &seen.name, message, next)
}
