//! Why a build stopped, in the words an operator needs at night.
//!
//! Kept in the ledger as JSON and shown by `status`. What is kept holds no payload; what may
//! quote one is in [`SensitiveDetail`], which is shown on request and written nowhere.

use serde::{Deserialize, Serialize};

use crate::visible::one_line;

mod withhold;

pub use withhold::{detail_without_values, is_raised, message_without_values};

/// The most of a payload that is shown, in bytes.
const SHOWN_BYTES: usize = 10_000;

/// Codes, their names and what they mean: the rows of the table in docs/errors.md.
macro_rules! codes {
    ($($(#[$attribute:meta])* $code:ident = $name:literal: $meaning:literal;)*) => {
        /// What kind of failure it is, by a name that stays.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum FailureCode {
            $(#[doc = $meaning] #[serde(rename = $name)] $(#[$attribute])* $code,)*
        }

        impl FailureCode {
            /// Every code.
            pub const ALL: &'static [FailureCode] = &[$(FailureCode::$code,)*];

            /// The name, as JSON and the ledger have it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(FailureCode::$code => $name,)* }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(FailureCode::$code => $meaning,)* }
            }
        }
    };
}

codes! {
    UpcasterPathMissing = "upcaster-path-missing":
        "No upcaster leads from the event's version to the latest.";
    VersionUnknown = "version-unknown": "The event's version is newer than any the project knows.";
    PayloadNotJson = "payload-not-json": "The payload is not JSON (`NaN`, cut off, not a value).";
    PayloadNotObject = "payload-not-object": "The payload is JSON, but not an object.";
    PayloadTooLarge = "payload-too-large": "The payload has more bytes than `[rebuild] max_payload_bytes`.";
    PayloadTooDeep = "payload-too-deep": "The payload is nested deeper than `[rebuild] max_payload_depth`.";
    CharacterNotStorable = "character-not-storable":
        "A string holds `\\u0000` or a lone surrogate, which no text of PostgreSQL can hold, or a character that the read models' encoding lacks.";
    EventUnreadable = "event-unreadable":
        "A column of the event is NULL or not UTF-8, or an expression of `[event_store.adopt]` fails on it.";
    PayloadMissing = "payload-missing": "The event's payload is NULL, as an erasure may leave it.";
    VersionUnreadable = "version-unreadable":
        "The event's schema version is NULL, not a whole number or out of range.";
    UpcasterFailed = "upcaster-failed": "A step of an upcaster failed on the event.";
    FieldMissing = "field-missing": "A handler needs a field the event does not have.";
    ValueNotPassable = "value-not-passable": "A field's value cannot be given to a handler's parameter.";
    ClockInValue = "clock-in-value":
        "A date or time is `now`, `today`, `tomorrow` or `yesterday`, which the next rebuild would read as another.";
    ValueRefused = "value-refused": "PostgreSQL does not take a value: SQLSTATE class 22.";
    ConstraintViolated = "constraint-violated": "A row would break a constraint: SQLSTATE class 23.";
    #[default]
    HandlerRefused = "handler-refused": "PostgreSQL refused a handler's statement for another reason.";
}

impl FailureCode {
    /// The code of a handler's statement that PostgreSQL refused.
    #[must_use]
    pub fn of_sqlstate(sqlstate: &str) -> FailureCode {
        match sqlstate.get(..2) {
            Some("22") => FailureCode::ValueRefused,
            Some("23") => FailureCode::ConstraintViolated,
            _ => FailureCode::HandlerRefused,
        }
    }
}

/// The number in its stream of an event whose number cannot be read.
pub const UNKNOWN_NUMBER: i64 = -1;
/// The schema version of an event whose version cannot be read.
pub const UNKNOWN_VERSION: i32 = 0;

/// An event that could not be applied, and what was wrong. What cannot be read of it is empty, its number in the stream -1,
/// its schema version 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure it is, one of docs/errors.md.
    #[serde(default)]
    pub code: FailureCode,
    /// The event's position in the log.
    pub position: i64,
    /// The number among the events an upcaster made of it, from 0.
    #[serde(default)]
    pub part: u32,
    /// Its stream.
    pub stream_id: String,
    /// Its number in the stream.
    pub stream_version: i64,
    /// Its type in the log.
    pub event_type: String,
    /// Its schema version in the log.
    pub schema_version: i32,
    /// `file:line:column` of the handler's statement or the upcaster's step.
    pub place: Option<String>,
    /// What was wrong; where PostgreSQL refused, its own message without the values in it.
    pub message: String,
    /// PostgreSQL's SQLSTATE, where it refused.
    pub sqlstate: Option<String>,
    /// PostgreSQL's detail, where it gave one and it says something without its values.
    pub detail: Option<String>,
    /// PostgreSQL's hint, where it gave one, or ours.
    pub hint: Option<String>,
    /// What may quote the payload, while the process lasts that met the failure.
    #[serde(skip)]
    pub sensitive: Option<Box<SensitiveDetail>>,
}

/// What quotes an event's payload: for whoever asks, and for no ledger, log or panic.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SensitiveDetail {
    /// What was said, values and all.
    pub said: String,
    /// The payload as it is in the log, or the beginning of a long one.
    pub payload: String,
}

impl std::fmt::Debug for SensitiveDetail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SensitiveDetail(...)")
    }
}

impl SensitiveDetail {
    /// What was said of a payload.
    #[must_use]
    pub fn new(said: String, payload: &str) -> SensitiveDetail {
        SensitiveDetail { said, payload: shown(payload) }
    }
}

/// A payload, or the beginning of a long one with the number of its bytes.
#[must_use]
pub fn shown(payload: &str) -> String {
    if payload.len() <= SHOWN_BYTES {
        return payload.to_owned();
    }
    let end = (0..=SHOWN_BYTES).rev().find(|at| payload.is_char_boundary(*at)).unwrap_or(0);
    format!("{}... ({} bytes)", &payload[..end], payload.len())
}

impl Failure {
    /// The failure with `\u{...}` for what is not ASCII in what is kept of it.
    #[must_use]
    pub fn in_ascii(self) -> Failure {
        let escaped = |text: String| match text.is_ascii() {
            true => text,
            false => text
                .chars()
                .map(|c| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() })
                .collect(),
        };
        Failure {
            stream_id: escaped(self.stream_id),
            event_type: escaped(self.event_type),
            place: self.place.map(escaped),
            message: escaped(self.message),
            detail: self.detail.map(escaped),
            hint: self.hint.map(escaped),
            ..self
        }
    }

    /// The failure without what may quote the payload.
    #[must_use]
    pub fn without_words(self) -> Failure {
        Failure { sensitive: None, ..self }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = |text: &str| match one_line(text) {
            text if text.is_empty() => "?".to_owned(),
            text => text.into_owned(),
        };
        let number = |known: bool, number: i64| match known {
            true => number.to_string(),
            false => "?".to_owned(),
        };
        write!(f, "event {}", self.position)?;
        // The first of them is the event itself where an upcaster makes one of one, and is not told apart.
        if self.part > 0 {
            write!(f, " part {}", self.part)?;
        }
        write!(
            f,
            " ({} version {}, stream {} number {})",
            known(&self.event_type),
            number(self.schema_version != UNKNOWN_VERSION, self.schema_version.into()),
            known(&self.stream_id),
            number(self.stream_version != UNKNOWN_NUMBER, self.stream_version),
        )?;
        if let Some(place) = &self.place {
            write!(f, " at {place}")?;
        }
        write!(f, ": {}", one_line(&self.message))?;
        if let Some(detail) = &self.detail {
            write!(f, " ({})", one_line(detail))?;
        }
        if let Some(sqlstate) = &self.sqlstate {
            write!(f, " [SQLSTATE {sqlstate}]")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_a_code_and_no_words() {
        let failure = Failure {
            code: FailureCode::FieldMissing,
            sensitive: Some(Box::new(SensitiveDetail::new("said secret".into(), "secret"))),
            ..Failure::default()
        };
        let kept = serde_json::to_string(&failure).unwrap();
        assert!(kept.contains(r#""code":"field-missing""#), "{kept}");
        assert!(!kept.contains("secret") && !format!("{failure:?}").contains("secret"));
        for code in FailureCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
        // A ledger written before there were codes.
        let old = kept.replace(r#""code":"field-missing","#, "");
        let old: Failure = serde_json::from_str(&old).unwrap();
        assert_eq!(old.code, FailureCode::HandlerRefused);
    }

    #[test]
    fn a_long_payload_is_shown_from_its_beginning() {
        let long = format!("a{}", "é".repeat(10_000));
        let shown = shown(&long);
        assert!(shown.ends_with("é... (20001 bytes)") && shown.len() < 10_100, "{}", shown.len());
    }
}
