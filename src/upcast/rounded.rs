//! Where a jq filter computes with floats, and to which field that goes.
//!
//! jq knows one kind of number with a fraction, a float of 64 bits: 1.005 times 100 is less than 100.5
//! there, and a sum of many prices is off in its last digits. Whether a filter computes is recognised by
//! its parsed text. Nothing is evaluated.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::ops::Math;

use super::touched::{path, text};

/// A field that is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rounded {
    /// Its path; none where it cannot be told.
    pub(super) path: Option<Vec<String>>,
    /// Whether the numbers have fractions by the filter's own words; else they may be whole.
    pub(super) is_certain: bool,
}

/// Functions that would do nothing to a whole number.
const FRACTIONS: [&str; 6] = ["ceil", "floor", "round", "tonumber", "trunc", "sqrt"];

/// The fields that a filter computes.
pub(super) fn rounded(filter: &Term<&str>) -> Vec<Rounded> {
    let mut found = Vec::new();
    writes(filter, &mut found);
    found
}

fn writes(term: &Term<&str>, found: &mut Vec<Rounded>) {
    match term {
        Term::BinOp(left, BinaryOp::Pipe(None), right) => {
            writes(left, found);
            writes(right, found);
        }
        Term::BinOp(_, BinaryOp::Pipe(Some(_)), right) => writes(right, found),
        Term::BinOp(left, BinaryOp::Assign | BinaryOp::Update, right) => {
            push(path(left), &[right], computes(right), found);
        }
        Term::BinOp(left, BinaryOp::UpdateMath(math), right) => {
            let is_division = matches!(math, Math::Div);
            let at = found.len();
            push(path(left), &[right], !is_no_number(right), found);
            found[at..].iter_mut().for_each(|one| one.is_certain |= is_division);
        }
        Term::BinOp(left, BinaryOp::Math(Math::Add), right)
            if matches!(&**right, Term::Obj(_)) && !computes(left) =>
        {
            writes(right, found);
        }
        Term::Obj(members) => {
            for (key, value) in members {
                if let Some(value) = value {
                    push(text(key).map(|key| vec![key]), &[value], computes(value), found);
                }
            }
        }
        Term::IfThenElse(cases, other) => {
            cases.iter().for_each(|(_, then)| writes(then, found));
            other.iter().for_each(|other| writes(other, found));
        }
        other => push(None, &[other], computes(other), found),
    }
}

fn push(
    path: Option<Vec<String>>,
    terms: &[&Term<&str>],
    computes: bool,
    found: &mut Vec<Rounded>,
) {
    if computes {
        let is_certain = terms.iter().any(|term| any(term, &mut has_fractions));
        found.push(Rounded { path, is_certain });
    }
}

/// Whether numbers are added, multiplied and so on in it.
fn computes(term: &Term<&str>) -> bool {
    any(term, &mut |term| match term {
        Term::BinOp(left, BinaryOp::Math(_) | BinaryOp::UpdateMath(_), right) => {
            !is_no_number(left) && !is_no_number(right)
        }
        _ => false,
    })
}

/// Whether it is a text, a list or an object by what is written: sums of these are no sums.
fn is_no_number(term: &Term<&str>) -> bool {
    match term {
        Term::Str(..) | Term::Arr(_) | Term::Obj(_) => true,
        Term::BinOp(left, BinaryOp::Math(Math::Add), right) => {
            is_no_number(left) || is_no_number(right)
        }
        _ => false,
    }
}

fn has_fractions(term: &Term<&str>) -> bool {
    match term {
        Term::Num(digits) => digits.contains(['.', 'e', 'E']),
        Term::BinOp(_, BinaryOp::Math(Math::Div) | BinaryOp::UpdateMath(Math::Div), _) => true,
        Term::Call(name, args) => args.is_empty() && FRACTIONS.contains(name),
        _ => false,
    }
}

/// Whether something is true of a term or of one inside it.
fn any(term: &Term<&str>, is: &mut dyn FnMut(&Term<&str>) -> bool) -> bool {
    if is(term) {
        return true;
    }
    let mut inner: Vec<&Term<&str>> = Vec::new();
    match term {
        Term::Str(_, parts) => inner.extend(parts.iter().filter_map(|part| match part {
            StrPart::Term(term) => Some(term),
            _ => None,
        })),
        Term::Arr(list) => inner.extend(list.as_deref()),
        Term::Obj(members) => inner.extend(members.iter().filter_map(|(_, value)| value.as_ref())),
        Term::Neg(one) | Term::Label(_, one) => inner.push(one),
        Term::BinOp(left, _, right) => inner.extend([&**left, &**right]),
        Term::Fold(_, list, _, args) => {
            inner.push(list);
            inner.extend(args);
        }
        Term::TryCatch(one, caught) => {
            inner.push(one);
            inner.extend(caught.as_deref());
        }
        Term::IfThenElse(cases, other) => {
            inner.extend(cases.iter().flat_map(|(test, then)| [test, then]));
            inner.extend(other.as_deref());
        }
        Term::Def(defs, body) => {
            inner.extend(defs.iter().map(|def| &def.body));
            inner.push(body);
        }
        Term::Call(_, args) => inner.extend(args),
        Term::Path(one, _) => inner.push(one),
        _ => {}
    }
    inner.into_iter().any(|term| any(term, is))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jaq_core::load;

    fn found(code: &str) -> Vec<(Option<String>, bool)> {
        let term = load::parse(code, |parser| parser.term()).unwrap();
        let told = |one: Rounded| (one.path.map(|path| path.join(".")), one.is_certain);
        rounded(&term).into_iter().map(told).collect()
    }

    #[test]
    fn what_is_computed_is_told_with_its_field() {
        let to = |path: &str, is_certain: bool| vec![(Some(path.to_owned()), is_certain)];
        for (code, expect) in [
            (".cents = (.price | tonumber * 100 | round) | del(.price)", to("cents", true)),
            (".cents = (.price * 100)", to("cents", false)),
            (".cents = (.price * 100 | round)", to("cents", true)),
            (".a.half = (.n / 2)", to("a.half", true)),
            (".n += 1", to("n", false)),
            (".n /= 2", to("n", true)),
            (".gross |= . * 1.19", to("gross", true)),
            (". + {sum: (.a + .b)}", to("sum", false)),
            ("{id, total: (.net * 1.19)}", to("total", true)),
            ("if .a then .n = (.n * 1.5) else . end", to("n", true)),
            (".lines[0].p = (.x - .y)", vec![(None, false)]),
            (".[] |= (tonumber * 2)", vec![(None, true)]),
        ] {
            assert_eq!(found(code), expect, "{code}");
        }
    }

    #[test]
    fn what_only_moves_values_is_no_matter() {
        for code in [
            ".",
            ".cents = (.price | scaled(2)) | del(.price)",
            ".a = .b",
            ".name = .first + \" \" + .last",
            ".tags += [\"x\"]",
            ".l |= map(tostring)",
            "{id, price: (.price | tonumber)}",
            ". + {a: .b}",
            "select(.n > 1)",
        ] {
            let found: Vec<_> = found(code);
            assert_eq!(found, [], "{code}");
        }
    }
}
