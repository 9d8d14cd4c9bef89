//! Sums, products and the rest, with what they cost.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use jaq_core::Error;
use jaq_core::ops::Math;
use jaq_json::{Num, Val};

use super::{
    Answer, Bounded, ENTRY_BYTES, FilterError, ITEM_BYTES, LEFT, MAX_BITS, compare, done, fits,
    key, own, room, stop, string, walk, work,
};

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
