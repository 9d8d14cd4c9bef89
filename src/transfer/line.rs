//! One line of NDJSON: read into an event, and written from one.
//!
//! Owns the names of the fields and what each may hold. Whatever the server would refuse and
//! that can be told from the line alone is refused here, so that the message names the field.
//! Values are borrowed from the line; payload and metadata stay the text they are. No message
//! quotes a payload.

use std::borrow::Cow;
use std::fmt;
use std::io::Write;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::copy_format::push_text_field;
use crate::event::RawEvent;
use crate::value::{JsonError, check_depth, kind, sql_text};

/// How deep a payload's or the metadata's arrays and objects may be nested.
pub const MAX_DEPTH: usize = 1_000;

/// The columns [`Line::push_row`] writes, in order.
pub(super) const COLUMNS: &str =
    "stream_id, stream_version, event_type, schema_version, payload, metadata, recorded_at";

/// An unknown field's name is cut to so many characters in a message.
const SHOWN_NAME: usize = 60;

/// The fields of a line; the constants below are their places.
const FIELDS: [&str; 8] = [
    "stream_id",
    "stream_version",
    "type",
    "schema_version",
    "payload",
    "metadata",
    "recorded_at",
    "position",
];
const STREAM_ID: usize = 0;
const STREAM_VERSION: usize = 1;
const TYPE: usize = 2;
const SCHEMA_VERSION: usize = 3;
const PAYLOAD: usize = 4;
const METADATA: usize = 5;
const RECORDED_AT: usize = 6;

/// Why a line is not an event.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The input broke off or cannot be unpacked.
    #[error("the input cannot be read: {0}")]
    Read(std::io::Error),
    /// The line is longer than a line may be.
    #[error("the line is longer than {limit} bytes")]
    TooLong {
        /// The bound.
        limit: u64,
    },
    /// The line is not UTF-8.
    #[error("the line is not UTF-8 at its byte {line_byte} (byte {input_byte} of the text)")]
    Utf8 {
        /// The first bad byte in the line, from 1.
        line_byte: u64,
        /// The same in the whole text, unpacked, from 1.
        input_byte: u64,
    },
    /// The line, or a text of an adopted log, is not JSON.
    #[error("not JSON at byte {column}: {reason}")]
    Syntax {
        /// Where, in bytes from 1.
        column: usize,
        /// What the parser said; it quotes nothing.
        reason: String,
    },
    /// The line is JSON, but not an object.
    #[error("the line is {found}, not an object")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A field that is no part of an event.
    #[error("unknown field {name:?}")]
    Unknown {
        /// Its name, cut if it is long.
        name: String,
    },
    /// A field stands there twice.
    #[error("{field} is given twice")]
    Twice {
        /// The field.
        field: &'static str,
    },
    /// A field that must be there is not.
    #[error("{field} is missing")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field holds another kind of value.
    #[error("{field} must be {expected} and is {found}")]
    Kind {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A number is no integer or out of its bounds.
    #[error("{field} must be an integer from {least} to {most}")]
    Integer {
        /// The field.
        field: &'static str,
        /// The smallest that counts.
        least: i64,
        /// The largest that counts.
        most: i64,
    },
    /// A name is empty.
    #[error("{field} is empty")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A text that PostgreSQL cannot hold, or that is nested too deep.
    #[error("{field}: {error}")]
    Json {
        /// The field.
        field: &'static str,
        /// Why.
        error: JsonError,
    },
}

/// An event as a line tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    stream_id: Cow<'a, str>,
    stream_version: i64,
    event_type: Cow<'a, str>,
    schema_version: i64,
    payload: &'a str,
    metadata: &'a str,
    recorded_at: Option<Cow<'a, str>>,
}

type Values<'a> = [Option<&'a str>; FIELDS.len()];

impl<'a> Line<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// The first thing that keeps it from being an event.
    pub(super) fn parse(text: &'a str) -> Result<Self, LineError> {
        let values = read(text)?;
        Ok(Self {
            stream_id: name(&values, STREAM_ID)?,
            // The log's column decides how large a version may grow.
            stream_version: integer(&values, STREAM_VERSION, (0, i64::MAX))?
                .ok_or(LineError::Missing { field: FIELDS[STREAM_VERSION] })?,
            event_type: name(&values, TYPE)?,
            schema_version: integer(&values, SCHEMA_VERSION, (1, i32::MAX.into()))?.unwrap_or(1),
            payload: object(&values, PAYLOAD)?
                .ok_or(LineError::Missing { field: FIELDS[PAYLOAD] })?,
            metadata: object_or_null(&values, METADATA)?.unwrap_or("{}"),
            recorded_at: string(&values, RECORDED_AT)?,
        })
    }

    /// Appends the event as a line of `COPY ... FROM STDIN` text with [`COLUMNS`].
    pub(super) fn push_row(&self, now: &str, out: &mut Vec<u8>) {
        push_text_field(out, Some(&self.stream_id));
        push_number(out, b'\t', self.stream_version);
        out.push(b'\t');
        push_text_field(out, Some(&self.event_type));
        push_number(out, b'\t', self.schema_version);
        for text in [self.payload, self.metadata, self.recorded_at.as_deref().unwrap_or(now)] {
            out.push(b'\t');
            push_text_field(out, Some(text));
        }
        out.push(b'\n');
    }
}

/// Appends an event as a line, with its newline. Metadata and recorded-at are left out
/// where there are none.
pub fn push_event(event: &RawEvent<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"position\"");
    push_number(out, b':', event.position.0);
    push_string(out, b",\"stream_id\":", event.stream_id);
    out.extend_from_slice(b",\"stream_version\"");
    push_number(out, b':', event.stream_version);
    push_string(out, b",\"type\":", event.event_type);
    out.extend_from_slice(b",\"schema_version\"");
    push_number(out, b':', event.schema_version.into());
    out.extend_from_slice(b",\"payload\":");
    push_flat(out, event.payload);
    if let Some(metadata) = event.metadata {
        out.extend_from_slice(b",\"metadata\":");
        push_flat(out, metadata);
    }
    if let Some(recorded_at) = event.recorded_at {
        push_string(out, b",\"recorded_at\":", recorded_at);
    }
    out.extend_from_slice(b"}\n");
}

/// Checks that a text is one JSON value, whatever its kind.
///
/// # Errors
/// It is not.
pub(super) fn check_json(text: &str) -> Result<(), LineError> {
    serde_json::from_str::<&RawValue>(text).map(|_| ()).map_err(|error| syntax(&error))
}

fn push_number(out: &mut Vec<u8>, before: u8, number: i64) {
    out.push(before);
    write!(out, "{number}").expect("memory takes every byte");
}

fn push_string(out: &mut Vec<u8>, before: &[u8], text: &str) {
    out.extend_from_slice(before);
    serde_json::to_writer(out, text).expect("a text always has a JSON form");
}

/// A `json` column may be written over several lines. Line ends are never inside a JSON
/// string, so a blank means the same.
fn push_flat(out: &mut Vec<u8>, json: &str) {
    let start = out.len();
    out.extend_from_slice(json.as_bytes());
    for byte in &mut out[start..] {
        if matches!(*byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

fn read(text: &str) -> Result<Values<'_>, LineError> {
    let mut refused = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let values = json.deserialize_map(FieldsVisitor { refused: &mut refused });
    let values = values.and_then(|values| json.end().map(|()| values));
    if let Some(error) = refused {
        return Err(error);
    }
    // serde quotes a value of the wrong type in its own words, and no message may.
    values.map_err(|error| {
        if error.is_data() { LineError::NotAnObject { found: kind(text) } } else { syntax(&error) }
    })
}

fn syntax(error: &serde_json::Error) -> LineError {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    LineError::Syntax { column: error.column(), reason: reason.to_owned() }
}

/// A field that names something: a string that is not empty.
fn name<'a>(values: &Values<'a>, field: usize) -> Result<Cow<'a, str>, LineError> {
    let text = string(values, field)?.ok_or(LineError::Missing { field: FIELDS[field] })?;
    if text.is_empty() {
        return Err(LineError::Empty { field: FIELDS[field] });
    }
    Ok(text)
}

/// A string; absent and null are one.
fn string<'a>(values: &Values<'a>, field: usize) -> Result<Option<Cow<'a, str>>, LineError> {
    let Some(raw) = values[field].filter(|raw| *raw != "null") else { return Ok(None) };
    expect(field, raw, "a string", raw.starts_with('"'))?;
    sql_text(raw).map_err(|error| LineError::Json { field: FIELDS[field], error })
}

/// An integer; absent and null are one.
fn integer(
    values: &Values<'_>,
    field: usize,
    (least, most): (i64, i64),
) -> Result<Option<i64>, LineError> {
    let Some(raw) = values[field].filter(|raw| *raw != "null") else { return Ok(None) };
    expect(field, raw, "an integer", raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()))?;
    match raw.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => Err(LineError::Integer { field: FIELDS[field], least, most }),
    }
}

fn object_or_null<'a>(values: &Values<'a>, field: usize) -> Result<Option<&'a str>, LineError> {
    if values[field] == Some("null") { Ok(None) } else { object(values, field) }
}

/// An object that `jsonb` takes.
fn object<'a>(values: &Values<'a>, field: usize) -> Result<Option<&'a str>, LineError> {
    let Some(raw) = values[field] else { return Ok(None) };
    expect(field, raw, "an object", raw.starts_with('{'))?;
    // Each level takes two bytes, so a short text cannot be deep.
    let depth = if raw.len() > 2 * MAX_DEPTH { check_depth(raw, MAX_DEPTH) } else { Ok(()) };
    depth
        .and_then(|()| check_characters(raw))
        .map_err(|error| LineError::Json { field: FIELDS[field], error })?;
    Ok(Some(raw))
}

fn expect(field: usize, raw: &str, expected: &'static str, holds: bool) -> Result<(), LineError> {
    if holds {
        return Ok(());
    }
    Err(LineError::Kind { field: FIELDS[field], expected, found: kind(raw) })
}

/// Looks for escapes that stand for no character PostgreSQL's text can hold. The text must be
/// JSON: then a backslash is always the start of an escape inside a string.
fn check_characters(json: &str) -> Result<(), JsonError> {
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some(code) = escaped_code(rest) else {
            // One letter, which may be a backslash itself.
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        rest = rest.get(5..).unwrap_or_default();
        match code {
            0 => return Err(JsonError::Nul),
            0xD800..=0xDBFF => {
                let low = rest.strip_prefix('\\').and_then(escaped_code);
                if !low.is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) {
                    return Err(JsonError::LoneSurrogate(code));
                }
                rest = rest.get(6..).unwrap_or_default();
            }
            0xDC00..=0xDFFF => return Err(JsonError::LoneSurrogate(code)),
            _ => {}
        }
    }
    Ok(())
}

/// The number in `u` and four hex digits.
fn escaped_code(after_backslash: &str) -> Option<u16> {
    let digits = after_backslash.strip_prefix('u')?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// Collects the fields' texts. What is wrong with them goes into `refused`, for serde would
/// wrap it in words of its own.
struct FieldsVisitor<'r> {
    refused: &'r mut Option<LineError>,
}

impl<'a> Visitor<'a> for FieldsVisitor<'_> {
    type Value = Values<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values: Values<'a> = Default::default();
        while let Some(field) = map.next_key_seed(FieldSeed)? {
            let field = match field {
                Ok(field) if values[field].is_none() => field,
                Ok(field) => {
                    *self.refused = Some(LineError::Twice { field: FIELDS[field] });
                    return Err(A::Error::custom("refused"));
                }
                Err(name) => {
                    *self.refused = Some(LineError::Unknown { name });
                    return Err(A::Error::custom("refused"));
                }
            };
            values[field] = Some(map.next_value::<&'a RawValue>()?.get());
        }
        Ok(values)
    }
}

/// A key: a field's place, or the name of what is none.
struct FieldSeed;

impl<'a> DeserializeSeed<'a> for FieldSeed {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        let place = FIELDS.iter().position(|field| *field == key);
        Ok(place.ok_or_else(|| key.chars().take(SHOWN_NAME).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Position;

    fn row(text: &str) -> String {
        let mut out = Vec::new();
        Line::parse(text).unwrap().push_row("NOW", &mut out);
        String::from_utf8(out).unwrap()
    }

    fn with(field: &str) -> String {
        format!(r#"{{"stream_id":"s","stream_version":0,"type":"T","payload":{{}},{field}}}"#)
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(Line::parse(text).unwrap_err().to_string(), expect, "{text}");
    }

    #[test]
    fn a_line_becomes_a_row() {
        assert_eq!(
            row(r#"{"stream_id":"s","stream_version":0,"type":"T","payload":{"a":1}}"#),
            "s\t0\tT\t1\t{\"a\":1}\t{}\tNOW\n"
        );
        assert_eq!(
            row(
                r#" { "position" : 9, "recorded_at": "2010-10-02 09:20:39+02", "metadata": {"u": "\n"}, "payload": {"n": 9007199254740993.10, "x": 1e-300}, "schema_version": 3, "type": "é\tT", "stream_version": 7, "stream_id": "a\\b\u0041" } "#
            ),
            "a\\\\bA\t7\té\\tT\t3\t{\"n\": 9007199254740993.10, \"x\": 1e-300}\t{\"u\": \"\\\\n\"}\t2010-10-02 09:20:39+02\n"
        );
    }

    #[test]
    fn null_is_absent_where_a_field_may_be_absent() {
        let nulls = with(r#""metadata":null,"recorded_at":null,"schema_version":null"#);
        assert_eq!(row(&nulls), "s\t0\tT\t1\t{}\t{}\tNOW\n");
        check(r#"{"stream_id":null}"#, "stream_id is missing");
        check(
            r#"{"stream_id":"s","stream_version":0,"type":"T","payload":null}"#,
            "payload must be an object and is null",
        );
    }

    #[test]
    fn what_is_no_event_names_its_field() {
        check("{}", "stream_id is missing");
        check(r#"{"stream_id":"s","type":"T","payload":{}}"#, "stream_version is missing");
        check(r#"{"stream_id":"s","stream_version":0,"payload":{}}"#, "type is missing");
        check(r#"{"stream_id":"s","stream_version":0,"type":"T"}"#, "payload is missing");
        check(r#"{"stream_id":5}"#, "stream_id must be a string and is a number");
        check(r#"{"stream_id":""}"#, "stream_id is empty");
        check(&with(r#""payloda":{}"#), "unknown field \"payloda\"");
        check(&with(r#""type":"U""#), "type is given twice");
        check(
            &with(r#""schema_version":0"#),
            "schema_version must be an integer from 1 to 2147483647",
        );
        check(
            &with(r#""schema_version":1.0"#),
            "schema_version must be an integer from 1 to 2147483647",
        );
        check(
            &with(r#""schema_version":"1""#),
            "schema_version must be an integer and is a string",
        );
        check(&with(r#""metadata":[1]"#), "metadata must be an object and is an array");
        check(&with(r#""recorded_at":17"#), "recorded_at must be a string and is a number");
        check(
            r#"{"stream_id":"s","stream_version":-1}"#,
            "stream_version must be an integer from 0 to 9223372036854775807",
        );
        let long = with(&format!("\"{}\":1", "x".repeat(1_000)));
        check(&long, &format!("unknown field \"{}\"", "x".repeat(60)));
    }

    #[test]
    fn what_is_no_json_is_placed_and_never_quoted() {
        check("[1]", "the line is an array, not an object");
        check("\"secret\"", "the line is a string, not an object");
        check("", "not JSON at byte 0: EOF while parsing a value");
        check(r#"{"stream_id": secret}"#, "not JSON at byte 15: expected value");
        check("{} {}", "not JSON at byte 4: trailing characters");
        check(&with(r#""metadata":{"a":NaN}"#), "not JSON at byte 77: expected value");
        check(
            "{\"stream_id\":\"a\u{1}\"}",
            "not JSON at byte 15: control character (\\u0000-\\u001F) found while parsing a string",
        );
    }

    #[test]
    fn what_jsonb_cannot_hold_is_named() {
        let nul = "a string holds \\u0000, which a text of PostgreSQL cannot hold";
        let lone = |code: &str| {
            format!(
                "a string holds the lone surrogate \\u{code}, which a text of PostgreSQL cannot hold"
            )
        };
        check(&with(r#""metadata":{"a":"x\u0000"}"#), &format!("metadata: {nul}"));
        check(&with(r#""metadata":{"\\\u0000":1}"#), &format!("metadata: {nul}"));
        check(r#"{"stream_id":"\u0000"}"#, &format!("stream_id: {nul}"));
        check(&with(r#""metadata":{"a":"\ud83dx"}"#), &format!("metadata: {}", lone("d83d")));
        check(&with(r#""metadata":{"a":"\ud83d\u0041"}"#), &format!("metadata: {}", lone("d83d")));
        check(&with(r#""metadata":{"a":"\\\uDE00"}"#), &format!("metadata: {}", lone("de00")));
        for fine in
            [r"\\u0000", r"\\\\u0000", r"\u00010", r"\ud83d\ude00", r"\\ud83d", "😀", r"\n\\"]
        {
            let text = with(&format!("\"metadata\":{{\"a\":\"{fine}\"}}"));
            assert!(Line::parse(&text).is_ok(), "{fine}");
        }
    }

    #[test]
    fn hostile_depth_is_refused() {
        let deep = |levels: usize| {
            with(&format!("\"metadata\":{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels)))
        };
        assert!(Line::parse(&deep(MAX_DEPTH - 1)).is_ok());
        check(&deep(MAX_DEPTH), "metadata: the JSON is nested deeper than 1000 levels");
        check(&deep(1_000_000), "metadata: the JSON is nested deeper than 1000 levels");
        let open = format!("{{\"position\":{}", "[".repeat(1_000_000));
        assert!(matches!(Line::parse(&open), Err(LineError::Syntax { .. })));
    }

    #[test]
    fn an_event_survives_the_round_trip() {
        let event = RawEvent {
            position: Position(41),
            stream_id: "a\"\\\tb\u{1}",
            stream_version: 3,
            event_type: "ไทย",
            schema_version: 2,
            payload: "{\"a\":\r\n 1.50}",
            metadata: Some("{}"),
            recorded_at: Some("2010-10-02 07:20:39.266+00"),
            recorded_micros: None,
        };
        let mut out = Vec::new();
        push_event(&event, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches('\n').count(), 1);
        assert!(text.starts_with(r#"{"position":41,"stream_id":"#), "{text}");
        let line = Line::parse(text.trim_end()).unwrap();
        assert_eq!(line.stream_id, event.stream_id);
        assert_eq!((line.stream_version, line.schema_version), (3, 2));
        assert_eq!(line.event_type, event.event_type);
        assert_eq!(line.payload, "{\"a\":   1.50}");
        assert_eq!(line.recorded_at.as_deref(), event.recorded_at);
        let bare = RawEvent { metadata: None, recorded_at: None, ..event };
        let mut out = Vec::new();
        push_event(&bare, &mut out);
        assert!(out.ends_with(b"1.50}}\n"), "{out:?}");
    }
}
