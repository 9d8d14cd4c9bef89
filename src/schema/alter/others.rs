//! What no script of ours makes: rules, statistics, aggregates, operators, collations, range types, and what can be set
//! of a column or a table besides its definition. It is named, for a person to write.

use super::{Direction, Piece};
use crate::schema::{Named, Schema};

/// What the end of such a sentence says.
pub(crate) const BY_HAND: &str = ": write this by hand";

/// Everything of that kind that is not as it should be, on the way up; the way back is the person's, too.
pub(super) fn left(from: &Schema, to: &Schema, direction: Direction) -> Vec<Piece> {
    if direction == Direction::Down {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    for (before, after) in [(&from.others, &to.others), (&from.later, &to.later)] {
        pieces.extend(of(before, after));
    }
    pieces
}

fn of(before: &Named<String>, after: &Named<String>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (object, wanted) in after {
        let sql = as_sql(object, wanted);
        match before.get(object) {
            Some(found) if found == wanted => {}
            Some(found) => pieces.push(Piece::todo(
                format!("{object} is {}, and has to be {}{BY_HAND}", short(found), short(wanted)),
                sql,
            )),
            None => pieces.push(Piece::todo(format!("{object} is missing{BY_HAND}"), sql)),
        }
    }
    for (object, found) in before.iter().filter(|(object, _)| !after.contains_key(*object)) {
        let reason = format!("{object} is there and is not asked for{BY_HAND}");
        pieces.push(Piece::todo(reason, as_sql(object, found)));
    }
    pieces
}

/// A definition in a sentence.
fn short(definition: &str) -> String {
    definition.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is known of it, in a comment of the revision: the statement, where the catalog gives one.
fn as_sql(object: &str, definition: &str) -> String {
    match definition.starts_with("CREATE ") {
        true => definition.trim_end_matches(';').to_owned(),
        false => format!("{object}: {}", short(definition)),
    }
}
