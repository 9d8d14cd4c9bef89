//! A replay held back for the site's sake: so many events a second, so much WAL, and no replica too far behind.
//!
//! Waiting takes place between two batches, when no transaction is open; readers wait between two ranges, when
//! no COPY is. One [`Throttle`] is shared by the readers and builds of a rebuild.
//!
//! # How far a replica is behind
//!
//! PostgreSQL's `replay_lag` says nothing of a replica that has not moved yet, so it is not enough. What the server
//! has written is noted with its time at each look; the lag is the age of the first note that the replica has not
//! reached. As long as it has not even reached the first note nobody knows how far it is, and that is too far.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::config::Rebuild;
use crate::figures::grouped;
use crate::pg::replicas::{self, Replica};
use crate::pg::{PgError, Session};
use crate::progress::{Interrupt, Observer, Progress};

/// How often the server is asked.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often a wait checks whether the process is asked to stop.
const NOTICES: Duration = Duration::from_millis(50);
/// With a limit on what is written the native engine writes as often as this: less at once.
const WRITE_EVERY: Duration = Duration::from_secs(2);
/// Notes of what was written, at the most.
const NOTES: usize = 4_096;

/// What holds a replay back.
#[derive(Debug)]
pub struct Throttle {
    rate: Option<u32>,
    lag: Option<Duration>,
    wal: Option<u64>,
    shared: Mutex<Shared>,
}

/// What all that wait share.
#[derive(Debug)]
struct Shared {
    /// When the next range may be read.
    read_at: Instant,
    /// When the next batch may be written, by the WAL that the ones before took.
    write_at: Instant,
    /// The end of the WAL up to which it was reckoned.
    reckoned: Option<i64>,
    looked: Option<Instant>,
    notes: VecDeque<(Instant, i64)>,
    /// What was found by the last look, in words, if it is a reason to wait.
    behind: Option<String>,
    /// Whether no replica was connected at the last check.
    is_alone: bool,
}

impl Shared {
    fn at(now: Instant) -> Shared {
        Shared {
            read_at: now,
            write_at: now,
            reckoned: None,
            looked: None,
            notes: VecDeque::new(),
            behind: None,
            is_alone: false,
        }
    }
}

/// Why a limit cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ThrottleError {
    /// The server refused.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// Nobody would know how far replicas are.
    #[error(
        "[rebuild] max_replica_lag is set, and the role {role} may not see how far replicas are behind"
    )]
    Unseen {
        /// The role.
        role: String,
    },
}

/// Whether a limit of config.toml can be kept on a server, before anything is begun.
///
/// # Errors
/// It cannot, or the server refuses.
pub fn can_be_kept(session: &mut Session, pace: &Rebuild) -> Result<(), ThrottleError> {
    if pace.max_replica_lag.is_none() {
        return Ok(());
    }
    match replicas::unseeing_role(session)? {
        Some(role) => Err(ThrottleError::Unseen { role }),
        None => Ok(()),
    }
}

impl Throttle {
    /// The limits of a rebuild; nothing if there is none.
    #[must_use]
    pub fn of(pace: &Rebuild) -> Option<Throttle> {
        let lag = pace.max_replica_lag.map(|lag| lag.0);
        let wal = pace.max_wal_per_s.map(|bytes| bytes.as_u64());
        let rate = pace.max_rate;
        let shared = Shared::at(Instant::now());
        let throttle = Throttle { rate, lag, wal, shared: Mutex::new(shared) };
        (rate.is_some() || throttle.is_of_writes()).then_some(throttle)
    }

    /// The limits, for people.
    #[must_use]
    pub fn limits(&self) -> String {
        let mut limits = Vec::new();
        limits.extend(self.rate.map(|rate| format!("{} events/s", grouped(rate))));
        limits.extend(self.lag.map(|lag| format!("replicas no more than {} behind", seconds(lag))));
        limits.extend(self.wal.map(|wal| format!("{} bytes of WAL a second", grouped(wal))));
        format!("held back: at most {}", limits.join(", "))
    }

    fn is_of_writes(&self) -> bool {
        self.lag.is_some() || self.wal.is_some()
    }

    /// How many events a batch has at the most: with a rate, a quarter of a second's.
    #[must_use]
    pub fn batch(&self, most: usize) -> usize {
        let quarter = self.rate.map(|rate| usize::try_from(rate / 4).unwrap_or(usize::MAX).max(1));
        quarter.map_or(most, |quarter| quarter.min(most))
    }

    /// How long the native engine may keep rows in memory.
    #[must_use]
    pub fn checkpoint_interval(&self, most: Duration) -> Duration {
        if self.is_of_writes() { most.min(WRITE_EVERY) } else { most }
    }

    /// Waits until a range may be read.
    pub fn before_reading(&self, interrupt: &Interrupt) {
        loop {
            let read_at = self.shared().read_at;
            let left = read_at.saturating_duration_since(Instant::now());
            if left.is_zero() || interrupt.raised() {
                return;
            }
            std::thread::sleep(left.min(NOTICES));
        }
    }

    /// Takes note of a range that was read.
    pub fn has_read(&self, events: usize) {
        let Some(rate) = self.rate else { return };
        let events = f64::from(u32::try_from(events).unwrap_or(u32::MAX));
        let mut shared = self.shared();
        let took = Duration::try_from_secs_f64(events / f64::from(rate)).unwrap_or(Duration::MAX);
        let from = shared.read_at.max(Instant::now());
        shared.read_at = from.checked_add(took).unwrap_or(from);
    }

    /// Waits until a batch may be written. `stops` is asked while it waits; gives what it answers, if that is something.
    ///
    /// # Errors
    /// The server refuses, or `stops` does.
    pub fn before_writing<S, E: From<PgError>>(
        &self,
        session: &mut Session,
        (observer, build): (&dyn Observer, &str),
        mut stops: impl FnMut(&mut Session) -> Result<Option<S>, E>,
    ) -> Result<Option<S>, E> {
        if !self.is_of_writes() {
            return Ok(None);
        }
        let tell = |why: Option<String>| {
            observer.note(&Progress::Held { build: build.to_owned(), why });
        };
        let mut waits = false;
        let stopped = loop {
            let Some(why) = self.held(session, observer)? else { break None };
            waits = true;
            tell(Some(why));
            if let Some(stopped) = stops(session)? {
                break Some(stopped);
            }
            std::thread::sleep(NOTICES);
        };
        if waits {
            tell(None);
        }
        Ok(stopped)
    }

    /// Why nothing may be written now, if that is so.
    fn held(
        &self,
        session: &mut Session,
        observer: &dyn Observer,
    ) -> Result<Option<String>, PgError> {
        let mut shared = self.shared();
        let waits = shared.behind.is_some() || shared.write_at > Instant::now();
        // Between two batches the WAL is reckoned each time; who waits looks now and then.
        let is_due = shared.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY);
        if is_due || (self.wal.is_some() && !waits) {
            let found = replicas::look(session)?;
            let now = Instant::now();
            shared.looked = Some(now);
            if let Some(limit) = self.wal {
                shared.reckon(found.end, limit, (now, waits));
            }
            if let Some(most) = self.lag {
                shared.note(now, found.end);
                shared.behind = match found.is_hidden {
                    true => Some("a replica whose lag this role may not see any more".to_owned()),
                    false => shared.behind(&found.all, now, most),
                };
                let is_alone = found.all.is_empty() && !found.is_hidden;
                if is_alone && !shared.is_alone {
                    observer.note(&Progress::Note(
                        "[rebuild] max_replica_lag is set, and no replica is connected: none is waited for"
                            .to_owned(),
                    ));
                }
                shared.is_alone = is_alone;
            }
        }
        let left = shared.write_at.saturating_duration_since(Instant::now());
        Ok(match (&shared.behind, self.wal) {
            (Some(behind), _) => Some(behind.clone()),
            (None, Some(limit)) if !left.is_zero() => {
                Some(format!("less than {} bytes of WAL a second (max_wal_per_s)", grouped(limit)))
            }
            _ => None,
        })
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Puts off the next batch for what was written since the last look, unless all waited.
    fn reckon(&mut self, end: i64, limit: u64, (now, waited): (Instant, bool)) {
        let before = self.reckoned.replace(end).unwrap_or(end);
        if waited {
            return;
        }
        let written = u64::try_from(end.saturating_sub(before)).unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "a pause")]
        let pause = written as f64 / limit.max(1) as f64;
        let pause = Duration::try_from_secs_f64(pause).unwrap_or(Duration::MAX);
        let from = self.write_at.max(now);
        self.write_at = from.checked_add(pause).unwrap_or(from);
    }

    /// Notes where the WAL ends.
    fn note(&mut self, now: Instant, end: i64) {
        if self.notes.back().is_none_or(|(_, last)| *last < end) {
            self.notes.push_back((now, end));
        }
        if self.notes.len() > NOTES {
            // Every second one is as good for what is old.
            let mut nth = 0;
            self.notes.retain(|_| {
                nth += 1;
                nth % 2 == 1
            });
        }
    }

    /// The replica that is farthest behind, if that is too far.
    fn behind(&mut self, all: &[Replica], now: Instant, most: Duration) -> Option<String> {
        let lag = |replica: &Replica| {
            let unreached = self.notes.iter().position(|(_, end)| replica.replayed < *end);
            match unreached {
                None => Some(Duration::ZERO),
                // It may have stood still for any time before the first note.
                Some(0) => replica.lag.filter(|lag| *lag > most),
                Some(nth) => {
                    let since = now.saturating_duration_since(self.notes[nth].0);
                    Some(since.max(replica.lag.unwrap_or_default()))
                }
            }
        };
        let worst = all.iter().map(|replica| (replica, lag(replica))).max_by_key(|(_, lag)| {
            lag.map_or((1, Duration::ZERO), |lag| (i32::from(lag > most), lag))
        });
        let reason = worst.and_then(|(replica, lag)| {
            let name = &replica.name;
            let limit = format!("(max_replica_lag {})", seconds(most));
            match lag {
                Some(lag) if lag <= most => None,
                Some(lag) => Some(format!("replica {name}, {} behind {limit}", seconds(lag))),
                None => {
                    let bytes = self.notes.front().map_or(0, |(_, end)| end - replica.replayed);
                    Some(format!("replica {name}, {} bytes behind {limit}", grouped(bytes)))
                }
            }
        });
        // What every replica has reached tells nothing any more but for the last of it.
        if let Some(least) = all.iter().map(|replica| replica.replayed).min() {
            while self.notes.get(1).is_some_and(|(_, end)| *end <= least) {
                self.notes.pop_front();
            }
        }
        reason
    }
}

/// A time in seconds, with a tenth.
fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replica(name: &str, replayed: i64) -> Replica {
        Replica { name: name.to_owned(), replayed, lag: None }
    }

    #[test]
    fn a_replica_is_as_far_behind_as_what_it_has_not_reached_is_old() {
        let (start, mut shared, most) =
            (Instant::now(), Shared::at(Instant::now()), Duration::from_secs(5));
        let at = |seconds| start + Duration::from_secs(seconds);
        // Nobody knows for how long it has stood there.
        shared.note(at(0), 100);
        let told = shared.behind(&[replica("a", 90)], at(0), most).unwrap();
        assert_eq!(told, "replica a, 10 bytes behind (max_replica_lag 5.0 s)");
        assert_eq!(shared.behind(&[replica("a", 100)], at(1), most), None);
        shared.note(at(2), 200);
        shared.note(at(4), 300);
        assert_eq!(shared.behind(&[replica("a", 150)], at(7), most), None);
        let both = [replica("a", 150), replica("b", 200)];
        let told = shared.behind(&both, at(8), most).unwrap();
        assert_eq!(told, "replica a, 6.0 s behind (max_replica_lag 5.0 s)");
        let both = [replica("a", 300), replica("b", 200)];
        assert_eq!(shared.behind(&both, at(9), most), None);
        let told = shared.behind(&both, at(10), most).unwrap();
        assert!(told.starts_with("replica b, 6.0 s behind"), "{told}");
        assert_eq!(shared.behind(&[], at(10), most), None);
        // What the server measured counts as well, while there is something to be replayed.
        let slow = Replica { lag: Some(Duration::from_secs(9)), ..replica("c", 290) };
        assert!(shared.behind(&[slow], at(5), most).unwrap().starts_with("replica c, 9.0 s"));
    }

    #[test]
    fn wal_is_paid_for_once_and_not_while_all_wait() {
        let mut shared = Shared::at(Instant::now());
        let start = Instant::now();
        shared.reckon(1_000, 100, (start, false));
        assert!(shared.write_at <= start, "what was there before is nobody's");
        shared.reckon(1_500, 100, (start, false));
        assert_eq!(shared.write_at - start, Duration::from_secs(5));
        shared.reckon(9_000, 100, (start + Duration::from_secs(1), true));
        shared.reckon(9_100, 100, (start + Duration::from_secs(5), false));
        assert_eq!(shared.write_at - start, Duration::from_secs(6));
    }

    #[test]
    fn a_rate_puts_off_the_next_range() {
        let pace = Rebuild { max_rate: Some(100), ..Rebuild::default() };
        let throttle = Throttle::of(&pace).unwrap();
        let before = Instant::now();
        throttle.has_read(50);
        throttle.has_read(50);
        let put_off = throttle.shared().read_at - before;
        assert!(put_off >= Duration::from_secs(1), "{put_off:?}");
        assert_eq!((throttle.batch(5_000), throttle.batch(10)), (25, 10));
        assert!(Throttle::of(&Rebuild::default()).is_none());
    }
}
