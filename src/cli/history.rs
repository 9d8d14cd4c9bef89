//! `regrow history`

mod builds;

use std::collections::{BTreeMap, BTreeSet};

use super::invocation::Invocation;
use super::lineages::OnlyLineage;
use super::{Answer, Global, lineages, output};
use crate::error::exit_code::Code;
use crate::migrate;
use crate::report::revision::{HistoryReport, HistoryRevision, RevisionReport};
use crate::revision::target::{Point, Target};
use crate::revision::{Lineage, Revision};

/// List the revisions of each lineage, or what became of builds, newest first; of revisions no server is asked
/// unless told to.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  regrow history
  regrow history -i --lineage event_store
  regrow history -r 3:head
  regrow history -r-2: --json
  regrow history --builds order_summary")]
pub(crate) struct Args {
    /// From one target to another, both with it; either may be absent, and steps count
    /// from the other. 'current' is where the database stands.
    #[arg(short, long, allow_hyphen_values = true, value_name = "FROM:TO")]
    range: Option<String>,
    #[command(flatten)]
    lineage: OnlyLineage,
    /// Ask the database, and mark what is current and what is pending.
    #[arg(short, long)]
    indicate_current: bool,
    /// Each revision in lines of its own: parents, files, what it is about, when it was written and, with
    /// -i, when it ran.
    #[arg(short, long)]
    verbose: bool,
    /// Instead of revisions: each change of a build's state, when, and by whom, of one projection or of all.
    #[arg(
        long, value_name = "NAME", num_args = 0..=1,
        conflicts_with_all = ["range", "lineage", "indicate_current", "verbose"]
    )]
    builds: Option<Option<String>>,
    /// At most so many changes of builds.
    #[arg(
        long, value_name = "NUMBER", requires = "builds", default_value_t = builds::LISTED,
        value_parser = clap::value_parser!(i64).range(1..)
    )]
    limit: i64,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if let Some(name) = &args.builds {
        return builds::run(global, name.as_deref(), args.limit);
    }
    let project = global.project()?;
    let (from, to) = match args.range.as_deref().map(|r| r.split_once(':').unwrap_or((r, r))) {
        Some((from, to)) => {
            (Some(from).filter(|f| !f.is_empty()), Some(to).filter(|t| !t.is_empty()))
        }
        None => (None, None),
    };
    let asks = args.indicate_current || from == Some("current") || to == Some("current");
    // A range means one lineage; without a name it is the event store's.
    let default = (args.range.is_some()).then_some(crate::revision::EVENT_STORE);
    let named = args.lineage.name().or(default);
    let mut shown: Vec<(Lineage, Option<BTreeSet<i64>>)> = Vec::new();
    let mut ran: BTreeMap<(String, i64), String> = BTreeMap::new();
    if asks {
        let invocation = Invocation::with_project(global, project.clone())?;
        for standing in migrate::current(&invocation.context, named)? {
            let applied = standing.versions();
            let name = &standing.lineage.name;
            ran.extend(
                standing.applied.iter().map(|a| ((name.clone(), a.version), a.applied_on.clone())),
            );
            shown.push((standing.lineage, Some(applied)));
        }
    } else {
        for name in migrate::names(&project, named)? {
            shown.push((migrate::lineage(&project, &name)?, None));
        }
    }
    let mut revisions = Vec::new();
    for (lineage, applied) in &shown {
        let end = |text: Option<&str>| -> Result<Option<Target>, crate::error::Error> {
            match text {
                None => Ok(None),
                Some("current") => {
                    let at = lineage.tips(applied.as_ref().unwrap_or(&BTreeSet::new()));
                    let point =
                        at.last().map_or(Point::Base, |r| Point::Named(r.version.to_string()));
                    Ok(Some(Target { lineage: None, branch: None, point }))
                }
                Some(text) => {
                    Ok(Some(migrate::target(&project, Some(&lineage.name), Some(text))?.1))
                }
            }
        };
        let (from, to) = (end(from)?, end(to)?);
        let range =
            lineage.range(from.as_ref(), to.as_ref()).map_err(migrate::MigrateError::from)?;
        for revision in range.into_iter().rev() {
            let when = ran.get(&(lineage.name.clone(), revision.version));
            if global.json {
                revisions.push(HistoryRevision {
                    revision: RevisionReport::of(lineage, revision, applied.as_ref()),
                    applied_on: when.cloned(),
                });
                continue;
            }
            let line = lineages::line(lineage, revision, applied.as_ref());
            let name = if shown.len() > 1 { format!("{}: ", lineage.name) } else { String::new() };
            if args.verbose {
                output::line(format!("{name}{line}"));
                details(revision, when).iter().for_each(|line| output::line(format!("  {line}")));
            } else {
                output::line(format!("{name}{line}{}", lineages::about(revision)));
            }
        }
    }
    if global.json {
        output::report(&HistoryReport { revisions });
    }
    Ok(Code::Done)
}

/// What `--verbose` says of a revision, a line each.
fn details(revision: &Revision, applied_on: Option<&String>) -> Vec<String> {
    let files = match &revision.down {
        Some(down) if revision.is_way_back_empty() => {
            format!("{}, {} (empty)", revision.up.path, down.path)
        }
        Some(down) => format!("{}, {}", revision.up.path, down.path),
        None => format!("{} (no way back)", revision.up.path),
    };
    let needs = revision.depends_on.iter().map(|d| match &d.lineage {
        Some(lineage) => format!("{lineage}@{}", d.version),
        None => d.version.to_string(),
    });
    let needs = needs.collect::<Vec<_>>().join(", ");
    [
        ("about", revision.message().map(str::to_owned)),
        ("created", revision.created()),
        ("applied", applied_on.cloned()),
        ("needs", Some(needs).filter(|needs| !needs.is_empty())),
        ("files", Some(files)),
    ]
    .into_iter()
    .filter_map(|(what, text)| Some(format!("{what}: {}", text?)))
    .collect()
}
