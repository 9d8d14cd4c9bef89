//! The lines of a schema: one fact each, `key` or `key: value`.
//!
//! Owns their form, which is what is kept in the database: a change here makes every
//! stored line another. A key names one object; a value is on one line, with `\n` for
//! a line's end. It does not compare (`drift` does).

use super::{Column, Named, Schema, Table, View};
use crate::ident::quote_literal;

/// The sorted lines.
pub(super) fn of(schema: &Schema) -> Vec<String> {
    let mut lines = Lines(Vec::new());
    for (name, table) in &schema.tables {
        of_table(&mut lines, name, table);
    }
    for (name, index) in &schema.indexes {
        let state = if index.valid { "" } else { " (invalid)" };
        lines.fact(format!("index {name}"), &format!("{}{state}", index.definition));
    }
    for (name, trigger) in &schema.triggers {
        let state = match trigger.fires {
            'D' => " (disabled)",
            'R' => " (fires on replicas only)",
            'A' => " (fires on replicas too)",
            _ => "",
        };
        let key = format!("trigger {}", name.replacen(" ON ", " on ", 1));
        lines.fact(key, &format!("{}{state}", trigger.definition));
    }
    for (name, sequence) in &schema.sequences {
        lines.fact(format!("sequence {name}"), &sequence.definition);
        if let Some(owner) = &sequence.owned_by {
            lines.fact(format!("owner of sequence {name}"), owner);
        }
    }
    for (name, view) in &schema.views {
        of_view(&mut lines, name, view);
    }
    for (name, routine) in &schema.routines {
        lines.fact(format!("{} {name}", routine.kind.to_lowercase()), &routine.definition);
    }
    of_types(&mut lines, schema);
    for (object, comment) in &schema.comments {
        lines.fact(format!("comment on {}", lowercase_head(object)), &quote_literal(comment));
    }
    for (object, value) in schema.others.iter().chain(&schema.later) {
        lines.fact(object.clone(), value);
    }
    lines.0.sort();
    lines.0
}

struct Lines(Vec<String>);

impl Lines {
    fn word(&mut self, key: String) {
        self.0.push(escape(&key));
    }

    fn fact(&mut self, key: String, value: &str) {
        self.0.push(format!("{}: {}", escape(&key), escape(value)));
    }

    fn options(&mut self, owner: &str, options: &Named<String>) {
        for (name, value) in options {
            self.fact(format!("parameter {name} of {owner}"), value);
        }
    }
}

fn of_table(lines: &mut Lines, name: &str, table: &Table) {
    let mut value = Vec::new();
    if table.unlogged {
        value.push("unlogged".to_owned());
    }
    if let Some(key) = &table.partitioned_by {
        value.push(format!("partitioned by {key}"));
    }
    match &table.partition_bound {
        Some(bound) => value.push(format!("partition of {} {bound}", table.parents.join(", "))),
        None if !table.parents.is_empty() => {
            value.push(format!("inherits {}", table.parents.join(", ")));
        }
        None => {}
    }
    if value.is_empty() {
        lines.word(format!("table {name}"));
    } else {
        lines.fact(format!("table {name}"), &value.join(", "));
    }
    for column in &table.columns {
        lines.fact(format!("column {name}.{}", column.name), &of_column(column));
    }
    for (constraint, fact) in &table.constraints {
        lines.fact(format!("constraint {constraint} on {name}"), &fact.definition);
    }
    for (policy, definition) in &table.policies {
        lines.fact(format!("policy {policy} on {name}"), definition);
    }
    lines.options(name, &table.options);
    if table.row_security {
        lines.word(format!("row security on {name}"));
    }
    if table.row_security_forced {
        lines.word(format!("forced row security on {name}"));
    }
}

/// A column as one reads it: the keywords of its definition in lower case.
fn of_column(column: &Column) -> String {
    let mut text = column.sql_type.clone();
    if let Some(collation) = &column.collation {
        text += &format!(" collate {collation}");
    }
    if column.not_null {
        text += " not null";
    }
    if let Some(default) = &column.default {
        text += &format!(" default {default}");
    }
    if let Some(generated) = &column.generated {
        text +=
            &format!(" {}", generated.replacen("GENERATED ALWAYS AS", "generated always as", 1));
    }
    if let Some(identity) = &column.identity {
        text += &format!(" generated {} as identity", identity.to_lowercase());
        if let Some(options) = &column.identity_options {
            text += &format!(" ({options})");
        }
    }
    text
}

fn of_view(lines: &mut Lines, name: &str, view: &View) {
    let kind = if view.materialized { "materialized view" } else { "view" };
    lines.fact(format!("{kind} {name}"), &view.definition);
    lines.options(name, &view.options);
}

fn of_types(lines: &mut Lines, schema: &Schema) {
    for (name, labels) in &schema.enums {
        let labels: Vec<String> = labels.iter().map(|label| quote_literal(label)).collect();
        lines.fact(format!("enum {name}"), &labels.join(", "));
    }
    for (name, domain) in &schema.domains {
        lines.fact(format!("domain {name}"), &domain.definition());
        for (constraint, definition) in &domain.constraints {
            lines.fact(format!("constraint {constraint} on domain {name}"), definition);
        }
    }
    for (name, attributes) in &schema.composites {
        let parts: Vec<String> =
            attributes.iter().map(|a| format!("{} {}", a.name, a.sql_type)).collect();
        lines.fact(format!("type {name}"), &parts.join(", "));
    }
}

/// `CONSTRAINT c ON t` as `constraint c on t`; names keep their case.
fn lowercase_head(object: &str) -> String {
    let (kind, name) = match object.strip_prefix("MATERIALIZED VIEW ") {
        Some(name) => ("materialized view".to_owned(), name),
        None => match object.split_once(' ') {
            Some((kind, name)) => (kind.to_lowercase(), name),
            None => (String::new(), object),
        },
    };
    let on = matches!(kind.as_str(), "constraint" | "trigger");
    let name = if on { name.replacen(" ON ", " on ", 1) } else { name.to_owned() };
    format!("{kind} {name}")
}

/// One line, whatever is in it.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_one_line_and_lines_are_sorted() {
        let schema = Schema::from_json(
            r#"{"tables": {"t": {"columns": [
                  {"name": "z", "type": "text", "default": "E'a\nb'::text"},
                  {"name": "a", "type": "bigint", "not_null": true, "identity": "BY DEFAULT"}],
                "row_security": true, "options": {"fillfactor": "70"}}},
              "comments": {"CONSTRAINT \"A\" ON t": "It's"}}"#,
        )
        .unwrap();
        assert_eq!(
            schema.lines(),
            [
                "column t.a: bigint not null generated by default as identity",
                "column t.z: text default E'a\\nb'::text",
                "comment on constraint \"A\" on t: 'It''s'",
                "parameter fillfactor of t: 70",
                "row security on t",
                "table t",
            ]
        );
    }

    #[test]
    fn the_order_of_columns_is_no_fact_and_any_other_word_is() {
        let read = |columns: &str| {
            let text = format!(r#"{{"tables": {{"t": {{"columns": [{columns}]}}}}}}"#);
            Schema::from_json(&text).unwrap().fingerprint()
        };
        let (a, b) = (r#"{"name": "a", "type": "text"}"#, r#"{"name": "b", "type": "text"}"#);
        assert_eq!(read(&format!("{a}, {b}")), read(&format!("{b}, {a}")));
        assert_ne!(read(a), read(b));
        assert_eq!(read(a).len(), 64);
    }
}
