//! Types of parameters: what decides how a value is written and handed over.
//!
//! Owns what the engines must know of a type beyond its name. The catalog is read by the engines;
//! values are the business of [`bind`](super::bind).

use std::fmt;

use super::clock::Moments;

/// In which form a parameter's type reads its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As `->>` prints it.
    Text,
    /// JSON text: `json` and `jsonb`.
    Json,
    /// An array literal.
    Array {
        /// What stands between two elements: a comma, except for `box`.
        delimiter: char,
        /// Whether the elements are JSON texts.
        of_json: bool,
    },
}

impl Form {
    /// An array of anything but `json`, `jsonb` and `box`.
    pub const ARRAY: Form = Form::Array { delimiter: ',', of_json: false };
}

/// How a value comes into a variable of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// By an assignment, which reads a text by the type's input function.
    Assigned,
    /// By a cast: PL/pgSQL assigns no text to a row.
    Row,
    /// From the start of the variable's life: a domain may refuse the NULL before.
    Domain {
        /// Whether it is one over a row.
        of_row: bool,
    },
}

/// The type of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamType {
    /// As SQL, without a length: `numeric`, `bpchar`, `"bit"[]`. A length is the column's to
    /// apply: declared here, `char` alone would be one character, and a cast would cut.
    pub sql: String,
    /// The same below all domains.
    pub base: String,
    /// How its text is written.
    pub form: Form,
    /// How values come in.
    pub entry: Entry,
    /// Where in its values dates and times are.
    pub moments: Moments,
}

impl ParamType {
    /// A type that is none of a domain, row, array, JSON, date or time.
    #[must_use]
    pub fn plain(sql: &str) -> ParamType {
        ParamType {
            sql: sql.to_owned(),
            base: sql.to_owned(),
            form: Form::Text,
            entry: Entry::Assigned,
            moments: Moments::None,
        }
    }

    /// `text`.
    #[must_use]
    pub fn text() -> ParamType {
        ParamType::plain("text")
    }
}

impl fmt::Display for ParamType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}
