//! `regrow verify`

use std::fmt::Write as _;
use std::path::PathBuf;

use super::invocation::Invocation;
use super::output::{counted, grouped, number};
use super::report_file::{self, ReportFile};
use super::{Answer, Global, output};
use crate::build_report;
use crate::definition::expected::Expected;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::replay::assertions::lines_of;
use crate::verify::{
    self, Against, Changed, Checked, KeyPart, OnlyIn, Report, Sample, SampleKind, TableReport,
    Wanted, WantedSample,
};
use crate::visible::one_line;

/// Compare a build with what readers see, with another build or with the log, row by row.
///
/// Both are brought to one position of the log first, and compared in one snapshot, by several sessions; readers,
/// appends and followers go on. Two values are the same if PostgreSQL prints the same for them. Says what differs
/// by table and column, with keys of rows that do; ends with 10 if anything does that was not declared, in
/// projection.toml ([verify] expect) or with --expect.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow verify order_summary\n  regrow verify order_summary --expect column:order_summary.paid_at\n  regrow verify order_summary --build 3 --against 2 --show-values\n  regrow verify order_summary --against log\n  regrow verify order_summary --sample 1000\n  regrow verify order_summary --against log --sample 50\n  regrow verify order_summary --live"
)]
pub(crate) struct Args {
    /// The projection.
    #[arg(value_name = "NAME")]
    name: String,
    /// The build to look at, by its schema or its number; without it the newest that is ready.
    #[arg(long, value_name = "BUILD")]
    build: Option<String>,
    /// What it is compared with: the build readers see, what the sql engine makes of the whole log, or a build
    /// by its schema or its number. What is made of the log takes a replay, and is dropped afterwards.
    #[arg(long, value_name = "live|log|BUILD", default_value = "live")]
    against: String,
    /// Run the assertions of checks.sql on the build readers see, or on the one that is named, and compare nothing.
    #[arg(long, conflicts_with_all = ["against", "expect", "samples", "sample"])]
    live: bool,
    /// Compare so many keys of each table, drawn at random out of the rows of both, and not every row. What the rest
    /// of the rows are is not known then. A table without a key is compared whole. With --against log half of the keys
    /// come out of the log, and each is replayed alone from its events: nothing else is read.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    sample: Option<u32>,
    /// Draw the same keys again: the seed that a sample printed.
    #[arg(long, value_name = "NUMBER", requires = "sample")]
    seed: Option<u32>,
    /// A difference that is meant: column:TABLE.COLUMN, rows:TABLE or table:TABLE; may be repeated.
    #[arg(long, value_name = "DIFFERENCE")]
    expect: Vec<Expected>,
    /// Show so many rows of each kind of difference and table.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    samples: usize,
    /// Show the values of these rows, and not only their keys.
    #[arg(long)]
    show_values: bool,
    /// Write a report on the build, too: one page of HTML that holds what was compared, what the build was made from and what
    /// became of it. Values are in it only with --show-values.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Events that are missing from the log were deleted on purpose, and not lost with its end.
    #[arg(long)]
    events_deleted: bool,
    /// The log begins at this position on purpose: events before it were moved away.
    #[arg(long, value_name = "POSITION", value_parser = number)]
    log_begins_at: Option<i64>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let file = args.report.as_deref().map(ReportFile::at).transpose()?;
    let mut invocation =
        if args.live { Invocation::open(global)? } else { Invocation::open_to_change(global)? };
    invocation.context.said.events_deleted = args.events_deleted;
    invocation.context.said.begins_at = args.log_begins_at.map(Position);
    let wanted = Wanted {
        projection: args.name.clone(),
        build: args.build.clone(),
        against: against(&args.against),
        expect: args.expect.clone(),
        sample: args.sample.map(|keys| WantedSample { keys, seed: args.seed }),
        samples: args.samples,
        with_values: args.show_values,
    };
    if args.live {
        let checked = verify::live(&invocation.context, &wanted)?;
        invocation.reporter.finish();
        let code = print_checked(global, &checked, args.show_values);
        return report_file::finish(global, code, file.as_ref(), || {
            let of = (args.name.as_str(), checked.build.as_str());
            build_report::of_verified(&invocation.context, of, None, args.show_values)
        });
    }
    let report = verify::verify(&invocation.context, &wanted)?;
    invocation.reporter.finish();
    print(global, &report);
    let (code, build) = (code(&report), report.build.build.clone());
    report_file::finish(global, code, file.as_ref(), || {
        let of = (args.name.as_str(), build.as_str());
        build_report::of_verified(&invocation.context, of, Some(report), args.show_values)
    })
}

/// What a word or a name stands for.
fn against(text: &str) -> Against {
    match text {
        "live" => Against::Live,
        "log" => Against::Log,
        build => Against::Build(build.to_owned()),
    }
}

fn code(report: &Report) -> Code {
    if report.ok { Code::Done } else { Code::Unverified }
}

pub(crate) fn print(global: &Global, report: &Report) {
    if global.json {
        output::report(report);
        return;
    }
    let Report { build, against, .. } = report;
    let both = if is_alone(report) { "" } else { "both " };
    output::line(format!(
        "{} ({}) against {} ({}), {both}at position {}",
        build.build,
        build.role,
        against.build,
        against.role,
        grouped(report.position)
    ));
    report.tables.iter().for_each(|table| print_table(report, table));
    for only in &report.tables_only {
        output::line(format!(
            "{}: only {} has this table{}",
            name(&only.name),
            only.build,
            meant(only.expected)
        ));
    }
    for (one, other) in [(build, against), (against, build)] {
        if one.parked_only > 0 {
            output::line(format!(
                "{} parked for {} and not for {}: the ledger's parked_events has the reasons",
                counted(one.parked_only as i128, "event was", "events were"),
                one.build,
                other.build
            ));
        }
        if one.skipped_only > 0 {
            output::line(format!(
                "{} skipped for {} and not for {}: regrow status tells of what kinds",
                counted(one.skipped_only as i128, "event was", "events were"),
                one.build,
                other.build
            ));
        }
    }
    for note in &report.notes {
        output::line(format!("note: {}", one_line(note)));
    }
    if !report.not_compared.is_empty() {
        let others: Vec<_> = report.not_compared.iter().map(|what| name(what)).collect();
        output::line(format!("not compared: {}", others.join(", ")));
    }
    for declared in report.expected.iter().filter(|declared| !declared.met) {
        output::line(format!("declared and not met: {}", name(&declared.declared)));
    }
    output::line(report.verdict());
}

fn is_alone(report: &Report) -> bool {
    report.sample.is_some_and(|draw| draw.is_alone)
}

fn print_table(report: &Report, table: &TableReport) {
    let key = match &table.key {
        Some(key) => format!("by ({})", key.iter().map(|k| name(k)).collect::<Vec<_>>().join(", ")),
        None if report.sample.is_some() => {
            "whole and as a multiset, since it has no key that both have".to_owned()
        }
        None => "as a multiset, since it has no key that both have".to_owned(),
    };
    let mut line = match &table.sample {
        None => format!(
            "{}: {} and {} rows compared {key}",
            name(&table.table),
            grouped(table.rows),
            grouped(table.rows_against)
        ),
        Some(sampled) if is_alone(report) => format!(
            "{}: {}: {} of {} rows, and {} by their events, compared {key}",
            name(&table.table),
            counted(sampled.keys, "key", "keys"),
            grouped(sampled.rows),
            grouped(table.rows),
            grouped(sampled.rows_against)
        ),
        Some(sampled) => format!(
            "{}: a sample of {}: {} of {} and {} of {} rows compared {key}",
            name(&table.table),
            counted(sampled.keys, "key", "keys"),
            grouped(sampled.rows),
            grouped(table.rows),
            grouped(sampled.rows_against),
            grouped(table.rows_against)
        ),
    };
    let (build, against) = (&report.build.build, &report.against.build);
    let counts = [
        (table.changed, "changed".to_owned()),
        (table.only_in_build, format!("only in {build}")),
        (table.only_in_against, format!("only in {against}")),
    ];
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        let _ = write!(line, ", {} {what}", grouped(*count));
    }
    if table.changed + table.only_in_build + table.only_in_against == 0 {
        line.push_str(match &table.sample {
            None => ", all the same",
            Some(_) => ", no difference among these",
        });
    }
    output::line(line);
    for OnlyIn { name: column, build, expected } in &table.columns_only {
        let column = name(column);
        output::line(format!("  {column}: only {build} has this column{}", meant(*expected)));
    }
    for column in &table.types {
        output::line(format!(
            "  {}: {} in {build}, {} in {against}{}",
            name(&column.column),
            column.build,
            column.against,
            meant(column.expected)
        ));
    }
    for column in &table.columns {
        let first = match &column.first_key {
            Some(key) => format!(", the first {}", keyed(key)),
            None => String::new(),
        };
        output::line(format!(
            "  {} differs in {}{first}{}",
            name(&column.column),
            counted(column.rows, "row", "rows"),
            meant(column.expected)
        ));
    }
    table.samples.iter().for_each(|sample| print_sample(report, sample));
}

fn print_sample(report: &Report, sample: &Sample) {
    let what = report.in_words(sample.kind);
    let which = match (&sample.key, sample.rows) {
        (Some(key), _) => keyed(key),
        (None, 1) => "a row".to_owned(),
        (None, rows) => format!("{} alike", counted(rows, "row", "rows")),
    };
    let change = |changed: &Changed| match &changed.values {
        None => name(&changed.column),
        Some(values) => {
            let text = |value: &Option<String>| match value {
                Some(text) => format!("'{}'", one_line(text)),
                None => "NULL".to_owned(),
            };
            let column = name(&changed.column);
            match sample.kind {
                SampleKind::Changed => {
                    format!("{column} {} and not {}", text(&values.build), text(&values.against))
                }
                SampleKind::OnlyInBuild => format!("{column} {}", text(&values.build)),
                SampleKind::OnlyInAgainst => format!("{column} {}", text(&values.against)),
            }
        }
    };
    let changes: Vec<String> = sample.columns.iter().map(change).collect();
    let changes = match changes.is_empty() {
        true => String::new(),
        false => format!(": {}", changes.join(", ")),
    };
    output::line(format!("    {what} {which}{changes}"));
}

fn print_checked(global: &Global, checked: &Checked, with_values: bool) -> Code {
    let Checked { build, state, checks, by_files, broken, in_ledger } = checked;
    let code = if broken.is_empty() { Code::Done } else { Code::Unverified };
    if global.json {
        output::report(&checked.report(with_values));
        return code;
    }
    if !broken.is_empty() {
        output::line(lines_of(broken, with_values).trim_end());
    }
    let whose = if *by_files { "checks.sql" } else { "checks.sql as the build was made" };
    let verdict = match (*checks, broken.len()) {
        (0, _) => format!("{build} ({state}): it has no checks.sql, so no row was looked at"),
        (all, 0) => {
            let all = counted(all as i128, "assertion", "assertions");
            format!("{build} ({state}): {all} of {whose}, and none is broken")
        }
        (all, broken) => format!(
            "{build} ({state}): {} of {whose}, {} broken",
            counted(all as i128, "assertion", "assertions"),
            grouped(broken as i128)
        ),
    };
    output::line(verdict);
    if !in_ledger && *checks > 0 {
        output::note("this is not written into the ledger, so regrow status does not tell of it");
    }
    code
}

/// A name in a line of ours.
fn name(text: &str) -> String {
    one_line(text).into_owned()
}

/// A key in a line of ours.
fn keyed(key: &[KeyPart]) -> String {
    let part = |part: &KeyPart| {
        let value = part.value.as_deref().map_or("NULL".into(), one_line);
        format!("{}={value}", one_line(&part.column))
    };
    key.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn meant(expected: bool) -> &'static str {
    if expected { " (declared)" } else { "" }
}
