//! `regrow migrate`

use super::invocation::Invocation;
use super::lineages::Wait;
use super::output::counted;
use super::{Answer, Global, lineages, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::in_place;
use crate::migrate::{self, Options, Preview, Report, offline};
use crate::report::migration::{MigrationPlan, RunOfAll, ScriptReport};
use crate::revision::target::Target;
use crate::revision::{Direction, EVENT_STORE};
use crate::visible;

/// What there is to say of the event store where another library owns the log.
pub(super) const ADOPTED: &str = "the log is adopted: there is no event store to migrate";

/// Bring the event store, or another lineage, to its head or to a target.
///
/// Each revision commits together with its history row, under a lock that lets one deploy
/// run at a time; while somebody holds a table it needs, it waits a little, lets everybody
/// pass and tries again. With nothing to do it does nothing and ends with 0. A projection's
/// revisions run on its live build where that gives the rows a rebuild would.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "upgrade",
    after_help = "Examples:
  DATABASE_URL=postgresql://deploy@db/shop regrow migrate
  regrow migrate +1
  regrow migrate order_summary@head
  regrow migrate --dry-run
  regrow migrate --sql 3:head | psql shop"
)]
pub(crate) struct Args {
    /// head, heads, +1, a version, the beginning of one or of a slug, LINEAGE@ before any
    /// of these; FROM:TO with --sql.
    #[arg(default_value = "head", allow_negative_numbers = true, value_name = "TARGET")]
    target: String,
    /// Run revisions too that should have run before others that have: the schema they make may be
    /// another one than on an empty database.
    #[arg(long, conflicts_with = "sql")]
    late: bool,
    /// After the event store, what can run in place of every projection.
    #[arg(long, conflicts_with_all = ["target", "sql", "dry_run"])]
    all: bool,
    #[command(flatten)]
    wait: Wait,
    /// Print a script for psql instead; asks no server.
    #[arg(long, conflicts_with = "dry_run")]
    sql: bool,
    /// Print what would run, with the lock of each statement; write nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if args.sql {
        return print_script(global, Direction::Up, &args.target);
    }
    lineages::no_range(&args.target)?;
    let invocation = Invocation::open_to_change(global)?;
    let options = Options { wait: args.wait.time(), late: args.late, ..Options::default() };
    let (lineage, target) = migrate::target(&invocation.context.project, None, Some(&args.target))?;
    if args.dry_run {
        return preview(global, &invocation, Direction::Up, (&lineage, &target), &options);
    }
    if lineage != EVENT_STORE {
        return in_place(global, &invocation, &lineage, &target, &options);
    }
    let report = migrate::migrate(&invocation.context, &target, &options)?;
    if !args.all {
        print(global, &invocation, &report, "applied");
        return Ok(Code::Done);
    }
    if !global.json {
        print(global, &invocation, &report, "applied");
    }
    all_in_place(global, &invocation, &report, &options)
}

/// What a run of the event store came to.
pub(super) fn print(global: &Global, invocation: &Invocation, report: &Report, done: &str) {
    if global.json {
        output::report(&report.report());
    } else if invocation.context.project.adopts() {
        output::line(ADOPTED);
    } else {
        output::line(sentence(report, done));
    }
}

/// `event_store is at V3__paid, 2 revisions applied`
fn sentence(report: &Report, done: &str) -> String {
    let at = match report.at.as_slice() {
        [] => "base".to_owned(),
        at => at.join(" and "),
    };
    let ran = match report.ran.len() {
        0 => "nothing to do".to_owned(),
        n => format!("{} {done}", counted(n as i128, "revision", "revisions")),
    };
    format!("{} is at {at}, {ran}", report.lineage)
}

fn in_place(
    global: &Global,
    invocation: &Invocation,
    lineage: &str,
    target: &Target,
    options: &Options,
) -> Answer {
    let outcome = in_place::migrate(&invocation.context, lineage, target, options)?;
    if global.json {
        output::report(&outcome.report());
    } else {
        print_outcome(&outcome);
    }
    Ok(if outcome.waiting.is_empty() { Code::Done } else { Code::Pending })
}

fn all_in_place(
    global: &Global,
    invocation: &Invocation,
    report: &Report,
    options: &Options,
) -> Answer {
    let mut outcomes = Vec::new();
    let mut code = Code::Done;
    for standing in migrate::current(&invocation.context, None)? {
        let name = standing.lineage.name.as_str();
        if name == EVENT_STORE || standing.build.is_none() || standing.pending().is_empty() {
            continue;
        }
        let outcome = in_place::migrate(&invocation.context, name, &Target::head(None), options)?;
        if !outcome.waiting.is_empty() {
            code = Code::Pending;
        }
        outcomes.push(outcome);
    }
    if global.json {
        let projections = outcomes.iter().map(in_place::Outcome::report).collect();
        output::report(&RunOfAll { run: report.report(), projections });
    } else {
        outcomes.iter().for_each(print_outcome);
    }
    Ok(code)
}

fn print_outcome(outcome: &in_place::Outcome) {
    output::line(format!("{} on {}", sentence(&outcome.report, "applied"), outcome.build));
    for verdict in &outcome.waiting {
        let why = verdict.waits.as_deref().unwrap_or_default();
        output::line(format!("{}: {} waits for a rebuild: {why}", verdict.place, verdict.stem));
    }
    if !outcome.waiting.is_empty() {
        output::line(format!("  regrow rebuild {} --promote", outcome.report.lineage));
    }
}

/// `migrate --sql` and `downgrade --sql`.
pub(super) fn print_script(global: &Global, direction: Direction, text: &str) -> Answer {
    let project = global.project()?;
    let (from, to) = match text.split_once(':') {
        Some((from, to)) => (Some(from).filter(|f| !f.is_empty()), to),
        None if direction == Direction::Down => {
            return Err(Error::usage("downgrade --sql needs FROM:TO: no server is asked")
                .hint("such as: regrow downgrade --sql head:1"));
        }
        None => (None, text),
    };
    let (lineage, to) = migrate::target(&project, None, Some(to))?;
    lineages::only_event_store(&project, &lineage)?;
    let from = from.map(|f| migrate::target(&project, Some(&lineage), Some(f))).transpose()?;
    let lineage = migrate::lineage(&project, &lineage)?;
    let (schema, owner) = (project.config.event_store_schema(), project.config.owner());
    let from = from.map(|(_, target)| target);
    let script =
        offline::script(&lineage, (&schema, owner.as_ref()), direction, from.as_ref(), &to)?;
    if global.json {
        output::report(&ScriptReport { lineage: lineage.name, sql: script });
    } else if visible::lines(&script) == script {
        output::line(script.trim_end());
    } else {
        // psql must get what the files say, and a terminal must not.
        return Err(Error::failed(
            "a revision has control or invisible characters, with which a printed script would be another one",
        )
        .hint("--json has the script as it is; or apply it with: regrow migrate"));
    }
    Ok(Code::Done)
}

/// `migrate --dry-run` and `downgrade --dry-run`.
pub(super) fn preview(
    global: &Global,
    invocation: &Invocation,
    direction: Direction,
    (lineage, target): (&str, &Target),
    options: &Options,
) -> Answer {
    let previews = match lineage {
        EVENT_STORE => migrate::preview(&invocation.context, direction, target, options)?,
        projection => in_place::preview(&invocation.context, projection, target)?,
    };
    if global.json {
        output::report(&MigrationPlan {
            lineage: lineage.to_owned(),
            direction: direction.name(),
            plan: previews.iter().map(Preview::report).collect(),
        });
        return Ok(Code::Done);
    }
    if previews.is_empty() {
        output::line(format!("{lineage}: nothing to do"));
    }
    for preview in &previews {
        let how = match (&preview.waits, preview.outside_transaction) {
            (Some(why), _) => format!("waits for a rebuild: {why}"),
            (None, true) => "statement by statement".into(),
            (None, false) => "one transaction".into(),
        };
        output::line(format!("{} ({}): {how}", preview.stem, direction.name()));
        let rows: Vec<Vec<String>> = preview.statements.iter().map(statement_row).collect();
        if !rows.is_empty() {
            output::line(output::table(&["  where", "lock", "statement"], &rows));
        }
    }
    Ok(Code::Done)
}

fn statement_row(statement: &migrate::Planned) -> Vec<String> {
    let lock = match (&statement.lock, &statement.relation) {
        (Some(lock), Some(relation)) => format!("{lock} on {relation}"),
        (Some(lock), None) => lock.clone(),
        (None, _) => "none".into(),
    };
    let rewrites = if statement.rewrites { ", rewrites it" } else { "" };
    let line = format!("  line {}", statement.place.line);
    vec![line, format!("{lock}{rewrites}"), statement.text.clone()]
}
