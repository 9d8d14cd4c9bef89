//! `regrow upgrade-ledger`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::ledger::{self, Age};
use crate::report::file::LedgerUpgrade;

/// Bring the ledger up to date with this version of regrow.
///
/// Commands that only look read an older ledger as it is; `rebuild` brings it up to date by itself.
/// A `regrow run` of an older version that is running goes on, but what it reads is not compared with
/// the log later; once stopped, an older version refuses the ledger. So: upgrade regrow on every
/// machine, run this, start the followers again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow upgrade-ledger")]
pub(crate) struct Args {}

pub(crate) fn run(global: &Global, _: &Args) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let mut session = invocation.context.open_read_models("upgrade-ledger")?.to_write()?;
    let before = ledger::version(&mut session)?;
    // A deploy step also of a project that has built nothing yet.
    if ledger::age(&mut session)? == Age::Older {
        ledger::ensure(&mut session)?;
    }
    let after = ledger::version(&mut session)?;
    if global.json {
        output::report(&LedgerUpgrade { from: before, to: after });
    } else if after == 0 {
        output::line("there is no ledger to upgrade: nothing was ever rebuilt in this database");
    } else if before == after {
        output::line(format!("the ledger is up to date (revision {after})"));
    } else {
        output::line(format!("the ledger is at revision {after} now; it was at {before}"));
    }
    Ok(Code::Done)
}
