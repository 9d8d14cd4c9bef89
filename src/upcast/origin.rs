//! Where in stored payloads a field of the latest version has its value from.
//!
//! Owns the way back through a chain of steps. The answer serves filters on the log's server, which
//! may let too many events through and never one too few: where a step makes, changes or may remove
//! the value, or is a jq filter, there is no answer.

use std::collections::BTreeSet;

use super::Upcasters;
use super::file::Action;
use super::step::Forms;
use crate::source::Place;

/// A chain that has more origins than this for one field is not followed.
const MAX_ORIGINS: usize = 8;

impl Upcasters {
    /// The paths in stored payloads of a type and version, one of which holds, unchanged, what `field` of
    /// the latest version holds. `None`: it cannot be told, so any event may have any value there.
    #[must_use]
    pub fn origins(
        &self,
        event_type: &str,
        schema_version: i32,
        field: &[String],
    ) -> Option<BTreeSet<Vec<String>>> {
        let mut steps: Vec<&Action> = Vec::new();
        let mut at = self.start(event_type, schema_version).ok()?;
        while let Some((chain, step)) = at.and_then(|(chain, nth)| chain.step(nth)) {
            steps.push(&step.action);
            at = self.after(chain, step);
        }
        let mut paths = BTreeSet::from([field.to_vec()]);
        for action in steps.into_iter().rev() {
            let mut before = BTreeSet::new();
            for path in &paths {
                match action {
                    Action::Forms(forms) => before.extend(through(forms, path)?),
                    Action::Filter(filter) => {
                        if filter.touched()?.iter().any(|touched| overlap(touched, path)) {
                            return None;
                        }
                        before.insert(path.clone());
                    }
                    Action::Drop => return None,
                }
            }
            paths = before;
            if paths.len() > MAX_ORIGINS {
                return None;
            }
        }
        Some(paths)
    }

    /// The first jq step that events may take on their way to one of these types and that may make several
    /// events of one.
    pub fn first_filter<'s>(&self, types: impl Iterator<Item = &'s str>) -> Option<&Place> {
        let sources = self.sources_of(types);
        let chains = sources.iter().filter_map(|event_type| self.chains.get(event_type));
        let mut steps = chains.flat_map(|chain| &chain.steps);
        let may_make_several =
            |action: &Action| matches!(action, Action::Filter(f) if f.touched().is_none());
        steps.find(|step| may_make_several(&step.action)).map(|step| &step.place)
    }
}

/// The paths before a step, one of which holds what `path` holds after it.
fn through(forms: &Forms, path: &[String]) -> Option<BTreeSet<Vec<String>>> {
    let Forms { rename, moves, remove, cast, map, set, default, each } = forms;
    let values = set.iter().chain(default).map(|(at, _)| at);
    let casts = cast.iter().map(|(at, _)| at);
    let maps = map.iter().map(|(at, _)| at);
    let elements = each.iter().map(super::step::Elements::array);
    let mut changed = remove.iter().chain(values).chain(casts).chain(maps).chain(elements);
    if changed.any(|at| overlap(&at.parts, path)) {
        return None;
    }
    // `rename` comes before `move`.
    let mut paths = BTreeSet::from([path.to_vec()]);
    for list in [moves, rename] {
        let mut before = BTreeSet::new();
        for path in &paths {
            let mut near = list.iter().filter(|each| overlap(&each.to.parts, path));
            match (near.next(), near.next()) {
                (Some(each), None) if path.starts_with(&each.to.parts) => {
                    let rest = &path[each.to.parts.len()..];
                    before.insert([each.from.parts.as_slice(), rest].concat());
                    // Where what is moved is absent, what is there stays.
                    if each.from.optional {
                        before.insert(path.clone());
                    }
                }
                (None, None) if !list.iter().any(|each| overlap(&each.from.parts, path)) => {
                    before.insert(path.clone());
                }
                _ => return None,
            }
        }
        paths = before;
    }
    Some(paths)
}

/// Whether one of two paths lies in the other, or both are one.
fn overlap(one: &[String], other: &[String]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::RawEvent;
    use crate::source::SourceFile;
    use crate::value::Object;

    fn upcasters(steps: &str) -> Upcasters {
        Upcasters::load(&[SourceFile::new("A.toml", format!("type = \"A\"\n{steps}"))]).unwrap()
    }

    #[track_caller]
    fn check(steps: &str, field: &str, expect: Option<&[&str]>) {
        let field: Vec<String> = field.split('.').map(str::to_owned).collect();
        let found = upcasters(steps).origins("A", 1, &field);
        let found: Option<Vec<String>> =
            found.map(|paths| paths.into_iter().map(|path| path.join(".")).collect());
        let expect: Option<Vec<String>> =
            expect.map(|list| list.iter().map(|path| (*path).to_owned()).collect());
        assert_eq!(found, expect, "{steps}");
    }

    #[test]
    fn a_field_is_followed_back_where_no_step_touches_its_value() {
        check("", "a", Some(&["a"]));
        check("[[step]]\nfrom = 1\nrename = { b = \"a\" }", "a", Some(&["b"]));
        check("[[step]]\nfrom = 1\nrename = { \"b?\" = \"a\" }", "a", Some(&["a", "b"]));
        check("[[step]]\nfrom = 1\nmove = { \"b\" = \"a.id\" }", "a.id", Some(&["b"]));
        check("[[step]]\nfrom = 1\nrename = { b = \"a\" }", "a.id", Some(&["b.id"]));
        check(
            "[[step]]\nfrom = 1\nrename = { c = \"b\" }\n[[step]]\nfrom = 2\nrename = { b = \"a\" }",
            "a",
            Some(&["c"]),
        );
        check("[[step]]\nfrom = 1\nset = { x = 1 }", "a", Some(&["a"]));
        check("[[step]]\nfrom = 1\njq = \".b = (.c | scaled(2)) | del(.c)\"", "a", Some(&["a"]));
    }

    #[test]
    fn what_a_step_makes_or_changes_has_no_origin() {
        for step in [
            "set = { a = 1 }",
            "default = { a = 1 }",
            "cast = { a = \"string\" }",
            "map = { a = { x = \"y\" } }",
            "remove = [\"a\"]",
            "rename = { a = \"b\" }",
            "move = { \"b\" = \"a.b\" }",
            "jq = \".a = 1\"",
            "jq = \"{a: .a}\"",
            "jq = \"del(.a.b)\"",
        ] {
            check(&format!("[[step]]\nfrom = 1\n{step}"), "a", None);
        }
        check("[[step]]\nfrom = 1\nset = { \"a.b\" = 1 }", "a", None);
        check("[[step]]\nfrom = 1\nset = { \"a\" = 1 }", "a.b", None);
    }

    /// What upcasting gives is what stands at one of the origins.
    #[test]
    fn the_value_is_that_of_an_origin() {
        let forms = [
            "rename = { a = \"b\" }",
            "rename = { \"a?\" = \"b\" }",
            "rename = { \"b?\" = \"a\", \"a?\" = \"b\" }",
            "move = { \"b?\" = \"n.b\" }",
            "move = { \"n.b?\" = \"b\" }",
            "rename = { \"n?\" = \"a\" }",
            "remove = [\"c\"]",
            "set = { c = 9 }",
            "default = { b = 9 }",
            "cast = { \"a?\" = \"string\" }",
        ];
        let payloads = [
            r#"{"a": 1, "c": 3}"#,
            r#"{"b": 2, "c": 3}"#,
            r#"{"a": 1, "b": 2}"#,
            r#"{"n": {"b": 5}, "a": 1}"#,
            r#"{"n": {"b": 5}, "b": 2}"#,
            r#"{"c": 3}"#,
        ];
        let mut told = 0;
        for (one, two) in forms.iter().flat_map(|a| forms.iter().map(move |b| (a, b))) {
            let upcasters =
                upcasters(&format!("[[step]]\nfrom = 1\n{one}\n[[step]]\nfrom = 2\n{two}"));
            for (payload, field) in
                payloads.iter().flat_map(|p| ["a", "b", "c", "n.b", "a.b"].map(move |f| (p, f)))
            {
                let field: Vec<String> = field.split('.').map(str::to_owned).collect();
                let Some(origins) = upcasters.origins("A", 1, &field) else { continue };
                let event = RawEvent {
                    position: crate::event::Position(1),
                    stream_id: "s",
                    stream_version: 1,
                    event_type: "A",
                    schema_version: 1,
                    payload: *payload,
                    metadata: None,
                    recorded_at: None,
                    recorded_micros: None,
                };
                let mut out = Vec::new();
                if upcasters.upcast(&event, &mut out).is_err() {
                    continue;
                }
                let stored = Object::parse(payload).unwrap();
                let Some(value) = out[0].payload.get_path(&field).unwrap() else { continue };
                let at = |path: &Vec<String>| stored.get_path(path).unwrap();
                assert!(
                    origins.iter().any(|path| at(path).as_deref() == Some(&*value)),
                    "{one}, {two}: {field:?} of {payload} is {value}, origins {origins:?}"
                );
                told += 1;
            }
        }
        assert!(told > 300, "{told}");
    }
}
