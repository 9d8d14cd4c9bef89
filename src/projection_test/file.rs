//! A test as a file: events that are given, rows that are expected.
//!
//! `projections/NAME/tests/*.toml`; docs/testing.md has the format.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::plain_reason;
use crate::source::{Place, SourceFile};

/// What stands in a test's file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A file of events beside this one, a line each, as `regrow export` writes them.
    #[serde(default)]
    pub events: Option<String>,
    /// The events, in order.
    #[serde(default)]
    pub given: Vec<Given>,
    /// For each table the rows it shall have, all of them.
    #[serde(default)]
    pub expect: BTreeMap<String, Vec<toml::Table>>,
    /// The events that shall fail.
    #[serde(default)]
    pub refused: Vec<Refused>,
}

/// An event of a test.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Its stream; `test` if there is none.
    #[serde(default = "default_stream", alias = "stream_id")]
    pub stream: String,
    /// The version of its schema; 1 if there is none.
    #[serde(default = "default_version", alias = "schema_version")]
    pub version: i32,
    /// When it was recorded: a timestamp with a zone. Events without one come a second apart, from
    /// 2000-01-01T00:00:00Z on.
    #[serde(default, alias = "recorded_at")]
    pub at: Option<toml::Value>,
    /// Its payload: a table, or JSON in a string.
    #[serde(default)]
    pub payload: Option<toml::Value>,
    /// Its metadata, likewise.
    #[serde(default)]
    pub metadata: Option<toml::Value>,
    /// What lines of `regrow export` have besides.
    #[serde(default)]
    pub stream_version: Option<i64>,
    /// See [`Given::stream_version`].
    #[serde(default)]
    pub position: Option<i64>,
}

/// An event that shall fail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Which of the given events, from 1.
    pub event: usize,
    /// The code of docs/errors.md.
    pub code: String,
}

fn default_stream() -> String {
    "test".into()
}

fn default_version() -> i32 {
    1
}

impl Case {
    /// Reads a test's file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(file: &SourceFile) -> Result<Case, (Place, String)> {
        let case: Case = toml::from_str(&file.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (file.place(at), plain_reason(error.message()))
        })?;
        let start = file.place(0);
        if case.events.is_some() && !case.given.is_empty() {
            return Err((start, "it has both events and [[given]]".into()));
        }
        if case.events.is_none() && case.given.is_empty() {
            return Err((start, "it gives no event: [[given]] type = ...".into()));
        }
        if case.expect.is_empty() && case.refused.is_empty() {
            let reason = "it expects nothing: [[expect.TABLE]] with columns, or [[refused]]; \
                          --update writes what comes out";
            return Err((start, reason.into()));
        }
        Ok(case)
    }

    /// The same for `--update`, to which nothing need be expected.
    ///
    /// # Errors
    /// As [`Case::parse`].
    pub fn parse_given(file: &SourceFile) -> Result<Case, (Place, String)> {
        let given = SourceFile::new(file.path.clone(), head(&file.text));
        let mut case = Case::parse(&SourceFile::new(
            file.path.clone(),
            format!("{}\n[expect]\nany = []\n", given.text),
        ))?;
        case.expect.clear();
        Ok(case)
    }

    /// The events, where they stand in this file.
    ///
    /// # Errors
    /// A payload is no JSON; what is wrong, and with which event.
    pub fn events(&self) -> Result<Vec<Event>, String> {
        let event = |(number, given): (usize, &Given)| {
            let json = |what: &str, value: &Option<toml::Value>| match value {
                None => Ok("{}".to_owned()),
                Some(toml::Value::String(text)) => serde_json::from_str::<
                    &serde_json::value::RawValue,
                >(text)
                .map(|_| text.clone())
                .map_err(|error| format!("the {what} of event {} is no JSON: {error}", number + 1)),
                Some(value) => Ok(json_of(value).to_string()),
            };
            Ok(Event {
                event_type: given.event_type.clone(),
                stream_id: given.stream.clone(),
                schema_version: given.version,
                recorded_at: given.at.as_ref().map(text_of),
                payload: json("payload", &given.payload)?,
                metadata: json("metadata", &given.metadata)?,
            })
        };
        self.given.iter().enumerate().map(event).collect()
    }
}

/// An event as it is put into a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its type.
    pub event_type: String,
    /// Its stream.
    pub stream_id: String,
    /// The version of its schema.
    pub schema_version: i32,
    /// When it was recorded.
    pub recorded_at: Option<String>,
    /// Its payload, JSON.
    pub payload: String,
    /// Its metadata, JSON.
    pub metadata: String,
}

/// The part of a test's file that says what is given: what stands before the first expectation.
#[must_use]
pub fn head(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let header: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        let is_expectation =
            ["[[expect", "[expect", "[[refused]]", "[[dropped]]", "expect.", "refused="]
                .iter()
                .any(|start| header.starts_with(start));
        if is_expectation {
            break;
        }
        at += line.len();
    }
    text[..at].trim_end()
}

/// A value of TOML as JSON; a date or time is a string.
#[must_use]
pub fn json_of(value: &toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.clone().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => serde_json::Number::from_f64(*number)
            .map_or(serde_json::Value::Null, serde_json::Value::Number),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(list) => list.iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            table.iter().map(|(key, value)| (key.clone(), json_of(value))).collect()
        }
    }
}

/// A value of TOML as text that PostgreSQL reads.
#[must_use]
pub fn text_of(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(truth) => truth.to_string(),
        toml::Value::Datetime(moment) => moment.to_string(),
        toml::Value::Array(_) | toml::Value::Table(_) => json_of(value).to_string(),
    }
}

/// Whether a value stands for NULL: `{ null = true }`.
#[must_use]
pub fn is_null(value: &toml::Value) -> bool {
    let toml::Value::Table(table) = value else { return false };
    table.len() == 1 && table.get("null").and_then(toml::Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Case, (Place, String)> {
        Case::parse(&SourceFile::new("t.toml", text))
    }

    #[test]
    fn a_case_is_read() {
        let case = parse(
            "[[given]]\ntype = 'A'\npayload = { id = 1, at = 2026-03-01T00:00:00Z, no = [1.5, true] }\n\
             [[given]]\ntype = 'B'\nversion = 2\nstream = 's'\npayload = '{\"n\": null}'\n\
             [[expect.t]]\nid = 1\nname = { null = true }\n",
        )
        .unwrap();
        let events = case.events().unwrap();
        assert_eq!(events[0].payload, r#"{"at":"2026-03-01T00:00:00Z","id":1,"no":[1.5,true]}"#);
        assert_eq!((events[1].schema_version, events[1].payload.as_str()), (2, r#"{"n": null}"#));
        assert!(is_null(&case.expect["t"][0]["name"]));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (text, reason) in [
            ("[[given]]\ntype = 'A'\n", "expects nothing"),
            ("[[expect.t]]\nid = 1\n", "gives no event"),
            ("[[given]]\ntyp = 'A'\n", "unknown field"),
            ("events = 'a.ndjson'\n[[given]]\ntype = 'A'\n[expect]\nt = []\n", "both"),
        ] {
            let (_, found) = parse(text).unwrap_err();
            assert!(found.contains(reason), "{text}: {found}");
        }
        let bad = parse("[[given]]\ntype = 'A'\npayload = '{'\n[expect]\nt = []\n").unwrap();
        assert!(bad.events().unwrap_err().contains("event 1"));
    }

    #[test]
    fn what_is_given_ends_where_something_is_expected() {
        let given = "# a comment\n[[given]]\ntype = 'A'";
        for rest in
            ["[[expect.t]]\nid = 1\n", " [ expect ]\nt = []", "[[ refused ]]\nevent = 1", ""]
        {
            assert_eq!(head(&format!("{given}\n\n{rest}")), given, "{rest}");
        }
    }
}
