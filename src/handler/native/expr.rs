//! Expressions: a typed tree, and what its value may look at (`evaluate` finds it).
//!
//! Types were settled when the tree was made, so nothing looks at a kind that is not written in the
//! node. A node that is a call has what it computes with it (`functions`).

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::cell::number::Operator;
use crate::cell::{Cell, CellType, Kind};

/// A row that is not in memory, so nobody knows whether it is there.
#[derive(Debug, Clone)]
pub enum Miss {
    /// The row with this key.
    Key {
        /// The table.
        table: usize,
        /// The key's cells.
        key: Vec<Cell>,
    },
    /// The rows with this value in a column.
    Column {
        /// The table.
        table: usize,
        /// The column.
        column: usize,
        /// The value.
        value: Cell,
    },
}

/// Why an event was not applied; nothing of it was kept.
#[derive(Debug, Clone)]
pub enum Stop {
    /// It is for the sql engine to say what happens.
    Decline,
    /// A row must be fetched first.
    Miss(Box<Miss>),
}

/// Where look-ups find rows.
pub trait Rows {
    /// The row with a key, if there is one.
    ///
    /// # Errors
    /// [`Stop::Miss`] where that is not known.
    fn find(&self, table: usize, key: &[&Cell]) -> Result<Option<&[Cell]>, Stop>;
}

/// What an expression may look at.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The event's arguments, by slot.
    pub args: &'a [Cell],
    /// The row.
    pub row: &'a [Cell],
    /// The row an INSERT would have added.
    pub excluded: &'a [Cell],
    /// The tables.
    pub rows: &'a dyn Rows,
}

/// Comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

type Two = Box<(Expr, Expr)>;

/// An expression. Both sides of a node with one [`Kind`] are of that kind.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A constant.
    Const(Cell),
    /// An argument, by its slot.
    Arg(usize),
    /// A column of the row.
    Column(usize),
    /// A column of EXCLUDED.
    Excluded(usize),
    /// A value of the row with a key; NULL where there is none.
    Lookup(Box<Lookup>),
    /// `a + b`
    Arith(Operator, Kind, Two),
    /// `-a`
    Negate(Kind, Box<Expr>),
    /// `a = b`
    Compare(Compare, Kind, Two),
    /// `a IS DISTINCT FROM b`, or NOT.
    Distinct(bool, Kind, Two),
    /// `a IS NULL`
    IsNull(Box<Expr>),
    /// `a IS TRUE`, `IS FALSE`.
    Is(bool, Box<Expr>),
    /// `NOT a`
    Not(Box<Expr>),
    /// `a AND b`
    And(Vec<Expr>),
    /// `a OR b`
    Or(Vec<Expr>),
    /// `a IN (b, c)`
    In(Kind, Box<Expr>, Vec<Expr>),
    /// `CASE WHEN ... THEN ... ELSE ... END`
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    /// `COALESCE(a, b)`
    Coalesce(Vec<Expr>),
    /// `NULLIF(a, b)`
    NullIf(Kind, Two),
    /// `GREATEST` (`Ordering::Greater`) or `LEAST`.
    Extreme(Ordering, Kind, Vec<Expr>),
    /// `a || b` of texts.
    Concat(Two),
    /// `a || b` of arrays.
    ConcatArrays(Two),
    /// `a -> key`, and `->>` where it says text.
    Member {
        /// The JSON value and the key, a text.
        of: Two,
        /// `->>`
        text: bool,
    },
    /// `a + b` or, where it says so, `a - b` of a date and days.
    Days {
        /// The date and the days.
        of: Two,
        /// `-`
        back: bool,
    },
    /// `a - b` of dates.
    DaysBetween(Two),
    /// A function.
    Call(Box<Call>),
    /// `a::type`
    Cast(Kind, CellType, Box<Expr>),
    /// A value made fit for a column.
    Assign(Kind, CellType, Box<Expr>),
}

/// A scalar look-up.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The table.
    pub table: usize,
    /// Its key, over the row around the look-up.
    pub key: Vec<Expr>,
    /// What must be true whatever the row; it is looked at even where there is none.
    pub gates: Vec<Expr>,
    /// What else must be true of the row found.
    pub conditions: Vec<Expr>,
    /// The value, over the row found.
    pub value: Expr,
}

pub(super) type Value<'a> = Cow<'a, Cell>;

pub(super) fn own<'a>(cell: Cell) -> Value<'a> {
    Cow::Owned(cell)
}

pub(super) fn decline<T>(value: Option<T>) -> Result<T, Stop> {
    value.ok_or(Stop::Decline)
}

/// What calls compute, for one signature.
#[derive(Debug)]
pub(super) struct Operation {
    /// Whether it gives NULL where an argument is NULL (`pg_proc.proisstrict`).
    pub(super) is_strict: bool,
    /// Whether PostgreSQL may refuse a value of it.
    pub(super) can_fail: bool,
    pub(super) value: for<'a> fn(&'a Call, &Scope<'a>) -> Result<Value<'a>, Stop>,
}

/// A call: what it computes, of which arguments.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) operation: &'static Operation,
    pub(super) args: Vec<(Expr, Kind)>,
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
    pub(super) fn two<'a>(&'a self, scope: &Scope<'a>) -> Result<(Value<'a>, Value<'a>), Stop> {
        let (first, second) = (decline(self.args.first())?, decline(self.args.get(1))?);
        Ok((first.0.value(scope)?, second.0.value(scope)?))
    }

    /// The value of the first argument, and its kind.
    pub(super) fn one<'a>(&'a self, scope: &Scope<'a>) -> Result<(Value<'a>, Kind), Stop> {
        let (arg, kind) = decline(self.args.first())?;
        Ok((arg.value(scope)?, *kind))
    }
}
