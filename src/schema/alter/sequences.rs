//! Sequences of their own or of a `serial` column; an identity's belongs to its column.

use super::order::{Makes, Step};
use super::{Piece, Way, in_both, only_in};
use crate::schema::printed::table_and_column;

pub(super) fn write(way: &mut Way<'_>) {
    for (name, sequence) in only_in(&way.to.sequences, &way.from.sequences) {
        let sql = format!("CREATE SEQUENCE {name} {}", sequence.definition);
        let piece = way.undo(&format!("sequence {name}"), sql);
        way.steps.push(Step::make(Makes::Base(name.clone()), piece));
    }
    for (name, from, to) in in_both(&way.from.sequences, &way.to.sequences) {
        if from.definition != to.definition {
            let sql = format!("ALTER SEQUENCE {name} {}", to.definition);
            way.steps.push(Step::change(Piece::Sql(sql)));
        }
    }
}

/// Who owns them, when the tables and columns are there.
pub(super) fn own(way: &mut Way<'_>) {
    for (name, sequence) in &way.to.sequences {
        let before = way.from.sequences.get(name).and_then(|from| from.owned_by.as_ref());
        if before != sequence.owned_by.as_ref() {
            let owner = sequence.owned_by.as_deref().unwrap_or("NONE");
            let sql = format!("ALTER SEQUENCE {name} OWNED BY {owner}");
            way.steps.push(Step::change(Piece::Sql(sql)));
        }
    }
}

pub(super) fn drop(way: &mut Way<'_>) {
    for (name, sequence) in only_in(&way.from.sequences, &way.to.sequences) {
        let owner = sequence.owned_by.as_deref().and_then(table_and_column);
        // It goes with its column.
        if owner.is_some_and(|(table, column)| {
            way.to.tables.get(table).is_none_or(|table| table.column(column).is_none())
        }) {
            continue;
        }
        let piece = way.loss(
            format!("sequence {name} is gone, and where it stood is lost when it is dropped"),
            format!("DROP SEQUENCE {name}"),
        );
        way.last.push(Step { makes: Makes::Base(name.clone()), needs: String::new(), piece });
    }
}
