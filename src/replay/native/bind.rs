//! A chunk of the log as handlers and arguments.
//!
//! Runs in the threads that read, off the way of the fold. An event whose fields a plan can
//! tell is read once, without its payload being parsed as a whole; the others go the way of the
//! sql engine. What cannot be read, or not as a value the fold computes with, is marked: the sql
//! engine will say what becomes of it.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Argument, Native};
use crate::cell::{self, Cell, CellType, Kind};
use crate::event::{Payload, PayloadLimits, Position, RawEvent};
use crate::handler::bind::Seen;
use crate::handler::function::Slot;
use crate::handler::plan::{LayoutCache, Plan, Route};
use crate::handler::{EnvelopeField, Handler, Handlers, ParamSource};
use crate::log::LogError;
use crate::log::reader::Chunk;
use crate::replay::sql::Program;
use crate::value::Object;

/// What happens to a handler's tables for one event, or for one of the events it became.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Where the stored event stands.
    pub position: Position,
    /// Who runs it.
    pub handler: Runner,
    /// Where its arguments begin.
    pub first: u32,
    /// Whether the next step is of the same event.
    pub more: bool,
}

/// Who runs a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// The fold, by this handler.
    Native(u32),
    /// The sql engine: this handler is not in the native subset.
    Foreign(u32),
    /// The sql engine: the event could not be read, or a value of it not be parsed.
    Unread,
}

impl Runner {
    /// The handler the fold runs.
    #[must_use]
    pub fn native(self) -> Option<usize> {
        match self {
            Runner::Native(handler) => usize::try_from(handler).ok(),
            _ => None,
        }
    }
}

/// A chunk, bound.
#[derive(Debug)]
pub struct Bound {
    /// The chunk it is of.
    pub chunk: Arc<Chunk>,
    /// In the order of the log.
    pub steps: Vec<Step>,
    /// The arguments of all steps.
    pub args: Vec<Cell>,
    /// The position of each event of the program's types, in order.
    pub read: Vec<Position>,
}

/// What binding a chunk needs.
#[derive(Clone, Copy)]
pub struct Binder<'b> {
    /// The program of the sql engine, which has handlers, slots and upcasters.
    pub program: &'b Program,
    /// The native one.
    pub native: &'b Native,
}

/// An event as it was read.
type Read<'t> = RawEvent<'t, Payload<'t>>;

/// What a chunk becomes, while it is bound.
struct Out<'o> {
    steps: Vec<Step>,
    args: Vec<Cell>,
    layouts: &'o mut LayoutCache,
}

impl Out<'_> {
    /// An event that the sql engine is to look at.
    fn unread(&mut self, position: Position) {
        let first = u32::try_from(self.args.len()).unwrap_or(u32::MAX);
        self.steps.push(Step { position, handler: Runner::Unread, first, more: false });
    }
}

impl Binder<'_> {
    /// Whether an event may be of the program's: one whose type cannot be read may be of any.
    fn may_be_of(&self, event_type: Option<&str>) -> bool {
        let types = &self.program.types;
        event_type.is_none_or(|of| types.binary_search_by(|t| t.as_str().cmp(of)).is_ok())
    }

    /// Binds the events of a chunk behind `after`. `layouts` are of the native program's plans.
    ///
    /// # Errors
    /// The chunk's rows are damaged.
    pub fn bind(
        &self,
        layouts: &mut LayoutCache,
        chunk: Arc<Chunk>,
        after: Position,
    ) -> Result<Bound, LogError> {
        let steps = Vec::with_capacity(chunk.len());
        let args = Vec::with_capacity(chunk.len() * 4);
        let mut out = Out { steps, args, layouts };
        let mut read = Vec::with_capacity(chunk.len());
        for event in chunk.events(self.program.needs) {
            let event = match event {
                Ok(event) => event,
                Err(LogError::Event(event)) => {
                    if event.position > after && self.may_be_of(event.event_type.as_deref()) {
                        read.push(event.position);
                        out.unread(event.position);
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            if event.position <= after {
                continue;
            }
            let route = self.native.plans.route(event.event_type, event.schema_version);
            if matches!(route, Route::Ignored) {
                continue;
            }
            read.push(event.position);
            let (first_step, first_arg) = (out.steps.len(), out.args.len());
            if self.event(route, &event, chunk.limits, &mut out).is_none() {
                out.steps.truncate(first_step);
                out.args.truncate(first_arg);
                out.unread(event.position);
            }
        }
        let Out { steps, args, .. } = out;
        Ok(Bound { chunk, steps, args, read })
    }

    fn event<'t>(
        &self,
        route: Route<'t>,
        event: &Read<'t>,
        limits: PayloadLimits,
        out: &mut Out<'_>,
    ) -> Option<()> {
        let by_plan = |out: &mut Out<'_>| match route {
            Route::Direct(plan) => self.direct(plan, event, out),
            Route::General | Route::Ignored => None,
        };
        match event.payload {
            Payload::Text(text) => {
                limits.check(text).ok()?;
                by_plan(out).or_else(|| self.general(&event.with_payload(text), out))
            }
            Payload::Jsonb(value) if limits.surely_hold(value) => by_plan(out)
                .or_else(|| self.general(&event.with_payload(value.to_json()?.as_str()), out)),
            // Only its text tells whether it keeps within them.
            Payload::Jsonb(value) => {
                let text = value.to_json()?;
                self.event(route, &event.with_payload(Payload::Text(&text)), limits, out)
            }
        }
    }

    fn handlers(&self) -> &Handlers {
        &self.program.handlers
    }

    fn direct<'t>(&self, plan: &'t Plan, event: &Read<'t>, out: &mut Out<'_>) -> Option<()> {
        let Out { steps, args, layouts } = out;
        let (before, handler) = (args.len(), plan.handler());
        let envelope = Envelope {
            event,
            event_type: plan.event_type(),
            schema_version: plan.schema_version(),
            // A plan has no step that could make several.
            index: 0,
            payload: None,
        };
        let of = self.native.arguments[handler].as_slice();
        let read = plan.read(layouts, event.payload, |nth, text| {
            args.push(match of.get(nth)? {
                Argument { ty, of_payload: true } => cell_of(text, (*ty)?)?,
                Argument { ty, of_payload: false } => {
                    self.argument((handler, nth), (*ty)?, &envelope)?
                }
            });
            Some(())
        });
        if read.is_none() {
            args.truncate(before);
            return None;
        }
        self.step(event.position, handler, before, steps);
        Some(())
    }

    fn general(&self, event: &RawEvent<'_>, out: &mut Out<'_>) -> Option<()> {
        let Out { steps, args, .. } = out;
        let mut upcasted = Vec::new();
        self.program.upcasters.upcast(event, &mut upcasted).ok()?;
        let first = steps.len();
        for one in &upcasted {
            let Some(handler) = self.handlers().index_of(&one.event_type) else { continue };
            let envelope = Envelope {
                event,
                event_type: &one.event_type,
                schema_version: one.schema_version,
                index: one.index,
                payload: Some(&one.payload),
            };
            let before = args.len();
            for (nth, argument) in self.native.arguments[handler].iter().enumerate() {
                args.push(self.argument((handler, nth), argument.ty?, &envelope)?);
            }
            self.step(event.position, handler, before, steps);
        }
        let last = steps.len();
        for step in steps.get_mut(first..last.saturating_sub(1)).into_iter().flatten() {
            step.more = true;
        }
        Some(())
    }

    fn step(&self, position: Position, handler: usize, first: usize, steps: &mut Vec<Step>) {
        if self.handlers().handlers[handler].statements.is_empty() {
            return;
        }
        let number = u32::try_from(handler).unwrap_or(u32::MAX);
        let handler = match self.native.program.handlers[handler] {
            Ok(_) => Runner::Native(number),
            Err(_) => Runner::Foreign(number),
        };
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        steps.push(Step { position, handler, first, more: false });
    }

    /// An argument of a handler, of the envelope or of the payload it holds.
    fn argument<P: Copy>(
        &self,
        (handler, nth): (usize, usize),
        ty: CellType,
        envelope: &Envelope<'_, P>,
    ) -> Option<Cell> {
        let of: &Handler = &self.handlers().handlers[handler];
        let slot = &self.program.function.slots[handler][nth];
        if let ParamSource::Envelope(field) = &of.params[slot.param].source
            && let Some(cell) = envelope.cell(field, ty)
        {
            return Some(cell);
        }
        cell_of(envelope.text(of, slot)?, ty)
    }
}

/// The cell of a text that may be NULL.
#[inline]
fn cell_of(text: Option<Cow<'_, str>>, ty: CellType) -> Option<Cell> {
    text.map_or(Some(Cell::Null), |text| cell::parse(&text, ty))
}

/// An event's envelope as its handler sees it.
struct Envelope<'e, P> {
    event: &'e RawEvent<'e, P>,
    event_type: &'e str,
    schema_version: i32,
    /// Its number among those of one stored event.
    index: u32,
    /// The payload, where no plan has read it.
    payload: Option<&'e Object<'e>>,
}

impl<'e, P: Copy> Envelope<'e, P> {
    /// What the envelope holds in the form of a cell, without a text between.
    fn cell(&self, field: &EnvelopeField, ty: CellType) -> Option<Cell> {
        let kind = ty.kind;
        let number = match field {
            EnvelopeField::Position => self.event.position.0,
            EnvelopeField::StreamVersion => self.event.stream_version,
            EnvelopeField::SchemaVersion => i64::from(self.schema_version),
            EnvelopeField::Index => i64::from(self.index),
            EnvelopeField::RecordedAt => {
                // The greatest and the least stand for the infinities, which no cell holds.
                let micros = self.event.recorded_micros?;
                let finite = kind == Kind::TimestampTz && micros != i64::MAX && micros != i64::MIN;
                return finite.then_some(Cell::Int(micros));
            }
            EnvelopeField::StreamId if ty == CellType::of_kind(Kind::Text) => {
                return Some(Cell::text(self.event.stream_id));
            }
            EnvelopeField::Type if ty == CellType::of_kind(Kind::Text) => {
                return Some(Cell::text(self.event_type));
            }
            _ => return None,
        };
        (kind.is_int() && kind.holds(number)).then_some(Cell::Int(number))
    }

    /// What the sql engine would pass, owned: nothing is an error, `Some(None)` is NULL.
    fn text(&self, handler: &Handler, slot: &Slot) -> Option<Option<Cow<'e, str>>> {
        let none = Object::new();
        let metadata = self.event.metadata.and_then(|text| Object::parse(text).ok());
        let seen = Seen {
            raw: &self.event.with_payload(()),
            event_type: self.event_type,
            schema_version: self.schema_version,
            index: self.index,
            payload: self.payload.unwrap_or(&none),
            metadata: metadata.as_ref(),
        };
        let text = handler.params[slot.param].value(&seen, &slot.ty).ok()?;
        Some(text.map(|text| Cow::Owned(text.into_owned())))
    }
}
