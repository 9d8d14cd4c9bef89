//! Streams: whether each event's version is the one after the event before it.

use super::{Code, Finding, Inspection, LISTED, PreflightError, ReadableLog, counted, listed};
use crate::pg::{Row, Session, Sql};

/// Looks at every version of every stream.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    seen: &ReadableLog,
) -> Result<(), PreflightError> {
    if !seen.shape.has_streams || !seen.shape.has_versions {
        return Ok(());
    }
    let sql = include_str!("streams.sql")
        .replace("{stream_id}", &seen.shape.stream_of_tenant())
        .replace("{stream_version}", &seen.shape.stream_version)
        .replace("{position}", &seen.shape.position_value())
        .replace("{rows}", &seen.shape.rows())
        .replace("{listed}", &LISTED.to_string());
    let what = format!("every stream of {}", seen.name);
    let rows = inspection.ask_long(session, &what, |session| session.query(&sql, &[]))?;
    let (first, broken): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.get("is_first"));
    let adopted = inspection.context.project.config.event_store.adopt.as_ref();
    let may_share = adopted.is_some_and(|adopted| adopted.tenant.is_none());
    inspection.found.extend(out_of_order(seen, &broken, may_share));
    inspection.found.extend(begins_late(seen, &first));
    Ok(())
}

fn all(rows: &[&Row]) -> i64 {
    rows.first().map_or(0, |row| row.get("of_kind"))
}

/// `may_share`: whether streams of several tenants may have one id.
fn out_of_order(seen: &ReadableLog, rows: &[&Row], may_share: bool) -> Option<Finding> {
    let place = |row: &&Row| {
        let (stream, position): (String, i64) = (row.get("stream"), row.get("position"));
        let (version, before): (i64, i64) = (row.get("version"), row.get("before"));
        format!("{stream} at position {position}: {version} after {before}")
    };
    let (places, count): (Vec<String>, i64) = (rows.iter().map(place).collect(), all(rows));
    let message = format!(
        "{} of {} not follow the version before in the stream ({})",
        counted(count, "event", "events"),
        if count == 1 { format!("{} does", seen.name) } else { format!("{} do", seen.name) },
        listed(&places, count)
    );
    let broken = "the log is broken there: events were lost, doubled or got positions out of order; \
                  repair it, or fix the writer";
    let next = match may_share {
        true => format!(
            "if streams of several tenants have one id, name the tenant's column: tenant = \"COLUMN\" in \
             [event_store.adopt]; if not, {broken}"
        ),
        false => broken.to_owned(),
    };
    // What two tenants share a stream's id in is no fault of the log, and a rebuild makes of it what it should.
    let told = if may_share { Finding::warning } else { Finding::refused };
    (count > 0).then(|| told(Code::StreamVersions, seen.name.clone(), message, next))
}

fn begins_late(seen: &ReadableLog, rows: &[&Row]) -> Option<Finding> {
    let place = |row: &&Row| {
        let (stream, position): (String, i64) = (row.get("stream"), row.get("position"));
        format!("{stream} at position {position} with {}", row.get::<_, i64>("version"))
    };
    let (places, count): (Vec<String>, i64) = (rows.iter().map(place).collect(), all(rows));
    let message = format!(
        "{} of {} with a version other than 0 or 1 ({})",
        counted(count, "stream", "streams"),
        if count == 1 { format!("{} begins", seen.name) } else { format!("{} begin", seen.name) },
        listed(&places, count)
    );
    let next = "nothing, where old events were taken out on purpose; else look for the first ones";
    (count > 0).then(|| Finding::warning(Code::StreamBeginsLate, &seen.name, message, next))
}
