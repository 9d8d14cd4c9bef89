//! `regrow parked`

mod retry;

use super::invocation::Invocation;
use super::output::{counted, grouped, number, table};
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::ledger::ParkedEvent;
use crate::parked;
use crate::report::parked::{ParkedDropped, ParkedList, ParkedShown};
use crate::visible::one_line;

/// So many are listed, unless something else is asked for.
const LISTED: i64 = 100;

/// Look at events that could not be applied and were parked, try them again, or let go of them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow parked list\n  regrow parked show order_summary 4711 --show-payload\n  regrow parked retry order_summary --position 4711\n  regrow parked drop order_summary 4711"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List them, the newest first.
    List {
        /// The projection, or a build by its schema; all if none is named.
        #[arg(value_name = "NAME|BUILD")]
        name: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "NUMBER", default_value_t = LISTED, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
    },
    /// Show one: where it is, and why it was parked.
    Show {
        /// The projection, or a build by its schema.
        #[arg(value_name = "NAME|BUILD")]
        name: String,
        /// Its position in the log.
        #[arg(value_parser = number)]
        position: i64,
        /// Show its payload.
        #[arg(long)]
        show_payload: bool,
    },
    /// Try one again, or all, once the handler or the event is fixed.
    ///
    /// The rows that a parked event concerns are made again from their events, this one included, in every build that
    /// has parked it, in one transaction. What fails again stays parked, with the reason of now. Refused if events
    /// of these rows cannot be told from others: then a rebuild tries them all.
    Retry {
        /// The projection, or a build by its schema.
        #[arg(value_name = "NAME|BUILD")]
        name: String,
        /// Its position in the log.
        #[arg(long, required_unless_present = "all", value_parser = number)]
        position: Option<i64>,
        /// All that are parked.
        #[arg(long, conflicts_with = "position")]
        all: bool,
    },
    /// Forget one, or all: the builds go on without what these events would have done.
    Drop {
        /// The projection, or a build by its schema.
        #[arg(value_name = "NAME|BUILD")]
        name: String,
        /// Its position in the log.
        #[arg(required_unless_present = "all", value_parser = number)]
        position: Option<i64>,
        /// All that were parked.
        #[arg(long, conflicts_with = "position")]
        all: bool,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    match &args.what {
        What::List { name, limit } => list(global, name.as_deref(), *limit),
        What::Show { name, position, show_payload } => {
            show(global, name, Position(*position), *show_payload)
        }
        What::Retry { name, position, .. } => retry::run(global, name, position.map(Position)),
        What::Drop { name, position, .. } => drop(global, name, position.map(Position)),
    }
}

fn list(global: &Global, name: Option<&str>, limit: i64) -> Answer {
    let invocation = Invocation::open(global)?;
    let (events, all) = parked::list(&invocation.context, name, limit)?;
    if global.json {
        output::report(&ParkedList {
            events: events.iter().map(ParkedEvent::report).collect(),
            all,
        });
        return Ok(Code::Done);
    }
    if events.is_empty() {
        output::line("no event is parked");
        return Ok(Code::Done);
    }
    let row = |event: &ParkedEvent| {
        let failure = &event.failure;
        let (position, kind) = (grouped(failure.position), failure.event_type.clone());
        vec![event.build.clone(), position, kind, failure.code.name().to_owned()]
    };
    let rows: Vec<Vec<String>> = events.iter().map(row).collect();
    output::line(table(&["BUILD", "POSITION", "TYPE", "WHY"], &rows));
    let shown = i64::try_from(events.len()).unwrap_or(i64::MAX);
    if shown < all {
        output::note(format!(
            "the newest {} of {}; --limit shows more",
            grouped(shown),
            grouped(all)
        ));
    }
    Ok(Code::Done)
}

fn show(global: &Global, name: &str, position: Position, with_payload: bool) -> Answer {
    let invocation = Invocation::open(global)?;
    let all = parked::show(&invocation.context, name, position, with_payload)?;
    if global.json {
        let events = all.iter().map(|shown| shown.report(with_payload)).collect();
        output::report(&ParkedShown { events });
        return Ok(Code::Done);
    }
    for shown in &all {
        let ParkedEvent { build, at, failure } = &shown.event;
        output::line(format!("{}: {}", build, one_line(&failure.to_string())));
        for (what, text) in [("detail", &failure.detail), ("payload", &shown.payload)] {
            if let Some(text) = text {
                output::line(format!("  {what}: {}", one_line(text)));
            }
        }
        output::line(format!("  parked at {at}"));
    }
    Ok(Code::Done)
}

fn drop(global: &Global, name: &str, position: Option<Position>) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let dropped = parked::drop(&invocation.context, name, position)?;
    match global.json {
        true => output::report(&ParkedDropped { dropped }),
        false => output::line(format!(
            "{} forgotten; what they would have done is not in the rows",
            counted(dropped, "parked event is", "parked events are")
        )),
    }
    Ok(Code::Done)
}
