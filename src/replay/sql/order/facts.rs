//! What the catalog says of the tables, functions and operators that a parse tree names.

use std::collections::{BTreeMap, BTreeSet};

use crate::pg::{PgError, Sql};
use crate::replay::sql::tree::Tree;

/// What rows are told apart by, and what functions and operators are.
#[derive(Debug, Default)]
pub(in crate::replay::sql) struct Facts {
    /// The unique keys of each table.
    pub(super) keys: BTreeMap<u32, Vec<Key>>,
    /// Names of functions, and whether they are the server's own.
    pub(super) functions: BTreeMap<u32, (String, bool)>,
    /// Operators that say that two values are equal.
    pub(super) equal: BTreeSet<u32>,
}

/// A unique key: the numbers of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::replay::sql) struct Key {
    pub(super) columns: Vec<i64>,
    /// Whether no column is ever NULL: rows with a NULL are not told apart.
    pub(super) never_null: bool,
}

impl Facts {
    /// The unique keys of a table, each as the numbers of its columns.
    pub(in crate::replay::sql) fn keys_of(&self, table: u32) -> impl Iterator<Item = &[i64]> {
        self.keys.get(&table).into_iter().flatten().map(|key| key.columns.as_slice())
    }

    /// Reads what is not known yet of what a tree names.
    pub(in crate::replay::sql) fn read(
        &mut self,
        sql: &mut impl Sql,
        tree: &Tree,
    ) -> Result<(), PgError> {
        let all = |name: &'static str, field: &'static str| {
            tree.named(name).flat_map(move |node| node.oids(field)).collect::<Vec<u32>>()
        };
        let mut tables = all("RANGETBLENTRY", "relid");
        tables.retain(|oid| !self.keys.contains_key(oid));
        if !tables.is_empty() {
            for row in sql.query(include_str!("keys.sql"), &[&tables])? {
                let keys = self.keys.entry(row.get("oid")).or_default();
                if let Some(columns) = row.get::<_, Option<Vec<i64>>>("columns") {
                    keys.push(Key { columns, never_null: row.get("never_null") });
                }
            }
        }
        let mut functions = all("AGGREF", "aggfnoid");
        functions.extend(all("WINDOWFUNC", "winfnoid"));
        functions.retain(|oid| !self.functions.contains_key(oid));
        if !functions.is_empty() {
            let names = "SELECT oid, proname::text, pronamespace = 'pg_catalog'::regnamespace \
                         FROM pg_catalog.pg_proc WHERE oid = ANY ($1)";
            for row in sql.query(names, &[&functions])? {
                self.functions.insert(row.get(0), (row.get(1), row.get(2)));
            }
        }
        let mut operators = all("OPEXPR", "opno");
        operators.retain(|oid| !self.equal.contains(oid));
        if !operators.is_empty() {
            let equal = "SELECT DISTINCT o.amopopr FROM pg_catalog.pg_amop o \
                         JOIN pg_catalog.pg_am m ON m.oid = o.amopmethod AND m.amname = 'btree' \
                         WHERE o.amopstrategy = 3 AND o.amopopr = ANY ($1)";
            self.equal
                .extend(sql.query(equal, &[&operators])?.iter().map(|row| row.get::<_, u32>(0)));
        }
        Ok(())
    }
}
