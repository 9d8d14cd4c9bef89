//! `regrow redo`

use super::invocation::Invocation;
use super::lineages::Wait;
use super::{Answer, Global, migrate as migrating};
use crate::error::exit_code::Code;
use crate::migrate::{self, Options};
use crate::revision::EVENT_STORE;

/// Take the last revision of the event store back and run it again, as it is now.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow redo")]
pub(crate) struct Args {
    #[command(flatten)]
    wait: Wait,
    /// Let events be lost or changed.
    #[arg(long)]
    lose_events: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let wait = args.wait.time();
    let options = Options { wait, lose_events: args.lose_events, ..Options::default() };
    let report = migrate::redo(&invocation.context, EVENT_STORE, &options)?;
    migrating::print(global, &invocation, &report, "run");
    Ok(Code::Done)
}
