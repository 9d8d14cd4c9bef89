//! `regrow current`

use super::invocation::Invocation;
use super::lineages::OnlyLineage;
use super::{Answer, Global, lineages, output};
use crate::error::exit_code::Code;
use crate::migrate::{self, Standing};
use crate::report::revision::CurrentReport;

/// Show which revision each lineage is at; ends with 3 if the event store's are pending.
///
/// A projection is where its live build is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  regrow current
  regrow current --lineage order_summary
  regrow current --json | jq '.lineages[].pending'")]
pub(crate) struct Args {
    #[command(flatten)]
    lineage: OnlyLineage,
    /// End with 3 unless every lineage is at its heads.
    #[arg(long)]
    check_heads: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let standings = migrate::current(&invocation.context, args.lineage.name())?;
    if global.json {
        let lineages = standings.iter().map(Standing::current).collect();
        output::report(&CurrentReport { lineages });
    } else {
        if invocation.context.project.adopts() && args.lineage.name().is_none() {
            output::line(super::migrate::ADOPTED);
        }
        standings.iter().for_each(print);
    }
    let counts = |s: &&Standing| s.schema.is_some() && (args.check_heads || s.build.is_none());
    let pending = standings.iter().filter(counts).any(|s| !s.pending().is_empty());
    Ok(if pending { Code::Pending } else { Code::Done })
}

fn print(standing: &Standing) {
    let name = &standing.lineage.name;
    if standing.schema.is_none() {
        output::line(format!("{name}: never built"));
        return;
    }
    let on = standing.build.as_ref().map_or_else(String::new, |b| format!(" on {}", b.schema));
    for revision in standing.at() {
        let row = standing.applied.iter().find(|a| a.version == revision.version);
        let when = row.map_or_else(String::new, |a| format!(", applied {}", a.applied_on));
        let marks = lineages::remarks(&standing.lineage, revision, None);
        output::line(format!("{name}: {}{marks}{on}{when}", revision.stem()));
    }
    for row in standing.applied.iter().filter(|a| standing.lineage.get(a.version).is_none()) {
        output::line(format!("{name}: V{}__{} has no file{on}", row.version, row.slug));
    }
    if standing.applied.is_empty() {
        output::line(format!("{name}: base{on}"));
    }
    for revision in standing.pending() {
        output::line(format!("{name}: {} is pending{on}", revision.stem()));
    }
}
