//! A jq filter's work, counted, so that one without end is stopped.
//!
//! Owns where a filter is counted and the bounds: its text is changed so that each round of what
//! can go round for ever (a function that calls itself, `range`, `reduce` and `foreach`) takes
//! one step of a meter. Steps are counted, not time, so an event gives the same answer twice. What
//! goes through values is counted by the values themselves (`bounded`); here each call that may make
//! much of little gets what weighs it (`functions`) in front.

use std::cell::Cell;
use std::panic::resume_unwind;

use jaq_core::data::HasLut;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::path::{Part, Path};
use jaq_core::{DataT, Lut};
use jaq_json::Val;

use super::bounded::Bounded;
use super::kinds::weighed_by;
use super::limits::{FilterError, MAX_STEPS, MAX_VALUE};

/// The stack a filter may take: half of what a thread has.
const MAX_STACK: usize = 1 << 20;

/// The function that takes a step, and the variable it is bound to: no filter can name them.
const STEP: &str = "!step";
const STEP_VARIABLE: &str = "$!step";

/// What a filter runs with.
pub(super) struct Fuel;

/// The steps of one event.
pub(super) struct Meter<'a> {
    lut: &'a Lut<Fuel>,
    steps: Cell<u32>,
    stack: usize,
}

impl DataT for Fuel {
    type V<'a> = Bounded;
    type Data<'a> = &'a Meter<'a>;
}

impl<'a> HasLut<'a, Fuel> for &'a Meter<'a> {
    fn lut(&self) -> &'a Lut<Fuel> {
        self.lut
    }
}

/// Where the stack stands, more or less.
fn stack_now() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

impl<'a> Meter<'a> {
    pub(super) fn new(lut: &'a Lut<Fuel>) -> Self {
        Meter { lut, steps: Cell::new(0), stack: stack_now() }
    }

    /// Takes a step with a value. A filter cannot catch what stops it here.
    fn step(&self, value: &Bounded) {
        self.steps.set(self.steps.get() + 1);
        let size = match value.val() {
            Val::TStr(text) | Val::BStr(text) => text.len(),
            Val::Arr(items) => items.len(),
            Val::Obj(map) => map.len(),
            _ => 0,
        };
        let problem = if self.steps.get() > MAX_STEPS {
            FilterError::Endless
        } else if size > MAX_VALUE {
            FilterError::LargeValue
        } else if self.stack.abs_diff(stack_now()) > MAX_STACK {
            FilterError::TooDeep
        } else {
            return;
        };
        resume_unwind(Box::new(problem));
    }
}

/// The native function behind the steps.
pub(super) fn function() -> Fun<Fuel> {
    run((STEP, v(0), |cv| {
        cv.0.data().step(&cv.1);
        bome(Ok(Bounded::flat(Val::Null)))
    }))
}

/// A definition that takes a step each time it is called, if it calls itself.
pub(super) fn counted(def: Def<&str>) -> Def<&str> {
    let goes_round = calls(&def.body, def.name, def.args.len());
    let body = term(def.body);
    Def { body: if goes_round { stepped(body) } else { body }, ..def }
}

/// `step as $step | term`
fn stepped(term: Term<&str>) -> Term<&str> {
    let step = Box::new(Term::Call(STEP, Vec::new()));
    Term::BinOp(step, BinaryOp::Pipe(Some(Pattern::Var(STEP_VARIABLE))), Box::new(term))
}

/// `weighs(args) | call(args)`. Each argument is bound before, so that it is evaluated once.
fn weighed<'t>(weighs: &'t str, name: &'t str, args: Vec<Term<&'t str>>) -> Term<&'t str> {
    const BOUND: [&str; 2] = ["$!first", "$!second"];
    let bound: Vec<_> = BOUND.iter().take(args.len()).map(|name| Term::Var(*name)).collect();
    let weight = Box::new(Term::Call(weighs, bound.clone()));
    let call = Box::new(Term::Call(name, bound));
    let both = Term::BinOp(weight, BinaryOp::Pipe(None), call);
    args.into_iter().zip(BOUND).rev().fold(both, |inner, (arg, name)| {
        Term::BinOp(Box::new(arg), BinaryOp::Pipe(Some(Pattern::Var(name))), Box::new(inner))
    })
}

/// A term whose rounds are counted.
pub(super) fn term(whole: Term<&str>) -> Term<&str> {
    match whole {
        Term::Def(defs, rest) => {
            Term::Def(defs.into_iter().map(counted).collect(), Box::new(term(*rest)))
        }
        Term::Fold(name, values, pattern_, mut args) => {
            args = args.into_iter().map(term).collect();
            if args.len() > 1 {
                args[1] = stepped(std::mem::take(&mut args[1]));
            }
            Term::Fold(name, Box::new(term(*values)), pattern(pattern_), args)
        }
        Term::Call(name, args) => {
            let ranges = name == "range" && args.len() == 3;
            let args: Vec<_> = args.into_iter().map(term).collect();
            if let Some(weighs) = weighed_by(name, args.len()) {
                return weighed(weighs, name, args);
            }
            let call = Term::Call(name, args);
            if !ranges {
                return call;
            }
            Term::BinOp(Box::new(call), BinaryOp::Pipe(None), Box::new(stepped(Term::Id)))
        }
        Term::Str(format, parts) => {
            let part = |part| match part {
                StrPart::Term(inner) => StrPart::Term(term(inner)),
                other => other,
            };
            Term::Str(format, parts.into_iter().map(part).collect())
        }
        Term::Arr(inner) => Term::Arr(inner.map(boxed)),
        Term::Obj(members) => Term::Obj(
            members.into_iter().map(|(key, value)| (term(key), value.map(term))).collect(),
        ),
        Term::Neg(inner) => Term::Neg(boxed(inner)),
        Term::BinOp(left, operator, right) => {
            let operator = match operator {
                BinaryOp::Pipe(bound) => BinaryOp::Pipe(bound.map(pattern)),
                other => other,
            };
            Term::BinOp(boxed(left), operator, boxed(right))
        }
        Term::Label(name, inner) => Term::Label(name, boxed(inner)),
        Term::TryCatch(inner, catch) => Term::TryCatch(boxed(inner), catch.map(boxed)),
        Term::IfThenElse(cases, other) => Term::IfThenElse(
            cases.into_iter().map(|(test, then)| (term(test), term(then))).collect(),
            other.map(boxed),
        ),
        Term::Path(inner, Path(parts)) => {
            let part = |part| match part {
                Part::Index(at) => Part::Index(term(at)),
                Part::Range(from, to) => Part::Range(from.map(term), to.map(term)),
            };
            let parts = parts.into_iter().map(|(each, optional)| (part(each), optional));
            Term::Path(boxed(inner), Path(parts.collect()))
        }
        plain @ (Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_)) => plain,
    }
}

#[expect(clippy::boxed_local, reason = "the parser's terms are boxed")]
fn boxed(inner: Box<Term<&str>>) -> Box<Term<&str>> {
    Box::new(term(*inner))
}

fn pattern(whole: Pattern<&str>) -> Pattern<&str> {
    match whole {
        Pattern::Var(name) => Pattern::Var(name),
        Pattern::Arr(items) => Pattern::Arr(items.into_iter().map(pattern).collect()),
        Pattern::Obj(members) => Pattern::Obj(
            members.into_iter().map(|(key, value)| (term(key), pattern(value))).collect(),
        ),
    }
}

/// Whether a function of that name is called anywhere in a term. The name is looked for in how the
/// term is written out: a text that looks like a call costs a step too many, which is no harm.
fn calls(body: &Term<&str>, name: &str, arguments: usize) -> bool {
    let written = format!("{body:?}");
    let call = format!("Call({name:?}, [");
    written.match_indices(&call).any(|(at, _)| {
        let empty = written[at + call.len()..].starts_with(']');
        empty == (arguments == 0)
    })
}
