//! Short forms inside arrays: `rename = { "items[].p" = "items[].price" }`.
//!
//! A path with `[]` behind a part stands for the same path in each element of the array there. Owns
//! how such paths are gathered by their array, and how elements are taken out and put back; what
//! the forms do to an element is what they do to a payload. They run after the forms of the same
//! step that have no `[]`.

use serde_json::value::RawValue;

use super::step::{Elements, FieldPath, FormError, Forms, Relocation};
use crate::value::Object;

impl Elements {
    /// The array.
    pub(super) fn array(&self) -> &FieldPath {
        &self.array
    }
}

/// Moves the forms of elements to those of their array.
///
/// # Errors
/// What is wrong with a path.
pub(super) fn gather(forms: Forms) -> Result<Forms, String> {
    // Whoever adds a form decides here what becomes of it in elements.
    let Forms { rename, moves, remove, cast, map, set, default, each } = forms;
    let mut own = Forms { each, ..Forms::default() };
    let mut groups: Vec<(Vec<String>, Forms)> = Vec::new();
    for (list, is_move) in [(rename, false), (moves, true)] {
        for each in list {
            let to = |of: &mut Forms, each: Relocation| match is_move {
                true => of.moves.push(each),
                false => of.rename.push(each),
            };
            match (split(&each.from)?, split(&each.to)?) {
                (None, None) => to(&mut own, each),
                (Some((array, from)), Some((other, into))) if array == other => {
                    to(group(&mut groups, array), Relocation { from, to: into });
                }
                _ => {
                    return Err(format!(
                        "the field {} can only move inside the element it is in, not to {}",
                        each.from, each.to
                    ));
                }
            }
        }
    }
    for path in remove {
        match split(&path)? {
            None => own.remove.push(path),
            Some((array, rest)) => group(&mut groups, array).remove.push(rest),
        }
    }
    spread(cast, &mut own, &mut groups, |of| &mut of.cast)?;
    spread(map, &mut own, &mut groups, |of| &mut of.map)?;
    spread(set, &mut own, &mut groups, |of| &mut of.set)?;
    spread(default, &mut own, &mut groups, |of| &mut of.default)?;
    for (parts, forms) in groups {
        let array = FieldPath { parts, optional: !needs_a_field(&forms) };
        own.each.push(Elements { array, forms: gather(forms)? });
    }
    Ok(own)
}

type Groups = Vec<(Vec<String>, Forms)>;

fn spread<T>(
    list: Vec<(FieldPath, T)>,
    own: &mut Forms,
    groups: &mut Groups,
    of: impl Fn(&mut Forms) -> &mut Vec<(FieldPath, T)>,
) -> Result<(), String> {
    for (path, what) in list {
        match split(&path)? {
            None => of(own).push((path, what)),
            Some((array, rest)) => of(group(groups, array)).push((rest, what)),
        }
    }
    Ok(())
}

fn group(groups: &mut Groups, array: Vec<String>) -> &mut Forms {
    let known = groups.iter().position(|(other, _)| *other == array);
    let at = known.unwrap_or_else(|| {
        groups.push((array, Forms::default()));
        groups.len() - 1
    });
    &mut groups[at].1
}

/// Whether some form fails where its field is absent.
fn needs_a_field(forms: &Forms) -> bool {
    let Forms { rename, moves, cast, map, remove: _, set: _, default: _, each: _ } = forms;
    let relocated = rename.iter().chain(moves).map(|each| &each.from);
    let cast = cast.iter().map(|(path, _)| path);
    let mapped = map.iter().map(|(path, _)| path);
    relocated.chain(cast).chain(mapped).any(|path| !path.optional)
}

/// The path of the first array, and that of the field in its elements.
fn split(path: &FieldPath) -> Result<Option<(Vec<String>, FieldPath)>, String> {
    let Some(at) = path.parts.iter().position(|part| part.ends_with("[]")) else { return Ok(None) };
    let (array, rest) = path.parts.split_at(at + 1);
    let mut array = array.to_vec();
    let name = array.last_mut().map(|last| {
        last.truncate(last.len() - "[]".len());
        last.clone()
    });
    if name.is_none_or(|name| name.is_empty()) {
        return Err(format!("the path {path} has no name before its []"));
    }
    if rest.is_empty() {
        return Err(format!("the path {path} names elements and no field of theirs"));
    }
    Ok(Some((array, FieldPath { parts: rest.to_vec(), optional: path.optional })))
}

impl Elements {
    /// Changes each element. An array that is absent or null has none; if a form needs a field of
    /// its elements, it must be there.
    pub(super) fn apply(&self, payload: &mut Object<'_>) -> Result<(), FormError> {
        let Some(raw) = self.array.value(payload)?.filter(|raw| raw != "null") else {
            return Ok(());
        };
        let elements: Vec<&RawValue> =
            serde_json::from_str(&raw).map_err(|_| FormError::NotAnArray(self.array.clone()))?;
        let mut changed = String::with_capacity(raw.len());
        changed.push('[');
        for (nth, element) in elements.into_iter().enumerate() {
            if nth > 0 {
                changed.push(',');
            }
            let mut element = Object::parse(element.get())
                .map_err(|source| FormError::Json { field: self.array.clone(), source })?;
            self.forms.apply(&mut element)?;
            changed.push_str(&element.to_json());
        }
        changed.push(']');
        drop(raw);
        self.array.put(payload, changed)
    }
}
