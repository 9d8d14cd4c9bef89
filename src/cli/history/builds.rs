//! `regrow history --builds`: what became of builds, when, and by whom.

use crate::cli::invocation::Invocation;
use crate::cli::output::{self, grouped, table};
use crate::cli::{Answer, Global};
use crate::error::exit_code::Code;
use crate::identity;
use crate::ledger::{self, BuildId, Change};
use crate::report::build::BuildHistory;

/// So many are listed, unless something else is asked for.
pub(super) const LISTED: i64 = 100;

pub(super) fn run(global: &Global, name: Option<&str>, limit: i64) -> Answer {
    let invocation = Invocation::open(global)?;
    let mut session = invocation.context.open_ledger("history")?;
    let builds = ledger::builds(&mut session, name)?;
    if let (true, Some(name)) = (builds.is_empty(), name) {
        invocation.context.project.known(name)?;
    }
    let builds = identity::own_builds(&invocation.context, &mut session, builds)?;
    let ids: Vec<BuildId> = builds.iter().map(|build| build.id).collect();
    let (changes, all) = ledger::changes(&mut session, &ids, limit)?;
    if global.json {
        output::report(&BuildHistory {
            changes: changes.iter().map(Change::report).collect(),
            all,
        });
        return Ok(Code::Done);
    }
    if changes.is_empty() {
        output::line("no build was ever made");
        return Ok(Code::Done);
    }
    let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
    output::line(table(&["WHEN", "BUILD", "CHANGE", "BY"], &rows));
    let shown = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    if shown < all {
        let (shown, all) = (grouped(shown), grouped(all));
        output::note(format!("the newest {shown} of {all}; --limit shows more"));
    }
    Ok(Code::Done)
}

fn row(change: &Change) -> Vec<String> {
    let what = match &change.from {
        None => change.to.clone(),
        Some(from) => format!("{from} -> {}", change.to),
    };
    vec![change.at.clone(), change.schema.clone(), what, change.by.clone()]
}
