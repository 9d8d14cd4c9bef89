//! What `regrow trace --event` prints.

use serde_json::{Value, json};

use super::{event_json, headline, row_json, value};
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

pub(super) fn to_json(traced: &EventTraced) -> Value {
    let row = |row: &RowChange| {
        let of = |values: &Option<Vec<Option<String>>>| {
            values.as_ref().map(|values| row_json(&row.columns, values))
        };
        let key: serde_json::Map<String, Value> =
            row.key.iter().map(|(column, value)| (column.clone(), json!(value))).collect();
        json!({
            "table": row.table, "key": key, "place": row.place.as_ref().map(ToString::to_string),
            "before": of(&row.before), "after": of(&row.after),
        })
    };
    let projection = |of: &OfProjection| {
        let mut told = json!({"projection": of.projection, "build": of.build});
        match &of.outcome {
            Outcome::Ignored => told["outcome"] = json!("ignored"),
            Outcome::Unread => told["outcome"] = json!("unread"),
            Outcome::Parked(failure) => {
                told["outcome"] = json!("parked");
                told["failure"] = json!(failure);
            }
            Outcome::Skipped(failure) => {
                told["outcome"] = json!("skipped");
                told["failure"] = json!(failure);
            }
            Outcome::Ran { rows, bound, events_before, parked, skipped, refused } => {
                told["outcome"] = json!(if refused.is_some() { "failed" } else { "ran" });
                told["failure"] = json!(refused);
                told["parked_parts"] = json!(parked);
                told["skipped_parts"] = json!(skipped);
                told["events_before"] = json!(events_before);
                told["bound_by"] = match bound {
                    Bound::By { column, .. } => json!(column),
                    Bound::Nothing(_) => Value::Null,
                };
                told["rows"] = rows.iter().map(row).collect();
            }
        }
        told
    };
    json!({
        "version": 1, "event": event_json(&traced.event),
        "projections": traced.projections.iter().map(projection).collect::<Vec<_>>(),
    })
}
