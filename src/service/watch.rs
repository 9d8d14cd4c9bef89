//! The thread that looks: the same look as `regrow status`, again and again, with sessions that it keeps.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::board::{Board, Snapshot};
use crate::context::Context;
use crate::ledger;
use crate::progress::Interrupt;
use crate::status::{Looker, StatusError};

/// The page shows so many parked events.
const PARKED_SHOWN: i64 = 50;
/// The page shows so many switches of each projection.
const SWITCHES_SHOWN: i64 = 5;
/// Sessions are opened anew after so many looks: the log may be another table by then.
const LOOKS: u32 = 60;
/// How soon the thread notices that it is to end.
const NOTICES: Duration = Duration::from_millis(50);

/// Begins to look, until `ended` is raised.
///
/// # Errors
/// The system has no thread left.
pub(super) fn begin(context: Context, board: Arc<Board>, ended: Interrupt) -> std::io::Result<()> {
    let look = move || {
        let mut eyes = None;
        while !ended.raised() {
            let began = Instant::now();
            match look(&context, &mut eyes) {
                Ok(snapshot) => board.put(snapshot),
                Err(error) => {
                    eyes = None;
                    board.fail(error.to_string());
                }
            }
            while !ended.raised() && began.elapsed() < board.poll() {
                std::thread::sleep(NOTICES.min(board.poll().saturating_sub(began.elapsed())));
            }
        }
    };
    std::thread::Builder::new().name("service".into()).spawn(look).map(drop)
}

fn look(context: &Context, eyes: &mut Option<(Looker, u32)>) -> Result<Snapshot, StatusError> {
    let (looker, looks) = match eyes {
        Some(open) => open,
        None => eyes.insert((Looker::open(context, "service")?, 0)),
    };
    *looks += 1;
    let status = looker.look(context, false)?;
    let parked = ledger::newest_parked(looker.ledger(), None, PARKED_SHOWN)?;
    let switches = ledger::switches(looker.ledger(), SWITCHES_SHOWN)?;
    if *looks >= LOOKS {
        *eyes = None;
    }
    Ok(Snapshot { status, parked, switches })
}
