//! What a projection's revision means for a build that is being read.
//!
//! Owns the sum over a file. The change of one step is said where the step is
//! read, in `table` and `command`.

use super::Statement;
use crate::source::Span;

/// What a revision does to rows that handlers have built, the worst last.
///
/// The measure is what a replay with the revision and the same handlers would
/// build. In the order of the cases:
///
/// - *In place*: indexes that are not unique, comments, grants, storage, views, new tables, what
///   takes a constraint away, and new columns that are empty or hold one constant. A
///   replay gives the same rows: a handler that does not know the column leaves
///   it at that constant. A generated column follows from its row. Whether handlers still mean what
///   they meant is looked at when it runs (`replay::sql::meaning`).
/// - *Backfill*: statements that write rows, and a column whose default differs
///   from row to row or from one moment to the next. The revision itself says
///   what is in the rows, and only its author knows whether a replay agrees.
/// - *Rebuild*: constraints and unique indexes (the rows of now keep them, those on the way may not
///   have, and what was a conflict is another), what takes data or a name away from under the handlers, a type
///   (a label that an enum gets, too: events that failed for it would not, and builds share their types) or a default that changes (old rows keep what they got, replayed ones get
///   the new), triggers and replaced functions (replayed rows pass through them,
///   old ones did not), partitions, unlogged tables (a build's tables are
///   logged), and everything that is not understood.
///
/// Whatever is done to a table that the same file creates is in place, unless
/// it writes rows: the table holds nothing that a handler built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// The rows are what a replay would build.
    InPlace,
    /// The revision writes rows of its own.
    Backfill,
    /// Only a replay gives the rows.
    Rebuild,
}

impl Change {
    /// The words of `-- change:` in a head, and of every message.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Change::InPlace => "in place",
            Change::Backfill => "backfill",
            Change::Rebuild => "rebuild",
        }
    }

    /// Reads [`Change::name`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Change> {
        [Change::InPlace, Change::Backfill, Change::Rebuild].into_iter().find(|c| c.name() == text)
    }
}

/// The worst change among statements, and the first step that brings it; none
/// if all are in place.
#[must_use]
pub fn change_of(statements: &[Statement]) -> (Change, Option<Span>) {
    let mut found = (Change::InPlace, None);
    for step in statements.iter().flat_map(|statement| &statement.steps) {
        if step.change > found.0 {
            found = (step.change, Some(step.span.clone()));
        }
    }
    found
}
