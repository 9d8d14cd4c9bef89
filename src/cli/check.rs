//! `regrow check`

use serde_json::json;

use super::desk::Desk;
use super::exit_code::Code;
use super::output::counted;
use super::{Answer, Global, output};
use crate::check::{self, Finding};

/// Find mistakes before a deploy: every handler is prepared against its tables.
///
/// The lineage of each projection runs in a scratch schema that is rolled back, so nothing is
/// written. Names, types, determinism, upcasters and assertions are looked at, and whether
/// each version in the log has a path. Ends with 1 where something is wrong.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow check\n  regrow check order_summary --json | jq -r '.findings[].place'"
)]
pub(crate) struct Args {
    /// Projections; all of the project's where none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let checked = check::check(&desk.site, &args.names)?;
    let clean = checked.findings.is_empty();
    if global.json {
        let findings: Vec<_> = checked.findings.iter().map(finding_json).collect();
        output::json(&json!({
            "ok": clean, "projections": checked.projections, "handlers": checked.handlers,
            "findings": findings,
        }));
    } else {
        for finding in &checked.findings {
            let place = finding.place.as_ref().map_or_else(String::new, |p| format!("{p}: "));
            output::line(format!("{place}{}", finding.message));
            if let Some(hint) = &finding.hint {
                output::line(format!("  {hint}"));
            }
        }
        if clean {
            output::line(format!(
                "{}, {}: nothing to complain about (engine: sql)",
                counted(checked.projections.len() as i128, "projection", "projections"),
                counted(checked.handlers as i128, "handler", "handlers"),
            ));
        } else {
            let found = checked.findings.len() as i128;
            output::note(format!("{} found", counted(found, "mistake", "mistakes")));
        }
    }
    Ok(if clean { Code::Done } else { Code::Failed })
}

fn finding_json(finding: &Finding) -> serde_json::Value {
    json!({
        "about": finding.about, "message": finding.message, "hint": finding.hint,
        "place": finding.place.as_ref().map(ToString::to_string),
        "file": finding.place.as_ref().map(|p| &p.file),
        "line": finding.place.as_ref().map(|p| p.line),
        "column": finding.place.as_ref().map(|p| p.column),
    })
}
