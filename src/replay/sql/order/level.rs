//! One query of a parse tree: which of its rows are told apart by which of its values.
//!
//! Values are known where they are given (an ORDER BY names them, say), where an equation makes them
//! equal to what is known, or where a key of their table is known as a whole. Names follow
//! `src/include/nodes/parsenodes.h`. What is not understood counts as not known.

mod rows;

use std::collections::BTreeSet;

use super::facts::{Facts, Key};
use crate::replay::sql::tree::{Node, Tree};
use rows::{CTE, GROUP, JOIN, Rows, SUBQUERY, TABLE};

/// A column: the number of its relation in the query, and its own.
pub(super) type Column = (i64, i64);

/// A query with the relations that it takes rows from.
pub(super) struct Level<'l> {
    tree: &'l Tree,
    facts: &'l Facts,
    pub(super) query: &'l Node,
    /// The range table; relation 1 is the first.
    relations: Vec<&'l Node>,
    /// The relations in FROM, joins themselves not among them.
    pub(super) from: BTreeSet<i64>,
    equations: Vec<Equation>,
}

/// A column has one value as soon as others have.
struct Equation {
    column: Column,
    needs: Vec<Column>,
    /// Whether it is true of no NULL.
    is_strict: bool,
}

/// What is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    columns: BTreeSet<Column>,
    /// Known by an equation that is true of no NULL.
    strict: BTreeSet<Column>,
    /// Relations whose row is known.
    whole: BTreeSet<i64>,
}

impl Known {
    pub(super) fn has(&self, column: &Column) -> bool {
        self.whole.contains(&column.0) || self.columns.contains(column)
    }
}

/// `JoinType`.
const INNER: i64 = 0;
const LEFT: i64 = 1;
const RIGHT: i64 = 3;

impl<'l> Level<'l> {
    pub(super) fn of(tree: &'l Tree, facts: &'l Facts, query: &'l Node) -> Level<'l> {
        let mut level = Level {
            tree,
            facts,
            query,
            relations: tree.below(query, "rtable").collect(),
            from: BTreeSet::new(),
            equations: Vec::new(),
        };
        if let Some(joined) = tree.below(query, "jointree").next() {
            let own = |node: &&Node| level.depth(node) == Some(0);
            level.from = std::iter::once(joined)
                .chain(tree.inside(joined))
                .filter(|node| node.name == "RANGETBLREF")
                .filter(own)
                .filter_map(|node| node.number("rtindex"))
                .collect();
            let equations = level.equations_of(joined);
            level.equations = equations;
        }
        level
    }

    /// How many queries lie between a node and this one; nothing if it is not inside.
    fn depth(&self, node: &Node) -> Option<i64> {
        let mut depth = 0;
        for around in self.tree.all_around(node) {
            if around.is(self.query) {
                return Some(depth);
            }
            depth += i64::from(around.name == "QUERY");
        }
        None
    }

    fn relation(&self, number: i64) -> Option<&'l Node> {
        self.relations.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }

    fn kind(&self, number: i64) -> Option<i64> {
        self.relation(number)?.number("rtekind")
    }

    /// The query's own columns in an expression.
    pub(super) fn columns(&self, node: &'l Node) -> Vec<Column> {
        let mut found = Vec::new();
        self.gather(node, &mut found, 0);
        found
    }

    fn gather(&self, node: &'l Node, found: &mut Vec<Column>, rounds: usize) {
        let nodes = std::iter::once(node).chain(self.tree.inside(node));
        for var in nodes.filter(|node| node.name == "VAR") {
            if var.number("varlevelsup") != self.depth(var) {
                continue;
            }
            let (Some(relation), Some(column)) = (var.number("varno"), var.number("varattno"))
            else {
                continue;
            };
            // A column of a join, or of what is grouped by, is an expression over the others.
            let stands_for = match self.kind(relation) {
                Some(JOIN) => self.alias(relation, column, "joinaliasvars"),
                Some(GROUP) => self.alias(relation, column, "groupexprs"),
                _ => None,
            };
            match stands_for {
                Some(other) if rounds < 20 => self.gather(other, found, rounds + 1),
                _ => found.push((relation, column)),
            }
        }
    }

    fn alias(&self, relation: i64, column: i64, field: &'static str) -> Option<&'l Node> {
        let at = usize::try_from(column).ok()?.checked_sub(1)?;
        self.tree.below(self.relation(relation)?, field).nth(at)
    }

    /// The column that an expression is, if it is nothing else.
    fn plain(&self, node: &'l Node) -> Option<Column> {
        match node.name.as_str() {
            "RELABELTYPE" => self.plain(self.tree.below(node, "arg").next()?),
            "VAR" if self.depth(node) == node.number("varlevelsup") => {
                let relation = node.number("varno")?;
                let field = match self.kind(relation) {
                    Some(JOIN) => "joinaliasvars",
                    Some(GROUP) => "groupexprs",
                    _ => return Some((relation, node.number("varattno")?)),
                };
                self.plain(self.alias(relation, node.number("varattno")?, field)?)
            }
            _ => None,
        }
    }

    /// The equations of WHERE and of joins.
    fn equations_of(&self, joined: &'l Node) -> Vec<Equation> {
        let mut found = Vec::new();
        for condition in self.tree.below(joined, "quals") {
            self.conjuncts(condition, None, &mut found);
        }
        let joins = self.tree.inside(joined).filter(|node| node.name == "JOINEXPR");
        for join in joins.filter(|node| self.depth(node) == Some(0)) {
            let side = |field: &'static str| -> BTreeSet<i64> {
                let below = self.tree.below(join, field);
                let nodes = below.flat_map(|n| std::iter::once(n).chain(self.tree.inside(n)));
                let references = nodes.filter(|node| node.name == "RANGETBLREF");
                references.filter_map(|node| node.number("rtindex")).collect()
            };
            // Of an outer join only the side that may be missing follows from the other.
            let follows = match join.number("jointype") {
                Some(INNER) => None,
                Some(LEFT) => Some(side("rarg")),
                Some(RIGHT) => Some(side("larg")),
                _ => Some(BTreeSet::new()),
            };
            for condition in self.tree.below(join, "quals") {
                self.conjuncts(condition, follows.as_ref(), &mut found);
            }
        }
        found
    }

    fn conjuncts(
        &self,
        condition: &'l Node,
        follows: Option<&BTreeSet<i64>>,
        found: &mut Vec<Equation>,
    ) {
        let args: Vec<&Node> = self.tree.below(condition, "args").collect();
        let mut push = |column: Option<Column>, needs: Vec<Column>, is_strict: bool| {
            let column = column.filter(|c| follows.is_none_or(|follows| follows.contains(&c.0)));
            found.extend(column.map(|column| Equation { column, needs, is_strict }));
        };
        match (condition.name.as_str(), args.as_slice()) {
            ("BOOLEXPR", all) if condition.word("boolop") == Some("and") => {
                all.iter().for_each(|one| self.conjuncts(one, follows, found));
            }
            ("OPEXPR", [one, other])
                if condition.oids("opno").any(|oid| self.facts.equal.contains(&oid)) =>
            {
                push(self.plain(one), self.columns(other), true);
                push(self.plain(other), self.columns(one), true);
            }
            ("NULLTEST", _) if condition.number("nulltesttype") == Some(0) => {
                let column = self.tree.below(condition, "arg").next().and_then(|n| self.plain(n));
                push(column, Vec::new(), false);
            }
            ("VAR", _) => push(self.plain(condition), Vec::new(), true),
            _ => {}
        }
    }

    /// What follows from columns and rows that are given.
    pub(super) fn follow(&self, given: impl IntoIterator<Item = Column>, whole: &[i64]) -> Known {
        let mut known = Known {
            columns: given.into_iter().collect(),
            strict: BTreeSet::new(),
            whole: whole.iter().copied().collect(),
        };
        let sources: Vec<(i64, Rows)> =
            self.from.iter().map(|number| (*number, self.rows(*number))).collect();
        loop {
            let before = (known.columns.len(), known.strict.len(), known.whole.len());
            for equation in &self.equations {
                if equation.needs.iter().all(|column| known.has(column)) {
                    known.columns.insert(equation.column);
                    if equation.is_strict {
                        known.strict.insert(equation.column);
                    }
                }
            }
            for (number, rows) in &sources {
                let has = |column: &i64| known.has(&(*number, *column));
                let is_whole = match rows {
                    Rows::Keyed(keys) => keys.iter().any(|key| {
                        let is_strict = |column: &i64| known.strict.contains(&(*number, *column));
                        key.columns.iter().all(has)
                            && (key.never_null || key.columns.iter().all(is_strict))
                    }),
                    Rows::One(needs) => needs.iter().all(|column| known.has(column)),
                    Rows::List(Some(place), needs) => {
                        has(place) && needs.iter().all(|column| known.has(column))
                    }
                    Rows::List(None, _) | Rows::Unknown => false,
                };
                if is_whole {
                    known.whole.insert(*number);
                }
            }
            if before == (known.columns.len(), known.strict.len(), known.whole.len()) {
                return known;
            }
        }
    }

    fn has(&self, field: &'static str) -> bool {
        self.tree.below(self.query, field).next().is_some()
    }

    fn says(&self, field: &'static str) -> bool {
        self.query.word(field) == Some("true")
    }

    pub(super) fn is_grouped(&self) -> bool {
        self.has("groupClause") || self.has("groupingSets") || self.says("hasAggs")
    }

    /// Whether it gives one row at the most.
    pub(super) fn gives_one(&self) -> bool {
        if self.says("hasTargetSRFs") || self.has("setOperations") || self.has("groupingSets") {
            return false;
        }
        if self.is_grouped() && !self.has("groupClause") {
            return true;
        }
        let known = self.follow([], &[]);
        self.knows_rows(&known)
    }

    /// Whether LIMIT 1 stands there; which row it takes is another question.
    fn is_cut_to_one(&self) -> bool {
        let count = self.tree.below(self.query, "limitCount").next();
        let constant = count.and_then(|count| {
            std::iter::once(count).chain(self.tree.inside(count)).find(|n| n.name == "CONST")
        });
        // The bytes of a number, the smallest first.
        let is_one = |node: &Node| {
            let mut bytes = node
                .words("constvalue")
                .skip_while(|w| *w != "[")
                .skip(1)
                .take_while(|w| *w != "]");
            bytes.next() == Some("1") && bytes.all(|byte| byte == "0")
        };
        constant.is_some_and(is_one) && self.query.number("limitOption") == Some(0)
    }

    /// The entries of the select list, or of what is set.
    pub(super) fn targets(&self) -> impl Iterator<Item = &'l Node> + use<'_, 'l> {
        self.tree.below(self.query, "targetList")
    }

    /// What a clause refers to in the select list.
    pub(super) fn references(&self, clause: &'static str) -> BTreeSet<i64> {
        references(self.tree, self.query, clause)
    }

    /// Columns that entries with these references are.
    pub(super) fn given(&self, entries: &[&'l Node], references: &BTreeSet<i64>) -> Vec<Column> {
        let named = entries.iter().filter(|entry| is_referred(entry, references));
        named.filter_map(|entry| self.plain(self.expression(entry)?)).collect()
    }

    /// The column that an entry is.
    pub(super) fn plain_of(&self, entry: &'l Node) -> Option<Column> {
        self.plain(self.expression(entry)?)
    }

    fn expression(&self, entry: &'l Node) -> Option<&'l Node> {
        self.tree.below(entry, "expr").next()
    }

    /// Whether all that the query gives is known once the entries with these references are.
    pub(super) fn gives_known(&self, references: &BTreeSet<i64>) -> bool {
        if self.gives_one() {
            return true;
        }
        let entries: Vec<&Node> = self.targets().collect();
        let known = self.follow(self.given(&entries, references), &[]);
        if self.is_grouped() && !self.has("groupingSets") {
            let groups = self.references("groupClause");
            let of_groups = entries.iter().filter(|entry| is_referred(entry, &groups));
            if of_groups.clone().count() > 0
                && of_groups.into_iter().all(|entry| {
                    is_referred(entry, references)
                        || self.columns(entry).iter().all(|column| known.has(column))
                })
            {
                return true;
            }
        }
        let given = entries.iter().filter(|entry| entry.word("resjunk") != Some("true"));
        given.into_iter().all(|entry| {
            is_referred(entry, references)
                || (!self.gives_more(entry) && self.columns(entry).iter().all(|c| known.has(c)))
        })
    }

    /// Whether an entry is more than a value of one row: of a group, or of a function that gives several.
    fn gives_more(&self, entry: &'l Node) -> bool {
        let mut inside = self.tree.inside(entry).filter(|node| self.depth(node) == Some(0));
        inside.any(|node| {
            node.name == "AGGREF"
                || node.word("funcretset") == Some("true")
                || node.word("opretset") == Some("true")
        })
    }

    /// The keys of what it gives, in the numbers of its columns.
    fn keys(&self) -> Vec<Key> {
        let entries: Vec<&Node> = self.targets().collect();
        let key = |columns: Vec<i64>| Key { columns, never_null: true };
        let shown = |entry: &&&Node| entry.word("resjunk") != Some("true");
        let all: Vec<i64> =
            entries.iter().filter(shown).filter_map(|e| e.number("resno")).collect();
        if let Some(set) = self.tree.below(self.query, "setOperations").next() {
            return match set.word("all") {
                Some("false") => vec![key(all)],
                _ => Vec::new(),
            };
        }
        if self.says("hasTargetSRFs") || self.has("groupingSets") {
            return Vec::new();
        }
        for clause in ["distinctClause", "groupClause"] {
            let references = self.references(clause);
            if references.is_empty() {
                continue;
            }
            let named: Vec<_> = entries.iter().filter(|e| is_referred(e, &references)).collect();
            let is_shown = named.len() == references.len() && named.iter().all(&shown);
            return match is_shown {
                true => vec![key(named.iter().filter_map(|e| e.number("resno")).collect())],
                false => Vec::new(),
            };
        }
        let plain = |entry: &&&Node| {
            let column = self.plain(self.expression(entry)?)?;
            Some((entry.number("resno")?, column))
        };
        let plain: Vec<(i64, Column)> =
            entries.iter().filter(shown).filter_map(|e| plain(&e)).collect();
        let tells = |given: &[(i64, Column)]| {
            let known = self.follow(given.iter().map(|(_, column)| *column), &[]);
            self.knows_rows(&known)
        };
        let mut keys: Vec<Key> = plain
            .iter()
            .filter(|one| tells(std::slice::from_ref(*one)))
            .map(|(number, _)| key(vec![*number]))
            .collect();
        if keys.is_empty() && tells(&plain) {
            keys.push(key(plain.iter().map(|(number, _)| *number).collect()));
        }
        keys
    }

    /// Whether all rows come from tables, of which the keys tell everything.
    pub(super) fn is_of_tables(&self) -> bool {
        let is_table = |number: &i64| {
            self.kind(*number) == Some(TABLE) && matches!(self.rows(*number), Rows::Keyed(_))
        };
        !self.from.is_empty() && self.from.iter().all(is_table) && !self.has("setOperations")
    }

    /// Whether it goes through one list, which has an order of its own, and neither sorts nor groups it.
    pub(super) fn is_list(&self) -> bool {
        let sorts =
            ["sortClause", "groupClause", "groupingSets", "distinctClause", "setOperations"];
        if sorts.into_iter().any(|clause| self.has(clause)) {
            return false;
        }
        // One row of another relation takes the list nothing of its order.
        let known = self.follow([], &[]);
        let several: Vec<i64> = self.from.difference(&known.whole).copied().collect();
        match several.as_slice() {
            [] => self.says("hasTargetSRFs"),
            [one] => match self.rows(*one) {
                Rows::List(..) => true,
                Rows::Keyed(_) | Rows::Unknown => self
                    .query_of(*one)
                    .is_some_and(|query| Level::of(self.tree, self.facts, query).is_list()),
                Rows::One(_) => false,
            },
            _ => false,
        }
    }

    /// The query that a relation is, in FROM or in WITH.
    pub(super) fn query_of(&self, number: i64) -> Option<&'l Node> {
        let relation = self.relation(number)?;
        match relation.number("rtekind") {
            Some(SUBQUERY) => self.tree.below(relation, "subquery").next(),
            Some(CTE) => self.common(relation),
            _ => None,
        }
    }

    /// Whether every relation's row is known.
    pub(super) fn knows_rows(&self, known: &Known) -> bool {
        self.from.iter().all(|number| known.whole.contains(number))
    }

    /// The table that a relation is.
    pub(super) fn table(&self, number: i64) -> Option<u32> {
        self.relation(number)?.oids("relid").next()
    }

    /// A key that would tell the rows apart, as one would write it: `u.id`.
    pub(super) fn key(&self, known: &Known) -> Option<String> {
        let unknown = self.from.iter().find(|number| !known.whole.contains(*number))?;
        let Rows::Keyed(keys) = self.rows(*unknown) else { return None };
        let key = keys.iter().find(|key| key.never_null)?;
        let alias = self.tree.below(self.relation(*unknown)?, "eref").next()?;
        let name = bare(alias.word("aliasname")?)?;
        let names: Vec<&str> = alias.words("colnames").collect();
        let column = |number: &i64| {
            let column = bare(names.get(usize::try_from(*number).ok()?.checked_sub(1)?)?)?;
            Some(format!("{name}.{column}"))
        };
        let columns: Option<Vec<String>> = key.columns.iter().map(column).collect();
        Some(columns?.join(", "))
    }
}

/// What the members of a clause refer to among the entries beside them.
pub(super) fn references(tree: &Tree, node: &Node, clause: &'static str) -> BTreeSet<i64> {
    tree.below(node, clause).filter_map(|member| member.number("tleSortGroupRef")).collect()
}

pub(super) fn is_referred(entry: &Node, references: &BTreeSet<i64>) -> bool {
    entry.number("ressortgroupref").is_some_and(|number| references.contains(&number))
}

/// A name that needs no quotes.
fn bare(word: &str) -> Option<&str> {
    let name = word.trim_matches('"');
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}
