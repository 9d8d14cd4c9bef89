//! `regrow migrate`

use std::time::Duration;

use serde_json::json;

use super::desk::Desk;
use super::exit_code::Code;
use super::{Answer, Global, output};
use crate::migrate;

/// What there is to say of the event store where another library owns the log.
pub(super) const ADOPTED: &str = "the log is adopted: there is no event store to migrate";

/// Bring the event store to its head, and set up regrow's ledger.
///
/// Each revision commits together with its history row, under a lock that lets one deploy
/// run at a time. With nothing to do it does nothing and ends with 0.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "upgrade",
    after_help = "Example:\n  DATABASE_URL=postgresql://deploy@db/shop regrow migrate"
)]
pub(crate) struct Args {
    /// Seconds to wait for another deploy that holds the lock.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    wait: u64,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let report = migrate::migrate(&desk.site, Duration::from_secs(args.wait))?;
    if global.json {
        output::json(&json!({"lineage": "event_store", "ran": report.ran, "head": report.head}));
    } else if desk.site.project.adopts() {
        output::line(ADOPTED);
    } else {
        let head = report.head.unwrap_or_else(|| "base".into());
        match report.ran.len() {
            0 => output::line(format!("event_store is at {head}, nothing to do")),
            1 => output::line(format!("event_store is at {head}, 1 revision applied")),
            n => output::line(format!("event_store is at {head}, {n} revisions applied")),
        }
    }
    Ok(Code::Done)
}
