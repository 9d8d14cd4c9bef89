//! Positions: gaps, and what tells positions that were taken ahead from those that were rolled back.

use super::{
    Code, Finding, Inspection, LISTED, PreflightError, ReadableLog, counted, listed, row_of,
};
use crate::pg::{Row, Session};

/// So much earlier than the event before it an event must be recorded to be told. Clocks of
/// several machines differ by less, and so do an INSERT's clock and its position.
const BACK_S: u32 = 5;

/// Looks at every position of the log.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    seen: &ReadableLog,
) -> Result<(), PreflightError> {
    let sql = query(seen);
    let what = format!("every position of {}", seen.name);
    let row = inspection.ask_long(session, &what, |session| row_of(session, &sql))?;
    inspection.found.extend(broken(seen, &row));
    inspection.found.extend(taken_ahead(seen, &row));
    inspection.found.extend(gaps(seen, &row));
    Ok(())
}

fn query(seen: &ReadableLog) -> String {
    let sequence = seen.sequence.as_ref();
    let (increment, start) =
        sequence.map_or((1, 1), |s| (s.increment.max(1), s.start.saturating_add(s.shift)));
    include_str!("positions.sql")
        .replace("{position}", &seen.shape.position_value())
        .replace("{recorded_at}", seen.shape.recorded_at.as_deref().unwrap_or("NULL"))
        .replace("{rows}", &seen.shape.rows())
        .replace("{increment}", &increment.to_string())
        .replace("{start}", &format!("({start})"))
        .replace("{seconds}", &BACK_S.to_string())
        .replace("{listed}", &LISTED.to_string())
}

fn few(row: &Row, column: &str) -> Vec<String> {
    row.get::<_, Option<Vec<String>>>(column).unwrap_or_default()
}

/// What no reader can follow.
fn broken(seen: &ReadableLog, row: &Row) -> Vec<Finding> {
    let mut found = Vec::new();
    let (low, twice): (i64, i64) = (row.get("low"), row.get("twice"));
    if let (1.., Some(first)) = (low, row.get::<_, Option<i64>>("first")) {
        let message = format!(
            "{} of {} not positive, the lowest is {first}: a rebuild never reads them",
            if low == 1 { "1 position".to_owned() } else { format!("{low} positions") },
            if low == 1 { format!("{} is", seen.name) } else { format!("{} are", seen.name) },
        );
        let next = "give these events positions above 0";
        found.push(Finding::refused(Code::PositionsNotPositive, &seen.name, message, next));
    }
    if twice > 0 {
        let message = format!(
            "{} of {} share the position of the event before them ({})",
            counted(twice, "event", "events"),
            seen.name,
            listed(&few(row, "shared"), twice)
        );
        let next = "give each event a position of its own, and the column a unique index";
        found.push(Finding::refused(Code::DuplicatePositions, &seen.name, message, next));
    }
    found
}

/// What tells that positions were taken before their INSERT, which no barrier can see.
fn taken_ahead(seen: &ReadableLog, row: &Row) -> Option<Finding> {
    let back: i64 = row.get("back");
    if back == 0 {
        return None;
    }
    let message = format!(
        "{} recorded more than {BACK_S} s before the event at the position below ({}): positions may \
             have been taken before the INSERT, where a rebuild loses those that commit late",
        if back == 1 { "1 event was".to_owned() } else { format!("{back} events were") },
        listed(&few(row, "places"), back)
    );
    let next = "nothing, where these events were imported with their own times; else mend the writer \
                    that takes positions ahead (a cached sequence, numbers fetched in blocks)";
    Some(Finding::warning(Code::PositionsTakenAhead, &seen.name, message, next))
}

fn gaps(seen: &ReadableLog, row: &Row) -> Option<Finding> {
    let (gaps, missing): (i64, i64) = (row.get("gaps"), row.get("missing"));
    if gaps == 0 {
        return None;
    }
    let message = format!(
        "{} in the positions of {}, {} missing ({})",
        counted(gaps, "gap", "gaps"),
        seen.name,
        counted(missing, "position", "positions"),
        listed(&few(row, "ranges"), gaps)
    );
    let next = "nothing, where appends were rolled back or are not committed yet: that is what leaves gaps; \
                an event that turns up in one later blocks the promote";
    Some(Finding::note(Code::Gaps, &seen.name, message, next))
}
