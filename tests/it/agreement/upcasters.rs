//! Random upcasters, and events of the versions they start at: each step knows its own way back.

use serde::{Deserialize, Serialize};

use super::shapes::Shape;
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
        _ if quoted || json == "null" || dice.percent(20) => json.to_owned(),
        "integer" if dice.percent(30) => format!("{json}.0"),
        _ => format!("\"{json}\""),
    }
}

/// Upcasters of some of the types, and of types of the log that became one of them.
pub(super) fn random(dice: &mut Dice, shapes: &[Shape], mood: Mood) -> Vec<Chain> {
    let mut chains = Vec::new();
    for shape in shapes {
        let mut latest = 1;
        if dice.percent(40) {
            let steps: Vec<_> =
                (0..1 + dice.below(3)).map(|nth| step(dice, shape, nth, mood)).collect();
            latest = steps.len() + 1;
            chains.push(Chain { event_type: shape.event_type.clone(), steps, becomes: None });
        }
        if dice.percent(10) {
            let steps = vec![step(dice, shape, 9, mood)];
            if matches!(steps[0][..], [Form::Drop]) {
                continue;
            }
            let becomes = Some((shape.event_type.clone(), latest));
            chains.push(Chain { event_type: format!("Was{}", shape.event_type), steps, becomes });
        }
    }
    chains
}

/// One step, with at most one form for each field.
fn step(dice: &mut Dice, shape: &Shape, nth: usize, mood: Mood) -> Vec<Form> {
    match dice.below(25) {
        0 => return vec![Form::Filter { code: *dice.of(&[".", ". + {}", ".f1 = .f1", "., ."]) }],
        1 if nth == 0 && mood != Mood::Tame => return vec![Form::Drop],
        _ => {}
    }
    let mut forms = Vec::new();
    let first = dice.below(shape.fields.len().max(1));
    for index in 0..(1 + dice.below(3)).min(shape.fields.len()) {
        let field = &shape.fields[(first + index) % shape.fields.len()];
        let path = field.path.clone();
        let maybe = if field.optional || dice.percent(15) { "?" } else { "" };
        let top = !path.contains('.');
        let value = toml(dice, field.base);
        forms.push(match dice.below(8) {
            0 | 1 if top => Form::Rename { old: format!("old{nth}_{path}{maybe}"), new: path },
            0..=2 => Form::Move {
                old: format!("{}.x{nth}{maybe}", ["o", "n", "p.q"][dice.below(3)]),
                new: path,
            },
            3 if !field.key => match value {
                Some(value) => Form::Default { path, value },
                None => continue,
            },
            4 if !field.key && dice.percent(30) => match value {
                Some(value) => Form::Set { path, value },
                None => continue,
            },
            5 if field.base.is_int() => {
                Form::Cast { path: format!("{path}{maybe}"), to: "integer" }
            }
            5 if field.base.is_number() => {
                Form::Cast { path: format!("{path}{maybe}"), to: "number" }
            }
            5 if field.base == Base::Bool => {
                Form::Cast { path: format!("{path}{maybe}"), to: "boolean" }
            }
            5 if field.base == Base::Text => {
                Form::Cast { path: format!("{path}{maybe}"), to: "string" }
            }
            6 if !field.key && value.is_some() => {
                let mut new = || toml(dice, field.base).unwrap_or_default();
                let entries =
                    vec![("one".into(), new()), ("null".into(), new()), ("it's".into(), new())];
                let fallback = (mood != Mood::Wild).then(new);
                Form::Map { path: format!("{path}{maybe}"), entries, fallback }
            }
            _ => Form::Remove { path: format!("gone{nth}_{index}") },
        });
    }
    forms.dedup_by_key(|form| match form {
        Form::Move { old, .. } => old.clone(),
        other => format!("{other:?}"),
    });
    forms
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
