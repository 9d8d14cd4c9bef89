//! What is different between the lines a schema should have and those it has.
//!
//! Works on stored lines alone, because they are all that is kept of an earlier time.
//! It says what is different and not how to mend it: `alter` writes SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::printed::{outside_quotes, table_and_column};
use super::{Schema, WITH_LATER, WITH_OTHERS};

/// Definitions longer than this, in bytes, are not repeated in a sentence.
const LONGEST_QUOTED: usize = 160;

/// A constraint that is checked has no line of that.
const ENFORCEMENT: &str = "enforcement of constraint ";
const EVERYWHERE: &str = "on";

/// One object that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// It should be there and is not.
    Missing {
        /// The object, such as `index orders_by_customer`.
        object: String,
    },
    /// It is there and should not be.
    Added {
        /// The object.
        object: String,
        /// What it is; empty where its name says all.
        found: String,
    },
    /// It is there and is something else.
    Changed {
        /// The object.
        object: String,
        /// What it is.
        found: String,
        /// What it should be.
        expected: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Missing { object } => write!(f, "{object} is missing"),
            Difference::Added { object, found } if !quotable(found) => {
                write!(f, "{object} was added")
            }
            Difference::Added { object, found } => write!(f, "{object} was added: {found}"),
            Difference::Changed { object, found, expected }
                if quotable(found) && quotable(expected) =>
            {
                write!(f, "{object} is {found}, expected {expected}")
            }
            Difference::Changed { object, .. } => write!(f, "{object} has another definition"),
        }
    }
}

fn quotable(definition: &str) -> bool {
    !definition.is_empty() && definition.len() <= LONGEST_QUOTED && !definition.contains("\\n")
}

/// The same for lines that were kept, which may be of a time when less was read.
#[must_use]
pub fn drift(kept: &[String], now: &Schema) -> Vec<Difference> {
    let has = |mark: &str| kept.iter().any(|line| line == mark);
    let mut then: Vec<String> = kept.to_vec();
    then.retain(|line| line != WITH_OTHERS && line != WITH_LATER);
    let mut now = now.clone();
    if !has(WITH_OTHERS) {
        now.others = BTreeMap::new();
    }
    if !has(WITH_LATER) {
        now.later = BTreeMap::new();
        // They were read, and are parts of their types.
        then.retain(|line| !(line.starts_with("function ") && line.contains("range_constructor")));
    }
    differences(&then, &now.lines())
}

/// What `found` has that `expected` has not, and the other way round, by object.
///
/// Of a table or view that is gone or new, its columns and all that lies on it are not
/// named one by one.
#[must_use]
pub fn differences(expected: &[String], found: &[String]) -> Vec<Difference> {
    let expected: BTreeMap<&str, &str> = expected.iter().map(|line| split(line)).collect();
    let found: BTreeMap<&str, &str> = found.iter().map(|line| split(line)).collect();
    let gone = whole(&expected, &found);
    let new = whole(&found, &expected);
    let mut differences = Vec::new();
    for (&key, &value) in &expected {
        match found.get(key) {
            Some(&other) if other == value => {}
            Some(&other) => differences.push(Difference::Changed {
                object: key.to_owned(),
                found: shown_or_ordinary(key, other),
                expected: shown_or_ordinary(key, value),
            }),
            None if is_comment_on_missing(key, &expected, &found) => {}
            None if lies_on(key, value).is_some_and(|owner| gone.contains(owner)) => {}
            None if key.starts_with(ENFORCEMENT) => differences.push(Difference::Changed {
                object: key.to_owned(),
                found: EVERYWHERE.to_owned(),
                expected: value.to_owned(),
            }),
            None => differences.push(Difference::Missing { object: key.to_owned() }),
        }
    }
    for (&key, &value) in &found {
        let covered = lies_on(key, value).is_some_and(|owner| new.contains(owner));
        if !expected.contains_key(key) && key.starts_with(ENFORCEMENT) {
            differences.push(Difference::Changed {
                object: key.to_owned(),
                found: value.to_owned(),
                expected: EVERYWHERE.to_owned(),
            });
        } else if !expected.contains_key(key) && !covered {
            differences
                .push(Difference::Added { object: key.to_owned(), found: shown(key, value) });
        }
    }
    differences.sort();
    differences
}

/// Whether it is a comment, and what it was on is missing as well.
fn is_comment_on_missing(
    key: &str,
    expected: &BTreeMap<&str, &str>,
    found: &BTreeMap<&str, &str>,
) -> bool {
    let missing = |object: &str| expected.contains_key(object) && !found.contains_key(object);
    key.strip_prefix("comment on ").is_some_and(|object| {
        // COMMENT ON has one word for enum and composite types.
        missing(object)
            || object.strip_prefix("type ").is_some_and(|name| missing(&format!("enum {name}")))
    })
}

/// The tables and views of `lines` that `others` lacks.
fn whole<'a>(lines: &BTreeMap<&'a str, &str>, others: &BTreeMap<&str, &str>) -> BTreeSet<&'a str> {
    let gone = lines.keys().filter(|key| !others.contains_key(**key));
    gone.filter_map(|key| relation(key)).collect()
}

fn relation(key: &str) -> Option<&str> {
    ["table ", "view ", "materialized view "].iter().find_map(|kind| key.strip_prefix(kind))
}

/// The key and the value of a line; a name in double quotes may hold any character.
fn split(line: &str) -> (&str, &str) {
    outside_quotes(line, ": ").map_or((line, ""), |at| (&line[..at], &line[at + 2..]))
}

/// The table or view an object goes with, if it goes with one.
fn lies_on<'a>(key: &'a str, value: &'a str) -> Option<&'a str> {
    if let Some(object) = key.strip_prefix("comment on ") {
        return relation(object).or_else(|| lies_on(object, value));
    }
    if let Some(column) = key.strip_prefix("column ") {
        return table_and_column(column).map(|(table, _)| table);
    }
    if key.starts_with("index ") {
        let rest = &value[outside_quotes(value, " ON ")? + 4..];
        return Some(&rest[..outside_quotes(rest, " ").unwrap_or(rest.len())]);
    }
    if let Some(column) = [
        "statistics target of ",
        "storage of ",
        "compression of ",
        "options of column ",
        "default of ",
    ]
    .iter()
    .find_map(|kind| key.strip_prefix(kind))
    {
        return table_and_column(column).map(|(table, _)| table);
    }
    if let Some(table) = key.strip_prefix("type of table ") {
        return Some(table);
    }
    let with_of = ["parameter ", "replica identity ", "clustered on ", "tablespace "];
    let mark = if with_of.iter().any(|kind| key.starts_with(kind)) { " of " } else { " on " };
    let kinds = [
        "constraint ",
        "policy ",
        "trigger ",
        "parameter ",
        "row security",
        "forced row security",
        "rule ",
        "replica identity ",
        "statistics ",
        "clustered on ",
        "tablespace ",
    ];
    let owned = kinds.iter().any(|kind| key.starts_with(kind));
    owned.then(|| outside_quotes(key, mark).map(|at| &key[at + 4..])).flatten()
}

/// Only an ordinary table has nothing to say of itself, until it is another kind of table.
fn shown_or_ordinary(key: &str, value: &str) -> String {
    if value.is_empty() { "ordinary".to_owned() } else { shown(key, value) }
}

/// A value as a sentence takes it: the key has the index's or trigger's name already.
fn shown(key: &str, value: &str) -> String {
    let kinds = ["index ", "trigger "];
    if !kinds.iter().any(|kind| key.starts_with(kind)) {
        return value.to_owned();
    }
    let words =
        ["CREATE UNIQUE INDEX ", "CREATE INDEX ", "CREATE CONSTRAINT TRIGGER ", "CREATE TRIGGER "];
    let Some(word) = words.iter().find(|word| value.starts_with(**word)) else {
        return value.to_owned();
    };
    let rest = &value[word.len()..];
    let after_name = outside_quotes(rest, " ").map_or("", |at| &rest[at + 1..]);
    let unique = if word.contains("UNIQUE") { "unique " } else { "" };
    format!(
        "{unique}{}",
        after_name.replacen("ON ", "on ", usize::from(after_name.starts_with("ON ")))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &[&str], found: &[&str], sentences: &[&str]) {
        let owned = |lines: &[&str]| lines.iter().map(|&l| l.to_owned()).collect::<Vec<_>>();
        let differences = differences(&owned(expected), &owned(found));
        assert_eq!(differences.iter().map(ToString::to_string).collect::<Vec<_>>(), sentences);
    }

    #[test]
    fn nothing_is_different_from_itself() {
        let lines = ["table orders", "column orders.id: bigint"];
        check(&lines, &lines, &[]);
    }

    #[test]
    fn each_kind_of_difference_is_a_sentence() {
        check(
            &[
                "column orders.total: numeric(10,2)",
                "index orders_by_customer: CREATE INDEX orders_by_customer ON orders USING btree (customer)",
                "table orders",
            ],
            &["column orders.note: text", "column orders.total: numeric(12,2)", "table orders"],
            &[
                "index orders_by_customer is missing",
                "column orders.note was added: text",
                "column orders.total is numeric(12,2), expected numeric(10,2)",
            ],
        );
    }

    #[test]
    fn a_table_that_is_gone_speaks_for_all_that_lay_on_it() {
        check(
            &[
                "column \"O: x\".id: bigint",
                "comment on column \"O: x\".id: 'key'",
                "comment on table \"O: x\": 'orders'",
                "constraint p on \"O: x\": PRIMARY KEY (id)",
                "index i: CREATE INDEX i ON \"O: x\" USING btree (id)",
                "parameter fillfactor of \"O: x\": 70",
                "row security on \"O: x\"",
                "table \"O: x\"",
                "trigger t on \"O: x\": CREATE TRIGGER t",
            ],
            &["column new.id: bigint", "table new"],
            &["table \"O: x\" is missing", "table new was added"],
        );
    }

    #[test]
    fn long_definitions_are_not_repeated() {
        check(
            &["function f(): CREATE FUNCTION f()\\nAS 'SELECT 1'"],
            &["function f(): CREATE FUNCTION f()\\nAS 'SELECT 2'"],
            &["function f() has another definition"],
        );
    }

    #[test]
    fn an_index_is_told_without_its_name() {
        check(
            &["index i: CREATE INDEX i ON t USING btree (a)"],
            &["index i: CREATE UNIQUE INDEX i ON t USING btree (a)"],
            &["index i is unique on t USING btree (a), expected on t USING btree (a)"],
        );
    }
}
