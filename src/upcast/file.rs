//! One TOML file into the typed steps of one event type.
//!
//! Owns the grammar of the file: its keys, its paths, how TOML values become
//! JSON, and the place of every mistake. Mistakes are collected, not thrown,
//! so that one look shows all of them. It does not know the other files; what
//! must hold between files is checked in `upcast`.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::source::{Place, SourceFile, Span};
use crate::value::quote_json;

use super::UpcasterError;
use super::elements;
use super::filter::Filter;
use super::limits::MAX_DEPTH;
use super::step::{Cast, FieldPath, Forms, Relocation, ValueMap};

/// The upcasters of one event type, their steps by `from`.
pub(super) struct TypeFile {
    pub(super) event_type: String,
    /// The place of the `type` key.
    pub(super) place: Place,
    pub(super) steps: Vec<Step>,
}

/// From one version to the next.
pub(super) struct Step {
    pub(super) from: i32,
    pub(super) place: Place,
    pub(super) action: Action,
    pub(super) becomes: Option<Becomes>,
}

/// What a step does to the payload.
pub(super) enum Action {
    Drop,
    Forms(Box<Forms>),
    Filter(Box<Filter>),
}

/// The type and version an event has after a step with `type`.
pub(super) struct Becomes {
    pub(super) event_type: String,
    pub(super) to: i32,
    pub(super) place: Place,
}

const STEP_KEYS: &str =
    "from, type, to, drop, rename, move, remove, cast, map, set, default and jq";

type Key<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

/// Reads a file; adds its mistakes to `errors`. `None` if it has no usable
/// `type`, or is not TOML.
pub(super) fn read(file: &SourceFile, errors: &mut Vec<UpcasterError>) -> Option<TypeFile> {
    let (document, problems) = DeTable::parse_recoverable(&file.text);
    let mut reader = Reader { file, errors };
    if !problems.is_empty() {
        for problem in problems {
            let at = problem.span().map_or(0, |span| span.start);
            reader.error(at, problem.message());
        }
        return None;
    }
    reader.document(document.get_ref())
}

struct Reader<'f> {
    file: &'f SourceFile,
    errors: &'f mut Vec<UpcasterError>,
}

impl Reader<'_> {
    fn error(&mut self, at: usize, message: impl Into<String>) {
        let place = self.file.place(at);
        self.errors.push(UpcasterError { place, message: message.into() });
    }

    fn document(&mut self, document: &DeTable<'_>) -> Option<TypeFile> {
        let before = self.errors.len();
        let mut named = None;
        let mut steps = Vec::new();
        for (key, value) in in_order(document) {
            match &**key.get_ref() {
                "type" => {
                    let name = self.type_name(value);
                    named = Some((name, self.file.place(key.span().start)));
                }
                "step" => steps = self.steps(value),
                other => self.error(
                    key.span().start,
                    format!("unknown key {other:?}: a file has the keys type and step"),
                ),
            }
        }
        let Some((name, place)) = named else {
            self.error(0, "the key type is missing: it names the event type of the file");
            return None;
        };
        let whole = self.errors.len() == before;
        let steps = self.chain(steps, whole);
        Some(TypeFile { event_type: name?, place, steps })
    }

    fn steps(&mut self, value: &Value<'_>) -> Vec<Step> {
        let Some(list) = value.get_ref().as_array() else {
            self.error(value.span().start, "step must be a list of tables: write [[step]]");
            return Vec::new();
        };
        let mut steps = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_table() {
                Some(table) => steps.extend(self.step(table, &item.span())),
                None => self.error(item.span().start, "a step must be a table"),
            }
        }
        steps
    }

    /// Sorts the steps; reports versions given twice and, if no step is missing
    /// for a mistake of its own, holes between them.
    fn chain(&mut self, mut steps: Vec<Step>, whole: bool) -> Vec<Step> {
        steps.sort_by_key(|step| step.from);
        for pair in steps.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            let message = if before.from == after.from {
                format!("the step from {} is given twice, first at {}", after.from, before.place)
            } else if whole && before.from + 1 < after.from {
                format!(
                    "no step from {}: after the step from {} comes the one from {}",
                    before.from + 1,
                    before.from,
                    after.from
                )
            } else {
                continue;
            };
            self.errors.push(UpcasterError { place: after.place.clone(), message });
        }
        steps
    }

    fn step(&mut self, table: &DeTable<'_>, span: &Span) -> Option<Step> {
        let mistakes = self.errors.len();
        let mut forms = Forms::default();
        let (mut from, mut renamed, mut to, mut dropped, mut jq) = (None, None, None, None, None);
        let mut short = None;
        for (key, value) in in_order(table) {
            let at = key.span().start;
            match &**key.get_ref() {
                "from" => from = Some(self.version(value)),
                "type" => renamed = Some((at, self.type_name(value))),
                "to" => to = Some((at, self.version(value))),
                "drop" => {
                    dropped = Some(at);
                    if value.get_ref().as_bool() != Some(true) {
                        self.error(value.span().start, "drop can only be true");
                    }
                }
                "jq" => jq = Some((at, self.filter(value))),
                name => {
                    if self.short_form(name, value, &mut forms) {
                        short.get_or_insert((at, name.to_owned()));
                    } else {
                        let message =
                            format!("unknown key {name:?}: a step has the keys {STEP_KEYS}");
                        self.error(at, message);
                    }
                }
            }
        }
        if from.is_none() {
            self.error(span.start, "the step has no from: it names the version it starts at");
        }
        if let (Some((at, name)), true) = (&short, jq.is_some()) {
            self.error(
                *at,
                format!("{name} cannot stand in a step with jq: give it a step of its own"),
            );
        }
        let others =
            [&short.map(|s| s.0), &jq.as_ref().map(|j| j.0), &renamed.as_ref().map(|r| r.0)];
        if let (Some(at), true) = (dropped, others.iter().any(|other| other.is_some())) {
            self.error(at, "drop must stand alone in its step");
        }
        if let (Some((at, _)), None) = (&to, &renamed) {
            self.error(*at, "to belongs to a type: without one a step leads to the next version");
        }
        let forms = elements::gather(forms).unwrap_or_else(|message| {
            self.error(span.start, message);
            Forms::default()
        });
        if self.errors.len() > mistakes {
            return None;
        }
        let from = from??;
        let becomes = renamed.and_then(|(at, name)| {
            let to = to.map_or(Some(from + 1), |(_, version)| version)?;
            Some(Becomes { event_type: name?, to, place: self.file.place(at) })
        });
        let action = match jq {
            _ if dropped.is_some() => Action::Drop,
            Some((_, filter)) => Action::Filter(Box::new(filter?)),
            None => Action::Forms(Box::new(forms)),
        };
        Some(Step { from, place: self.file.place(span.start), action, becomes })
    }

    /// Reads one short form; false if there is none of this name.
    fn short_form(&mut self, name: &str, value: &Value<'_>, forms: &mut Forms) -> bool {
        match name {
            "rename" => forms.rename = self.relocations(name, value),
            "move" => forms.moves = self.relocations(name, value),
            "remove" => forms.remove = self.removals(value),
            "cast" => {
                for (path, value) in self.entries(name, value, true) {
                    if let Some(cast) = self.cast(value) {
                        forms.cast.push((path, cast));
                    }
                }
            }
            "map" => {
                for (path, value) in self.entries(name, value, true) {
                    if let Some(map) = self.value_map(value) {
                        forms.map.push((path, map));
                    }
                }
            }
            "set" => forms.set = self.values(name, value),
            "default" => forms.default = self.values(name, value),
            _ => return false,
        }
        true
    }

    fn relocations(&mut self, name: &str, value: &Value<'_>) -> Vec<Relocation> {
        let mut list: Vec<Relocation> = Vec::new();
        for (from, value) in self.entries(name, value, true) {
            let at = value.span().start;
            let Some(text) = value.get_ref().as_str() else {
                self.error(at, format!("{name} gives each field its new path, a string"));
                continue;
            };
            let Some(to) = self.path(&[text], at, false) else {
                continue;
            };
            if list.iter().any(|other| other.to == to) {
                self.error(at, format!("{name} gives two fields the path {to}"));
            } else if from.parts == to.parts {
                self.error(at, format!("{name} gives the field {to} its own path"));
            } else if to.parts.starts_with(&from.parts) {
                self.error(at, format!("{name} puts the field {from} into itself"));
            }
            list.push(Relocation { from, to });
        }
        list
    }

    fn removals(&mut self, value: &Value<'_>) -> Vec<FieldPath> {
        let at = value.span().start;
        let Some(list) = value.get_ref().as_array() else {
            self.error(at, "remove must be a list of paths");
            return Vec::new();
        };
        let mut paths = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_str() {
                Some(text) => paths.extend(self.path(&[text], item.span().start, false)),
                None => {
                    self.error(item.span().start, "remove must be a list of paths, each a string")
                }
            }
        }
        paths
    }

    fn values(&mut self, name: &str, value: &Value<'_>) -> Vec<(FieldPath, String)> {
        let entries = self.entries(name, value, false);
        let mut values = Vec::with_capacity(entries.len());
        for (path, value) in entries {
            values.extend(self.json(value).map(|json| (path, json)));
        }
        values
    }

    fn cast(&mut self, value: &Value<'_>) -> Option<Cast> {
        match value.get_ref().as_str() {
            Some("string") => Some(Cast::String),
            Some("integer") => Some(Cast::Integer),
            Some("number") => Some(Cast::Number),
            Some("boolean") => Some(Cast::Boolean),
            _ => {
                let message =
                    "cast gives each field \"string\", \"integer\", \"number\" or \"boolean\"";
                self.error(value.span().start, message);
                None
            }
        }
    }

    fn value_map(&mut self, value: &Value<'_>) -> Option<ValueMap> {
        let Some(table) = value.get_ref().as_table() else {
            self.error(value.span().start, "map gives each field a table of old and new values");
            return None;
        };
        let mut map = ValueMap::default();
        for (old, new) in in_order(table) {
            let Some(json) = self.json(new) else { continue };
            match &**old.get_ref() {
                "*" => map.fallback = Some(json),
                text => {
                    map.values.insert(text.to_owned(), json);
                }
            }
        }
        Some(map)
    }

    /// The fields of a form and what it says of each, in the order of the file.
    fn entries<'v, 't>(
        &mut self,
        name: &str,
        value: &'v Value<'t>,
        may_be_optional: bool,
    ) -> Vec<(FieldPath, &'v Value<'t>)> {
        let Some(table) = value.get_ref().as_table() else {
            self.error(value.span().start, format!("{name} must be a table by field"));
            return Vec::new();
        };
        let mut flat = Vec::new();
        flatten(table, &mut Vec::new(), &mut flat);
        flat.sort_by_key(|(at, ..)| *at);
        let mut entries: Vec<(FieldPath, &Value<'_>)> = Vec::with_capacity(flat.len());
        for (at, keys, value) in flat {
            let Some(path) = self.path(&keys, at, may_be_optional) else {
                continue;
            };
            if entries.iter().any(|(other, _)| other.parts == path.parts) {
                self.error(at, format!("{name} names the field {path} twice"));
            }
            entries.push((path, value));
        }
        entries
    }

    /// Splits keys at their dots.
    fn path(&mut self, keys: &[&str], at: usize, may_be_optional: bool) -> Option<FieldPath> {
        let joined = keys.join(".");
        let bare = joined.strip_suffix('?').filter(|_| may_be_optional);
        let parts: Vec<_> = bare.unwrap_or(&joined).split('.').map(str::to_owned).collect();
        if parts.iter().any(String::is_empty) {
            self.error(at, format!("the path {joined:?} has an empty part"));
            return None;
        }
        if parts.len() > MAX_DEPTH {
            self.error(at, format!("a path has more than {MAX_DEPTH} parts"));
            return None;
        }
        Some(FieldPath { parts, optional: bare.is_some() })
    }

    fn version(&mut self, value: &Value<'_>) -> Option<i32> {
        let number = value.get_ref().as_integer();
        let number = number.and_then(|n| i32::from_str_radix(n.as_str(), n.radix()).ok());
        let number = number.filter(|n| (1..i32::MAX).contains(n));
        if number.is_none() {
            self.error(value.span().start, "a version is a whole number from 1");
        }
        number
    }

    fn type_name(&mut self, value: &Value<'_>) -> Option<String> {
        let name = value.get_ref().as_str().filter(|name| !name.is_empty());
        if name.is_none() {
            self.error(value.span().start, "type is the name of an event type, a string");
        }
        name.map(str::to_owned)
    }

    fn filter(&mut self, value: &Value<'_>) -> Option<Filter> {
        let span = value.span();
        let Some(code) = value.get_ref().as_str() else {
            self.error(span.start, "jq is a filter, a string");
            return None;
        };
        match Filter::compile(code) {
            Ok(filter) => Some(filter),
            Err(mistakes) => {
                // A string with escapes differs from its source; then its start must do.
                let source = self.file.text.get(span.clone()).unwrap_or_default();
                let inside = source.find(code).map(|at| span.start + at);
                for mistake in mistakes {
                    let at = inside.map_or(span.start, |start| start + mistake.offset);
                    self.error(at, mistake.message);
                }
                None
            }
        }
    }

    /// A TOML value as JSON text. Numbers keep the digits they are written with.
    fn json(&mut self, value: &Value<'_>) -> Option<String> {
        let digits = |text: &str| text.replace('_', "").trim_start_matches('+').to_owned();
        match value.get_ref() {
            DeValue::String(text) => Some(quote_json(text)),
            DeValue::Boolean(truth) => Some(truth.to_string()),
            DeValue::Datetime(time) => Some(quote_json(&time.to_string())),
            DeValue::Integer(number) if number.radix() == 10 => Some(digits(number.as_str())),
            DeValue::Integer(number) => {
                let decimal = u128::from_str_radix(&digits(number.as_str()), number.radix());
                if decimal.is_err() {
                    self.error(value.span().start, "the number is too large for its notation");
                }
                decimal.ok().map(|number| number.to_string())
            }
            DeValue::Float(number) if number.as_str().ends_with(['f', 'n']) => {
                self.error(value.span().start, "JSON has no number inf or nan");
                None
            }
            DeValue::Float(number) => Some(digits(number.as_str())),
            DeValue::Array(items) => {
                let items: Option<Vec<_>> = items.iter().map(|item| self.json(item)).collect();
                Some(format!("[{}]", items?.join(",")))
            }
            DeValue::Table(table) => {
                let members = in_order(table).into_iter().map(|(key, value)| {
                    Some(format!("{}:{}", quote_json(key.get_ref()), self.json(value)?))
                });
                let members: Option<Vec<_>> = members.collect();
                Some(format!("{{{}}}", members?.join(",")))
            }
        }
    }
}

/// A table's entries in the order of the file; toml keeps them by name.
fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Joins the keys that TOML nested because they were written `a.b`. Such a
/// table has no braces: its place is that of its key.
fn flatten<'v, 't>(
    table: &'v DeTable<'t>,
    above: &mut Vec<&'v str>,
    flat: &mut Vec<(usize, Vec<&'v str>, &'v Value<'t>)>,
) {
    for (key, value) in table.iter() {
        above.push(key.get_ref());
        match value.get_ref().as_table() {
            Some(nested) if value.span() == key.span() => flatten(nested, above, flat),
            _ => flat.push((key.span().start, above.clone(), value)),
        }
        above.pop();
    }
}

/// The first file of each type by its name.
pub(super) fn by_type(
    files: Vec<TypeFile>,
    errors: &mut Vec<UpcasterError>,
) -> BTreeMap<String, TypeFile> {
    let mut types: BTreeMap<String, TypeFile> = BTreeMap::new();
    for file in files {
        match types.get(&file.event_type) {
            Some(first) => errors.push(UpcasterError {
                message: format!(
                    "event type {:?} has a file already: {}",
                    file.event_type, first.place.file
                ),
                place: file.place,
            }),
            None => {
                types.insert(file.event_type.clone(), file);
            }
        }
    }
    types
}
