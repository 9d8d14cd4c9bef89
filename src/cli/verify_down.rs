//! `regrow verify-down`

use super::invocation::Invocation;
use super::lineages::OnlyLineage;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::migrate;
use crate::report::migration::{WayBack, WaysBack};
use crate::scratch::{self, Scratch};
use crate::verify_down::{Found, Unproven, verify_down};

/// Try that every way back leads back: up, down and up again, catalogs of the schema compared.
///
/// Runs in a scratch database: a private server of the same major version, kept in .regrow/scratch
/// (REGROW_SCRATCH names another folder), or one made beside the live database by a role that may.
/// Nothing live is read for it but the history, and nothing is locked or written. Exits with 10 if
/// a way back leaves something behind or takes too much. Rows, rights, extensions and what lies outside of
/// the schema are not compared, and statements about the whole server are not run: each is told, and the
/// last line counts them. Projections go back by switching builds.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  regrow verify-down\n  regrow verify-down -l event_store")]
pub(crate) struct Args {
    #[command(flatten)]
    lineage: OnlyLineage,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    let project = &invocation.context.project;
    let mut revisions = Vec::new();
    let mut code = Code::Done;
    let (mut not_tried, mut not_compared) = (0, 0);
    let mut scratch = Scratch::of(&invocation.context);
    for name in migrate::names(project, args.lineage.name())? {
        let lineage = migrate::lineage(project, &name)?;
        let schema = scratch::schema_of(&invocation.context, &name);
        for verified in verify_down(&mut scratch, &lineage, &schema)? {
            if verified.found.is_wrong() {
                code = Code::Unverified;
            }
            let (verdict, mut lines) = told(&verified.found);
            let verdict = match (&verified.found, verified.unproven.is_empty()) {
                (Found::Good, false) => "leads back as far as it was compared",
                _ => verdict,
            };
            for Unproven { place, ran, why } in &verified.unproven {
                let what = if *ran { "not compared" } else { "not tried" };
                lines.push(format!("{place}: {what}: {why}"));
            }
            let ran = verified.unproven.iter().filter(|one| one.ran).count();
            not_compared += ran;
            not_tried += verified.unproven.len() - ran;
            not_tried += usize::from(matches!(verified.found, Found::NotTried(_)));
            if global.json {
                revisions.push(WayBack {
                    lineage: name.clone(),
                    revision: verified.stem,
                    verdict,
                    details: lines,
                    not_compared: ran,
                    not_tried: verified.unproven.len() - ran,
                });
                continue;
            }
            output::line(format!("{name}: {} {verdict}", verified.stem));
            lines.iter().for_each(|line| output::line(format!("  {line}")));
        }
    }
    if global.json {
        let ok = code == Code::Done;
        output::report(&WaysBack { ok, revisions, not_tried, not_compared });
    } else if not_tried + not_compared > 0 {
        let things = |n| output::counted(n, "thing", "things");
        let mut parts = Vec::new();
        if not_tried > 0 {
            parts.push(format!("{} not tried", things(not_tried)));
        }
        if not_compared > 0 {
            parts.push(format!("{} not compared", things(not_compared)));
        }
        output::line(format!("{}: nothing is proven of them", parts.join(", ")));
    }
    Ok(code)
}

fn told(found: &Found) -> (&'static str, Vec<String>) {
    match found {
        Found::Good => ("leads back", Vec::new()),
        Found::NoDown => ("has no way back", Vec::new()),
        Found::NotTried(why) => ("could not be tried", vec![why.clone()]),
        Found::Fails(error) => ("fails on the way", vec![error.to_string()]),
        Found::Differs { after: "down", differences } => {
            ("is not taken back as a whole", differences.iter().map(ToString::to_string).collect())
        }
        Found::Differs { differences, .. } => (
            "is another one the second time",
            differences.iter().map(ToString::to_string).collect(),
        ),
    }
}
