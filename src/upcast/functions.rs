//! The functions a jq filter may call, and those of them that are ours.
//!
//! Which of jaq's native functions are among them is in `kinds`.

use std::str;

use jaq_core::native::{Fun, bome, run, unary, v};
use jaq_core::{Error, ValT as _};
use jaq_json::{Num, Val, write};
use jaq_std::ValT as _;

use super::bounded::{Answer, Bounded, compare, key, position, room, string, walk, work};
use super::fuel::{self, Fuel};
use super::kinds::{Kind, kind_of};
use super::limits::{MAX_DEPTH, value_of};

/// The functions a filter may call, beside those that are defined in jq.
pub(super) fn all() -> impl Iterator<Item = Fun<Fuel>> {
    let native = jaq_core::funs::<Fuel>().chain(jaq_std::funs());
    let taken = |fun: &Fun<Fuel>| {
        let kind = kind_of(fun.0, fun.1.len());
        matches!(kind, Some(Kind::Plain | Kind::Grows(_) | Kind::Regex))
    };
    native.filter(taken).chain(ours())
}

/// Our own.
fn ours() -> [Fun<Fuel>; 16] {
    [
        run(("fromjson", v(0), |cv| bome(from_json(&cv.1)))),
        run(("tojson", v(0), |cv| bome(to_json(&cv.1)))),
        run(("tobytes", v(0), |cv| bome(to_bytes(&cv.1)))),
        run(("length", v(0), |cv| bome(length(cv.1)))),
        run(("contains", v(1), |cv| {
            unary(cv, |one, other| Ok(contains(one.val(), other.val()).into()))
        })),
        run(("has", v(1), |cv| unary(cv, has))),
        run(("indices", v(1), |cv| unary(cv, indices))),
        run(("bsearch", v(1), |cv| unary(cv, search))),
        run(("scaled", v(1), |cv| unary(cv, scaled))),
        run(("!weigh1", v(0), |cv| bome(weigh(cv.1, 1)))),
        run(("!weigh2", v(0), |cv| bome(weigh(cv.1, 2)))),
        run(("!weigh8", v(0), |cv| bome(weigh(cv.1, 8)))),
        run(("!weigh24", v(0), |cv| bome(weigh(cv.1, 24)))),
        run(("!weigh64", v(1), |cv| {
            unary(cv, |value, format| {
                weigh(format, 64)?;
                Ok(value)
            })
        })),
        run(("!regex", v(2), |mut cv| {
            cv.0.pop_var();
            let pattern = cv.0.pop_var();
            weigh_regex(&cv.1, &pattern);
            bome(Ok(cv.1))
        })),
        fuel::function(),
    ]
}

/// Takes what a string or an array may become.
fn weigh(value: Bounded, times: usize) -> Answer {
    let length = match value.val() {
        Val::TStr(text) | Val::BStr(text) => text.len(),
        Val::Arr(items) => items.len(),
        _ => 0,
    };
    work(length / 16);
    string(length.saturating_mul(times));
    Ok(value)
}

/// Takes what a regular expression costs to compile, and its search, whose time is that of the
/// expression's size times the text's.
fn weigh_regex(text: &Bounded, pattern: &Bounded) {
    let pattern = pattern.as_bytes().unwrap_or_default();
    let size = expanded(pattern);
    let length = text.as_bytes().map_or(0, <[u8]>::len);
    work(size.saturating_add(size.saturating_mul(length) / 32));
    room(size.saturating_mul(32).saturating_add(length));
}

/// About how many parts a regular expression has when its repetitions are written out.
fn expanded(pattern: &[u8]) -> usize {
    // The size of each group that is open, and of the part that comes last in it.
    let mut open = vec![(0_usize, 0_usize)];
    let mut at = 0;
    while let Some(byte) = pattern.get(at) {
        at += 1;
        let part = match byte {
            b'(' => {
                open.push((0, 0));
                continue;
            }
            b')' if open.len() > 1 => {
                let (sum, last) = open.pop().unwrap_or_default();
                sum.saturating_add(last).saturating_add(1)
            }
            b'{' => {
                let end = pattern[at..].iter().position(|b| *b == b'}').unwrap_or(0);
                let counts = str::from_utf8(&pattern[at..at + end]).unwrap_or_default();
                let counts = counts.split(',').filter_map(|n| n.trim().parse::<usize>().ok());
                if let (Some(most), Some(group)) = (counts.max(), open.last_mut()) {
                    group.1 = group.1.saturating_mul(most.max(1));
                }
                at += end;
                continue;
            }
            b'\\' => {
                at += 1;
                8
            }
            b'[' => 4,
            _ => 1,
        };
        if let Some(group) = open.last_mut() {
            *group = (group.0.saturating_add(group.1), part);
        }
    }
    open.into_iter().fold(1, |sum, (all, last)| sum.saturating_add(all).saturating_add(last))
}

/// One JSON text gives one value, as in jq. jaq's own reads any number of
/// values, so that `"" | tonumber` would make an event vanish, and it follows
/// hostile nesting until the stack ends.
fn from_json(value: &Bounded) -> Answer {
    let error = |message: String| Error::str(format_args!("cannot parse: {message}"));
    let Some(text) = value.as_utf8_bytes() else {
        return Err(Error::typ(value.clone(), "string"));
    };
    let text = str::from_utf8(text).map_err(|e| error(e.to_string()))?;
    work(text.len() / 8);
    room(text.len().saturating_mul(8));
    serde_json::from_str::<&serde_json::value::RawValue>(text).map_err(|e| error(e.to_string()))?;
    let val = value_of(text).map_err(|e| error(e.to_string()))?;
    Ok(Bounded::read(val, MAX_DEPTH))
}

/// The most places that [`scaled`] moves a point by.
const PLACES: isize = 400;

/// The whole number that a decimal number becomes when its point is moved to the right: digit by digit, for
/// jq multiplies in floats. `"19.99" | scaled(2)` is 1999.
fn scaled(value: Bounded, places: Bounded) -> Answer {
    let places = match places.val() {
        Val::Num(number) => number.as_isize().filter(|n| (0..=PLACES).contains(n)),
        _ => None,
    };
    let Some(places) = places else {
        return Err(Error::str(format_args!("scaled takes a number of places up to {PLACES}")));
    };
    let text = match value.val() {
        Val::TStr(text) => str::from_utf8(text).map(str::to_owned).ok(),
        Val::Num(number @ (Num::Int(_) | Num::BigInt(_) | Num::Dec(_))) => Some(number.to_string()),
        _ => None,
    };
    let text = text.unwrap_or_default();
    work(text.len() / 8);
    room(text.len());
    match point_moved(&text, places) {
        Some(digits) => {
            let val = value_of(&digits).map_err(|e| Error::str(e.to_string()))?;
            Ok(Bounded::read(val, MAX_DEPTH))
        }
        None => {
            let what = "it is no decimal number, or has more decimal places than";
            Err(Error::str(format_args!("{what} {places}")))
        }
    }
}

/// A JSON number with its point so many places further to the right, if it is whole then.
fn point_moved(text: &str, places: isize) -> Option<String> {
    serde_json::from_str::<serde_json::Number>(text).ok()?;
    let text = text.trim();
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let exponent: isize = exponent.parse().ok().filter(|e: &isize| e.abs() <= PLACES)?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{part}");
    let point = isize::try_from(whole.len()).ok()? + places + exponent;
    let point = match usize::try_from(point) {
        Ok(point) => point,
        Err(_) => {
            digits.insert_str(0, &"0".repeat(point.unsigned_abs()));
            0
        }
    };
    if point < digits.len() {
        let rest = digits.split_off(point);
        if rest.bytes().any(|digit| digit != b'0') {
            return None;
        }
    }
    digits.extend(std::iter::repeat_n('0', point - digits.len()));
    match digits.trim_start_matches('0') {
        "" => Some("0".to_owned()),
        digits => Some(format!("{sign}{digits}")),
    }
}

fn to_json(value: &Bounded) -> Answer {
    string(walk(value.val()));
    let mut text = Vec::new();
    match write::write(&mut text, &write::Pp::default(), 0, value.val()) {
        Ok(()) => Ok(Bounded::flat(Val::utf8_str(text))),
        Err(_) => Err(Error::str(format_args!("cannot write a value"))),
    }
}

fn to_bytes(value: &Bounded) -> Answer {
    fn push(val: &Val, bytes: &mut Vec<u8>) -> Option<()> {
        work(1);
        match val {
            Val::Num(number) => bytes.push(u8::try_from(number.as_isize()?).ok()?),
            Val::BStr(text) | Val::TStr(text) => {
                string(text.len());
                bytes.extend_from_slice(text);
            }
            Val::Arr(items) => items.iter().try_for_each(|item| push(item, bytes))?,
            _ => return None,
        }
        Some(())
    }
    let mut bytes = Vec::new();
    match push(value.val(), &mut bytes) {
        Some(()) => Ok(Bounded::flat(Val::byte_str(bytes))),
        None => Err(Error::str(format_args!("cannot convert a value to bytes"))),
    }
}

/// Nothing of null, a number without its sign, the characters of a string, the members of the rest.
fn length(value: Bounded) -> Answer {
    let count = match value.val() {
        Val::Null => 0,
        Val::Num(Num::Float(number)) => return Ok(number.abs().into()),
        Val::Num(Num::Dec(_)) => return Ok(value.as_f64().unwrap_or(f64::NAN).abs().into()),
        Val::Num(_) if *value.val() < Val::from(0_usize) => return -value,
        Val::Num(_) => return Ok(value),
        Val::TStr(text) => {
            work(text.len() / 32);
            String::from_utf8_lossy(text).chars().count()
        }
        Val::BStr(bytes) => bytes.len(),
        Val::Arr(items) => items.len(),
        Val::Obj(map) => map.len(),
        Val::Bool(value) => return Err(Error::str(format_args!("{value} has no length"))),
    };
    Ok(count.into())
}

fn contains(one: &Val, other: &Val) -> bool {
    work(1);
    match (one, other) {
        (Val::BStr(x), Val::BStr(y)) | (Val::TStr(x), Val::TStr(y)) => {
            work((x.len() / 64 + 1).saturating_mul(y.len() / 64 + 1));
            y.is_empty() || x.windows(y.len()).any(|window| window == &***y)
        }
        (Val::Arr(x), Val::Arr(y)) => y.iter().all(|y| x.iter().any(|x| contains(x, y))),
        (Val::Obj(x), Val::Obj(y)) => y.iter().all(|(name, y)| {
            key(name);
            x.get(name).is_some_and(|x| contains(x, y))
        }),
        _ => {
            compare(one, other);
            one == other
        }
    }
}

fn has(value: Bounded, index: Bounded) -> Answer {
    let found = match (value.val(), index.val()) {
        (Val::Null, _) => false,
        (Val::Obj(map), name) => {
            key(name);
            map.contains_key(name)
        }
        (Val::Arr(items), Val::Num(Num::Int(_) | Num::BigInt(_))) => {
            position(index.val(), items.len()).is_ok()
        }
        (Val::BStr(bytes), Val::Num(Num::Int(_) | Num::BigInt(_))) => {
            position(index.val(), bytes.len()).is_ok()
        }
        (Val::Arr(_), Val::Arr(_)) | (Val::BStr(_) | Val::TStr(_) | Val::Arr(_), Val::Obj(_)) => {
            value.index(&index)?;
            true
        }
        _ => return Err(Error::index(value, index)),
    };
    Ok(found.into())
}

fn indices(value: Bounded, of: Bounded) -> Answer {
    let found: Vec<usize> = match (value.val(), of.val()) {
        (Val::BStr(_), Val::BStr(y)) | (Val::TStr(_), Val::TStr(y)) if y.is_empty() => Vec::new(),
        (Val::TStr(x), Val::TStr(y)) => {
            work((x.len() / 16 + 1).saturating_mul(y.len() / 64 + 1));
            let text = str::from_utf8(x).map_err(Error::str)?;
            let starts = text.char_indices().enumerate();
            starts.filter(|(_, (at, _))| x[*at..].starts_with(y)).map(|(nth, _)| nth).collect()
        }
        (Val::BStr(x), Val::BStr(y)) => {
            work((x.len() / 16 + 1).saturating_mul(y.len() / 64 + 1));
            (0..x.len()).filter(|at| x[*at..].starts_with(y)).collect()
        }
        (Val::Arr(_), Val::Arr(y)) if y.is_empty() => Vec::new(),
        (Val::Arr(_), Val::Arr(_)) => return value.index(&of),
        (Val::Arr(x), y) => {
            let is_it = |x: &Val| {
                compare(x, y);
                x == y
            };
            x.iter().enumerate().filter(|(_, x)| is_it(x)).map(|(at, _)| at).collect()
        }
        _ => return Err(Error::index(value, of)),
    };
    Ok(found.into_iter().map(Bounded::from).collect())
}

/// Where a value stands in a sorted array, or would stand: then from -1 downwards.
fn search(value: Bounded, of: Bounded) -> Answer {
    let Val::Arr(items) = value.val() else { return Err(Error::typ(value, "array")) };
    let found = items.binary_search_by(|item| {
        compare(item, of.val());
        item.cmp(of.val())
    });
    let place = |at: usize| isize::try_from(at).unwrap_or(isize::MAX);
    Ok(found.map_or_else(|at| -1 - place(at), place).into())
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{NATIVE, weighed_by};
    use super::*;

    /// What jaq defines in jq, of what stands in the list: each goes round only where it is counted.
    const DEFINED: &str = "@base64 @base64d @html @htmld @json @sh @text @uri @urid abs add all any \
        arrays booleans capture capture_of_match combinations del delpaths drem empty error false \
        finites first flatten from_entries fromdate gamma getpath gsub in index infinite inside \
        isarray isboolean isempty isfinite isinfinite isnan isnormal isnumber isobject isstring \
        iterables join keys last logb map map_values match max max_by min min_by nan nexttoward \
        normals not nth null nulls numbers objects paths pick pow10 range recurse repeat rindex scalb \
        scalars scan scan_ select setpath significand split splits strings sub test to_entries toboolean \
        todate tonumber tostring totype transpose true type unique unique_by until values walk while \
        with_entries";

    #[test]
    fn every_function_of_jaq_was_looked_at() {
        let core = jaq_core::funs::<Fuel>().chain(jaq_std::funs());
        let json = jaq_json::funs::<jaq_core::data::JustLut<Val>>();
        let native: Vec<(&str, usize)> = core
            .map(|fun| (fun.0, fun.1.len()))
            .chain(json.map(|fun| (fun.0, fun.1.len())))
            .collect();
        for (name, arguments) in &native {
            assert!(kind_of(name, *arguments).is_some(), "{name}/{arguments} is new in jaq");
        }
        let listed = NATIVE
            .iter()
            .flat_map(|(_, count, names)| names.split_whitespace().map(move |name| (name, *count)));
        for function in listed.clone() {
            assert!(native.contains(&function), "{function:?} is gone from jaq");
        }
        assert_eq!(listed.count(), native.len());
        // Whatever must be weighed is, and has what weighs it.
        let there: Vec<&str> = all().map(|fun| fun.0).collect();
        for (name, arguments) in native {
            let kind = kind_of(name, arguments).unwrap();
            assert_eq!(there.contains(&name), kind != Kind::Refused, "{name}");
            if let Some(weighs) = weighed_by(name, arguments) {
                assert!(there.contains(&weighs), "{weighs}");
            }
        }
        let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let refused = super::super::filter::NOT_AVAILABLE;
        for def in defs {
            let is_known = DEFINED.split_whitespace().any(|name| name == def.name);
            assert!(is_known || refused.contains(&def.name), "{} is new in jaq", def.name);
        }
    }

    #[test]
    fn a_point_is_moved_digit_by_digit() {
        for (text, expect) in [
            ("19.99", Some("1999")),
            ("0.29", Some("29")),
            ("1.15", Some("115")),
            ("4.35", Some("435")),
            ("-0.01", Some("-1")),
            ("-0.00", Some("0")),
            ("0.05000000000000", Some("5")),
            ("7", Some("700")),
            ("1e3", Some("100000")),
            ("1999e-2", Some("1999")),
            ("5e-2", Some("5")),
            ("0e-9", Some("0")),
            ("90071992547409.93", Some("9007199254740993")),
            ("123456789012345678901234567890.12", Some("12345678901234567890123456789012")),
            ("1.005", None),
            ("5e-3", None),
            ("1e999999999", None),
            ("1,50", None),
            ("", None),
            ("05.10", None),
            (" 1 ", Some("100")),
            ("NaN", None),
            ("\"1\"", None),
        ] {
            assert_eq!(point_moved(text, 2).as_deref(), expect, "{text:?}");
        }
    }

    #[test]
    fn repetitions_are_written_out() {
        let size = |pattern: &str| expanded(pattern.as_bytes());
        assert!(size("^T[0-9]+ (?<name>.*)$") < 100);
        assert!(size(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$") < 200);
        assert!(size("((a{100}){100}){100}") > 1_000_000);
        assert!(size("(((((((((((a{99999}){99999}){99999})){99999}") > 1_000_000);
        for odd in ["", "(", ")", "{", "a{", "a{x}", "\\", "(a", "a)b", "[{}]"] {
            assert!(size(odd) < 30, "{odd}");
        }
    }
}
