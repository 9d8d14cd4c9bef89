//! `regrow as-of`

use super::invocation::Invocation;
use super::output::{counted, grouped, number, table};
use super::{Answer, Global, output, rebuild};
use crate::as_of::{self, Request, Shown, Standing};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::ident::{Ident, quote_ident};
use crate::promote::Place;
use crate::rebuild::Until;
use crate::report::point::{AsOfDropped, AsOfList};
use crate::verify::Proven;

/// Show read models as they were at a moment, in a schema of their own, for as long as you want.
///
/// The projections are built in one pass up to the last position before the first event that was recorded after the
/// moment, so they fit each other. Readers of the projections notice nothing. The files of today make the rows:
/// events of then, handlers of now. A moment without a time zone is UTC.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    override_usage = "regrow as-of <NAME>... --at <MOMENT|POSITION> --publish <SCHEMA>\n       regrow as-of list\n       regrow as-of drop <SCHEMA>",
    after_help = "Examples:\n  regrow as-of order_summary --at '2026-03-31 23:59:59' --publish q1\n  regrow as-of order_summary --at 120000 --publish before_the_incident\n  regrow as-of list\n  regrow as-of drop q1"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The projections.
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// The moment, or a position of the log.
    #[arg(long, value_name = "MOMENT|POSITION", required = true)]
    at: Option<String>,
    /// The schema of the views; it must not be there yet.
    #[arg(long, value_name = "SCHEMA", required = true)]
    publish: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List what is shown, and where.
    List,
    /// Take away a schema with its views and their builds.
    Drop {
        /// The schema.
        #[arg(value_name = "SCHEMA")]
        schema: String,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    match &args.verb {
        Some(Verb::List) => {
            let invocation = Invocation::open(global)?;
            print_list(global, &as_of::list(&invocation.context)?);
            Ok(Code::Done)
        }
        Some(Verb::Drop { schema }) => {
            let invocation = Invocation::open(global)?;
            invocation.say_where(global);
            let gone = as_of::drop_schema(&invocation.context, schema)?;
            let builds = gone.schemas();
            match global.json {
                true => output::report(&AsOfDropped { publish: gone.publish, builds }),
                false => output::line(match (gone.place.own(), &gone.place) {
                    (None, Place::Others) => format!(
                        "{} gone; the schema {schema} stays, since regrow did not make it",
                        is_or_are(&builds)
                    ),
                    (Some(now), _) => format!("{now} is gone, and with it {}", builds.join(", ")),
                    (None, _) => format!("{schema} is gone, and with it {}", builds.join(", ")),
                }),
            }
            Ok(Code::Done)
        }
        None => show(global, args),
    }
}

fn show(global: &Global, args: &Args) -> Answer {
    let (Some(at), Some(publish)) = (&args.at, &args.publish) else {
        return Err(Error::usage("--at and --publish are needed"));
    };
    let at = match number(at) {
        Ok(position @ 0..) => Until::Position(Position(position)),
        _ => Until::Timestamp(at.clone()),
    };
    let publish = Ident::new(publish.clone())
        .map_err(|error| Error::usage(format!("--publish {publish}: {error}")))?;
    let invocation = Invocation::open(global)?;
    invocation.say_where(global);
    let request = Request { names: args.names.clone(), at, publish };
    let shown = as_of::show(&invocation.context, &request)?;
    invocation.reporter.finish();
    let report = shown.report(&request.publish);
    let Shown { position, prefix, outcomes, views } = shown;
    let (Some(report), Some(views)) = (report, views) else {
        // Each build says what became of it; nothing is shown.
        return Ok(rebuild::print(global, outcomes.into_iter().map(Proven::from).collect(), false));
    };
    let publish = request.publish.to_string();
    if global.json {
        output::report(&report);
        return Ok(Code::Done);
    }
    let moment = prefix.as_ref().map_or_else(String::new, |p| format!(", as of {}", p.moment));
    output::line(format!("{publish} shows the log up to position {}{moment}", grouped(position.0)));
    views.iter().for_each(|view| output::line(format!("  {view}")));
    for build in outcomes.iter().map(|outcome| &outcome.build).filter(|build| build.skipped > 0) {
        output::line(format!(
            "warning: {} skipped for {}, and not in it",
            counted(build.skipped, "event was", "events were"),
            build.schema
        ));
    }
    if let Some(prefix) = prefix {
        if prefix.later > 0 {
            output::line(format!(
                "warning: {} recorded at that moment or before behind an event of later, and not in it",
                counted(prefix.later, "event was", "events were")
            ));
        }
        if prefix.unknown > 0 {
            output::line(format!(
                "warning: {} recorded at a time that nobody knows, and in it",
                counted(prefix.unknown, "event was", "events were")
            ));
        }
    }
    output::note(format!(
        "next: GRANT USAGE ON SCHEMA {}, and SELECT on its views, to those who are to read it",
        quote_ident(&publish)
    ));
    Ok(Code::Done)
}

/// The name of a schema that views were made in, and what it is called by now.
pub(super) fn called(publish: &str, place: &Place) -> String {
    match place.own() {
        Some(now) if now.as_str() != publish => format!("{publish} ({now} by now)"),
        _ => publish.to_owned(),
    }
}

fn is_or_are(builds: &[String]) -> String {
    format!("{} {}", builds.join(", "), if builds.len() == 1 { "is" } else { "are" })
}

fn print_list(global: &Global, all: &[Standing]) {
    if global.json {
        output::report(&AsOfList { as_of: all.iter().map(Standing::report).collect() });
        return;
    }
    if all.is_empty() {
        output::line("no point of the log is shown");
        return;
    }
    let row = |one: &Standing| {
        let moment = one.moment.clone().unwrap_or_default();
        let builds = match one.is_shown() {
            true => one.schemas().join(", "),
            false => format!("{} (unfinished)", one.schemas().join(", ")),
        };
        vec![called(&one.publish, &one.place), grouped(one.position().0), moment, builds]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    output::line(table(&["SCHEMA", "POSITION", "MOMENT", "BUILDS"], &rows));
}
