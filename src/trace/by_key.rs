//! The value that binds rows, and the column that has it.
//!
//! Owns whether an event is of a value: by what its handlers ask of it, typed as the column is.

use super::Bound;
use crate::cell::{self, Cell, CellType, Limit};
use crate::handler::function::Slot;
use crate::handler::native::route::{self, Obstacle, Route, because};
use crate::ident::quote_literal;
use crate::log::keyed::{KeyPlaces, KeyValue, Picked};
use crate::pg::{PgError, Session, Sql};

/// What binds the rows of a table, whatever the value.
#[derive(Clone)]
pub(crate) struct ByColumn {
    /// Where stored events have the value.
    pub(crate) places: KeyPlaces,
    /// The column's name.
    pub(crate) column: String,
    /// The parameters that have it, each with the event types that use it.
    pub(super) parameters: Vec<(String, Vec<String>)>,
    pub(super) route: Route,
}

/// The value that binds the row.
#[derive(Clone)]
pub(crate) struct ByKey {
    /// The column that has it.
    pub(crate) of: ByColumn,
    value: String,
    cell: Cell,
}

impl ByColumn {
    /// One value, as PostgreSQL prints it.
    pub(crate) fn of(&self, value: String) -> Result<ByKey, Obstacle> {
        let cell = cell::parse(&value, CellType::of_kind(self.route.ty.kind))
            .ok_or_else(|| because("the key's value is one that only PostgreSQL compares"))?;
        Ok(ByKey { of: self.clone(), value, cell })
    }

    /// The value that an event has for a handler, as a column stores it. Nothing where it has none, or one that no
    /// column can store.
    pub(crate) fn of_event(
        &self,
        session: &mut Session,
        (handler, slots): (usize, &[Slot]),
        args: &[Option<&str>],
    ) -> Result<Option<String>, PgError> {
        let param = self.route.by.get(&handler);
        let slot = param.and_then(|param| route::slot_of(slots, *param, self.route.ty));
        let Some(text) = slot.and_then(|slot| args.get(slot).copied().flatten()) else {
            return Ok(None);
        };
        match stored(session, text, self.route.ty) {
            Ok(value) => Ok(Some(value)),
            Err(PgError::Server(error)) if error.code.starts_with("22") => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl ByKey {
    /// The value as PostgreSQL prints it.
    pub(crate) fn text(&self) -> &str {
        &self.value
    }

    /// The value, for the log's server.
    pub(crate) fn value(&self) -> KeyValue<'_> {
        KeyValue { text: &self.value, ty: self.of.route.ty }
    }

    /// Whether an event is of the row's value, by the arguments of its handler. Nothing where only
    /// PostgreSQL can tell.
    pub(crate) fn is_of_key(
        &self,
        handler: usize,
        slots: &[Slot],
        args: &[Option<&str>],
    ) -> Option<bool> {
        let Some(param) = self.of.route.by.get(&handler) else { return Some(false) };
        let slot = route::slot_of(slots, *param, self.of.route.ty)?;
        // NULL is no key, and equal to none.
        let Some(text) = args.get(slot).copied().flatten() else { return Some(false) };
        match self.of.route.ty.limit {
            Limit::None => {}
            // What is longer is stored without the blanks that are too many, or not at all.
            Limit::Chars(most) => {
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
                let (kept, cut) = text.split_at(end);
                return Some(kept == self.value && cut.bytes().all(|byte| byte == b' '));
            }
            // A number of more digits is stored as another one.
            Limit::Digits { .. } => return None,
        }
        let found = cell::parse(text, CellType::of_kind(self.of.route.ty.kind))?;
        Some(found.same_key(&self.cell))
    }

    /// What is told of it.
    pub(crate) fn told(&self, picked: &Picked) -> Bound {
        let (column, parameters) = (self.of.column.clone(), self.of.parameters.clone());
        let Picked { unpicked, compared, indexes, .. } = picked.clone();
        Bound::By { column, parameters, unpicked, compared, indexes }
    }
}

/// A value as PostgreSQL prints it once it is stored.
pub(super) fn stored(session: &mut Session, text: &str, ty: CellType) -> Result<String, PgError> {
    let ask = format!("SELECT ({}::{})::text", quote_literal(text), ty.kind.name());
    let mut value = session.ask(&ask)?.unwrap_or_default();
    // What is longer is stored without the blanks that are too many, or not at all.
    if let Limit::Chars(most) = ty.limit {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let end = value.char_indices().nth(most).map_or(value.len(), |(at, _)| at);
        if value[end..].bytes().all(|byte| byte == b' ') {
            value.truncate(end);
        }
    }
    Ok(value)
}
