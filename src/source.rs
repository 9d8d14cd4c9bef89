//! Texts that people wrote, and places in them.
//!
//! Every message about a handler, an upcaster or a revision names a file, a
//! line and a column; this room turns byte offsets into those.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A file of the project: its path as shown to people, and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The path relative to the project, with forward slashes.
    pub path: String,
    /// The whole text; of a file too large to be held its head only, see [`SourceFile::bulk`].
    pub text: String,
    /// How many lines of the file come before the text, if it is a piece.
    #[serde(skip)]
    pub lines_before: usize,
    /// Where the rest is, if the file is too large to be held.
    #[serde(skip)]
    pub bulk: Option<Bulk>,
}

/// A file too large to be held. Who runs it reads it piece by piece (`bulk`); the text there is ends
/// with a line that no reader takes for SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Where it lies.
    pub path: PathBuf,
    /// How large it is.
    pub bytes: u64,
}

/// A range of bytes in a source file.
pub type Span = Range<usize>;

/// A place in a source file, counted from 1 as editors do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's path, see [`SourceFile::path`].
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SourceFile {
    /// A file from its path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines_before: 0, bulk: None }
    }

    /// The place of a byte offset. An offset past the end is the end.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = self.lines_before + before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Place { file: self.path.clone(), line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    /// Reads what is printed.
    fn from_str(text: &str) -> Result<Place, ()> {
        let mut parts = text.rsplitn(3, ':');
        let mut number = || parts.next().and_then(|n| n.parse().ok()).ok_or(());
        let (column, line) = (number()?, number()?);
        Ok(Place { file: parts.next().ok_or(())?.to_owned(), line, column })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let file = SourceFile::new("a.sql", "ab\nกขc\n");
        assert_eq!(file.place(0).to_string(), "a.sql:1:1");
        assert_eq!("a:b.sql:3:7".parse().map(|p: Place| p.to_string()), Ok("a:b.sql:3:7".into()));
        assert!("a.sql:3".parse::<Place>().is_err() && ":x:1".parse::<Place>().is_err());
        assert_eq!(file.place(3).to_string(), "a.sql:2:1");
        assert_eq!(file.place(9).to_string(), "a.sql:2:3");
        assert_eq!(file.place(999).to_string(), "a.sql:3:1");
    }
}
