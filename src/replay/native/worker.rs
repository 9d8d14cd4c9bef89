//! The loop of the native engine: fold, fetch what is missing, write back with the checkpoint.
//!
//! Events the fold declines are run by the sql engine, behind a checkpoint and in a transaction of
//! its own; what it may have changed is forgotten and fetched again when it is needed. Where a
//! chunk holds many of them, the sql engine runs it as a whole.

mod in_sql;
mod load;

use std::time::{Duration, Instant};

pub use in_sql::RereadLog;
use load::Load;

use super::Native;
use super::bind::{Bound, Runner, Step};
use super::fetch::FetchError;
use super::fold::Fold;
use super::prefetch::{Prefetch, WINDOW};
use super::store::Table;
use crate::anchor::Tally;
use crate::event::Position;
use crate::handler::native::Stop;
use crate::identity::Identity;
use crate::ledger::{self, Build, LedgerError, State, Step as CheckpointStep};
use crate::pg::{PgError, Session, Sql, citus};
use crate::progress::Progress;
use crate::replay::asking::Asking;
use crate::replay::build_session::{Ended, Work};
use crate::replay::pass::{Hold, Pass};
use crate::replay::readers::{ChunkReceiver, Piece};
use crate::replay::sql::Program;

/// Of so many events one may be run in SQL before the whole chunk is.
const RARE: usize = 50;
/// How often the budget is divided to tell warm rows from cold ones.
const ROUNDS: usize = 8;

/// What stops a build.
enum Halt {
    Ended(Ended),
    /// Memory cannot hold the rows that a chunk needs.
    Unfit,
}

impl From<PgError> for Halt {
    fn from(error: PgError) -> Halt {
        Halt::Ended(Ended::Failed(error.into()))
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Halt {
        Halt::Ended(Ended::Failed(error))
    }
}

impl From<FetchError> for Halt {
    fn from(error: FetchError) -> Halt {
        match error {
            FetchError::Pg(error) => error.into(),
            FetchError::Unreadable | FetchError::TooMany => Halt::Unfit,
        }
    }
}

/// What a build may take beside others of its pass.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Bytes of memory for rows.
    pub budget: usize,
    /// Whether a second session may load half of its first rows.
    pub may_halve: bool,
}

/// A build that is carried through a pass.
pub struct NativeWorker<'c, 'p> {
    pass: &'c Pass<'p>,
    identity: &'c Identity,
    native: &'c Native,
    program: &'c Program,
    build: &'c mut Build,
    session: &'c mut Session,
    fold: Fold,
    until: Position,
    /// Bytes of memory that rows may take.
    budget: usize,
    may_halve: bool,
    /// Everything up to here is in memory or written.
    at: Position,
    /// Events read and steps run since the checkpoint.
    read: Tally,
    applied: i64,
    work: Work,
    reread: RereadLog<'c>,
    /// Opened when the log is read again.
    log_session: Option<Session>,
    checkpoint: Instant,
    /// Bytes at which the next round begins.
    next_round: usize,
}

impl<'c, 'p> NativeWorker<'c, 'p> {
    /// A build at its checkpoint.
    pub fn new(
        (pass, identity): (&'c Pass<'p>, &'c Identity),
        (native, program): (&'c Native, &'c Program),
        (build, session): (&'c mut Build, &'c mut Session),
        (until, reread): (Position, RereadLog<'c>),
        Room { budget, may_halve }: Room,
    ) -> NativeWorker<'c, 'p> {
        // Tables of a build that has read nothing hold what its revisions put there, if anything.
        let (fold, at) = (native.fold(false), build.position);
        NativeWorker {
            pass,
            identity,
            native,
            program,
            build,
            session,
            fold,
            until,
            budget,
            may_halve,
            at,
            read: Tally::default(),
            applied: 0,
            work: Work::default(),
            reread,
            log_session: None,
            checkpoint: Instant::now(),
            next_round: 0,
        }
    }

    /// Takes everything a pass has for the build; ends with a checkpoint.
    pub fn run(mut self, feed: ChunkReceiver, work: &mut Work) -> Ended {
        let carried = self.apply_chunks(feed);
        work.native += self.work.native;
        work.sql += self.work.sql;
        work.unread += self.work.unread;
        work.declined += self.work.declined;
        match carried {
            Ok(()) => Ended::Reached,
            Err(Halt::Ended(ended)) => ended,
            Err(Halt::Unfit) => unreachable!("a chunk whose rows do not fit is run in SQL"),
        }
    }

    fn apply_chunks(&mut self, feed: ChunkReceiver) -> Result<(), Halt> {
        citus::settle(self.session, &self.build.schema)?;
        let whole = self.at == Position(0) && self.native.are_empty(self.session)?;
        self.fold = self.native.fold(whole);
        let mut asking = Asking::new();
        for piece in feed {
            match self.pass.hold(&mut asking, self.session, self.build)? {
                None => {}
                Some(Hold::Interrupted) => break,
                Some(Hold::Asked(wish)) => {
                    self.commit(self.at)?;
                    return Err(Halt::Ended(Ended::Asked(wish)));
                }
            }
            let bound = match piece {
                Piece::Bound(bound) => bound,
                Piece::Chunk(chunk) => {
                    self.rest_in_sql(&chunk)?;
                    continue;
                }
                Piece::Damaged(error) => {
                    self.commit(self.at)?;
                    return Err(Halt::Ended(Ended::Damaged(error)));
                }
            };
            self.chunk(&bound)?;
            self.note();
            self.enforce_memory_budget()?;
            let interval = Duration::from_secs(self.pass.pace.checkpoint_interval_s);
            let throttle = self.pass.throttle;
            let interval = throttle.map_or(interval, |t| t.checkpoint_interval(interval));
            if self.checkpoint.elapsed() >= interval {
                self.commit(self.at)?;
            }
            if let Some(wish) = self.pass.asked(&mut asking, self.session, self.build)? {
                self.commit(self.at)?;
                return Err(Halt::Ended(Ended::Asked(wish)));
            }
            if self.pass.interrupt.raised() {
                break;
            }
        }
        self.commit(self.at)
    }

    /// Brings the build to the end of a chunk.
    fn chunk(&mut self, bound: &Bound) -> Result<(), Halt> {
        let in_sql = bound.steps.iter().filter(|step| step.handler.native().is_none()).count();
        if in_sql > 0 {
            let unread = bound.steps.iter().filter(|step| step.handler == Runner::Unread).count();
            self.work.unread += i64::try_from(unread).unwrap_or(i64::MAX);
        }
        if in_sql > self.most_in_sql(bound) {
            return self.rest_in_sql(&bound.chunk);
        }
        match self.natively(bound) {
            Err(Halt::Unfit) => self.rest_in_sql(&bound.chunk),
            other => other,
        }
    }

    fn natively(&mut self, bound: &Bound) -> Result<(), Halt> {
        self.native.prefetch(self.session, &mut self.fold, bound, self.budget)?;
        let mut read = bound.read.iter().peekable();
        let mut steps = bound.steps.as_slice();
        let (mut declined, mut prefetch, mut seen, mut done) = (0, Prefetch::default(), 0, 0);
        while let Some(first) = steps.first() {
            let length = match first.more {
                true => steps.iter().take_while(|step| step.more).count() + 1,
                false => 1,
            };
            if done + length > seen {
                (seen, done) = (WINDOW.max(length).min(steps.len()), 0);
                prefetch.look(self.native, &self.fold, bound, &steps[..seen]);
            }
            let (event, rest) = steps.split_at(length.min(steps.len()));
            let row_hint = prefetch.from(done);
            (steps, done) = (rest, done + length);
            while let Some(position) = read.next_if(|position| **position < first.position) {
                self.read.add(*position);
            }
            let counted = read.next_if(|position| **position == first.position);
            if self.event(bound, event, row_hint)? {
                // Memory is at this event now, whatever becomes of the chunk.
                self.at = first.position;
                if let Some(position) = counted {
                    self.read.add(*position);
                }
                continue;
            }
            declined += 1;
            self.work.declined +=
                i64::from(event.iter().all(|step| step.handler.native().is_some()));
            self.in_sql(bound, event)?;
            if declined > self.most_in_sql(bound) {
                return self.rest_in_sql(&bound.chunk);
            }
        }
        read.for_each(|position| self.read.add(*position));
        self.at = bound.chunk.range.until;
        Ok(())
    }

    /// How many events of a chunk may be run in SQL, one by one.
    fn most_in_sql(&self, bound: &Bound) -> usize {
        if self.native.never_fall_back { usize::MAX } else { bound.steps.len() / RARE }
    }

    /// Folds one event; `false` where it is for the sql engine. `near` are guesses which rows its
    /// steps are about.
    fn event(
        &mut self,
        bound: &Bound,
        steps: &[Step],
        row_hint: &[Option<u32>],
    ) -> Result<bool, Halt> {
        'reread: loop {
            for (nth, step) in steps.iter().enumerate() {
                let Some(statements) = self.native.statements(step.handler) else {
                    // The sql engine would run what was folded of it once more.
                    self.fold.take_back();
                    return Ok(false);
                };
                let first = usize::try_from(step.first).unwrap_or(usize::MAX);
                let args = bound.args.get(first..).unwrap_or_default();
                let more = step.more || nth > 0;
                let row_hint = row_hint.get(nth).copied().flatten();
                match self.fold.apply(&self.native.program, statements, (args, row_hint), more) {
                    Ok(()) => {}
                    Err(Stop::Decline) => return Ok(false),
                    Err(Stop::Miss(miss)) => {
                        self.native.fetch(self.session, &mut self.fold, *miss, self.budget)?;
                        continue 'reread;
                    }
                }
            }
            self.fold.keep();
            self.applied += i64::try_from(steps.len()).unwrap_or(i64::MAX);
            return Ok(true);
        }
    }

    /// Writes everything back and moves the checkpoint.
    fn commit(&mut self, to: Position) -> Result<(), Halt> {
        self.checkpoint = Instant::now();
        if to == self.build.position {
            return Ok(());
        }
        match self.write(to) {
            // A right that is missing, such as that to temporary tables, says nothing about the rows,
            // and the slower way would only hide it; nor does a disk that is full.
            Err(Halt::Ended(Ended::Failed(LedgerError::Pg(error))))
                if matches!(error, PgError::Server(_))
                    && !error.is_circumstance()
                    && !error.is_denied() =>
            {
                self.replay_in_sql(to)
            }
            other => other,
        }
    }

    /// Rows and checkpoint, in one transaction; but for the half that a load takes from it, which is
    /// taken back where the checkpoint does not follow.
    fn write(&mut self, to: Position) -> Result<(), Halt> {
        let (read, applied) = (self.read, self.applied);
        let may_halve = self.may_halve && !self.native.is_spread;
        let NativeWorker { native, build, session, fold, until, identity, .. } = &mut *self;
        let (build, fold): (&Build, &Fold) = (build, fold);
        let anchor = identity
            .take(build, read.last)
            .map_err(|error| Halt::Ended(Ended::Unanchored(error)))?;
        let step = CheckpointStep { from: build.position, to, read, applied, anchor };
        let of = (*native, fold, build);
        let load = match may_halve {
            true => Load::set_out(of, session)?,
            false => None,
        };
        let (load, second) = load.unzip();
        let halved = load.as_ref().map_or(&[][..], |load| &load.tables);
        std::thread::scope(|scope| {
            let both = load.as_ref().zip(second);
            let half = both.map(|(load, second)| (load, load.begin(scope, of, second)));
            let mut transaction = session.begin()?;
            if let Some(why) = ledger::advance(&mut transaction, build, &step)? {
                return Err(Halt::Ended(Ended::Fenced(why)));
            }
            let mut indexes = native.write_back(&mut transaction, fold, halved)?;
            if let Some((load, half)) = half {
                half.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                ledger::keep(&mut transaction, build.id)?;
                indexes.extend_from_slice(&load.indexes);
            }
            // Where the replay ends, the finish is next, also after a crash, and makes several at once.
            let finish_is_next = build.state == State::Replaying && to == *until;
            for statement in &indexes {
                match finish_is_next {
                    true => ledger::at_finish(&mut transaction, build.id, statement)?,
                    false => transaction.run(statement)?,
                }
            }
            Ok(transaction.commit("native::write")?)
        })?;
        citus::settle(self.session, &self.build.schema)?;
        self.fold.tables.iter_mut().for_each(Table::written);
        self.build.position = to;
        self.build.events_read += read.events;
        self.build.anchor = step.anchor.or_else(|| self.build.anchor.take());
        self.work.native += applied;
        (self.at, self.read, self.applied) = (to, Tally::default(), 0);
        Ok(())
    }

    /// Writes rows out and lets cold ones go where memory is used up.
    fn enforce_memory_budget(&mut self) -> Result<(), Halt> {
        let (bytes, budget) = (self.fold.bytes(), self.budget);
        if bytes >= self.next_round {
            self.next_round = bytes + budget / ROUNDS;
            self.fold.tables.iter_mut().for_each(Table::begin_round);
        }
        if bytes <= budget {
            return Ok(());
        }
        self.commit(self.at)?;
        for rounds in [2, 0] {
            if self.fold.bytes() > budget / 2 {
                self.fold.tables.iter_mut().for_each(|table| table.evict(rounds));
            }
        }
        self.next_round = self.fold.bytes() + budget / ROUNDS;
        Ok(())
    }

    fn note(&self) {
        self.pass.observer.note(&Progress::Batch {
            build: self.build.schema.as_str().to_owned(),
            position: self.at,
            target: self.until,
            events: u64::try_from(self.build.events_read + self.read.events).unwrap_or(0),
            whole: None,
        });
    }
}
