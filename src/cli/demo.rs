//! `regrow demo`

use std::io;
use std::time::Instant;

use super::invocation::Invocation;
use super::output::{duration, grouped, rate};
use super::rebuild::ran_by;
use super::{Answer, Global, output};
use crate::demo::orders::Orders;
use crate::demo::{self, Step};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::project::{self, Project};
use crate::report::file::DemoReport;

/// See it all in one run: events in three schema versions, a first build, a change, a rollback.
///
/// Works in a temporary folder with a PostgreSQL of its own, or on --database-url, which must
/// be an empty database. Appends and reads go on all the while, and at the end every row is
/// compared with independent SQL over the log.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow demo --events 1000000")]
pub(crate) struct Args {
    /// Events in the log before the story begins.
    #[arg(long, default_value_t = 300_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    events: u64,
    /// Write the demo's log to stdout as NDJSON, and do nothing else.
    #[arg(long)]
    print_log: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if args.print_log {
        return print_log(args.events);
    }
    let started = Instant::now();
    let folder = project::TemporaryFolder::new().map_err(Error::from)?;
    project::write_sample(folder.path()).map_err(Error::from)?;
    let project = Project::open(folder.path())?;
    let own = Global {
        directory: Some(folder.path().to_path_buf()),
        env: None,
        database_url: global.database_url.clone(),
        // Its own server is what a demo is for, whatever stands in libpq's variables.
        private: global.private
            || (global.database_url.is_none() && !global.environment.names_a_server()),
        read_models_url: None,
        json: global.json,
        quiet: global.quiet,
        log_format: global.log_format,
        environment: global.environment.for_one_server(),
    };
    let invocation = Invocation::with_project(&own, project)?;
    invocation.say_where(&own);
    if !global.json {
        output::line(
            "a shop's log in three versions, two read models, readers and appends all the while",
        );
        output::line("");
    }
    let change = || {
        project::write_changed_sample(folder.path())?;
        Project::open(folder.path())
    };
    let mut steps = Vec::new();
    let result = demo::demo(&invocation.context, args.events, change, &mut |step| {
        invocation.reporter.finish();
        if !global.json {
            output::line(describe(&step));
        }
        steps.push(step.report());
    });
    invocation.reporter.finish();
    if global.json {
        let seconds = started.elapsed().as_secs_f64();
        output::report(&DemoReport { steps, seconds, ok: result.is_ok() });
    } else if result.is_ok() {
        output::line("");
        output::line(format!("done in {}", duration(started.elapsed())));
    }
    if result.is_err() && invocation.context.interrupt.raised() {
        // Its project is a temporary one: there is nothing to resume.
        let stopped = Error::failed("the demo was stopped; nothing of it is left");
        return Err(stopped.reason(Reason::Interrupted));
    }
    result?;
    Ok(Code::Done)
}

fn print_log(events: u64) -> Answer {
    let mut log = io::BufReader::with_capacity(256 * 1024, Orders::new(events, 1));
    match io::copy(&mut log, &mut io::stdout().lock()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::failed(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(Code::Done),
    }
}

fn describe(step: &Step) -> String {
    match step {
        Step::Imported { events, took } => {
            let count = i64::try_from(*events).unwrap_or(i64::MAX);
            format!(
                "imported       {} events in {} ({}/s); appends begin",
                grouped(count),
                duration(*took),
                grouped(rate(count, *took))
            )
        }
        Step::Built { build, events, took, held, engine, work } => format!(
            "built          {build}: {} events in {} ({}/s), promoted, views locked {}, {}",
            grouped(*events),
            duration(*took),
            grouped(rate(*events, *took)),
            duration(*held),
            ran_by(*engine, *work)
        ),
        Step::Switched { what, build, held, took } => {
            format!(
                "{what:<14} readers see {build} after {}, views locked {}",
                duration(*took),
                duration(*held)
            )
        }
        Step::Read { reads, errors, regressions, slowest } => format!(
            "read           {} queries, {errors} errors, {regressions} steps back, the slowest {}",
            grouped(i128::from(*reads)),
            duration(*slowest)
        ),
        Step::Appended { events } => {
            format!("appended       {} events meanwhile", grouped(i128::from(*events)))
        }
        Step::Compared { table, rows, differences } => {
            format!("compared       {table}: {} rows, {differences} differences", grouped(*rows))
        }
    }
}
