//! The event types that handlers and upcaster files name, compared with those of the log.
//!
//! Most logs have all their types among the first and the last events, and then no more is read. A
//! type that is not among them is looked for in the whole log; a quick preflight does so for five seconds.

use std::collections::BTreeSet;

use super::{Code, Depth, Finding, Inspection, PreflightError, Severity};
use crate::census::{self, StrayType};
use crate::definition::strangers::Kind;
use crate::handler::{EnvelopeField, Handlers};
use crate::log::LogShape;
use crate::pg::{PgError, Session, Sql};
use crate::source::SourceFile;
use crate::upcast::Upcasters;

/// How many events at each end are looked at first.
const AT_THE_ENDS: usize = 5_000;
/// How long a quick preflight reads the log.
const QUICK: &str = "SET statement_timeout = '5s'";

/// Looks for types that are named and no event has.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    shape: &LogShape,
) -> Result<(), PreflightError> {
    let project = &inspection.context.project;
    // Mistakes in files are reported by the rooms that read them for a build.
    let Ok(upcasters) = Upcasters::load(&project.upcasters) else { return Ok(()) };
    let mut handlers = Vec::new();
    for name in inspection.names {
        let Ok(events) = project.draft(name)?.parse_events() else { return Ok(()) };
        handlers.push((name.as_str(), events.handlers));
    }
    inspection.found.extend(streams_that_are_not(shape, &handlers, &project.upcasters));
    let strangers = |types: &BTreeSet<String>| -> Vec<StrayType> {
        let log: BTreeSet<Kind> = types.iter().map(|name| (name.clone(), None)).collect();
        let handlers = handlers.iter().map(|(name, h)| (*name, h));
        census::strangers_in(handlers, (&upcasters, &project.upcasters), &log)
    };
    let Some((types, whole)) =
        types(inspection, session, shape, |seen| !strangers(seen).is_empty())?
    else {
        return Ok(());
    };
    if types.is_empty() {
        let message = "the log is empty, so whether it has the types that handlers name could not \
                       be looked at";
        let next = "look again when it has events";
        inspection.found.push(Finding::note(Code::EmptyLog, shape.label(), message, next));
        return Ok(());
    }
    let told = strangers(&types).into_iter().map(|StrayType { stranger, .. }| {
        let looked = match whole {
            true => String::new(),
            false => format!(" (only the first and the last {AT_THE_ENDS} events were looked at)"),
        };
        let message = format!("{}: {stranger}{looked}", stranger.place);
        let next = stranger.next();
        let severity = if stranger.is_suspect() { Severity::Warning } else { Severity::Note };
        Finding::new(severity, Code::UnknownType, stranger.event_type, message, next)
    });
    inspection.found.extend(told);
    Ok(())
}

/// Handlers and upcasters that read the stream of an event where the log does not say it.
fn streams_that_are_not(
    shape: &LogShape,
    handlers: &[(&str, Handlers)],
    upcasters: &[SourceFile],
) -> Vec<Finding> {
    let fields = [
        (shape.has_streams, EnvelopeField::StreamId, "stream_id"),
        (shape.has_versions, EnvelopeField::StreamVersion, "stream_version"),
    ];
    let mut found = Vec::new();
    for (_, field, key) in fields.into_iter().filter(|(is_there, ..)| !is_there) {
        let of_handlers = handlers.iter().filter_map(|(_, handlers)| handlers.place_of(&field));
        let jq = format!("$event.{key}");
        let of_upcasters = upcasters.iter().filter_map(|f| Some(f.place(f.text.find(&jq)?)));
        for place in of_handlers.chain(of_upcasters) {
            let message = format!(
                "{place}: {key} of the event is read, and [event_store.adopt] does not say what it is"
            );
            let next = format!("config.toml: [event_store.adopt] {key}; or do without it");
            found.push(Finding::refused(Code::NoStreams, place.to_string(), message, next));
        }
    }
    found
}

/// The types of the log, and whether they are all; nothing where they cannot be had. A quick
/// question reads on behind the ends of the log only if `missing` says so, and not for long.
fn types(
    inspection: &Inspection<'_>,
    session: &mut Session,
    shape: &LogShape,
    missing: impl Fn(&BTreeSet<String>) -> bool,
) -> Result<Option<(BTreeSet<String>, bool)>, PreflightError> {
    if inspection.depth == Depth::Thorough {
        let what = format!("the types of {}", shape.label());
        return match inspection.ask_long(session, &what, |session| shape.types(session)) {
            Ok(types) => Ok(Some((types, true))),
            // An expression that fails is told by the question about expressions.
            Err(PreflightError::Pg(PgError::Server(_))) => Ok(None),
            Err(error) => Err(error),
        };
    }
    session.run(QUICK)?;
    let seen = shape.types_at_the_ends(session, AT_THE_ENDS);
    let all = match &seen {
        Ok(seen) if missing(seen) => Some(shape.types(session)),
        _ => None,
    };
    session.run("SET statement_timeout = 0")?;
    match (seen, all) {
        (_, Some(Ok(types))) => Ok(Some((types, true))),
        (Ok(seen), None) => Ok(Some((seen, true))),
        (Ok(seen), Some(Err(PgError::Server(_)))) => Ok(Some((seen, false))),
        (Err(PgError::Server(_)), _) => Ok(None),
        (Err(lost), _) | (_, Some(Err(lost))) => Err(lost.into()),
    }
}
