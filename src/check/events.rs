//! Events: each handler is run on some of the events that the log has, in scratch.
//!
//! Owns which events: of each type and version the first, the last and some between; what happened before
//! them in their streams; and the beginning of the log, where nothing is missing that a rebuild would
//! have. A failure that rows of events left out may explain is a note, and never a mistake.

use std::collections::BTreeMap;

use super::{Finding, Gate, NOT_TRIED, Severity};
use crate::census::{Census, CensusError, Kind};
use crate::context::Context;
use crate::definition::{Definition, OnError, Parsed};
use crate::event::Position;
use crate::failure::{Failure, FailureCode};
use crate::handler::reach::Fate;
use crate::ident::Ident;
use crate::log::sample::Population;
use crate::log::wanted::{ChunkBounds, Range, Wanted};
use crate::log::{Log, LogError};
use crate::pg::{PgError, Session, Sql};
use crate::replay::sql::ProgramError;
use crate::replay::trial::{Outcome, Refused, Trial};
use crate::source::Place;

/// Events of each type and version that are drawn besides the first and the last.
const DRAWN: i64 = 20;
/// Events at the beginning of the log that are run one and all.
const BEGINNING: i64 = 1_000;
/// Events before a drawn one in its stream.
const OF_A_STREAM: i64 = 20;
/// Events of a projection at the most.
const EVENTS: usize = 4_000;
/// Bytes of a projection's events at the most.
const BYTES: usize = 32 << 20;
/// Seconds that one question about the log may take.
const QUESTION_S: u32 = 60;

/// The log, as far as handlers can be run on its events.
pub(super) struct Events {
    /// Nothing if there is no log, or no event in it.
    log: Option<Opened>,
    /// Why events between the first and the last of a kind were not drawn.
    undrawn: Option<String>,
}

struct Opened {
    session: Session,
    log: Log,
    kinds: Vec<(Kind, Vec<Position>)>,
}

/// Failures that are one mistake.
struct Group {
    first: Failure,
    is_certain: bool,
    more: usize,
}

impl Events {
    /// Draws from the log, once for all projections; `census` is of the same log.
    ///
    /// # Errors
    /// A server is lost.
    pub(super) fn draw(
        context: &Context,
        census: &Result<Census, CensusError>,
    ) -> Result<Events, LogError> {
        let kinds: Vec<Kind> = match census {
            Ok(census) => census.kinds.iter().filter(|kind| kind.is_readable).cloned().collect(),
            // Why there is none is told by whoever counts.
            Err(_) => Vec::new(),
        };
        if kinds.is_empty() {
            return Ok(Events { log: None, undrawn: None });
        }
        let (mut session, log) = context.open_log("check")?;
        session.run(&format!(
            "SET default_transaction_read_only = on; SET statement_timeout = '{QUESTION_S}s'"
        ))?;
        let population = |kind: &Kind| Population {
            event_type: kind.event_type.clone(),
            versions: kind.written.clone(),
            events: kind.events,
            first: kind.first,
            last: kind.last,
        };
        let populations: Vec<Population> = kinds.iter().map(population).collect();
        let (drawn, undrawn) = match log.draw(&mut session, &populations, DRAWN) {
            Ok(drawn) => (drawn, None),
            // It takes too long, or an expression of an adopted log fails on an event.
            Err(LogError::Pg(PgError::Server(error))) => {
                let ends = kinds.iter().map(|kind| vec![kind.first, kind.last]);
                (ends.collect(), Some(error.message.clone()))
            }
            Err(error) => return Err(error),
        };
        let kinds = kinds.into_iter().zip(drawn).collect();
        Ok(Events { log: Some(Opened { session, log, kinds }), undrawn })
    }

    /// What could not be drawn.
    pub(super) fn untried(&self) -> Option<Finding> {
        let reason = self.undrawn.as_ref()?;
        let message = format!(
            "of each type and version only the first and the last event were tried: the others could not be \
             drawn: {reason}"
        );
        let finding = Finding::new(Gate::Handlers, Severity::Note, "log", message);
        Some(Finding { rule: Some(NOT_TRIED.to_owned()), ..finding })
    }

    /// Whether there is any event to run a handler on.
    pub(super) fn are_there(&self) -> bool {
        self.log.is_some()
    }

    /// Runs a definition's handlers in the schema that its lineage made; gives how many events were run.
    ///
    /// # Errors
    /// A server is lost.
    pub(super) fn run(
        &mut self,
        session: &mut Session,
        at: &Ident,
        (definition, parsed): (&Definition, &Parsed),
        findings: &mut Vec<Finding>,
    ) -> Result<usize, LogError> {
        let Some(opened) = &mut self.log else { return Ok(0) };
        let name = &definition.projection;
        let untried = |what: String| {
            let message = format!("handlers of {name} were not run on {what}");
            let finding = Finding::new(Gate::Handlers, Severity::Note, name, message);
            Finding { rule: Some(NOT_TRIED.to_owned()), ..finding }
        };
        let all = "events of the log";
        let mut trial = match Trial::open(session, at, definition) {
            Ok(trial) => trial,
            Err(ProgramError::Pg(error)) if error.is_loss() => return Err(error.into()),
            Err(other) => {
                findings.push(untried(format!("{all}: {other}")));
                return Ok(0);
            }
        };
        let (complete, cut) = opened.fill(&mut trial, parsed)?;
        let outcome = match trial.run() {
            Ok(outcome) => outcome,
            Err(LogError::Pg(error)) if error.is_loss() => return Err(error.into()),
            Err(other) => {
                findings.push(untried(format!("{all}: {other}")));
                return Ok(0);
            }
        };
        if cut || outcome.unrun > 0 {
            let which = "all events that were drawn: they are too large or take too long";
            findings.push(untried(which.to_owned()));
        }
        let policy = definition.on_error;
        findings.extend(told(name, policy, complete, &outcome));
        Ok(outcome.events)
    }
}

impl Opened {
    /// Gives a trial its events. Answers up to which position it has all of them, and whether some had to
    /// be left out for their size.
    fn fill(
        &mut self,
        trial: &mut Trial<'_>,
        parsed: &Parsed,
    ) -> Result<(Position, bool), LogError> {
        let Parsed { handlers, upcasters, reach, .. } = parsed;
        let types = trial.program.types.clone();
        let (mut total, mut last, mut drawn) = (0, Position(0), Vec::new());
        for (kind, positions) in &self.kinds {
            if !types.contains(&kind.event_type) {
                continue;
            }
            (total, last) = (total + kind.events, last.max(kind.last));
            let (of, version) = (kind.event_type.as_str(), kind.schema_version);
            // A version without a path is told by the gate of upcasters.
            if !matches!(reach.fate(handlers, upcasters, of, version), Fate::NoPath(_)) {
                drawn.extend(positions.iter().copied());
            }
        }
        let complete = match total > BEGINNING {
            true => bounded(self.log.nth_position(&mut self.session, &types, BEGINNING))?.flatten(),
            false => Some(last),
        };
        let complete = complete.unwrap_or(Position(0));
        drawn.retain(|position| *position > complete);
        drawn.sort_unstable();
        let before = (types.as_slice(), OF_A_STREAM);
        let before = self.log.before_in_streams(&mut self.session, &drawn, before);
        let mut at = drawn;
        at.extend(bounded(before)?.unwrap_or_default().into_iter().filter(|p| *p > complete));
        at.truncate(EVENTS.saturating_sub(usize::try_from(BEGINNING).unwrap_or(0)));
        at.sort_unstable();
        at.dedup();
        let range = Range { after: Position(0), until: last };
        let wanted = Wanted::Sample { types: &types, until: complete, at: &at };
        let bounds = ChunkBounds { events: 250, bytes: 4 << 20 };
        let (needs, mut bytes, mut cut) = (trial.program.needs, 0, false);
        self.log.read(&mut self.session, range, wanted, needs, bounds, &mut |chunk| {
            bytes += chunk.bytes();
            cut = bytes > BYTES;
            if !cut {
                trial.take(chunk);
            }
            !cut
        })?;
        Ok((complete, cut))
    }
}

/// What an answer is worth that takes too long or fails on an event: nothing, and the rest goes on.
fn bounded<T>(answer: Result<T, LogError>) -> Result<Option<T>, LogError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(LogError::Pg(PgError::Server(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The findings of a trial that had every event up to `complete`.
fn told(name: &str, policy: OnError, complete: Position, outcome: &Outcome) -> Vec<Finding> {
    let mut groups: BTreeMap<(Option<String>, &str, String, i32), Group> = BTreeMap::new();
    // After an event that stops a rebuild, others lack its rows; one that is parked or skipped is left out there, too.
    let mut is_whole = true;
    for Refused { failure, is_certain_alone } in &outcome.refused {
        let is_in_order = is_whole && failure.position <= complete.0;
        let is_certain = *is_certain_alone || is_in_order;
        is_whole &= policy.goes_on();
        let no_path = [FailureCode::UpcasterPathMissing, FailureCode::VersionUnknown];
        if no_path.contains(&failure.code) {
            continue;
        }
        let key = (
            failure.place.clone(),
            failure.code.name(),
            failure.event_type.clone(),
            failure.schema_version,
        );
        match groups.get_mut(&key) {
            Some(group) if group.is_certain || !is_certain => group.more += 1,
            found => {
                let more = found.map_or(0, |group| group.more + 1);
                groups.insert(key, Group { first: failure.clone(), is_certain, more });
            }
        }
    }
    let groups: Vec<Group> = groups.into_values().collect();
    let mut findings: Vec<Finding> = groups.iter().map(|g| finding(name, policy, g)).collect();
    findings.extend(outcome.differs.as_ref().map(|event| {
        let message = without_place(event);
        let hint = "please report it; until then: engine = \"sql\" in projection.toml";
        Finding::mistake(Gate::Handlers, name, message).at(place(event)).hint(Some(hint.to_owned()))
    }));
    findings
}

fn finding(name: &str, policy: OnError, group: &Group) -> Finding {
    let Group { first, is_certain, more } = group;
    let gate = match first.code {
        FailureCode::UpcasterFailed => Gate::Upcasters,
        _ => Gate::Handlers,
    };
    let event = without_place(first);
    let others = match more {
        0 => String::new(),
        more => format!("; {more} more of that type and version"),
    };
    let (severity, message) = match (is_certain, policy) {
        (true, OnError::Stop) => {
            (Severity::Mistake, format!("a rebuild would stop at {event}{others}"))
        }
        (true, OnError::Park) => {
            (Severity::Mistake, format!("a rebuild would park {event}{others}"))
        }
        (true, OnError::Skip) => {
            (Severity::Mistake, format!("a rebuild would skip {event}{others}"))
        }
        (false, _) => {
            let why = "it may need rows of events that were not drawn";
            (Severity::Note, format!("could not be tried alone: {event}{others}; {why}"))
        }
    };
    let rule = Some(first.code.name().to_owned());
    Finding { rule, ..Finding::new(gate, severity, name, message) }
        .at(place(first))
        .hint(is_certain.then(|| hint(first)).flatten())
}

/// The event and what is wrong, for a line that has its place in front.
fn without_place(failure: &Failure) -> String {
    Failure { place: None, ..failure.clone() }.to_string()
}

fn place(failure: &Failure) -> Option<Place> {
    failure.place.as_deref()?.parse().ok()
}

fn hint(failure: &Failure) -> Option<String> {
    let of_code = match failure.code {
        FailureCode::FieldMissing => format!(
            "correct the name, make the field in migrations/events/{}.toml, or write :name? if absent means NULL",
            failure.event_type
        ),
        FailureCode::ValueNotPassable | FailureCode::ValueRefused => {
            "cast to what the values are, or cast them in an upcaster".to_owned()
        }
        _ => return failure.hint.clone(),
    };
    Some(of_code)
}
