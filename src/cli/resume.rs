//! `regrow resume`

use super::invocation::Invocation;
use super::{Answer, Global};
use crate::verify;

/// Go on with builds that were stopped, killed or failed.
///
/// A build goes on behind its last checkpoint and ends with the same rows as an undisturbed
/// one. A live build that stopped at an event is tried again. One that was begun with --verify is
/// compared before it is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow resume order_summary --promote")]
pub(crate) struct Args {
    /// The projections; every unfinished one where none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Show each build to readers as soon as it is ready and its checks pass.
    #[arg(long)]
    promote: bool,
    /// Show it also if it has skipped events, by on_error = "skip": its rows are without them.
    #[arg(long, requires = "promote")]
    accept_skipped: bool,
    /// Read no more events than so many a second; goes before max_rate in config.toml.
    #[arg(long, value_name = "EVENTS_PER_S", value_parser = clap::value_parser!(u32).range(1..))]
    max_rate: Option<u32>,
    /// Show what was said of an event that cannot be applied, and its payload.
    #[arg(long)]
    show_payload: bool,
    /// Events that are missing from the log were deleted on purpose, and not lost with its end.
    #[arg(long)]
    events_deleted: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let mut invocation = Invocation::open_to_change(global)?;
    invocation.context.said.accept_skipped = args.accept_skipped;
    invocation.context.said.events_deleted = args.events_deleted;
    let pace = &mut invocation.context.project.config.rebuild;
    pace.max_rate = args.max_rate.or(pace.max_rate);
    let proven = verify::resume(&invocation.context, &args.names, args.promote)?;
    invocation.reporter.finish();
    if proven.is_empty() && !global.json {
        super::output::line("nothing is unfinished");
    }
    Ok(super::rebuild::print(global, proven, args.show_payload))
}
