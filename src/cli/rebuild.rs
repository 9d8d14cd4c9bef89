//! `regrow rebuild`

mod explain;
mod key;
mod preflight;

use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use super::invocation::Invocation;
use super::output::{counted, duration, grouped, number, rate};
use super::report_file::{self, ReportFile};
use super::{Answer, Global, errors, output};
use crate::build_report::{self, Recorder, Run};
use crate::definition::expected::{Expected, Gate};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::ledger::{Build, State};
use crate::rebuild::{self, Options, Outcome, Reached, Until};
use crate::replay::Engine;
use crate::replay::build_session::Work;
use crate::report::build::BuildRuns;
use crate::verify::{self, Proven};

/// Build projections anew from the whole log, beside what readers see.
///
/// Several projections share one pass over the log, twelve at a time; with 32 connections at the most. A killed rebuild is gone on with by
/// `regrow resume`. Readers notice nothing until the build is promoted. Handlers run natively
/// where that gives the same rows, else in SQL: --explain says which, and why.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(
    group = clap::ArgGroup::new("one_again").args(["key", "stream"]).multiple(false),
    override_usage = "regrow rebuild [OPTIONS] <NAME>...\n       regrow rebuild [OPTIONS] --all\n       regrow rebuild [OPTIONS] <NAME> --key <COLUMN=VALUE>\n       regrow rebuild [OPTIONS] <NAME> --stream <STREAM>\n       regrow rebuild --explain [NAME]...",
    after_help = "Examples:\n  regrow rebuild order_summary --promote\n  regrow rebuild order_summary customer_activity\n  regrow rebuild order_summary --promote --verify\n  regrow rebuild order_summary --preflight\n  regrow rebuild order_summary --until 2026-03-01T00:00:00Z\n  regrow rebuild order_summary --key id=order-17\n  regrow rebuild order_summary --stream order-17\n  regrow rebuild --explain"
)]
pub(crate) struct Args {
    /// The projections.
    #[arg(value_name = "NAME", required_unless_present_any = ["all", "explain"])]
    names: Vec<String>,
    /// All projections of the project.
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Show each build to readers as soon as it is ready and its checks pass.
    #[arg(long)]
    promote: bool,
    /// Show it also if it has skipped events, by on_error = "skip": its rows are without them.
    #[arg(long, requires = "promote")]
    accept_skipped: bool,
    /// Show it only if it holds: compare it first, row by row, with what readers see, or with what the sql
    /// engine makes of the whole log, or only a sample of 10,000 keys of each table with what readers see.
    /// Differences that were not declared end with 10, and the build stays ready.
    #[arg(
        long, value_name = "live|log|sample", requires = "promote", num_args = 0..=1, require_equals = true,
        default_missing_value = "live"
    )]
    verify: Option<Proof>,
    /// A difference that is meant: column:TABLE.COLUMN, rows:TABLE or table:TABLE; may be repeated.
    #[arg(long, value_name = "DIFFERENCE", requires = "verify")]
    expect: Vec<Expected>,
    /// End the build at a position, or at the last event recorded at or before a timestamp.
    #[arg(long, value_name = "POSITION|TIMESTAMP")]
    until: Option<String>,
    /// Look at everything a rebuild needs, the whole log included, and say what to do. Builds
    /// nothing.
    #[arg(long, conflicts_with_all = ["explain", "until"])]
    preflight: bool,
    /// Say which engine would run each handler, and why. Builds nothing.
    #[arg(long, conflicts_with_all = ["promote", "until"])]
    explain: bool,
    /// Make one row again from its events, in every build that is not dropped, and nothing else: a column of
    /// the table's primary key and its value, once for each column. NAME is the projection, or one of its
    /// tables as PROJECTION.TABLE. Refused where events of the row cannot be told from others.
    #[arg(
        long, value_name = "COLUMN=VALUE",
        conflicts_with_all = ["all", "promote", "verify", "until", "preflight", "explain", "log_begins_at", "report"]
    )]
    key: Vec<String>,
    /// Make every row again that is made of one stream, likewise: NAME is the projection, with all its tables, or one of
    /// them as PROJECTION.TABLE. Refused where handlers do not find their rows by :event.stream_id.
    #[arg(
        long, value_name = "STREAM",
        conflicts_with_all = ["key", "all", "promote", "verify", "until", "preflight", "explain", "log_begins_at"]
    )]
    stream: Option<String>,
    /// One build by its number, instead of all.
    #[arg(long, value_name = "NUMBER", requires = "one_again")]
    build: Option<i32>,
    /// Write a report, too: one page of HTML with the stages and rates of this run, what each build was made from, which
    /// engine runs what and why, and what a comparison came to.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["explain", "preflight"])]
    report: Option<PathBuf>,
    /// Read no more events than so many a second; goes before max_rate in config.toml, where max_replica_lag and
    /// max_wal_per_s are said as well.
    #[arg(long, value_name = "EVENTS_PER_S", value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = ["key", "stream"])]
    max_rate: Option<u32>,
    /// Show what was said of an event that cannot be applied, and its payload.
    #[arg(long)]
    show_payload: bool,
    /// The log begins at this position on purpose: events before it were moved away.
    #[arg(long, value_name = "POSITION", value_parser = number)]
    log_begins_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Proof {
    /// The build readers see.
    Live,
    /// What the sql engine makes of the whole log.
    Log,
    /// Some keys of the build readers see, drawn at random.
    Sample,
}

/// How many keys of each table `--verify=sample` draws.
const SAMPLE: u32 = 10_000;

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if !args.key.is_empty() || args.stream.is_some() {
        return key::run(global, args);
    }
    let file = args.report.as_deref().map(ReportFile::at).transpose()?;
    let mut invocation = Invocation::open(global)?;
    invocation.context.said.accept_skipped = args.accept_skipped;
    invocation.context.said.begins_at = args.log_begins_at.map(Position);
    let pace = &mut invocation.context.project.config.rebuild;
    pace.max_rate = args.max_rate.or(pace.max_rate);
    let everything = args.all || (args.explain && args.names.is_empty());
    let names: Vec<String> = if everything {
        invocation.context.project.projections.keys().cloned().collect()
    } else {
        args.names.clone()
    };
    if args.explain {
        explain::print(global, &rebuild::explain::explain(&invocation.context, &names)?);
        return Ok(Code::Done);
    }
    if args.preflight {
        let findings = crate::preflight::thorough(&invocation.context, &names, args.promote)?;
        invocation.reporter.finish();
        return Ok(preflight::print(global, &findings));
    }
    invocation.say_where(global);
    let until = args.until.as_deref().map(|text| match number(text) {
        Ok(position @ 0..) => Until::Position(Position(position)),
        _ => Until::Timestamp(text.to_owned()),
    });
    let recorder = Arc::new(Recorder::before(invocation.context.observer.clone()));
    if file.is_some() {
        invocation.context.observer = recorder.clone();
    }
    let options = Options { promote: args.promote, until, ..Options::default() };
    let proven: Vec<Proven> = match args.verify {
        None => {
            let outcomes = rebuild::rebuild(&invocation.context, &names, &options)?;
            outcomes.into_iter().map(Proven::from).collect()
        }
        Some(proof) => {
            let with_log = matches!(proof, Proof::Log);
            let sample = matches!(proof, Proof::Sample).then_some(SAMPLE);
            let gate = Gate { with_log, sample, expect: args.expect.clone() };
            verify::rebuild(&invocation.context, &names, &options, &gate)?
        }
    };
    invocation.reporter.finish();
    let run = |proven: &Proven| {
        let by = ran_by(proven.outcome.engine, proven.outcome.work);
        Run::of(proven, by, &recorder)
    };
    let runs: Vec<Run> = proven.iter().map(run).collect();
    let code = print(global, proven, args.show_payload);
    report_file::finish(global, code, file.as_ref(), || {
        build_report::of_runs(&invocation.context, runs)
    })
}

/// Prints what became of each build; the worst code is the command's.
pub(crate) fn print(global: &Global, all: Vec<Proven>, show_payload: bool) -> Code {
    let mut worst = Code::Done;
    let mut list = Vec::new();
    for Proven { outcome, found } in all {
        let projection = outcome.build.projection.clone();
        let mut entry = outcome.report();
        let Outcome { build, took, events, engine, work, result } = outcome;
        match result {
            Ok(reached) => {
                let what = match &reached {
                    Reached::Ready if build.state == State::Ready => "is ready".to_owned(),
                    // It had stopped at an event, and goes on.
                    Reached::Ready => format!("is {} and no longer stopped", build.state),
                    Reached::Ended => match build.until {
                        Some(until) if until > build.position => {
                            format!("ends with the log, before position {},", grouped(until.0))
                        }
                        _ => "ends where it was told to".to_owned(),
                    },
                    Reached::Live(_) => "is live".to_owned(),
                };
                if let Reached::Live(promoted) = &reached {
                    entry.promoted = Some(super::promote::report(promoted));
                    if let Some(failed) = promoted.hook.clone() {
                        let shown = Error::from(failed);
                        worst = worst.max(shown.code);
                        if !global.json {
                            errors::print(&shown, false);
                        }
                    }
                }
                if !global.json {
                    let parked = match build.parked {
                        0 => String::new(),
                        n => format!(", {} parked", grouped(n)),
                    };
                    let skipped = match build.skipped {
                        0 => String::new(),
                        n => format!(", {} skipped", grouped(n)),
                    };
                    output::line(format!(
                        "{} {what} at position {}: {} events in {} ({}/s){parked}{skipped}, {}",
                        build.schema,
                        grouped(build.position.0),
                        grouped(events),
                        duration(took),
                        grouped(rate(events, took)),
                        ran_by(engine, work),
                    ));
                    let is_ready = matches!(reached, Reached::Ready) && build.state == State::Ready;
                    if is_ready && found.is_none() {
                        output::note(format!("next: {}", next(&build)));
                    }
                }
            }
            Err(error) => {
                let unfinished = build.state.is_candidate() && build.state != State::Ready;
                let mut shown = Error::from(error).showing_payload(show_payload);
                if unfinished {
                    shown = shown.or_resume(&build.projection);
                }
                worst = worst.max(shown.code);
                entry.error = Some(shown.report());
                if !global.json {
                    errors::print(&shown, false);
                }
            }
        }
        if let Some(found) = found {
            let shown = match found {
                Ok(report) => {
                    if !global.json {
                        super::verify::print(global, &report);
                    }
                    let differs = (!report.ok).then(|| Error::of_difference(&report));
                    entry.verify = Some(report);
                    differs
                }
                Err(error) => Some(Error::from(error).or_promote(&projection)),
            };
            if let Some(shown) = shown {
                worst = worst.max(shown.code);
                entry.error = Some(shown.report());
                if !global.json {
                    errors::print(&shown, false);
                }
            }
        }
        list.push(entry);
    }
    if global.json {
        output::report(&BuildRuns { builds: list });
    }
    worst
}

/// What shows a build that is ready.
fn next(build: &Build) -> String {
    let accept = if build.skipped > 0 { " --accept-skipped" } else { "" };
    let promote = format!("regrow promote {}{accept}", build.projection);
    match &build.gate {
        None => promote,
        Some(gate) => {
            let how = match (gate.with_log, gate.sample) {
                (true, _) => " --against log".to_owned(),
                (false, Some(keys)) => format!(" --sample {keys}"),
                (false, None) => String::new(),
            };
            format!("regrow verify {}{how}, and if it holds {promote}", build.projection)
        }
    }
}

/// `native engine`, and how much of the work ran in SQL all the same.
pub(crate) fn ran_by(engine: Engine, work: Work) -> String {
    let by = match engine {
        Engine::Native => "native engine".into(),
        Engine::Sql => "sql engine".into(),
        Engine::Both => format!(
            "native engine, {} of {} in SQL",
            grouped(work.sql),
            counted(work.native.saturating_add(work.sql), "handler", "handlers")
        ),
    };
    let why = [
        (work.unread, "with a value that the native engine does not read"),
        (work.declined, "of which it was not certain what becomes of them"),
    ];
    let left = why.iter().filter(|(events, _)| *events > 0);
    let left = left.map(|(events, why)| format!("{} {why}", counted(*events, "event", "events")));
    match left.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => by,
        left => format!("{by} ({left})"),
    }
}
