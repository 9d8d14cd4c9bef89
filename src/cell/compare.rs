//! Order and equality of two cells, and cells as keys.
//!
//! Order of texts is that of their bytes, which is PostgreSQL's only under the collation
//! `C`; equality is PostgreSQL's under every deterministic one.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Cell, Kind};

/// The order of two cells of one kind; `None` for NULL, NaN, arrays and JSON. Texts are
/// compared byte by byte: ask only under the collation `C`.
#[must_use]
pub fn compare(a: &Cell, b: &Cell, kind: Kind) -> Option<Ordering> {
    match (kind, a, b) {
        (
            Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Date | Kind::Timestamp | Kind::TimestampTz,
            Cell::Int(a),
            Cell::Int(b),
        ) => Some(a.cmp(b)),
        (Kind::Numeric, Cell::Small(a, scale), Cell::Small(b, same)) if scale == same => {
            Some(a.cmp(b))
        }
        (Kind::Numeric, Cell::Small(..) | Cell::Big(_), Cell::Small(..) | Cell::Big(_)) => {
            Some(a.decimal()?.cmp(b.decimal()?))
        }
        (Kind::Float8, Cell::Float(a), Cell::Float(b)) => a.partial_cmp(b),
        (Kind::Bool, Cell::Bool(a), Cell::Bool(b)) => Some(a.cmp(b)),
        (Kind::Text, Cell::Text(a), Cell::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
        (Kind::Uuid, Cell::Uuid(a), Cell::Uuid(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether two cells of one kind are equal, as `=` has it; `None` for NULL, NaN and JSON.
/// Arrays are equal where their elements are, NULL to NULL.
#[must_use]
pub fn equal(a: &Cell, b: &Cell, kind: Kind) -> Option<bool> {
    match (kind, a, b) {
        (Kind::TextArray, Cell::Array(a), Cell::Array(b)) => Some(a == b),
        _ => Some(compare(a, b, kind)? == Ordering::Equal),
    }
}

impl Cell {
    /// Feeds a key to a hasher; same keys feed the same. Of the kinds that are no key, see
    /// [`Kind::is_key`], nothing is fed.
    pub fn hash_into(&self, hasher: &mut impl Hasher) {
        match self {
            Cell::Bool(value) => hasher.write_u8(u8::from(*value)),
            Cell::Int(number) => hasher.write_i64(*number),
            Cell::Text(text) => {
                hasher.write(text.as_bytes());
                // No text ends with this byte, so neighbours in a key do not run together.
                hasher.write_u8(0xff);
            }
            Cell::Uuid(bytes) => hasher.write(bytes),
            Cell::Null | Cell::Float(_) | Cell::Small(..) | Cell::Big(_) | Cell::Array(_) => {}
        }
    }

    /// Whether two cells of one key column are the same key. NULL is the same as NULL, as a
    /// map needs it; cells of the kinds that are no key are never the same.
    #[must_use]
    pub fn same_key(&self, other: &Cell) -> bool {
        match (self, other) {
            (Cell::Null, Cell::Null) => true,
            (Cell::Bool(a), Cell::Bool(b)) => a == b,
            (Cell::Int(a), Cell::Int(b)) => a == b,
            (Cell::Text(a), Cell::Text(b)) => a == b,
            (Cell::Uuid(a), Cell::Uuid(b)) => a == b,
            _ => false,
        }
    }
}

/// A cell of a kind that may be a key, as itself in a set or a map: what [`Cell::same_key`] and
/// [`Cell::hash_into`] say of it.
#[derive(Debug, Clone)]
pub struct KeyCell(pub Cell);

impl PartialEq for KeyCell {
    fn eq(&self, other: &KeyCell) -> bool {
        self.0.same_key(&other.0)
    }
}

impl Eq for KeyCell {}

impl Hash for KeyCell {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.0.hash_into(hasher);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::DefaultHasher;

    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        let (one, same) = (Cell::Small(10, 1), Cell::Small(100, 2));
        assert_eq!(equal(&one, &same, Kind::Numeric), Some(true));
        assert_eq!(
            compare(&Cell::Float(-0.0), &Cell::Float(0.0), Kind::Float8),
            Some(Ordering::Equal)
        );
        let nan = Cell::Float(f64::NAN);
        assert_eq!(compare(&nan, &nan, Kind::Float8), None);
        assert_eq!(compare(&Cell::Null, &one, Kind::Numeric), None);
        assert_eq!(compare(&Cell::Int(1), &one, Kind::Numeric), None);
    }

    #[test]
    fn arrays_are_equal_by_element_and_json_never_asked() {
        let array = |texts: &[Option<&str>]| {
            Cell::Array(Box::new(texts.iter().map(|t| t.map(Into::into)).collect()))
        };
        let (one, other) = (array(&[Some("a"), None]), array(&[Some("a")]));
        assert_eq!(equal(&one, &one, Kind::TextArray), Some(true));
        assert_eq!(equal(&one, &other, Kind::TextArray), Some(false));
        assert_eq!(equal(&Cell::text("{}"), &Cell::text("{}"), Kind::Jsonb), None);
    }

    #[test]
    fn same_keys_hash_the_same() {
        let hash = |cells: &[Cell]| {
            let mut hasher = DefaultHasher::new();
            cells.iter().for_each(|c| c.hash_into(&mut hasher));
            hasher.finish()
        };
        let long = "a text that does not fit into twenty-four bytes";
        assert!(Cell::text(long).same_key(&Cell::text(long)));
        assert_eq!(hash(&[Cell::text(long)]), hash(&[Cell::text(long)]));
        assert_ne!(
            hash(&[Cell::text("a"), Cell::text("bc")]),
            hash(&[Cell::text("ab"), Cell::text("c")])
        );
        assert!(!Cell::Int(1).same_key(&Cell::Bool(true)));
        assert!(Cell::Null.same_key(&Cell::Null));
    }
}
