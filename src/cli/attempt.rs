//! `regrow try`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::projection_test::attempt::{self, Attempted, RowChange, Which};
use crate::visible::one_line;

/// Run some events through a projection and show what each does: payloads, upcast steps, rows.
///
/// The events run in a scratch database, by the handlers and upcasters of the files as they are; nothing
/// live is written. They find the rows that the events before them made, and no others. Shows payloads.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow try order_summary\n  regrow try order_summary --stream order-17\n  \
                  regrow try order_summary projections/order_summary/tests/paid.toml"
)]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
    /// Events from a file in the project: a test, or lines as `regrow export` writes them.
    #[arg(value_name = "FILE", conflicts_with_all = ["stream", "event_type"])]
    file: Option<String>,
    /// Events of a stream.
    #[arg(long, value_name = "STREAM", conflicts_with = "event_type")]
    stream: Option<String>,
    /// Events of a type.
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<String>,
    /// How many events at the most.
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    events: u16,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let which = match (&args.file, &args.stream, &args.event_type) {
        (Some(file), ..) => Which::File(file.trim_start_matches("./").to_owned()),
        (_, Some(stream), _) => Which::Stream(stream.clone()),
        (.., Some(name)) => Which::Type(name.clone()),
        _ => Which::First,
    };
    let tried =
        attempt::attempt(&invocation.context, &args.name, &which, usize::from(args.events))?;
    let failed = tried.events.iter().any(|one| one.failure.is_some());
    if global.json {
        output::report(&tried.report(&args.name));
    } else {
        tried.events.iter().for_each(print);
        if tried.has_more {
            output::note(format!(
                "there are more: these are the first {}; --events takes another number",
                args.events
            ));
        }
    }
    Ok(if failed { Code::Unverified } else { Code::Done })
}

fn print(one: &Attempted) {
    let at = one.recorded_at.as_ref().map_or_else(String::new, |at| format!("  {at}"));
    output::line(format!(
        "{}  {} v{}  {}#{}{at}",
        one.position,
        one_line(&one.event_type),
        one.schema_version,
        one_line(&one.stream_id),
        one.stream_version
    ));
    output::line(format!("  {}", one_line(&one.payload)));
    for step in &one.steps {
        output::line(format!("  {}  {}", step.place, step.name));
        output::line(format!("  {}", one_line(&step.payload)));
    }
    if let Some(failure) = &one.failure {
        output::line(format!("  left out: {failure}"));
    }
    for change in &one.changes {
        output::line(format!("  {}", sentence(change)));
    }
    if one.changes.is_empty() && one.failure.is_none() {
        output::line("  changes nothing");
    }
}

fn value(value: Option<&String>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |text| format!("{text:?}"))
}

fn pairs(row: &[(String, Option<String>)]) -> String {
    let all: Vec<String> =
        row.iter().map(|(column, of)| format!("{column}={}", value(of.as_ref()))).collect();
    all.join(" ")
}

fn sentence(RowChange { table, key, before, after }: &RowChange) -> String {
    match (before, after) {
        (Some(before), Some(after)) => {
            let changed: Vec<String> = before
                .iter()
                .zip(after)
                .filter(|(was, is)| was != is)
                .map(|((column, was), (_, is))| {
                    format!("{column} {} -> {}", value(was.as_ref()), value(is.as_ref()))
                })
                .collect();
            format!("~ {table} {}: {}", pairs(key), changed.join(", "))
        }
        (None, Some(after)) => format!("+ {table} {}", pairs(after)),
        _ => format!("- {table} {}", pairs(key)),
    }
}
