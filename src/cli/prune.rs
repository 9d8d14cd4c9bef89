//! `regrow prune`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::promote::{self, Prune};

/// Drop builds that nobody needs; there is no rollback to them afterwards.
///
/// Of each projection the retired build that readers saw last is kept, and the one that they saw longest
/// within the last week ([rebuild] keep_retired in config.toml, or --keep). A build that is named goes
/// whether it would be kept or not, unless readers see it. Nothing is dropped but what regrow made: an
/// object of others that would go with a build is named, with the statement to run first.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow prune --dry-run\n  regrow prune order_summary\n  regrow prune order_summary__b1\n  regrow prune order_summary --unfinished"
)]
pub(crate) struct Args {
    /// Projections, or builds by their schemas; all projections if none is named.
    #[arg(value_name = "NAME|BUILD")]
    names: Vec<String>,
    /// Drop what readers never saw, and only that: builds that failed, were stopped, wait for a
    /// promote or ended at --until.
    #[arg(long)]
    unfinished: bool,
    /// Keep so many retired builds of each projection; 0 keeps none.
    #[arg(long, value_name = "NUMBER", conflicts_with = "unfinished")]
    keep: Option<usize>,
    /// Say what would be dropped, what is kept and what is in the way. Drops nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation =
        if args.dry_run { Invocation::open(global)? } else { Invocation::open_to_change(global)? };
    let wanted = Prune { names: args.names.clone(), unfinished: args.unfinished, keep: args.keep };
    let pruned = match args.dry_run {
        true => promote::preview(&invocation.context, &wanted)?,
        false => promote::prune(&invocation.context, &wanted)?,
    };
    if global.json {
        match args.dry_run {
            true => output::report(&pruned.plan()),
            false => output::report(&pruned.report()),
        }
        return Ok(Code::Done);
    }
    let what = if args.dry_run { "would drop" } else { "dropped" };
    match pruned.dropped.as_slice() {
        [] => output::line("nothing to drop"),
        builds => output::line(format!("{what} {}", builds.join(", "))),
    }
    for (build, others) in &pruned.in_the_way {
        output::line(format!(
            "{build} cannot be dropped: what regrow did not make would go with it"
        ));
        for taken in others {
            output::line(format!("  {}; first: {};", taken.object, taken.first));
        }
    }
    for kept in &pruned.kept {
        output::note(format!(
            "{} is kept: {}; regrow prune {} drops it",
            kept.build, kept.why, kept.build
        ));
    }
    Ok(Code::Done)
}
