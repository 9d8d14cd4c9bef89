//! jaq's values, with what they may cost.
//!
//! Whatever a filter does, it does to values: it makes them, goes through their members, compares
//! them and writes them out. So the values count: each member that is gone through is work, each byte
//! that is made takes room, and each level of nesting is one that some function will recurse into.
//! What goes beyond a bound ends the filter for that event, in a way that no filter can catch. Time
//! is not looked at: an event gives the same answer twice. What goes round without touching a value
//! is counted in `fuel`.

mod arithmetic;
mod jaq;

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::Arc;

use jaq_core::val::Range;
use jaq_core::{Error, ValR};
use jaq_json::{Map, Num, Val};

pub(super) use jaq::position;

use super::limits::{FilterError, MAX_DIGITS, MAX_LEVELS, MAX_VALUE};

/// The members that the filter of an event without a payload may go through or compare, and how many
/// more for each byte of the payload.
const WORK: (u64, u64) = (1_000_000, 16);
/// The bytes that it may make, all values together, and how many more for each byte of the payload.
const ROOM: (u64, u64) = (192 << 20, 32);
/// The bits of the longest whole number.
const MAX_BITS: u64 = MAX_DIGITS as u64 * 10 / 3;

/// What a member of an array takes, and one of an object.
const ITEM_BYTES: usize = 24;
const ENTRY_BYTES: usize = 96;

thread_local! {
    /// The work and the room that are left for the event at hand.
    static LEFT: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// Gives an event with a payload of so many bytes all it may use.
pub(super) fn begin(payload: usize) {
    let of = |(once, each): (u64, u64)| once.saturating_add(each.saturating_mul(payload as u64));
    LEFT.set((of(WORK), of(ROOM)));
}

/// Ends the filter, past everything in it that catches errors.
fn stop(problem: FilterError) -> ! {
    resume_unwind(Box::new(problem))
}

/// Takes work from what is left.
pub(super) fn work(members: usize) {
    let (work, room) = LEFT.get();
    match work.checked_sub(members as u64) {
        Some(left) => LEFT.set((left, room)),
        None => stop(FilterError::MuchWork),
    }
}

/// Takes room from what is left.
pub(super) fn room(bytes: usize) {
    let (work, room) = LEFT.get();
    match room.checked_sub(bytes as u64) {
        Some(left) => LEFT.set((work, left)),
        None => stop(FilterError::MuchRoom),
    }
}

/// Looks whether a value of so many bytes or members may be made.
fn fits(size: usize) {
    if size > MAX_VALUE {
        stop(FilterError::LargeValue);
    }
}

/// Takes the room of a string, and looks whether it may be so long.
pub(super) fn string(bytes: usize) {
    fits(bytes);
    room(bytes);
}

/// A value and how deep it is nested at the most.
#[derive(Clone, Debug)]
pub(super) struct Bounded {
    val: Val,
    // Invariant: no less than the levels of `val`, so that what drops it does not run out of stack.
    levels: u32,
}

pub(super) type Answer = ValR<Bounded>;

impl Bounded {
    /// A value that was read, of no more than so many levels.
    pub(super) fn read(val: Val, levels: usize) -> Bounded {
        Bounded::of(val, u32::try_from(levels).unwrap_or(u32::MAX))
    }

    /// The value.
    pub(super) fn into_val(self) -> Val {
        self.val
    }

    /// The value, to look at.
    pub(super) fn val(&self) -> &Val {
        &self.val
    }

    fn of(val: Val, levels: u32) -> Bounded {
        if levels > MAX_LEVELS {
            stop(FilterError::DeepValue);
        }
        Bounded { val, levels }
    }

    /// A value without members.
    pub(super) fn flat(val: Val) -> Bounded {
        Bounded { val, levels: 0 }
    }

    /// A member of it.
    fn member(&self, val: Val) -> Bounded {
        Bounded { val, levels: self.levels.saturating_sub(1) }
    }

    /// A text.
    pub(super) fn text(text: &str) -> Bounded {
        string(text.len());
        Bounded::flat(Val::utf8_str(text.to_owned()))
    }

    /// An object.
    pub(super) fn object(members: Vec<(&str, Bounded)>) -> Bounded {
        let levels = members.iter().map(|(_, member)| member.levels).max().unwrap_or(0);
        let map: Map = members
            .into_iter()
            .map(|(key, value)| (Val::from(key.to_owned()), value.val))
            .collect();
        Bounded::of(Val::obj(map), levels + 1)
    }
}

/// Counts everything that a value holds, however often; gives about how many bytes it takes when
/// it is written.
pub(super) fn walk(val: &Val) -> usize {
    work(1);
    match val {
        Val::Null | Val::Bool(_) => 5,
        Val::Num(Num::BigInt(number)) => {
            // To decimal, in a time that grows with the square of its length.
            let digits = usize::try_from(number.bits() * 3 / 10).unwrap_or(usize::MAX);
            work((digits / 64).saturating_mul(digits / 64));
            digits
        }
        Val::Num(Num::Dec(text)) => text.len(),
        Val::Num(_) => 24,
        Val::BStr(text) | Val::TStr(text) => {
            work(text.len() / 32);
            text.len().saturating_mul(6).saturating_add(2)
        }
        Val::Arr(items) => items.iter().fold(2, |sum, item| sum.saturating_add(walk(item) + 1)),
        Val::Obj(map) => map.iter().fold(2, |sum, (key, value)| {
            sum.saturating_add(walk(key)).saturating_add(walk(value) + 2)
        }),
    }
}

/// What the key of an object costs to look up.
pub(super) fn key(val: &Val) {
    match val {
        Val::Arr(_) | Val::Obj(_) => _ = walk(val),
        Val::TStr(text) | Val::BStr(text) => work(text.len() / 64),
        _ => {}
    }
}

/// What it costs to compare two values: as far as both go.
pub(super) fn compare(one: &Val, other: &Val) {
    match (one, other) {
        (Val::Arr(x), Val::Arr(y)) => {
            work(1);
            x.iter().zip(y.iter()).for_each(|(x, y)| compare(x, y));
        }
        (Val::Obj(x), Val::Obj(y)) => {
            work(x.len() + y.len() + 1);
            x.keys().for_each(key);
            for (name, value) in x.iter() {
                if let Some(found) = y.get(name) {
                    compare(value, found);
                }
            }
        }
        (Val::TStr(x) | Val::BStr(x), Val::TStr(y) | Val::BStr(y)) => {
            work(x.len().min(y.len()) / 64 + 1);
        }
        _ => work(1),
    }
}

/// Takes what a copy of it costs if it has to be made before it is changed.
fn own<T>(shared: &Arc<T>, members: usize, bytes: usize) {
    if Arc::strong_count(shared) > 1 {
        work(members / 8 + 1);
        room(members.saturating_mul(bytes));
    }
}

impl fmt::Display for Bounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        string(walk(&self.val));
        self.val.fmt(f)
    }
}

impl From<bool> for Bounded {
    fn from(value: bool) -> Bounded {
        Bounded::flat(value.into())
    }
}

impl From<isize> for Bounded {
    fn from(value: isize) -> Bounded {
        Bounded::flat(value.into())
    }
}

impl From<usize> for Bounded {
    fn from(value: usize) -> Bounded {
        Bounded::flat(value.into())
    }
}

impl From<f64> for Bounded {
    fn from(value: f64) -> Bounded {
        Bounded::flat(value.into())
    }
}

impl From<String> for Bounded {
    fn from(value: String) -> Bounded {
        string(value.len());
        Bounded::flat(value.into())
    }
}

impl From<Range<Bounded>> for Bounded {
    fn from(range: Range<Bounded>) -> Bounded {
        room(2 * ENTRY_BYTES);
        let levels = |end: &Option<Bounded>| end.as_ref().map_or(0, |end| end.levels);
        let levels = levels(&range.start).max(levels(&range.end)) + 1;
        let val = |end: Option<Bounded>| end.map(Bounded::into_val);
        Bounded::of(Val::from(val(range.start)..val(range.end)), levels)
    }
}

impl FromIterator<Bounded> for Bounded {
    fn from_iter<I: IntoIterator<Item = Bounded>>(iter: I) -> Bounded {
        let (mut items, mut levels) = (Vec::new(), 0);
        for item in iter {
            work(1);
            room(ITEM_BYTES);
            levels = item.levels.max(levels);
            items.push(item.val);
        }
        Bounded::of(Val::Arr(Arc::new(items)), levels + 1)
    }
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Bounded) -> bool {
        compare(&self.val, &other.val);
        self.val == other.val
    }
}

impl Eq for Bounded {}

impl PartialOrd for Bounded {
    fn partial_cmp(&self, other: &Bounded) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bounded {
    fn cmp(&self, other: &Bounded) -> Ordering {
        compare(&self.val, &other.val);
        self.val.cmp(&other.val)
    }
}

/// An operation that jaq carries out on values it cannot fail on.
fn done(answer: ValR<Val>, levels: u32) -> Answer {
    match answer {
        Ok(val) => Ok(Bounded::of(val, levels)),
        Err(error) => Err(Error::new(Bounded::of(error.into_val(), levels))),
    }
}
