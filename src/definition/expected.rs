//! Differences between builds that are meant, as they are declared: `column:order_summary.paid_at`.
//!
//! Owns how they are written. What meets them is decided by who compares.

use std::fmt;
use std::str::FromStr;

/// What a build is compared with before readers see it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Gate {
    /// With what the sql engine makes of the whole log, and not with what readers see.
    pub with_log: bool,
    /// So many keys of each table, drawn at random, and not every row.
    #[serde(default)]
    pub sample: Option<u32>,
    /// Differences that are meant.
    pub expect: Vec<Expected>,
}

/// A difference that is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Expected {
    /// `column:TABLE.COLUMN`: values of a column, its type, or that only one build has it.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// `rows:TABLE`: rows that only one of both builds has.
    Rows {
        /// The table.
        table: String,
    },
    /// `table:TABLE`: whatever differs in a table, or that only one build has it.
    Table {
        /// The table.
        table: String,
    },
}

/// A text that declares nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} declares no difference; one looks like column:TABLE.COLUMN, rows:TABLE or table:TABLE"
)]
pub struct NotExpected(String);

impl FromStr for Expected {
    type Err = NotExpected;
    fn from_str(text: &str) -> Result<Expected, NotExpected> {
        let refused = || NotExpected(text.to_owned());
        let (kind, name) = text.split_once(':').ok_or_else(refused)?;
        if name.is_empty() {
            return Err(refused());
        }
        match kind {
            // A table's name may have a dot in it less often than a column's has none.
            "column" => match name.rsplit_once('.') {
                Some((table, column)) if !table.is_empty() && !column.is_empty() => {
                    Ok(Expected::Column { table: table.to_owned(), column: column.to_owned() })
                }
                _ => Err(refused()),
            },
            "rows" => Ok(Expected::Rows { table: name.to_owned() }),
            "table" => Ok(Expected::Table { table: name.to_owned() }),
            _ => Err(refused()),
        }
    }
}

impl TryFrom<String> for Expected {
    type Error = NotExpected;
    fn try_from(text: String) -> Result<Expected, NotExpected> {
        text.parse()
    }
}

impl From<Expected> for String {
    fn from(expected: Expected) -> String {
        expected.to_string()
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Column { table, column } => write!(f, "column:{table}.{column}"),
            Expected::Rows { table } => write!(f, "rows:{table}"),
            Expected::Table { table } => write!(f, "table:{table}"),
        }
    }
}

impl Expected {
    /// The table it is about.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Expected::Column { table, .. }
            | Expected::Rows { table }
            | Expected::Table { table } => table,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_is_read_and_written_alike() {
        for text in ["column:order_summary.paid_at", "column:a.b.c", "rows:t", "table:Über t"] {
            assert_eq!(text.parse::<Expected>().unwrap().to_string(), text);
        }
        for text in ["", "order_summary", "column:paid_at", "column:.x", "rows:", "tables:t"] {
            assert!(text.parse::<Expected>().is_err(), "{text}");
        }
    }
}
