//! Presets: what is known of the logs of other libraries, as data.
//!
//! A preset says by which columns its tables are recognised, how an event's parts are written over them,
//! when a writer takes an event's position, and what that means for who reads by position. The files lie
//! in `presets/`; nothing of what they say is in the code. [`fit`] holds a preset against a table that is
//! there, [`tables`] looks at the tables of a database.

pub mod fit;
pub mod tables;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::LogError;
use crate::config::{Adopt, Order};
use crate::ident::quote_literal;

/// Which proofs there are that no event comes too late.
pub const PROOFS: &str = "a rebuild without --promote needs no proof; to promote or follow, add one to \
    [event_store.adopt] in config.toml: gaps = \"10s\" (the longest time from a writer's taking a position to its \
    COMMIT), or order = \"writers-lock\" with writers = [\"...\"] (a table that every append locks or updates a row of \
    before it takes its position, until its COMMIT)";

macro_rules! presets {
    ($($name:literal,)*) => {
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("presets/", $name, ".toml"))),)*];
    };
}

presets! {
    "marten",
    "emmett",
    "message-db",
    "eventsourcing",
    "eventsourcing-dcb",
    "commanded",
    "rails-event-store",
    "cqrs-es",
    "disintegrate",
    "esrs",
    "axon4-jdbc",
    "axon4-jpa",
    "axon5-jpa",
    "sequent",
    "sqlstreamstore",
    "eventuous",
    "pekko-jdbc",
    "debezium-outbox",
}

/// What is known of the logs of one library.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name: that of its file.
    #[serde(skip)]
    pub name: &'static str,
    /// The library, for people.
    pub store: String,
    /// Which of its versions were tried, and by what.
    pub tried: Vec<Tried>,
    /// What its way of giving positions means for who reads by position: one sentence.
    pub hazard: String,
    /// What to do about payloads that are not JSON: the end of a sentence.
    pub unreadable: String,
    /// What else is to be known of it.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What its tables look like; the first that fits counts.
    pub form: Vec<Form>,
    /// What a log without an order needs before it can be adopted.
    pub first: Option<First>,
}

/// Versions of a library, and what was tried of them.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The versions.
    pub versions: String,
    /// By what.
    pub by: By,
}

/// How versions of a library were tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The library wrote the events.
    Library,
    /// Tables written down after the library's sources or documents, with made-up rows: it was never run.
    Sources,
}

impl By {
    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            By::Library => "the library wrote the events",
            By::Sources => "made-up rows in tables after its sources; the library was not run",
        }
    }
}

/// One way a library's tables look.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// What the library calls the table; for people.
    pub usual: String,
    /// The columns by which it is recognised, with the types each may have.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Whether the position has a DEFAULT or is an identity, where that tells it from another library's.
    pub default: Option<bool>,
    /// Tables that must stand beside it, in its schema.
    #[serde(default)]
    pub beside: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The keys of `[event_store.adopt]`. In them, `{schema}.` is the table's schema.
    pub keys: Adopt,
    /// The expression of the type as the library writes it, where `type` makes it shorter: if two of them
    /// become one, they stay long.
    pub long_type: Option<String>,
    /// Sequences that may give the positions, where the catalog does not tell; the first that exists.
    #[serde(default)]
    pub sequences: Vec<String>,
    /// What else holds for some tables; what comes later counts.
    #[serde(default)]
    pub when: Vec<When>,
}

/// What holds for tables with some column.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The column.
    pub column: String,
    /// Of which table beside the log, if it is not the log's own.
    pub of: Option<String>,
    /// It is not there.
    #[serde(default)]
    pub absent: bool,
    /// It has one of these types.
    #[serde(rename = "type")]
    pub types: Option<Vec<String>>,
    /// It has a DEFAULT or is an identity, or has none.
    pub default: Option<bool>,
    /// It is part of a unique index, or of none.
    pub unique: Option<bool>,
    /// Keys instead of those of the form.
    #[serde(default)]
    pub keys: Adopt,
    /// Another sentence about its order.
    pub hazard: Option<String>,
    /// What is said of it.
    pub note: Option<String>,
    /// Rows of the log that cannot be read.
    pub unread: Option<Unread>,
    /// Why it cannot be adopted: one sentence.
    pub refuse: Option<String>,
}

/// Rows of a log that only its library can read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// A condition over the table, which they fulfil.
    pub rows: String,
    /// Where their payload is, and what can be done: the end of a sentence.
    pub because: String,
}

/// What a log without an order needs first.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// It is done where the table has this column ...
    pub column: Option<String>,
    /// ... or where this view exists, which is then the log.
    pub view: Option<String>,
    /// Why it is needed: one sentence.
    pub because: String,
    /// The statements. In them `{schema}`, `{table}`, `{sequence}` (of positions) and `{index}` are names
    /// as SQL, and `{sequence_text}` is a literal.
    pub sql: String,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let parse = |(name, text): &(&'static str, &str)| {
        let preset: Preset =
            toml::from_str(text).unwrap_or_else(|error| panic!("presets/{name}.toml: {error}"));
        Preset { name, ..preset }
    };
    FILES.iter().map(parse).collect()
});

/// All presets.
#[must_use]
pub fn all() -> &'static [Preset] {
    &PRESETS
}

/// The names of all presets.
#[must_use]
pub fn names() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).collect()
}

impl Preset {
    /// The preset of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn named(name: &str) -> Result<&'static Preset, LogError> {
        let found = all().iter().find(|preset| preset.name == name);
        found.ok_or_else(|| LogError::Preset { preset: name.to_owned() })
    }

    /// What it says of positions that are taken before the INSERT.
    #[must_use]
    pub fn hazard_before_insert(&self) -> Option<&str> {
        let before = |keys: &Adopt| keys.order == Some(Order::BeforeInsert);
        if self.form.iter().any(|form| before(&form.keys)) {
            return Some(&self.hazard);
        }
        let mut all = self.form.iter().flat_map(|form| &form.when);
        all.find(|when| before(&when.keys)).and_then(|when| when.hazard.as_deref())
    }

    /// The keys of its first form for a table of which nothing but the name is known.
    pub(super) fn keys_for(&self, table: &str) -> Adopt {
        let keys = self.form.first().map(|form| form.keys.clone()).unwrap_or_default();
        in_schema(keys, &schema_of(table))
    }
}

/// A name that is no keyword as SQL text, without the quotes that it does not need.
fn plain(name: &str) -> String {
    let bare = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
    match name.chars().all(bare) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// `public.` of `public.events`; nothing if the table is named without a schema.
fn schema_of(table: &str) -> String {
    let mut in_quotes = false;
    let mut last = 0;
    for (at, c) in table.char_indices() {
        match c {
            '"' => in_quotes = !in_quotes,
            '.' if !in_quotes => last = at + 1,
            _ => {}
        }
    }
    table[..last].to_owned()
}

/// The keys with the schema put in; `schema` ends with a dot, or is empty.
fn in_schema(keys: Adopt, schema: &str) -> Adopt {
    let put = |text: String| text.replace("{schema}.", schema);
    let some = |key: Option<String>| key.map(put);
    Adopt {
        preset: keys.preset,
        table: some(keys.table),
        filter: some(keys.filter),
        position: some(keys.position),
        position_offset: keys.position_offset,
        stream_id: some(keys.stream_id),
        stream_version: some(keys.stream_version),
        tenant: some(keys.tenant),
        event_type: some(keys.event_type),
        types: keys.types,
        schema_version: some(keys.schema_version),
        payload: some(keys.payload),
        metadata: some(keys.metadata),
        recorded_at: some(keys.recorded_at),
        writers: keys.writers.map(|all| all.into_iter().map(put).collect()),
        sequence: some(keys.sequence),
        order: keys.order,
        gaps: some(keys.gaps),
    }
}

/// The keys of one that are given, and else those of the other.
fn over(keys: Adopt, usual: Adopt) -> Adopt {
    Adopt {
        preset: keys.preset.or(usual.preset),
        table: keys.table.or(usual.table),
        filter: keys.filter.or(usual.filter),
        position: keys.position.or(usual.position),
        position_offset: keys.position_offset.or(usual.position_offset),
        stream_id: keys.stream_id.or(usual.stream_id),
        stream_version: keys.stream_version.or(usual.stream_version),
        tenant: keys.tenant.or(usual.tenant),
        event_type: keys.event_type.or(usual.event_type),
        types: keys.types.or(usual.types),
        schema_version: keys.schema_version.or(usual.schema_version),
        payload: keys.payload.or(usual.payload),
        metadata: keys.metadata.or(usual.metadata),
        recorded_at: keys.recorded_at.or(usual.recorded_at),
        writers: keys.writers.or(usual.writers),
        sequence: keys.sequence.or(usual.sequence),
        order: keys.order.or(usual.order),
        gaps: keys.gaps.or(usual.gaps),
    }
}

impl First {
    /// The statements for a table.
    #[must_use]
    pub fn statements(&self, table: &tables::Table) -> String {
        let (schema, name) = (&table.schema_label, &table.name);
        let short: String = name.chars().take(40).collect();
        let sequence = format!("{schema}.{}", plain(&format!("{short}_position_seq")));
        self.sql
            .replace("{table}", &table.label)
            .replace("{sequence}", &sequence)
            .replace("{sequence_text}", &quote_literal(&sequence))
            .replace("{index}", &plain(&format!("{short}_position_key")))
            .replace("{schema}", schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::LogShape;

    #[test]
    fn every_preset_is_whole() {
        for preset in all() {
            let name = preset.name;
            let sentence = |text: &str| !text.is_empty() && !text.contains('\n');
            assert!(sentence(&preset.hazard) && sentence(&preset.unreadable), "{name}");
            assert!(!preset.tried.is_empty() && !preset.form.is_empty(), "{name}");
            for form in &preset.form {
                assert!(form.columns.values().all(|types| !types.is_empty()), "{name}");
                for when in &form.when {
                    // What is told of an order must be about that order.
                    assert!(when.keys.order.is_none() || when.hazard.is_some(), "{name}");
                    let unread = when.unread.as_ref();
                    assert!(unread.is_none_or(|unread| sentence(&unread.because)), "{name}");
                    let of = when.of.as_ref();
                    assert!(of.is_none_or(|table| form.beside.contains_key(table)), "{name}");
                }
                // The keys of each form make a log by themselves.
                let given = Adopt { table: Some("s.t".into()), ..Adopt::default() };
                let keys = in_schema(over(given, form.keys.clone()), "s.");
                let shape = LogShape::adopted(&keys).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert!(!shape.payload.contains("{schema}"), "{name}");
            }
            let usual = Adopt {
                preset: Some(name.into()),
                table: Some("public.t".into()),
                ..Adopt::default()
            };
            let shape = LogShape::adopted(&usual).unwrap();
            assert_eq!(shape.preset.unwrap().name, name);
        }
    }

    #[test]
    fn the_document_has_every_preset() {
        let document = include_str!("../../docs/presets.md");
        for preset in all() {
            assert!(document.contains(&format!("| `{}` |", preset.name)), "{}", preset.name);
        }
    }

    #[test]
    fn a_schema_is_what_stands_before_the_last_dot() {
        assert_eq!(schema_of("events"), "");
        assert_eq!(schema_of("public.events"), "public.");
        assert_eq!(schema_of("\"a.b\".\"c.d\""), "\"a.b\".");
    }
}
