//! Events into the arguments of one call.
//!
//! Runs on its own thread while the server works on the batch before. An event that
//! cannot be bound ends the batch, or is noted as parked, as the build's policy says.

use std::sync::Arc;

use super::Program;
use crate::copy_format::TextArray;
use crate::definition::OnError;
use crate::event::RawEvent;
use crate::failure::Failure;
use crate::handler::bind::Seen;
use crate::log::LogError;
use crate::log::reader::{Chunk, Range};
use crate::upcast::Upcasted;
use crate::value::Object;

/// Arguments for one call of the function, and the part of the log they stand for.
#[derive(Debug)]
pub struct Batch {
    /// From the build's checkpoint to its next one.
    pub range: Range,
    /// Events read from the log.
    pub read: i64,
    /// The handler of each event that reaches one.
    pub kinds: Vec<i16>,
    /// The arguments, one event after another.
    pub args: TextArray,
    /// For each entry of `kinds`: its row in the chunk, its part, and where its arguments begin.
    origins: Vec<Origin>,
    chunk: Arc<Chunk>,
    /// Events put aside while binding.
    pub parked: Vec<Failure>,
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
        match self.chunk.events().nth(row) {
            Some(Ok(event)) => failure(&event, origin.part, None, String::new()),
            _ => Failure::default(),
        }
    }
}

fn failure(event: &RawEvent<'_>, part: u32, place: Option<String>, message: String) -> Failure {
    Failure {
        position: event.position.0,
        part,
        stream_id: event.stream_id.to_owned(),
        stream_version: event.stream_version,
        event_type: event.event_type.to_owned(),
        schema_version: event.schema_version,
        place,
        message,
        ..Failure::default()
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
        let mut batch = Batch {
            range,
            read: 0,
            kinds: Vec::with_capacity(chunk.len()),
            args: TextArray::default(),
            origins: Vec::with_capacity(chunk.len()),
            chunk: Arc::clone(chunk),
            parked: Vec::new(),
            poison: None,
        };
        let mut upcasted = Vec::new();
        for (row, event) in chunk.events().enumerate() {
            let event = event?;
            if event.position <= range.after {
                continue;
            }
            if event.position > range.until {
                break;
            }
            // A chunk may be shared with builds that handle other types.
            if self.types.binary_search_by(|t| t.as_str().cmp(event.event_type)).is_err() {
                continue;
            }
            batch.read += 1;
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            if let Err(failure) = self.bind_event(&event, row, &mut upcasted, &mut batch) {
                match policy {
                    OnError::Park => batch.parked.push(*failure),
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
        self.upcasters.upcast(event, upcasted).map_err(|e| {
            Box::new(failure(event, 0, e.place().map(ToString::to_string), e.reason()))
        })?;
        if upcasted.is_empty() {
            return Ok(());
        }
        let metadata = match event.metadata {
            Some(text) => Object::parse(text).ok(),
            None => None,
        };
        for one in upcasted.iter() {
            let Some(kind) = self.handlers.index_of(&one.event_type) else { continue };
            let handler = &self.handlers.handlers[kind];
            if handler.statements.is_empty() {
                continue;
            }
            let seen = Seen {
                raw: event,
                event_type: &one.event_type,
                schema_version: one.schema_version,
                payload: &one.payload,
                metadata: metadata.as_ref(),
            };
            let (args, bytes) = (batch.args.len(), batch.args.bytes());
            for slot in &self.function.slots[kind] {
                let param = &handler.params[slot.param];
                match param.value(&seen, slot.form) {
                    Ok(value) => batch.args.push(value.as_deref()),
                    Err(error) => {
                        batch.args.truncate(args, bytes);
                        let at = param.spans.first().map_or(handler.span.start, |s| s.start);
                        let place = self.handlers.file.place(at).to_string();
                        let reason = error.to_string();
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
