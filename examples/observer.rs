//! Watches a rebuild of the project in a folder: stages and progress as they come, on stderr.
//!
//! DATABASE_URL=postgresql://... cargo run --example observer -- FOLDER PROJECTION

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it does")]

use std::sync::Arc;

use regrow::{Error, Observer, Progress, Regrow, Server};

struct Printer;

impl Observer for Printer {
    fn note(&self, progress: &Progress) {
        match progress {
            Progress::Stage { build, stage } => eprintln!("{build}: {}", stage.name()),
            Progress::Batch { build, position, target, .. } => {
                eprintln!("{build}: at {position} of {target}");
            }
            // Whatever is new in a later release is passed over.
            _ => {}
        }
    }
}

/// Builds a projection anew and shows it to readers.
pub(crate) fn run(address: &str, folder: &str, projection: &str) -> Result<(), Error> {
    let project = Regrow::open(folder, &Server::parse(address)?)?.observer(Arc::new(Printer));
    project.migrate()?;
    for outcome in project.rebuild(&[projection], true)? {
        let events = outcome.events;
        outcome.result?;
        println!("{projection}: {events} events");
    }
    Ok(())
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let projection = arguments.next().unwrap_or_else(|| "order_summary".into());
    run(&std::env::var("DATABASE_URL").unwrap_or_default(), &folder, &projection)
}
