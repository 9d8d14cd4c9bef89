//! `regrow promote`

use serde_json::{Value, json};

use super::desk::Desk;
use super::exit_code::Code;
use super::output::{duration, grouped};
use super::{Answer, Global, output};
use crate::promote::{self, Promoted};

/// Show readers the newest build that is ready.
///
/// Readers wait for a few milliseconds at most and never see older rows than before. The
/// build they saw is retired and kept fresh, so `regrow rollback` is instant.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow promote order_summary")]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let promoted = promote::promote(&desk.site, &args.name)?;
    desk.reporter.finish();
    print(global, &promoted);
    Ok(Code::Done)
}

pub(crate) fn print(global: &Global, promoted: &Promoted) {
    if global.json {
        output::json(&to_json(promoted));
        return;
    }
    let before = promoted.retired.as_ref().map_or_else(String::new, |r| format!(" instead of {r}"));
    output::line(format!(
        "readers see {}{before}, at position {}; views were locked for {}",
        promoted.build,
        grouped(promoted.position.0),
        duration(promoted.held)
    ));
}

pub(crate) fn to_json(promoted: &Promoted) -> Value {
    json!({
        "build": promoted.build, "retired": promoted.retired, "position": promoted.position.0,
        "attempts": promoted.attempts, "locked_ms": promoted.held.as_secs_f64() * 1000.0,
    })
}
