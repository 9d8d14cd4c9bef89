//! Functions, each family in a file of its own: what a call takes and gives, what it computes, and when it is left
//! to PostgreSQL.
//!
//! COALESCE, NULLIF, GREATEST and LEAST are not among them: to PostgreSQL they are forms of its language
//! (manual, "Conditional Expressions"), which evaluate their operands one after another, and stand with the operators.

mod arrays;
mod numbers;
mod objects;
mod texts;

use std::ops::RangeInclusive;

use super::expr::{Expr, Scope, Stop, Value, decline};
use super::rejection::{Reason, Refused, refuse};
use super::typing::{Typed, known};
use crate::cell::Kind;

pub(super) use arrays::appended;

/// The functions there are, by family.
const FAMILIES: [&[Function]; 4] = [numbers::ALL, texts::ALL, arrays::ALL, objects::ALL];

/// A function of PostgreSQL's, by its name.
pub(super) struct Function {
    name: &'static str,
    /// How many arguments it takes here.
    takes: RangeInclusive<usize>,
    /// The call with these arguments, by their types.
    typed: fn(Vec<Typed>) -> Result<Typed, Refused>,
}

/// What calls compute, for one signature.
#[derive(Debug)]
struct Operation {
    /// Whether it gives NULL where an argument is NULL (`pg_proc.proisstrict`).
    is_strict: bool,
    /// Whether PostgreSQL may refuse a value of it.
    can_fail: bool,
    value: for<'a> fn(&'a Call, &Scope<'a>) -> Result<Value<'a>, Stop>,
}

/// A call: what it computes, of which arguments.
#[derive(Debug, Clone)]
pub struct Call {
    operation: &'static Operation,
    args: Vec<(Expr, Kind)>,
}

/// The names of all of them: another function of the same name may be the one that PostgreSQL calls.
#[must_use]
pub fn names() -> Vec<&'static str> {
    FAMILIES.into_iter().flatten().map(|function| function.name).collect()
}

/// The function with this name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FAMILIES.into_iter().flatten().find(|function| function.name == name)
}

impl Function {
    /// A call with these arguments, as many as it takes.
    pub(super) fn call(&self, args: Vec<Typed>) -> Result<Typed, Refused> {
        match self.takes.contains(&args.len()) {
            true => (self.typed)(args),
            false => refuse(Reason::OtherFunction(self.name.to_owned())),
        }
    }
}

impl Operation {
    fn of(&'static self, args: Vec<(Expr, Kind)>, gives: Kind) -> Result<Typed, Refused> {
        known(Expr::Call(Box::new(Call { operation: self, args })), gives)
    }
}

impl Call {
    #[inline]
    pub(super) fn value<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>, Stop> {
        (self.operation.value)(self, scope)
    }

    pub(super) fn can_fail(&self) -> bool {
        self.operation.can_fail
    }

    pub(super) fn is_strict(&self) -> bool {
        self.operation.is_strict
    }

    pub(super) fn args(&self) -> impl Iterator<Item = &Expr> {
        self.args.iter().map(|(arg, _)| arg)
    }

    /// The values of the first two arguments.
    fn two<'a>(&'a self, scope: &Scope<'a>) -> Result<(Value<'a>, Value<'a>), Stop> {
        let (first, second) = (decline(self.args.first())?, decline(self.args.get(1))?);
        Ok((first.0.value(scope)?, second.0.value(scope)?))
    }

    /// The value of the first argument, and its kind.
    fn one<'a>(&'a self, scope: &Scope<'a>) -> Result<(Value<'a>, Kind), Stop> {
        let (arg, kind) = decline(self.args.first())?;
        Ok((arg.value(scope)?, *kind))
    }
}
