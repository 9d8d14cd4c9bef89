//! What the payloads of an event type hold: fields come to be when a statement asks for one.

use super::values::Base;
use crate::hazards::Dice;

/// A field of a payload.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// One name, or two with a dot between them.
    pub(super) path: String,
    pub(super) base: Base,
    /// Written with `?`: it may be absent.
    pub(super) optional: bool,
    /// Its values are few.
    pub(super) key: bool,
}

/// An event type in its latest version.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    pub(super) event_type: String,
    pub(super) fields: Vec<Field>,
    /// The most fields before a statement has to do with one that is there.
    pub(super) most: usize,
}

impl Shape {
    /// A field with values of that type; a new one if there is none that fits, or to have more.
    pub(super) fn field(&mut self, dice: &mut Dice, base: Base, key: bool) -> Field {
        let fits: Vec<_> =
            self.fields.iter().filter(|f| f.base == base && f.key == key).cloned().collect();
        let full = self.fields.len() >= self.most;
        // A key of two columns wants two fields.
        let again = if key && fits.len() == 1 { 45 } else { 70 };
        if !fits.is_empty() && (full || dice.percent(again)) {
            return dice.of(&fits).clone();
        }
        let number = self.fields.len() + 1;
        let path = match dice.below(12) {
            0 | 1 if !key => format!("n.f{number}"),
            2 if !key => format!("n.m.f{number}"),
            _ => format!("f{number}"),
        };
        let field = Field { path, base, optional: !key && dice.percent(15), key };
        self.fields.push(field.clone());
        field
    }
}

impl Field {
    /// The parameter as a statement writes it.
    pub(super) fn param(&self) -> String {
        format!(":{}{}", self.path, if self.optional { "?" } else { "" })
    }
}
