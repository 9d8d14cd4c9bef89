//! Payload migrations: an event of an old schema version into the latest.
//!
//! | stage | what it turns into what |
//! |---|---|
//! | `file` | a TOML text into typed steps, or mistakes with places |
//! | `upcast` | the steps of all files into one chain an event type, checked against each other |
//! | `links` | the files of all types into one whole, or what does not fit together |
//! | `step`, `filter` | one payload into the next version's: short forms, jq (`fuel`, `bounded`, `functions`) |
//! | `elements` | short forms inside arrays |
//! | `compose`, `fields` | a chain of short forms into one pass for a few fields |
//! | `touched` | a jq filter into the fields it may change, where that can be told |
//! | `several`, `rounded` | a jq filter into whether it may give several events, and into what it computes with floats |
//! | `routes` | a type into the files and steps by which events become it |
//! | `origin` | a field of the latest version into the stored fields it has its value from |
//!
//! A step sees one event only: its payload and, in jq, its envelope as it was
//! stored. What comes out depends on nothing else: there is deliberately no
//! state, clock, randomness or I/O here, so a replay gives the same rows twice.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

use crate::event::RawEvent;
use crate::source::{Place, SourceFile};
use crate::value::{JsonError, Object};

mod bounded;
mod compose;
mod elements;
mod fields;
mod file;
mod filter;
mod fuel;
mod functions;
mod kinds;
mod limits;
mod links;
mod origin;
mod rounded;
mod routes;
mod several;
mod step;
mod touched;

pub use compose::{Composed, Field, Fields, Memory};
use file::{Action, Becomes, Step, TypeFile};
pub use links::file_stem;
use links::{add_plain_targets, check_cycles, check_targets};
pub use routes::Computed;

/// All upcasters of a project.
pub struct Upcasters {
    chains: BTreeMap<String, Chain>,
}

/// The steps of one event type.
struct Chain {
    event_type: String,
    /// Where its file names it; `None` for a type that has no file and that others become.
    named: Option<Place>,
    lowest: i32,
    // Invariant: the step at `n` starts at version `lowest + n`.
    steps: Vec<Step>,
}

/// A mistake in an upcaster file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{place}: {message}")]
pub struct UpcasterError {
    /// Where it is.
    pub place: Place,
    /// What it is: a lowercase fragment.
    pub message: String,
}

/// One step as people name it, see its `Display`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepName {
    /// The event type before the step.
    pub event_type: String,
    /// The version before the step.
    pub from: i32,
    /// The event type after the step; `None` if the step drops the event.
    pub to_type: Option<String>,
    /// The version after the step.
    pub to: i32,
}

/// What a step made of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stepped {
    /// The step.
    pub name: StepName,
    /// Where it is.
    pub place: Place,
    /// The payload behind it, JSON.
    pub payload: String,
}

/// A version of a type that no chain of steps leads on from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPath {
    /// The version is older than the first step.
    #[error(
        "event type {event_type:?}: no upcaster leads from version {version} to {latest}; the first step is from {lowest}"
    )]
    Missing {
        /// The event's type.
        event_type: String,
        /// The event's version.
        version: i32,
        /// The latest version of the type.
        latest: i32,
        /// The oldest version with a path.
        lowest: i32,
    },
    /// The version is newer than any known.
    #[error("event type {event_type:?}: version {version} is beyond the latest known, {latest}")]
    Beyond {
        /// The event's type.
        event_type: String,
        /// The event's version.
        version: i32,
        /// The latest version of the type.
        latest: i32,
    },
}

/// What of an event's envelope the jq steps look at, beyond what is always read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// Some step may look at the metadata.
    pub metadata: bool,
    /// Some step may look at the time of recording.
    pub recorded_at: bool,
}

/// An event in its latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upcasted<'a> {
    /// Its type, which a step may have changed.
    pub event_type: Cow<'a, str>,
    /// The latest version of that type.
    pub schema_version: i32,
    /// Its number among the events that came of one stored event, from 0.
    pub index: u32,
    /// Its payload.
    pub payload: Object<'a>,
}

/// Why an event could not be upcast.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpcastFailure {
    /// Its version has no path to the latest.
    #[error(transparent)]
    NoPath(#[from] NoPath),
    /// Its payload is not a JSON object.
    #[error("the payload cannot be read: {0}")]
    Payload(#[from] JsonError),
    /// A step failed on it. The message quotes no value of the payload.
    #[error("{place}: upcasting {step}: {message}")]
    Step {
        /// The step in its file.
        place: Place,
        /// The step's name.
        step: Box<StepName>,
        /// What failed.
        message: String,
    },
    /// A jq filter raised an error. The message is jq's, which may quote values
    /// of the payload.
    #[error("{place}: upcasting {step}: {message}")]
    Jq {
        /// The step in its file.
        place: Place,
        /// The step's name.
        step: Box<StepName>,
        /// What jq said, cut to a few hundred characters.
        message: String,
    },
}

impl UpcastFailure {
    /// The step that failed, if one did.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::NoPath(_) | Self::Payload(_) => None,
            Self::Step { place, .. } | Self::Jq { place, .. } => Some(place),
        }
    }
}

impl UpcastFailure {
    /// What failed, without the place, and without the words of jq.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::NoPath(_) | Self::Payload(_) => self.to_string(),
            Self::Step { step, message, .. } => format!("upcasting {step}: {message}"),
            Self::Jq { step, .. } => {
                format!(
                    "upcasting {step}: the jq filter raised an error, whose words may quote the payload"
                )
            }
        }
    }

    /// What failed, without the place; it may quote the payload.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Jq { step, message, .. } => format!("upcasting {step}: {message}"),
            other => other.reason(),
        }
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> ", self.event_type, self.from)?;
        match &self.to_type {
            None => f.write_str("dropped"),
            Some(to_type) if *to_type == self.event_type => self.to.fmt(f),
            Some(to_type) => write!(f, "{to_type} {}", self.to),
        }
    }
}

impl Upcasters {
    /// Compiles the upcaster files of a project.
    ///
    /// # Errors
    /// Every mistake of every file, ordered by place.
    pub fn load(files: &[SourceFile]) -> Result<Self, Vec<UpcasterError>> {
        let mut errors = Vec::new();
        let mut plain = BTreeSet::new();
        let read = files.iter().filter_map(|file| file::read(file, &mut errors)).collect();
        let mut types = file::by_type(read, &mut errors);
        // A broken step is missing from its chain, so what is said between
        // chains would be wrong.
        if errors.is_empty() {
            check_cycles(&types, &mut errors);
            plain = add_plain_targets(&mut types);
            check_targets(&types, &mut errors);
        }
        if !errors.is_empty() {
            errors.sort();
            return Err(errors);
        }
        let chains = types.into_iter().map(|(name, file)| {
            let chain = Chain::new(file, !plain.contains(&name));
            (name, chain)
        });
        Ok(Self { chains: chains.collect() })
    }

    /// A project without upcasters: every type has only version 1.
    #[must_use]
    pub fn none() -> Self {
        Self { chains: BTreeMap::new() }
    }

    /// The types that have a file.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.chains.keys().map(String::as_str)
    }

    /// The end of a type's chain; 1 without a file.
    #[must_use]
    pub fn latest_version(&self, event_type: &str) -> i32 {
        self.chains.get(event_type).map_or(1, Chain::latest)
    }

    /// The versions of a type that have a path to the latest; only 1 without a file.
    #[must_use]
    pub fn versions(&self, event_type: &str) -> RangeInclusive<i32> {
        self.chains.get(event_type).map_or(1..=1, |chain| chain.lowest..=chain.latest())
    }

    /// The steps an event takes; none if it is of the latest version already.
    ///
    /// # Errors
    /// The version has no path to the latest.
    pub fn path(&self, event_type: &str, schema_version: i32) -> Result<Vec<StepName>, NoPath> {
        let mut names = Vec::new();
        let mut at = self.start(event_type, schema_version)?;
        while let Some((chain, step)) = at.and_then(|(chain, nth)| chain.step(nth)) {
            names.push(chain.name(step));
            at = self.after(chain, step);
        }
        Ok(names)
    }

    /// The type an event ends as; `None` if a step drops it.
    ///
    /// # Errors
    /// The version has no path to the latest.
    pub fn final_type(
        &self,
        event_type: &str,
        schema_version: i32,
    ) -> Result<Option<String>, NoPath> {
        let path = self.path(event_type, schema_version)?;
        Ok(path.last().map_or_else(|| Some(event_type.to_owned()), |step| step.to_type.clone()))
    }

    /// Brings an event to its latest version and pushes what comes of it: one
    /// event, none if a step drops it, several if a jq step makes them.
    ///
    /// # Errors
    /// The version has no path, the payload is not a JSON object, or a step
    /// fails; then nothing is pushed.
    pub fn upcast<'a>(
        &self,
        event: &RawEvent<'a>,
        out: &mut Vec<Upcasted<'a>>,
    ) -> Result<(), UpcastFailure> {
        let start = self.start(event.event_type, event.schema_version)?;
        let payload = Object::parse(event.payload)?;
        let before = out.len();
        let Some((chain, nth)) = start else {
            let event_type = Cow::Borrowed(event.event_type);
            out.push(Upcasted { event_type, schema_version: 1, index: 0, payload });
            return Ok(());
        };
        let run = Run { upcasters: self, event, before, trail: None };
        run.follow(chain, nth, payload, out).inspect_err(|_| out.truncate(before))
    }

    /// The steps that an event goes through, each with the payload behind it, up to the one that fails on
    /// it, if one does.
    #[must_use]
    pub fn trail(&self, event: &RawEvent<'_>) -> Vec<Stepped> {
        let trail = RefCell::new(Vec::new());
        let start = self.start(event.event_type, event.schema_version);
        if let (Ok(Some((chain, nth))), Ok(payload)) = (start, Object::parse(event.payload)) {
            let run = Run { upcasters: self, event, before: 0, trail: Some(&trail) };
            // What fails is told by whoever applies the event.
            let _ = run.follow(chain, nth, payload, &mut Vec::new());
        }
        trail.into_inner()
    }

    /// Where an event enters its chain; `None` for a type without one.
    fn start(&self, event_type: &str, version: i32) -> Result<Option<(&Chain, usize)>, NoPath> {
        let chain = self.chains.get(event_type);
        let (lowest, latest) = chain.map_or((1, 1), |chain| (chain.lowest, chain.latest()));
        let event_type = || event_type.to_owned();
        if version < lowest {
            return Err(NoPath::Missing { event_type: event_type(), version, latest, lowest });
        }
        if version > latest {
            return Err(NoPath::Beyond { event_type: event_type(), version, latest });
        }
        Ok(chain.map(|chain| (chain, chain.nth(version))))
    }

    /// Where an event stands after a step; `None` if the step drops it.
    fn after<'c>(&'c self, chain: &'c Chain, step: &Step) -> Option<(&'c Chain, usize)> {
        match (&step.action, &step.becomes) {
            (Action::Drop, _) => None,
            (_, None) => Some((chain, chain.nth(step.from) + 1)),
            (_, Some(Becomes { event_type, to, .. })) => {
                let next = self.chains.get(event_type);
                next.map(|next| (next, next.nth(*to)))
            }
        }
    }
}

/// One stored event on its way.
struct Run<'r, 'a> {
    upcasters: &'r Upcasters,
    event: &'r RawEvent<'a>,
    /// The length of the output before the event.
    before: usize,
    /// Takes note of each step, where somebody asks.
    trail: Option<&'r RefCell<Vec<Stepped>>>,
}

impl<'r, 'a> Run<'r, 'a> {
    /// Follows the chain, and that of each event a jq step makes on the way, in their order.
    fn follow(
        &self,
        chain: &'r Chain,
        nth: usize,
        payload: Object<'a>,
        out: &mut Vec<Upcasted<'a>>,
    ) -> Result<(), UpcastFailure> {
        // Those that wait, the next one last: as many as there may be events, and as many more as
        // one jq step makes.
        let mut waiting = Vec::new();
        let mut next = Some((chain, nth, payload));
        while let Some((chain, nth, payload)) = next {
            let made =
                self.advance(chain, nth, payload, out.len() + waiting.len(), &mut waiting)?;
            out.extend(made);
            next = waiting.pop();
        }
        let events = out.get_mut(self.before..).unwrap_or_default();
        for (index, event) in events.iter_mut().enumerate() {
            event.index = u32::try_from(index).unwrap_or(u32::MAX);
        }
        Ok(())
    }

    /// Follows a chain to its end or its next jq step, whose events then wait.
    fn advance(
        &self,
        mut chain: &'r Chain,
        mut nth: usize,
        mut payload: Object<'a>,
        taken: usize,
        waiting: &mut Vec<(&'r Chain, usize, Object<'a>)>,
    ) -> Result<Option<Upcasted<'a>>, UpcastFailure> {
        while let Some(step) = chain.steps.get(nth) {
            let next = self.upcasters.after(chain, step);
            let Some((next_chain, next_nth)) = next else {
                return Ok(None);
            };
            match &step.action {
                Action::Drop => return Ok(None),
                Action::Forms(forms) => {
                    forms.apply(&mut payload).map_err(|e| UpcastFailure::Step {
                        place: step.place.clone(),
                        step: Box::new(chain.name(step)),
                        message: e.to_string(),
                    })?;
                    self.note(chain, step, &payload);
                }
                Action::Filter(filter) => {
                    let room = limits::MAX_EVENTS.saturating_sub(taken - self.before);
                    let made = filter.run(&payload, self.event, room);
                    let made = made.map_err(|e| filter_failure(chain, step, &e))?;
                    made.iter().for_each(|payload| self.note(chain, step, payload));
                    let each = made.into_iter().rev();
                    waiting.extend(each.map(|payload| (next_chain, next_nth, payload)));
                    return Ok(None);
                }
            }
            (chain, nth) = (next_chain, next_nth);
        }
        let event_type = if chain.event_type == self.event.event_type {
            Cow::Borrowed(self.event.event_type)
        } else {
            Cow::Owned(chain.event_type.clone())
        };
        Ok(Some(Upcasted { event_type, schema_version: chain.latest(), index: 0, payload }))
    }
}

impl Run<'_, '_> {
    fn note(&self, chain: &Chain, step: &Step, payload: &Object<'_>) {
        if let Some(trail) = self.trail {
            let payload = payload.to_json();
            trail.borrow_mut().push(Stepped {
                name: chain.name(step),
                place: step.place.clone(),
                payload,
            });
        }
    }
}

fn filter_failure(chain: &Chain, step: &Step, error: &limits::FilterError) -> UpcastFailure {
    let (place, name) = (step.place.clone(), Box::new(chain.name(step)));
    let message = error.to_string();
    if matches!(error, limits::FilterError::Jq(_)) {
        UpcastFailure::Jq { place, step: name, message }
    } else {
        UpcastFailure::Step { place, step: name, message }
    }
}

impl Chain {
    fn new(file: TypeFile, is_given: bool) -> Self {
        let (lowest, _) = file.versions();
        let named = is_given.then_some(file.place);
        Self { event_type: file.event_type, named, lowest, steps: file.steps }
    }

    fn latest(&self) -> i32 {
        self.steps.last().map_or(1, |step| step.from + 1)
    }

    /// The step that starts at a version, which must be in the chain; past the
    /// last step for the latest version.
    fn nth(&self, version: i32) -> usize {
        usize::try_from(version - self.lowest).expect("a version is checked against its chain")
    }

    fn step(&self, nth: usize) -> Option<(&Self, &Step)> {
        self.steps.get(nth).map(|step| (self, step))
    }

    fn name(&self, step: &Step) -> StepName {
        let becomes = step.becomes.as_ref();
        let to_type = becomes.map_or(&self.event_type, |becomes| &becomes.event_type);
        StepName {
            event_type: self.event_type.clone(),
            from: step.from,
            to_type: (!matches!(step.action, Action::Drop)).then(|| to_type.clone()),
            to: becomes.map_or(step.from + 1, |becomes| becomes.to),
        }
    }
}

#[cfg(test)]
mod tests;
