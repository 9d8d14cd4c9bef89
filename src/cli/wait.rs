//! `regrow wait`

use std::time::Duration;

use super::invocation::Invocation;
use super::output::{duration, grouped, number};
use super::{Answer, Global, output};
use crate::config::max_lag::MaxLag;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::wait::{self, Goal};

/// Wait until readers of a projection see what was appended.
///
/// An application that must read its own write does the same in SQL: SELECT regrow.wait_for('NAME', POSITION).
#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("goal").required(true),
    after_help = "Examples:\n  regrow wait order_summary --now\n  regrow wait order_summary --position 4711 --timeout 500ms"
)]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
    /// Everything up to this position.
    #[arg(long, value_name = "POSITION", value_parser = number, group = "goal")]
    position: Option<i64>,
    /// Everything that is in the log by now.
    #[arg(long, group = "goal")]
    now: bool,
    /// Give up after this time (500ms, 5s, 2m) and exit with 11.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "5s")]
    timeout: Duration,
}

/// A time with its unit.
fn time(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(MaxLag::Time(time)) => Ok(time),
        _ => Err("expected a time such as 500ms, 5s or 2m".to_owned()),
    }
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let goal = args.position.map_or(Goal::Now, |position| Goal::Position(Position(position)));
    let reached = wait::wait(&invocation.context, &args.name, goal, args.timeout)?;
    match global.json {
        true => output::report(&reached.report(&args.name)),
        false => output::line(format!(
            "readers of {} see everything up to position {} ({}, after {})",
            args.name,
            grouped(reached.goal.0),
            reached.build,
            duration(reached.took)
        )),
    }
    Ok(Code::Done)
}
