//! Events into changes of a row: read, replayed in scratch, noted by the witness.
//!
//! Each batch commits, so that dead versions of a row do not pile up; the database is thrown away.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scope::{ByKey, Scope};
use super::subject::{KeyPart, Subject, is_of_key, values_of};
use super::witness::{self, Note};
use super::{Bound, Change, EventOf, Moved, Parked, TraceError, Values};
use crate::definition::OnError;
use crate::event::{Position, RawEvent};
use crate::failure::Failure;
use crate::ident::Ident;
use crate::log::Log;
use crate::log::keyed::Picked;
use crate::log::reader::{Chunk, ChunkBounds, Needs, Range, Wanted};
use crate::pg::{Prepared, Session, Sql};
use crate::replay::sql::Program;
use crate::replay::sql::apply::{apply_alone, prepare_in};
use crate::replay::sql::batch::Batch;
use crate::scratch::{self, Scratch};
use crate::site::Site;

/// Events and bytes of a batch at the most.
const BOUNDS: ChunkBounds = ChunkBounds { events: 1_000, bytes: 4 << 20 };

/// What came of a replay.
pub(super) struct Replayed {
    pub(super) bound: Bound,
    pub(super) changes: Vec<Change>,
    pub(super) row: Option<Values>,
    pub(super) events_read: i64,
    pub(super) events_applied: u64,
    pub(super) parked: Vec<Parked>,
    pub(super) refused: Vec<Failure>,
    pub(super) sql: Vec<(String, String)>,
}

/// Replays the events that decide a row, up to a position.
pub(super) fn replay(
    site: &Site,
    (events, log): (&mut Session, &Log),
    subject: &Subject,
    (until, payloads): (Position, bool),
) -> Result<Replayed, TraceError> {
    let at = scratch::beside(&subject.build.projection);
    let lineage = subject.definition.parse()?.lineage;
    let mut scratch = Scratch::of(site);
    let mut room = scratch.made(&lineage, &at)?;
    let session = room.session();
    let Scope { parsed, by } = Scope::of(session, &at, subject)?;
    let types = match &by {
        Ok(by) => by.places.keys().cloned().collect(),
        Err(_) => parsed.reach.types().iter().cloned().collect::<Vec<String>>(),
    };
    let (program, ()) = Program::install_parsed(session, &at, parsed, |_, _| Ok(()))?;
    let of = (subject.columns.as_slice(), subject.key.as_slice());
    witness::install(session, (&at, &subject.table), of, &program.function)?;
    let call = prepare_in(session, &at)?;
    let picked = match &by {
        Ok(by) => Some(log.pick(&by.places, by.value(), is_in_utf8(events)?)),
        Err(_) => None,
    };
    let (bound, by) = match (by, &picked) {
        (Ok(by), Some(Picked { unpicked, compared, .. })) => {
            (by.told(unpicked.clone(), compared.clone()), Some(by))
        }
        (Ok(by), None) => (by.told(Vec::new(), Vec::new()), Some(by)),
        (Err(obstacle), _) => (Bound::Nothing(obstacle), None),
    };
    let wanted = match &picked {
        Some(picked) => Wanted::Picked { types: &types, condition: &picked.condition },
        None => Wanted::Types(&types),
    };
    let first = row(session, &at, subject)?;
    let range = Range { after: Position(0), until };
    // The time is told, and decides nothing: an event without one is read all the same.
    let needs = Needs { recorded_at: true, ..program.needs };
    let sql = vec![("the events, from the log".to_owned(), log.reading(range, wanted, needs))];
    let mut replay = Replay {
        session,
        program: &program,
        call,
        by: by.as_ref(),
        subject,
        payloads,
        done: Replayed {
            bound,
            changes: Vec::new(),
            row: first,
            events_read: 0,
            events_applied: 0,
            parked: Vec::new(),
            refused: Vec::new(),
            sql,
        },
    };
    let mut failed = None;
    log.read(events, range, wanted, needs, BOUNDS, &mut |chunk| {
        let taken = match site.interrupt.raised() {
            true => Err(TraceError::Interrupted),
            false => replay.take(Arc::new(chunk)),
        };
        failed = taken.err();
        failed.is_none()
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(replay.done),
    }
}

fn is_in_utf8(session: &mut Session) -> Result<bool, TraceError> {
    let encoding = session.ask("SELECT pg_catalog.getdatabaseencoding()")?;
    Ok(encoding.as_deref() == Some("UTF8"))
}

/// The row in scratch.
fn row(session: &mut Session, at: &Ident, subject: &Subject) -> Result<Option<Values>, TraceError> {
    let sql = format!(
        "SELECT {} FROM {} AS regrow$row WHERE {}",
        values_of("regrow$row", &subject.columns),
        at.dot(&subject.table),
        is_of_key("regrow$row", &subject.key)
    );
    Ok(session.query_opt(&sql, &[])?.map(|row| row.get(0)))
}

struct Replay<'r> {
    session: &'r mut Session,
    program: &'r Program,
    call: Prepared,
    by: Option<&'r ByKey>,
    subject: &'r Subject,
    payloads: bool,
    done: Replayed,
}

impl Replay<'_> {
    /// Replays a chunk without the events that are parked in the build.
    fn take(&mut self, chunk: Arc<Chunk>) -> Result<(), TraceError> {
        let whole = chunk.range;
        let mut after = whole.after;
        let parked = |failure: &&Failure| {
            whole.after.0 < failure.position && failure.position <= whole.until.0
        };
        let aside: Vec<&Failure> = self.subject.parked.iter().filter(parked).collect();
        for failure in aside {
            let at = Position(failure.position);
            self.apply(&chunk, Range { after, until: Position(at.0 - 1) })?;
            self.leave_aside(&chunk, failure)?;
            after = at;
        }
        self.apply(&chunk, Range { after, until: whole.until })
    }

    fn apply(&mut self, chunk: &Arc<Chunk>, range: Range) -> Result<(), TraceError> {
        if range.until <= range.after {
            return Ok(());
        }
        let batch = self.of_key(self.program.bind(chunk, range, OnError::Park)?);
        self.done.events_read += batch.read.events;
        if batch.kinds.is_empty() && batch.parked.is_empty() {
            return Ok(());
        }
        self.done.events_applied += batch.kinds.len() as u64;
        let mut transaction = self.session.begin()?;
        let refused = apply_alone(&mut transaction, &self.call, self.program, &batch)?;
        let notes = witness::take(&mut transaction, &self.program.function)?;
        transaction.commit("trace::batch")?;
        self.done.refused.extend(refused.into_iter().map(|one| one.failure.without_words()));
        self.tell(&batch, notes);
        Ok(())
    }

    /// The events of a batch that may be of the row's key.
    fn of_key(&self, batch: Batch) -> Batch {
        let Some(by) = self.by else { return batch };
        batch.only(|kind, args| self.is_of_key(by, kind, args).unwrap_or(true))
    }

    fn is_of_key(&self, by: &ByKey, kind: i16, args: &[Option<&str>]) -> Option<bool> {
        let handler = usize::try_from(kind).unwrap_or(usize::MAX);
        by.is_of_key(handler, self.program.function.slots.get(handler)?, args)
    }

    /// Takes note of a parked event that has to do with the row, or may have.
    fn leave_aside(&mut self, chunk: &Arc<Chunk>, failure: &Failure) -> Result<(), TraceError> {
        let alone =
            Range { after: Position(failure.position - 1), until: Position(failure.position) };
        let batch = self.program.bind(chunk, alone, OnError::Park)?;
        self.done.events_read += batch.read.events;
        let mut found = None;
        for (kind, args) in batch.calls() {
            // Where nothing binds the row, an event that names its key may have to do with it.
            let one = match self.by {
                Some(by) => self.is_of_key(by, kind, &args),
                None => (!names(&self.subject.key, &args)).then_some(false),
            };
            found = match (found, one) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (_, None) => Some(false),
                (before, Some(false)) => before,
            };
        }
        // One that cannot be bound may be of any key, if the log's server let it pass.
        if found.is_none() && !batch.parked.is_empty() && self.by.is_some() {
            found = Some(false);
        }
        if let Some(is_of_key) = found {
            self.done.parked.push(Parked { failure: failure.clone(), is_of_key });
        }
        Ok(())
    }

    /// Notes into changes.
    fn tell(&mut self, batch: &Batch, notes: Vec<Note>) {
        if notes.is_empty() {
            return;
        }
        let mut events: BTreeMap<usize, EventOf> = BTreeMap::new();
        let counts = |entry: usize| notes.iter().any(|note| note.entry == entry);
        let payloads = self.payloads;
        batch.each(|entry, event, part| {
            if counts(entry) {
                events.insert(entry, event_of(event, part, payloads));
            }
        });
        for Note { entry, before, after, of_key: (was, is), place } in notes {
            let Some(event) = events.get(&entry).cloned() else { continue };
            let moved = match (was, is) {
                (false, true) => before.as_ref().map(|row| Moved::From(self.key_of(row))),
                (true, false) => after.as_ref().map(|row| Moved::To(self.key_of(row))),
                _ => None,
            };
            let (before, after) = (before.filter(|_| was), after.filter(|_| is));
            self.done.row.clone_from(&after);
            self.done.changes.push(Change { event, place, before, after, moved });
        }
    }

    /// The key of a row, in the order in which it was given.
    fn key_of(&self, row: &Values) -> Values {
        let at = |part: &KeyPart| {
            let column = self.subject.columns.iter().position(|column| *column == part.column);
            column.and_then(|column| row.get(column)).cloned().flatten()
        };
        self.subject.key.iter().map(at).collect()
    }
}

/// Whether an argument of an event is a value of the key.
fn names(key: &[KeyPart], args: &[Option<&str>]) -> bool {
    key.iter().all(|part| args.iter().flatten().any(|arg| *arg == part.value || *arg == part.given))
}

fn event_of(event: &RawEvent<'_>, part: u32, payloads: bool) -> EventOf {
    EventOf {
        position: event.position,
        part,
        recorded_at: event.recorded_at.map(str::to_owned),
        stream_id: event.stream_id.to_owned(),
        stream_version: event.stream_version,
        event_type: event.event_type.to_owned(),
        schema_version: event.schema_version,
        payload: payloads.then(|| event.payload.to_owned()),
    }
}
