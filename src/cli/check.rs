//! `regrow check`

use clap::ValueEnum;

use super::invocation::Invocation;
use super::output::{counted, grouped};
use super::{Answer, Global, output};
use crate::check::{self, Checked, Finding, Gate, Severity};
use crate::error::exit_code::Code;
use crate::schema::NOT_READ;

/// The gate for CI: find what would go wrong before the deploy. Writes nothing live.
///
/// Looks for pending and divergent revisions, several heads, drift, lint, handlers that do not fit
/// their tables, event versions without an upcaster path, and projections that changed since they
/// were built. Warns about event types that handlers name and the log does not contain. Exits with the
/// code of the most serious finding (4, 5, 9, 1, 8, in this order), with 3 if nothing is wrong and
/// something is left to do, else with 0.
///
/// Runs handlers on events from the log, with both engines, in scratch: for each type and version the
/// first, the last and twenty others, each with the earlier events of its stream, and the first
/// thousand events of the log. An event that would stop or park a rebuild is a mistake.
///
/// Runs the SQL of the project's files: pending revisions of the event store, the revisions of
/// projections, schema.sql. They run in a scratch database, as a login that owns it and has no other
/// rights: on a private PostgreSQL of the same major version (kept in .regrow/scratch; REGROW_SCRATCH names
/// another folder, REGROW_PG_BIN the programs), else in a database beside the live one, if the
/// role has CREATEDB and CREATEROLE. Statements about roles, databases, tablespaces and the server's
/// configuration are never run. If neither is possible, it only creates plain tables in a schema that
/// it rolls back, to find the types of handlers, and reports the rest as not tried.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  regrow check
  regrow check --only pending --only migrations
  regrow check --allow-pending
  regrow check --format github
  regrow check order_summary --json | jq -r '.findings[].place'")]
pub(crate) struct Args {
    /// Projections; everything where none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Run only this part of the check; may be repeated.
    #[arg(long, value_name = "GATE")]
    only: Vec<Only>,
    /// Also compare the event store's schema with what its applied revisions make in an empty
    /// database, as after 'regrow stamp'. They run in scratch.
    #[arg(long)]
    live: bool,
    /// End with 0 where nothing is wrong and something is left to do: pending revisions, projections
    /// that wait for a rebuild.
    #[arg(long)]
    allow_pending: bool,
    /// Fail if anything could not be tried: in scratch, or on an event because the log has none.
    #[arg(long)]
    require_scratch: bool,
    /// Also list what drift detection does not compare.
    #[arg(short, long)]
    verbose: bool,
    /// How findings are printed; --json is the same as --format json.
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Only {
    /// Revisions that wait to be applied.
    Pending,
    /// Graph, heads, history, drift, lint, schema.sql.
    Migrations,
    /// Handlers and assertions against their tables.
    Handlers,
    /// Versions in the log against upcasters.
    Upcasters,
    /// What readers see against the files.
    Projections,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// One JSON value.
    Json,
    /// Annotations of GitHub's workflows.
    Github,
}

impl Only {
    fn gate(self) -> Gate {
        match self {
            Only::Pending => Gate::Pending,
            Only::Migrations => Gate::Migrations,
            Only::Handlers => Gate::Handlers,
            Only::Upcasters => Gate::Upcasters,
            Only::Projections => Gate::Projections,
        }
    }
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let mut gates: Vec<Gate> = match args.only.as_slice() {
        [] => Gate::ALL.to_vec(),
        only => only.iter().map(|o| o.gate()).collect(),
    };
    if args.live {
        gates.push(Gate::Live);
    }
    let mut checked = check::check(&invocation.context, &args.names, &gates)?;
    if args.require_scratch {
        checked
            .findings
            .iter_mut()
            .filter(|f| is_untried(f))
            .for_each(|f| f.severity = Severity::Mistake);
        checked.findings.sort_by_key(|f| f.severity);
    }
    let format = if global.json { Format::Json } else { args.format };
    let code = match checked.worst() {
        None => Code::Done,
        Some(Severity::Pending) if args.allow_pending => Code::Done,
        Some(worst) => code(worst),
    };
    match format {
        Format::Json => output::report(&checked.report(code.number())),
        Format::Github => checked.findings.iter().for_each(annotate),
        Format::Text => {
            print(&checked, &gates);
            if args.verbose && gates.contains(&Gate::Migrations) {
                output::line("drift is not looked for in:");
                NOT_READ.iter().for_each(|what| output::line(format!("  {what}")));
            }
        }
    }
    Ok(code)
}

fn is_untried(finding: &Finding) -> bool {
    finding.rule.as_deref() == Some(check::NOT_TRIED)
}

/// How a process ends whose worst finding is this.
fn code(severity: Severity) -> Code {
    match severity {
        Severity::Divergent => Code::Divergent,
        Severity::Heads => Code::Heads,
        Severity::Ahead => Code::Ahead,
        Severity::Lint => Code::Lint,
        Severity::Pending => Code::Pending,
        Severity::Mistake => Code::Failed,
        Severity::Warning | Severity::Note => Code::Done,
    }
}

fn print(checked: &Checked, gates: &[Gate]) {
    for finding in &checked.findings {
        let place = finding.place.as_ref().map_or_else(String::new, |p| format!("{p}: "));
        let rule = finding.rule.as_ref().map_or_else(String::new, |r| format!(" [{r}]"));
        let word = finding.severity.name();
        // Nothing that stands in a message begins a line as one of ours.
        let message = finding.message.replace('\n', "\n  ");
        output::line(format!("{word}: {place}{message}{rule}"));
        for line in finding.hint.iter().flat_map(|hint| hint.lines()) {
            output::line(format!("  {line}"));
        }
    }
    let severe = checked.findings.iter().filter(|f| f.severity < Severity::Warning).count() as i128;
    if severe > 0 {
        let found = counted(severe, "problem", "problems");
        output::note(format!("{found} found{}", untried(checked)));
        return;
    }
    let warnings = checked.findings.iter().filter(|f| f.severity == Severity::Warning).count();
    let mut looked = Vec::new();
    if !checked.lineages.is_empty() {
        looked.push(counted(checked.lineages.len() as i128, "lineage", "lineages"));
    }
    if gates.contains(&Gate::Handlers) {
        let handlers = counted(checked.handlers as i128, "handler", "handlers");
        looked.push(match checked.native_handlers {
            0 => format!("{handlers} (engine: sql)"),
            all if all == checked.handlers => format!("{handlers} (engine: native)"),
            some => format!("{handlers} ({} native)", grouped(some as i128)),
        });
    }
    let names: Vec<&str> = gates.iter().map(|g| g.name()).collect();
    looked.push(names.join(", "));
    let verdict = match warnings {
        0 => "nothing to complain about".to_owned(),
        some => counted(some as i128, "warning", "warnings"),
    };
    output::line(format!("{}: {verdict}{}", looked.join(", "), untried(checked)));
}

/// How much was not tried, for the last line.
fn untried(checked: &Checked) -> String {
    match checked.findings.iter().filter(|f| is_untried(f)).count() {
        0 => String::new(),
        some => format!("; {} not tried", counted(some as i128, "thing", "things")),
    }
}

/// A workflow command: GitHub shows it at the line of the pull request.
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>
fn annotate(finding: &Finding) {
    let level = match finding.severity {
        Severity::Note => "notice",
        Severity::Pending | Severity::Warning => "warning",
        _ => "error",
    };
    let title = format!("regrow {}", finding.rule.as_deref().unwrap_or(finding.gate.name()));
    let hint = finding.hint.as_ref().map_or_else(String::new, |h| format!("\n{h}"));
    let place = finding.place.as_ref();
    let place = place.map(|p| (p.file.as_str(), p.line.to_string(), p.column.to_string()));
    let mut properties = Vec::new();
    if let Some((file, line, column)) = &place {
        properties.extend([("file", *file), ("line", line.as_str()), ("col", column.as_str())]);
    }
    properties.push(("title", &title));
    output::command(level, &properties, &format!("{}{hint}", finding.message));
}
