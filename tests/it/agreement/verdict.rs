//! What an engine made of a case, and where two engines differ.

use std::collections::BTreeMap;

use regrow::failure::Failure;

use super::case::Case;
use super::ground::Ground;

/// What is left of one build.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    /// Exit codes, or why a call ended.
    pub(super) ends: Vec<String>,
    /// The build's state; empty where there is no build.
    pub(super) state: String,
    /// The event that cannot be applied, with its message.
    pub(super) failure: Option<String>,
    /// Its position.
    pub(super) failed_at: Option<i64>,
    pub(super) position: i64,
    pub(super) parked: Vec<String>,
    /// What COPY prints of each table.
    pub(super) tables: BTreeMap<String, Vec<u8>>,
}

impl Verdict {
    /// Looks at the newest build of a projection.
    pub(super) fn of(
        ground: &mut Ground,
        case: &Case,
        projection: &str,
        ends: Vec<String>,
    ) -> Verdict {
        let ends = ends.iter().map(|end| neutral(end, projection)).collect();
        let build = "SELECT b.schema_name::text, b.state, b.failure, c.position, b.id FROM regrow.build b \
                     JOIN regrow.checkpoint c ON c.build_id = b.id \
                     WHERE b.projection = $1 AND b.state <> 'dropped' ORDER BY b.number DESC LIMIT 1";
        let Some(row) = ground.client.query_opt(build, &[&projection]).unwrap() else {
            return Verdict { ends, ..Verdict::default() };
        };
        let (schema, state, failure): (String, String, Option<String>) =
            (row.get(0), row.get(1), row.get(2));
        let id: i64 = row.get(4);
        let failure = failure.map(|text| serde_json::from_str(&text).unwrap());
        let parked = "SELECT position, part, event_type, schema_version, place, sqlstate, message \
                      FROM regrow.parked_events WHERE build_id = $1 ORDER BY position, part";
        let parked = ground.client.query(parked, &[&id]).unwrap();
        let parked = parked.iter().map(|row| Failure {
            position: row.get(0),
            part: u32::try_from(row.get::<_, i32>(1)).unwrap(),
            event_type: row.get(2),
            schema_version: row.get(3),
            place: row.get(4),
            sqlstate: row.get(5),
            message: row.get(6),
            ..Failure::default()
        });
        let mut tables = BTreeMap::new();
        for (table, order) in &case.tables {
            tables.insert(table.clone(), ground.copy(&schema, table, order));
        }
        Verdict {
            ends,
            state,
            failed_at: failure.as_ref().map(|event: &Failure| event.position),
            failure: failure.map(|event| told(case, event, projection)),
            position: row.get(3),
            parked: parked.map(|event| told(case, event, projection)).collect(),
            tables,
        }
    }

    /// The first difference, in words.
    pub(super) fn difference(&self, other: &Verdict) -> Option<String> {
        let unlike = |what: &str, one: &dyn std::fmt::Debug, two: &dyn std::fmt::Debug| {
            Some(format!("{what}:\n  {one:?}\n  {two:?}"))
        };
        if self.ends != other.ends {
            return unlike("how it ended", &self.ends, &other.ends);
        }
        if self.failure != other.failure {
            return unlike("the failed event", &self.failure, &other.failure);
        }
        if self.state != other.state {
            return unlike("the state", &self.state, &other.state);
        }
        // Batches may differ: what a stopped build holds is seen by a build that ends before the event.
        if self.failure.is_some() {
            return None;
        }
        if self.position != other.position {
            return unlike("the checkpoint", &self.position, &other.position);
        }
        if self.parked != other.parked {
            let (one, two) = first_unlike(&self.parked, &other.parked);
            return unlike("a parked event", &one, &two);
        }
        self.tables.iter().find_map(|(table, bytes)| {
            let lines = |bytes: &[u8]| -> Vec<String> {
                String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
            };
            let others = other.tables.get(table).cloned().unwrap_or_default();
            if *bytes == others {
                return None;
            }
            let (one, two) = first_unlike(&lines(bytes), &lines(&others));
            unlike(&format!("a row of {table}"), &one, &two)
        })
    }

    /// The bytes of all tables, for people.
    pub(super) fn text(&self) -> String {
        self.tables.values().map(|bytes| String::from_utf8_lossy(bytes)).collect()
    }

    /// Rows in all tables.
    pub(super) fn rows(&self) -> usize {
        self.tables.values().map(|bytes| bytes.iter().filter(|b| **b == b'\n').count()).sum()
    }
}

/// A failure as both engines have to tell it. A statement about many rows meets them in the order they
/// lie in, which is no engine's promise: which of them is refused first, and why, may be another.
pub(super) fn told(case: &Case, event: Failure, projection: &str) -> String {
    let name = event.event_type.strip_prefix("Was").unwrap_or(&event.event_type);
    let handler = case.handlers.iter().find(|h| h.event_type == name);
    let many = |kind: &str| kind.ends_with("many") || kind.ends_with("select");
    let event = match handler.is_some_and(|h| h.statements.iter().any(|s| many(&s.kind))) {
        true if event.sqlstate.is_some() => {
            Failure { message: String::new(), sqlstate: None, detail: None, hint: None, ..event }
        }
        _ => event,
    };
    neutral(&serde_json::to_string(&event).unwrap(), projection)
}

/// The first place where two lists are not the same.
fn first_unlike(one: &[String], two: &[String]) -> (Option<String>, Option<String>) {
    let at = one.iter().zip(two).take_while(|(a, b)| a == b).count();
    (one.get(at).cloned(), two.get(at).cloned())
}

/// A text without the name of the projection.
fn neutral(text: &str, projection: &str) -> String {
    let mut text = text.to_owned();
    for (own, all) in [("__b", "build"), ("projections/", "files/")] {
        text = match own {
            "__b" => (1..5).fold(text, |t, n| t.replace(&format!("{projection}__b{n}"), all)),
            _ => text
                .replace(&format!("projections/{projection}/"), all)
                .replace("projections/s/", all),
        };
    }
    text
}
