//! `regrow prune`

use serde_json::json;

use super::desk::Desk;
use super::exit_code::Code;
use super::{Answer, Global, output};
use crate::promote;

/// Drop retired builds; there is no rollback to them afterwards.
///
/// Refused while something outside regrow depends on a build's tables.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow prune order_summary")]
pub(crate) struct Args {
    /// The projections; all where none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Drop as well what readers never saw: builds that failed, were stopped, wait for a
    /// promote or ended at --until.
    #[arg(long)]
    unfinished: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let gone = promote::prune(&desk.site, &args.names, args.unfinished)?;
    if global.json {
        output::json(&json!({"dropped": gone}));
    } else if gone.is_empty() {
        output::line("nothing to drop");
    } else {
        output::line(format!("dropped {}", gone.join(", ")));
    }
    Ok(Code::Done)
}
