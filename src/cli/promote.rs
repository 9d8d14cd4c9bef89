//! `regrow promote`

use super::invocation::Invocation;
use super::output::{counted, duration, grouped, number};
use super::{Answer, Global, errors, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::promote::{self, Promoted};
use crate::report::build::SwitchReport;
use crate::report::error::ErrorReport;

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
    /// Show it also if it has skipped events, by on_error = "skip": its rows are without them.
    #[arg(long)]
    accept_skipped: bool,
    /// Events that are missing from the log were deleted on purpose, and not lost with its end.
    #[arg(long)]
    events_deleted: bool,
    /// The log begins at this position on purpose: events before it were moved away.
    #[arg(long, value_name = "POSITION", value_parser = number)]
    log_begins_at: Option<i64>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let mut invocation = Invocation::open_to_change(global)?;
    invocation.context.said.accept_skipped = args.accept_skipped;
    invocation.context.said.events_deleted = args.events_deleted;
    invocation.context.said.begins_at = args.log_begins_at.map(Position);
    let promoted = promote::promote(&invocation.context, &args.name)?;
    invocation.reporter.finish();
    Ok(print(global, &promoted))
}

/// Prints a switch, and what went wrong with the hook behind it, which gives the code.
pub(crate) fn print(global: &Global, promoted: &Promoted) -> Code {
    let failed = promoted.hook.clone().map(Error::from);
    let code = failed.as_ref().map_or(Code::Done, |failed| failed.code);
    if global.json {
        output::report(&report(promoted));
        return code;
    }
    let before = promoted.retired.as_ref().map_or_else(String::new, |r| format!(" instead of {r}"));
    output::line(format!(
        "readers see {}{before}, at position {}{}; views were locked for {}",
        promoted.build,
        grouped(promoted.position.0),
        without(promoted.parked, promoted.skipped),
        duration(promoted.held)
    ));
    if let Some(failed) = failed {
        errors::print(&failed, false);
    }
    code
}

/// What is said of events that a build is without.
pub(crate) fn without(parked: i64, skipped: i64) -> String {
    let parked = (parked > 0)
        .then(|| format!("{} parked", counted(parked, "event that is", "events that are")));
    let skipped = (skipped > 0)
        .then(|| format!("{} skipped", counted(skipped, "event that was", "events that were")));
    let both: Vec<String> = parked.into_iter().chain(skipped).collect();
    match both.is_empty() {
        true => String::new(),
        false => format!(", without {}", both.join(" and ")),
    }
}

/// A switch, with what went wrong with the hook behind it.
pub(crate) fn report(promoted: &Promoted) -> SwitchReport {
    let hook_failed = promoted.hook.clone().map(|failed| {
        let exit_code = failed.exit_code;
        ErrorReport { exit_code, ..Error::from(failed).report() }
    });
    promoted.report(hook_failed)
}
