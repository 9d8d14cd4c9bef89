//! What the limit of a column's type does to a value: `varchar(n)`, `numeric(p, s)`.

use super::number::Number;
use super::{Cell, CellType, Limit};

/// The cell within the limit of its type.
pub(super) fn limited(cell: Cell, ty: CellType) -> Option<Cell> {
    match (ty.limit, &cell) {
        (Limit::None, _) | (_, Cell::Null) => Some(cell),
        (Limit::Chars(limit), Cell::Text(text)) => {
            let limit = usize::try_from(limit).ok()?;
            // No character is shorter than a byte, so most texts need no counting.
            let fits = text.len() <= limit || text.chars().count() <= limit;
            fits.then_some(cell)
        }
        (Limit::Digits { .. }, Cell::Small(..) | Cell::Big(_)) => {
            Number::of(&cell)?.assigned(ty).map(Number::cell)
        }
        _ => None,
    }
}
