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

use super::expr::{Call, Expr, Operation};
use super::rejection::{Reason, Refused, refuse};
use super::typed::{Typed, known};
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
