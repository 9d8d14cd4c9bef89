//! Events into the arguments of one call.
//!
//! Runs on its own thread while the server works on the batch before. An event that
//! cannot be bound ends the batch, or is left out of it, as the build's policy says.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Program;
use super::refused::refused_event;
use crate::anchor::Tally;
use crate::copy_format::TextArray;
use crate::definition::OnError;
use crate::event::{Excess, Position, RawEvent};
use crate::failure::{Failure, FailureCode, SensitiveDetail, UNKNOWN_NUMBER, UNKNOWN_VERSION};
use crate::handler::bind::{BindError, Seen};
use crate::log::reader::Chunk;
use crate::log::wanted::{Needs, Range};
use crate::log::{Fault, Field, LogError, Unreadable};
use crate::upcast::{NoPath, UpcastFailure, Upcasted};
use crate::value::{JsonError, Object};

/// Arguments for one call of the function, and the part of the log they stand for.
#[derive(Debug)]
pub struct Batch {
    /// From the build's checkpoint to its next one.
    pub range: Range,
    /// Events read from the log.
    pub read: Tally,
    /// The handler of each event that reaches one.
    pub kinds: Vec<i16>,
    /// The arguments, one event after another.
    pub args: TextArray,
    /// For each entry of `kinds`: its row in the chunk, its part, and where its arguments begin.
    origins: Vec<Origin>,
    chunk: Arc<Chunk>,
    needs: Needs,
    /// Events that could not be bound and are left out.
    pub left_out: Vec<Failure>,
    /// The event that ends the build, behind everything in `kinds`.
    pub poison: Option<Failure>,
}

#[derive(Debug, Clone, Copy)]
struct Origin {
    row: u32,
    part: u32,
    first_arg: u32,
}

impl Batch {
    /// How many events of the log reach a handler, whatever upcasters make of each.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.origins.chunk_by(|one, next| one.row == next.row).count() as u64
    }

    /// Where the arguments of an entry of `kinds` begin.
    #[must_use]
    pub fn first_arg(&self, index: usize) -> i32 {
        self.origins.get(index).map_or(0, |o| i32::try_from(o.first_arg).unwrap_or(i32::MAX))
    }

    /// The event behind an entry of `kinds`, as a failure without a reason yet.
    #[must_use]
    pub fn blame(&self, index: usize) -> Failure {
        let Some(origin) = self.origins.get(index) else { return Failure::default() };
        let row = usize::try_from(origin.row).unwrap_or(usize::MAX);
        match self.chunk.texts(self.needs).nth(row) {
            Some(Ok(event)) => {
                failure(&event, origin.part, None, (FailureCode::HandlerRefused, String::new()))
            }
            _ => Failure::default(),
        }
    }
}

impl Batch {
    /// The numbers of the arguments of some entries of `kinds`.
    #[must_use]
    pub fn arguments(&self, entries: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let first = |entry: usize| {
            let known = self.origins.get(entry).map(|o| usize::try_from(o.first_arg));
            known.and_then(Result::ok).unwrap_or(self.args.len())
        };
        first(entries.start)..first(entries.end)
    }

    /// The handler and the arguments of each entry.
    pub fn calls(&self) -> impl Iterator<Item = (i16, Vec<Option<&str>>)> {
        let mut all = self.args.iter();
        self.kinds.iter().enumerate().map(move |(entry, kind)| {
            let count = self.arguments(entry..entry + 1).len();
            (*kind, all.by_ref().take(count).collect())
        })
    }

    /// Only those entries that `keep` wants, which sees the handler and the arguments of each.
    #[must_use]
    pub fn only(&self, mut keep: impl FnMut(i16, &[Option<&str>]) -> bool) -> Batch {
        let mut rest = self.emptied();
        for (entry, (kind, args)) in self.calls().enumerate() {
            if keep(kind, &args) {
                let first_arg = u32::try_from(rest.args.len()).unwrap_or(u32::MAX);
                args.iter().for_each(|arg| rest.args.push(*arg));
                rest.kinds.push(kind);
                rest.origins.push(Origin { first_arg, ..self.origins[entry] });
            }
        }
        rest
    }

    /// Shows each entry of `kinds` with its number, its event and the event's part.
    pub fn each(&self, mut see: impl FnMut(usize, &RawEvent<'_>, u32)) {
        let mut entries = self.origins.iter().enumerate().peekable();
        for (row, event) in self.chunk.texts(self.needs).enumerate() {
            let of_row = |origin: &Origin| usize::try_from(origin.row) == Ok(row);
            while let Some((entry, origin)) = entries.next_if(|(_, origin)| of_row(origin)) {
                if let Ok(event) = &event {
                    see(entry, event, origin.part);
                }
            }
        }
    }

    /// The same part of the log without entries.
    fn emptied(&self) -> Batch {
        Batch {
            range: self.range,
            read: self.read,
            kinds: Vec::with_capacity(self.kinds.len()),
            args: TextArray::default(),
            origins: Vec::with_capacity(self.kinds.len()),
            chunk: Arc::clone(&self.chunk),
            needs: self.needs,
            left_out: self.left_out.clone(),
            poison: self.poison.clone(),
        }
    }

    /// The batch without some entries, in ascending order, which have failed: they are left out, or the
    /// first of them ends the batch, as the policy says.
    #[must_use]
    pub fn without(&self, failed: Vec<(usize, Failure)>, policy: OnError) -> Batch {
        let mut rest = self.emptied();
        let mut failed = failed.into_iter().peekable();
        for entry in 0..self.kinds.len() {
            if let Some((_, failure)) = failed.next_if(|(number, _)| *number == entry) {
                match policy {
                    OnError::Park | OnError::Skip => rest.left_out.push(failure.without_words()),
                    OnError::Stop => {
                        rest.poison = Some(failure);
                        break;
                    }
                }
                continue;
            }
            let arguments = self.arguments(entry..entry + 1);
            let first_arg = u32::try_from(rest.args.len()).unwrap_or(u32::MAX);
            rest.args.append(&self.args.slice(arguments.start, arguments.end));
            rest.kinds.push(self.kinds[entry]);
            rest.origins.push(Origin { first_arg, ..self.origins[entry] });
        }
        rest
    }
}

fn failure(
    event: &RawEvent<'_>,
    part: u32,
    place: Option<String>,
    (code, message): (FailureCode, String),
) -> Failure {
    Failure {
        code,
        position: event.position.0,
        part,
        stream_id: event.stream_id.to_owned(),
        stream_version: event.stream_version,
        event_type: event.event_type.to_owned(),
        schema_version: event.schema_version,
        place,
        sensitive: Some(Box::new(SensitiveDetail::new(message.clone(), event.payload))),
        message,
        ..Failure::default()
    }
}

/// An event that could not be read from the log.
fn unreadable(event: Unreadable) -> Failure {
    let (code, message) = (event.code(), event.reason());
    let failure = Failure {
        position: event.position.0,
        stream_id: event.stream_id.unwrap_or_default(),
        stream_version: event.stream_version.unwrap_or(UNKNOWN_NUMBER),
        event_type: event.event_type.unwrap_or_default(),
        schema_version: event.schema_version.unwrap_or(UNKNOWN_VERSION),
        sensitive: Some(Box::new(SensitiveDetail::new(message.clone(), ""))),
        message,
        code,
        ..Failure::default()
    };
    match event.fault {
        Fault::Refused(refusal) => {
            let failure = refused_event(failure, *refusal, (None, None));
            let field = event.field.map_or("row", Field::name);
            let message = format!("the {field} cannot be read: {}", failure.message);
            Failure { code, message, ..failure }
        }
        _ => failure,
    }
}

/// What is wrong with a payload that is beyond a limit.
fn excess(error: Excess) -> (FailureCode, String) {
    let code = match error {
        Excess::Bytes { .. } => FailureCode::PayloadTooLarge,
        Excess::Depth { .. } => FailureCode::PayloadTooDeep,
    };
    (code, error.to_string())
}

/// The code of an event that could not be upcast.
#[must_use]
pub fn code_of_upcast(error: &UpcastFailure) -> FailureCode {
    match error {
        UpcastFailure::NoPath(NoPath::Missing { .. }) => FailureCode::UpcasterPathMissing,
        UpcastFailure::NoPath(NoPath::Beyond { .. }) => FailureCode::VersionUnknown,
        UpcastFailure::Payload(JsonError::NotAnObject(_)) => FailureCode::PayloadNotObject,
        UpcastFailure::Payload(error) => code_of_json(error, FailureCode::PayloadNotJson),
        UpcastFailure::Step { .. } | UpcastFailure::Jq { .. } => FailureCode::UpcasterFailed,
    }
}

fn code_of_bind(error: &BindError) -> FailureCode {
    match error {
        BindError::Missing { .. } | BindError::NoEnvelope { .. } => FailureCode::FieldMissing,
        BindError::Value { reason, .. } => code_of_json(reason, FailureCode::ValueNotPassable),
        BindError::Dimensions { .. } | BindError::Element { .. } => FailureCode::ValueNotPassable,
        BindError::Clock { .. } => FailureCode::ClockInValue,
    }
}

fn code_of_json(error: &JsonError, otherwise: FailureCode) -> FailureCode {
    match error {
        JsonError::Nul | JsonError::LoneSurrogate(_) => FailureCode::CharacterNotStorable,
        JsonError::TooDeep(_) => FailureCode::PayloadTooDeep,
        _ => otherwise,
    }
}

impl Program {
    /// Binds the events of a chunk in a range, which ends with the chunk or before it.
    ///
    /// # Errors
    /// The chunk's rows are damaged.
    pub fn bind(
        &self,
        chunk: &Arc<Chunk>,
        range: Range,
        policy: OnError,
    ) -> Result<Batch, LogError> {
        self.bind_those(chunk, range, policy, |_| true)
    }

    /// The same for the events at some positions.
    ///
    /// # Errors
    /// The log's rows are damaged.
    pub fn bind_at(
        &self,
        chunk: &Arc<Chunk>,
        at: &BTreeSet<Position>,
        policy: OnError,
    ) -> Result<Batch, LogError> {
        self.bind_those(chunk, chunk.range, policy, |position| at.contains(&position))
    }

    fn bind_those(
        &self,
        chunk: &Arc<Chunk>,
        range: Range,
        policy: OnError,
        counts: impl Fn(Position) -> bool,
    ) -> Result<Batch, LogError> {
        let mut batch = Batch {
            range,
            read: Tally::default(),
            kinds: Vec::with_capacity(chunk.len()),
            args: TextArray::default(),
            origins: Vec::with_capacity(chunk.len()),
            chunk: Arc::clone(chunk),
            needs: self.needs,
            left_out: Vec::new(),
            poison: None,
        };
        let mut upcasted = Vec::new();
        for (row, event) in chunk.texts(self.needs).enumerate() {
            let (position, event_type) = match &event {
                Ok(event) => (event.position, Some(event.event_type)),
                Err(LogError::Event(event)) => (event.position, event.event_type.as_deref()),
                Err(_) => {
                    event?;
                    continue;
                }
            };
            if position <= range.after || !counts(position) {
                continue;
            }
            if position > range.until {
                break;
            }
            // A chunk may be shared with builds that handle other types. One whose type cannot be
            // read may be of any.
            let is_of = |of: &str| self.types.binary_search_by(|t| t.as_str().cmp(of)).is_ok();
            if !event_type.is_none_or(is_of) {
                continue;
            }
            batch.read.add(position);
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            let bound = match event {
                Ok(event) => self.bind_event(&event, row, &mut upcasted, &mut batch),
                Err(LogError::Event(event)) => Err(Box::new(unreadable(*event))),
                Err(error) => return Err(error),
            };
            if let Err(failure) = bound {
                match policy {
                    OnError::Park | OnError::Skip => batch.left_out.push(failure.without_words()),
                    OnError::Stop => {
                        batch.poison = Some(*failure);
                        break;
                    }
                }
            }
        }
        Ok(batch)
    }

    fn bind_event<'c>(
        &self,
        event: &RawEvent<'c>,
        row: u32,
        upcasted: &mut Vec<Upcasted<'c>>,
        batch: &mut Batch,
    ) -> Result<(), Box<Failure>> {
        upcasted.clear();
        let limits = batch.chunk.limits;
        limits.check(event.payload).map_err(|e| Box::new(failure(event, 0, None, excess(e))))?;
        self.upcasters.upcast(event, upcasted).map_err(|e| {
            let place = e.place().map(ToString::to_string);
            let mut failure = failure(event, 0, place, (code_of_upcast(&e), e.reason()));
            if let Some(sensitive) = &mut failure.sensitive {
                sensitive.said = e.words();
            }
            Box::new(failure)
        })?;
        if upcasted.is_empty() {
            return Ok(());
        }
        let metadata = match event.metadata {
            Some(text) => Object::parse(text).ok(),
            None => None,
        };
        let raw = event.with_payload(());
        for one in upcasted.iter() {
            let Some(kind) = self.handlers.index_of(&one.event_type) else { continue };
            let handler = &self.handlers.handlers[kind];
            if handler.statements.is_empty() {
                continue;
            }
            let seen = Seen {
                raw: &raw,
                event_type: &one.event_type,
                schema_version: one.schema_version,
                index: one.index,
                payload: &one.payload,
                metadata: metadata.as_ref(),
            };
            let (args, bytes) = (batch.args.len(), batch.args.bytes());
            for slot in &self.function.slots[kind] {
                let param = &handler.params[slot.param];
                match param.value(&seen, &slot.ty) {
                    Ok(value) => batch.args.push(value.as_deref()),
                    Err(error) => {
                        batch.args.truncate(args, bytes);
                        let at = param.spans.first().map_or(handler.span.start, |s| s.start);
                        let place = self.handlers.file.place(at).to_string();
                        let reason = (code_of_bind(&error), error.to_string());
                        return Err(Box::new(failure(event, one.index, Some(place), reason)));
                    }
                }
            }
            batch.kinds.push(i16::try_from(kind).unwrap_or(i16::MAX));
            let first_arg = u32::try_from(args).unwrap_or(u32::MAX);
            batch.origins.push(Origin { row, part: one.index, first_arg });
        }
        Ok(())
    }
}
