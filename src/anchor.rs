//! What is kept of events that were read, so that a log can be recognised later.
//!
//! An [`Anchor`] is the fingerprint of one event, kept with a checkpoint. A [`Tally`] counts the
//! events of a range and sums a hash of their positions, so that a range can be compared with the
//! log without keeping its positions: a deleted event and a late one do not cancel out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::Position;

/// How the rows of an adopted log are read as events: by key of `[event_store.adopt]`, what it says. What a preset fills
/// in is there, what says nothing is not, and neither is the table: which log it is is told by anchors.
pub type Mapping = BTreeMap<String, String>;

/// What the rows of an adopted log are read through: views, and functions that views or keys of `[event_store.adopt]` call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Through {
    /// The server's major version: another one may print the same definition in other words.
    pub server: i32,
    /// By kind and name, `the view public.log`, a hash of the definition.
    pub definitions: BTreeMap<String, String>,
}

/// Where a log was when an anchor was taken. Either is unknown if the role may not ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The server's system identifier.
    pub system: Option<String>,
    /// The timeline of its write-ahead log, as eight hexadecimal digits: a new one begins with each
    /// promoted standby and each recovery to a point in time.
    pub timeline: Option<String>,
}

impl Origin {
    /// Whether both are known to be the same server without a fail-over in between.
    #[must_use]
    pub fn is(&self, other: &Origin) -> bool {
        self.system.is_some() && self.timeline.is_some() && self == other
    }
}

/// The fingerprint of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The event's position.
    pub position: Position,
    /// A keyed hash of its stream, version in the stream, type and time of recording.
    pub envelope: Vec<u8>,
    /// A keyed hash of its payload as text; `None` if the payload was seen to change.
    pub payload: Option<Vec<u8>>,
    /// Where the log was.
    pub origin: Origin,
    /// The first transaction id that had not ended when the event was read, as the log's server counts
    /// them (`xid8`): rows that are newer were not there yet.
    pub snapshot: Option<String>,
}

/// How many events were read, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Their number.
    pub events: i64,
    /// The sum of [`position_hash`] over them.
    pub hash_sum: i128,
    /// The last of them.
    pub last: Option<Position>,
}

impl Tally {
    /// Counts an event.
    #[inline]
    pub fn add(&mut self, position: Position) {
        self.events += 1;
        self.hash_sum += i128::from(position_hash(position.0));
        self.last = Some(position);
    }
}

/// PostgreSQL's `hashint8extended(position, 0)`. Hash partitions rely on it, so no version of
/// PostgreSQL can change it (`src/backend/access/hash/hashfunc.c`, `src/common/hashfn.c`).
#[inline]
#[must_use]
pub fn position_hash(position: i64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "halves of the number"
    )]
    let (low, high) = (position as u32, (position >> 32) as u32);
    let folded = low ^ if position >= 0 { high } else { !high };
    // The initial value of Bob Jenkins' lookup3 for a key of four bytes, as PostgreSQL has it.
    let start: u32 = 0x9e37_79b9_u32.wrapping_add(4).wrapping_add(3_923_095);
    let (mut a, mut b, mut c) = (start.wrapping_add(folded), start, start);
    c = (c ^ b).wrapping_sub(b.rotate_left(14));
    a = (a ^ c).wrapping_sub(c.rotate_left(11));
    b = (b ^ a).wrapping_sub(a.rotate_left(25));
    c = (c ^ b).wrapping_sub(b.rotate_left(16));
    a = (a ^ c).wrapping_sub(c.rotate_left(4));
    b = (b ^ a).wrapping_sub(a.rotate_left(14));
    c = (c ^ b).wrapping_sub(b.rotate_left(24));
    #[expect(clippy::cast_possible_wrap, reason = "PostgreSQL has no unsigned numbers")]
    let hash = ((u64::from(b) << 32) | u64::from(c)) as i64;
    hash
}
