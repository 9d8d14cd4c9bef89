//! Parameters: what `:name`, `:a."odd key".b` and `:event.position` stand for.
//!
//! Owns the meaning of a parameter's text. It reads no event: fetching the
//! value, and the error when it is absent, belong to the engines.

use std::collections::HashMap;
use std::fmt;

use super::error::{Errors, HandlerErrorKind, shown};
use super::scan::{is_name_char, is_name_start, name_len, unquote};
use crate::source::Span;

/// A parameter of a handler, over all its statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Where its value comes from.
    pub source: ParamSource,
    /// Whether it was written with `?`: absent is NULL.
    pub optional: bool,
    /// Every place it is written, in the order of the file.
    pub spans: Vec<Span>,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ParamSource {
    /// A field of the payload, by its path; never empty.
    Field(Vec<String>),
    /// The envelope.
    Envelope(EnvelopeField),
}

/// A field of the envelope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EnvelopeField {
    /// `:event.position`
    Position,
    /// `:event.stream_id`
    StreamId,
    /// `:event.stream_version`
    StreamVersion,
    /// `:event.type`
    Type,
    /// `:event.schema_version`
    SchemaVersion,
    /// `:event.recorded_at`
    RecordedAt,
    /// `:event.index`: the event's number among those that upcasters made of one stored event,
    /// from 0, in the order in which handlers run. With the position it is unique.
    Index,
    /// `:event.metadata`, or a path inside it.
    Metadata(Vec<String>),
}

/// The first part that names the envelope, unless it is in quotes.
const ENVELOPE: &str = "event";

/// The parameters of a handler while its statements are read.
#[derive(Default)]
pub(super) struct Params {
    list: Vec<Param>,
    index: HashMap<ParamSource, usize>,
    mixed: Vec<bool>,
}

impl Params {
    /// The index of the parameter written as `text` at `span`, added if it is new.
    /// An error is gathered, once for each source, and yields no index where
    /// there is nothing to point at.
    pub(super) fn index(
        &mut self,
        text: &str,
        span: Span,
        errors: &mut Errors<'_>,
    ) -> Option<usize> {
        let (source, optional) = match read(text) {
            Ok(read) => read,
            Err(kind) => {
                errors.push(span.start, kind);
                return None;
            }
        };
        if let Some(&index) = self.index.get(&source) {
            let param = &mut self.list[index];
            if param.optional != optional && !self.mixed[index] {
                self.mixed[index] = true;
                errors.push_with(span.start, |file| HandlerErrorKind::MixedOptional {
                    written: shown(text),
                    other: shown(&param.to_string()),
                    first: Box::new(file.place(param.spans[0].start)),
                });
            }
            param.spans.push(span);
            return Some(index);
        }
        let index = self.list.len();
        self.index.insert(source.clone(), index);
        self.list.push(Param { source, optional, spans: vec![span] });
        self.mixed.push(false);
        Some(index)
    }

    pub(super) fn finish(self) -> Vec<Param> {
        self.list
    }
}

/// Reads a parameter the scanner cut: what it stands for, and whether it is optional.
pub(super) fn read(text: &str) -> Result<(ParamSource, bool), HandlerErrorKind> {
    let optional = text.ends_with('?');
    let path = text.strip_suffix('?').unwrap_or(text);
    let mut parts = parts(path);
    let quoted = path.starts_with(":\"");
    if quoted || parts.first().is_none_or(|first| first != ENVELOPE) {
        return Ok((ParamSource::Field(parts), optional));
    }
    let rest = parts.split_off(1);
    Ok((ParamSource::Envelope(envelope(rest)?), optional))
}

/// The parts of a path. The scanner has seen to it that they are well formed,
/// and that a `?` at the end is outside quotes.
fn parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = path;
    // Each part follows one sign: the colon, then dots.
    while let Some(part) = rest.get(1..).filter(|part| !part.is_empty()) {
        if let Some(quoted) = part.strip_prefix('"') {
            let (name, length) =
                unquote(quoted).unwrap_or_else(|| (quoted.to_owned(), quoted.len()));
            parts.push(name);
            rest = &quoted[length..];
        } else {
            let (name, after) = part.split_at(name_len(part));
            parts.push(name.to_owned());
            rest = after;
        }
    }
    parts
}

fn envelope(mut path: Vec<String>) -> Result<EnvelopeField, HandlerErrorKind> {
    let Some(first) = path.first() else { return Err(HandlerErrorKind::BareEvent) };
    let field = match first.as_str() {
        "metadata" => return Ok(EnvelopeField::Metadata(path.split_off(1))),
        "position" => EnvelopeField::Position,
        "stream_id" => EnvelopeField::StreamId,
        "stream_version" => EnvelopeField::StreamVersion,
        "type" => EnvelopeField::Type,
        "schema_version" => EnvelopeField::SchemaVersion,
        "recorded_at" => EnvelopeField::RecordedAt,
        "index" => EnvelopeField::Index,
        _ => return Err(HandlerErrorKind::UnknownEnvelopeField(shown(&path.join(".")))),
    };
    if path.len() > 1 {
        return Err(HandlerErrorKind::UnknownEnvelopeField(shown(&path.join("."))));
    }
    Ok(field)
}

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.source, if self.optional { "?" } else { "" })
    }
}

impl fmt::Display for ParamSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(path) => {
                for (i, part) in path.iter().enumerate() {
                    let bare = if i == 0 {
                        part.starts_with(is_name_start) && part != ENVELOPE
                    } else {
                        !part.is_empty()
                    };
                    f.write_str(if i == 0 { ":" } else { "." })?;
                    write_part(f, part, bare)?;
                }
                Ok(())
            }
            Self::Envelope(field) => write!(f, ":{ENVELOPE}.{field}"),
        }
    }
}

impl fmt::Display for EnvelopeField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Position => "position",
            Self::StreamId => "stream_id",
            Self::StreamVersion => "stream_version",
            Self::Type => "type",
            Self::SchemaVersion => "schema_version",
            Self::RecordedAt => "recorded_at",
            Self::Index => "index",
            Self::Metadata(_) => "metadata",
        };
        f.write_str(name)?;
        let Self::Metadata(path) = self else { return Ok(()) };
        for part in path {
            f.write_str(".")?;
            write_part(f, part, !part.is_empty())?;
        }
        Ok(())
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &str, may_be_bare: bool) -> fmt::Result {
    if may_be_bare && part.chars().all(is_name_char) {
        f.write_str(part)
    } else {
        f.write_str(&crate::ident::quote_ident(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(path: &[&str]) -> ParamSource {
        ParamSource::Field(path.iter().map(|p| (*p).to_owned()).collect())
    }

    /// What is written reads as `expect`, and shows as what is written.
    fn check(written: &str, expect: &ParamSource) {
        let (source, optional) = read(written).unwrap();
        assert_eq!(source, *expect, "{written}");
        let param = Param { source, optional, spans: vec![] };
        assert_eq!(param.to_string(), written);
    }

    #[test]
    fn payload_fields() {
        check(":a", &field(&["a"]));
        check(":_a1?", &field(&["_a1"]));
        check(":a.b.0", &field(&["a", "b", "0"]));
        check(":a.\"odd key\".b?", &field(&["a", "odd key", "b"]));
        check(":\"org:group\"", &field(&["org:group"]));
        check(":\"why?\"", &field(&["why?"]));
        check(":\"a.b\".\"say \"\"x\"\"\"", &field(&["a.b", "say \"x\""]));
        check(":\"\".\"\"", &field(&["", ""]));
        check(":\"event\"", &field(&["event"]));
        check(":\"event\".position", &field(&["event", "position"]));
        check(":eventual.event", &field(&["eventual", "event"]));
        check(":กลุ่ม.ü", &field(&["กลุ่ม", "ü"]));
    }

    #[test]
    fn the_envelope() {
        let of = ParamSource::Envelope;
        check(":event.position", &of(EnvelopeField::Position));
        check(":event.stream_id", &of(EnvelopeField::StreamId));
        check(":event.stream_version", &of(EnvelopeField::StreamVersion));
        check(":event.type", &of(EnvelopeField::Type));
        check(":event.schema_version", &of(EnvelopeField::SchemaVersion));
        check(":event.recorded_at?", &of(EnvelopeField::RecordedAt));
        check(":event.index", &of(EnvelopeField::Index));
        check(":event.metadata", &of(EnvelopeField::Metadata(vec![])));
        let path = vec!["a".to_owned(), "b c".to_owned()];
        check(":event.metadata.a.\"b c\"?", &of(EnvelopeField::Metadata(path)));
    }

    #[test]
    fn what_the_envelope_lacks() {
        assert_eq!(read(":event"), Err(HandlerErrorKind::BareEvent));
        assert_eq!(read(":event?"), Err(HandlerErrorKind::BareEvent));
        for (written, name) in [(":event.id", "id"), (":event.position.x", "position.x")] {
            assert_eq!(read(written), Err(HandlerErrorKind::UnknownEnvelopeField(name.to_owned())));
        }
    }
}
