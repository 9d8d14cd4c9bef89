//! A way back to a build as it stands, when it cannot be followed any more.

use std::time::Instant;

use super::switch::{Attempt, LEDGER_LOCK_TIMEOUT, lock_builds};
use super::views::{self, Swap};
use super::{PromoteError, Promoted, ensure_schema, hook, live_build, until_readers_let_go};
use crate::context::Context;
use crate::ledger::{Build, LedgerError};
use crate::pg::{PgError, Session, Sql};
use crate::progress::Progress;

/// Shows readers a retired build without bringing it up to date.
///
/// # Errors
/// Readers do not let go of the views, another process moves one of the builds, or the server refuses.
pub(super) fn show_as_it_stands(
    context: &Context,
    mut session: Session,
    to: &Build,
) -> Result<Promoted, PromoteError> {
    let publish = context.publish_schema(to.publish_schema.as_deref());
    ensure_schema(&mut session, &publish)?;
    let promoted = until_readers_let_go(context, || attempt(context, &mut session, to))?;
    context.note(&Progress::Note(format!(
        "warning: readers see {} as it stood at position {}, at {}",
        to.schema, promoted.position, to.moved_at
    )));
    Ok(promoted)
}

fn attempt(context: &Context, session: &mut Session, to: &Build) -> Result<Attempt, PromoteError> {
    let publish = context.publish_schema(to.publish_schema.as_deref());
    let live = live_build(session, &to.projection)?;
    let swap = match Swap::plan(session, to, &publish) {
        Err(error) if error.of_server().is_some_and(PgError::is_contention) => {
            return Ok(Attempt::Contended(views::blockers(session, &publish)?));
        }
        planned => planned?,
    };
    let timeout = context.project.config.rebuild.promote_lock_timeout_ms;
    let mut replace = || -> Result<Option<Attempt>, PromoteError> {
        let mut transaction = session.begin()?;
        transaction.run(&format!("SET LOCAL lock_timeout = '{LEDGER_LOCK_TIMEOUT}'"))?;
        let Some(stand) = lock_builds(&mut transaction, to, live.as_ref())? else {
            return Ok(None);
        };
        hook::notify(&mut transaction, (to, live.as_ref()), (&publish, stand.build))?;
        let started = Instant::now();
        let script = swap.script(&transaction, to, live.as_ref(), true);
        transaction.run(&format!("SET LOCAL lock_timeout = '{timeout}ms';\n{script}"))?;
        transaction.commit("promote::switch")?;
        Ok(Some(Attempt::Done {
            retired: live.as_ref().map(|l| l.schema.to_string()),
            build: to.schema.to_string(),
            position: stand.build,
            parked: to.parked,
            skipped: stand.skipped,
            held: started.elapsed(),
        }))
    };
    match replace() {
        Ok(Some(done)) => Ok(done),
        Ok(None) => Err(PromoteError::Fenced {
            build: to.schema.to_string(),
            reason: "it changed while the command ran".into(),
        }),
        Err(PromoteError::Pg(e) | PromoteError::Ledger(LedgerError::Pg(e)))
            if e.is_contention() =>
        {
            Ok(Attempt::Contended(views::blockers(session, &publish)?))
        }
        Err(error) => Err(error),
    }
}
