//! Rows that are expected held against rows that came out.

use std::collections::BTreeMap;

use super::rows::{Column, Table};

/// A row as it is expected: some columns and their values.
pub type Expected = BTreeMap<String, Option<String>>;

/// Something that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A row is not there.
    Missing {
        /// The table.
        table: String,
        /// The row.
        row: Vec<(String, Option<String>)>,
    },
    /// A row is there that nobody expects.
    Unexpected {
        /// The table.
        table: String,
        /// The row.
        row: Vec<(String, Option<String>)>,
    },
    /// A row has another value.
    Changed {
        /// The table.
        table: String,
        /// The row's key.
        key: Vec<(String, Option<String>)>,
        /// The column.
        column: String,
        /// What is expected.
        expected: Option<String>,
        /// What is there.
        found: Option<String>,
    },
    /// Something else, in a sentence.
    Other(String),
}

/// Compares a table: row by row by its key where every expected row has one, else as a whole.
#[must_use]
pub fn compare(name: &str, table: &Table, expected: &[Expected]) -> Vec<Difference> {
    let key: Vec<&Column> = table.columns.iter().filter(|column| column.in_key).collect();
    let has_key = |row: &Expected| key.iter().all(|column| row.contains_key(&column.name));
    match !key.is_empty() && expected.iter().all(has_key) {
        true => by_key(name, table, &key, expected),
        false => as_a_whole(name, table, expected),
    }
}

fn by_key(name: &str, table: &Table, key: &[&Column], expected: &[Expected]) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut left: Vec<&Vec<Option<String>>> = table.rows.iter().collect();
    for row in expected {
        let is_it = |found: &&Vec<Option<String>>| {
            key.iter().all(|column| value(table, found, &column.name) == Some(&row[&column.name]))
        };
        let Some(at) = left.iter().position(is_it) else {
            let row = row.iter().map(|(column, value)| (column.clone(), value.clone())).collect();
            differences.push(Difference::Missing { table: name.to_owned(), row });
            continue;
        };
        let found = left.swap_remove(at);
        for (column, wanted) in row {
            let is = value(table, found, column).cloned().flatten();
            if is != *wanted {
                differences.push(Difference::Changed {
                    table: name.to_owned(),
                    key: key.iter().map(|c| (c.name.clone(), row[&c.name].clone())).collect(),
                    column: column.clone(),
                    expected: wanted.clone(),
                    found: is,
                });
            }
        }
    }
    left.sort_unstable();
    differences.extend(left.into_iter().map(|row| unexpected(name, table, row)));
    differences
}

fn as_a_whole(name: &str, table: &Table, expected: &[Expected]) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut left: Vec<&Vec<Option<String>>> = table.rows.iter().collect();
    // Those that say most first: a row that says less takes what is left.
    let mut wanted: Vec<&Expected> = expected.iter().collect();
    wanted.sort_by_key(|row| std::cmp::Reverse(row.len()));
    for row in wanted {
        let is_it = |found: &&Vec<Option<String>>| {
            row.iter().all(|(column, wanted)| value(table, found, column) == Some(wanted))
        };
        match left.iter().position(is_it) {
            Some(at) => drop(left.swap_remove(at)),
            None => {
                let row = row.iter().map(|(c, v)| (c.clone(), v.clone())).collect();
                differences.push(Difference::Missing { table: name.to_owned(), row });
            }
        }
    }
    left.sort_unstable();
    differences.extend(left.into_iter().map(|row| unexpected(name, table, row)));
    differences
}

fn unexpected(name: &str, table: &Table, row: &[Option<String>]) -> Difference {
    let named = table.columns.iter().zip(row).map(|(c, v)| (c.name.clone(), v.clone()));
    Difference::Unexpected { table: name.to_owned(), row: named.collect() }
}

fn value<'r>(table: &Table, row: &'r [Option<String>], column: &str) -> Option<&'r Option<String>> {
    table.columns.iter().position(|c| c.name == column).and_then(|at| row.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(in_key: bool, rows: &[(&str, Option<&str>)]) -> Table {
        let column = |name: &str, in_key| Column { name: name.into(), ty: "text".into(), in_key };
        let row =
            |(id, v): &(&str, Option<&str>)| vec![Some((*id).to_owned()), v.map(str::to_owned)];
        Table {
            columns: vec![column("id", in_key), column("v", false)],
            rows: rows.iter().map(row).collect(),
        }
    }

    fn row(pairs: &[(&str, Option<&str>)]) -> Expected {
        pairs.iter().map(|(c, v)| ((*c).to_owned(), v.map(str::to_owned))).collect()
    }

    #[test]
    fn each_kind_of_difference_is_found() {
        let found = table(true, &[("a", Some("1")), ("b", None), ("c", Some("3"))]);
        let same = [
            row(&[("id", Some("a"))]),
            row(&[("id", Some("b")), ("v", None)]),
            row(&[("id", Some("c"))]),
        ];
        assert!(compare("t", &found, &same).is_empty());
        let other = [
            row(&[("id", Some("a")), ("v", Some("2"))]),
            row(&[("id", Some("b"))]),
            row(&[("id", Some("d"))]),
        ];
        let differences = compare("t", &found, &other);
        assert_eq!(differences.len(), 3, "{differences:?}");
        assert!(matches!(&differences[0], Difference::Changed { column, .. } if column == "v"));
        assert!(matches!(&differences[1], Difference::Missing { .. }));
        assert!(matches!(&differences[2], Difference::Unexpected { .. }));
    }

    #[test]
    fn without_a_key_rows_are_counted() {
        let found = table(false, &[("a", Some("1")), ("a", Some("1")), ("a", Some("2"))]);
        let all = [
            row(&[("id", Some("a"))]),
            row(&[("id", Some("a")), ("v", Some("1"))]),
            row(&[("id", Some("a")), ("v", Some("1"))]),
        ];
        assert!(compare("t", &found, &all).is_empty());
        let fewer = compare("t", &found, &all[1..]);
        assert_eq!(fewer.len(), 1);
        let wrong = [row(&[("v", Some("1"))]), row(&[("v", Some("1"))]), row(&[("v", Some("1"))])];
        assert_eq!(compare("t", &found, &wrong).len(), 2);
    }
}
