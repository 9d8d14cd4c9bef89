//! `regrow pause`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::ledger::State;
use crate::steer;

/// Let a build rest: nothing is written to it until `regrow unpause`.
///
/// Of a projection that is the unfinished build, whose rebuild stops behind its next checkpoint and exits with 130; or
/// else the live one, which stays live and is not followed any more. It is said in the ledger, so it does not matter
/// on which machine the build is worked on, and it holds for whoever comes next.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  regrow pause order_summary\n  regrow pause order_summary__b2")]
pub(crate) struct Args {
    /// The projection, or a build by its schema.
    #[arg(value_name = "NAME|BUILD")]
    name: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let steered = steer::pause(&invocation.context, &args.name)?;
    if global.json {
        output::report(&steered.report());
        return Ok(Code::Done);
    }
    let (name, projection) = (&steered.build.schema, &steered.build.projection);
    match (steered.is_done, steered.build.state) {
        (true, State::Live) => output::line(format!(
            "{name} is paused: readers see it as it stands, and it is not followed"
        )),
        (true, _) => output::line(format!("{name} is paused")),
        (false, _) => output::line(format!(
            "{name} will be paused as soon as the process that works on it looks; regrow status tells"
        )),
    }
    output::note(format!("to go on: regrow unpause {projection}"));
    Ok(Code::Done)
}
