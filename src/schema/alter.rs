//! The SQL that leads from one schema to another, and back.
//!
//! Owns the script and the order of its statements; the rooms below write them, one kind
//! of object each. Names are not qualified: a revision runs with its schema as the
//! search_path. What loses data, fails on rows that may exist, or is not known here is
//! written as a comment for a person to decide. Rows are never looked at, and no
//! statement is made to be quick on a large table.

mod casts;
mod columns;
mod comments;
mod constraints;
mod indexes;
mod order;
mod others;
mod routines;
mod sequences;
mod tables;
mod triggers;
mod types;
mod views;

use std::collections::BTreeSet;
use std::fmt;

use order::Step;
pub(crate) use others::BY_HAND;

use super::{Named, Schema};

/// A statement of a revision, without the semicolon at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// To be run as it is.
    Sql(String),
    /// Left to a person.
    Todo {
        /// Why, as one sentence without a full stop.
        reason: String,
        /// What would be run; several statements where one does not do.
        sql: String,
    },
}

/// A revision and the way back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// What makes the first schema the second.
    pub up: Vec<Piece>,
    /// What makes the second the first again. It drops what `up` made, with its rows.
    pub down: Vec<Piece>,
}

impl Piece {
    fn todo(reason: impl Into<String>, sql: impl Into<String>) -> Piece {
        Piece::Todo { reason: reason.into(), sql: sql.into() }
    }

    /// The statement, whether it is to be run or not.
    #[must_use]
    pub fn statement(&self) -> &str {
        match self {
            Piece::Sql(sql) | Piece::Todo { sql, .. } => sql,
        }
    }

    /// Whether a person must decide.
    #[must_use]
    pub fn is_todo(&self) -> bool {
        matches!(self, Piece::Todo { .. })
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Sql(sql) => write!(f, "{sql};"),
            Piece::Todo { reason, sql } => {
                write!(f, "-- TODO: {reason}.")?;
                for line in format!("{sql};").lines() {
                    write!(f, "\n-- {line}")?;
                }
                Ok(())
            }
        }
    }
}

/// Pieces as the text of a revision: a blank line between two, a line's end at the end.
#[must_use]
pub fn text(pieces: &[Piece]) -> String {
    let parts: Vec<String> = pieces.iter().map(|piece| format!("{piece}\n")).collect();
    parts.join("\n")
}

/// Writes the way from one schema to another, and back.
#[must_use]
pub fn alter(from: &Schema, to: &Schema) -> Script {
    Script { up: way(from, to, Direction::Up), down: way(to, from, Direction::Down) }
}

/// Which half of a script is written: what a down drops, its up has made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// One half of a script while it is written.
struct Way<'a> {
    from: &'a Schema,
    to: &'a Schema,
    direction: Direction,
    /// Views of both schemas that must be dropped and made again.
    rebuilt_views: BTreeSet<&'a str>,
    /// Routines of both schemas that must be dropped and made again.
    rebuilt_routines: BTreeSet<&'a str>,
    /// Comments that go with what is dropped, by key, or by the beginning of one (`COLUMN v.`).
    lost_comments: Vec<String>,
    /// What goes before anything is made, in order.
    first: Vec<Piece>,
    /// What is made and changed, by kind; sorted by who mentions whom.
    steps: Vec<Step>,
    /// What goes after that, as if it were made; sorted and turned around.
    last: Vec<Step>,
}

fn way(from: &Schema, to: &Schema, direction: Direction) -> Vec<Piece> {
    let rebuilt_routines = routines::rebuilt(from, to);
    let rebuilt_views = views::rebuilt(from, to, &rebuilt_routines);
    let mut way = Way {
        from,
        to,
        direction,
        rebuilt_views,
        rebuilt_routines,
        lost_comments: Vec::new(),
        first: Vec::new(),
        steps: Vec::new(),
        last: Vec::new(),
    };
    triggers::take_away(&mut way);
    views::take_away(&mut way);
    constraints::take_away(&mut way);
    indexes::take_away(&mut way);
    routines::take_away(&mut way);

    types::write(&mut way);
    sequences::write(&mut way);
    tables::write(&mut way);
    constraints::write(&mut way);
    indexes::write(&mut way);
    constraints::write_foreign_keys(&mut way);
    routines::write(&mut way);
    views::write(&mut way);
    triggers::write(&mut way);
    comments::write(&mut way);

    types::drop(&mut way);
    sequences::drop(&mut way);
    tables::drop(&mut way);
    routines::drop(&mut way);

    order::put_off(&mut way.steps);
    let mut pieces = way.first;
    pieces.extend(order::sorted(way.steps));
    pieces.extend(order::sorted(way.last).into_iter().rev());
    let mut pieces = types::put_off_new_labels(from, to, pieces);
    pieces.extend(others::left(from, to, direction));
    pieces
}

impl<'a> Way<'a> {
    /// A statement that loses data on the way up, and on the way down what the up made.
    fn loss(&self, reason: String, sql: String) -> Piece {
        match self.direction {
            Direction::Up => Piece::Todo { reason, sql },
            Direction::Down => Piece::Sql(sql),
        }
    }

    /// A statement that is safe on the way up; on the way down it makes good what the up left to a
    /// person, who may have left it too.
    fn undo(&self, what: &str, sql: String) -> Piece {
        match self.direction {
            Direction::Up => Piece::Sql(sql),
            Direction::Down => {
                Piece::todo(format!("{what} goes by hand only, so it comes back by hand"), sql)
            }
        }
    }

    /// Whether a table or column uses it that the up leaves for a person to drop: then the
    /// up cannot drop it, and the down must not make it again.
    fn is_held(&self, is_used_in: impl Fn(&str) -> bool) -> bool {
        let (old, new) = match self.direction {
            Direction::Up => (self.from, self.to),
            Direction::Down => (self.to, self.from),
        };
        old.tables.iter().any(|(name, table)| match new.tables.get(name) {
            None => is_used_in(&tables::with_all_on_it(old, name, table)),
            Some(new) => table
                .columns
                .iter()
                .any(|c| new.column(&c.name).is_none() && is_used_in(&c.definition())),
        })
    }
}

/// What only `one` has.
fn only_in<'a, T>(
    one: &'a Named<T>,
    other: &'a Named<T>,
) -> impl Iterator<Item = (&'a String, &'a T)> {
    one.iter().filter(|(name, _)| !other.contains_key(*name))
}

/// What both have, in either form.
fn in_both<'a, T>(
    from: &'a Named<T>,
    to: &'a Named<T>,
) -> impl Iterator<Item = (&'a String, &'a T, &'a T)> {
    from.iter().filter_map(|(name, before)| Some((name, before, to.get(name)?)))
}

#[cfg(test)]
mod tests;
