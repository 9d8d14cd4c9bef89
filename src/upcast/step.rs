//! The short forms of a step: what `rename`, `move`, `remove`, `cast`, `map`,
//! `set` and `default` do to a payload.
//!
//! Owns their meaning and their one order of application. It does not read
//! TOML (`upcast::file`), and knows neither versions nor types. No message
//! quotes a value, since messages are shown where payloads must not be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::value::scan::is_number;
use crate::value::{JsonError, Object, kind, quote_json, sql_text};

/// The most digits a cast to `integer` writes out for an exponent: what
/// PostgreSQL's `numeric` holds before the decimal point.
const MAX_INTEGER_DIGITS: usize = 131_072;

/// The path to a field: its parts, split once when the file is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldPath {
    pub(super) parts: Vec<String>,
    /// Absence of the field is no failure (a key ending in `?`).
    pub(super) optional: bool,
}

/// One field that goes from one path to another.
#[derive(Debug, Clone)]
pub(super) struct Relocation {
    pub(super) from: FieldPath,
    pub(super) to: FieldPath,
}

/// What a value is cast to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    String,
    Integer,
    Number,
    Boolean,
}

/// New JSON texts by the text of the old value.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueMap {
    pub(super) values: BTreeMap<String, String>,
    /// What `"*"` gives.
    pub(super) fallback: Option<String>,
}

/// The short forms of one step, in their order of application.
#[derive(Debug, Clone, Default)]
pub(super) struct Forms {
    pub(super) rename: Vec<Relocation>,
    pub(super) moves: Vec<Relocation>,
    pub(super) remove: Vec<FieldPath>,
    pub(super) cast: Vec<(FieldPath, Cast)>,
    pub(super) map: Vec<(FieldPath, ValueMap)>,
    pub(super) set: Vec<(FieldPath, String)>,
    pub(super) default: Vec<(FieldPath, String)>,
    /// What is done to elements of arrays, after all others.
    pub(super) each: Vec<Elements>,
}

/// What is done to each element of an array.
#[derive(Debug, Clone)]
pub(super) struct Elements {
    /// The array.
    pub(super) array: FieldPath,
    /// What is done to it, in its order.
    pub(super) forms: Forms,
}

/// Why a short form could not be applied.
#[derive(Debug, thiserror::Error)]
pub(super) enum FormError {
    #[error("field {0} is absent")]
    Absent(FieldPath),
    #[error(
        "field {field} is absent: {array:?} is an array, and its elements are named {elements:?}"
    )]
    InArray { field: FieldPath, array: String, elements: String },
    #[error("field {0} is already there")]
    Taken(FieldPath),
    #[error("field {field}: {found} cannot be cast to {to}")]
    Cast { field: FieldPath, found: &'static str, to: Cast },
    #[error("field {0}: its value is not in the map, and the map has no \"*\"")]
    NotInMap(FieldPath),
    #[error("field {0} is no array")]
    NotAnArray(FieldPath),
    #[error("field {field}: {source}")]
    Json { field: FieldPath, source: JsonError },
}

impl Forms {
    /// Changes a payload: rename, move, remove, cast, map, set, default, then elements.
    pub(super) fn apply(&self, payload: &mut Object<'_>) -> Result<(), FormError> {
        let Forms { rename, moves, remove, cast, map, set, default, each } = self;
        relocate(rename, payload)?;
        relocate(moves, payload)?;
        for path in remove {
            payload.remove_path(&path.parts).map_err(|e| path.json(e))?;
        }
        for (path, to) in cast {
            let Some(raw) = path.value(payload)? else {
                continue;
            };
            if let Some(new) = to.convert(&raw, path)? {
                let new = new.into_owned();
                path.put(payload, new)?;
            }
        }
        for (path, map) in map {
            let Some(raw) = path.value(payload)? else {
                continue;
            };
            let new = map.new_value(&raw, path)?.to_owned();
            path.put(payload, new)?;
        }
        for (path, raw) in set {
            path.put(payload, raw.clone())?;
        }
        for (path, raw) in default {
            if path.find(payload)?.is_none() {
                path.put(payload, raw.clone())?;
            }
        }
        for elements in each {
            elements.apply(payload)?;
        }
        Ok(())
    }
}

/// Takes every field before it puts any, so that fields can swap their places.
fn relocate(list: &[Relocation], payload: &mut Object<'_>) -> Result<(), FormError> {
    if list.is_empty() {
        return Ok(());
    }
    let mut taken = Vec::new();
    for each in list.iter().filter(|each| !each.in_place()) {
        match payload.remove_path(&each.from.parts).map_err(|e| each.from.json(e))? {
            Some(raw) => taken.push((&each.to, raw.into_owned())),
            None => each.from.allow_absence(payload)?,
        }
    }
    let mut renames = Vec::with_capacity(list.len());
    for each in list.iter().filter(|each| each.in_place()) {
        match payload.position(&each.from.parts[0]) {
            Some(at) => renames.push((at, each.to.parts[0].as_str())),
            None => each.from.allow_absence(payload)?,
        }
    }
    payload.rename_at(&renames).map_err(|key| {
        let parts = vec![key.to_owned()];
        FormError::Taken(FieldPath { parts, optional: false })
    })?;
    for (to, raw) in taken {
        if to.find(payload)?.is_some() {
            return Err(FormError::Taken(to.clone()));
        }
        to.put(payload, raw)?;
    }
    Ok(())
}

impl Relocation {
    /// A top-level field that stays top-level keeps its place in the order.
    pub(super) fn in_place(&self) -> bool {
        self.from.parts.len() == 1 && self.to.parts.len() == 1
    }
}

impl FieldPath {
    fn find<'o>(&self, payload: &'o Object<'_>) -> Result<Option<Cow<'o, str>>, FormError> {
        payload.get_path(&self.parts).map_err(|e| self.json(e))
    }

    /// The field's JSON text; `None` if it is absent and may be.
    pub(super) fn value<'o>(
        &self,
        payload: &'o Object<'_>,
    ) -> Result<Option<Cow<'o, str>>, FormError> {
        let found = self.find(payload)?;
        if found.is_none() {
            self.allow_absence(payload)?;
        }
        Ok(found)
    }

    pub(super) fn put(&self, payload: &mut Object<'_>, raw: String) -> Result<(), FormError> {
        payload.set_path(&self.parts, raw).map_err(|e| self.json(e))
    }

    fn allow_absence(&self, payload: &Object<'_>) -> Result<(), FormError> {
        if self.optional {
            return Ok(());
        }
        // A path that leads into an array names no element of it.
        let is_array = |end: &usize| {
            let found = payload.get_path(&self.parts[..*end]).ok().flatten();
            found.is_some_and(|raw| raw.starts_with('['))
        };
        let Some(end) = (1..self.parts.len()).find(is_array) else {
            return Err(FormError::Absent(self.clone()));
        };
        let (before, mut rest) = self.parts.split_at(end);
        if let Some((number, others)) = rest.split_first()
            && number.bytes().all(|b| b.is_ascii_digit())
        {
            rest = others;
        }
        let array = before.join(".");
        let elements = match rest {
            [] => format!("{array}[]"),
            rest => format!("{array}[].{}", rest.join(".")),
        };
        Err(FormError::InArray { field: self.clone(), array, elements })
    }

    fn json(&self, source: JsonError) -> FormError {
        FormError::Json { field: self.clone(), source }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.parts.join("."))
    }
}

impl ValueMap {
    /// Null looks for the key `null`, as the text `null` does.
    pub(super) fn new_value(&self, raw: &str, field: &FieldPath) -> Result<&str, FormError> {
        let text = sql_text(raw).map_err(|e| field.json(e))?;
        self.of_text(text.as_deref().unwrap_or("null"), field)
    }

    /// The same of a string, by its characters.
    pub(super) fn of_text(&self, text: &str, field: &FieldPath) -> Result<&str, FormError> {
        let new = self.values.get(text);
        new.or(self.fallback.as_ref())
            .map(String::as_str)
            .ok_or_else(|| FormError::NotInMap(field.clone()))
    }
}

impl Cast {
    /// The new JSON text; `None` where the value stays as it is, as null does.
    pub(super) fn convert<'r>(
        self,
        raw: &'r str,
        field: &FieldPath,
    ) -> Result<Option<Cow<'r, str>>, FormError> {
        if self == Cast::Integer
            && let Some(digits) = plain_digits(raw)
        {
            return Ok((digits.len() < raw.len()).then_some(Cow::Borrowed(digits)));
        }
        self.convert_at_length(raw, field)
    }

    /// The same of a string, by the characters it stands for.
    pub(super) fn convert_string<'r>(
        self,
        characters: &'r str,
        field: &FieldPath,
    ) -> Result<Option<Cow<'r, str>>, FormError> {
        if self == Cast::Integer && are_plain_digits(characters) {
            return Ok(Some(Cow::Borrowed(characters)));
        }
        let raw = quote_json(characters);
        let new = self.convert_at_length(&raw, field)?;
        Ok(new.map(|new| Cow::Owned(new.into_owned())))
    }

    /// The same without the short way.
    fn convert_at_length<'r>(
        self,
        raw: &'r str,
        field: &FieldPath,
    ) -> Result<Option<Cow<'r, str>>, FormError> {
        let refuse = || FormError::Cast { field: field.clone(), found: kind(raw), to: self };
        if raw == "null" {
            return Ok(None);
        }
        let text = sql_text(raw).map_err(|e| field.json(e))?.unwrap_or_default();
        let is_string = raw.starts_with('"');
        match (self, kind(raw)) {
            (Cast::String, "a string") | (Cast::Boolean, "a boolean") => Ok(None),
            (Cast::String, "a number" | "a boolean") => Ok(Some(quote_json(raw).into())),
            (Cast::Boolean, "a string") if matches!(&*text, "true" | "false") => Ok(Some(text)),
            (Cast::Number, "a number") => Ok(None),
            (Cast::Number, "a string") if is_number(&text) => Ok(Some(text)),
            (Cast::Integer, "a number" | "a string") if is_number(&text) => {
                let new = match &text {
                    Cow::Borrowed(number) => integer(number),
                    Cow::Owned(number) => integer(number).map(|new| new.into_owned().into()),
                };
                let new = new.ok_or_else(refuse)?;
                Ok((is_string || new != text).then_some(new))
            }
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for Cast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cast::String => "string",
            Cast::Integer => "integer",
            Cast::Number => "number",
            Cast::Boolean => "boolean",
        })
    }
}

/// The digits of a short JSON number without fraction and exponent, or of a string of them:
/// what most integers are, and what needs no other look.
fn plain_digits(raw: &str) -> Option<&str> {
    let text = match raw.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => raw,
    };
    are_plain_digits(text).then_some(text)
}

fn are_plain_digits(text: &str) -> bool {
    match text.as_bytes() {
        [first, rest @ ..] if rest.len() < 18 => {
            matches!(first, b'1'..=b'9') && rest.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The digits of a JSON number without a fraction; `None` if it has one or
/// would be longer than [`MAX_INTEGER_DIGITS`].
fn integer(number: &str) -> Option<Cow<'_, str>> {
    if !number.contains(['.', 'e', 'E']) {
        return Some(Cow::Borrowed(number));
    }
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(Cow::Borrowed("0"));
    }
    let shift = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let zeros = usize::try_from(shift.unsigned_abs()).ok()?;
    if shift < 0 {
        let whole = digits.strip_suffix(&"0".repeat(zeros.min(digits.len())))?;
        return (zeros < digits.len()).then(|| Cow::Owned(format!("{sign}{whole}")));
    }
    let fits = digits.len().checked_add(zeros)? <= MAX_INTEGER_DIGITS;
    fits.then(|| Cow::Owned(format!("{sign}{digits}{}", "0".repeat(zeros))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_exact_on_digits() {
        let text = |number: &'static str| integer(number).map(Cow::into_owned);
        for (number, expected) in [
            ("12", "12"),
            ("-12.000", "-12"),
            ("9007199254740993.0", "9007199254740993"),
            ("1.25e2", "125"),
            ("1200e-2", "12"),
            ("-0.0", "0"),
            ("0e999999999999999999999", "0"),
            ("1E+3", "1000"),
        ] {
            assert_eq!(text(number).as_deref(), Some(expected), "{number}");
        }
        for number in ["1.5", "1e-1", "1e400000", "10e-2", "1e99999999999999999999", "5e-9999999"] {
            assert_eq!(text(number), None, "{number}");
        }
        assert_eq!(text("1e131071").map(|t| t.len()), Some(131_072));
    }

    #[test]
    fn the_short_way_gives_what_the_long_one_gives() {
        let field = FieldPath { parts: vec!["a".to_owned()], optional: false };
        let mut short = 0;
        let digits = "9".repeat(18);
        let long = "9".repeat(19);
        let texts = ["0", "1", "12", "-5", "007", "00", "1.0", "1e2", "", " 1", "1 ", "x", "1x"];
        for text in texts.into_iter().chain([digits.as_str(), &long, "1\\u0030", "1\"2"]) {
            for raw in [text.to_owned(), format!("\"{text}\""), format!("\"{text}"), "null".into()]
            {
                for cast in [Cast::Integer, Cast::Number, Cast::String, Cast::Boolean] {
                    let one = format!("{:?}", cast.convert(&raw, &field));
                    let other = format!("{:?}", cast.convert_at_length(&raw, &field));
                    assert_eq!(one, other, "{raw} as {cast}");
                    if let Some(Some(text)) = sql_text(&raw).ok().filter(|_| raw.starts_with('"')) {
                        let third = format!("{:?}", cast.convert_string(&text, &field));
                        assert_eq!(third, other, "{raw} as {cast}");
                    }
                }
                short += usize::from(plain_digits(&raw).is_some());
            }
        }
        assert_eq!(short, 6, "1, 12 and eighteen digits, each with quotes and without");
    }

    #[test]
    fn only_json_numbers_are_numbers() {
        assert!(["0", "-1", "1.5e-3", "9007199254740993.1"].iter().all(|n| is_number(n)));
        let not =
            ["", "+1", " 1", "1 ", "01", "1.", ".5", "1_000", "NaN", "0x1", "-", "[1]", "1,2"];
        assert!(not.iter().all(|n| !is_number(n)));
    }
}
