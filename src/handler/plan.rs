//! Extraction plans: the shortest way from stored payloads to handlers' parameters.
//!
//! Owns the choice, for each stored type and version, between reading the few fields that
//! count ([`Plan`]) and the general path ([`Upcasters::upcast`], then [`Param::value`]). The
//! rules of upcasting and of values are theirs; a plan gives what they give, or declines.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::function::Slot;
use super::param_type::Form;
use super::reach::{Fate, Reach};
use super::{Handlers, Param, ParamSource};
use crate::event::Payload;
use crate::upcast::{Composed, Field, Memory, Upcasters};
use crate::value::sql_text;

/// How events reach their handlers' parameters, by stored type and version.
#[derive(Debug)]
pub struct Plans {
    types: HashMap<String, Versions, RandomState>,
    count: usize,
}

/// What one reader remembers of payloads, for each plan.
#[derive(Debug)]
pub struct LayoutCache(Vec<Memory>);

/// The plans of one stored type; a version without one takes the general path.
#[derive(Debug)]
struct Versions {
    lowest: i32,
    // Invariant: the entry at `n` is for version `lowest + n`.
    plans: Vec<Option<Plan>>,
}

/// What is to be done with an event of a stored type and version.
#[derive(Debug, Clone, Copy)]
pub enum Route<'p> {
    /// No handler and no upcaster of a handled type looks at the type: nothing happens.
    Ignored,
    /// Through [`Plan::read`]. The handler may have no statements: then nothing happens, but
    /// only if the event can be read, so it is read all the same.
    Direct(&'p Plan),
    /// Through [`Upcasters::upcast`] and [`Param::value`].
    General,
}

/// The way of one stored type and version to its handler.
#[derive(Debug)]
pub struct Plan {
    number: usize,
    handler: usize,
    event_type: String,
    schema_version: i32,
    composed: Composed,
    slots: Vec<Source>,
}

/// Where the text of a slot comes from.
#[derive(Debug)]
enum Source {
    /// A field of the payload, by its number among those of `composed`.
    Field { number: usize, param: Param, form: Form },
    /// The envelope, which the caller has.
    Envelope,
}

impl Plans {
    /// Makes the plans for all stored types that can end at a handler. `slots` says for each
    /// handler, by its index, what it takes.
    #[must_use]
    pub fn new(
        handlers: &Handlers,
        upcasters: &Upcasters,
        reach: &Reach,
        slots: &[Vec<Slot>],
    ) -> Plans {
        let mut count = 0;
        let mut versions = |event_type: &String| {
            let versions = upcasters.versions(event_type);
            let lowest = *versions.start();
            let mut plan = |version| {
                let fate = reach.fate(handlers, upcasters, event_type, version);
                let made = match fate {
                    Fate::Reaches { handler, event_type: ends_as } => Plan::new(
                        (handlers, upcasters, slots),
                        (event_type, version),
                        (handler, ends_as),
                        count,
                    ),
                    _ => None,
                };
                count += usize::from(made.is_some());
                made
            };
            Versions { lowest, plans: versions.map(&mut plan).collect() }
        };
        let types = reach.types().iter().map(|event_type| {
            let versions = versions(event_type);
            (event_type.clone(), versions)
        });
        Plans { types: types.collect(), count }
    }

    /// Room for what one reader remembers, who knows nothing yet.
    #[must_use]
    pub fn layouts(&self) -> LayoutCache {
        LayoutCache((0..self.count).map(|_| Memory::default()).collect())
    }

    /// What is to be done with events of a stored type and version.
    #[must_use]
    #[inline]
    pub fn route(&self, event_type: &str, schema_version: i32) -> Route<'_> {
        let Some(versions) = self.types.get(event_type) else { return Route::Ignored };
        let nth = schema_version.checked_sub(versions.lowest).map(usize::try_from);
        let Some(Ok(nth)) = nth else { return Route::General };
        versions.plans.get(nth).and_then(Option::as_ref).map_or(Route::General, Route::Direct)
    }
}

impl Plan {
    /// `None`: the general path, which also says what is wrong with a version.
    fn new(
        (handlers, upcasters, slots): (&Handlers, &Upcasters, &[Vec<Slot>]),
        (event_type, schema_version): (&str, i32),
        (handler, event_type_after): (usize, String),
        number: usize,
    ) -> Option<Plan> {
        let params = &handlers.handlers.get(handler)?.params;
        let mut fields: Vec<&[String]> = Vec::new();
        let mut sources = Vec::new();
        for slot in slots.get(handler)? {
            let param = params.get(slot.param)?;
            let ParamSource::Field(path) = &param.source else {
                sources.push(Source::Envelope);
                continue;
            };
            let known = fields.iter().position(|field| *field == path.as_slice());
            let number = known.unwrap_or_else(|| {
                fields.push(path);
                fields.len() - 1
            });
            sources.push(Source::Field { number, param: param.clone(), form: slot.ty.form });
        }
        let composed = upcasters.compose(event_type, schema_version, &fields)?;
        let schema_version = upcasters.latest_version(&event_type_after);
        Some(Plan {
            number,
            handler,
            event_type: event_type_after,
            schema_version,
            composed,
            slots: sources,
        })
    }

    /// The index of the handler in [`Handlers::handlers`].
    #[must_use]
    pub fn handler(&self) -> usize {
        self.handler
    }

    /// The type of the events after upcasting.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// The schema version of the events after upcasting.
    #[must_use]
    pub fn schema_version(&self) -> i32 {
        self.schema_version
    }

    /// Reads the slots of the handler from a stored payload and gives each, by its number and
    /// in their order, the text that [`Param::value`] gives after upcasting, where `None` is
    /// NULL. A slot of the envelope gets `None` and is the caller's to fill.
    ///
    /// `layouts` must be of the plan's own [`Plans`].
    ///
    /// `None`: declined, by `take` or here, and what was given is worth nothing; the general
    /// path has the result or the reason why there is none.
    #[inline]
    pub fn read<'e>(
        &'e self,
        layouts: &'e mut LayoutCache,
        payload: Payload<'e>,
        mut take: impl FnMut(usize, Option<Cow<'e, str>>) -> Option<()>,
    ) -> Option<()> {
        self.composed.read(layouts.0.get_mut(self.number)?, payload, |fields| {
            for (nth, slot) in self.slots.iter().enumerate() {
                let text = match slot {
                    Source::Envelope => None,
                    Source::Field { number, param, form } => match fields.get(*number) {
                        Some(Field::String(characters)) if *form == Form::Text => {
                            Some(Cow::Borrowed(characters))
                        }
                        Some(Field::Json(Cow::Borrowed(raw))) if *form == Form::Text => {
                            sql_text(raw).ok()?
                        }
                        Some(field) => param.text_of(field.into_json(), *form).ok()?,
                        None if param.optional => None,
                        None => return None,
                    },
                };
                take(nth, text)?;
            }
            Some(())
        })
    }
}

#[cfg(test)]
mod tests;
