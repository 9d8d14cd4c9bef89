//! `regrow rollback`

use super::invocation::Invocation;
use super::{Answer, Global};
use crate::promote::{self, Back};

/// Show readers the build they saw before the last promote.
///
/// It was kept fresh all along, so nothing is lost. A second rollback goes forward again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow rollback order_summary\n  regrow rollback order_summary --to order_summary__b3 --stale"
)]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
    /// The build to go back to, by its schema or its number; without it the one readers saw last.
    #[arg(long, value_name = "BUILD")]
    to: Option<String>,
    /// Show the build as it stands, also if it cannot be brought up to date any more.
    #[arg(long)]
    stale: bool,
    /// Events that are missing from the log were deleted on purpose, and not lost with its end.
    #[arg(long)]
    events_deleted: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let mut invocation = Invocation::open_to_change(global)?;
    invocation.context.said.events_deleted = args.events_deleted;
    let back = Back { to: args.to.clone(), stale: args.stale };
    let promoted = promote::rollback(&invocation.context, &args.name, &back)?;
    invocation.reporter.finish();
    Ok(super::promote::print(global, &promoted))
}
