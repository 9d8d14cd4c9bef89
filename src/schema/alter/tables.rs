//! Tables: made whole, changed in what is neither column nor constraint, dropped.
//!
//! Foreign keys come later (`constraints`), when all tables are there.

use super::order::{Makes, Step};
use super::{Direction, Piece, Way, columns, in_both, only_in, sequences};
use crate::schema::{Constraint, Schema, Table, options_text};

/// `CREATE TABLE` with all but foreign keys.
pub(super) fn definition(name: &str, table: &Table) -> String {
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let mut text = format!("CREATE {unlogged}TABLE {name}");
    match &table.partition_bound {
        Some(bound) => text += &format!(" PARTITION OF {} {bound}", table.parents.join(", ")),
        None => {
            let columns = table.columns.iter().map(|c| format!("{} {}", c.name, c.definition()));
            let constraints = table.constraints.iter().filter(|(_, fact)| in_table(fact));
            let constraints =
                constraints.map(|(name, fact)| format!("CONSTRAINT {name} {}", fact.definition));
            let parts: Vec<String> = columns.chain(constraints).collect();
            let body = if parts.is_empty() {
                " ()".to_owned()
            } else {
                format!(" (\n    {}\n)", parts.join(",\n    "))
            };
            text += &body;
            if !table.parents.is_empty() {
                text += &format!(" INHERITS ({})", table.parents.join(", "));
            }
        }
    }
    if let Some(key) = &table.partitioned_by {
        text += &format!(" PARTITION BY {key}");
    }
    if !table.options.is_empty() {
        text += &format!(" WITH ({})", options_text(&table.options));
    }
    text
}

/// The table with its foreign keys, indexes, triggers and policies, to look for names in.
pub(super) fn with_all_on_it(schema: &Schema, name: &str, table: &Table) -> String {
    let mut text = definition(name, table);
    let constraints = table.constraints.values().map(|c| &c.definition);
    let indexes = schema.indexes.values().filter(|i| i.on == name).map(|i| &i.definition);
    let triggers = schema.triggers.values().filter(|t| t.on == name).map(|t| &t.definition);
    for part in constraints.chain(indexes).chain(triggers).chain(table.policies.values()) {
        text += "\n";
        text += part;
    }
    text
}

/// Whether a constraint stands in `CREATE TABLE`, which validates what is NOT VALID.
pub(super) fn in_table(constraint: &Constraint) -> bool {
    constraint.kind != 'f' && !constraint.definition.ends_with(" NOT VALID")
}

pub(super) fn write(way: &mut Way<'_>) {
    for (name, table) in only_in(&way.to.tables, &way.from.tables) {
        let sql = definition(name, table);
        let piece = if let Some(of) = way.to.later.get(&format!("type of table {name}")) {
            Piece::todo(
                format!("table {name} is one of a type{}", super::others::BY_HAND),
                format!("CREATE TABLE {name} OF {of}"),
            )
        } else if inherits(table) {
            Piece::todo(
                format!("table {name} inherits columns, and which are its own is not known"),
                sql,
            )
        } else {
            way.undo(&format!("table {name}"), sql)
        };
        way.steps.push(Step::make(Makes::Base(name.clone()), piece));
        flags(way, name, &Table::default(), table);
    }
    for (name, from, to) in in_both(&way.from.tables, &way.to.tables) {
        let kind =
            |t: &Table| (t.partitioned_by.clone(), t.partition_bound.clone(), t.parents.clone());
        if kind(from) != kind(to) {
            let piece = Piece::todo(
                format!("table {name} is partitioned or inherits in another way"),
                definition(name, to),
            );
            way.steps.push(Step::change(piece));
        }
        if to.parents.is_empty() {
            columns::write(way, name, from, to);
        }
        if from.unlogged != to.unlogged {
            let word = if to.unlogged { "UNLOGGED" } else { "LOGGED" };
            change(way, format!("ALTER TABLE {name} SET {word}"));
        }
        options(way, name, from, to);
        flags(way, name, from, to);
    }
    sequences::own(way);
}

fn inherits(table: &Table) -> bool {
    !table.is_partition() && !table.parents.is_empty()
}

fn change(way: &mut Way<'_>, sql: String) {
    way.steps.push(Step::change(Piece::Sql(sql)));
}

fn options(way: &mut Way<'_>, name: &str, from: &Table, to: &Table) {
    let mut set = to.options.clone();
    set.retain(|option, value| from.options.get(option) != Some(value));
    if !set.is_empty() {
        change(way, format!("ALTER TABLE {name} SET ({})", options_text(&set)));
    }
    let gone: Vec<&str> = only_in(&from.options, &to.options).map(|(o, _)| o.as_str()).collect();
    if !gone.is_empty() {
        change(way, format!("ALTER TABLE {name} RESET ({})", gone.join(", ")));
    }
}

fn flags(way: &mut Way<'_>, name: &str, from: &Table, to: &Table) {
    if from.row_security != to.row_security {
        let word = if to.row_security { "ENABLE" } else { "DISABLE" };
        change(way, format!("ALTER TABLE {name} {word} ROW LEVEL SECURITY"));
    }
    if from.row_security_forced != to.row_security_forced {
        let word = if to.row_security_forced { "FORCE" } else { "NO FORCE" };
        change(way, format!("ALTER TABLE {name} {word} ROW LEVEL SECURITY"));
    }
}

pub(super) fn drop(way: &mut Way<'_>) {
    for (name, table) in only_in(&way.from.tables, &way.to.tables) {
        let namesake = only_in(&way.to.tables, &way.from.tables)
            .find(|(_, new)| !table.columns.is_empty() && same_columns(table, new));
        let reason = match namesake {
            Some((new, _)) => format!(
                "table {name} is gone and {new}, with the same columns, came: if it was renamed, write \
                 ALTER TABLE {name} RENAME TO {new} instead of what makes {new}"
            ),
            None => format!("table {name} is gone, and its rows are lost when it is dropped"),
        };
        let sql = format!("DROP TABLE {name}");
        let piece = if inherits(table) && way.direction == Direction::Down {
            Piece::todo(format!("table {name} is made by hand only, so it goes by hand"), sql)
        } else {
            way.loss(reason, sql)
        };
        let needs = with_all_on_it(way.from, name, table);
        way.last.push(Step { makes: Makes::Base(name.clone()), needs, piece });
    }
    // After the tables in this list, so before them when it is turned around.
    for (name, from, to) in in_both(&way.from.tables, &way.to.tables) {
        if to.parents.is_empty() {
            columns::drop(way, name, from, to);
        }
    }
}

fn same_columns(one: &Table, other: &Table) -> bool {
    one.columns.len() == other.columns.len()
        && one
            .columns
            .iter()
            .all(|c| other.column(&c.name).is_some_and(|o| o.sql_type == c.sql_type))
}
