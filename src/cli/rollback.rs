//! `regrow rollback`

use super::desk::Desk;
use super::exit_code::Code;
use super::{Answer, Global};
use crate::promote;

/// Show readers the build they saw before the last promote.
///
/// It was kept fresh all along, so nothing is lost. A second rollback goes forward again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow rollback order_summary")]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let promoted = promote::rollback(&desk.site, &args.name)?;
    desk.reporter.finish();
    super::promote::print(global, &promoted);
    Ok(Code::Done)
}
