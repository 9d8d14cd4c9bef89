//! `regrow downgrade`

use super::invocation::Invocation;
use super::lineages::Wait;
use super::{Answer, Global, migrate as migrating};
use crate::error::exit_code::Code;
use crate::migrate::{self, Options};
use crate::revision::Direction;

/// Take revisions of the event store back, down to a target.
///
/// Runs the .down.sql files, newest first, each in one transaction with its history row. What
/// takes events out of the log or changes them is rolled back and refused; nobody looks after a
/// script of --sql. A projection goes back with 'regrow rollback' instead.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  regrow downgrade -1
  regrow downgrade 20260301101500
  regrow downgrade base --dry-run
  regrow downgrade --sql head:2 | psql shop")]
pub(crate) struct Args {
    /// base, -1, a version, the beginning of one or of a slug; FROM:TO with --sql.
    #[arg(allow_negative_numbers = true, value_name = "TARGET")]
    target: String,
    #[command(flatten)]
    wait: Wait,
    /// Let events be lost or changed.
    #[arg(long)]
    lose_events: bool,
    /// Print a script for psql instead; asks no server.
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
