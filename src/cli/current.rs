//! `regrow current`

use serde_json::json;

use super::desk::Desk;
use super::exit_code::Code;
use super::{Answer, Global, output};
use crate::migrate;

/// Show which revision the event store is at; ends with 3 if some are pending.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow current --json | jq .pending")]
pub(crate) struct Args {}

pub(crate) fn run(global: &Global, _: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let standing = migrate::current(&desk.site)?;
    let last = standing.applied.last();
    if global.json {
        let applied: Vec<_> = standing
            .applied
            .iter()
            .map(|a| json!({"version": a.version, "slug": a.slug, "applied_on": a.applied_on}))
            .collect();
        output::json(&json!({
            "lineage": standing.lineage, "applied": applied, "pending": standing.pending,
        }));
    } else if desk.site.project.adopts() {
        output::line(super::migrate::ADOPTED);
    } else {
        let at = last.map_or_else(
            || "base".into(),
            |a| format!("V{}__{} (applied {})", a.version, a.slug, a.applied_on),
        );
        output::line(format!("{}: {at}", standing.lineage));
        for stem in &standing.pending {
            output::line(format!("{}: {stem} is pending", standing.lineage));
        }
    }
    Ok(if standing.pending.is_empty() { Code::Done } else { Code::Pending })
}
