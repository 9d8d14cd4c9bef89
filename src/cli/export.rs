//! `regrow export`

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};

use super::invocation::Invocation;
use super::output::{grouped, number};
use super::stderr::Level;
use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::event::Position;
use crate::report::log_line::ExportedLine;
use crate::transfer::{self, ExportError, ExportOptions};

/// Write the log as NDJSON, complete up to a mark of now.
///
/// With --json the events are the output anyway; the count goes to stderr.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow export | gzip > events.ndjson.gz\n  regrow export --type OrderPaid --after 1000 paid.ndjson"
)]
pub(crate) struct Args {
    /// The file; without it, or for `-`, stdout.
    #[arg(value_name = "FILE", default_value = "-")]
    file: String,
    /// Only events behind this position.
    #[arg(long, value_name = "POSITION", value_parser = number)]
    after: Option<i64>,
    /// Only events up to this position.
    #[arg(long, value_name = "POSITION", value_parser = number)]
    until: Option<i64>,
    /// Only events of this type; may be given again.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let output: Box<dyn Write> = if args.file == "-" {
        Box::new(std::io::stdout().lock())
    } else {
        let file = File::create(&args.file)
            .map_err(|e| Error::failed(format!("{} cannot be written: {e}", args.file)))
            .map_err(|shown| shown.reason(Reason::FileUnwritable))?;
        Box::new(file)
    };
    let mut output = BufWriter::with_capacity(256 * 1024, output);
    let options = ExportOptions {
        after: args.after.map(Position),
        until: args.until.map(Position),
        types: args.types.clone(),
    };
    let exported = match transfer::export(&invocation.context, &mut output, &options) {
        Err(ExportError::Output { source }) if source.kind() == ErrorKind::BrokenPipe => {
            return Ok(Code::Done);
        }
        other => other?,
    };
    invocation.reporter.finish();
    if let Err(error) = output.flush() {
        if error.kind() == ErrorKind::BrokenPipe {
            return Ok(Code::Done);
        }
        let shown = Error::failed(format!("{} cannot be written: {error}", args.file));
        return Err(shown.reason(Reason::FileUnwritable));
    }
    let text = format!("{} events exported", grouped(i128::from(exported)));
    let fields = ExportedLine { events: exported };
    if global.json {
        output::json_note(Level::Info, &text, &fields);
    } else if !global.quiet {
        output::tell(&text, &fields);
    }
    Ok(Code::Done)
}
