//! `regrow verify-down`

use super::invocation::Invocation;
use super::lineages::OnlyLineage;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::migrate;
use crate::report::migration::{WayBack, WaysBack};
use crate::scratch::{self, Scratch};
use crate::verify_down::{Found, verify_down};

/// Prove that every way back leads back: up, down and up again, catalogs compared.
///
/// Runs in a scratch database: a private server of the same major version, kept in .regrow/scratch
/// (REGROW_SCRATCH names another folder), or one made beside the live database by a role that may.
/// Nothing live is read for it but the history, and nothing is locked or written. Exits with 10 if
/// a way back leaves something behind or takes too much. Projections go back by switching builds.
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
    let mut scratch = Scratch::of(&invocation.context);
    for name in migrate::names(project, args.lineage.name())? {
        let lineage = migrate::lineage(project, &name)?;
        let schema = scratch::schema_of(&invocation.context, &name);
        for verified in verify_down(&mut scratch, &lineage, &schema)? {
            if verified.found.is_wrong() {
                code = Code::Unverified;
            }
            let (verdict, lines) = told(&verified.found);
            if global.json {
                revisions.push(WayBack {
                    lineage: name.clone(),
                    revision: verified.stem,
                    verdict,
                    details: lines,
                });
                continue;
            }
            output::line(format!("{name}: {} {verdict}", verified.stem));
            lines.iter().for_each(|line| output::line(format!("  {line}")));
        }
    }
    if global.json {
        output::report(&WaysBack { ok: code == Code::Done, revisions });
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
