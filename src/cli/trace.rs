//! `regrow trace`

mod event;

use super::invocation::Invocation;
use super::output::shell_word;
use super::output::{counted, grouped, number};
use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::failure::shown;
use crate::trace::{self, Agreement, Bound, Change, EventOf, Moved, Request, Traced, Values};
use crate::visible::one_line;

/// Tell which events made a row, and what each of them changed; or which rows one event changed.
///
/// The events are replayed into a scratch database; nothing live is written. Where every handler finds
/// the row by one parameter of the event, only the events of its key are read; else all are, and it is
/// said why. Exits with 10 if the row in the table is not what its events make.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow trace order_summary --key order_id=order-17\n  regrow trace order_summary.order_line --key order_id=order-17 --key line=2 --until 1200\n  regrow trace order_summary --key order_id=order-17 --json | jq '.changes[].place'\n  regrow trace --event 1200"
)]
pub(crate) struct Args {
    /// A projection, one of its tables as PROJECTION.TABLE, or a table that only one projection has. With
    /// --event projections, or none for all.
    #[arg(value_name = "NAME", required_unless_present = "event")]
    names: Vec<String>,
    /// The row: a column of the table's primary key and its value. Once for each column.
    #[arg(long, value_name = "COLUMN=VALUE", required_unless_present = "event")]
    key: Vec<String>,
    /// Tell which rows of which projections the event at a position changed.
    #[arg(long, value_name = "POSITION", value_parser = number, conflicts_with_all = ["key", "until", "build", "sql"])]
    event: Option<i64>,
    /// End at a position, instead of the build's checkpoint.
    #[arg(long, value_name = "POSITION", value_parser = number)]
    until: Option<i64>,
    /// A build by its number, instead of the one readers see.
    #[arg(long, value_name = "NUMBER")]
    build: Option<i32>,
    /// Show the payload of each event as it is stored.
    #[arg(long)]
    payload: bool,
    /// Show the statements that read the events and the row.
    #[arg(long)]
    sql: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if let Some(at) = args.event {
        let invocation = Invocation::open(global)?;
        let traced =
            trace::trace_event(&invocation.context, Position(at), &args.names, args.payload)?;
        invocation.reporter.finish();
        match global.json {
            true => output::report(&traced.report()),
            false => event::print(&traced),
        }
        return Ok(Code::Done);
    }
    let [name] = args.names.as_slice() else {
        return Err(Error::usage("one row is of one table: name just one"));
    };
    let key = key_of(&args.key)?;
    let invocation = Invocation::open(global)?;
    let request = Request {
        name: name.clone(),
        key,
        build: args.build,
        until: args.until.map(Position),
        payloads: args.payload,
    };
    let traced = trace::trace(&invocation.context, &request)?;
    invocation.reporter.finish();
    match global.json {
        true => output::report(&traced.report()),
        false => print(&traced, args.sql),
    }
    Ok(match traced.agreement {
        Agreement::Differs { .. } => Code::Unverified,
        Agreement::Equal | Agreement::NotCompared => Code::Done,
    })
}

/// The columns and values of `--key`, each column once.
pub(super) fn key_of(given: &[String]) -> Result<Vec<(String, String)>, Error> {
    let key = given.iter().map(|text| {
        let pair =
            text.split_once('=').map(|(column, value)| (column.to_owned(), value.to_owned()));
        pair.ok_or_else(|| Error::usage(format!("--key {text}: write COLUMN=VALUE")))
    });
    let key: Vec<(String, String)> = key.collect::<Result<_, _>>()?;
    let mut columns: Vec<&String> = key.iter().map(|(column, _)| column).collect();
    columns.sort();
    if let Some(twice) = columns.windows(2).find(|two| two[0] == two[1]) {
        return Err(Error::usage(format!("--key {}=... is given twice", twice[0])));
    }
    Ok(key)
}

fn print(traced: &Traced, sql: bool) {
    let key: Vec<String> = traced
        .key
        .iter()
        .map(|(column, value)| format!("{column} = {}", one_line(value)))
        .collect();
    output::line(format!("{}.{}: {}", traced.build, traced.table, key.join(", ")));
    output::line(which(traced));
    for change in changes(traced) {
        output::line("");
        tell(traced, &change);
    }
    output::line("");
    output::line(last(traced));
    if let Agreement::Differs { table } = &traced.agreement {
        difference(traced, table.as_ref()).iter().for_each(output::line);
    }
    left_out(traced).iter().for_each(output::line);
    for failure in &traced.refused {
        output::line(format!(
            "warning: it failed in this replay, and the build is not without it: {failure}"
        ));
    }
    for note in &traced.notes {
        output::line(format!("note: {note}"));
    }
    if sql {
        for (what, statement) in &traced.sql {
            output::line(format!("\n-- {what}\n{statement};"));
        }
    }
}

/// Which events were read, and why those.
fn which(traced: &Traced) -> String {
    let read = counted(traced.events_read, "event was read", "events were read");
    match &traced.bound {
        Bound::By { column, parameters, unpicked, compared, .. } => {
            let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
            let all = match (unpicked.is_empty(), compared.is_empty()) {
                (true, _) => String::new(),
                (false, true) => ", picked after they were read".to_owned(),
                (false, false) => format!(", among them all of type {}", unpicked.join(", ")),
            };
            format!(
                "only events with {column} in {} count; {read}{all}, {} replayed",
                names.join(", "),
                grouped(traced.events_applied)
            )
        }
        Bound::Nothing(obstacle) => format!(
            "events of the row cannot be told from others, so all were replayed ({}): {obstacle}",
            counted(traced.events_applied, "event", "events")
        ),
    }
}

/// The changes by event: what its statements did, one after another.
fn changes(traced: &Traced) -> Vec<Vec<&Change>> {
    let mut all: Vec<Vec<&Change>> = Vec::new();
    for change in &traced.changes {
        let same = |before: &Vec<&Change>| before.first().is_some_and(|b| b.event == change.event);
        match all.last_mut().filter(|before| same(before)) {
            Some(before) => before.push(change),
            None => all.push(vec![change]),
        }
    }
    all
}

fn tell(traced: &Traced, changes: &[&Change]) {
    let Some(event) = changes.first().map(|change| &change.event) else { return };
    output::line(headline(event));
    for change in changes {
        let place = change.place.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        output::line(format!("  {place}: {}", what(change)));
        for (column, (before, after)) in change.columns() {
            let name = traced.columns.get(column).map_or("?", String::as_str);
            let (before, after) = (value(before), value(after));
            output::line(match (&change.before, &change.after) {
                (None, _) => format!("    {name}: {after}"),
                (_, None) => format!("    {name}: {before}"),
                _ => format!("    {name}: {before} -> {after}"),
            });
        }
    }
    if let Some(payload) = &event.payload {
        output::line(format!("  payload: {}", one_line(&shown(payload))));
    }
}

/// An event in one line.
fn headline(event: &EventOf) -> String {
    let part = if event.part > 0 { format!(" part {}", event.part) } else { String::new() };
    let at = event.recorded_at.as_ref();
    let at = at.map_or_else(String::new, |at| format!("  {}", one_line(at)));
    format!(
        "{}{part}{at}  {} version {}, stream {} number {}",
        grouped(event.position.0),
        one_line(&event.event_type),
        event.schema_version,
        one_line(&event.stream_id),
        event.stream_version
    )
}

fn what(change: &Change) -> String {
    let key = |values: &Values| {
        values.iter().map(|one| value(one.as_deref())).collect::<Vec<_>>().join(", ")
    };
    match (&change.before, &change.after, &change.moved) {
        (_, _, Some(Moved::From(from))) => format!("the row came from the key {}", key(from)),
        (_, _, Some(Moved::To(to))) => format!("the row went to the key {}", key(to)),
        (None, _, _) => "the row was made".into(),
        (_, None, _) => "the row was deleted".into(),
        _ if change.columns().is_empty() => "the row was written, and is what it was".into(),
        _ => "the row was changed".into(),
    }
}

/// A value for people; NULL is no text.
fn value(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |text| one_line(text).into_owned())
}

fn last(traced: &Traced) -> String {
    let made = match (&traced.row, traced.changes.is_empty()) {
        (None, true) => "no event made the row",
        (None, false) => "there is no row any more",
        (Some(_), true) => "the row is what the revisions made",
        (Some(_), false) => "that is the row",
    };
    let at = grouped(traced.until.0);
    match traced.agreement {
        Agreement::Equal => format!("{made} at position {at}, and so says the table"),
        Agreement::NotCompared => {
            format!("{made} at position {at}; the table has read more, and was not compared")
        }
        Agreement::Differs { .. } => {
            format!("{made} at position {at}, and the table says otherwise:")
        }
    }
}

/// What the table has instead.
fn difference(traced: &Traced, table: Option<&Values>) -> Vec<String> {
    let mut lines = match (&traced.row, table) {
        (Some(row), Some(table)) => {
            let differ = row.iter().zip(table).zip(&traced.columns).filter(|((a, b), _)| a != b);
            differ
                .map(|((events, table), column)| {
                    format!(
                        "  {column}: events make {}, the table has {}",
                        value(events.as_deref()),
                        value(table.as_deref())
                    )
                })
                .collect()
        }
        (None, _) => vec!["  the table has a row".to_owned()],
        (_, None) => vec!["  the table has no row".to_owned()],
    };
    let remedy = match &traced.bound {
        Bound::By { .. } => {
            let keys: Vec<String> = traced
                .key
                .iter()
                .map(|(column, value)| {
                    format!(" --key {}", shell_word(&format!("{column}={value}")))
                })
                .collect();
            format!("{}.{}{}", traced.projection, traced.table, keys.concat())
        }
        Bound::Nothing(_) => traced.projection.clone(),
    };
    let all = match &traced.bound {
        // Texts of events may be other spellings of one date, number or id.
        Bound::By { .. } => {
            format!(" (where that is refused: regrow rebuild {} --promote)", traced.projection)
        }
        Bound::Nothing(_) => String::new(),
    };
    lines.push(format!(
        "  an event that came late, a change by hand or events that were deleted or rewritten can be why: regrow status tells \
         of the first and the last; regrow rebuild {} makes it right{all}",
        one_line(&remedy)
    ));
    lines
}

/// What is told of parked and skipped events.
fn left_out(traced: &Traced) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (word, found, in_all, more) in [
        (
            "parked",
            &traced.parked,
            traced.parked_in_all,
            ["more event is parked", "more events are parked"],
        ),
        (
            "skipped",
            &traced.skipped,
            traced.skipped_in_all,
            ["more event was skipped", "more events were skipped"],
        ),
    ] {
        for one in found {
            let is = if one.is_of_key { "and of this row" } else { "and may be of this row" };
            lines.push(format!("{word}, {is}: {}", one.failure));
        }
        let others = in_all.saturating_sub(found.len());
        if others > 0 && matches!(traced.bound, Bound::Nothing(_)) {
            lines.push(format!(
                "{} of the build, which do not name the key",
                counted(others, more[0], more[1])
            ));
        }
    }
    lines
}
