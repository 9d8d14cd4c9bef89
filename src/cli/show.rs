//! `regrow show`

use super::{Answer, Global, lineages, output};
use crate::error::exit_code::Code;
use crate::migrate::{self, MigrateError};
use crate::report::revision::{RevisionReport, ShownRevision};
use crate::revision::Direction;
use crate::revision::target::TargetError;

/// Show one revision: its place in the graph, its files, its SQL. Asks no server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  regrow show head\n  regrow show order_summary@2")]
pub(crate) struct Args {
    /// head, a version, the beginning of one or of a slug, LINEAGE@ before one of these.
    #[arg(value_name = "REVISION")]
    revision: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let project = global.project()?;
    let (name, target) = migrate::target(&project, None, Some(&args.revision))?;
    let lineage = migrate::lineage(&project, &name)?;
    let version = lineage.one(&target).map_err(MigrateError::from)?;
    let Some(revision) = version.and_then(|v| lineage.get(v)) else {
        let (lineage, text) = (lineage.name, args.revision.clone());
        return Err(MigrateError::from(TargetError::NotOne { lineage, text, count: 0 }).into());
    };
    if global.json {
        output::report(&ShownRevision {
            revision: RevisionReport::of(&lineage, revision, None),
            up: revision.up.bulk.is_none().then(|| revision.up.text.clone()),
            down: revision.down.as_ref().map(|d| d.text.clone()),
        });
        return Ok(Code::Done);
    }
    output::line(format!("{name}: {}", lineages::line(&lineage, revision, None)));
    for direction in [Direction::Up, Direction::Down] {
        if let Some((file, outside)) = revision.script(direction) {
            let how = if outside { ", outside a transaction" } else { "" };
            output::line(format!("\n-- {} ({}{how})", file.path, direction.name()));
            match &file.bulk {
                None => output::line(file.text.trim_end()),
                Some(bulk) => output::line(format!("-- ({} bytes)", bulk.bytes)),
            }
        }
    }
    Ok(Code::Done)
}
