//! `regrow import`

use std::fs::File;
use std::os::fd::AsFd as _;

use super::invocation::Invocation;
use super::output::{duration, grouped, rate};
use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::report::file::ImportReport;
use crate::transfer::{self, Awaited};

/// Append events from NDJSON, plain or gzipped, all or none.
///
/// One event a line, with the fields stream_id, stream_version, type, schema_version,
/// payload, metadata and recorded_at; the last two and schema_version may be absent.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow import events.ndjson.gz\n  zcat events.ndjson.gz | regrow import -\n\nA line:\n  {\"stream_id\": \"o-1\", \"stream_version\": 0, \"type\": \"OrderPaid\", \"payload\": {}}"
)]
pub(crate) struct Args {
    /// The file; `-` is stdin.
    #[arg(value_name = "FILE")]
    file: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let refused = |why: String| Error::failed(why).reason(Reason::FileUnreadable);
    let (input, name, size) = if args.file == "-" {
        let stdin = std::io::stdin().as_fd().try_clone_to_owned();
        let unreadable = |e| refused(format!("stdin cannot be read: {e}"));
        (File::from(stdin.map_err(unreadable)?), "stdin", None)
    } else {
        let unreadable = |e| refused(format!("{} cannot be read: {e}", args.file));
        let file = File::open(&args.file).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(refused(format!("{} is a folder, not a file of events", args.file)));
        }
        (file, args.file.as_str(), Some(metadata.len()))
    };
    let invocation = Invocation::open_to_change(global)?;
    let input = Box::new(Awaited::new(input, invocation.context.interrupt.clone()));
    let imported = transfer::import(&invocation.context, input, name, size)?;
    let took = imported.took;
    invocation.reporter.finish();
    let events = i64::try_from(imported.events).unwrap_or(i64::MAX);
    if global.json {
        output::report(&ImportReport { events, seconds: took.as_secs_f64() });
    } else {
        output::line(format!(
            "{} events imported in {} ({}/s)",
            grouped(events),
            duration(took),
            grouped(rate(events, took))
        ));
    }
    Ok(Code::Done)
}
