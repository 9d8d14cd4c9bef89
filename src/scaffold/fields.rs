//! The fields that events have: where they are, what they hold, and how often they are missing.
//!
//! A tree of members, of which the leaves become columns. An object with very many members, or nested very deep, is a
//! document and no set of fields.

use std::collections::{BTreeMap, BTreeSet};

use crate::value::{Object, kind, sql_text};

/// Objects with more members, counted over all events, are documents.
const MOST_MEMBERS: usize = 50;
/// Members of the payload itself that are looked at.
const MOST_FIELDS: usize = 400;
/// Objects that lie deeper are documents.
const DEEPEST: usize = 5;
/// Numbers with more characters, or larger exponents, are kept as they are written.
const LONGEST_NUMBER: usize = 200;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Text,
    Boolean,
    /// A whole number within 64 bits.
    Integer,
    Number,
    /// A number of very many digits.
    LongNumber,
    Array,
    Object,
}

/// The fields of the events of one type.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) events: u64,
    root: Node,
    /// Whether there are more than are looked at.
    pub(super) has_more: bool,
}

#[derive(Debug, Default)]
struct Node {
    /// Events that have it, and not as null.
    seen: u64,
    nulls: u64,
    kinds: BTreeSet<Kind>,
    /// A text of it is none that PostgreSQL can hold.
    is_unfit: bool,
    /// An object of so many members that it is a document.
    is_document: bool,
    order: Vec<String>,
    members: BTreeMap<String, Node>,
}

/// A field.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) path: Vec<String>,
    pub(super) kinds: BTreeSet<Kind>,
    /// Events that lack it.
    pub(super) missing: u64,
    /// Events that have null there.
    pub(super) nulls: u64,
    /// A text of it is none that PostgreSQL can hold.
    pub(super) is_unfit: bool,
}

impl Fields {
    /// Takes note of an event's fields.
    pub(super) fn take(&mut self, payload: &Object<'_>) {
        self.events += 1;
        for (key, raw) in payload.members() {
            let is_known = self.root.members.contains_key(key);
            if !is_known && self.root.members.len() >= MOST_FIELDS {
                self.has_more = true;
                continue;
            }
            self.root.member(key).take(raw, 1);
        }
    }

    /// The fields, in the order in which they were met.
    pub(super) fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.root.leaves(&mut Vec::new(), self.events, &mut leaves);
        leaves
    }
}

impl Node {
    fn member(&mut self, key: &str) -> &mut Node {
        if !self.members.contains_key(key) {
            self.order.push(key.to_owned());
        }
        self.members.entry(key.to_owned()).or_default()
    }

    fn take(&mut self, raw: &str, depth: usize) {
        let raw = raw.trim();
        if raw == "null" {
            self.nulls += 1;
            return;
        }
        self.seen += 1;
        let found = kind_of(raw);
        self.kinds.insert(found);
        match found {
            Kind::Text => self.is_unfit |= sql_text(raw).is_err(),
            Kind::Object | Kind::Array => self.is_unfit |= !is_document(raw),
            _ => {}
        }
        if found != Kind::Object || self.is_document {
            return;
        }
        let Ok(object) = Object::parse(raw) else {
            self.is_unfit = true;
            return;
        };
        for (key, raw) in object.members() {
            let is_known = self.members.contains_key(key);
            if depth >= DEEPEST || (!is_known && self.members.len() >= MOST_MEMBERS) {
                self.is_document = true;
                self.members.clear();
                self.order.clear();
                return;
            }
            self.member(key).take(raw, depth + 1);
        }
    }

    fn leaves(&self, path: &mut Vec<String>, events: u64, leaves: &mut Vec<Leaf>) {
        for key in &self.order {
            let Some(node) = self.members.get(key) else { continue };
            path.push(key.clone());
            let is_object = node.kinds.iter().eq([&Kind::Object]);
            if is_object && !node.is_document && !node.members.is_empty() {
                node.leaves(path, events, leaves);
            } else {
                leaves.push(Leaf {
                    path: path.clone(),
                    kinds: node.kinds.clone(),
                    missing: events.saturating_sub(node.seen + node.nulls),
                    nulls: node.nulls,
                    is_unfit: node.is_unfit,
                });
            }
            path.pop();
        }
    }
}

fn kind_of(raw: &str) -> Kind {
    match kind(raw) {
        "an object" => Kind::Object,
        "an array" => Kind::Array,
        "a string" => Kind::Text,
        "a boolean" => Kind::Boolean,
        _ if raw.parse::<i64>().is_ok() => Kind::Integer,
        _ if is_short(raw) => Kind::Number,
        _ => Kind::LongNumber,
    }
}

/// Whether `numeric` surely holds a number.
fn is_short(raw: &str) -> bool {
    let exponent = raw.find(['e', 'E']).map(|at| &raw[at + 1..]);
    let is_small = exponent.is_none_or(|text| {
        text.trim_start_matches('+').parse::<i32>().is_ok_and(|exponent| exponent.abs() <= 200)
    });
    raw.len() <= LONGEST_NUMBER && is_small
}

/// Whether `jsonb` holds an array or an object. Where a backslash is doubled it may be taken for less than it is.
fn is_document(raw: &str) -> bool {
    !raw.contains("\\u")
        || (!raw.contains("\\u0000") && serde_json::from_str::<serde_json::Value>(raw).is_ok())
}

/// The type of a column that takes all of some kinds.
pub(super) fn sql_type(kinds: &BTreeSet<Kind>) -> &'static str {
    let only = |some: &[Kind]| kinds.iter().all(|kind| some.contains(kind));
    match () {
        () if kinds.is_empty() || only(&[Kind::Text]) => "text",
        () if only(&[Kind::Boolean]) => "boolean",
        () if only(&[Kind::Integer]) => "bigint",
        () if only(&[Kind::Integer, Kind::Number]) => "numeric",
        () if kinds.contains(&Kind::Array) || kinds.contains(&Kind::Object) => "jsonb",
        () => "text",
    }
}

/// A value of some kinds, as JSON.
pub(super) fn sample(kinds: &BTreeSet<Kind>) -> &'static str {
    match kinds.iter().next() {
        None => "null",
        Some(Kind::Text) => "\"a text\"",
        Some(Kind::Boolean) => "true",
        Some(Kind::Integer) => "1",
        Some(Kind::Number | Kind::LongNumber) => "1.5",
        Some(Kind::Array) => "[]",
        Some(Kind::Object) => "{}",
    }
}

/// What a column has for a sample, as PostgreSQL reads it; nothing is NULL.
pub(super) fn stored(sql_type: &str, sample: &str) -> Option<String> {
    match (sql_type, sample) {
        (_, "null") => None,
        ("jsonb", sample) => Some(sample.to_owned()),
        (_, sample) => Some(sample.trim_matches('"').to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(payloads: &[&str]) -> Vec<(String, &'static str, u64, u64)> {
        let mut fields = Fields::default();
        payloads.iter().for_each(|text| fields.take(&Object::parse(text).unwrap()));
        let told =
            |leaf: Leaf| (leaf.path.join("/"), sql_type(&leaf.kinds), leaf.missing, leaf.nulls);
        fields.leaves().into_iter().map(told).collect()
    }

    #[test]
    fn fields_are_leaves_with_the_widest_type() {
        let found = leaves(&[
            r#"{"a": 1, "b": "x", "c": {"d": true, "e": null}, "f": 1, "g": [1]}"#,
            r#"{"a": 1.5, "c": {"d": false, "e": "late"}, "f": "1", "g": null}"#,
            r#"{"a": 92233720368547758070, "c": null, "f": false, "g": {}}"#,
        ]);
        let expect = [
            ("a", "numeric", 0, 0),
            ("b", "text", 2, 0),
            ("c/d", "boolean", 1, 0),
            ("c/e", "text", 1, 1),
            ("f", "text", 0, 0),
            ("g", "jsonb", 0, 1),
        ];
        let expect: Vec<_> =
            expect.iter().map(|(p, t, m, n)| ((*p).to_owned(), *t, *m, *n)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_is_sometimes_an_object_and_a_map_of_keys_are_documents() {
        let found = leaves(&[r#"{"a": {"b": 1}}"#, r#"{"a": 7}"#]);
        assert_eq!(found, [("a".to_owned(), "jsonb", 0, 0)]);
        let map: Vec<String> = (0..60).map(|n| format!("\"id-{n}\": {n}")).collect();
        let found = leaves(&[&format!("{{\"a\": {{{}}}}}", map.join(","))]);
        assert_eq!(found, [("a".to_owned(), "jsonb", 0, 0)]);
        let found = leaves(&[r#"{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}"#]);
        assert_eq!(found, [("a/a/a/a/a".to_owned(), "jsonb", 0, 0)]);
    }

    #[test]
    fn texts_that_postgresql_does_not_hold_are_told() {
        let mut fields = Fields::default();
        fields.take(
            &Object::parse(r#"{"a": "\u0000", "b": "\ud800", "c": ["\u0000"], "d": "\u00e9"}"#)
                .unwrap(),
        );
        let unfit: Vec<bool> = fields.leaves().iter().map(|leaf| leaf.is_unfit).collect();
        assert_eq!(unfit, [true, true, true, false]);
    }

    #[test]
    fn numbers_of_very_many_digits_stay_text() {
        assert_eq!(leaves(&[r#"{"a": 1e400}"#])[0].1, "text");
        assert_eq!(leaves(&[r#"{"a": 1e20}"#])[0].1, "numeric");
    }
}
