//! `regrow rename`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::promote;
use crate::report::build::RenamedProjection;

/// Give a projection the name that its folder has by now; it keeps its builds.
///
/// Rename the folder first. Readers notice nothing: views are named for tables, and builds keep the names
/// of their schemas; the next build is named for the projection.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  git mv projections/order_summary projections/orders\n  regrow rename order_summary orders"
)]
pub(crate) struct Args {
    /// The projection's name in the ledger.
    #[arg(value_name = "OLD")]
    old: String,
    /// Its folder's name.
    #[arg(value_name = "NEW")]
    new: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let builds = promote::rename(&invocation.context, &args.old, &args.new)?;
    if global.json {
        output::report(&RenamedProjection { old: args.old.clone(), new: args.new.clone(), builds });
    } else {
        output::line(format!("{} is {} now, with {}", args.old, args.new, builds.join(", ")));
    }
    Ok(Code::Done)
}
