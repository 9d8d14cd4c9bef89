//! What handlers mean to the tables of a build: which column, function and operator each name of theirs is, and which
//! rules the tables have.
//!
//! A revision may run on rows that are there only where a replay of every event, with the revision from the
//! beginning, would give the same rows. One that makes `v` another column, `f(1)` another function, `to_jsonb(t)`
//! another object or `ON CONFLICT DO NOTHING` another decision is not one of them, and neither is a
//! constraint: it holds for the rows of now, and nobody knows whether it does for those on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::envelope::Written;
use super::probe::{self, Looked};
use super::tree::Tree;
use super::{ProgramError, typing};
use crate::definition::{OnError, Parsed};
use crate::handler::function::NAME;
use crate::ident::Ident;
use crate::pg::{PgError, Sql, Transaction};
use crate::source::Place;

/// The meaning of a definition's handlers in a build.
#[derive(Debug)]
pub struct Meaning {
    /// Each statement's tree; none where the server cannot show it.
    statements: Vec<(Place, Option<String>)>,
    /// Of each table the number of its columns, dropped ones included.
    tables: BTreeMap<u32, i16>,
    rules: Vec<Rule>,
    /// What functions and triggers of the build may look at, if it has any that are read when they run.
    seen: Option<Vec<(u32, String)>>,
}

/// What a table refuses, or what decides a conflict.
#[derive(Debug, PartialEq, Eq)]
struct Rule {
    table: u32,
    name: String,
    /// Whether it only refuses rows: a check, or NOT NULL.
    only_refuses: bool,
    /// The lowest column that it is about; 0 for those of the whole row.
    column: i16,
    text: String,
}

impl Meaning {
    /// What handlers mean in a build as it is now.
    ///
    /// # Errors
    /// The connection is lost, or the handlers do not fit.
    pub fn of(
        transaction: &mut Transaction<'_>,
        schema: &Ident,
        parsed: &Parsed,
    ) -> Result<Meaning, ProgramError> {
        let handlers = &parsed.handlers;
        let types = typing::infer(transaction, schema, handlers, Written::Before)?;
        let mut statements = Vec::new();
        let pairs = handlers.handlers.iter().zip(&types);
        for (statement, types) in pairs.flat_map(|(h, t)| h.statements.iter().zip(t)) {
            let listed: Vec<&str> = types.by_use.iter().map(|ty| ty.sql.as_str()).collect();
            let at = Looked { schema, statement, types: &listed };
            let tree = probe::look(transaction, at, |transaction, probe| {
                Ok(words(&probe.tree) + &views(transaction, &probe.tree)?)
            })?;
            let tree = tree.ok();
            statements.push((handlers.file.place(statement.span.start), tree));
        }
        let of = schema.as_str();
        let tables = transaction.query(include_str!("meaning/tables.sql"), &[&of])?;
        let rules = transaction.query(include_str!("meaning/rules.sql"), &[&of])?;
        let seen = transaction.query(include_str!("meaning/seen.sql"), &[&of, &NAME])?;
        let rule = |row: &crate::pg::Row| Rule {
            table: row.get(0),
            name: row.get(1),
            only_refuses: row.get(2),
            column: row.get(3),
            text: row.get(4),
        };
        Ok(Meaning {
            statements,
            tables: tables.iter().map(|row| (row.get(0), row.get(1))).collect(),
            rules: rules.iter().map(rule).collect(),
            seen: (!seen.is_empty())
                .then(|| seen.iter().map(|row| (row.get(0), row.get(1))).collect()),
        })
    }

    /// What is not as it was before, if a replay might give other rows for it: a sentence.
    #[must_use]
    pub fn differs_from(&self, before: &Meaning, policy: OnError) -> Option<String> {
        let pairs = before.statements.iter().zip(&self.statements);
        for ((place, was), (_, is)) in pairs {
            if was.is_none() || was != is {
                return Some(format!("the statement at {place} would mean something else"));
            }
        }
        let is_old = |rule: &&Rule| {
            before.tables.get(&rule.table).is_some_and(|columns| rule.column <= *columns)
        };
        if let Some(new) =
            self.rules.iter().filter(is_old).find(|rule| !before.rules.contains(rule))
        {
            return Some(format!(
                "{} ({}) might have refused rows on the way to those there are now, or decided a conflict",
                new.name, new.text
            ));
        }
        // A build that stops at an event that fails has left out none, unless a function caught it.
        let matters =
            |rule: &&Rule| !rule.only_refuses || policy.goes_on() || before.seen.is_some();
        let is_gone =
            |rule: &&Rule| self.tables.contains_key(&rule.table) && !self.rules.contains(rule);
        if let Some(gone) = before.rules.iter().filter(matters).find(is_gone) {
            return Some(format!(
                "{} ({}) has refused rows or decided conflicts that are now as they are",
                gone.name, gone.text
            ));
        }
        let of_old = |seen: &Option<Vec<(u32, String)>>| -> Vec<String> {
            let all = seen.iter().flatten();
            let old = all.filter(|(table, _)| *table == 0 || before.tables.contains_key(table));
            old.map(|(_, name)| name.clone()).collect()
        };
        if before.seen.is_some() && of_old(&before.seen) != of_old(&self.seen) {
            return Some(
                "a function or a trigger of the build, which is read when it runs, might see what is new".into(),
            );
        }
        None
    }
}

/// The queries of the views that a tree reads, and of those below them.
fn views(transaction: &mut Transaction<'_>, tree: &Tree) -> Result<String, PgError> {
    let (mut text, mut known) = (String::new(), BTreeSet::new());
    let mut next: BTreeSet<u32> = tree.relations();
    while !next.is_empty() {
        let ids: Vec<u32> = next.iter().copied().collect();
        known.append(&mut next);
        for row in transaction.query(include_str!("meaning/views.sql"), &[&ids])? {
            let query = Tree::read(row.get(1)).unwrap_or_default();
            text.push_str(row.get(0));
            text.push('\n');
            next.extend(query.relations().difference(&known));
        }
    }
    Ok(text)
}

/// A tree without what only says how columns are called and how many there are.
fn words(tree: &Tree) -> String {
    // A whole row is as long as its table is wide.
    let is_wide =
        tree.kept(&[]).any(|node| node.name == "VAR" && node.word("varattno") == Some("0"));
    let names: &[&str] = if is_wide { &[] } else { &["eref"] };
    let mut text = String::new();
    for node in tree.kept(names) {
        text.push_str(&node.name);
        for (field, word) in node.plain_words() {
            text.push(' ');
            text.push_str(field);
            text.push('=');
            text.push_str(word);
        }
        text.push('\n');
    }
    text
}
