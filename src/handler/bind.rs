//! Parameters' values: what a handler's `:name` is for one event.
//!
//! Turns JSON into the text PostgreSQL's input functions read, as `->>` does, but for
//! `json` parameters (the JSON text itself) and arrays (`{...}`). Types are the
//! server's business; a text of the wrong shape is refused there.

use std::borrow::Cow;

use super::param_type::{Form, ParamType};
use super::{EnvelopeField, Param, ParamSource};
use crate::event::RawEvent;
use crate::value::{JsonError, Object, sql_text};

/// The dimensions PostgreSQL's arrays may have (`MAXDIM` in `src/include/utils/array.h`).
const MAX_DIMENSIONS: usize = 6;

/// An event as a handler sees it, after upcasting.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'e> {
    /// The event in the log, without its payload.
    pub raw: &'e RawEvent<'e, ()>,
    /// Its type after upcasting.
    pub event_type: &'e str,
    /// Its schema version after upcasting.
    pub schema_version: i32,
    /// Its number among the events that came of one stored event, from 0.
    pub index: u32,
    /// Its payload after upcasting.
    pub payload: &'e Object<'e>,
    /// Its metadata, where it was read and is an object.
    pub metadata: Option<&'e Object<'e>>,
}

/// Why a parameter has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// The payload has no such field.
    #[error("the payload has no field {field}, which {param} needs")]
    Missing {
        /// The field's path.
        field: String,
        /// The parameter as written.
        param: String,
    },
    /// The envelope has no such field.
    #[error("the event has no {field}, which {param} needs")]
    NoEnvelope {
        /// The field's name.
        field: String,
        /// The parameter as written.
        param: String,
    },
    /// The value cannot be passed to PostgreSQL.
    #[error("{param}: {reason}")]
    Value {
        /// The parameter as written.
        param: String,
        /// Why.
        reason: JsonError,
    },
    /// The value of an array parameter is nested deeper than arrays are.
    #[error(
        "{param}: the JSON array is nested deeper than {MAX_DIMENSIONS} levels, and no PostgreSQL array is"
    )]
    Dimensions {
        /// The parameter as written.
        param: String,
    },
    /// The value asks the clock.
    #[error(
        "{param}: the value asks the clock (now, today, tomorrow or yesterday), so it would be another at \
         the next rebuild"
    )]
    Clock {
        /// The parameter as written.
        param: String,
    },
    /// The value of an array parameter holds objects.
    #[error(
        "{param}: an element of the JSON array is an object, and no PostgreSQL array can hold one"
    )]
    Element {
        /// The parameter as written.
        param: String,
    },
}

impl Param {
    /// The parameter's text for an event; `None` is NULL.
    ///
    /// # Errors
    /// The field is absent and not optional, or its value cannot be passed.
    pub fn value<'e>(
        &self,
        seen: &Seen<'e>,
        ty: &ParamType,
    ) -> Result<Option<Cow<'e, str>>, BindError> {
        let bad = |reason| BindError::Value { param: self.to_string(), reason };
        let text = match &self.source {
            ParamSource::Field(path) => match seen.payload.get_path(path).map_err(bad)? {
                Some(raw) => self.text_of(raw, ty.form)?,
                None if self.optional => None,
                None => {
                    let (field, param) = (path.join("."), self.to_string());
                    return Err(BindError::Missing { field, param });
                }
            },
            ParamSource::Envelope(field) => self.envelope(field, seen, ty.form)?,
        };
        match text {
            Some(text) if ty.moments.ask_the_clock(&text) => {
                Err(BindError::Clock { param: self.to_string() })
            }
            text => Ok(text),
        }
    }

    fn envelope<'e>(
        &self,
        field: &EnvelopeField,
        seen: &Seen<'e>,
        form: Form,
    ) -> Result<Option<Cow<'e, str>>, BindError> {
        let raw = seen.raw;
        let absent = || {
            if self.optional {
                return Ok(None);
            }
            Err(BindError::NoEnvelope { field: field.to_string(), param: self.to_string() })
        };
        let text: Cow<'e, str> = match field {
            EnvelopeField::Position => raw.position.to_string().into(),
            EnvelopeField::StreamId => raw.stream_id.into(),
            EnvelopeField::StreamVersion => raw.stream_version.to_string().into(),
            EnvelopeField::Type => seen.event_type.into(),
            EnvelopeField::SchemaVersion => seen.schema_version.to_string().into(),
            EnvelopeField::Index => seen.index.to_string().into(),
            EnvelopeField::RecordedAt => match raw.recorded_at {
                Some(text) => text.into(),
                None => return absent(),
            },
            EnvelopeField::Metadata(path) if path.is_empty() => match raw.metadata {
                Some(text) => text.into(),
                None => return absent(),
            },
            EnvelopeField::Metadata(path) => {
                let found = match seen.metadata {
                    Some(object) => object.get_path(path),
                    None => Ok(None),
                };
                let found =
                    found.map_err(|reason| BindError::Value { param: self.to_string(), reason })?;
                return match found {
                    Some(text) => self.text_of(text, form),
                    None => absent(),
                };
            }
        };
        Ok(Some(text))
    }

    /// The text of a field that is there, from its JSON text.
    #[inline]
    pub(super) fn text_of<'e>(
        &self,
        raw: Cow<'e, str>,
        form: Form,
    ) -> Result<Option<Cow<'e, str>>, BindError> {
        let bad = |reason| BindError::Value { param: self.to_string(), reason };
        match form {
            _ if !raw.starts_with('"') && raw == "null" => Ok(None),
            Form::Json => Ok(Some(raw)),
            Form::Array { delimiter, of_json } if raw.starts_with('[') => {
                let mut literal = String::with_capacity(raw.len());
                self.push_array(&raw, (MAX_DIMENSIONS, delimiter, of_json), &mut literal)?;
                Ok(Some(literal.into()))
            }
            Form::Text | Form::Array { .. } => match raw {
                Cow::Borrowed(text) => sql_text(text).map_err(bad),
                Cow::Owned(text) => {
                    let value = sql_text(&text).map_err(bad)?;
                    Ok(value.map(|v| Cow::Owned(v.into_owned())))
                }
            },
        }
    }

    /// Writes a JSON array as an array literal (PostgreSQL manual, "Array Input and Output
    /// Syntax"); elements are always quoted, so no text can be taken for NULL.
    fn push_array(
        &self,
        raw: &str,
        (dimensions, delimiter, of_json): (usize, char, bool),
        literal: &mut String,
    ) -> Result<(), BindError> {
        if dimensions == 0 {
            return Err(BindError::Dimensions { param: self.to_string() });
        }
        let bad = |reason| BindError::Value { param: self.to_string(), reason };
        let elements: Vec<&serde_json::value::RawValue> =
            serde_json::from_str(raw).map_err(|e| bad(JsonError::Syntax(e.to_string())))?;
        literal.push('{');
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                literal.push(delimiter);
            }
            match element.get() {
                "null" => literal.push_str("NULL"),
                // An array among them is an element, too: JSON has no dimensions.
                json if of_json => push_element(json, literal),
                nested if nested.starts_with('[') => {
                    self.push_array(nested, (dimensions - 1, delimiter, of_json), literal)?;
                }
                object if object.starts_with('{') => {
                    return Err(BindError::Element { param: self.to_string() });
                }
                scalar => match sql_text(scalar).map_err(bad)? {
                    None => literal.push_str("NULL"),
                    Some(text) => push_element(&text, literal),
                },
            }
        }
        literal.push('}');
        Ok(())
    }
}

fn push_element(text: &str, literal: &mut String) {
    literal.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal.push('"');
}
