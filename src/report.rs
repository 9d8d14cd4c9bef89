//! Reports: what `--json` prints, what the service answers and what a log of objects tells, as types.
//!
//! A shape is a struct: its members are printed in its order, and the comment of each says what it means and in which
//! unit. docs/json.md is written from these comments, and a test holds it to them. The rooms that do the work make their
//! reports, and the faces render them.
//!
//! Owns no judgement and no I/O. A time is RFC 3339 in UTC where its comment says nothing else.

pub mod build;
pub mod check;
pub mod comparison;
pub mod error;
pub mod explain;
pub mod file;
pub mod log_line;
pub mod migration;
pub mod parked;
pub mod point;
pub mod revision;
pub mod row;
pub mod server;
pub mod status;
pub mod trace;
pub mod trial;

use serde::Serialize;
use serde_json::{Map, Value};

/// A shape that a command prints, as one value on stdout.
pub trait Printed: Serialize {
    /// What prints it, as it is typed.
    const COMMAND: &'static str;

    /// The version of the shape. It changes if a member goes or means something else, not if one comes.
    const VERSION: u32 = 1;
}

/// What a line of a log of objects says beside its message.
pub trait Logged: Serialize {}

/// The value of a report, with its members in their order.
#[must_use]
pub fn value(report: &(impl Serialize + ?Sized)) -> Value {
    serde_json::to_value(report).expect("the keys of a report are strings")
}

/// Columns and their values as PostgreSQL prints them, in order; null is NULL.
pub type Columns = Map<String, Value>;

/// Columns with their values.
pub fn columns<'c>(pairs: impl IntoIterator<Item = (&'c String, Option<&'c String>)>) -> Columns {
    let value = |text: Option<&String>| text.cloned().map_or(Value::Null, Value::String);
    pairs.into_iter().map(|(column, text)| (column.clone(), value(text))).collect()
}

/// The columns of a key, none of which is NULL.
#[must_use]
pub fn key(pairs: &[(String, String)]) -> Columns {
    columns(pairs.iter().map(|(column, value)| (column, Some(value))))
}

/// Columns that know their values.
#[must_use]
pub fn named(pairs: &[(String, Option<String>)]) -> Columns {
    columns(pairs.iter().map(|(column, value)| (column, value.as_ref())))
}

/// The columns of a table with the values of one row.
#[must_use]
pub fn row(names: &[String], values: &[Option<String>]) -> Columns {
    columns(names.iter().zip(values.iter().map(Option::as_ref)))
}
