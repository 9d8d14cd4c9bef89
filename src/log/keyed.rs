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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// The condition, over the log's columns.
    pub condition: String,
    /// The stored types of which every event is sent.
    pub unpicked: Vec<String>,
    /// The expressions it compares, such as `payload ->> 'order_id'`: what an index would be on.
    pub compared: Vec<String>,
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
        let mut unpicked = Vec::new();
        for (group, types) in &groups {
            let list: Vec<String> = types.iter().map(|one| quote_literal(one)).collect();
            let of_types = format!("({}) IN ({})", self.shape.event_type, list.join(", "));
            let expressions = group.iter().copied().flatten().filter_map(|place| self.at(place));
            let each: Vec<(String, Option<String>)> = expressions
                .map(|(expression, is_number)| {
                    let condition = match is_number {
                        true => key.text.parse::<i64>().ok().map(|n| format!("{expression} = {n}")),
                        false => comparison(&expression, key),
                    };
                    (expression, condition)
                })
                .collect();
            if group.is_none() || each.iter().any(|(_, condition)| condition.is_none()) {
                unpicked.extend(types.iter().map(|one| (*one).to_owned()));
                parts.push(of_types);
                continue;
            }
            let conditions: Vec<String> =
                each.iter().filter_map(|(_, condition)| condition.clone()).collect();
            compared.extend(each.into_iter().map(|(expression, _)| expression));
            parts.push(format!("({of_types} AND ({}))", conditions.join(" OR ")));
        }
        let condition = if parts.is_empty() { "false".to_owned() } else { parts.join(" OR ") };
        Picked { condition, unpicked, compared: compared.into_iter().collect() }
    }

    /// A place as an expression, and whether that is a number or else a text; nothing where the server
    /// might fail to tell it.
    fn at(&self, place: &KeyPlace) -> Option<(String, bool)> {
        match place {
            KeyPlace::Stream => Some((format!("({})::text", self.shape.stream_id), false)),
            KeyPlace::Position => Some((self.shape.position_compared(), true)),
            // A text may be no JSON, and then the cast is an error.
            KeyPlace::Field(_) if self.payload != PayloadKind::Jsonb => None,
            KeyPlace::Field(path) => {
                let (last, before) = path.split_last()?;
                let steps: String =
                    before.iter().map(|part| format!(" -> {}", quote_literal(part))).collect();
                let text = format!("({}){steps} ->> {}", self.shape.payload, quote_literal(last));
                Some((text, false))
            }
        }
    }
}

/// Whether a text may be the key; nothing where every text may.
fn comparison(expression: &str, key: KeyValue<'_>) -> Option<String> {
    let value = quote_literal(key.text);
    let or_unlike =
        |plain: &str| Some(format!("(({expression}) = {value} OR ({expression}) !~ '{plain}')"));
    match (key.ty.kind, key.ty.limit) {
        (Kind::Text, Limit::None) => Some(format!("({expression}) = {value}")),
        // A column cuts blanks at the end of what is too long for it.
        (Kind::Text, _) => {
            let value = quote_literal(key.text.trim_end_matches(' '));
            Some(format!("pg_catalog.rtrim({expression}, ' ') = {value}"))
        }
        (Kind::Int2 | Kind::Int4 | Kind::Int8, _) => or_unlike("^(0|-?[1-9][0-9]*)$"),
        (Kind::Uuid, _) => {
            or_unlike("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
        }
        _ => None,
    }
}
