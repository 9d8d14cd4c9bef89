//! `regrow downgrade`

use super::invocation::Invocation;
use super::lineages::Wait;
use super::{Answer, Global, migrate as migrating};
use crate::error::exit_code::Code;
use crate::migrate::{self, Options};
use crate::revision::Direction;

/// Take revisions of the event store back, down to a target.
///
/// Runs the .down.sql files, newest first, each in one transaction with its history row. One that would
/// remove or change events is rolled back and refused; scripts of --sql are not checked.
/// For projections use 'regrow rollback'.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  regrow downgrade -1
  regrow downgrade 20260301101500
  regrow downgrade base --dry-run
  regrow downgrade --sql head:2 | psql shop")]
pub(crate) struct Args {
    /// base, -1, a version, the beginning of a version or of a name; FROM:TO with --sql.
    #[arg(allow_negative_numbers = true, value_name = "TARGET")]
    target: String,
    #[command(flatten)]
    wait: Wait,
    /// Allow the downgrade to remove or change events.
    #[arg(long)]
    lose_events: bool,
    /// Print a script for psql instead; does not connect to a server.
    #[arg(long, conflicts_with = "dry_run")]
    sql: bool,
    /// Print what would run, with the lock of each statement; write nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if args.sql {
        return migrating::print_script(global, Direction::Down, &args.target);
    }
    super::lineages::no_range(&args.target)?;
    let invocation = Invocation::open_to_change(global)?;
    let (lineage, target) = migrate::target(&invocation.context.project, None, Some(&args.target))?;
    super::lineages::goes_back(&lineage)?;
    let wait = args.wait.time();
    let options = Options { wait, lose_events: args.lose_events, ..Options::default() };
    if args.dry_run {
        let way = (lineage.as_str(), &target);
        return migrating::preview(global, &invocation, Direction::Down, way, &options);
    }
    let report = migrate::downgrade(&invocation.context, &lineage, &target, &options)?;
    migrating::print(global, &invocation, &report, "taken back");
    Ok(Code::Done)
}
