//! How many events lie between a position and the log's end.

use super::{Log, LogError};
use crate::event::Position;
use crate::pg::{Session, Sql};

/// Events that are counted one by one; a status is to be quick.
const COUNTED: i64 = 100_000;

/// Events that a build has not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lag {
    /// How many; where they are too many to be counted and lie close, positions.
    pub events: i64,
    /// There are more: they are too many to be counted, and positions do not tell how many.
    pub is_more: bool,
}

impl Log {
    /// The events after a position, of any type.
    ///
    /// # Errors
    /// The server refuses.
    pub fn lag(
        &self,
        session: &mut Session,
        after: Position,
        highest: Position,
    ) -> Result<Lag, LogError> {
        if highest <= after {
            return Ok(Lag::default());
        }
        let sql = format!(
            "SELECT count(*), max(position) FROM (SELECT {} AS position FROM {} \
             WHERE {p} > {} ORDER BY {p} LIMIT {COUNTED}) AS next",
            self.shape.position_value(),
            self.shape.rows(),
            self.shape.stored(after),
            p = self.shape.position,
        );
        let row = session.query_one(&sql, &[])?;
        let (events, last): (i64, Option<i64>) = (row.get(0), row.get(1));
        if events < COUNTED {
            return Ok(Lag { events, is_more: false });
        }
        let lie_close = last.is_none_or(|last| last - after.0 <= COUNTED * 2);
        Ok(match lie_close {
            true => Lag { events: highest.0 - after.0, is_more: false },
            false => Lag { events, is_more: true },
        })
    }
}
