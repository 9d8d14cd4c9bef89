//! Tests of upcasters: given events of old versions, expected events of the latest.
//!
//! A test is a file `migrations/events/tests/*.toml`; docs/testing.md has the format. Events are upcast before an
//! engine runs a statement, so no server is asked. The sql engine upcasts whole payloads, and so does the test; what the native
//! engine reads of them is compared with that, field by field (`by_field`).

mod by_field;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;

use super::compare::Difference;
use super::file::{Case, Event, Given, Refused, head, json_of};
use super::written::string;
use super::{TestError, Tested, payload};
use crate::config::plain_reason;
use crate::context::Context;
use crate::definition::DefinitionErrors;
use crate::event::{Position, RawEvent};
use crate::replay::sql::batch::code_of_upcast;
use crate::source::SourceFile;
use crate::upcast::Upcasters;

/// What tests of upcasters go by where those of a projection go by its name.
pub const GROUP: &str = "migrations/events";
/// When events were recorded that do not say so, as a log tells it.
const TIME: &str = "2000-01-01 00:00:00+00";

/// What stands in a test's file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpcastCase {
    #[serde(default)]
    given: Vec<Given>,
    /// What comes of the events, in order.
    #[serde(default)]
    expect: Vec<ExpectedEvent>,
    /// Events of which nothing comes.
    #[serde(default)]
    dropped: Vec<Dropped>,
    /// Events that shall fail.
    #[serde(default)]
    refused: Vec<Refused>,
}

/// An event that shall come of a given one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedEvent {
    /// Of which of the given events, from 1.
    #[serde(default = "first")]
    event: usize,
    /// Its type; that of the given event without it.
    #[serde(default, rename = "type")]
    event_type: Option<String>,
    /// The version of its schema; not looked at without it.
    #[serde(default)]
    version: Option<i32>,
    /// Its payload, all of it: a table, or JSON in a string.
    payload: toml::Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dropped {
    #[serde(default = "first")]
    event: usize,
}

fn first() -> usize {
    1
}

/// What came of a given event.
enum Outcome {
    /// Type, version and payload of each event; none if it was dropped.
    Events(Vec<(String, i32, String)>),
    /// It failed: the code, and what is wrong.
    Failed(&'static str, String),
}

/// Runs the tests of the project's upcasters. With `update` what came out becomes what is expected.
///
/// # Errors
/// Upcasters or tests cannot be read. What a test found is in [`Tested::differences`].
pub fn run(context: &Context, update: bool) -> Result<Vec<Tested>, TestError> {
    let files = context.project.upcaster_tests()?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let (revisions, handlers) = (Vec::new(), Vec::new());
    let upcasters = Upcasters::load(&context.project.upcasters)
        .map_err(|upcasters| DefinitionErrors { revisions, handlers, upcasters })?;
    files.iter().map(|file| test(context, &upcasters, file, update)).collect()
}

fn test(
    context: &Context,
    upcasters: &Upcasters,
    file: &SourceFile,
    update: bool,
) -> Result<Tested, TestError> {
    let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
    let mut tested = Tested {
        projection: GROUP.to_owned(),
        name: stem.to_owned(),
        file: file.path.clone(),
        events: 0,
        by_both: false,
        differences: Vec::new(),
        updated: false,
    };
    let (case, events) = match read(file, update) {
        Ok(read) => read,
        Err(reason) => {
            tested.differences.push(Difference::Other(reason));
            return Ok(tested);
        }
    };
    tested.events = events.len();
    let known: BTreeSet<&str> = upcasters.types().collect();
    for (number, event) in (1..).zip(&events) {
        let of = event.event_type.as_str();
        if !known.contains(of) {
            tested.differences.push(Difference::Other(format!(
                "event {number}: no upcaster has to do with the type {of:?}; they lie in {GROUP}"
            )));
        }
    }
    if !tested.differences.is_empty() {
        return Ok(tested);
    }
    let outcomes: Vec<Outcome> =
        (1..).zip(&events).map(|(number, event)| upcast(upcasters, number, event)).collect();
    for (number, (event, outcome)) in (1..).zip(events.iter().zip(&outcomes)) {
        let upcast = match outcome {
            // The test is wrong, and not the event.
            Outcome::Failed("file", _) => continue,
            Outcome::Failed(..) => None,
            Outcome::Events(all) => match all.as_slice() {
                [(_, _, payload)] => Some(payload.as_str()),
                _ => continue,
            },
        };
        let of = (event.event_type.as_str(), event.schema_version);
        let read = by_field::read(upcasters, of, &event.payload, upcast);
        tested.by_both |= read.fields > 0;
        let told = read.differences.into_iter().map(|what| format!("event {number}{what}"));
        tested.differences.extend(told.map(Difference::Other));
    }
    // What the engines do not agree on is nothing to expect.
    if update && tested.differences.is_empty() {
        let text = written(head(&file.text), &outcomes);
        if text != file.text {
            context.project.write(&file.path, &text)?;
            tested.updated = true;
        }
    }
    if update {
        return Ok(tested);
    }
    for (number, (event, outcome)) in (1..).zip(events.iter().zip(&outcomes)) {
        let told = judge(&case, (number, event), outcome);
        let told = told.into_iter().map(|what| format!("event {number}{what}"));
        tested.differences.extend(told.map(Difference::Other));
    }
    Ok(tested)
}

/// A test and its events; or what is wrong with them.
fn read(file: &SourceFile, update: bool) -> Result<(UpcastCase, Vec<Event>), String> {
    let text = if update { head(&file.text) } else { file.text.as_str() };
    let case: UpcastCase = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        format!("{}: {}", file.place(at), plain_reason(error.message()))
    })?;
    let start = file.place(0);
    if case.given.is_empty() {
        return Err(format!("{start}: it gives no event: [[given]] type = ..."));
    }
    let expected = case.expect.iter().map(|one| one.event);
    let dropped = case.dropped.iter().map(|one| one.event);
    let refused = case.refused.iter().map(|one| one.event);
    let all: Vec<usize> = expected.chain(dropped).chain(refused).collect();
    if let Some(other) = all.iter().find(|event| **event == 0 || **event > case.given.len()) {
        return Err(format!("{start}: something is expected of event {other}, which is not given"));
    }
    if !update && let Some(silent) = (1..=case.given.len()).find(|event| !all.contains(event)) {
        return Err(format!(
            "{start}: nothing is expected of event {silent}: [[expect]], [[dropped]] or [[refused]] with \
             event = {silent}; --update writes what comes out"
        ));
    }
    let events = Case { given: case.given.clone(), ..Case::default() }
        .events()
        .map_err(|reason| format!("{start}: {reason}"))?;
    Ok((case, events))
}

/// What comes of an event.
fn upcast(upcasters: &Upcasters, number: i64, event: &Event) -> Outcome {
    let recorded_at = match event.recorded_at.as_deref().map(as_a_log_tells) {
        None => TIME.to_owned(),
        Some(Some(moment)) => moment,
        Some(None) => {
            let what = "at is no time in UTC; write it as in 2026-03-01T09:00:00Z";
            return Outcome::Failed("file", what.to_owned());
        }
    };
    let raw = RawEvent {
        position: Position(number),
        stream_id: event.stream_id.as_str(),
        stream_version: number - 1,
        event_type: event.event_type.as_str(),
        schema_version: event.schema_version,
        payload: event.payload.as_str(),
        metadata: Some(event.metadata.as_str()),
        recorded_at: Some(recorded_at.as_str()),
        recorded_micros: None,
    };
    let mut out = Vec::new();
    match upcasters.upcast(&raw, &mut out) {
        Ok(()) => Outcome::Events(
            out.iter()
                .map(|one| (one.event_type.to_string(), one.schema_version, one.payload.to_json()))
                .collect(),
        ),
        Err(error) => Outcome::Failed(code_of_upcast(&error).name(), error.to_string()),
    }
}

/// A moment in UTC as PostgreSQL prints it, which is how steps see it.
fn as_a_log_tells(moment: &str) -> Option<String> {
    let (date, time) = moment.strip_suffix(['Z', 'z'])?.split_once(['T', 't', ' '])?;
    let time = match time.contains('.') {
        true => time.trim_end_matches('0').trim_end_matches('.'),
        false => time,
    };
    Some(format!("{date} {time}+00"))
}

/// What is not as it is expected of an event, in words that follow its number.
fn judge(case: &UpcastCase, (number, event): (usize, &Event), outcome: &Outcome) -> Vec<String> {
    let expected: Vec<&ExpectedEvent> =
        case.expect.iter().filter(|one| one.event == number).collect();
    let is_dropped = case.dropped.iter().any(|one| one.event == number);
    let refused = case.refused.iter().find(|one| one.event == number);
    if usize::from(!expected.is_empty()) + usize::from(is_dropped) + usize::from(refused.is_some())
        > 1
    {
        return vec![
            " is expected to become another one, to be dropped or to fail: only one of them".into(),
        ];
    }
    let found = match (outcome, refused) {
        (Outcome::Failed(code, _), Some(wanted)) if wanted.code == *code => return Vec::new(),
        (Outcome::Failed(code, _), Some(wanted)) => {
            return vec![format!(" fails with {code}, and {} is expected", wanted.code)];
        }
        (Outcome::Failed(code, why), None) => return vec![format!(" fails ({code}): {why}")],
        (Outcome::Events(_), Some(wanted)) => {
            return vec![format!(" does not fail, and {} is expected", wanted.code)];
        }
        (Outcome::Events(found), None) => found,
    };
    let mut told = Vec::new();
    if found.len() != expected.len() {
        let count = |n: usize| match n {
            0 => "no event".to_owned(),
            1 => "one event".to_owned(),
            n => format!("{n} events"),
        };
        let became: Vec<String> =
            found.iter().map(|(of, version, _)| format!("{of} version {version}")).collect();
        let became =
            if became.is_empty() { String::new() } else { format!(" ({})", became.join(", ")) };
        told.push(format!(
            " becomes {}{became}, expected {}",
            count(found.len()),
            count(expected.len())
        ));
    }
    let is_one = found.len() == 1 && expected.len() == 1;
    for (nth, ((of, version, is), wanted)) in (1..).zip(found.iter().zip(expected)) {
        let which = if is_one { String::new() } else { format!(", its {nth}. event") };
        let of_type = wanted.event_type.as_deref().unwrap_or(&event.event_type);
        if of != of_type {
            told.push(format!("{which}: the type is {of}, expected {of_type}"));
        }
        if let Some(other) = wanted.version.filter(|wanted| wanted != version) {
            told.push(format!("{which}: the version is {version}, expected {other}"));
        }
        let payload = match text(&wanted.payload) {
            Ok(payload) => payload,
            Err(reason) => {
                told.push(format!("{which}: {reason}"));
                continue;
            }
        };
        let differences = payload::differences(&payload, is);
        told.extend(differences.into_iter().map(|what| format!("{which}: {what}")));
    }
    told
}

/// A payload that is expected, as JSON; or what is wrong with it.
fn text(payload: &toml::Value) -> Result<String, String> {
    let toml::Value::String(text) = payload else { return Ok(json_of(payload).to_string()) };
    match serde_json::from_str::<&serde_json::value::RawValue>(text) {
        Ok(_) => Ok(text.clone()),
        Err(error) => Err(format!("the payload that is expected is no JSON: {error}")),
    }
}

/// A test's file: what is given, and then what came of it.
fn written(given: &str, outcomes: &[Outcome]) -> String {
    let mut file = format!("{}\n", given.trim_end());
    for (number, outcome) in (1..).zip(outcomes) {
        let event = match outcomes.len() {
            1 => String::new(),
            _ => format!("event = {number}\n"),
        };
        let _ = match outcome {
            Outcome::Failed(code, _) => {
                write!(file, "\n[[refused]]\nevent = {number}\ncode = {}\n", string(code))
            }
            Outcome::Events(all) if all.is_empty() => {
                write!(file, "\n[[dropped]]\nevent = {number}\n")
            }
            Outcome::Events(all) => all.iter().try_for_each(|(of, version, payload)| {
                write!(
                    file,
                    "\n[[expect]]\n{event}type = {}\nversion = {version}\npayload = {}\n",
                    string(of),
                    string(payload)
                )
            }),
        };
    }
    file
}
