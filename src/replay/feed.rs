//! One pass over the log for any number of builds.
//!
//! Readers hand chunks to each build ([`readers`](super::readers)). A build of the sql engine has
//! two threads: one binds the next batch while the server works on the one before. A build of the
//! native engine has one, which folds what the readers have bound. A build that stops does not
//! stop the others.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::anchor::Anchor;
use crate::context::Context;
use crate::definition::OnError;
use crate::event::Position;
use crate::handler::function::NAME;
use crate::ident::Ident;
use crate::identity::{Identity, IdentityError};
use crate::ledger::Build;
use crate::log::barrier::Mark;
use crate::log::ranges::{Density, Ranges};
use crate::log::wanted::{ChunkBounds, Needs, Range};
use crate::log::{Log, LogError};
use crate::pg::search_path::SearchPath;
use crate::pg::snapshots;
use crate::pg::{PgError, Server, Session, Sql, catalog};
use crate::progress::Progress;
use crate::replay::asking::Asking;
use crate::replay::batch_size::{BatchSizes, Watch};
use crate::replay::build_session::{BuildSession, Ended, Work};
use crate::replay::counted::Counted;
use crate::replay::native::Native;
use crate::replay::native::bind::Binder;
use crate::replay::native::worker::{NativeWorker, RereadLog, Room};
use crate::replay::pass::{Hold, Pass};
use crate::replay::readers::{ChunkReceiver, ChunkSender, Piece, Reading};
use crate::replay::sql::Program;
use crate::replay::sql::apply::{Applied, apply};
use crate::replay::sql::batch::Batch;
use crate::replay::standby::{self, Lane};

/// So many times what an event cost at best is worth a look at who is in the way.
const STRAINED: f64 = 3.0;
/// How often that is told.
const TELL_EVERY: Duration = Duration::from_secs(15);
/// For how long a snapshot has to be held to be named, in seconds.
const HELD_FOR_S: f64 = 5.0;
/// Batches that wait for the server.
const WAITING: usize = 2;
/// Builds that are worked on at a time, each with a session of its own; others wait for their turn.
/// With what else a pass opens (two sessions for the log and four to read it, for each build one to read again
/// what its program cannot run, and one for claims or the ledger) these are 32 connections at the most.
pub const AT_A_TIME: usize = 12;
/// Of so many builds each may load its first rows by halves, with one more session.
const HALVED: usize = 4;
/// Chunks in a range where several sessions read.
const CHUNKS_A_RANGE: i64 = 4;
/// From so many events on a pass lasts long enough to be told how far it is.
const MANY_EVENTS: i64 = 10_000;
/// After so many events the tables' statistics are renewed, so that plans fit their size.
const ANALYZE_AFTER: [i64; 4] = [5_000, 50_000, 500_000, 5_000_000];

/// The log and the sessions that read it.
pub struct Source {
    /// The session.
    pub session: Session,
    /// The log.
    pub log: Log,
    /// What makes it this log.
    pub identity: Identity,
    server: Server,
    /// The standbys long passes are read from, if there are any.
    standbys: Vec<Server>,
    /// The sessions long passes are read by, once there was one.
    read_by: Vec<Lane>,
}

impl Source {
    /// Opens the log of a project and finds it in the ledger; `purpose` shows in `pg_stat_activity`.
    ///
    /// # Errors
    /// The log cannot be read, or the ledger refuses.
    pub fn open(
        context: &Context,
        ledger: &mut Session,
        purpose: &str,
    ) -> Result<Source, IdentityError> {
        Source::of(context, ledger, context.open_log(purpose)?, purpose)
    }

    /// Finds a log that has been opened in the ledger.
    ///
    /// # Errors
    /// The ledger or a server refuses.
    pub fn of(
        context: &Context,
        ledger: &mut Session,
        (session, log): (Session, Log),
        purpose: &str,
    ) -> Result<Source, IdentityError> {
        let identity = Identity::open(context, ledger, &log, purpose)?;
        let (server, standbys) = (context.event_store.clone(), context.standbys.clone());
        Ok(Source { session, log, identity, server, standbys, read_by: Vec::new() })
    }
}

impl Pass<'_> {
    /// Brings every build to a mark.
    ///
    /// # Errors
    /// The log cannot be read; what went wrong with a build is in its [`BuildSession::ended`].
    pub fn run(
        &self,
        source: &mut Source,
        members: &mut [&mut BuildSession],
        mark: Mark,
    ) -> Result<(), IdentityError> {
        let until = mark.position();
        let Some(start) = members.iter().map(|l| l.build.position).min() else { return Ok(()) };
        for member in members.iter_mut().filter(|l| l.build.position < until) {
            source.identity.begin(&mut member.session, &mut member.build)?;
        }
        let (types, needs) = wanted(members);
        let natives = members.iter().filter(|l| l.native.is_some()).count();
        let most = self.pace.batch_events;
        let most = self.throttle.map_or(most, |throttle| throttle.batch(most));
        let batch = i64::try_from(most).unwrap_or(i64::MAX);
        let span = match natives {
            0 => batch.min(self.pace.range_positions),
            _ => batch.saturating_mul(CHUNKS_A_RANGE).min(self.pace.range_positions),
        };
        let Source { session, log, identity, server, standbys, read_by } = source;
        let identity: &Identity = identity;
        let (range, long) = (Range { after: start, until }, span.saturating_mul(4));
        let is_far = until.0.saturating_sub(start.0) > long;
        let density = if is_far { log.density(session, range)? } else { Density::Close };
        let is_long = is_far
            && match density {
                Density::Close => true,
                Density::Apart => log.holds_more(session, range, long)?,
                Density::Few => false,
            };
        let lanes = if natives > 0 && is_long { self.pace.workers() } else { 1 };
        let ranges = Ranges::new(log, range, span, density);
        let is_apart = lanes > 1 || (is_long && !standbys.is_empty());
        if is_apart {
            let of = (&*server, &mut *session);
            standby::prepare(read_by, (lanes, standbys), of, (self.observer, self.interrupt))?;
        }
        let in_sql = members.len() - natives;
        let sizes = BatchSizes::new(most, in_sql);
        let reading = Reading {
            log,
            ranges: &ranges,
            types: &types,
            needs,
            bounds: ChunkBounds { events: most, bytes: self.pace.batch_bytes },
            sizes: &sizes,
            // Who waits between batches does not keep a statement open.
            is_brief: in_sql > 0 || self.throttle.is_some(),
            throttle: self.throttle,
            interrupt: self.interrupt,
        };
        let counts = density == Density::Apart && log.holds_more(session, range, MANY_EVENTS)?;
        let counted = Counted::of(self.observer, (log, session), members, until, counts)?;
        let pass = &Pass { observer: &counted, ..*self };
        let reread = RereadLog { log, server, needs };
        let done = std::thread::scope(|scope| {
            let mut senders: Vec<Vec<ChunkSender<'_>>> = (0..lanes).map(|_| Vec::new()).collect();
            let mut watches = (0..in_sql).map(|build| sizes.watch(build));
            for member in members.iter_mut() {
                member.ended = Ended::Reached;
                if member.build.position >= until {
                    continue;
                }
                let BuildSession { build, program, native, work, session, ended } = &mut **member;
                let (after, policy) = (build.position, build.on_error);
                let program: &Program = program;
                let native: Option<&Native> = native.as_ref();
                let binder = native.map(|native| Binder { program, native });
                let (of_readers, feed) = ChunkSender::new(after, binder, lanes);
                senders.iter_mut().zip(of_readers).for_each(|(all, own)| all.push(own));
                if let Some(native) = native {
                    let budget = usize::try_from(self.pace.memory_budget.as_u64())
                        .unwrap_or(usize::MAX)
                        / natives;
                    scope.spawn(move || {
                        let (programs, of) = ((native, program), (build, session));
                        let room = Room { budget, may_halve: natives <= HALVED };
                        let carrier = NativeWorker::new(
                            (pass, identity),
                            programs,
                            of,
                            (until, reread),
                            room,
                        );
                        *ended = carrier.run(feed, work);
                    });
                    continue;
                }
                let Some(watch) = watches.next() else { continue };
                let (send_batch, batches) = sync_channel(WAITING);
                scope.spawn(move || bind_all(program, after, policy, feed, &send_batch));
                scope.spawn(move || {
                    let of = (build, session, identity);
                    *ended = pass.apply_all(program, of, &batches, (until, work, watch));
                });
            }
            // Only the readers may keep the builds waiting: what they send by goes with them.
            let mut threads = Vec::new();
            let mut read_by = read_by.iter_mut();
            let mut session = Some(session);
            for (lane, senders) in senders.into_iter().enumerate() {
                let place = (lane, lanes);
                match read_by.next().filter(|_| is_apart) {
                    Some(session) => {
                        threads.push(scope.spawn(move || reading.run(session, place, senders)));
                    }
                    None => {
                        let Some(session) = session.take() else { break };
                        threads.push(scope.spawn(move || reading.run(session, place, senders)));
                    }
                }
            }
            let mut result = Ok(());
            for thread in threads {
                let ended = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                result = result.and(ended);
            }
            result
        });
        for told in source.read_by.iter_mut().filter_map(Lane::take_told) {
            self.observer.note(&Progress::Note(told));
        }
        Ok(done?)
    }

    fn apply_all(
        &self,
        program: &Program,
        (build, session, identity): (&mut Build, &mut Session, &Identity),
        batches: &Receiver<Result<Batch, LogError>>,
        (until, work, mut watch): (Position, &mut Work, Watch<'_>),
    ) -> Ended {
        let (mut told, mut asking) = (Instant::now(), Asking::new());
        for batch in batches {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => return Ended::Damaged(error),
            };
            match self.hold(&mut asking, session, build) {
                Ok(None) => {}
                Ok(Some(Hold::Interrupted)) => break,
                Ok(Some(Hold::Asked(wish))) => return Ended::Asked(wish),
                Err(error) => return Ended::Failed(error),
            }
            let began = Instant::now();
            let applied = apply(session, (build, identity), program, &batch);
            watch.note(usize::try_from(batch.read.events).unwrap_or(0), began.elapsed());
            if watch.strain() > STRAINED && told.elapsed() > TELL_EVERY {
                told = Instant::now();
                self.tell_who_holds_dead_rows(session, build);
            }
            match applied {
                Ok(Applied::Committed { left_out, anchor }) => {
                    work.sql += i64::try_from(batch.kinds.len()).unwrap_or(i64::MAX);
                    let done = (left_out, anchor);
                    if let Err(error) = self.committed(build, session, &batch, until, done) {
                        return Ended::Failed(error.into());
                    }
                }
                Ok(Applied::Poisoned(failure)) => return Ended::Poisoned(failure),
                Ok(Applied::Fenced(why)) => return Ended::Fenced(why),
                Ok(Applied::Unanchored(why)) => return Ended::Unanchored(why),
                Err(error) => return Ended::Failed(error),
            }
            match self.asked(&mut asking, session, build) {
                Ok(None) => {}
                Ok(Some(wish)) => return Ended::Asked(wish),
                Err(error) => return Ended::Failed(error),
            }
            if self.interrupt.raised() {
                break;
            }
        }
        Ended::Reached
    }

    /// Names whoever keeps dead rows from being taken away, so that each change of a row gets slower.
    /// Who may not see it learns nothing, and that is no reason to stop.
    fn tell_who_holds_dead_rows(&self, session: &mut Session, build: &Build) {
        let holders = snapshots::held(session, HELD_FOR_S).unwrap_or_default();
        let Some((who, next)) = holders.into_iter().next() else { return };
        self.observer.note(&Progress::Note(format!(
            "{}: changes of rows get slower: {who} keeps dead rows from being taken away; to end it: {next}",
            build.schema
        )));
    }

    /// Takes note of a batch that is committed.
    ///
    /// # Errors
    /// Statistics could not be renewed.
    pub fn committed(
        &self,
        build: &mut Build,
        session: &mut Session,
        batch: &Batch,
        until: Position,
        (left_out, anchor): (u64, Option<Anchor>),
    ) -> Result<(), PgError> {
        let before = build.events_read;
        build.position = batch.range.until;
        build.events_read += batch.read.events;
        build.anchor = anchor.or_else(|| build.anchor.take());
        build.count_left_out(left_out);
        if ANALYZE_AFTER.iter().any(|n| before < *n && *n <= build.events_read) {
            for table in catalog::tables(session, &build.schema)? {
                analyze(session, build, &table.name)?;
            }
        }
        let name = || build.schema.as_str().to_owned();
        self.observer.note(&Progress::Batch {
            build: name(),
            position: build.position,
            target: until,
            events: u64::try_from(build.events_read).unwrap_or(0),
            whole: None,
        });
        if left_out > 0 {
            self.observer.note(&match build.on_error {
                OnError::Skip => Progress::Skipped { build: name(), events: left_out },
                OnError::Park | OnError::Stop => {
                    Progress::Parked { build: name(), events: left_out }
                }
            });
        }
        Ok(())
    }
}

/// Renews the statistics of a build's table. Functions in an index's expression are called, and find
/// what they name as in the build.
///
/// # Errors
/// The server refuses.
pub fn analyze(session: &mut Session, build: &Build, table: &Ident) -> Result<(), PgError> {
    let path = SearchPath::of(session, &build.schema, NAME)?.list;
    // One message is one transaction, at whose end the path is the session's again.
    session.run(&format!("SET LOCAL search_path = {path}; ANALYZE {}", build.schema.dot(table)))
}

fn bind_all(
    program: &Program,
    mut after: Position,
    policy: OnError,
    feed: ChunkReceiver,
    batches: &SyncSender<Result<Batch, LogError>>,
) {
    for piece in feed {
        let chunk = match piece {
            Piece::Chunk(chunk) => chunk,
            Piece::Bound(bound) => bound.chunk,
            Piece::Damaged(error) => {
                let _ = batches.send(Err(error));
                return;
            }
        };
        let until = chunk.range.until;
        let batch = program.bind(&chunk, Range { after, until }, policy);
        let last = batch.as_ref().map_or(true, |b| b.poison.is_some());
        after = until;
        // The receiver is gone when the build stopped.
        if batches.send(batch).is_err() || last {
            return;
        }
    }
}

fn wanted(members: &[&mut BuildSession]) -> (Vec<String>, Needs) {
    let mut types: Vec<String> =
        members.iter().flat_map(|l| l.program.types.iter().cloned()).collect();
    types.sort();
    types.dedup();
    let of = |member: &&mut BuildSession| Needs {
        minimal_columns: member.native.as_ref().is_some_and(Native::takes_minimal_columns),
        stream: member.native.as_ref().is_none_or(Native::uses_stream),
        ..member.program.needs
    };
    let needs = members.iter().map(of).reduce(Needs::or).unwrap_or_default();
    (types, needs)
}

/// How long somebody waits who has nothing to do.
#[must_use]
pub fn poll_pause(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds.clamp(1, 60_000))
}
