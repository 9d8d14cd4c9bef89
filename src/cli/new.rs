//! `regrow new`

use super::invocation::Invocation;
use super::output::counted;
use super::output::shell_word;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::scaffold::{self, Column, TypeFields, Written};
use crate::visible::one_line;

/// Write first drafts: a projection, or the upcasters of an event type.
///
/// A draft has the fields that the log's events have. It is there to be changed; nothing that is there
/// already is overwritten.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow new projection shelf --on BookAcquired,BookLent\n  regrow new event BookLent\n  regrow new version BookLent"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Write a projection: a table, handlers, settings, checks and a test.
    ///
    /// It has one row for each stream, with the fields that the last event of each type has (a field that it lacks is NULL then), and is right as it
    /// stands: `regrow check` and `regrow test` pass. What was seen of the fields stands in handlers.sql.
    #[command(after_help = "Example:\n  regrow new projection shelf --on BookAcquired,BookLent")]
    Projection {
        /// The projection, which is the name of its folder and of its table.
        #[arg(value_name = "NAME")]
        name: String,
        /// The event types, as handlers see them; all that the log has, if none is named. May be repeated.
        #[arg(long, value_name = "TYPE,TYPE")]
        on: Vec<String>,
    },
    /// Write the file of an event type's upcasters, without a step yet.
    #[command(after_help = "Example:\n  regrow new event BookLent")]
    Event {
        /// The type.
        #[arg(value_name = "TYPE")]
        event_type: String,
    },
    /// Write the step to an event type's next version, behind the last one, and a test of it.
    ///
    /// The step changes nothing until you fill it in: it names the fields that events of the last version have.
    #[command(after_help = "Example:\n  regrow new version BookLent")]
    Version {
        /// The type.
        #[arg(value_name = "TYPE")]
        event_type: String,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let context = &invocation.context;
    let (written, next) = match &args.verb {
        Verb::Projection { name, on } => {
            let next = format!("regrow rebuild {} --promote", shell_word(name));
            (scaffold::projection(context, name, on)?, next)
        }
        Verb::Event { event_type } => {
            let next = format!("regrow new version {}", shell_word(event_type));
            (scaffold::event(context, event_type)?, next)
        }
        Verb::Version { event_type } => {
            (scaffold::version(context, event_type)?, "regrow test --upcasters --update".to_owned())
        }
    };
    invocation.reporter.finish();
    print(global, &written, &args.verb, &next);
    Ok(Code::Done)
}

fn print(global: &Global, written: &Written, verb: &Verb, next: &str) {
    if global.json {
        output::report(&written.report(next));
        return;
    }
    for path in &written.files {
        output::line(format!("wrote {}", one_line(path)));
    }
    if let Some(path) = &written.extended {
        output::line(format!("wrote a step into {}", one_line(path)));
    }
    for told in &written.types {
        fields(told).iter().for_each(output::note);
    }
    for note in &written.notes {
        output::note(format!("note: {note}"));
    }
    output::note(match verb {
        Verb::Projection { .. } => {
            format!("next: change what it wrote, then: regrow check, regrow test, {next}")
        }
        Verb::Event { .. } => format!("next, when its events change: {next}"),
        Verb::Version { .. } => {
            format!("next: fill in the step, then: {next}, and regrow check for the handlers")
        }
    });
}

/// What was seen of a type, and which of its fields are not in every event.
fn fields(told: &TypeFields) -> Vec<String> {
    let events = i64::try_from(told.events).unwrap_or(i64::MAX);
    let head = format!(
        "{}: {} in {}",
        one_line(&told.event_type),
        counted(told.fields.len(), "field", "fields"),
        counted(events, "event", "events")
    );
    let odd = |column: &&Column| column.missing > 0 || column.nulls > 0;
    let line = |column: &Column| {
        let mut parts = Vec::new();
        if column.missing > 0 {
            parts.push(format!("missing in {}", column.missing));
        }
        if column.nulls > 0 {
            parts.push(format!("null in {}", column.nulls));
        }
        format!("  {}: {}", one_line(&column.path.join(".")), parts.join(", "))
    };
    std::iter::once(head).chain(told.fields.iter().filter(odd).map(line)).collect()
}
