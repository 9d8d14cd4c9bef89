//! SQL names: checked once, quoted by one function.
//!
//! Owns the rule of what may be a name in PostgreSQL. It does not know which
//! names exist; that is the catalog's business (`pg::catalog`).

use std::fmt;

/// The longest identifier PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`).
/// It truncates longer ones without an error, so two builds could collide.
pub const MAX_BYTES: usize = 63;

/// A name that PostgreSQL stores exactly as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

/// Why a text cannot be an SQL name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentError {
    /// The text is empty.
    #[error("a name is empty")]
    Empty,
    /// The text holds a NUL byte, which PostgreSQL cannot store.
    #[error("the name {0:?} holds a NUL byte")]
    Nul(String),
    /// PostgreSQL would cut the name silently.
    #[error("the name {name:?} has {bytes} bytes, and PostgreSQL keeps {MAX_BYTES}")]
    TooLong {
        /// The name as given.
        name: String,
        /// Its length in bytes.
        bytes: usize,
    },
}

impl Ident {
    /// Checks a name.
    ///
    /// # Errors
    /// The name is empty, holds a NUL byte or is longer than [`MAX_BYTES`].
    pub fn new(name: impl Into<String>) -> Result<Self, IdentError> {
        let name = name.into();
        if name.is_empty() {
            return Err(IdentError::Empty);
        }
        if name.contains('\0') {
            return Err(IdentError::Nul(name));
        }
        if name.len() > MAX_BYTES {
            let bytes = name.len();
            return Err(IdentError::TooLong { name, bytes });
        }
        Ok(Self(name))
    }

    /// The bare name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as SQL text, always in double quotes.
    #[must_use]
    pub fn quoted(&self) -> String {
        quote_ident(&self.0)
    }

    /// `"self"."name"` as SQL text.
    #[must_use]
    pub fn dot(&self, name: &Ident) -> String {
        format!("{}.{}", self.quoted(), name.quoted())
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name as SQL text, always in double quotes: no list of reserved words to keep.
#[must_use]
pub fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as an SQL literal. Backslashes force the `E''` form, so the result
/// means the same whatever `standard_conforming_strings` says.
#[must_use]
pub fn quote_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_always_quoted() {
        assert_eq!(Ident::new("select").unwrap().quoted(), "\"select\"");
        assert_eq!(quote_ident("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn a_name_postgresql_would_cut_is_refused() {
        assert!(Ident::new("ü".repeat(31)).is_ok());
        assert_eq!(
            Ident::new("ü".repeat(32)),
            Err(IdentError::TooLong { name: "ü".repeat(32), bytes: 64 })
        );
        assert_eq!(Ident::new(""), Err(IdentError::Empty));
        assert_eq!(Ident::new("a\0"), Err(IdentError::Nul("a\0".into())));
    }

    #[test]
    fn literals_survive_both_quoting_rules() {
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal("a\\'b"), "E'a\\\\''b'");
    }
}
