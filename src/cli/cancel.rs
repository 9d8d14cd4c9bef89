//! `regrow cancel`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::steer;

/// Drop a build that readers never saw, whichever process works on it.
///
/// Of a projection that is the newest one. Its rebuild, on whichever machine, drops it and exits with 130; if nobody works on it, it
/// is dropped at once. What readers see is not touched.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow cancel order_summary\n  regrow cancel order_summary__b2"
)]
pub(crate) struct Args {
    /// The projection, or a build by its schema.
    #[arg(value_name = "NAME|BUILD")]
    name: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let steered = steer::cancel(&invocation.context, &args.name)?;
    let name = &steered.build.schema;
    match (global.json, steered.is_done) {
        (true, _) => output::report(&steered.report()),
        (false, true) => output::line(format!("{name} is dropped")),
        (false, false) => output::line(format!(
            "{name} will be dropped as soon as the process that works on it looks; regrow status tells"
        )),
    }
    Ok(Code::Done)
}
