//! What `regrow trace --event` prints.

use super::{headline, value};
use crate::cli::output::{self, counted};
use crate::failure::shown;
use crate::trace::{Bound, EventTraced, OfProjection, Outcome, RowChange};
use crate::visible::one_line;

pub(super) fn print(traced: &EventTraced) {
    output::line(headline(&traced.event));
    if let Some(payload) = &traced.event.payload {
        output::line(format!("  payload: {}", one_line(&shown(payload))));
    }
    for of in &traced.projections {
        output::line("");
        output::line(format!("{}: {}", of.build, sentence(of)));
        if let Outcome::Ran { rows, parked, skipped, .. } = &of.outcome {
            rows.iter().for_each(tell);
            for failure in parked {
                output::line(format!("  a part of it is parked: {failure}"));
            }
            for failure in skipped {
                output::line(format!("  a part of it was skipped: {failure}"));
            }
        }
    }
    if traced.projections.is_empty() {
        output::line("no projection has a build");
    }
}

fn sentence(of: &OfProjection) -> String {
    match &of.outcome {
        Outcome::Ignored => "no handler takes it".into(),
        Outcome::Unread => "the build has not read it yet".into(),
        Outcome::Parked(failure) => format!("it is parked: {failure}"),
        Outcome::Skipped(failure) => format!("it was skipped: {failure}"),
        Outcome::Ran { refused: Some(failure), .. } => {
            format!("it fails in this replay, and the build is not without it: {failure}")
        }
        Outcome::Ran { rows, bound, events_before, .. } => {
            let before = counted(*events_before, "event", "events");
            let which = match bound {
                Bound::By { column, .. } => format!("{before} before it with the same {column}"),
                Bound::Nothing(why) => format!("all {before} before it, since {why}"),
            };
            let changed = counted(rows.len(), "change", "changes");
            format!("{changed}, after a replay of {which}")
        }
    }
}

fn tell(row: &RowChange) {
    let key: Vec<String> =
        row.key.iter().map(|(column, of)| format!("{column} = {}", value(of.as_deref()))).collect();
    let place = row.place.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let what = match (&row.before, &row.after) {
        (None, _) => "was made",
        (_, None) => "was deleted",
        _ => "was changed",
    };
    let named = if key.is_empty() { String::new() } else { format!(" ({})", key.join(", ")) };
    output::line(format!("  {place}: {}{named} {what}", row.table));
    let of = |values: &'_ Option<Vec<Option<String>>>, column: usize| {
        value(values.as_ref().and_then(|row| row.get(column)).and_then(Option::as_deref))
    };
    for (column, name) in row.columns.iter().enumerate() {
        let (before, after) = (of(&row.before, column), of(&row.after, column));
        match (&row.before, &row.after) {
            (None, _) => output::line(format!("    {name}: {after}")),
            (_, None) => output::line(format!("    {name}: {before}")),
            _ if row.before.as_ref().map(|r| &r[column])
                == row.after.as_ref().map(|r| &r[column]) => {}
            _ => output::line(format!("    {name}: {before} -> {after}")),
        }
    }
}
