//! Random upcasters, and events of the versions they start at: each step knows its own way back.

use serde::{Deserialize, Serialize};

use super::shapes::{Field, Shape};
use super::values::{self, Base, Mood};
use crate::hazards::Dice;

/// The file of one event type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Upcaster {
    pub(super) event_type: String,
    pub(super) text: String,
}

/// A member of a payload: its path and its JSON text.
pub(super) type Member = (String, String);

/// What one step does to one field, or all of it.
#[derive(Debug, Clone)]
enum Form {
    Rename { old: String, new: String },
    Move { old: String, new: String },
    Default { path: String, value: String },
    Set { path: String, value: String },
    Cast { path: String, to: &'static str },
    Map { path: String, entries: Vec<(String, String)>, fallback: Option<String> },
    Remove { path: String },
    Filter { code: &'static str },
    Drop,
}

/// The chain of one event type, its steps in order.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// The type in the log; the steps of another lead to the handler's.
    pub(super) event_type: String,
    steps: Vec<Vec<Form>>,
    /// The type the last step leads to, and its version there.
    becomes: Option<(String, usize)>,
}

impl Chain {
    /// The version behind the last step.
    pub(super) fn latest(&self) -> usize {
        self.steps.len() + 1
    }

    /// A payload of the latest version as one of an older version would have been.
    pub(super) fn back(
        &self,
        dice: &mut Dice,
        mut members: Vec<Member>,
        version: usize,
    ) -> Vec<Member> {
        for step in self.steps.iter().skip(version - 1).rev() {
            for form in step {
                form.back(dice, &mut members);
            }
        }
        members
    }

    pub(super) fn file(&self) -> Upcaster {
        let mut text = format!("type = \"{}\"\n", self.event_type);
        for (index, step) in self.steps.iter().enumerate() {
            text.push_str(&format!("\n[[step]]\nfrom = {}\n", index + 1));
            if let (Some((name, to)), true) = (&self.becomes, index + 1 == self.steps.len()) {
                text.push_str(&format!("type = \"{name}\"\nto = {to}\n"));
            }
            for name in ["rename", "move", "cast", "map", "set", "default"] {
                let entries: Vec<String> = step.iter().filter_map(|f| f.entry(name)).collect();
                if !entries.is_empty() {
                    text.push_str(&format!("{name} = {{ {} }}\n", entries.join(", ")));
                }
            }
            let gone: Vec<String> = step.iter().filter_map(|f| f.entry("remove")).collect();
            if !gone.is_empty() {
                text.push_str(&format!("remove = [{}]\n", gone.join(", ")));
            }
            text.extend(step.iter().filter_map(|f| f.entry("alone")));
        }
        Upcaster { event_type: self.event_type.clone(), text }
    }
}

impl Form {
    /// What stands under a key of the step, if the form belongs there.
    fn entry(&self, key: &str) -> Option<String> {
        match (self, key) {
            (Form::Rename { old, new }, "rename") | (Form::Move { old, new }, "move") => {
                Some(format!("\"{old}\" = \"{}\"", new.trim_end_matches('?')))
            }
            (Form::Default { path, value }, "default") | (Form::Set { path, value }, "set") => {
                Some(format!("\"{path}\" = {value}"))
            }
            (Form::Cast { path, to }, "cast") => Some(format!("\"{path}\" = \"{to}\"")),
            (Form::Map { path, entries, fallback }, "map") => {
                let mut list: Vec<String> =
                    entries.iter().map(|(old, new)| format!("\"{old}\" = {new}")).collect();
                list.extend(fallback.iter().map(|new| format!("\"*\" = {new}")));
                Some(format!("\"{path}\" = {{ {} }}", list.join(", ")))
            }
            (Form::Remove { path }, "remove") => Some(format!("\"{path}\"")),
            (Form::Filter { code }, "alone") => Some(format!("jq = '{code}'\n")),
            (Form::Drop, "alone") => Some("drop = true\n".into()),
            _ => None,
        }
    }

    fn back(&self, dice: &mut Dice, members: &mut Vec<Member>) {
        let bare = |path: &str| path.trim_end_matches('?').to_owned();
        match self {
            Form::Rename { old, new } | Form::Move { old, new } => {
                for member in members.iter_mut().filter(|(path, _)| path == new) {
                    member.0 = bare(old);
                }
            }
            Form::Default { path, .. } => {
                if dice.percent(70) {
                    members.retain(|(other, _)| other != path);
                }
            }
            Form::Set { path, .. } => {
                if dice.percent(60) {
                    members.retain(|(other, _)| other != path);
                }
            }
            Form::Cast { path, to } => {
                for (_, json) in members.iter_mut().filter(|(other, _)| *other == bare(path)) {
                    *json = uncast(dice, json, to);
                }
            }
            Form::Map { path, entries, .. } => {
                for (_, json) in members.iter_mut().filter(|(other, _)| *other == bare(path)) {
                    *json = regrow::value::quote_json(&dice.of(entries).0);
                }
            }
            Form::Remove { path } => {
                let old = *dice.of(&["1", "\"old\"", "null", "{\"a\": [1]}"]);
                members.push((path.clone(), old.into()));
            }
            Form::Filter { .. } | Form::Drop => {}
        }
    }
}

/// What a cast would make that value of.
fn uncast(dice: &mut Dice, json: &str, to: &str) -> String {
    let quoted = json.starts_with('"');
    match to {
        "string" if quoted => {
            let text = json.trim_matches('"');
            if values::is_json_number(text) { text.to_owned() } else { json.to_owned() }
        }
        _ if quoted || json.starts_with(['{', '[', 'n']) || dice.percent(20) => json.to_owned(),
        "integer"
            if dice.percent(30)
                && !json.contains(['.', 'e', 'E'])
                && values::is_json_number(json) =>
        {
            format!("{json}.0")
        }
        _ => format!("\"{json}\""),
    }
}

/// A field on its way back through the versions.
#[derive(Debug, Clone)]
struct Known {
    path: String,
    base: Base,
    key: bool,
    /// Some payloads of this version do not have it.
    absent: bool,
    /// Its values are no longer those of its type.
    changed: bool,
}

/// Upcasters of some of the types, and of types of the log that became one of them.
pub(super) fn random(dice: &mut Dice, shapes: &[Shape], mood: Mood) -> Vec<Chain> {
    let mut chains = Vec::new();
    for shape in shapes {
        let known = |f: &Field| Known {
            path: f.path.clone(),
            base: f.base,
            key: f.key,
            absent: f.optional,
            changed: false,
        };
        let fields: Vec<Known> = shape.fields.iter().map(known).collect();
        let mut latest = 1;
        if dice.percent(40) {
            let count = 1 + dice.below(3);
            let mut fields = fields.clone();
            let mut steps: Vec<_> =
                (0..count).rev().map(|nth| step(dice, &mut fields, nth, mood)).collect();
            steps.reverse();
            latest = steps.len() + 1;
            chains.push(Chain { event_type: shape.event_type.clone(), steps, becomes: None });
        }
        if dice.percent(10) {
            let steps = vec![step(dice, &mut fields.clone(), 9, mood)];
            let becomes = Some((shape.event_type.clone(), latest));
            chains.push(Chain { event_type: format!("Was{}", shape.event_type), steps, becomes });
        }
    }
    chains
}

/// One step, with at most one form for each field; `fields` are those of the version behind it, and
/// then those of the version before it.
fn step(dice: &mut Dice, fields: &mut [Known], nth: usize, mood: Mood) -> Vec<Form> {
    match dice.below(25) {
        0 => return vec![Form::Filter { code: dice.of::<&str>(&[".", ". + {}", "., ."]) }],
        1 if nth == 0 && mood != Mood::Tame => return vec![Form::Drop],
        _ => {}
    }
    let mut forms = Vec::new();
    if fields.is_empty() || dice.percent(10) {
        forms.push(Form::Remove { path: format!("gone{nth}") });
    }
    let first = dice.below(fields.len().max(1));
    for index in 0..(1 + dice.below(3)).min(fields.len()) {
        let count = fields.len();
        let form = form(dice, &mut fields[(first + index) % count], nth, index, mood);
        forms.extend(form);
    }
    forms
}

fn form(dice: &mut Dice, field: &mut Known, nth: usize, index: usize, mood: Mood) -> Option<Form> {
    let path = field.path.clone();
    let careless = if mood == Mood::Wild { 10 } else { 0 };
    let optional = (field.absent && !dice.percent(careless)) || dice.percent(10);
    let maybe = if optional { "?" } else { "" };
    let asked = format!("{path}{maybe}");
    let typed = !field.key && !field.changed;
    let value = toml(dice, field.base).filter(|_| typed);
    let cast = match field.base {
        _ if field.changed => None,
        base if base.is_int() => Some("integer"),
        base if base.is_number() => Some("number"),
        Base::Bool if mood == Mood::Tame => Some("boolean"),
        Base::Text => Some("string"),
        _ => None,
    };
    match (dice.below(8), value, cast) {
        (0 | 1, ..) if !path.contains('.') => {
            field.path = format!("old{nth}_{path}");
            Some(Form::Rename { old: format!("{}{maybe}", field.path), new: path })
        }
        (0..=2, ..) => {
            field.path = format!("{}.x{nth}_{index}", ["o", "n", "p.q"][dice.below(3)]);
            Some(Form::Move { old: format!("{}{maybe}", field.path), new: path })
        }
        (3, Some(value), _) => {
            field.absent = true;
            Some(Form::Default { path, value })
        }
        (4, Some(value), _) if dice.percent(30) => {
            field.absent = true;
            Some(Form::Set { path, value })
        }
        (5, _, Some(to)) => {
            field.changed = true;
            Some(Form::Cast { path: asked, to })
        }
        (6, Some(value), _) => {
            field.changed = true;
            let other = toml(dice, field.base).unwrap_or_else(|| value.clone());
            let entries = vec![
                ("one".into(), value.clone()),
                ("null".into(), other),
                ("it's".into(), value.clone()),
            ];
            Some(Form::Map {
                path: asked,
                entries,
                fallback: (mood != Mood::Wild).then_some(value),
            })
        }
        _ => None,
    }
}

/// A value in TOML.
fn toml(dice: &mut Dice, base: Base) -> Option<String> {
    let text = values::text(dice, base, Mood::Tame);
    match base {
        Base::Json | Base::Jsonb | Base::Texts => None,
        Base::Bool => Some(text.into()),
        _ if base.is_number() && !text.starts_with('0') => Some(text.into()),
        _ => Some(format!("\"{text}\"")),
    }
}
