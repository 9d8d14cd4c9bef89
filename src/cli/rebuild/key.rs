//! `regrow rebuild --key` and `--stream`: one row again, or those of a stream.

use super::Args;
use crate::cli::invocation::Invocation;
use crate::cli::output::{self, counted, grouped};
use crate::cli::trace::key_of;
use crate::cli::{Answer, Global};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::repair::{self, Repaired, RepairedBuild, Request};
use crate::visible::one_line;

pub(super) fn run(global: &Global, args: &Args) -> Answer {
    let [name] = args.names.as_slice() else {
        return Err(Error::usage("rows are made again of one projection or table: name just one"));
    };
    let key = match args.stream {
        Some(_) => Vec::new(),
        None => key_of(&args.key)?,
    };
    let invocation = Invocation::open(global)?;
    invocation.say_where(global);
    let stream = args.stream.clone();
    let request = Request { name: name.clone(), key, stream, build: args.build };
    let repaired = repair::repair(&invocation.context, &request)?;
    invocation.reporter.finish();
    match global.json {
        true => output::report(&repaired.report()),
        false => print(&repaired),
    }
    Ok(Code::Done)
}

fn print(repaired: &Repaired) {
    let key: Vec<String> = repaired
        .key
        .iter()
        .map(|(column, value)| format!("{column} = {}", one_line(value)))
        .collect();
    let key = match &repaired.stream {
        Some(stream) => format!("stream {}", one_line(stream)),
        None => key.join(", "),
    };
    let table = repaired.table.as_deref().map(|table| format!(".{}", one_line(table)));
    let table = table.unwrap_or_default();
    for build in &repaired.builds {
        let events = i64::try_from(build.events).unwrap_or(i64::MAX);
        output::line(format!(
            "{}{table}: {key}: {}, from {} up to position {} ({})",
            build.build,
            outcome(repaired, build),
            counted(events, "event", "events"),
            grouped(build.position.0),
            build.state,
        ));
        changes(repaired, build).iter().for_each(output::line);
        let is_told =
            |table: &String| repaired.stream.is_some() || repaired.table.as_ref() != Some(table);
        for (table, before, now) in build.tables.iter().filter(|(table, ..)| is_told(table)) {
            let rows = counted(*now, "row", "rows");
            output::line(format!("  {table}: {rows} made again, {} before", grouped(*before)));
        }
        let tell = |count: usize, what: &str| {
            if count > 0 {
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                output::line(format!("  {} {what}", counted(count, "event", "events")));
            }
        };
        tell(build.unparked, "parked before, and applied now");
        tell(build.parked, "parked now: regrow status shows why");
        tell(build.left_parked, "of the build parked, and left so");
        tell(build.unskipped, "skipped before, and applied now");
        tell(build.skipped, "skipped now: regrow status shows which");
        tell(build.left_skipped, "of the build skipped, and left so");
    }
}

fn outcome(repaired: &Repaired, build: &RepairedBuild) -> &'static str {
    if repaired.stream.is_some() {
        let is_none = build.tables.iter().all(|(_, before, now)| *before == 0 && *now == 0);
        return match (is_none, build.changed) {
            (true, _) => "there were no rows, and are none",
            (false, true) => "the rows were made again",
            (false, false) => "the rows are what they were",
        };
    }
    match (&build.before, &build.after) {
        (None, None) => "there was no row, and is none",
        (None, Some(_)) => "the row was missing, and is there now",
        (Some(_), None) => "the row is gone",
        (Some(before), Some(after)) if before == after => "the row is what it was",
        (Some(_), Some(_)) => "the row was made again",
    }
}

/// The columns whose values are others now.
fn changes(repaired: &Repaired, build: &RepairedBuild) -> Vec<String> {
    let (Some(before), Some(after)) = (&build.before, &build.after) else { return Vec::new() };
    let value = |one: &Option<String>| {
        one.as_deref().map_or_else(|| "NULL".to_owned(), |text| one_line(text).into_owned())
    };
    let columns = before.iter().zip(after).zip(&repaired.columns);
    columns
        .filter(|((was, is), _)| was != is)
        .map(|((was, is), column)| format!("  {column}: {} -> {}", value(was), value(is)))
        .collect()
}
