//! Names of tables and indexes as the catalog holds them.
//!
//! Owns the folding of what is written into what PostgreSQL stores. It does
//! not know the search path, so a name without a schema stays one.

use std::fmt;

use squawk_syntax::ast::{self, HasPathRef};

use crate::ident::MAX_BYTES;

/// A name, perhaps with its schema. Quotes are undone, letters outside of
/// quotes are small, and what PostgreSQL would cut off is cut off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema, where it is written.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

impl Name {
    /// Reads `events`, `event_store.events` or `"Event Store"."Events"`.
    /// None if it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Name> {
        let sql = format!("TABLE {text}");
        let tree = super::parse::statement(&sql).filter(|tree| tree.is_whole)?;
        let ast::Stmt::Table(table) = tree.stmt else { return None };
        table.relation_name().and_then(|name| Name::of_relation(&name))
    }

    /// Whether both may mean one table: where one of them has no schema, the
    /// search path decides, and that is not known here.
    #[must_use]
    pub fn may_be(&self, other: &Name) -> bool {
        let schemas = match (&self.schema, &other.schema) {
            (Some(own), Some(others)) => own == others,
            _ => true,
        };
        schemas && self.name == other.name
    }

    pub(super) fn of(path: &ast::PathRef) -> Option<Name> {
        let name = path.segment()?.text();
        let schema = path.qualifier().and_then(|schema| schema.segment());
        Some(Name::new(schema.map(|schema| schema.text()), name))
    }

    pub(super) fn of_path(path: &ast::Path) -> Option<Name> {
        let name = path.segment()?.text();
        let schema = path.qualifier().and_then(|schema| schema.segment());
        Some(Name::new(schema.map(|schema| schema.text()), name))
    }

    /// The name in anything that holds a path.
    pub(super) fn within(node: &impl HasPathRef) -> Option<Name> {
        node.path_ref().and_then(|path| Name::of(&path))
    }

    pub(super) fn of_table(table: &ast::TableRelationName) -> Option<Name> {
        table.table_name_ref().and_then(|name| name.path_ref()).and_then(|path| Name::of(&path))
    }

    pub(super) fn of_relation(relation: &ast::RelationName) -> Option<Name> {
        let name = relation.relation_name_ref()?;
        name.path_ref().and_then(|path| Name::of(&path))
    }

    fn new(schema: Option<String>, name: String) -> Name {
        Name { schema: schema.map(cut), name: cut(name) }
    }
}

/// PostgreSQL keeps whole characters of a name, and as many as fit.
fn cut(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(MAX_BYTES));
    name
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, schema: Option<&str>, name: &str) {
        let expect = Name { schema: schema.map(str::to_owned), name: name.to_owned() };
        assert_eq!(Name::parse(text), Some(expect), "{text}");
    }

    #[test]
    fn names_are_folded_as_the_catalog_holds_them() {
        check("events", None, "events");
        check("Event_Store.EVENTS", Some("event_store"), "events");
        check("\"Event Store\".\"a\"\"B\"", Some("Event Store"), "a\"B");
        check("ÄB", None, "Äb");
        check(&"ก".repeat(30), None, &"ก".repeat(21));
        assert_eq!(Name::parse("a; DROP TABLE b"), None);
        assert_eq!(Name::parse(""), None);
    }
}
