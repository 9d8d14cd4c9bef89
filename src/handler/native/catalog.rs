//! Tables, described from the catalog.
//!
//! Owns what stands in the way of a table: whatever PostgreSQL checks or does when a row is
//! written that the fold does not. CHECK constraints and generated columns are compiled, so that
//! a row which would break one is left to the sql engine; the rest (triggers, foreign keys,
//! unique constraints besides the key, types that are not computed with) is an obstacle.

use super::evaluate::constant;
use super::expr::Expr;
use super::rejection::Refused;
use super::tables::{Column, Table};
use super::typed::Typed;
use super::typing::typed_alone;
use crate::cell::{Cell, CellType};
use crate::schema::{self, Schema};

/// A name as the server prints it, without its quotes.
fn unquoted(printed: &str) -> String {
    match printed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => printed.to_owned(),
    }
}

/// Describes the tables of a schema. `obstacles` are of tables that have what the schema's value
/// does not tell, such as rules: the name and the obstacle.
#[must_use]
pub fn describe(schema: &Schema, obstacles: &[(String, String)]) -> Vec<Table> {
    let mut tables: Vec<Table> = schema
        .tables
        .iter()
        .map(|(name, table)| {
            let told =
                obstacles.iter().find(|(of, _)| *of == unquoted(name)).map(|(_, why)| why.clone());
            one(schema, name, table, told)
        })
        .collect();
    for index in 0..tables.len() {
        if tables[index].obstacle.is_none()
            && let Some(facts) = schema.tables.iter().nth(index).map(|(_, t)| t)
            && let Err(refused) = conditions(schema, &mut tables, index, facts)
        {
            tables[index].obstacle = Some(refused);
        }
    }
    tables
}

fn one(schema: &Schema, printed: &str, facts: &schema::Table, told: Option<String>) -> Table {
    let mut table = Table {
        name: unquoted(printed),
        columns: Vec::new(),
        key: Vec::new(),
        checks: Vec::new(),
        computed: Vec::new(),
        generated: Vec::new(),
        indexed: Vec::new(),
        obstacle: None,
    };
    let columns = columns(&mut table, facts);
    // PostgreSQL looks for a name in its own catalog first.
    let hidden = table.name.starts_with("pg_").then(|| "may be one of PostgreSQL's own".to_owned());
    table.obstacle = told
        .or(hidden)
        .or(columns)
        .or_else(|| around(schema, printed, facts))
        .or_else(|| key(&mut table, facts));
    if table.obstacle.is_none() {
        let on_it = schema.indexes.values().filter(|index| index.on == printed);
        let texts: Vec<&str> = on_it.map(|index| index.definition.as_str()).collect();
        let named = |column: &Column| texts.iter().any(|text| text.contains(column.name.as_str()));
        table.indexed = (0..table.columns.len())
            .filter(|i| table.key.contains(i) || named(&table.columns[*i]))
            .collect();
    }
    table
}

/// Fills in the columns; what stands in the way.
fn columns(table: &mut Table, facts: &schema::Table) -> Option<String> {
    for column in &facts.columns {
        let name = unquoted(&column.name);
        if column.generated.is_some() {
            table.generated.push(name);
            continue;
        }
        let Some(ty) = CellType::of_sql(&column.sql_type) else {
            return Some(format!(
                "has {name} of type {}, which is not in the native subset",
                column.sql_type
            ));
        };
        if column
            .collation
            .as_deref()
            .is_some_and(|c| !matches!(c, "\"C\"" | "\"POSIX\"" | "\"default\""))
        {
            return Some(format!("has {name} with a collation of its own"));
        }
        if column.identity.is_some() {
            return Some(format!("numbers {name} by itself"));
        }
        table.columns.push(Column {
            name,
            ty,
            not_null: column.not_null,
            default: default_of(column.default.as_deref(), ty),
        });
    }
    None
}

fn default_of(text: Option<&str>, ty: CellType) -> Result<Cell, String> {
    let Some(text) = text else { return Ok(Cell::Null) };
    let expr = typed_alone(&[], None, text).and_then(|typed| typed.assigned(ty));
    match expr.as_ref().map(constant) {
        Ok(Some(cell)) => Ok(cell),
        _ => Err(text.to_owned()),
    }
}

/// What PostgreSQL does around a write that the fold does not.
fn around(schema: &Schema, printed: &str, facts: &schema::Table) -> Option<String> {
    if facts.partitioned_by.is_some()
        || facts.partition_bound.is_some()
        || !facts.parents.is_empty()
    {
        return Some("is partitioned or inherits".into());
    }
    if schema.tables.values().any(|t| t.parents.iter().any(|parent| parent == printed)) {
        return Some("has tables that inherit from it".into());
    }
    if facts.row_security {
        return Some("has row-level security".into());
    }
    if let Some(trigger) = schema.triggers.values().find(|t| t.on == printed) {
        return Some(format!("has the trigger {}", trigger.name));
    }
    for (name, constraint) in &facts.constraints {
        let what = match constraint.kind {
            'u' => "a unique constraint besides its key",
            'x' => "an exclusion constraint",
            'f' => "a foreign key",
            _ if constraint.definition.ends_with("NOT VALID") => {
                "a constraint that is not validated"
            }
            _ if constraint.definition.contains(" DEFERRABLE") => "a constraint that can wait",
            _ => continue,
        };
        return Some(format!("has {what}, {name}"));
    }
    let unique = schema
        .indexes
        .iter()
        .find(|(_, i)| i.on == printed && i.definition.starts_with("CREATE UNIQUE"));
    if let Some((name, _)) = unique {
        return Some(format!("has a unique index besides its key, {name}"));
    }
    let other =
        schema.indexes.iter().find(|(_, i)| i.on == printed && !is_plain_index(&i.definition));
    if let Some((name, _)) = other {
        return Some(format!("has an index that may refuse a row, {name}"));
    }
    let referenced = format!("REFERENCES {printed}(");
    let mut foreign = schema.tables.values().flat_map(|t| t.constraints.values());
    foreign
        .any(|c| c.kind == 'f' && c.definition.contains(&referenced))
        .then(|| "is referenced by a foreign key".into())
}

/// PostgreSQL's own kinds of indexes.
const METHODS: [&str; 6] = ["btree", "hash", "gin", "gist", "spgist", "brin"];

/// Whether an index is one of PostgreSQL's own over columns, so that only the size of a row can be refused.
/// Its condition is looked at elsewhere, and so are operator classes that are not PostgreSQL's.
fn is_plain_index(definition: &str) -> bool {
    let Some((_, rest)) = definition.split_once(" USING ") else { return false };
    let Some((method, rest)) = rest.split_once(" (") else { return false };
    let Some((list, _)) = rest.split_once(')') else { return false };
    METHODS.contains(&method) && !list.contains('(') && list.matches('"').count() % 2 == 0
}

/// Finds the key; what stands in the way.
fn key(table: &mut Table, facts: &schema::Table) -> Option<String> {
    let Some(primary) = facts.constraints.values().find(|c| c.kind == 'p') else {
        return Some("has no primary key".into());
    };
    let list =
        primary.definition.strip_prefix("PRIMARY KEY (").and_then(|rest| rest.strip_suffix(')'));
    let Some(names) = list.and_then(|list| listed(facts, list)) else {
        return Some("has a primary key that is not only columns".into());
    };
    for name in names {
        let Some(index) = table.index(&unquoted(name)) else {
            return Some(format!("has {name} in its key"));
        };
        let kind = table.columns[index].ty.kind;
        if !kind.is_key() {
            return Some(format!(
                "has {name} in its key, of a type that is not compared byte by byte"
            ));
        }
        table.key.push(index);
    }
    None
}

/// The columns in a printed list, by their printed names; nothing where it holds anything else.
fn listed<'f>(facts: &'f schema::Table, mut list: &str) -> Option<Vec<&'f str>> {
    let mut names = Vec::new();
    loop {
        let (name, rest) = facts.columns.iter().find_map(|column| {
            let rest = list.strip_prefix(column.name.as_str())?;
            (rest.is_empty() || rest.starts_with(", ")).then_some((column.name.as_str(), rest))
        })?;
        names.push(name);
        match rest.strip_prefix(", ") {
            Some(rest) => list = rest,
            None => return Some(names),
        }
    }
}

/// Compiles what must hold for a row.
fn conditions(
    schema: &Schema,
    tables: &mut [Table],
    index: usize,
    facts: &schema::Table,
) -> Result<(), String> {
    let (mut checks, mut computed) = (Vec::new(), Vec::new());
    let alias = tables[index].name.clone();
    let row = Some((index, alias.as_str()));
    for (name, constraint) in facts.constraints.iter().filter(|(_, c)| c.kind == 'c') {
        let failed = |why: Refused| format!("has the constraint {name}: {}", why.reason);
        let text = constraint.definition.strip_prefix("CHECK ").unwrap_or(&constraint.definition);
        let text = text.strip_suffix(" NO INHERIT").unwrap_or(text);
        let expr = typed_alone(tables, row, text).and_then(Typed::condition);
        checks.push(expr.map_err(failed)?);
    }
    for column in &facts.columns {
        let Some(generated) = &column.generated else { continue };
        let failed =
            |why: Refused| format!("has the generated column {}: {}", column.name, why.reason);
        let text = generated.strip_prefix("GENERATED ALWAYS AS ").unwrap_or(generated);
        let text = text.strip_suffix(" STORED").ok_or("has a virtual column")?;
        let Some(ty) = CellType::of_sql(&column.sql_type) else {
            return Err(format!(
                "has the generated column {} of type {}",
                column.name, column.sql_type
            ));
        };
        let expr = typed_alone(tables, row, text).and_then(|typed| typed.assigned(ty));
        let expr = expr.map_err(failed)?;
        match column.not_null {
            true => checks.push(Expr::Not(Box::new(Expr::IsNull(Box::new(expr))))),
            false => computed.push(expr),
        }
    }
    let printed = schema.tables.iter().nth(index).map(|(printed, _)| printed);
    for (name, partial) in schema.indexes.iter().filter(|(_, i)| Some(&i.on) == printed) {
        let Some((_, text)) = partial.definition.split_once(") WHERE ") else { continue };
        let failed = |why: Refused| format!("has the partial index {name}: {}", why.reason);
        let expr = typed_alone(tables, row, text).and_then(Typed::condition);
        computed.push(expr.map_err(failed)?);
    }
    tables[index].checks = checks;
    tables[index].computed = computed;
    Ok(())
}
