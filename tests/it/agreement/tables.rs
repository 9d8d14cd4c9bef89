//! Random tables: keys of one or two columns, defaults, and sometimes what else a table can have.

use super::values::{self, ALL, Base, KEYS, Mood};
use crate::hazards::Dice;

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name as SQL.
    pub(super) name: String,
    pub(super) base: Base,
    /// Its type as declared.
    declared: String,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    /// The expression of a generated column.
    generated: Option<String>,
    pub(super) key: bool,
}

impl Column {
    /// Whether a statement may give it a value.
    pub(super) fn is_written(&self) -> bool {
        self.generated.is_none()
    }

    /// Whether an INSERT has to.
    pub(super) fn is_needed(&self) -> bool {
        self.key || (self.not_null && self.default.is_none() && self.is_written())
    }
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// CHECK, UNIQUE and FOREIGN KEY clauses.
    clauses: Vec<String>,
    /// Statements behind CREATE TABLE.
    after: Vec<String>,
    /// The column of a UNIQUE clause.
    pub(super) unique: Option<String>,
}

impl Table {
    pub(super) fn keys(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.key)
    }

    /// The names of the key's columns, with commas.
    pub(super) fn key_list(&self) -> String {
        self.keys().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Columns that a statement may write besides the key.
    pub(super) fn values(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| !c.key && c.is_written())
    }

    fn sql(&self) -> String {
        let mut lines: Vec<String> = self.columns.iter().map(column_sql).collect();
        lines.push(format!("    PRIMARY KEY ({})", self.key_list()));
        lines.extend(self.clauses.iter().map(|clause| format!("    {clause}")));
        let after: String = self.after.iter().map(|statement| format!("{statement};\n")).collect();
        format!("CREATE TABLE {} (\n{}\n);\n{after}", self.name, lines.join(",\n"))
    }
}

fn column_sql(column: &Column) -> String {
    let mut sql = format!("    {} {}", column.name, column.declared);
    if let Some(expression) = &column.generated {
        sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) STORED"));
    }
    if column.not_null {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    sql
}

/// The revision that makes them.
pub(super) fn schema(tables: &[Table]) -> String {
    tables.iter().map(Table::sql).collect::<Vec<_>>().join("\n")
}

/// One to three tables.
pub(super) fn random(dice: &mut Dice, mood: Mood) -> Vec<Table> {
    let mut tables = Vec::new();
    // Most keys of a case have one type, so that values find their way from table to table.
    let favourite = *dice.of(&KEYS);
    for number in 1..=1 + dice.below(3) {
        tables.push(table(dice, mood, number, favourite, &tables));
    }
    tables
}

fn table(dice: &mut Dice, mood: Mood, number: usize, favourite: Base, before: &[Table]) -> Table {
    let mut columns = Vec::new();
    for nth in 0..1 + dice.below(10) / 7 {
        let base = if dice.percent(75) { favourite } else { *dice.of(&KEYS) };
        columns.push(Column {
            name: format!("k{}", nth + 1),
            base,
            declared: declared(dice, base, Mood::Tame),
            not_null: false,
            default: None,
            generated: None,
            key: true,
        });
    }
    for nth in 0..2 + dice.below(6) {
        let base = *dice.of(&ALL);
        let not_null = dice.percent(25);
        let name = match dice.below(40) {
            0 => format!("\"Column {nth}\""),
            1 => format!("\"c\"\"{nth}\""),
            _ => format!("c{}", nth + 1),
        };
        let default = (dice.percent(25) || (not_null && dice.percent(60)))
            .then(|| values::literal(dice, base, Mood::Tame));
        let declared = declared(dice, base, mood);
        columns.push(Column {
            name,
            base,
            declared,
            not_null,
            default,
            generated: None,
            key: false,
        });
    }
    let at = dice.below(columns.len());
    columns.rotate_left(at);
    let mut table = Table {
        name: format!("t{number}"),
        columns,
        clauses: Vec::new(),
        after: Vec::new(),
        unique: None,
    };
    extras(dice, mood, &mut table, before);
    table
}

fn declared(dice: &mut Dice, base: Base, mood: Mood) -> String {
    let narrow = mood != Mood::Tame;
    match base {
        Base::Num if dice.percent(50) => {
            (*dice.of(&["numeric(12,2)", "numeric(20, 4)", "numeric(30)", "numeric(38,10)"])).into()
        }
        Base::Num if narrow && dice.percent(30) => {
            (*dice.of(&["numeric(4,1)", "numeric(3,3)"])).into()
        }
        Base::Text if dice.percent(25) => {
            (*dice.of(&["varchar(60)", "varchar", "varchar(200)", "char(70)"])).into()
        }
        Base::Text if narrow && dice.percent(20) => {
            (*dice.of(&["varchar(3)", "varchar(10)", "char(6)"])).into()
        }
        _ => base.sql().into(),
    }
}

/// What not every table has.
fn extras(dice: &mut Dice, mood: Mood, table: &mut Table, before: &[Table]) {
    let named = |table: &Table, wanted: fn(&Column) -> bool| {
        table.columns.iter().find(|c| !c.key && wanted(c)).map(|c| (c.name.clone(), c.base))
    };
    let number = named(table, |c| c.base.is_int());
    let text = named(table, |c| c.base == Base::Text && !c.declared.starts_with("char("));
    if let (Some((name, _)), true) = (&number, dice.percent(12)) {
        let low = if mood == Mood::Wild { "-1" } else { "-1000000" };
        let clause = match dice.below(2) {
            0 => format!("CHECK ({name} >= {low})"),
            _ => format!("CONSTRAINT \"in bounds\" CHECK ({name} BETWEEN {low} AND 9000000)"),
        };
        table.clauses.push(if low == "-1" || dice.percent(30) {
            clause
        } else {
            clause.replace("-1000000", "-32768")
        });
    }
    if let (Some((name, base)), true) = (&number, dice.percent(8)) {
        table.columns.push(generated(base.sql(), *base, format!("{name} / 2 + 1")));
    } else if let (Some((name, _)), true) = (&text, dice.percent(8)) {
        table.columns.push(generated("text", Base::Text, format!("COALESCE({name}, '') || '!'")));
    }
    if dice.percent(25) {
        let indexed = table.columns[dice.below(table.columns.len())].clone();
        if indexed.base != Base::Json {
            table.after.push(format!("CREATE INDEX ON {} ({})", table.name, indexed.name));
        }
    }
    let distinct =
        named(table, |c| matches!(c.base, Base::Int4 | Base::Int8 | Base::Text | Base::Uuid));
    if let (Some((name, _)), true) =
        (distinct, dice.percent(if mood == Mood::Wild { 25 } else { 3 }))
    {
        let deferred = if dice.percent(20) { " DEFERRABLE INITIALLY DEFERRED" } else { "" };
        table.clauses.push(format!("UNIQUE ({name}){deferred}"));
        table.unique = deferred.is_empty().then_some(name);
    }
    let parent = before.iter().find(|other| other.keys().count() == 1);
    if let (Some(parent), true) = (parent, dice.percent(if mood == Mood::Wild { 20 } else { 3 })) {
        let base = parent.keys().next().unwrap().base;
        let declared = &parent.keys().next().unwrap().declared;
        let own = table
            .columns
            .iter()
            .find(|c| !c.key && c.base == base && c.declared == *declared && c.is_written());
        if let Some(own) = own {
            let action = *dice.of(&[
                "",
                " ON DELETE CASCADE",
                " ON DELETE SET NULL",
                " DEFERRABLE INITIALLY DEFERRED",
            ]);
            table
                .clauses
                .push(format!("FOREIGN KEY ({}) REFERENCES {}{action}", own.name, parent.name));
        }
    }
}

fn generated(declared: &str, base: Base, expression: String) -> Column {
    Column {
        name: "g".into(),
        base,
        declared: declared.into(),
        not_null: false,
        default: None,
        generated: Some(expression),
        key: false,
    }
}
