//! Which line of the input the server means when it refuses a row of a COPY.
//!
//! The server counts rows, from 1 and without blank lines, and says so in the error's
//! context: `COPY events, line 17, column payload: "..."`. The words are translated, the
//! order is not (`src/backend/commands/copyfrom.c`, `CopyFromErrorCallback`). The value it
//! quotes is never looked at: it may be a payload.

use crate::pg::ServerError;

/// The input line of each row of one COPY, as far as rows and lines drift apart.
#[derive(Debug, Default)]
pub(super) struct RowLines {
    rows: u64,
    /// A row, from 1, and its line; the rows behind it follow line by line.
    shifts: Vec<(u64, u64)>,
}

impl RowLines {
    /// Takes the next row's line.
    pub(super) fn push(&mut self, line: u64) {
        self.rows += 1;
        if self.line(self.rows) != Some(line) {
            self.shifts.push((self.rows, line));
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The line of a row.
    pub(super) fn line(&self, row: u64) -> Option<u64> {
        let behind = self.shifts.partition_point(|(first, _)| *first <= row);
        let (first, line) = self.shifts.get(behind.checked_sub(1)?)?;
        Some(line + (row - first))
    }
}

/// The row and the column a COPY's error names.
pub(super) fn place(error: &ServerError) -> (Option<u64>, Option<&str>) {
    // Frames are listed from the inside out. The COPY's own is the first of its kind: what
    // stands before it never quotes more than one line.
    let context = error.context.as_deref().unwrap_or_default();
    let Some(frame) = context.lines().find(|line| line.starts_with("COPY events,")) else {
        return (None, None);
    };
    let Some(digits) = frame.find(|c: char| c.is_ascii_digit()) else { return (None, None) };
    let rest = &frame[digits..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (row, rest) = rest.split_at(end);
    (row.parse().ok(), column(rest))
}

/// The name in `, column payload: "..."`; none where the whole row is meant.
fn column(rest: &str) -> Option<&str> {
    let (_word, rest) = rest.strip_prefix(", ")?.split_once(' ')?;
    let name = rest.split(':').next()?;
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_').then_some(name)
}

/// Stream and version of `Key (stream_id, stream_version)=(x, 3) already exists.`, whatever
/// the language around the brackets.
pub(super) fn duplicate(error: &ServerError) -> Option<(&str, &str)> {
    if error.code != "23505" {
        return None;
    }
    let (_, rest) = error.detail.as_deref()?.split_once("(stream_id, stream_version)=(")?;
    let (key, _) = rest.rsplit_once(')')?;
    key.rsplit_once(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, detail: Option<&str>, context: &str) -> ServerError {
        ServerError {
            code: code.into(),
            message: String::new(),
            detail: detail.map(str::to_owned),
            hint: None,
            position: None,
            context: Some(context.into()),
            table: None,
            constraint: None,
            grant: None,
            library: None,
        }
    }

    #[test]
    fn rows_find_their_lines() {
        let mut map = RowLines::default();
        let lines = [3, 4, 5, 9, 10, 12];
        for line in lines {
            map.push(line);
        }
        assert_eq!(map.shifts, [(1, 3), (4, 9), (6, 12)]);
        for (row, line) in (1..).zip(lines) {
            assert_eq!(map.line(row), Some(line));
        }
        assert_eq!(map.line(0), None);
        assert_eq!(RowLines::default().line(1), None);
    }

    #[test]
    fn the_context_names_row_and_column() {
        let place = |context: &str| {
            let error = error("22023", None, context);
            let (row, column) = place(&error);
            (row, column.map(str::to_owned))
        };
        let payload = || Some("payload".to_owned());
        assert_eq!(place("COPY events, line 17, column payload: \"{}\""), (Some(17), payload()));
        assert_eq!(
            place(
                "JSON data, line 1: COPY events, line 5\nCOPY events, line 17, column payload: \"{}\""
            ),
            (Some(17), payload())
        );
        assert_eq!(place("COPY events, Zeile 8, Spalte payload: »{}«"), (Some(8), payload()));
        assert_eq!(place("COPY events, line 17: \"a\t1, column payload: x\""), (Some(17), None));
        assert_eq!(place("COPY events, line 17"), (Some(17), None));
        assert_eq!(
            place("COPY events, line 2, column recorded_at: \"\nCOPY events, line 9\""),
            (Some(2), Some("recorded_at".into()))
        );
        assert_eq!(place("PL/pgSQL function f() line 3 at RAISE"), (None, None));
    }

    #[test]
    fn a_duplicate_is_told_by_its_brackets() {
        let detail = "Key (stream_id, stream_version)=(a)=(b, c), 3) already exists.";
        let found = error("23505", Some(detail), "");
        assert_eq!(duplicate(&found), Some(("a)=(b, c)", "3")));
        let german = "Schlüssel »(stream_id, stream_version)=(x, 0)« existiert bereits.";
        assert_eq!(duplicate(&error("23505", Some(german), "")), Some(("x", "0")));
        assert_eq!(duplicate(&error("23514", Some(detail), "")), None);
        assert_eq!(
            duplicate(&error("23505", Some("Key (position)=(1) already exists."), "")),
            None
        );
    }
}
