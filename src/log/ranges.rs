//! A part of the log cut into ranges, by its events and not by its positions.
//!
//! Positions may lie far apart: time-based ids, a sequence that was set forward, blocks that were rolled
//! back. A range that is cut by positions may then hold nothing, and 10^18 positions are walked for ever.
//! Where events lie close, a range ends so many positions later, which costs no question. Where few were
//! found the log is asked where the last event of the next range lies, which an index knows.
//!
//! Several readers share one cut: each range is cut once, in order, and has a number.

use std::sync::{Mutex, PoisonError};

use super::wanted::Range;
use super::{Log, LogError};
use crate::copy_format::{CopyError, RowCutter, Rows};
use crate::event::Position;
use crate::pg::CopyOut;

/// A range with fewer events than one in so many of its positions makes the next cut ask.
const FEW: i64 = 4;
/// Events that are looked at to tell whether they lie close.
const SAMPLE: i64 = 1_000;
/// Where few events are wanted of many, the log is asked again after so many ranges at the most.
const LONGEST_CALM: u32 = 256;

/// How the first events of a range lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// One after another.
    Close,
    /// With many positions between them, or before the first.
    Apart,
    /// There are so few that one range holds them all.
    Few,
}

/// A part of the log and its cuts.
pub struct Ranges<'l> {
    log: &'l Log,
    range: Range,
    /// Events of a range at the most where it is cut by events; positions where they lie close.
    span: i64,
    cuts: Mutex<Cuts>,
}

#[derive(Debug)]
struct Cuts {
    /// The last position of each range.
    ends: Vec<Position>,
    /// Whether few events were found lately.
    is_thin: bool,
    /// Ranges that are cut without a question, though few events were found.
    calm: u32,
    /// What `calm` was set to last.
    calmed: u32,
}

impl<'l> Ranges<'l> {
    /// A part of the log in ranges of `span` events.
    #[must_use]
    pub fn new(log: &'l Log, range: Range, span: i64, density: Density) -> Ranges<'l> {
        let is_thin = density == Density::Apart;
        let cuts = Cuts { ends: Vec::new(), is_thin, calm: 0, calmed: 0 };
        let span = if density == Density::Few { i64::MAX } else { span.max(1) };
        Ranges { log, range, span, cuts: Mutex::new(cuts) }
    }

    /// The range with a number, counted from 0; `None` if there are not so many.
    ///
    /// # Errors
    /// The server refuses or the connection is lost.
    pub fn nth(
        &self,
        session: &mut impl CopyOut,
        number: usize,
    ) -> Result<Option<Range>, LogError> {
        let mut cuts = self.cuts.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let before = |number: usize| match number.checked_sub(1) {
                None => Some(self.range.after),
                Some(before) => cuts.ends.get(before).copied(),
            };
            if let (Some(after), Some(until)) = (before(number), cuts.ends.get(number)) {
                return Ok(Some(Range { after, until: *until }));
            }
            let after = cuts.ends.last().copied().unwrap_or(self.range.after);
            if after >= self.range.until {
                return Ok(None);
            }
            let end = self.cut(&mut cuts, session, after)?;
            cuts.ends.push(end);
        }
    }

    /// Takes note of how many events a range had.
    pub fn had(&self, range: Range, events: usize) {
        let events = i64::try_from(events).unwrap_or(i64::MAX);
        let positions = range.until.0.saturating_sub(range.after.0);
        if events.saturating_mul(FEW) < positions.min(self.span) {
            self.cuts.lock().unwrap_or_else(PoisonError::into_inner).is_thin = true;
        }
    }

    fn cut(
        &self,
        cuts: &mut Cuts,
        session: &mut impl CopyOut,
        after: Position,
    ) -> Result<Position, LogError> {
        let Range { until, .. } = self.range;
        let close = Position(after.0.saturating_add(self.span)).min(until);
        if close == until || !cuts.is_thin {
            return Ok(close);
        }
        if cuts.calm > 0 {
            cuts.calm -= 1;
            return Ok(close);
        }
        let rest = Range { after, until };
        let Some(last) = self.log.nth(session, rest, self.span)? else { return Ok(until) };
        if last.0 - after.0 > self.span.saturating_mul(2) {
            cuts.calmed = 0;
            return Ok(last);
        }
        // They lie close, and most are of other types.
        cuts.is_thin = false;
        cuts.calmed = (cuts.calmed * 2).clamp(1, LONGEST_CALM);
        cuts.calm = cuts.calmed;
        Ok(close)
    }
}

impl Log {
    /// The position of the `n`-th event of a range, whatever its type; `None` if there are not so many.
    ///
    /// # Errors
    /// The server refuses or the connection is lost.
    pub fn nth(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        n: i64,
    ) -> Result<Option<Position>, LogError> {
        let sql = format!(
            "COPY (SELECT {} FROM {} WHERE {p} > {} AND {p} <= {} ORDER BY {p} LIMIT 1 OFFSET {}) \
             TO STDOUT (FORMAT binary)",
            self.shape.position_value(),
            self.shape.rows(),
            self.shape.stored(range.after),
            self.shape.stored(range.until),
            n.max(1) - 1,
            p = self.shape.position,
        );
        let broken = |source: CopyError| LogError::Stream { position: None, source };
        let (mut cutter, mut rows) = (RowCutter::new(1), Rows::with_capacity(1, 64));
        session.copy_out(&sql, |piece| {
            cutter.push(piece, &mut rows).map_err(broken)?;
            Ok::<bool, LogError>(true)
        })?;
        cutter.finish().map_err(broken)?;
        let mut row = rows.iter();
        let position = row.next().map(|mut row| row.next_int()).transpose().map_err(broken)?;
        Ok(position.flatten().map(Position))
    }

    /// Whether a range holds more than `n` events.
    ///
    /// # Errors
    /// The server refuses or the connection is lost.
    pub fn holds_more(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        n: i64,
    ) -> Result<bool, LogError> {
        let positions = range.until.0.saturating_sub(range.after.0);
        Ok(positions > n && self.nth(session, range, n.saturating_add(1))?.is_some())
    }

    /// How the first events of a range lie.
    ///
    /// # Errors
    /// The server refuses or the connection is lost.
    pub fn density(&self, session: &mut impl CopyOut, range: Range) -> Result<Density, LogError> {
        Ok(match self.nth(session, range, SAMPLE)? {
            None => Density::Few,
            Some(nth) if nth.0 - range.after.0 > SAMPLE * 2 => Density::Apart,
            Some(_) => Density::Close,
        })
    }
}
