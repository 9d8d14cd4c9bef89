//! Events that may be of one key, as a condition for the log's server.
//!
//! Owns which events are left out before they are sent. Never one that is of the key: where the server
//! cannot tell what a handler would make of a value, the event is sent, and whoever reads decides by the
//! typed value. So a key that is a number lets every text pass that is no plain number.

use std::collections::{BTreeMap, BTreeSet};

use super::{Log, PayloadKind};
use crate::cell::{CellType, Kind, Limit};
use crate::ident::quote_literal;

/// Where a stored event has its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPlace {
    /// Its stream.
    Stream,
    /// Its position.
    Position,
    /// A field of its payload, by the path.
    Field(Vec<String>),
}

/// The places, by stored type: one of them has the key. `None`: nobody knows, so each event may be of it.
pub type KeyPlaces = BTreeMap<String, Option<BTreeSet<KeyPlace>>>;

/// A key's value.
#[derive(Debug, Clone, Copy)]
pub struct KeyValue<'k> {
    /// As PostgreSQL prints it.
    pub text: &'k str,
    /// Its type.
    pub ty: CellType,
}

/// What picks events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picked {
    /// The condition, over the log's columns.
    pub condition: String,
    /// The condition of those that have the key in none of its fields, empty if none can lack it: they may have been
    /// of any key before a field was erased.
    pub lacking: String,
    /// The stored types of which every event is sent.
    pub unpicked: Vec<String>,
    /// The expressions it compares, such as `payload ->> 'order_id'`.
    pub compared: Vec<String>,
    /// Statements that make the indexes by which the server finds them, if they are not there.
    pub indexes: Vec<String>,
}

/// What a stream is in the log's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamType {
    Uuid,
    Int,
    /// A text, or compared as one.
    Other,
}

impl StreamType {
    pub(super) fn of(name: Option<&str>) -> StreamType {
        match name {
            Some("uuid") => StreamType::Uuid,
            Some("int2" | "int4" | "int8") => StreamType::Int,
            _ => StreamType::Other,
        }
    }
}

/// What the server compares with a key.
enum Compared {
    /// A text.
    Text(String),
    /// A number.
    Number(String),
    /// A column that has a type of its own, and the form that its values have as texts.
    Typed(String, &'static str),
}

/// A condition for one place, and the indexes that find its events.
struct Condition {
    compared: String,
    sql: String,
    /// What they are on; with `WHERE` where one is on a part of the table.
    indexes: Vec<String>,
}

impl Log {
    /// The condition that picks events which may be of a key. `in_utf8` says that strings of the log's
    /// database are UTF-8, so that it knows every character.
    #[must_use]
    pub fn pick(&self, places: &KeyPlaces, key: KeyValue<'_>, in_utf8: bool) -> Picked {
        let mut groups: BTreeMap<Option<&BTreeSet<KeyPlace>>, Vec<&str>> = BTreeMap::new();
        for (event_type, of_type) in places {
            let all = of_type.iter().flatten();
            let known = (in_utf8 || key.text.is_ascii())
                && all.map(|place| self.at(place)).all(|found| found.is_some());
            // An empty set of places has the key nowhere.
            let group = of_type.as_ref().filter(|_| known);
            groups.entry(group).or_default().push(event_type);
        }
        let (mut parts, mut compared) = (Vec::new(), BTreeSet::new());
        let mut indexes = BTreeSet::new();
        let (mut unpicked, mut lacking) = (Vec::new(), Vec::new());
        for (group, types) in &groups {
            let list: Vec<String> = types.iter().map(|one| quote_literal(one)).collect();
            let of_types = format!("({}) IN ({})", self.shape.event_type, list.join(", "));
            let places = group.iter().copied().flatten().filter_map(|place| self.at(place));
            let each: Option<Vec<Condition>> =
                places.map(|place| Condition::of(place, key)).collect();
            let Some(each) = each.filter(|_| group.is_some()) else {
                unpicked.extend(types.iter().map(|one| (*one).to_owned()));
                parts.push(of_types);
                continue;
            };
            let conditions: Vec<&str> = each.iter().map(|one| one.sql.as_str()).collect();
            parts.push(format!("({of_types} AND ({}))", conditions.join(" OR ")));
            let is_field = |place: &KeyPlace| matches!(place, KeyPlace::Field(_));
            if group.is_some_and(|places| !places.is_empty() && places.iter().all(is_field)) {
                let each = each.iter().map(|one| format!(" AND ({}) IS NULL", one.compared));
                lacking.push(format!("({of_types}{})", each.collect::<String>()));
            }
            for Condition { compared: expression, indexes: of, .. } in each {
                compared.insert(expression);
                indexes.extend(of);
            }
        }
        let condition = if parts.is_empty() { "false".to_owned() } else { parts.join(" OR ") };
        let create = |on| format!("CREATE INDEX CONCURRENTLY ON {} {on}", self.shape.table);
        let indexes = indexes.into_iter().map(create).collect();
        let (lacking, compared) = (lacking.join(" OR "), compared.into_iter().collect());
        Picked { condition, lacking, unpicked, compared, indexes }
    }

    /// A place as an expression; nothing where the server might fail to tell it.
    fn at(&self, place: &KeyPlace) -> Option<Compared> {
        match place {
            KeyPlace::Stream => {
                let stream = format!("({})", self.shape.stream_id);
                Some(match self.stream {
                    StreamType::Uuid => Compared::Typed(stream, UUID),
                    StreamType::Int => Compared::Typed(stream, INTEGER),
                    StreamType::Other => Compared::Text(format!("{stream}::text")),
                })
            }
            KeyPlace::Position => Some(Compared::Number(self.shape.position_compared())),
            // A text may be no JSON, and then the cast is an error.
            KeyPlace::Field(_) if self.payload != PayloadKind::Jsonb => None,
            KeyPlace::Field(path) => {
                let (last, before) = path.split_last()?;
                let steps: String =
                    before.iter().map(|part| format!(" -> {}", quote_literal(part))).collect();
                let text = format!("({}){steps} ->> {}", self.shape.payload, quote_literal(last));
                Some(Compared::Text(text))
            }
        }
    }
}

/// The form of a UUID that PostgreSQL prints.
const UUID: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
/// That of a whole number.
const INTEGER: &str = "^(0|-?[1-9][0-9]*)$";

impl Condition {
    /// Whether a value may be the key; nothing where every value may.
    fn of(compared: Compared, key: KeyValue<'_>) -> Option<Condition> {
        let value = quote_literal(key.text);
        let is_integer = matches!(key.ty.kind, Kind::Int2 | Kind::Int4 | Kind::Int8);
        let plain = |compared: String, sql: String| {
            let indexes = vec![format!("(({compared}))")];
            Some(Condition { compared, sql, indexes })
        };
        let expression = match compared {
            Compared::Number(expression) => {
                let number: i64 = key.text.parse().ok()?;
                let sql = format!("{expression} = {number}");
                // Positions have an index.
                return Some(Condition { compared: expression, sql, indexes: Vec::new() });
            }
            // As a text it has one form, so it is of the key if its type's value is.
            Compared::Typed(expression, form) => {
                let is_same = match key.ty.kind {
                    Kind::Text => key.ty.limit == Limit::None,
                    Kind::Uuid => form == UUID,
                    _ => form == INTEGER && is_integer,
                };
                if is_same {
                    let sql = match has_form(key.text, form) {
                        true => format!("{expression} = {value}"),
                        false => "false".to_owned(),
                    };
                    return plain(expression, sql);
                }
                format!("{expression}::text")
            }
            Compared::Text(expression) => expression,
        };
        let form = match (key.ty.kind, key.ty.limit) {
            (Kind::Text, Limit::None) => {
                let sql = format!("({expression}) = {value}");
                return plain(expression, sql);
            }
            // A column cuts blanks at the end of what is too long for it.
            (Kind::Text, _) => {
                let value = quote_literal(key.text.trim_end_matches(' '));
                let trimmed = format!("pg_catalog.rtrim({expression}, ' ')");
                let sql = format!("{trimmed} = {value}");
                return plain(trimmed, sql);
            }
            (Kind::Uuid, _) => UUID,
            _ if is_integer => INTEGER,
            _ => return None,
        };
        // What is not in that form may be the same value all the same. There are few of them, or none, so an
        // index on them alone is small.
        let odd = format!("({expression}) !~ '{form}'");
        let sql = format!("(({expression}) = {value} OR {odd})");
        let indexes = vec![format!("(({expression}))"), format!("(({expression})) WHERE {odd}")];
        Some(Condition { compared: expression, sql, indexes })
    }
}

/// Whether a text is in a form, and a value of the type that prints it.
fn has_form(text: &str, form: &str) -> bool {
    if form == UUID {
        let parts: Vec<&str> = text.split('-').collect();
        let is_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        return lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(is_hex));
    }
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_form_as_a_value() {
        for (text, form, has) in [
            ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", UUID, true),
            ("A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11", UUID, false),
            ("a0eebc999c0b4ef8bb6d6bb9bd380a11", UUID, false),
            ("17", INTEGER, true),
            ("-17", INTEGER, true),
            ("0", INTEGER, true),
            ("-0", INTEGER, false),
            ("017", INTEGER, false),
            ("17 ", INTEGER, false),
            ("99999999999999999999", INTEGER, false),
        ] {
            assert_eq!(has_form(text, form), has, "{text}");
        }
    }

    #[test]
    fn what_may_be_a_key_is_found_by_an_index() {
        let key = |text, kind| KeyValue { text, ty: CellType::of_kind(kind) };
        let uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
        let of = |compared, key| Condition::of(compared, key).map(|one| (one.sql, one.indexes));
        let stream = || Compared::Typed("(stream_id)".into(), UUID);
        let index = vec!["(((stream_id)))".to_owned()];
        let is_it = (format!("(stream_id) = '{uuid}'"), index.clone());
        assert_eq!(of(stream(), key(uuid, Kind::Uuid)), Some(is_it.clone()));
        assert_eq!(of(stream(), key(uuid, Kind::Text)), Some(is_it));
        assert_eq!(of(stream(), key("x", Kind::Text)), Some(("false".to_owned(), index)));
        let field = || Compared::Text("payload ->> 'id'".into());
        let (sql, indexes) = of(field(), key("17", Kind::Int8)).unwrap();
        let odd = "(payload ->> 'id') !~ '^(0|-?[1-9][0-9]*)$'";
        assert_eq!(sql, format!("((payload ->> 'id') = '17' OR {odd})"));
        assert_eq!(indexes[1], format!("((payload ->> 'id')) WHERE {odd}"));
        assert_eq!(of(field(), key("1.5", Kind::Numeric)), None);
    }
}
