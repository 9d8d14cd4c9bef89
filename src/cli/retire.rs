//! `regrow retire`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::promote;

/// End a projection: its views, all its builds and what the ledger knows of it.
///
/// There is no way back. Readers of its views get an error afterwards. Refused while something of others
/// depends on its views, or would go with its builds; each is named. The folder is yours to delete; a
/// projection without one is ended as well.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow retire order_summary --dry-run\n  regrow retire order_summary"
)]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
    /// Say what would end. Ends nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let ended = promote::retire(&invocation.context, &args.name, args.dry_run)?;
    if global.json {
        output::report(&ended.report(&args.name, args.dry_run));
        return Ok(Code::Done);
    }
    let list = |names: &[String]| match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let verb = if args.dry_run { "would end" } else { "has ended" };
    output::line(format!(
        "{} {verb}: views {}; builds {}",
        args.name,
        list(&ended.views),
        list(&ended.builds)
    ));
    if !ended.with.is_empty() {
        let verb = if args.dry_run { "would go" } else { "went" };
        output::line(format!("with the views {verb}: {}", ended.with.join("; ")));
    }
    if !args.dry_run && invocation.context.project.projections.contains_key(&args.name) {
        output::note(format!("next: delete projections/{}, or it can be built again", args.name));
    }
    Ok(Code::Done)
}
