//! The fields of one stored payload that a composed chain looks at, in numbered cells.
//!
//! Owns which texts go into which cells, nested fields included. What the steps then do to the
//! cells is `upcast::compose`.

use std::borrow::Cow;

use crate::event::Payload;
use crate::value::jsonb::layout::{Layout, Member};
use crate::value::payload_layout::PayloadLayout;
use crate::value::quote_json;
use crate::value::scan::Wanted;

/// What stands at one path at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell<'e> {
    /// Nothing, and something may be put there.
    Absent,
    /// Nothing, and nothing can be put there: something on the way is not an object.
    Blocked,
    /// A JSON text of the payload or of the upcasters.
    Text(&'e str),
    /// A JSON string of the payload, by the characters it stands for.
    String(&'e str),
    /// A JSON text that a step made, by its index in [`Cells::made`].
    Made(usize),
}

/// What is remembered of the last payload of one chain, in each form.
#[derive(Debug, Default)]
pub struct Memory {
    payload: PayloadLayout,
    layout: Layout,
}

/// A field that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<'e> {
    /// By its JSON text.
    Json(Cow<'e, str>),
    /// A string, by the characters it stands for.
    String(&'e str),
}

impl<'e> Field<'e> {
    /// Its JSON text.
    #[must_use]
    pub fn into_json(self) -> Cow<'e, str> {
        match self {
            Field::Json(text) => text,
            Field::String(characters) => Cow::Owned(quote_json(characters)),
        }
    }
}

/// The cells of one payload.
pub(super) struct Cells<'s, 'e> {
    pub(super) cells: &'s mut [Cell<'e>],
    /// Texts that steps made. Most payloads need none.
    pub(super) made: Vec<String>,
}

/// The keys of one object of the payload, and what is looked for inside their values.
#[derive(Debug)]
pub(super) struct Level {
    wanted: Wanted,
    inner: Vec<Inner>,
}

/// An object inside the payload that fields are looked for in.
#[derive(Debug)]
struct Inner {
    /// The cell of the object itself.
    cell: usize,
    /// The cells of all that is inside.
    below: Vec<usize>,
    level: Level,
}

impl Cell<'_> {
    pub(super) fn is_present(self) -> bool {
        matches!(self, Cell::Text(_) | Cell::String(_) | Cell::Made(_))
    }
}

impl<'e> Cells<'_, 'e> {
    /// A cell; absent where there is none of this number.
    pub(super) fn at(&self, cell: usize) -> Cell<'e> {
        self.cells.get(cell).copied().unwrap_or(Cell::Absent)
    }

    /// Puts a value as `set_path` would; `None` where it would fail.
    pub(super) fn put(&mut self, cell: usize, value: Cell<'e>) -> Option<()> {
        let place = self.cells.get_mut(cell).filter(|place| **place != Cell::Blocked)?;
        *place = value;
        Some(())
    }

    /// Takes what is there, as `remove_path` would: a way that is blocked stays so.
    pub(super) fn take(&mut self, cell: usize) -> Cell<'e> {
        match self.cells.get_mut(cell) {
            Some(place) if place.is_present() => std::mem::replace(place, Cell::Absent),
            _ => Cell::Absent,
        }
    }

    /// Keeps a text that a step made.
    pub(super) fn keep(&mut self, text: Cow<'e, str>) -> Cell<'e> {
        match text {
            Cow::Borrowed(text) => Cell::Text(text),
            Cow::Owned(text) => {
                self.made.push(text);
                Cell::Made(self.made.len() - 1)
            }
        }
    }

    /// The field in a cell.
    pub(super) fn field(&self, cell: usize) -> Option<Field<'e>> {
        match self.at(cell) {
            Cell::Absent | Cell::Blocked => None,
            Cell::Text(text) => Some(Field::Json(Cow::Borrowed(text))),
            Cell::String(characters) => Some(Field::String(characters)),
            Cell::Made(made) => {
                self.made.get(made).map(|text| Field::Json(Cow::Owned(text.clone())))
            }
        }
    }
}

impl Level {
    /// What must be read for these paths: the path at `n` goes into cell `n`. Objects on the
    /// way get cells of their own, behind those; also gives the number of all cells.
    pub(super) fn new(paths: &[Vec<String>]) -> (Level, usize) {
        let numbered: Vec<_> = paths.iter().map(Vec::as_slice).zip(0..).collect();
        let mut cells = paths.len();
        (Self::of(&numbered, &mut cells), cells)
    }

    fn of(paths: &[(&[String], usize)], cells: &mut usize) -> Level {
        let mut keys: Vec<(&str, usize)> = Vec::new();
        let mut inner = Vec::new();
        for (path, _) in paths {
            let Some(first) = path.first().filter(|f| keys.iter().all(|(key, _)| key != f)) else {
                continue;
            };
            let behind = |(path, cell): &(&'_ [String], usize)| match path.split_first() {
                Some((key, rest)) if key == first => Some((rest.to_vec(), *cell)),
                _ => None,
            };
            let behind: Vec<_> = paths.iter().filter_map(behind).collect();
            let own = behind.iter().find(|(rest, _)| rest.is_empty()).map(|(_, cell)| *cell);
            let cell = own.unwrap_or_else(|| {
                *cells += 1;
                *cells - 1
            });
            keys.push((first, cell));
            let behind = behind.iter().filter(|(rest, _)| !rest.is_empty());
            let behind: Vec<_> = behind.map(|(rest, cell)| (rest.as_slice(), *cell)).collect();
            if !behind.is_empty() {
                let below = behind.iter().map(|(_, cell)| *cell).collect();
                inner.push(Inner { cell, below, level: Level::of(&behind, cells) });
            }
        }
        Level { wanted: Wanted::new(keys), inner }
    }

    /// Fills the cells, which must be absent, from a payload that may be like the last one. `None`:
    /// the payload, or an object in it, is for [`crate::value::Object`] to read.
    #[inline]
    pub(super) fn read<'e>(
        &self,
        memory: &'e mut Memory,
        payload: Payload<'e>,
        cells: &mut [Cell<'e>],
    ) -> Option<()> {
        match payload {
            Payload::Text(text) => memory
                .payload
                .scan(&self.wanted, text, |cell, raw| put(cells, cell, Cell::Text(raw))),
            Payload::Jsonb(value) => memory.layout.read(&self.wanted, value, |cell, member| {
                put(
                    cells,
                    cell,
                    match member {
                        Member::String(characters) => Cell::String(characters),
                        Member::Json(raw) => Cell::Text(raw),
                    },
                );
            }),
        }?;
        self.below(cells)
    }

    /// The same from the text of an object inside.
    fn scan<'e>(&self, text: &'e str, cells: &mut [Cell<'e>]) -> Option<()> {
        self.wanted.scan(text, |cell, raw| put(cells, cell, Cell::Text(raw)))?;
        self.below(cells)
    }

    /// Fills the cells of what lies inside members.
    #[inline]
    fn below(&self, cells: &mut [Cell<'_>]) -> Option<()> {
        // Only now is it known which of several members with one key counts.
        for inner in &self.inner {
            match cells.get(inner.cell) {
                Some(Cell::Text(raw)) if raw.starts_with('{') => inner.level.scan(raw, cells)?,
                Some(Cell::Text("null") | Cell::Absent | Cell::Blocked | Cell::Made(_)) | None => {}
                Some(Cell::Text(_) | Cell::String(_)) => {
                    for cell in &inner.below {
                        if let Some(cell) = cells.get_mut(*cell) {
                            *cell = Cell::Blocked;
                        }
                    }
                }
            }
        }
        Some(())
    }
}

#[inline]
fn put<'e>(cells: &mut [Cell<'e>], cell: usize, new: Cell<'e>) {
    if let Some(cell) = cells.get_mut(cell) {
        *cell = new;
    }
}
