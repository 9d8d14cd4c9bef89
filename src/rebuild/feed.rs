//! One pass over the log for any number of builds.
//!
//! One thread reads, and each build has two: one binds the next batch while the server
//! works on the one before. Channels are short, so a slow build holds memory for a few
//! chunks and no more. A build that stops does not stop the others.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::config::Rebuild;
use crate::event::Position;
use crate::failure::Failure;
use crate::ledger::{self, Build, LedgerError};
use crate::log::reader::{Chunk, ChunkBounds, Needs, Range, Wanted};
use crate::log::{Log, LogError};
use crate::pg::{PgError, Session, Sql};
use crate::progress::{Interrupt, Observer, Progress};
use crate::rebuild::sql_engine::apply::{Applied, apply};
use crate::rebuild::sql_engine::batch::Batch;
use crate::rebuild::sql_engine::{Program, ProgramError};

/// Chunks that wait for a build, and batches that wait for the server.
const WAITING: usize = 2;
/// After so many events the tables' statistics are renewed, so that plans fit their size.
const ANALYZE_AFTER: [i64; 4] = [5_000, 50_000, 500_000, 5_000_000];

/// A build that takes part in a pass.
pub struct Line {
    /// The build; its position moves with its checkpoint.
    pub build: Build,
    /// Its program.
    pub program: Program,
    /// The session its rows are written by.
    pub session: Session,
    /// How the last pass ended for it.
    pub ended: Ended,
}

/// Why a build cannot take part.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Its definition cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

impl Line {
    /// Makes a build of the ledger ready to take part in a pass.
    ///
    /// # Errors
    /// Its definition cannot be run.
    pub fn open(mut session: Session, build: Build) -> Result<Line, OpenError> {
        let definition = ledger::definition(&mut session, &build)?;
        let program = Program::install(&mut session, &build.schema, &definition)?;
        Ok(Line { build, program, session, ended: Ended::Reached })
    }
}

/// How a pass ended for one build.
#[derive(Debug)]
pub enum Ended {
    /// Everything up to the mark is in its tables, or somebody asked to stop between batches.
    Reached,
    /// An event cannot be applied.
    Poisoned(Box<Failure>),
    /// Somebody else moved the build.
    Fenced(String),
    /// The ledger or the server refused, or the connection is lost.
    Failed(LedgerError),
    /// The log's rows are damaged.
    Damaged(LogError),
}

/// The log and the session that reads it.
pub struct Source {
    /// The session.
    pub session: Session,
    /// The log.
    pub log: Log,
}

/// What a pass needs besides the log and the builds.
pub struct Pass<'a> {
    /// Sizes of ranges and batches.
    pub pace: &'a Rebuild,
    /// Who is told.
    pub observer: &'a dyn Observer,
    /// Who may ask to stop.
    pub interrupt: &'a Interrupt,
}

impl Pass<'_> {
    /// Brings every build to `until`, which must be a mark of the barrier.
    ///
    /// # Errors
    /// The log cannot be read; what went wrong with a build is in its [`Line::ended`].
    pub fn run(
        &self,
        source: &mut Source,
        lines: &mut [&mut Line],
        until: Position,
    ) -> Result<(), LogError> {
        let Some(start) = lines.iter().map(|l| l.build.position).min() else { return Ok(()) };
        let (types, needs) = wanted(lines);
        std::thread::scope(|scope| {
            let mut senders: Vec<(Position, SyncSender<Arc<Chunk>>)> = Vec::new();
            for line in lines.iter_mut() {
                line.ended = Ended::Reached;
                if line.build.position >= until {
                    continue;
                }
                let (send_chunk, chunks) = sync_channel(WAITING);
                let (send_batch, batches) = sync_channel(WAITING);
                senders.push((line.build.position, send_chunk));
                let Line { build, program, session, ended } = &mut **line;
                let (after, policy) = (build.position, build.on_error);
                let program: &Program = program;
                scope.spawn(move || {
                    bind_all(program, after, policy, &chunks, &send_batch);
                });
                scope.spawn(move || {
                    *ended = self.apply_all(program, build, session, &batches, until);
                });
            }
            self.read_all(source, start, until, &types, needs, &mut senders)
        })
    }

    fn read_all(
        &self,
        source: &mut Source,
        start: Position,
        until: Position,
        types: &[String],
        needs: Needs,
        senders: &mut Vec<(Position, SyncSender<Arc<Chunk>>)>,
    ) -> Result<(), LogError> {
        let bounds = ChunkBounds { events: self.pace.batch_events, bytes: self.pace.batch_bytes };
        let Source { session, log } = source;
        let mut after = start;
        while after < until && !senders.is_empty() && !self.interrupt.raised() {
            let end = Position(after.0.saturating_add(self.pace.range_positions)).min(until);
            let range = Range { after, until: end };
            let mut stopped = false;
            log.read(session, range, Wanted::Types(types), needs, bounds, &mut |chunk| {
                let chunk = Arc::new(chunk);
                // A build whose threads have ended is no longer fed.
                senders.retain(|(position, sender)| {
                    chunk.range.until <= *position || sender.send(Arc::clone(&chunk)).is_ok()
                });
                stopped = senders.is_empty() || self.interrupt.raised();
                !stopped
            })?;
            if stopped {
                break;
            }
            after = end;
        }
        Ok(())
    }

    fn apply_all(
        &self,
        program: &Program,
        build: &mut Build,
        session: &mut Session,
        batches: &Receiver<Result<Batch, LogError>>,
        until: Position,
    ) -> Ended {
        for batch in batches {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => return Ended::Damaged(error),
            };
            match apply(session, build, program, &batch) {
                Ok(Applied::Committed { parked }) => {
                    if let Err(error) = self.committed(build, session, &batch, until, parked) {
                        return Ended::Failed(error.into());
                    }
                }
                Ok(Applied::Poisoned(failure)) => return Ended::Poisoned(failure),
                Ok(Applied::Fenced(why)) => return Ended::Fenced(why),
                Err(error) => return Ended::Failed(error),
            }
            if self.interrupt.raised() {
                break;
            }
        }
        Ended::Reached
    }

    fn committed(
        &self,
        build: &mut Build,
        session: &mut Session,
        batch: &Batch,
        until: Position,
        parked: u64,
    ) -> Result<(), PgError> {
        let before = build.events_read;
        build.position = batch.range.until;
        build.events_read += batch.read;
        build.parked += i64::try_from(parked).unwrap_or(i64::MAX);
        if ANALYZE_AFTER.iter().any(|n| before < *n && *n <= build.events_read) {
            analyze(session, build)?;
        }
        let name = || build.schema.as_str().to_owned();
        self.observer.note(&Progress::Batch {
            build: name(),
            position: build.position,
            target: until,
            events: u64::try_from(build.events_read).unwrap_or(0),
        });
        if parked > 0 {
            self.observer.note(&Progress::Parked { build: name(), events: parked });
        }
        Ok(())
    }
}

/// Renews the statistics of a build's tables.
///
/// # Errors
/// The server refuses.
pub fn analyze(session: &mut Session, build: &Build) -> Result<(), PgError> {
    for table in crate::pg::catalog::tables(session, &build.schema)? {
        session.run(&format!("ANALYZE {}", build.schema.dot(&table.name)))?;
    }
    Ok(())
}

fn bind_all(
    program: &Program,
    mut after: Position,
    policy: crate::definition::OnError,
    chunks: &Receiver<Arc<Chunk>>,
    batches: &SyncSender<Result<Batch, LogError>>,
) {
    for chunk in chunks {
        let batch = program.bind(&chunk, after, policy);
        let last = batch.as_ref().map_or(true, |b| b.poison.is_some());
        after = chunk.range.until;
        // The receiver is gone when the build stopped.
        if batches.send(batch).is_err() || last {
            return;
        }
    }
}

fn wanted(lines: &[&mut Line]) -> (Vec<String>, Needs) {
    let mut types: Vec<String> =
        lines.iter().flat_map(|l| l.program.types.iter().cloned()).collect();
    types.sort();
    types.dedup();
    let needs = lines.iter().fold(Needs::default(), |needs, line| needs.or(line.program.needs));
    (types, needs)
}

/// How long somebody waits who has nothing to do.
#[must_use]
pub fn poll_pause(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds.clamp(1, 60_000))
}
