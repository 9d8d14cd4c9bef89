//! Random logs: few keys, so that events meet, with what real logs have of NULLs, holes and mistakes.

use serde::{Deserialize, Serialize};

use super::shapes::{Field, Shape};
use super::upcasters::{Chain, Member};
use super::values::{self, Base, Mood};
use crate::hazards::Dice;

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) position: i64,
    pub(super) stream_id: String,
    pub(super) stream_version: i32,
    #[serde(rename = "type")]
    pub(super) event_type: String,
    pub(super) schema_version: i32,
    /// JSON text.
    pub(super) payload: String,
    /// JSON text.
    pub(super) metadata: String,
    pub(super) recorded_at: String,
}

/// What a log is made by.
pub(super) struct Maker<'a> {
    pub(super) shapes: &'a [Shape],
    pub(super) chains: &'a [Chain],
    pub(super) mood: Mood,
    /// The payload is kept as it is written, not as `jsonb` prints it.
    pub(super) raw: bool,
    /// How many keys there are.
    pub(super) keys: usize,
}

impl Maker<'_> {
    pub(super) fn log(&self, dice: &mut Dice, size: usize) -> Vec<Event> {
        let mut position = 0;
        let mut versions = [0; 4];
        let mut events = Vec::with_capacity(size);
        for number in 0..size {
            position += if dice.percent(4) { 1 + i64::try_from(dice.below(9)).unwrap() } else { 1 };
            let stream = dice.below(versions.len());
            versions[stream] += 1;
            // Rows come first: the types with a small number insert.
            let shape = match number < size / 6 {
                true => &self.shapes[dice.below(self.shapes.len().min(3))],
                false => dice.of(self.shapes),
            };
            let (event_type, schema_version, payload) = self.payload(dice, shape);
            events.push(Event {
                position,
                stream_id: format!("stream {stream}"),
                stream_version: versions[stream],
                event_type,
                schema_version,
                payload,
                metadata: (*dice.of(&["{}", "{\"who\": \"Ada\"}", "{\"who\": null}"])).into(),
                recorded_at: format!(
                    "2026-01-{:02} 10:{:02}:00.{number:03}Z",
                    1 + number % 28,
                    number % 60
                ),
            });
        }
        events
    }

    fn payload(&self, dice: &mut Dice, shape: &Shape) -> (String, i32, String) {
        let mut members: Vec<Member> = Vec::new();
        for field in &shape.fields {
            if field.optional && dice.percent(30) {
                continue;
            }
            members.push((field.path.clone(), self.value(dice, field)));
        }
        let (mut event_type, mut version) = (shape.event_type.clone(), 1);
        let chain = |name: &str| self.chains.iter().find(|c| c.event_type == name);
        if let Some(chain) = chain(&event_type) {
            version = 1 + dice.below(chain.latest());
        }
        let was = format!("Was{event_type}");
        match chain(&was) {
            Some(before) if dice.percent(30) => {
                // It leads to the latest version of the other type.
                members = before.back(dice, members, 1);
                (event_type, version) = (was, 1);
            }
            _ => {
                if let Some(chain) = chain(&event_type) {
                    members = chain.back(dice, members, version);
                }
            }
        }
        if self.mood == Mood::Wild {
            match dice.below(200) {
                0 => version += 7,
                1 | 2 if !members.is_empty() => {
                    let at = dice.below(members.len());
                    members.remove(at);
                }
                _ => {}
            }
        }
        if dice.percent(20) {
            members.push(("unused".into(), (*dice.of(&["1", "\"x\"", "[{}]", "null"])).into()));
        }
        let at = dice.below(members.len().max(1));
        let at = at.min(members.len());
        members.rotate_left(at);
        (
            event_type,
            i32::try_from(version).unwrap(),
            Writer { raw: self.raw }.object(dice, &members, ""),
        )
    }

    fn value(&self, dice: &mut Dice, field: &Field) -> String {
        if field.key {
            let key = values::key(field.base, dice.below(self.keys));
            return values::json(dice, field.base, &key);
        }
        if dice.percent(self.mood.of([6, 10, 10])) {
            return "null".into();
        }
        if dice.percent(self.mood.of([0, 0, 1])) {
            return (*dice.of(&["true", "{}", "[]", "\"x\"", "1.5", "[1]", "\"\""])).into();
        }
        let text = values::text(dice, field.base, self.mood);
        if self.raw && self.mood != Mood::Tame && field.base == Base::Text && dice.percent(3) {
            return (*dice.of(&[
                "\"a\\ud83d\\ude00\"",
                "\"\\u0041\"",
                "\"a\\/b\\b\\f\"",
                "\"nul \\u0000\"",
            ]))
            .into();
        }
        values::json(dice, field.base, text)
    }
}

/// Writes members as one object.
struct Writer {
    raw: bool,
}

impl Writer {
    /// Members below `prefix`, which lie side by side as objects in one another.
    fn object(&self, dice: &mut Dice, members: &[Member], prefix: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for (path, json) in members {
            let Some(rest) = path.strip_prefix(prefix) else { continue };
            let (name, below) = rest.split_once('.').unwrap_or((rest, ""));
            if done.contains(&name) {
                continue;
            }
            done.push(name);
            let value = match below {
                "" => json.clone(),
                _ => self.object(dice, members, &format!("{prefix}{name}.")),
            };
            if self.raw && dice.percent(3) {
                parts.push(format!(
                    "{}:{}",
                    self.name(dice, name),
                    dice.of(&["0", "\"first\"", "null"])
                ));
            }
            let (one, other) = (self.blank(dice), self.blank(dice));
            parts.push(format!("{one}{}{other}:{one}{value}{other}", self.name(dice, name)));
        }
        format!("{{{}}}", parts.join(","))
    }

    fn blank(&self, dice: &mut Dice) -> &'static str {
        match self.raw {
            true => dice.of::<&str>(&["", "", "", " ", "\n\t", "  \r"]),
            false => "",
        }
    }

    fn name(&self, dice: &mut Dice, name: &str) -> String {
        match name.chars().next() {
            Some(first) if self.raw && dice.percent(2) => {
                format!("\"\\u{:04x}{}\"", u32::from(first), &name[first.len_utf8()..])
            }
            _ => format!("\"{name}\""),
        }
    }
}
