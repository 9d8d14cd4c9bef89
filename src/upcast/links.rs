//! Links between the files of types: what becomes of what, and whether that leads anywhere.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::UpcasterError;
use super::file::{Becomes, TypeFile};

impl TypeFile {
    /// The lowest and the latest version.
    pub(super) fn versions(&self) -> (i32, i32) {
        let lowest = self.steps.first().map_or(1, |step| step.from);
        (lowest, self.steps.last().map_or(1, |step| step.from + 1))
    }

    pub(super) fn targets(&self) -> impl Iterator<Item = &Becomes> {
        self.steps.iter().filter_map(|step| step.becomes.as_ref())
    }
}

/// A type that others become needs a chain even if it has no file; gives those that have none.
pub(super) fn add_plain_targets(types: &mut BTreeMap<String, TypeFile>) -> BTreeSet<String> {
    let targets = types.values().flat_map(TypeFile::targets);
    let targets: Vec<_> = targets.map(|to| (to.event_type.clone(), to.place.clone())).collect();
    let mut plain = BTreeSet::new();
    for (event_type, place) in targets {
        if let Entry::Vacant(vacant) = types.entry(event_type) {
            let event_type = vacant.key().clone();
            plain.insert(event_type.clone());
            vacant.insert(TypeFile { event_type, place, steps: Vec::new() });
        }
    }
    plain
}

pub(super) fn check_targets(types: &BTreeMap<String, TypeFile>, errors: &mut Vec<UpcasterError>) {
    for to in types.values().flat_map(TypeFile::targets) {
        let Some(target) = types.get(&to.event_type) else {
            continue;
        };
        let (lowest, latest) = target.versions();
        if !(lowest..=latest).contains(&to.to) {
            let message = format!(
                "the step leads to version {} of {:?}, which has the versions {lowest} to {latest}: \
                 give one of them with to",
                to.to, to.event_type
            );
            errors.push(UpcasterError { place: to.place.clone(), message });
        }
    }
}

/// A file's name without its folder and ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// What some file system takes in no name; a file may have `_`, `-` or a dot there.
pub(super) fn is_unfit(c: char) -> bool {
    c.is_control() || c.is_whitespace() || r#"/\:*?"<>|"#.contains(c)
}

/// The name of a type's file, without its ending.
#[must_use]
pub fn file_stem(event_type: &str) -> String {
    event_type.replace(is_unfit, "_")
}

/// Whether a file is named for a type.
pub(super) fn names(path: &str, event_type: &str) -> bool {
    let (name, mut wanted) = (stem(path), event_type.chars());
    name.chars().all(|c| match wanted.next() {
        Some(w) => c == w || (is_unfit(w) && matches!(c, '_' | '-' | '.')),
        None => false,
    }) && wanted.next().is_none()
}

/// Types that become each other in a circle could send an event round for ever.
pub(super) fn check_cycles(types: &BTreeMap<String, TypeFile>, errors: &mut Vec<UpcasterError>) {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for (name, file) in types {
        if done.contains(name.as_str()) {
            continue;
        }
        let mut trail = vec![(name.as_str(), file.targets())];
        while let Some((current, targets)) = trail.last_mut() {
            let Some(to) = targets.next() else {
                done.insert(current);
                trail.pop();
                continue;
            };
            let Some((target, next)) = types.get_key_value(&to.event_type) else {
                continue;
            };
            if let Some(at) = trail.iter().position(|(on_trail, _)| on_trail == target) {
                let names: Vec<_> = trail[at..].iter().map(|(name, _)| *name).collect();
                let message = format!(
                    "types become each other in a circle: {} -> {target}",
                    names.join(" -> ")
                );
                errors.push(UpcasterError { place: to.place.clone(), message });
            } else if !done.contains(target.as_str()) {
                trail.push((target, next.targets()));
            }
        }
    }
}
