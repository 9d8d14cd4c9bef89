//! `regrow branches`

use super::lineages::OnlyLineage;
use super::{Answer, Global, lineages, output};
use crate::error::exit_code::Code;
use crate::migrate;
use crate::report::revision::{BranchPoint, BranchesReport, RevisionReport};

/// Show where the history of a lineage parts, and the ways from there. Asks no server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow branches")]
pub(crate) struct Args {
    #[command(flatten)]
    lineage: OnlyLineage,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let project = global.project()?;
    let mut branches = Vec::new();
    for name in migrate::names(&project, args.lineage.name())? {
        let lineage = migrate::lineage(&project, &name)?;
        for point in lineage.branch_points() {
            let ways: Vec<_> = lineage.children(point.version).collect();
            if global.json {
                branches.push(BranchPoint {
                    revision: RevisionReport::of(&lineage, point, None),
                    ways: ways.iter().map(|r| r.stem()).collect(),
                });
                continue;
            }
            output::line(format!("{name}: {}", lineages::line(&lineage, point, None)));
            for way in ways {
                let marks = lineages::remarks(&lineage, way, None);
                output::line(format!("    -> {}{marks}", way.stem()));
            }
        }
    }
    if global.json {
        output::report(&BranchesReport { branches });
    }
    Ok(Code::Done)
}
