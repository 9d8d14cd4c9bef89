//! A chain of short forms and the fields that are wanted of its end, as one pass.
//!
//! Owns walking a chain for a few fields without building any object: the fields that the
//! steps and the caller name are cells (`upcast::fields`), and each step becomes operations
//! on them. What no step names keeps its value and can neither be in a step's way nor be
//! missed by it, so it is never looked at.
//!
//! It only ever agrees with [`Upcasters::upcast`] or declines. A chain is not composed where
//! one path lies inside another that a step touches: then a value would have to be taken
//! apart or put together. An event on which a step would fail is declined as well, since
//! only the steps themselves know how to say why.

use std::borrow::Cow;

use super::Upcasters;
use super::fields::{Cell, Cells, Level};
pub use super::fields::{Field, Memory};
use super::file::Action;
use super::step::{Cast, FieldPath, Forms, Relocation, ValueMap};
use crate::event::Payload;

/// The most cells: they lie on the stack.
const MAX_CELLS: usize = 64;
/// The longest path: reading goes down one call a part.
const MAX_PARTS: usize = 16;
/// The most fields that one `rename` or `move` takes at once.
const MAX_HELD: usize = 16;

/// The way from stored payloads of one type and version to fields of its latest version.
#[derive(Debug)]
pub struct Composed {
    level: Level,
    cells: usize,
    operations: Vec<Operation>,
    /// The cell of each wanted field.
    wanted: Vec<usize>,
}

/// The wanted fields of one event.
pub struct Fields<'s, 'e> {
    cells: &'s Cells<'s, 'e>,
    wanted: &'s [usize],
}

/// One short form, on cells.
#[derive(Debug)]
enum Operation {
    Relocate {
        taken: Vec<Relocated>,
        renamed: Vec<Relocated>,
    },
    /// A top-level field is removed: these are its cell and those of all inside it.
    Clear(Vec<usize>),
    Remove(usize),
    Cast {
        cell: usize,
        field: FieldPath,
        to: Cast,
    },
    Map {
        cell: usize,
        field: FieldPath,
        map: ValueMap,
    },
    Set {
        cell: usize,
        raw: String,
    },
    Default {
        cell: usize,
        raw: String,
    },
}

#[derive(Debug)]
struct Relocated {
    from: usize,
    to: usize,
    optional: bool,
}

impl Upcasters {
    /// The way from stored payloads of a type and version to these fields of its latest
    /// version. `None`: there is no path, a jq step or a drop is on it, or the fields and the
    /// steps cannot be told apart; then only [`Upcasters::upcast`] will do.
    #[must_use]
    pub fn compose(
        &self,
        event_type: &str,
        schema_version: i32,
        fields: &[&[String]],
    ) -> Option<Composed> {
        let mut steps: Vec<&Forms> = Vec::new();
        let mut at = self.start(event_type, schema_version).ok()?;
        while let Some((chain, step)) = at.and_then(|(chain, nth)| chain.step(nth)) {
            match &step.action {
                // Elements are taken apart one by one.
                Action::Forms(forms) if !forms.each.is_empty() => return None,
                Action::Forms(forms) => steps.push(forms),
                Action::Drop | Action::Filter(_) => return None,
            }
            at = self.after(chain, step);
        }
        let paths = Paths::of(&steps, fields)?;
        let (level, cells) = Level::new(&paths.list);
        if cells > MAX_CELLS {
            return None;
        }
        let mut operations = Vec::new();
        for forms in steps {
            paths.operations(forms, &mut operations)?;
        }
        let wanted: Option<Vec<usize>> = fields.iter().map(|field| paths.cell(field)).collect();
        Some(Composed { level, cells, operations, wanted: wanted? })
    }
}

/// The paths that have cells.
struct Paths {
    // Invariant: no path that a step touches lies inside another, nor another inside it.
    list: Vec<Vec<String>>,
}

impl Paths {
    fn of(steps: &[&Forms], fields: &[&[String]]) -> Option<Paths> {
        let mut list: Vec<Vec<String>> = Vec::new();
        let touched = steps.iter().flat_map(|forms| touched(forms)).map(|path| &*path.parts);
        let mut add = |path: &[String]| {
            if !list.iter().any(|other| other == path) {
                list.push(path.to_vec());
            }
        };
        touched.for_each(&mut add);
        fields.iter().for_each(|field| add(field));
        let paths = steps.iter().flat_map(|forms| touched_parts(forms));
        for path in paths {
            let inside = |a: &[String], b: &[String]| a.len() > b.len() && a.starts_with(b);
            if list.iter().any(|other| inside(other, path) || inside(path, other)) {
                return None;
            }
        }
        let fine = list.iter().all(|path| (1..=MAX_PARTS).contains(&path.len()));
        fine.then_some(Paths { list })
    }

    fn cell(&self, path: &[String]) -> Option<usize> {
        self.list.iter().position(|other| other == path)
    }

    /// What a step does, in the order of [`Forms::apply`].
    fn operations(&self, forms: &Forms, out: &mut Vec<Operation>) -> Option<()> {
        let Forms { rename, moves, remove, cast, map, set, default, each } = forms;
        if !each.is_empty() {
            return None;
        }
        for list in [rename, moves].into_iter().filter(|list| !list.is_empty()) {
            let relocated = |in_place: bool| -> Option<Vec<Relocated>> {
                let list = list.iter().filter(|each| each.in_place() == in_place);
                list.map(|each| self.relocated(each)).collect()
            };
            let (taken, renamed) = (relocated(false)?, relocated(true)?);
            if taken.len().max(renamed.len()) > MAX_HELD {
                return None;
            }
            out.push(Operation::Relocate { taken, renamed });
        }
        for path in remove {
            if path.parts.len() > 1 {
                out.push(Operation::Remove(self.cell(&path.parts)?));
            } else {
                let cells = self.list.iter().zip(0..).filter(|(p, _)| p.starts_with(&path.parts));
                out.push(Operation::Clear(cells.map(|(_, cell)| cell).collect()));
            }
        }
        for (field, to) in cast {
            let cell = self.cell(&field.parts)?;
            out.push(Operation::Cast { cell, field: field.clone(), to: *to });
        }
        for (field, map) in map {
            let cell = self.cell(&field.parts)?;
            out.push(Operation::Map { cell, field: field.clone(), map: map.clone() });
        }
        for (field, raw) in set {
            out.push(Operation::Set { cell: self.cell(&field.parts)?, raw: raw.clone() });
        }
        for (field, raw) in default {
            out.push(Operation::Default { cell: self.cell(&field.parts)?, raw: raw.clone() });
        }
        Some(())
    }

    fn relocated(&self, each: &Relocation) -> Option<Relocated> {
        let (from, to) = (self.cell(&each.from.parts)?, self.cell(&each.to.parts)?);
        Some(Relocated { from, to, optional: each.from.optional })
    }
}

/// The paths a step reads or writes. A top-level field that is only removed is none of them:
/// it takes with it what is inside, and fails never.
fn touched(forms: &Forms) -> impl Iterator<Item = &FieldPath> {
    // Elements are taken apart one by one, and no chain with them is composed.
    let Forms { rename, moves, remove, cast, map, set, default, each: _ } = forms;
    let relocations = rename.iter().chain(moves);
    let relocations = relocations.flat_map(|each| [&each.from, &each.to]);
    let removed = remove.iter().filter(|path| path.parts.len() > 1);
    let values = set.iter().chain(default).map(|(path, _)| path);
    let casts = cast.iter().map(|(path, _)| path);
    let maps = map.iter().map(|(path, _)| path);
    relocations.chain(removed).chain(values).chain(casts).chain(maps)
}

fn touched_parts(forms: &Forms) -> impl Iterator<Item = &[String]> {
    touched(forms).map(|path| path.parts.as_slice())
}

impl Composed {
    /// Reads the wanted fields of a stored payload. `memory` is of payloads of this chain alone.
    /// `None`: something is odd, which may be that a step fails; [`Upcasters::upcast`] knows.
    #[inline]
    pub fn read<'e, R>(
        &'e self,
        memory: &'e mut Memory,
        payload: Payload<'e>,
        take: impl FnOnce(Fields<'_, 'e>) -> Option<R>,
    ) -> Option<R> {
        // Few cells are cheap to clear, and few is the rule.
        match self.cells {
            0..=8 => self.read_in(&mut [Cell::Absent; 8], (memory, payload), take),
            9..=16 => self.read_in(&mut [Cell::Absent; 16], (memory, payload), take),
            _ => self.read_in(&mut [Cell::Absent; MAX_CELLS], (memory, payload), take),
        }
    }

    #[inline]
    fn read_in<'e, R>(
        &'e self,
        cells: &mut [Cell<'e>],
        (memory, payload): (&'e mut Memory, Payload<'e>),
        take: impl FnOnce(Fields<'_, 'e>) -> Option<R>,
    ) -> Option<R> {
        self.level.read(memory, payload, cells)?;
        let mut cells = Cells { cells, made: Vec::new() };
        for operation in &self.operations {
            operation.run(&mut cells)?;
        }
        take(Fields { cells: &cells, wanted: &self.wanted })
    }
}

impl<'e> Fields<'_, 'e> {
    /// A field, by its number among the wanted; `None` if it is absent.
    #[must_use]
    #[inline]
    pub fn get(&self, nth: usize) -> Option<Field<'e>> {
        self.cells.field(*self.wanted.get(nth)?)
    }
}

impl Operation {
    /// Does to the cells what [`Forms::apply`] does to an object; `None` where that would fail.
    fn run<'e>(&'e self, cells: &mut Cells<'_, 'e>) -> Option<()> {
        match self {
            Self::Relocate { taken, renamed } => relocate(taken, renamed, cells),
            Self::Clear(all) => {
                for cell in all {
                    *cells.cells.get_mut(*cell)? = Cell::Absent;
                }
                Some(())
            }
            Self::Remove(cell) => {
                cells.take(*cell);
                Some(())
            }
            Self::Cast { cell, field, to } => {
                let new = match cells.at(*cell) {
                    Cell::Absent | Cell::Blocked => return field.optional.then_some(()),
                    Cell::Text(raw) => to.convert(raw, field).ok()?,
                    Cell::String(characters) => to.convert_string(characters, field).ok()?,
                    Cell::Made(made) => {
                        let new = to.convert(cells.made.get(made)?, field).ok()?;
                        new.map(|new| Cow::Owned(new.into_owned()))
                    }
                };
                let Some(new) = new else { return Some(()) };
                let new = cells.keep(new);
                cells.put(*cell, new)
            }
            Self::Map { cell, field, map } => {
                let new = match cells.field(*cell) {
                    None => return field.optional.then_some(()),
                    Some(Field::Json(raw)) => map.new_value(&raw, field),
                    Some(Field::String(characters)) => map.of_text(characters, field),
                };
                cells.put(*cell, Cell::Text(new.ok()?))
            }
            Self::Set { cell, raw } => cells.put(*cell, Cell::Text(raw)),
            Self::Default { cell, .. } if cells.at(*cell).is_present() => Some(()),
            Self::Default { cell, raw } => cells.put(*cell, Cell::Text(raw)),
        }
    }
}

/// Everything is taken before anything is put, as in `upcast::step`.
fn relocate(taken: &[Relocated], renamed: &[Relocated], cells: &mut Cells<'_, '_>) -> Option<()> {
    if let ([], [only]) = (taken, renamed) {
        let value = cells.take(only.from);
        return match value.is_present() {
            true if cells.at(only.to).is_present() => None,
            true => cells.put(only.to, value),
            false => only.optional.then_some(()),
        };
    }
    let mut held = [Cell::Absent; MAX_HELD];
    let mut new = [Cell::Absent; MAX_HELD];
    for (each, held) in taken.iter().zip(&mut held) {
        *held = cells.take(each.from);
        if !held.is_present() && !each.optional {
            return None;
        }
    }
    for (each, new) in renamed.iter().zip(&mut new) {
        *new = cells.take(each.from);
        if !new.is_present() && !each.optional {
            return None;
        }
    }
    let moves = renamed.iter().zip(new).chain(taken.iter().zip(held));
    for (each, value) in moves.filter(|(_, value)| value.is_present()) {
        if cells.at(each.to).is_present() {
            return None;
        }
        cells.put(each.to, value)?;
    }
    Some(())
}
