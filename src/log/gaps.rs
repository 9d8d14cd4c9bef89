//! Missing positions, and how long they have been missing.
//!
//! Some writers take a position in a transaction of its own, before the one that writes the event, and no
//! lock tells of it. Where config.toml says how long such a writer takes at the most (`gaps`), a mark does
//! not pass a missing position until it has been missing for so long. Its age is counted from when this
//! process first saw a position above it given out: clocks of others are not asked, and after a restart
//! every gap is young.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{Log, LogError};
use crate::config::Order;
use crate::event::Position;
use crate::pg::{Session, Sql};

/// Looks that are kept for the time of `gaps`.
const LOOKS: u32 = 1_000;

/// Up to where positions were given out, look by look.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// Ascending in both. All but the first are younger than `gaps`.
    looks: VecDeque<(Position, Instant)>,
}

impl Gaps {
    /// Positions up to `mark` are given out by now. Looks that follow one another closely are left out,
    /// which makes what is missing there seem younger and never older.
    pub(super) fn note(&mut self, mark: Position, at: Instant, limit: Duration) {
        let is_news = self.looks.back().is_none_or(|(last, then)| {
            mark > *last && at.saturating_duration_since(*then) >= limit / LOOKS
        });
        if is_news {
            self.looks.push_back((mark, at));
        }
    }

    /// What is missing up to here has been missing for long enough.
    pub(super) fn passable(&mut self, now: Instant, limit: Duration) -> Option<Position> {
        let is_old = |look: &(Position, Instant)| now.saturating_duration_since(look.1) >= limit;
        while self.looks.get(1).is_some_and(is_old) {
            self.looks.pop_front();
        }
        self.looks.front().filter(|look| is_old(look)).map(|(mark, _)| *mark)
    }
}

impl Log {
    /// The last position of an unbroken row of them that begins after `after`, if one is missing up to
    /// `mark`.
    pub(super) fn first_gap(
        &self,
        session: &mut Session,
        after: Position,
        mark: Position,
    ) -> Result<Option<Position>, LogError> {
        let increment = match self.shape.order {
            // Between two numbers of a sequence lie those that an optimiser gives out itself.
            Order::BeforeInsert => 1,
            _ => self.watched.sequence.as_ref().map_or(1, |sequence| sequence.increment),
        };
        let sql = include_str!("first_gap.sql")
            .replace("{after}", &after.0.to_string())
            .replace("{mark}", &mark.0.to_string())
            .replace("{stored_after}", &self.shape.stored(after).to_string())
            .replace("{stored_mark}", &self.shape.stored(mark).to_string())
            .replace("{increment}", &increment.to_string())
            .replace("{position}", &self.shape.position_value())
            .replace("{column}", &self.shape.position)
            .replace("{rows}", &self.shape.rows());
        Ok(session.query_opt(&sql, &[])?.map(|row| Position(row.get(0))))
    }
}

/// A time such as `3s`, `500ms`, `2m` or `1h`.
pub(super) fn parse(text: &str) -> Result<Duration, LogError> {
    let wrong = || LogError::Gaps { found: text.to_owned() };
    let trimmed = text.trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = trimmed.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let scale_ms = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    number.checked_mul(scale_ms).map(Duration::from_millis).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(parse("3s").unwrap(), Duration::from_secs(3));
        assert_eq!(parse(" 500 ms").unwrap(), Duration::from_millis(500));
        assert_eq!(parse("2m").unwrap(), Duration::from_secs(120));
        for wrong in
            ["", "3", "s", "3 days", "-1s", "1.5s", "99999999999999999999s", "9999999999999999h"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_missing_grows_old_from_its_first_look() {
        let (start, limit) = (Instant::now(), Duration::from_secs(3));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut gaps = Gaps::default();
        assert_eq!(gaps.passable(at(100), limit), None, "nothing was seen");
        gaps.note(Position(10), at(0), limit);
        gaps.note(Position(20), at(1), limit);
        gaps.note(Position(20), at(2), limit);
        assert_eq!(gaps.passable(at(2), limit), None);
        assert_eq!(gaps.passable(at(3), limit), Some(Position(10)));
        assert_eq!(gaps.passable(at(4), limit), Some(Position(20)));
        gaps.note(Position(30), at(9), limit);
        assert_eq!(gaps.passable(at(9), limit), Some(Position(20)));
        assert_eq!(gaps.passable(at(12), limit), Some(Position(30)));
        assert_eq!(gaps.looks.len(), 1, "old looks are let go of");
    }

    #[test]
    fn many_looks_take_little_room() {
        let (start, limit) = (Instant::now(), Duration::from_secs(10));
        let mut gaps = Gaps::default();
        for n in 0..100_000 {
            let now = start + Duration::from_millis(n);
            gaps.note(Position(i64::try_from(n).unwrap()), now, limit);
            if let Some(passable) = gaps.passable(now, limit) {
                let seen = i64::try_from(n - 10_000).unwrap();
                assert!(passable.0 <= seen && passable.0 >= seen - 10, "{passable} at {n}");
            }
        }
        assert!(gaps.looks.len() <= 1_002, "{}", gaps.looks.len());
    }
}
