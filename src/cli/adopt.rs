//! `regrow adopt`

use serde_json::json;

use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::project;

/// Read a log that another library writes, where it is.
///
/// Writes the section [event_store.adopt] into config.toml; the log itself is not touched.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regrow adopt --preset eventsourcing --table public.dogschool_events"
)]
pub(crate) struct Args {
    /// The library's layout; `eventsourcing` is the Python library of that name.
    #[arg(long, value_name = "PRESET")]
    preset: String,
    /// The table of events, with its schema.
    #[arg(long, value_name = "TABLE")]
    table: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let section =
        project::adopt(&global.directory, &args.preset, &args.table).map_err(Error::from)?;
    if global.json {
        output::json(&json!({"preset": args.preset, "table": args.table}));
    } else {
        output::line(section.trim_end());
        output::note("written to config.toml; next: regrow census");
    }
    Ok(Code::Done)
}
