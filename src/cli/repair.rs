//! `regrow repair`

use clap::ValueEnum;

use super::invocation::Invocation;
use super::lineages::Wait;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::migrate::{self, Options, Repair};
use crate::revision::EVENT_STORE;

/// Accept differences between files, history and schema that are meant.
///
/// Changes the history of the event store and nothing else. What is not named stays refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow repair --accept edited --dry-run\n  regrow repair --accept edited,drift"
)]
pub(crate) struct Args {
    /// What to accept; several with commas between them.
    #[arg(long, required = true, value_delimiter = ',', value_name = "WHAT")]
    accept: Vec<What>,
    /// Say what would be changed, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    wait: Wait,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Files that changed after they ran count as what ran.
    Edited,
    /// Revisions whose files are gone are forgotten.
    Missing,
    /// The schema as it is counts as what the revisions made.
    Drift,
    /// Recorded statements of a half-run revision are forgotten.
    Steps,
    /// As missing, for those that newer code may know: nothing that has a file stands on them.
    Ahead,
    /// Revisions that ran when their files were empty are forgotten; the next migrate runs them.
    Empty,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let accept: Vec<Repair> = args
        .accept
        .iter()
        .map(|what| match what {
            What::Edited => Repair::Edited,
            What::Missing => Repair::Missing,
            What::Ahead => Repair::Ahead,
            What::Empty => Repair::Empty,
            What::Drift => Repair::Drift,
            What::Steps => Repair::Steps,
        })
        .collect();
    let options = Options { wait: args.wait.time(), ..Options::default() };
    let repaired =
        migrate::repair(&invocation.context, EVENT_STORE, &accept, args.dry_run, &options)?;
    let left: Vec<String> = repaired.left.iter().map(ToString::to_string).collect();
    if global.json {
        output::report(&repaired.report(!args.dry_run));
    } else {
        for change in &repaired.changes {
            output::line(change);
        }
        if repaired.changes.is_empty() {
            output::line("nothing to repair");
        } else if args.dry_run {
            output::line("nothing was written (--dry-run)");
        }
        left.iter().for_each(|line| output::note(format!("still so: {line}")));
        migrate::ways(&repaired.left).iter().for_each(|way| output::note(format!("  {way}")));
    }
    Ok(if left.is_empty() { Code::Done } else { Code::Divergent })
}
