//! `regrow census`

use super::invocation::Invocation;
use super::output::{grouped, table};
use super::{Answer, Global, output};
use crate::census::{self, Kind};
use crate::error::exit_code::Code;

/// Count the log by type and schema version, and hold it against upcasters and handlers.
///
/// Ends with 1 where a handled version has no path to the latest one. Types that handlers and
/// upcaster files name and no event has are warned of.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow census --json | jq '.kinds[] | select(.problem)'")]
pub(crate) struct Args {}

pub(crate) fn run(global: &Global, _: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let census = census::census(&invocation.context)?;
    if global.json {
        output::report(&census.report());
    } else if census.kinds.is_empty() {
        output::line("the log is empty");
        output::note("note: whether it has the types that handlers name could not be looked at");
    } else {
        let rows: Vec<Vec<String>> = census.kinds.iter().map(row).collect();
        let header = ["TYPE", "VERSION", "EVENTS", "FIRST", "LAST", "UPCAST", "HANDLED BY"];
        output::line(table(&header, &rows));
    }
    if !global.json {
        for census::StrayType { stranger, .. } in &census.strangers {
            let word = if stranger.is_suspect() { "warning" } else { "note" };
            output::note(format!("{word}: {}: {stranger}", stranger.place));
        }
    }
    let problems: Vec<&str> = census.kinds.iter().filter_map(|k| k.problem.as_deref()).collect();
    if problems.is_empty() {
        return Ok(Code::Done);
    }
    if !global.json {
        for problem in problems {
            output::note(format!("error: {problem}"));
        }
    }
    Ok(Code::Failed)
}

fn path(kind: &Kind) -> String {
    match (&kind.problem, kind.path.as_slice()) {
        _ if !kind.is_readable => "unreadable".into(),
        (Some(_), _) => "no path".into(),
        (None, []) => "-".into(),
        (None, steps) => {
            let mut text = steps[0].from.to_string();
            for step in steps {
                match &step.to_type {
                    None => text.push_str(" -> dropped"),
                    Some(to) if *to == step.event_type => {
                        text.push_str(&format!(" -> {}", step.to))
                    }
                    Some(to) => text.push_str(&format!(" -> {to} {}", step.to)),
                }
            }
            text
        }
    }
}

fn row(kind: &Kind) -> Vec<String> {
    let handled =
        if kind.handled_by.is_empty() { "nobody".to_owned() } else { kind.handled_by.join(", ") };
    let (event_type, version) = match kind.is_readable {
        true => (kind.event_type.clone(), kind.schema_version.to_string()),
        false if kind.event_type.is_empty() => ("?".to_owned(), "?".to_owned()),
        false => (kind.event_type.clone(), "?".to_owned()),
    };
    vec![
        event_type,
        version,
        grouped(kind.events),
        grouped(kind.first.0),
        grouped(kind.last.0),
        path(kind),
        handled,
    ]
}
