//! Fields of several types into the columns of one table.

use std::collections::{BTreeMap, BTreeSet};

use super::MOST_COLUMNS;
use super::fields::{Kind, Leaf, sql_type};
use crate::handler::{Handlers, ParamSource};
use crate::ident::MAX_BYTES;
use crate::source::SourceFile;

/// Names that PostgreSQL gives to columns of each table, and those of the draft's own columns.
const TAKEN: [&str; 9] =
    ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "stream_id", "events", "last_position"];

/// A field of an event type, and the column that it fills.
#[derive(Debug, Clone)]
pub struct Column {
    /// The field's path.
    pub path: Vec<String>,
    /// The column's name.
    pub name: String,
    /// Its type in SQL.
    pub sql_type: &'static str,
    /// The parameter, as handlers write it: with `?` if events lack the field.
    pub param: String,
    /// Events without the field.
    pub missing: u64,
    /// Events with null there.
    pub nulls: u64,
    pub(super) kinds: BTreeSet<Kind>,
}

/// The columns of a table, by the path of the field that fills each.
#[derive(Debug, Default)]
pub(super) struct Columns {
    by_path: BTreeMap<Vec<String>, (String, BTreeSet<Kind>)>,
    order: Vec<Vec<String>>,
    names: BTreeSet<String>,
    /// Fields without a column, and why.
    pub(super) left_out: Vec<String>,
}

impl Columns {
    /// Makes room for the fields of a type.
    pub(super) fn take(&mut self, event_type: &str, leaves: Vec<Leaf>) -> Vec<Leaf> {
        let mut kept = Vec::new();
        for leaf in leaves {
            let why = if leaf.is_unfit {
                Some("a text of it is none that PostgreSQL can hold")
            } else if self.order.len() >= MOST_COLUMNS && !self.by_path.contains_key(&leaf.path) {
                Some("the table has very many columns already")
            } else if written(&leaf.path, false).is_none() {
                Some("its name cannot be written in a handler")
            } else {
                None
            };
            if let Some(why) = why {
                self.left_out
                    .push(format!("{event_type}: {} is left out: {why}", leaf.path.join(".")));
                continue;
            }
            match self.by_path.get_mut(&leaf.path) {
                Some((_, kinds)) => kinds.extend(&leaf.kinds),
                None => {
                    let name = self.name(&leaf.path);
                    self.order.push(leaf.path.clone());
                    self.by_path.insert(leaf.path.clone(), (name, leaf.kinds.clone()));
                }
            }
            kept.push(leaf);
        }
        kept
    }

    /// Name and type of each column, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let column =
            |path| self.by_path.get(path).map(|(name, kinds)| (name.as_str(), sql_type(kinds)));
        self.order.iter().filter_map(column)
    }

    /// The column of a type's field.
    pub(super) fn of(&self, leaf: &Leaf) -> Option<Column> {
        let (name, kinds) = self.by_path.get(&leaf.path)?;
        Some(Column {
            path: leaf.path.clone(),
            name: name.clone(),
            sql_type: sql_type(kinds),
            param: written(&leaf.path, leaf.missing > 0)?,
            missing: leaf.missing,
            nulls: leaf.nulls,
            kinds: leaf.kinds.clone(),
        })
    }

    /// A name that no other column has.
    fn name(&mut self, path: &[String]) -> String {
        let parts: Vec<String> = path.iter().map(|part| snake(part)).collect();
        let whole = cut(&parts.join("_"), MAX_BYTES);
        let is_free = |name: &str, names: &BTreeSet<String>| {
            !name.is_empty() && !TAKEN.contains(&name) && !names.contains(name)
        };
        let numbered = (2..).map(|n| {
            let end = format!("_{n}");
            format!("{}{end}", cut(&whole, MAX_BYTES - end.len()))
        });
        let name = std::iter::once(whole.clone()).chain(numbered).find(|n| is_free(n, &self.names));
        let name = name.unwrap_or_default();
        self.names.insert(name.clone());
        name
    }
}

/// A field as handlers write it; nothing if they would read another from it.
fn written(path: &[String], is_optional: bool) -> Option<String> {
    if path.iter().any(|part| part.chars().any(char::is_control)) {
        return None;
    }
    let source = ParamSource::Field(path.to_vec());
    let text = format!("{source}{}", if is_optional { "?" } else { "" });
    let file =
        SourceFile::new("handlers.sql", format!("-- on X\nINSERT INTO t VALUES ({text});\n"));
    let read = Handlers::parse(file).ok()?;
    let [handler] = read.handlers.as_slice() else { return None };
    let [param] = handler.params.as_slice() else { return None };
    (param.source == source && param.optional == is_optional).then_some(text)
}

/// A field's name as one of a column: `customerId` is `customer_id`. What has other characters stays as it is.
fn snake(part: &str) -> String {
    if !part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return part.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    }
    let mut name = String::new();
    let mut before = '_';
    for c in part.chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
        before = c;
    }
    name
}

/// The beginning of a text that is not longer.
fn cut(text: &str, bytes: usize) -> String {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&[&str]]) -> Vec<String> {
        let mut columns = Columns::default();
        let path = |path: &&[&str]| path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        paths.iter().map(path).map(|path| columns.name(&path)).collect()
    }

    #[test]
    fn names_are_those_of_the_fields_and_differ() {
        let long = "é".repeat(40);
        let found = names(&[
            &["customerId"],
            &["customer_id"],
            &["CUSTOMER"],
            &["a", "b"],
            &["a_b"],
            &["xmin"],
            &["events"],
            &["Größe"],
            &["a.b"],
            &[""],
            &["1st"],
            &[&long],
            &[&long, "x"],
        ]);
        let expect = [
            "customer_id",
            "customer_id_2",
            "customer",
            "a_b",
            "a_b_2",
            "xmin_2",
            "events_2",
            "Größe",
            "a.b",
            "_2",
            "1st",
        ];
        assert_eq!(found[..expect.len()], expect);
        assert!(
            found[11].len() <= MAX_BYTES && found[12].len() <= MAX_BYTES && found[11] != found[12]
        );
    }

    #[test]
    fn a_parameter_is_read_back_as_the_field() {
        for (path, expect) in [
            (&["a"][..], Some(":a")),
            (&["a", "b c"], Some(":a.\"b c\"")),
            (&["event"], Some(":\"event\"")),
            (&["say \"hi\""], Some(":\"say \"\"hi\"\"\"")),
            (&["a\nb"], None),
        ] {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(written(&path, false).as_deref(), expect, "{path:?}");
        }
        assert_eq!(written(&["a?".to_owned()], true).as_deref(), Some(":\"a?\"?"));
    }
}
