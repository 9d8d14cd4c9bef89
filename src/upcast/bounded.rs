//! jaq's values, with what they may cost.
//!
//! Whatever a filter does, it does to values: it makes them, goes through their members, compares
//! them and writes them out. So the values count: each member that is gone through is work, each byte
//! that is made takes room, and each level of nesting is one that some function will recurse into.
//! What goes beyond a bound ends the filter for that event, in a way that no filter can catch. Time
//! is not looked at: an event gives the same answer twice. What goes round without touching a value
//! is counted in `fuel`.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::panic::resume_unwind;
use std::sync::Arc;

use jaq_core::ops::Math;
use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_core::{Error, Exn, ValR, ValT, ValX};
use jaq_json::{Map, Num, Val};

use super::filter::{FilterError, MAX_DIGITS};

/// The members that the filter of an event without a payload may go through or compare, and how many
/// more for each byte of the payload.
const WORK: (u64, u64) = (1_000_000, 16);
/// The bytes that it may make, all values together, and how many more for each byte of the payload.
const ROOM: (u64, u64) = (192 << 20, 32);
/// The longest string, in bytes, and the most members of a value.
pub(super) const MAX_VALUE: usize = 64 << 20;
/// How deep a value may be nested while a filter runs.
pub(super) const MAX_LEVELS: u32 = 512;
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

/// What a number's operation costs, and whether its result may be so long.
fn numbers(one: &Num, other: &Num, multiplied: bool) {
    let bits = |number: &Num| match number {
        Num::BigInt(number) => number.bits(),
        _ => 64,
    };
    let (one, other) = (bits(one), bits(other));
    if multiplied && one + other > MAX_BITS {
        stop(FilterError::LongNumber);
    }
    let words = |bits: u64| usize::try_from(bits / 64).unwrap_or(usize::MAX);
    let (one, other) = (words(one), words(other));
    work(if multiplied { one.saturating_mul(other) } else { one.max(other) } / 16 + 1);
    room(8 * (one + other));
}

/// An operation that jaq carries out on values it cannot fail on.
fn done(answer: ValR<Val>, levels: u32) -> Answer {
    match answer {
        Ok(val) => Ok(Bounded::of(val, levels)),
        Err(error) => Err(Error::new(Bounded::of(error.into_val(), levels))),
    }
}

impl Add for Bounded {
    type Output = Answer;

    fn add(self, other: Bounded) -> Answer {
        match (&self.val, &other.val) {
            (Val::Null, _) | (_, Val::Null) => {}
            (Val::Num(x), Val::Num(y)) => numbers(x, y, false),
            (Val::BStr(x), Val::BStr(y)) | (Val::TStr(x), Val::TStr(y)) => {
                fits(x.len() + y.len());
                let copied = if x.is_unique() { 0 } else { x.len() };
                work((copied + y.len()) / 64);
                room(copied + y.len());
            }
            (Val::Arr(x), Val::Arr(y)) => {
                fits(x.len() + y.len());
                own(x, x.len(), ITEM_BYTES);
                work(y.len() / 8);
                room(y.len() * ITEM_BYTES);
            }
            (Val::Obj(x), Val::Obj(y)) => {
                fits(x.len() + y.len());
                own(x, x.len(), ENTRY_BYTES);
                work(y.len());
                y.keys().for_each(key);
                room(y.len() * ENTRY_BYTES);
            }
            _ => return Err(Error::math(self, Math::Add, other)),
        }
        let levels = self.levels.max(other.levels);
        done(self.val + other.val, levels)
    }
}

impl Sub for Bounded {
    type Output = Answer;

    fn sub(self, other: Bounded) -> Answer {
        match (&self.val, &other.val) {
            (Val::Num(x), Val::Num(y)) => numbers(x, y, false),
            (Val::Arr(x), Val::Arr(y)) => {
                // Each is looked up in the sorted others.
                let rounds = usize::try_from(y.len().checked_ilog2().unwrap_or(0)).unwrap_or(0) + 2;
                let before = LEFT.get().0;
                walk(&self.val);
                walk(&other.val);
                let once = usize::try_from(before - LEFT.get().0).unwrap_or(usize::MAX);
                work(once.saturating_mul(rounds));
                room((x.len() + y.len()) * ITEM_BYTES);
            }
            _ => return Err(Error::math(self, Math::Sub, other)),
        }
        let levels = self.levels;
        done(self.val - other.val, levels)
    }
}

impl Mul for Bounded {
    type Output = Answer;

    fn mul(self, other: Bounded) -> Answer {
        match (&self.val, &other.val) {
            (Val::Num(x), Val::Num(y)) => numbers(x, y, true),
            (
                Val::BStr(text) | Val::TStr(text),
                Val::Num(times @ (Num::Int(_) | Num::BigInt(_))),
            )
            | (
                Val::Num(times @ (Num::Int(_) | Num::BigInt(_))),
                Val::BStr(text) | Val::TStr(text),
            ) => {
                let times = match times {
                    Num::Int(times) => usize::try_from(*times).unwrap_or(0),
                    _ => times.as_isize().map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(0)),
                };
                string(text.len().saturating_mul(times));
            }
            (Val::Obj(x), Val::Obj(y)) => {
                own(x, x.len(), ENTRY_BYTES);
                walk(&other.val);
                compare(&self.val, &other.val);
                room(y.len() * ENTRY_BYTES);
            }
            _ => return Err(Error::math(self, Math::Mul, other)),
        }
        let levels = self.levels.max(other.levels);
        done(self.val * other.val, levels)
    }
}

impl Div for Bounded {
    type Output = Answer;

    fn div(self, other: Bounded) -> Answer {
        match (&self.val, &other.val) {
            (Val::Num(x), Val::Num(y)) => numbers(x, y, false),
            (Val::TStr(text), Val::TStr(separator)) | (Val::BStr(text), Val::BStr(separator)) => {
                work(text.len() / 8 + 1);
                let pieces = match separator.first() {
                    None => text.len(),
                    Some(first) => text.iter().filter(|byte| *byte == first).count() + 1,
                };
                work(pieces);
                room(pieces.saturating_mul(ITEM_BYTES + 48));
            }
            _ => return Err(Error::math(self, Math::Div, other)),
        }
        done(self.val / other.val, 1)
    }
}

impl Rem for Bounded {
    type Output = Answer;

    fn rem(self, other: Bounded) -> Answer {
        match (&self.val, &other.val) {
            (Val::Num(x), Val::Num(y)) => numbers(x, y, false),
            _ => return Err(Error::math(self, Math::Rem, other)),
        }
        done(self.val % other.val, 0)
    }
}

impl Neg for Bounded {
    type Output = Answer;

    fn neg(self) -> Answer {
        match &self.val {
            Val::Num(number) => numbers(number, number, false),
            _ => return Err(Error::typ(self, "number")),
        }
        done(-self.val, 0)
    }
}

/// The entries of a value one after another, without a copy of it.
fn entries(of: Bounded) -> Box<dyn Iterator<Item = Result<(Bounded, Bounded), Error<Bounded>>>> {
    let levels = of.levels.saturating_sub(1);
    let member = move |val: Val| Bounded { val, levels };
    match of.val {
        Val::Arr(items) => Box::new((0..items.len()).map(move |at| {
            work(1);
            Ok((Bounded::from(at), member(items[at].clone())))
        })),
        Val::Obj(map) => Box::new((0..map.len()).filter_map(move |at| {
            work(1);
            let (key, value) = map.get_index(at)?;
            Some(Ok((member(key.clone()), member(value.clone()))))
        })),
        val => {
            let levels = of.levels;
            let error = Error::typ(Bounded { val, levels }, "iterable (array or object)");
            Box::new(std::iter::once(Err(error)))
        }
    }
}

/// Takes what it costs to go through a value by index or slice.
fn slice(of: &Val) {
    match of {
        Val::TStr(text) | Val::BStr(text) => work(text.len() / 32 + 1),
        Val::Arr(items) => {
            work(items.len() / 8 + 1);
            room(items.len() * ITEM_BYTES);
        }
        _ => {}
    }
}

impl ValT for Bounded {
    fn from_num(text: &str) -> Answer {
        if text.len() > MAX_DIGITS {
            stop(FilterError::LongNumber);
        }
        room(text.len());
        done(Val::from_num(text), 0)
    }

    fn from_map<I: IntoIterator<Item = (Bounded, Bounded)>>(iter: I) -> Answer {
        let (mut map, mut levels) = (Map::default(), 0);
        for (name, value) in iter {
            work(1);
            key(&name.val);
            room(ENTRY_BYTES);
            levels = levels.max(name.levels).max(value.levels);
            map.insert(name.val, value.val);
        }
        Ok(Bounded::of(Val::obj(map), levels + 1))
    }

    fn key_values(self) -> Box<dyn Iterator<Item = Result<(Bounded, Bounded), Error<Bounded>>>> {
        entries(self)
    }

    fn values(self) -> Box<dyn Iterator<Item = Answer>> {
        Box::new(entries(self).map(|entry| entry.map(|(_, value)| value)))
    }

    fn index(self, index: &Bounded) -> Answer {
        match (&self.val, &index.val) {
            (Val::Null, _) => return Ok(Bounded::flat(Val::Null)),
            (Val::BStr(_) | Val::Arr(_), Val::Num(Num::Int(_) | Num::BigInt(_))) => {}
            (Val::Obj(_), name) => key(name),
            (Val::Arr(x), Val::Arr(y)) => {
                let before = LEFT.get().0;
                walk(&index.val);
                let once = usize::try_from(before - LEFT.get().0).unwrap_or(usize::MAX);
                work(x.len().saturating_mul(once));
                room(x.len().saturating_sub(y.len()) * ITEM_BYTES);
                return done(self.val.index(&index.val), 1);
            }
            (Val::BStr(_) | Val::TStr(_) | Val::Arr(_), Val::Obj(ends)) => {
                let end = |name: &str| {
                    let end = ends.get(&Val::from(name.to_owned()));
                    end.map(|end| index.member(end.clone()))
                };
                let (start, end) = (end("start"), end("end"));
                return ValT::range(self, start.as_ref()..end.as_ref());
            }
            _ => return Err(Error::index(self, index.clone())),
        }
        let levels = self.levels.saturating_sub(1);
        done(self.val.index(&index.val), levels)
    }

    fn range(self, range: Range<&Bounded>) -> Answer {
        for end in [range.start, range.end].into_iter().flatten() {
            if !matches!(end.val, Val::Null | Val::Num(Num::Int(_) | Num::BigInt(_))) {
                return Err(Error::typ(end.clone(), "integer"));
            }
        }
        if !matches!(self.val, Val::BStr(_) | Val::TStr(_) | Val::Arr(_)) {
            return Err(Error::typ(self, "rangeable (array or string)"));
        }
        slice(&self.val);
        let levels = self.levels;
        done(self.val.range(range.start.map(Bounded::val)..range.end.map(Bounded::val)), levels)
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a, Bounded>>>(
        self,
        opt: Opt,
        f: impl Fn(Bounded) -> I,
    ) -> ValX<'a, Bounded> {
        match self.val {
            Val::Arr(_) => self.values().flat_map(|item| f(item.unwrap_or_else(never))).collect(),
            Val::Obj(_) => {
                let mut kept = Vec::new();
                for entry in entries(self) {
                    let (name, value) = entry.map_err(Exn::from)?;
                    if let Some(value) = f(value).next() {
                        kept.push((name, value?));
                    }
                }
                Bounded::from_map(kept).map_err(Exn::from)
            }
            _ => opt.fail(self, |v| Exn::from(Error::typ(v, "iterable (array or object)"))),
        }
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Bounded>>>(
        self,
        index: &Bounded,
        opt: Opt,
        f: impl Fn(Bounded) -> I,
    ) -> ValX<'a, Bounded> {
        if let (Val::BStr(_) | Val::TStr(_) | Val::Arr(_), Val::Obj(ends)) = (&self.val, &index.val)
        {
            let end = |name: &str| {
                let end = ends.get(&Val::from(name.to_owned()));
                end.map(|end| index.member(end.clone()))
            };
            let (start, end) = (end("start"), end("end"));
            return self.map_range(start.as_ref()..end.as_ref(), opt, f);
        }
        let Bounded { val, levels } = self;
        let member = |val: Val| Bounded { val, levels: levels.saturating_sub(1) };
        match val {
            Val::Obj(mut map) => {
                own(&map, map.len(), ENTRY_BYTES);
                key(&index.val);
                let entries = Arc::make_mut(&mut map);
                let found = entries.get_mut(&index.val).map(std::mem::take);
                let is_there = found.is_some();
                let made = f(member(found.unwrap_or_default())).next().transpose()?;
                let levels = made.as_ref().map_or(0, |made| made.levels.max(index.levels) + 1);
                match made {
                    Some(made) => {
                        room(ENTRY_BYTES);
                        entries.insert(index.val.clone(), made.val);
                    }
                    // In constant time, at the price of another order.
                    None if is_there => _ = entries.swap_remove(&index.val),
                    None => {}
                }
                Ok(Bounded::of(
                    Val::Obj(map),
                    member(Val::Null).levels.saturating_add(1).max(levels),
                ))
            }
            Val::Arr(mut items) => {
                let position = match position(&index.val, items.len()) {
                    Ok(at) => at,
                    Err(error) => {
                        let whole = Bounded { val: Val::Arr(items), levels };
                        return opt.fail(whole, |_| Exn::from(error));
                    }
                };
                own(&items, items.len(), ITEM_BYTES);
                let all = Arc::make_mut(&mut items);
                let found = std::mem::take(&mut all[position]);
                let mut deepest = levels;
                match f(member(found)).next().transpose()? {
                    Some(made) => {
                        deepest = deepest.max(made.levels + 1);
                        all[position] = made.val;
                    }
                    None => {
                        work((all.len() - position) / 32);
                        all.remove(position);
                    }
                }
                Ok(Bounded::of(Val::Arr(items), deepest))
            }
            val => {
                let whole = Bounded { val, levels };
                opt.fail(whole, |v| Exn::from(Error::typ(v, "iterable (array or object)")))
            }
        }
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Bounded>>>(
        self,
        range: Range<&Bounded>,
        opt: Opt,
        f: impl Fn(Bounded) -> I,
    ) -> ValX<'a, Bounded> {
        let part = match ValT::range(self.clone(), range.clone()) {
            Ok(part) => part,
            Err(error) => return opt.fail(self, |_| Exn::from(error)),
        };
        let made = f(part).next().transpose()?;
        slice(&self.val);
        let levels = match (&self.val, made.as_ref().map(|made| &made.val)) {
            (Val::Arr(_), Some(Val::Arr(items))) => {
                work(items.len() / 8);
                room(items.len() * ITEM_BYTES);
                self.levels.max(made.as_ref().map_or(0, |made| made.levels))
            }
            (Val::TStr(text), Some(Val::TStr(new))) | (Val::BStr(text), Some(Val::BStr(new))) => {
                string(text.len() + new.len());
                0
            }
            (_, None) => self.levels,
            (Val::Arr(_), Some(_)) => {
                let made = made.unwrap_or_else(|| Bounded::flat(Val::Null));
                return Err(Exn::from(Error::typ(made, "array")));
            }
            _ => {
                let made = made.unwrap_or_else(|| Bounded::flat(Val::Null));
                return Err(Exn::from(Error::typ(made, "string")));
            }
        };
        let made = made.map(Bounded::into_val);
        let range = range.start.map(Bounded::val)..range.end.map(Bounded::val);
        let once = |_| made.clone().map(Ok).into_iter();
        match self.val.map_range(range, Opt::Essential, once) {
            Ok(val) => Ok(Bounded::of(val, levels)),
            Err(_) => Ok(Bounded::flat(Val::Null)),
        }
    }

    fn as_bool(&self) -> bool {
        self.val.as_bool()
    }

    fn into_string(self) -> Bounded {
        if !matches!(self.val, Val::BStr(_) | Val::TStr(_)) {
            string(walk(&self.val));
        }
        Bounded::flat(self.val.into_string())
    }
}

/// The values of an array have no errors among them.
fn never(_: Error<Bounded>) -> Bounded {
    Bounded::flat(Val::Null)
}

/// Where an index points in an array.
pub(super) fn position(index: &Val, length: usize) -> Result<usize, Error<Bounded>> {
    let number = match index {
        Val::Num(number @ (Num::Int(_) | Num::BigInt(_))) => number,
        _ => return Err(Error::typ(Bounded::flat(index.clone()), "integer")),
    };
    let at = number.as_isize().and_then(|at| match usize::try_from(at) {
        Ok(at) => Some(at),
        Err(_) => length.checked_sub(at.unsigned_abs()),
    });
    let out = || Error::str(format_args!("index {index} out of bounds"));
    at.filter(|at| *at < length).ok_or_else(out)
}

impl jaq_std::ValT for Bounded {
    fn into_seq<S: FromIterator<Bounded>>(self) -> Result<S, Bounded> {
        match self.val {
            Val::Arr(ref items) => {
                work(items.len());
                room(items.len() * (ITEM_BYTES + 8));
                Ok(items.iter().map(|item| self.member(item.clone())).collect())
            }
            _ => Err(self),
        }
    }

    fn is_int(&self) -> bool {
        self.val.is_int()
    }

    fn as_isize(&self) -> Option<isize> {
        self.val.as_isize()
    }

    fn as_f64(&self) -> Option<f64> {
        self.val.as_f64()
    }

    fn is_utf8_str(&self) -> bool {
        self.val.is_utf8_str()
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        self.val.as_bytes()
    }

    fn as_sub_str(&self, part: &[u8]) -> Bounded {
        room(64);
        Bounded::flat(self.val.as_sub_str(part))
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Bounded {
        string(bytes.as_ref().len());
        Bounded::flat(Val::from_utf8_bytes(bytes))
    }
}
