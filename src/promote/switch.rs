//! The last stretch of a switch: what is left, the views and the states, in one transaction.
//!
//! The last barrier comes before the first lock. Views are locked last. Whatever is in the
//! way rolls everything back and is told to the caller, who tries again.

use std::time::{Duration, Instant};

use super::views::{self, Swap};
use super::{PromoteError, hook, live_build, poisoned};
use crate::context::Context;
use crate::event::Position;
use crate::ident::Ident;
use crate::ledger::{Build, ours};
use crate::log::barrier::Mark;
use crate::pg::{Param, PgError, Sql, Transaction};
use crate::replay::build_session::BuildSession;
use crate::replay::feed::Source;
use crate::replay::rest::{self, Rest};
use crate::replay::sql::apply::prepare;

/// How long the builds' rows are waited for: a follower holds them for the length of a batch.
pub(super) const LEDGER_LOCK_TIMEOUT: &str = "1s";

/// What an attempt came to.
pub(super) enum Attempt {
    Done {
        build: String,
        retired: Option<String>,
        position: Position,
        /// Events that are parked.
        parked: i64,
        /// Events that were skipped.
        skipped: i64,
        held: Duration,
    },
    Contended(Vec<String>),
}

/// One attempt at the last stretch. Contention rolls everything back and says who was in the way.
pub(super) fn attempt(
    context: &Context,
    source: &mut Source,
    member: &mut BuildSession,
    publish: &Ident,
) -> Result<Attempt, PromoteError> {
    let live = live_build(&mut member.session, &member.build.projection)?;
    let swap = match Swap::plan(&mut member.session, &member.build, publish) {
        Err(error) if error.of_server().is_some_and(PgError::is_contention) => {
            return Ok(Attempt::Contended(views::blockers(&mut member.session, publish)?));
        }
        planned => planned?,
    };
    // The last barrier comes before the first lock: it may wait, and nobody shall wait for it.
    let mark = context.barrier(&mut source.session, &source.log)?;
    match switch(context, source, member, live.as_ref(), &swap, mark) {
        Ok((position, held)) => {
            let retired = live.map(|l| l.schema.to_string());
            let build = member.build.schema.to_string();
            let Build { parked, skipped, .. } = member.build;
            Ok(Attempt::Done { build, retired, position, parked, skipped, held })
        }
        Err(Stretch::Contended) => {
            let blockers = views::blockers(&mut member.session, publish)?;
            Ok(Attempt::Contended(blockers))
        }
        Err(Stretch::Failed(PromoteError::Poisoned { failure, .. })) => {
            Err(poisoned(member, failure))
        }
        Err(Stretch::Failed(error)) => Err(error),
    }
}

enum Stretch {
    Contended,
    Failed(PromoteError),
}

impl<E: Into<PromoteError>> From<E> for Stretch {
    fn from(error: E) -> Self {
        let error = error.into();
        match error.of_server().is_some_and(PgError::is_contention) {
            true => Stretch::Contended,
            false => Stretch::Failed(error),
        }
    }
}

/// Everything under locks. Followers wait from the first statement on, for a few milliseconds;
/// readers only while the views are replaced. Gives the position readers see now.
fn switch(
    context: &Context,
    source: &mut Source,
    member: &mut BuildSession,
    live: Option<&Build>,
    swap: &Swap,
    mark: Mark,
) -> Result<(Position, Duration), Stretch> {
    // Readers never go back, unless what they see was not made from this log.
    let counts = match live {
        Some(live) => {
            source.identity.holds(&mut member.session, live).map_err(PromoteError::from)?
        }
        None => false,
    };
    let BuildSession { build, program, session, .. } = member;
    session.run("SET synchronous_commit = on").map_err(PromoteError::from)?;
    let call = prepare(session, build).map_err(PromoteError::from)?;
    let mut transaction = session.begin().map_err(PromoteError::from)?;
    let opening = format!("SET LOCAL lock_timeout = '{LEDGER_LOCK_TIMEOUT}'");
    transaction.run(&opening).map_err(PromoteError::from)?;
    let Some(locked) = lock_builds(&mut transaction, build, live)? else {
        return Err(Stretch::Contended);
    };
    // A follower may have moved either build since; both stand at marks of the barrier, so
    // the furthest of them is one, and readers never go back.
    build.position = locked.build;
    build.skipped = locked.skipped;
    let live_at = if counts { locked.live } else { Position(0) };
    let goal = mark.position().max(locked.build).max(live_at);
    match rest::apply(&mut transaction, source, (build, program, &call), goal)
        .map_err(PromoteError::from)?
    {
        Rest::Applied => {}
        Rest::Fenced(_) => return Err(Stretch::Contended),
        Rest::Poisoned(failure) => {
            return Err(Stretch::Failed(PromoteError::Poisoned {
                build: build.schema.to_string(),
                projection: build.projection.clone(),
                failure,
            }));
        }
    }
    // Only now it is certain which events it is without.
    super::accepts_skipped(context, build).map_err(Stretch::Failed)?;
    let publish = context.publish_schema(build.publish_schema.as_deref());
    hook::notify(&mut transaction, (&*build, live), (&publish, goal))
        .map_err(PromoteError::from)?;
    let timeout = context.project.config.rebuild.promote_lock_timeout_ms;
    let script = format!(
        "SET LOCAL lock_timeout = '{timeout}ms';\n{}",
        swap.script(&transaction, build, live, false)
    );
    let started = Instant::now();
    transaction.run(&script).map_err(PromoteError::from)?;
    transaction.commit("promote::switch").map_err(PromoteError::from)?;
    Ok((goal, started.elapsed()))
}

/// The checkpoints of both builds, which nobody can move any more.
pub(super) struct LockedPositions {
    pub(super) build: Position,
    /// How many events it has skipped.
    pub(super) skipped: i64,
    live: Position,
}

/// Locks both builds' rows and says where they stand; `None` if they are not what they were.
/// The checkpoints are read by a second statement: the snapshot of the first is older than its
/// locks, and a follower that held one meanwhile may have shown readers more.
pub(super) fn lock_builds(
    transaction: &mut Transaction<'_>,
    build: &Build,
    live: Option<&Build>,
) -> Result<Option<LockedPositions>, PromoteError> {
    const WHICH: &str = "b.projection = $1 AND (b.state = 'live' OR b.id = $2)";
    let params: [&(dyn Param + Sync); 2] = [&build.projection, &build.id.0];
    let lock = format!("SELECT b.id FROM regrow.build b WHERE {WHICH} ORDER BY b.id FOR UPDATE");
    transaction.query(&ours(transaction, &lock), &params)?;
    let rows = transaction.query(
        &ours(
            transaction,
            &format!(
                "SELECT b.id, b.generation, c.position, c.events_skipped \
                 FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id AND c.shard = 0 \
                 WHERE {WHICH} ORDER BY b.id"
            ),
        ),
        &params,
    )?;
    let mut locked =
        LockedPositions { build: build.position, skipped: build.skipped, live: Position(0) };
    for row in &rows {
        let (id, generation, position): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
        let same = |b: &Build| b.id.0 == id && b.generation == generation;
        if same(build) {
            (locked.build, locked.skipped) = (Position(position), row.get(3));
        } else if live.is_some_and(same) {
            locked.live = Position(position);
        } else {
            return Ok(None);
        }
    }
    let expected = 1 + usize::from(live.is_some());
    Ok((rows.len() == expected).then_some(locked))
}
