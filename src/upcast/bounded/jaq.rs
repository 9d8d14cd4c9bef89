//! What jaq asks of values: members, slices, texts, numbers.

use std::sync::Arc;

use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_core::{Error, Exn, ValT, ValX};
use jaq_json::{Map, Num, Val};

use super::{
    Answer, Bounded, ENTRY_BYTES, FilterError, ITEM_BYTES, LEFT, MAX_DIGITS, done, key, own, room,
    stop, string, walk, work,
};

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
pub(in crate::upcast) fn position(index: &Val, length: usize) -> Result<usize, Error<Bounded>> {
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
