//! `regrow merge`

use super::revision::{now, write};
use super::{Answer, Global};
use crate::error::Error;
use crate::migrate::{self, MigrateError};
use crate::revision::EVENT_STORE;
use crate::revision::draft::{Draft, next_version};

/// Write a revision that joins several heads into one. Asks no server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  regrow merge\n  regrow merge 3 5 -m 'paid and shipped'")]
pub(crate) struct Args {
    /// The revisions to join; all heads where none is named.
    #[arg(value_name = "REVISION")]
    revisions: Vec<String>,
    /// What it is about.
    #[arg(short, long, default_value = "merge", value_name = "TEXT")]
    message: String,
    /// event_store or a projection.
    #[arg(short, long, default_value = EVENT_STORE, value_name = "LINEAGE")]
    lineage: String,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let project = global.project()?;
    let lineage = migrate::lineage(&project, &args.lineage)?;
    let mut revises = Vec::new();
    for text in &args.revisions {
        let (_, target) = migrate::target(&project, Some(&args.lineage), Some(text))?;
        revises.extend(lineage.destinations(&target).map_err(MigrateError::from)?);
    }
    if args.revisions.is_empty() {
        revises.extend(lineage.heads().iter().map(|r| r.version));
    }
    revises.sort_unstable();
    revises.dedup();
    if revises.len() < 2 {
        return Err(Error::usage(format!("{} has nothing to merge: one head", args.lineage)));
    }
    let nothing = "-- Nothing is done here: the two sides do not touch one another.\n";
    let draft = Draft {
        lineage: args.lineage.clone(),
        version: next_version(&lineage, now()),
        created: now(),
        message: args.message.clone(),
        revises,
        up: nothing.into(),
        down: nothing.into(),
        ..Draft::default()
    };
    write(global, &project, &draft, None)
}
