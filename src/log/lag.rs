//! How many events lie between a position and the log's end.

use std::time::Duration;

use super::unreadable::may_be_an_event;
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

    /// How long ago the first event after a position was recorded, by the clock of the log's server; zero if there is
    /// none, or it was recorded later than now. `None` if the log does not say, or that event cannot be read.
    ///
    /// # Errors
    /// The server refuses.
    pub fn lag_time(
        &self,
        session: &mut Session,
        after: Position,
    ) -> Result<Option<Duration>, LogError> {
        let Some(recorded_at) = self.shape.recorded_at.as_deref() else { return Ok(None) };
        let sql = format!(
            "SELECT extract(epoch FROM clock_timestamp() - ({recorded_at})::timestamptz)::float8 \
               FROM {} WHERE {p} > {} ORDER BY {p} LIMIT 1",
            self.shape.rows(),
            self.shape.stored(after),
            p = self.shape.position,
        );
        match session.query_opt(&sql, &[]) {
            Ok(None) => Ok(Some(Duration::ZERO)),
            Ok(Some(row)) => {
                let seconds: Option<f64> = row.get(0);
                Ok(seconds.map(|s| Duration::try_from_secs_f64(s.max(0.0)).unwrap_or_default()))
            }
            Err(error) if may_be_an_event(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
