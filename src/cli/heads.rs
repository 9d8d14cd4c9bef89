//! `regrow heads`

use super::lineages::OnlyLineage;
use super::{Answer, Global, lineages, output};
use crate::error::exit_code::Code;
use crate::migrate;
use crate::report::revision::{HeadsReport, RevisionReport};

/// Show the heads of each lineage; ends with 5 where one has several. Asks no server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow heads || regrow merge -m 'merge the two'")]
pub(crate) struct Args {
    #[command(flatten)]
    lineage: OnlyLineage,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let project = global.project()?;
    let mut all = Vec::new();
    let mut code = Code::Done;
    for name in migrate::names(&project, args.lineage.name())? {
        let lineage = migrate::lineage(&project, &name)?;
        let heads = lineage.heads();
        if heads.len() > 1 {
            code = Code::Heads;
        }
        for head in heads {
            if global.json {
                all.push(RevisionReport::of(&lineage, head, None));
            } else {
                let marks = lineages::remarks(&lineage, head, None);
                output::line(format!("{name}: {}{marks}", head.stem()));
            }
        }
    }
    if global.json {
        output::report(&HeadsReport { heads: all });
    }
    Ok(code)
}
