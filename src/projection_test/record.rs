//! A test made of a stream of the log.

use std::fmt::Write as _;

use serde::Deserialize;

use super::file::Event;
use super::written::string;
use super::{TestError, Tested};
use crate::context::Context;
use crate::event::Position;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};

/// Events of a stream at the most: a test is read by people.
const MOST: usize = 200;

/// Writes a test from the events of a stream that a projection reads, with the rows that they make by
/// themselves, and gives it as it was run.
///
/// # Errors
/// The stream has none, a test of its name is there, or the log cannot be read.
pub fn record(context: &Context, projection: &str, stream: &str) -> Result<Tested, TestError> {
    let definition = context.project.definition(projection)?;
    let name: String = stream
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' })
        .take(100)
        .collect();
    let path = format!("projections/{projection}/tests/{name}.toml");
    if context.project.read(&path)?.is_some() {
        return Err(TestError::Exists { path });
    }
    let types: Vec<String> = definition.parse()?.reach.types().iter().cloned().collect();
    let (mut session, log) = context.open_log("test")?;
    let at = log.first_of(&mut session, Some(stream), (&types, MOST))?;
    let Some(last) = at.last().copied() else {
        let (stream, projection) = (stream.to_owned(), projection.to_owned());
        return Err(TestError::EmptyStream { stream, projection });
    };
    let mut text = format!("# {} of the stream {}\n", counted(at.len()), string(stream));
    let wanted = Wanted::Sample { types: &types, until: Position(0), at: &at };
    let needs = Needs { metadata: true, recorded_at: true, minimal_columns: false, stream: true };
    let range = Range { after: Position(0), until: last };
    let bounds = ChunkBounds { events: MOST, bytes: 8 << 20 };
    let mut failed = None;
    log.read(&mut session, range, wanted, needs, bounds, &mut |chunk| {
        for event in chunk.texts(needs) {
            match event {
                Ok(event) => write_event(&mut text, &event),
                Err(error) => failed = Some(error),
            }
        }
        failed.is_none()
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    context.project.write(&path, &text)?;
    let mut tested = super::run_one(context, &definition, &path)?;
    tested.updated = true;
    Ok(tested)
}

fn counted(events: usize) -> String {
    match events {
        1 => "An event".to_owned(),
        MOST => format!("The first {MOST} events"),
        events => format!("{events} events"),
    }
}

fn write_event(text: &mut String, event: &crate::event::RawEvent<'_>) {
    let _ = writeln!(text, "\n[[given]]\ntype = {}", string(event.event_type));
    let _ = writeln!(text, "stream = {}", string(event.stream_id));
    if event.schema_version != 1 {
        let _ = writeln!(text, "version = {}", event.schema_version);
    }
    if let Some(at) = event.recorded_at {
        let _ = writeln!(text, "at = {}", string(at));
    }
    let _ = writeln!(text, "payload = {}", string(event.payload));
    if let Some(metadata) = event.metadata.filter(|metadata| *metadata != "{}") {
        let _ = writeln!(text, "metadata = {}", string(metadata));
    }
}

/// A line of `regrow export`.
#[derive(Deserialize)]
struct Line<'a> {
    stream_id: Option<String>,
    #[serde(alias = "type")]
    event_type: String,
    schema_version: Option<i32>,
    recorded_at: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a serde_json::value::RawValue>,
}

/// The event of a line; or what is wrong with it.
pub(super) fn event_of_line(line: &str) -> Result<Event, String> {
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let json = |raw: Option<&serde_json::value::RawValue>| {
        raw.map_or_else(|| "{}".to_owned(), |raw| raw.get().to_owned())
    };
    Ok(Event {
        event_type: line.event_type,
        stream_id: line.stream_id.unwrap_or_else(|| "test".to_owned()),
        schema_version: line.schema_version.unwrap_or(1),
        recorded_at: line.recorded_at,
        payload: json(line.payload),
        metadata: json(line.metadata),
    })
}
