//! `regrow rebuild`

use serde_json::{Value, json};

use super::complaint::Complaint;
use super::desk::Desk;
use super::exit_code::Code;
use super::output::{duration, grouped, rate};
use super::{Answer, Global, output};
use crate::event::Position;
use crate::rebuild::{self, Options, Outcome, Reached, Until};

/// Build projections anew from the whole log, beside what readers see.
///
/// Several projections share one pass over the log. A killed rebuild is gone on with by
/// `regrow resume`. Readers notice nothing until the build is promoted.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "regrow rebuild [OPTIONS] <NAME>...\n       regrow rebuild [OPTIONS] --all",
    after_help = "Examples:\n  regrow rebuild order_summary --promote\n  regrow rebuild order_summary customer_activity\n  regrow rebuild order_summary --until 2026-03-01T00:00:00Z"
)]
pub(crate) struct Args {
    /// The projections.
    #[arg(value_name = "NAME", required_unless_present = "all")]
    names: Vec<String>,
    /// All projections of the project.
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Show each build to readers as soon as it is ready and its checks pass.
    #[arg(long)]
    promote: bool,
    /// End the build at a position, or at the last event recorded at or before a timestamp.
    #[arg(long, value_name = "POSITION|TIMESTAMP")]
    until: Option<String>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let names = if args.all {
        desk.site.project.projections.keys().cloned().collect()
    } else {
        args.names.clone()
    };
    let until = args.until.as_deref().map(|text| match text.parse() {
        Ok(position @ 0..) => Until::Position(Position(position)),
        _ => Until::Timestamp(text.to_owned()),
    });
    let options = Options { promote: args.promote, until };
    let outcomes = rebuild::rebuild(&desk.site, &names, &options)?;
    desk.reporter.finish();
    Ok(print(global, outcomes))
}

/// Prints what became of each build; the gravest code is the command's.
pub(crate) fn print(global: &Global, outcomes: Vec<Outcome>) -> Code {
    let mut gravest = Code::Done;
    let mut list = Vec::new();
    for outcome in outcomes {
        let Outcome { build, took, events, result } = outcome;
        let mut entry = json!({
            "projection": build.projection, "build": build.schema.as_str(), "state": build.state.name(),
            "position": build.position.0, "events": events, "seconds": took.as_secs_f64(),
            "events_per_second": rate(events, took), "parked": build.parked,
        });
        match result {
            Ok(reached) => {
                let what = match &reached {
                    Reached::Ready => "is ready".to_owned(),
                    Reached::Ended => match build.until {
                        Some(until) if until > build.position => {
                            format!("ends with the log, before position {},", grouped(until.0))
                        }
                        _ => "ends where it was told to".to_owned(),
                    },
                    Reached::Live(_) => "is live".to_owned(),
                };
                if let Reached::Live(promoted) = &reached {
                    entry["promoted"] = super::promote::to_json(promoted);
                }
                if !global.json {
                    let parked = match build.parked {
                        0 => String::new(),
                        n => format!(", {} put aside", grouped(n)),
                    };
                    output::line(format!(
                        "{} {what} at position {}: {} events in {} ({}/s){parked}",
                        build.schema,
                        grouped(build.position.0),
                        grouped(events),
                        duration(took),
                        grouped(rate(events, took)),
                    ));
                    if matches!(reached, Reached::Ready) {
                        output::note(format!("next: regrow promote {}", build.projection));
                    }
                }
            }
            Err(error) => {
                let complaint = Complaint::from(error);
                gravest = gravest.max(complaint.code);
                entry["error"] = complaint.to_json();
                if !global.json {
                    complaint.print(false);
                }
            }
        }
        list.push(entry);
    }
    if global.json {
        output::json(&json!({"builds": Value::Array(list)}));
    }
    gravest
}
