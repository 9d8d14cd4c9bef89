//! One position: two builds and a snapshot in which both stand there.
//!
//! # Why the snapshot is right
//!
//! A checkpoint moves in the transaction of its rows, and nothing else moves rows of a build that is ready, live or
//! retired. A snapshot sees a transaction whole or not at all. So in **any** snapshot a build's tables are what its
//! checkpoint says, and two builds are at one position if, and only if, their checkpoints are equal in it. The
//! checkpoints are read inside the exported snapshot, and no snapshot is used in which they differ: whatever
//! followers, promotes and other runs do meanwhile, it can cost another attempt and never a false difference.
//!
//! All that is left is to come by such a snapshot while events are appended and followers are at work. One
//! transaction locks both builds' rows in the ledger, for which `regrow.advance` waits. Where both stand at one
//! position already, the snapshot is taken behind those locks. Where they do not, the transaction applies to each
//! what it lacks, changes both generations, and commits; the snapshot is the next statement on a connection that
//! waits for it. A follower would have to read the ledger (its generation is gone), ask for a mark of the barrier, read
//! the log and commit before that; where it is so fast, there is another attempt.
//!
//! The tables are locked against DDL (ACCESS SHARE, as every reader has it) before the snapshot is taken and until
//! everything is read: a table that is rewritten or truncated is empty in older snapshots.

use std::time::{Duration, Instant};

use super::VerifyError;
use crate::context::Context;
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::Ident;
use crate::identity::IdentityError;
use crate::ledger::{self, Build, LedgerError, State};
use crate::log::barrier::Mark;
use crate::log::wanted::Range;
use crate::pg::pause::Pause;
use crate::pg::{PgError, Session, Sql, catalog, citus, failpoint};
use crate::replay::build_session::{BuildSession, Ended};
use crate::replay::feed::Source;
use crate::replay::pass::Pass;
use crate::replay::rest::{self, Rest};
use crate::replay::sql::apply::prepare;

/// So many events are applied behind the locks; where more are left, they are read before.
const FEW: i64 = 500;
/// How often a common position is tried for.
const ATTEMPTS: u32 = 60;
/// The pauses between attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// How long the builds' rows are waited for: a follower holds them for the length of a batch.
const LEDGER_LOCK_TIMEOUT: &str = "2s";
/// How long the tables are waited for: nobody should hold one for longer.
const TABLE_LOCK_TIMEOUT: &str = "5s";
/// What every transaction has that reads in the snapshot, which lasts as long as the comparison.
pub(super) const READING: &str = "SET LOCAL idle_in_transaction_session_timeout = 0; \
    SET LOCAL max_parallel_workers_per_gather = 0";

/// A build that takes part.
pub(super) struct Side {
    build: Build,
    /// How it is brought forward; nothing if it stands where it stands.
    member: Option<BuildSession>,
}

/// Both builds, held at one position.
pub(super) struct Held {
    /// What sees them so.
    pub(super) snapshot: Snapshot,
    /// The builds, as they are in it.
    pub(super) builds: [Build; 2],
    /// How many attempts it took.
    pub(super) attempts: u32,
}

impl Side {
    /// Opens a build of the ledger.
    ///
    /// # Errors
    /// It is of another log, on its way or gone, or the server refuses.
    pub(super) fn open(
        context: &Context,
        source: &Source,
        session: &mut Session,
        build: Build,
    ) -> Result<Side, VerifyError> {
        if !build.state.is_followed() {
            return Err(VerifyError::Unfinished {
                build: build.schema.to_string(),
                projection: build.projection,
                state: build.state,
            });
        }
        let admitted = source.identity.admit(context, session, build, context.said)?;
        let build = admitted.clone().into_build();
        if fixed(&build).is_some() {
            return Ok(Side { build, member: None });
        }
        let session = context.open_read_models(&format!("verify {}", build.schema))?.to_write()?;
        let member = BuildSession::open(session, admitted)?;
        Ok(Side { build: member.build.clone(), member: Some(member) })
    }

    /// A build that is on its way to be compared.
    pub(super) fn of(member: BuildSession) -> Side {
        Side { build: member.build.clone(), member: Some(member) }
    }

    fn build(&self) -> &Build {
        self.member.as_ref().map_or(&self.build, |member| &member.build)
    }

    fn name(&self) -> String {
        self.build.schema.to_string()
    }

    /// Takes note of what the ledger says by now.
    fn renew(&mut self, now: Build) -> Result<(), VerifyError> {
        let before = self.build();
        if now.state != before.state || now.failure.is_some() != before.failure.is_some() {
            let reason = match &now.failure {
                Some(failure) => format!("it stopped: {failure}"),
                None => format!("it is {} now", now.state),
            };
            return Err(VerifyError::Fenced { build: self.name(), reason });
        }
        self.build = now.clone();
        if let Some(member) = &mut self.member {
            member.build = now;
        }
        Ok(())
    }
}

/// Why a build cannot be brought forward.
fn fixed(build: &Build) -> Option<&'static str> {
    match build {
        Build { is_proof: true, .. } => None,
        Build { failure: Some(_), .. } => Some("since an event stopped it"),
        Build { until: Some(_), .. } => Some("since it ends there by --until"),
        _ => None,
    }
}

/// Holds two builds at one position, at or behind everything that was appended before.
///
/// # Errors
/// One cannot be moved and the other is past it, an event cannot be applied, or others are too restless.
pub(super) fn hold(
    context: &Context,
    source: &mut Source,
    mut sides: [Side; 2],
) -> Result<Held, VerifyError> {
    let cap = common_end(&sides)?;
    let mark = context.barrier(&mut source.session, &source.log)?.at_most(cap);
    for side in &mut sides {
        chase(context, source, side, mark)?;
    }
    let mut lock = context.open_read_models("verify")?.to_write()?;
    let mut pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
    let mut last = None;
    for attempts in 1..=ATTEMPTS {
        if context.interrupt.raised() {
            return Err(VerifyError::Interrupted);
        }
        match attempt(context, source, &mut lock, &mut sides, (mark.position(), cap)) {
            Ok(Some((snapshot, builds))) => return Ok(Held { snapshot, builds, attempts }),
            Ok(None) => last = None,
            Err(error) if error.is_contention() => last = server_error(error),
            Err(error) => return Err(error),
        }
        pause.sleep();
    }
    Err(VerifyError::Restless { attempts: ATTEMPTS, last })
}

fn server_error(error: VerifyError) -> Option<Box<PgError>> {
    match error {
        VerifyError::Pg(error)
        | VerifyError::Ledger(LedgerError::Pg(error))
        | VerifyError::Identity(IdentityError::Pg(error)) => Some(Box::new(error)),
        _ => None,
    }
}

/// Where builds end that cannot be moved; the others must not be past it.
fn common_end(sides: &[Side; 2]) -> Result<Option<Position>, VerifyError> {
    let [one, other] = sides;
    let mut end = None;
    for (side, beside) in [(one, other), (other, one)] {
        let Some(why) = fixed(side.build()) else { continue };
        let (at, other_at) = (side.build().position, beside.build().position);
        if other_at > at {
            return Err(VerifyError::Apart {
                fixed: side.name(),
                at,
                why: why.to_owned(),
                other: beside.name(),
                other_at,
                projection: side.build().projection.clone(),
            });
        }
        end = Some(at);
    }
    Ok(end)
}

/// Brings a build near the mark, in batches of their own, unless it is near already.
fn chase(
    context: &Context,
    source: &mut Source,
    side: &mut Side,
    mark: Mark,
) -> Result<(), VerifyError> {
    let Some(member) = &mut side.member else { return Ok(()) };
    let range = Range { after: member.build.position, until: mark.position() };
    if !source.log.holds_more(&mut source.session, range, FEW)? {
        return Ok(());
    }
    let pass = Pass {
        pace: &context.project.config.rebuild,
        observer: context.observer.as_ref(),
        interrupt: &context.interrupt,
        heeds: false,
        throttle: None,
    };
    pass.run(source, &mut [&mut *member], mark)?;
    match std::mem::replace(&mut member.ended, Ended::Reached) {
        Ended::Reached if context.interrupt.raised() => Err(VerifyError::Interrupted),
        // A follower of the same build was faster; the ledger is read again under its locks.
        Ended::Reached | Ended::Asked(_) | Ended::Fenced(_) => Ok(()),
        Ended::Poisoned(failure) => Err(poisoned(member, failure)),
        Ended::Failed(LedgerError::Pg(error)) if error.is_contention() => Ok(()),
        Ended::Failed(error) => Err(error.into()),
        Ended::Damaged(error) => Err(error.into()),
        Ended::Unanchored(error) => Err(error.into()),
    }
}

fn poisoned(member: &mut BuildSession, failure: Box<Failure>) -> VerifyError {
    // What nobody else works on is dropped at the end, whatever is written down.
    if !member.build.is_proof
        && let Err(error) = ledger::fail(&mut member.session, member.build.id, &failure)
    {
        return error.into();
    }
    VerifyError::Poisoned {
        build: member.build.schema.to_string(),
        projection: member.build.projection.clone(),
        failure,
    }
}

/// One attempt; `None` if somebody was faster.
fn attempt(
    context: &Context,
    source: &mut Source,
    lock: &mut Session,
    sides: &mut [Side; 2],
    (mark, cap): (Position, Option<Position>),
) -> Result<Option<(Snapshot, [Build; 2])>, VerifyError> {
    let ids = [sides[0].build().id, sides[1].build().id];
    let schemas = [sides[0].build().schema.clone(), sides[1].build().schema.clone()];
    let mut snapshot = Snapshot::begin(context, &schemas)?;
    // A build that stands still may have a function of an older regrow.
    let mut calls = Vec::new();
    for side in sides.iter() {
        calls.push(match side.member {
            Some(_) => Some(prepare(lock, side.build())?),
            None => None,
        });
    }
    let mut transaction = lock.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LEDGER_LOCK_TIMEOUT}'"))?;
    let now = ledger::lock(&mut transaction, ids)?;
    for (side, now) in sides.iter_mut().zip(now) {
        side.renew(now)?;
    }
    // Both stand at or below marks of the barrier, so the furthest of all is one.
    let stand = sides.iter().map(|side| side.build().position).max().unwrap_or(mark);
    let goal = cap.unwrap_or_else(|| mark.max(stand));
    let mut moved = false;
    for (side, call) in sides.iter_mut().zip(&calls) {
        let (Some(member), Some(call)) = (&mut side.member, call) else { continue };
        if member.build.position == goal {
            continue;
        }
        moved = true;
        let of = (&mut member.build, &member.program, call);
        match rest::apply(&mut transaction, source, of, goal)? {
            Rest::Applied => {}
            Rest::Fenced(_) => return Ok(None),
            Rest::Poisoned(failure) => {
                drop(transaction);
                return Err(poisoned(member, failure));
            }
        }
    }
    if moved {
        ledger::fence(&mut transaction, &ids)?;
        transaction.commit("verify::hold")?;
        snapshot.freeze(&schemas)?;
        snapshot.take()?;
    } else {
        snapshot.freeze(&schemas)?;
        snapshot.take()?;
        drop(transaction);
    }
    let builds = ledger::pair(&mut snapshot.session, ids)?;
    let is_one = builds[0].position == builds[1].position || failpoint::is_without("one_position");
    let is_there = builds.iter().all(|build| build.state != State::Dropped);
    Ok((is_one && is_there && snapshot.is_whole(&schemas)?).then_some((snapshot, builds)))
}

/// A snapshot that other sessions can see the same by, and the locks that keep its tables as they are.
pub(super) struct Snapshot {
    /// The session whose transaction has it.
    pub(super) session: Session,
    /// Its name for the others.
    pub(super) id: String,
    /// When it was taken, in RFC 3339.
    pub(super) at: String,
    /// The same by this machine's clock.
    pub(super) taken: Instant,
    /// The tables that are locked, of each schema.
    tables: [Vec<Ident>; 2],
    /// Whether some of them lie on several nodes.
    is_spread: bool,
}

impl Snapshot {
    /// Locks the tables of two builds; the snapshot is still to be taken.
    fn begin(context: &Context, schemas: &[Ident; 2]) -> Result<Snapshot, VerifyError> {
        let mut session = context.open_read_models("verify")?;
        let tables = names(&mut session, schemas)?;
        let mut is_spread = false;
        for schema in schemas {
            is_spread |= !citus::tables(&mut session, schema)?.is_empty();
        }
        // LOCK takes no snapshot: the first query behind it does.
        session.run(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {READING}; \
             SET LOCAL lock_timeout = '{TABLE_LOCK_TIMEOUT}'"
        ))?;
        let all = dotted(schemas, &tables);
        if !all.is_empty() {
            session.run(&format!("LOCK TABLE {all} IN ACCESS SHARE MODE"))?;
        }
        let (id, at) = (String::new(), String::new());
        Ok(Snapshot { session, id, at, taken: Instant::now(), tables, is_spread })
    }

    /// Keeps rows from being changed until everything is read, where tables lie on several nodes (Citus): each node
    /// has a snapshot of its own, taken when it is first asked. A batch that is on its way is waited for, and one
    /// that comes waits before its checkpoint is committed.
    fn freeze(&mut self, schemas: &[Ident; 2]) -> Result<(), VerifyError> {
        if !self.is_spread {
            return Ok(());
        }
        // Before anything is asked, which would take the snapshot of this node.
        self.session.run(&format!("LOCK TABLE {} IN SHARE MODE", dotted(schemas, &self.tables)))?;
        for schema in schemas {
            citus::settle(&mut self.session, schema)?;
        }
        Ok(())
    }

    /// Takes the snapshot.
    fn take(&mut self) -> Result<(), VerifyError> {
        let taken = "SELECT pg_catalog.pg_export_snapshot(), pg_catalog.to_char(\
             pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
        let row = failpoint::around("verify::snapshot", || self.session.query_one(taken, &[]))?;
        (self.id, self.at, self.taken) = (row.get(0), row.get(1), Instant::now());
        Ok(())
    }

    /// Whether the tables in it are those that were locked.
    fn is_whole(&mut self, schemas: &[Ident; 2]) -> Result<bool, VerifyError> {
        Ok(names(&mut self.session, schemas)? == self.tables)
    }
}

fn dotted(schemas: &[Ident; 2], tables: &[Vec<Ident>; 2]) -> String {
    let of = |(schema, tables): (&Ident, &Vec<Ident>)| -> Vec<String> {
        tables.iter().map(|table| schema.dot(table)).collect()
    };
    schemas.iter().zip(tables).flat_map(of).collect::<Vec<_>>().join(", ")
}

fn names(session: &mut Session, schemas: &[Ident; 2]) -> Result<[Vec<Ident>; 2], PgError> {
    let mut of = |schema: &Ident| -> Result<Vec<Ident>, PgError> {
        Ok(catalog::tables(session, schema)?.into_iter().map(|table| table.name).collect())
    };
    Ok([of(&schemas[0])?, of(&schemas[1])?])
}
