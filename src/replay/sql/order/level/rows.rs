//! Where the rows of a relation come from, and what tells them apart.

use super::{Column, Level};
use crate::replay::sql::order::facts::Key;
use crate::replay::sql::tree::Node;

/// Where a relation's rows come from.
pub(super) enum Rows {
    /// A table, or a query: its unique keys.
    Keyed(Vec<Key>),
    /// There is one.
    One(Vec<Column>),
    /// Members of a list in their order, as functions give them; with their number, the column of it.
    List(Option<i64>, Vec<Column>),
    Unknown,
}

/// `RTEKind`.
pub(super) const TABLE: i64 = 0;
pub(super) const SUBQUERY: i64 = 1;
pub(super) const JOIN: i64 = 2;
const FUNCTION: i64 = 3;
const TABLE_FUNCTION: i64 = 4;
const VALUES: i64 = 5;
pub(super) const CTE: i64 = 6;
const RESULT: i64 = 8;
pub(super) const GROUP: i64 = 9;
impl<'l> Level<'l> {
    pub(super) fn rows(&self, number: i64) -> Rows {
        let Some(relation) = self.relation(number) else { return Rows::Unknown };
        let below = |field: &'static str| self.tree.below(relation, field).collect::<Vec<&Node>>();
        match relation.number("rtekind") {
            Some(TABLE) if matches!(relation.word("relkind"), Some("r" | "p")) => {
                let keys = relation.oids("relid").find_map(|oid| self.facts.keys.get(&oid));
                Rows::Keyed(keys.cloned().unwrap_or_default())
            }
            Some(SUBQUERY) => match below("subquery").as_slice() {
                [query] => self.rows_of_query(relation, query),
                _ => Rows::Unknown,
            },
            Some(CTE) => match self.common(relation) {
                Some(query) => self.rows_of_query(relation, query),
                None => Rows::Unknown,
            },
            Some(FUNCTION) => {
                let needs = self.columns(relation);
                let functions = below("functions");
                let gives_rows = |node: &&Node| {
                    let call = self.tree.below(node, "funcexpr").next();
                    call.is_none_or(|call| call.word("funcretset") != Some("false"))
                };
                if !functions.iter().any(gives_rows) {
                    return Rows::One(needs);
                }
                let is_numbered = relation.word("funcordinality") == Some("true");
                Rows::List(is_numbered.then(|| self.width(relation)), needs)
            }
            Some(TABLE_FUNCTION) => Rows::List(None, self.columns(relation)),
            Some(VALUES) => {
                let width = self.width(relation);
                let cells = i64::try_from(below("values_lists").len()).unwrap_or(i64::MAX);
                match cells <= width {
                    true => Rows::One(self.columns(relation)),
                    false => Rows::List(None, self.columns(relation)),
                }
            }
            Some(RESULT) => Rows::One(Vec::new()),
            _ => Rows::Unknown,
        }
    }

    fn rows_of_query(&self, relation: &'l Node, query: &'l Node) -> Rows {
        let level = Level::of(self.tree, self.facts, query);
        if level.gives_one() || level.is_cut_to_one() {
            return Rows::One(self.columns(relation));
        }
        Rows::Keyed(level.keys())
    }

    /// The query of a WITH that a relation is.
    pub(super) fn common(&self, relation: &'l Node) -> Option<&'l Node> {
        let up = usize::try_from(relation.number("ctelevelsup")?).ok()?;
        let queries = std::iter::once(self.query)
            .chain(self.tree.all_around(self.query).filter(|node| node.name == "QUERY"));
        let holder = queries.into_iter().nth(up)?;
        let name = relation.word("ctename")?;
        let mut all = self.tree.below(holder, "cteList");
        let one = all.find(|node| node.word("ctename") == Some(name))?;
        let query = self.tree.below(one, "ctequery").next()?;
        let is_plain =
            one.word("cterecursive") != Some("true") && query.number("commandType") == Some(1);
        is_plain.then_some(query)
    }

    /// How many columns a relation has.
    fn width(&self, relation: &'l Node) -> i64 {
        let names = self.tree.below(relation, "eref").flat_map(|alias| alias.words("colnames"));
        i64::try_from(names.filter(|word| *word != "<>").count()).unwrap_or(i64::MAX)
    }
}
