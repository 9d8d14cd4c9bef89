//! The lag of a build over the last hour, as this process has seen it. It is kept in memory, and nowhere else.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long is remembered.
pub(super) const HOUR: Duration = Duration::from_secs(3_600);
/// What falls into one point: the largest lag within it is kept.
pub(super) const POINT: Duration = Duration::from_secs(10);

/// A lag at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) at: Instant,
    pub(super) events: Option<i64>,
    pub(super) seconds: Option<f64>,
}

/// Points of the last hour, the oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    points: VecDeque<Point>,
}

impl History {
    /// Remembers what was seen at a moment.
    pub(super) fn note(&mut self, at: Instant, events: Option<i64>, time: Option<Duration>) {
        let seconds = time.map(|time| time.as_secs_f64());
        match self.points.back_mut() {
            Some(last) if at.saturating_duration_since(last.at) < POINT => {
                last.events = last.events.max(events);
                last.seconds = match (last.seconds, seconds) {
                    (Some(one), Some(other)) => Some(one.max(other)),
                    (one, other) => one.or(other),
                };
            }
            _ => self.points.push_back(Point { at, events, seconds }),
        }
        while self.points.front().is_some_and(|p| at.saturating_duration_since(p.at) > HOUR) {
            self.points.pop_front();
        }
    }

    pub(super) fn points(&self) -> impl Iterator<Item = &Point> {
        self.points.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept_and_peaks_stay() {
        let (start, mut history) = (Instant::now(), History::default());
        for second in 0..10_000_u64 {
            let lag = if second == 9_003 { 500 } else { 1 };
            let time = Some(Duration::from_millis(lag));
            history.note(start + Duration::from_secs(second), i64::try_from(lag).ok(), time);
        }
        assert!((360..=362).contains(&history.points.len()), "{}", history.points.len());
        let peaks: Vec<_> = history.points().filter(|p| p.events == Some(500)).collect();
        assert_eq!(peaks.len(), 1);
        assert_eq!(peaks[0].seconds, Some(0.5));
    }
}
