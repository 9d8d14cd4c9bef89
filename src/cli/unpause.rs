//! `regrow unpause`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::ledger::State;
use crate::report::build::UnpausedBuilds;
use crate::steer::{self, Steered};

/// Let paused builds of a projection be worked on again.
///
/// A follower takes them up by itself. An unfinished build waits for `regrow resume`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow unpause order_summary")]
pub(crate) struct Args {
    /// The projection, or a build by its schema.
    #[arg(value_name = "NAME|BUILD")]
    name: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let all = steer::unpause(&invocation.context, &args.name)?;
    if global.json {
        output::report(&UnpausedBuilds { builds: all.iter().map(Steered::report).collect() });
        return Ok(Code::Done);
    }
    for steered in &all {
        let build = &steered.build;
        output::line(format!("{} is no longer paused", build.schema));
        if build.state.is_candidate() && build.state != State::Ready {
            output::note(format!("to go on: regrow resume {}", build.projection));
        }
    }
    Ok(Code::Done)
}
