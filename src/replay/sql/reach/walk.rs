//! What a statement or an object of a build's schema reaches: the functions behind it, and what is in
//! their bodies.
//!
//! A parse tree names what it calls and reads, so functions with one are gone through as statements
//! are, whatever they are labelled. A text in SQL is made a parse tree first. A body of PL/pgSQL is
//! read ([`body`]) and its names are asked for. What cannot be looked into is hidden, unless the
//! projection trusts it.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::FIRST_MADE;
use super::tree::Mentions;
use super::{builtin, ids};
use crate::handler::body::{self, Body};
use crate::ident::Ident;
use crate::pg::{PgError, Row, Sql, Transaction, history};
use crate::replay::sql::clock;
use crate::replay::sql::order::{self, Facts, Undetermined};
use crate::replay::sql::tree::Tree;
use crate::replay::sql::types::Types;

/// What must not be reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// A function, or a word of SQL, that does not give the same value at the next rebuild.
    Changes(String),
    /// A relation outside the build that is written to or locked.
    Writes(String),
    /// A relation outside the build that is read.
    Reads {
        /// Its name in SQL.
        name: String,
        /// Its name as `projection.toml` has it.
        written: String,
    },
    /// What depends on an order that nobody wrote.
    Undetermined(Undetermined),
    /// A function of which nobody can tell what it does: why.
    Hidden(String),
}

/// An effect, and the function in whose body it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reached {
    /// The function; none where it is in what was asked about itself.
    pub(super) by: Option<String>,
    /// The effect.
    pub(super) effect: Effect,
}

/// What a projection allows.
#[derive(Debug, Clone, Copy)]
pub struct Allowed<'a> {
    /// Relations outside that may be read.
    pub reads: &'a [String],
    /// Functions that are not looked into, and revisions whose DO blocks are not.
    pub trusted: &'a [String],
}

/// Goes through a build's schema, each function once.
pub(super) struct Walk<'w, 't> {
    pub(super) transaction: &'w mut Transaction<'t>,
    pub(super) schema: &'w Ident,
    pub(super) types: Types,
    allowed: Allowed<'w>,
    functions: BTreeMap<u32, Vec<Reached>>,
    domains: BTreeMap<u32, Vec<Reached>>,
    views: BTreeMap<(u32, bool), Vec<Reached>>,
    facts: Facts,
    /// Relations outside that are read, as they are allowed to be.
    pub(super) depends_on: BTreeSet<String>,
    /// Functions that were not looked into, since they are trusted.
    pub(super) trusted: BTreeSet<String>,
}

impl<'w, 't> Walk<'w, 't> {
    pub(super) fn new(
        transaction: &'w mut Transaction<'t>,
        schema: &'w Ident,
        allowed: Allowed<'w>,
    ) -> Walk<'w, 't> {
        Walk {
            transaction,
            schema,
            types: Types::default(),
            allowed,
            functions: BTreeMap::new(),
            domains: BTreeMap::new(),
            views: BTreeMap::new(),
            facts: Facts::default(),
            depends_on: BTreeSet::new(),
            trusted: BTreeSet::new(),
        }
    }

    /// The parse tree of a statement with parameters of some types, or why it has none.
    pub(super) fn parsed(
        &mut self,
        parameters: &str,
        sql: &str,
    ) -> Result<Result<String, String>, PgError> {
        let probe = self.schema.dot(&probe());
        let mut savepoint = self.transaction.savepoint()?;
        // One statement a message, which the server enforces.
        let made = savepoint.execute(
            &format!(
                "CREATE FUNCTION {probe}({parameters}) RETURNS void LANGUAGE sql BEGIN ATOMIC {sql}; END"
            ),
            &[],
        );
        match made {
            Ok(_) => Ok(Ok(probed(&mut savepoint, self.schema)?)),
            Err(PgError::Server(error)) => Ok(Err(error.message)),
            Err(lost) => Err(lost),
        }
    }

    /// What a statement reaches; what depends on an order in itself is told with its place elsewhere.
    pub(super) fn statement(&mut self, tree: &str) -> Result<Vec<Reached>, PgError> {
        let mut reached = self.mentions(&Mentions::of(tree), false)?;
        reached.extend(ids_of(&Tree::read(tree).unwrap_or_default()));
        Ok(reached)
    }

    /// What a parse tree reaches.
    pub(super) fn tree(&mut self, tree: &str) -> Result<Vec<Reached>, PgError> {
        let mut reached = self.mentions(&Mentions::of(tree), false)?;
        reached.extend(self.inside(tree)?);
        Ok(reached)
    }

    /// What is in a parse tree and has no name: texts that are read as dates, ids of objects, and what
    /// depends on an order that nobody wrote.
    fn inside(&mut self, tree: &str) -> Result<Vec<Reached>, PgError> {
        let mut reached = self.unordered(tree)?;
        let tree = Tree::read(tree).unwrap_or_default();
        reached.extend(ids_of(&tree));
        let trusted = self.allowed.trusted;
        let casts = clock::casts(self.transaction, &tree, trusted, &mut self.types)?;
        if !casts.is_empty() {
            let effect = Effect::Changes(READS_A_DATE.into());
            reached.push(Reached { by: None, effect });
        }
        Ok(reached)
    }

    /// What in a parse tree depends on an order that nobody wrote.
    fn unordered(&mut self, tree: &str) -> Result<Vec<Reached>, PgError> {
        let tree = Tree::read(tree).unwrap_or_default();
        let found = order::look(self.transaction, &tree, &mut self.facts)?;
        let alone = |(_, one)| Reached { by: None, effect: Effect::Undetermined(one) };
        Ok(found.into_iter().map(alone).collect())
    }

    /// What functions reach.
    pub(super) fn functions(&mut self, oids: &BTreeSet<u32>) -> Result<Vec<Reached>, PgError> {
        let mut reached = Vec::new();
        let unknown: Vec<u32> =
            oids.iter().copied().filter(|oid| !self.functions.contains_key(oid)).collect();
        if !unknown.is_empty() {
            let sql = include_str!("functions.sql");
            for row in self.transaction.query(sql, &[&unknown, &self.schema.as_str()])? {
                let function = Function::of(&row);
                // A function that calls itself adds nothing to what it is known to do.
                self.functions.insert(function.oid, Vec::new());
                let mut found = self.function(&function)?;
                found.sort();
                found.dedup();
                self.functions.insert(function.oid, found);
            }
        }
        for oid in oids {
            reached.extend(self.functions.get(oid).into_iter().flatten().cloned());
        }
        Ok(reached)
    }

    /// What a tree's mentions reach; `written` where a view is written through.
    fn mentions(&mut self, of: &Mentions, written: bool) -> Result<Vec<Reached>, PgError> {
        let alone = |effect| Reached { by: None, effect };
        let changing = of.changing.iter().cloned().map(Effect::Changes);
        let mut reached: Vec<Reached> = changing.map(alone).collect();
        reached
            .extend(of.notifies.then(|| alone(Effect::Writes("whoever listens (NOTIFY)".into()))));
        reached.extend(self.functions(&of.functions)?);
        for made in of.types.iter().filter(|oid| **oid >= FIRST_MADE) {
            reached.extend(self.domain(*made)?);
        }
        let relations: Vec<u32> = of.relations.keys().copied().collect();
        if relations.is_empty() {
            return Ok(reached);
        }
        let own = (self.schema.as_str(), history::TABLE, history::OWN_PREFIX);
        let sql = include_str!("relations.sql");
        let rows = self.transaction.query(sql, &[&relations, &own.0, &own.1, &own.2])?;
        for row in &rows {
            let writes = written || of.relations.get(&row.get::<_, u32>("oid")) == Some(&true);
            let (name, is_own): (String, bool) = (row.get("name"), row.get("is_own"));
            if is_own {
                if row.get("is_sequence") {
                    reached.push(alone(Effect::Changes(row.get("bare"))));
                }
                reached.extend(self.view(row, writes)?);
            } else if writes {
                reached.push(alone(Effect::Writes(name)));
            } else {
                let written: String = row.get("written");
                reached.extend(self.read(name, written).map(alone));
            }
        }
        Ok(reached)
    }

    /// What a view of the build reads, and writes where it is written through.
    fn view(&mut self, row: &Row, writes: bool) -> Result<Vec<Reached>, PgError> {
        let key = (row.get::<_, u32>("oid"), writes);
        if let Some(known) = self.views.get(&key) {
            return Ok(known.clone());
        }
        // Up to PostgreSQL 15 a view's tree names the view itself.
        self.views.insert(key, Vec::new());
        let mut reached = Vec::new();
        for tree in row.get::<_, Vec<String>>("trees") {
            reached.extend(self.mentions(&Mentions::of(&tree), writes)?);
            let by = Some(row.get::<_, String>("bare"));
            let inside = self.inside(&tree)?;
            reached.extend(inside.into_iter().map(|one| Reached { by: by.clone(), ..one }));
        }
        self.views.insert(key, reached.clone());
        Ok(reached)
    }

    /// What the constraints and defaults of a domain reach; nothing where it is none.
    fn domain(&mut self, oid: u32) -> Result<Vec<Reached>, PgError> {
        if let Some(known) = self.domains.get(&oid) {
            return Ok(known.clone());
        }
        // A default names the type it is of.
        self.domains.insert(oid, Vec::new());
        let rows = self.transaction.query(include_str!("domains.sql"), &[&oid])?;
        let trees: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let mut reached = Vec::new();
        for tree in trees {
            reached.extend(self.tree(&tree)?);
        }
        self.domains.insert(oid, reached.clone());
        Ok(reached)
    }

    /// A relation outside that is read, unless it may be.
    pub(super) fn read(&mut self, name: String, written: String) -> Option<Effect> {
        if self.allowed.reads.contains(&written) {
            self.depends_on.insert(written);
            return None;
        }
        Some(Effect::Reads { name, written })
    }

    fn function(&mut self, function: &Function) -> Result<Vec<Reached>, PgError> {
        let shown = function.shown();
        let hidden = |why: String| {
            let by = Some(function.shown());
            Ok(vec![Reached { by, effect: Effect::Hidden(why) }])
        };
        if function.is_builtin {
            let is_fixed = builtin::is_fixed(&function.name, &function.volatility);
            let changes = match function.name.as_str() {
                "pg_notify" => Effect::Writes("whoever listens (pg_notify)".into()),
                name => Effect::Changes(name.to_owned()),
            };
            return Ok((!is_fixed)
                .then_some(Reached { by: None, effect: changes })
                .into_iter()
                .collect());
        }
        if function.is_trusted(self.allowed.trusted) {
            self.trusted.insert(shown);
            return Ok(Vec::new());
        }
        if function.of_extension {
            return match function.volatility.as_str() {
                "i" => Ok(Vec::new()),
                _ => hidden("is an extension's and not IMMUTABLE: it may look at tables, settings or the clock".into()),
            };
        }
        if !function.is_own {
            return hidden("lies outside the build, where it can be replaced".into());
        }
        let mut reached = self.functions(&function.parts)?;
        let mut mentions = function.defaults.as_deref().map(Mentions::of).unwrap_or_default();
        match (function.language.as_str(), &function.body) {
            ("sql", Some(body)) => {
                mentions.add(Mentions::of(body));
                reached.extend(self.inside(body)?);
            }
            ("sql", None) => match self.body_of_text(function)? {
                Ok(tree) => {
                    mentions.add(Mentions::of(&tree));
                    reached.extend(self.inside(&tree)?);
                }
                Err(why) => return hidden(why),
            },
            ("plpgsql", _) => match self.plpgsql(function)? {
                Ok(found) => reached.extend(found),
                Err(why) => return hidden(why),
            },
            // An aggregate has no body but its parts.
            _ if !function.parts.is_empty() => {}
            (language, _) => return hidden(format!("is written in {language}")),
        }
        reached.extend(self.mentions(&mentions, false)?);
        for one in &mut reached {
            one.by.get_or_insert_with(|| shown.clone());
        }
        Ok(reached)
    }

    /// The parse tree of a body that is a text in SQL, or why it has none.
    fn body_of_text(&mut self, function: &Function) -> Result<Result<String, String>, PgError> {
        let holds_a_moment = body::moment_in(&function.source);
        if let Some((_, word)) = holds_a_moment {
            return Ok(Err(format!("holds the word {word}, which dates take for the clock")));
        }
        let probe = self.schema.dot(&probe());
        let mut savepoint = self.transaction.savepoint()?;
        if let Some(path) = &function.path {
            savepoint.run(&format!("SET LOCAL search_path = {path}"))?;
        }
        // One statement a message: nothing in the body can end the transaction.
        let made = savepoint.execute(
            &format!(
                "CREATE FUNCTION {probe}({}) RETURNS {} LANGUAGE sql BEGIN ATOMIC {}\n; END",
                function.arguments, function.result, function.source
            ),
            &[],
        );
        match made {
            Ok(_) => Ok(Ok(probed(&mut savepoint, self.schema)?)),
            Err(PgError::Server(error)) => {
                Ok(Err(format!("has a body that cannot be looked into ({})", error.message)))
            }
            Err(lost) => Err(lost),
        }
    }

    /// What a body of PL/pgSQL reaches, or why nobody can tell.
    fn plpgsql(&mut self, function: &Function) -> Result<Result<Vec<Reached>, String>, PgError> {
        let own = [self.schema.as_str(), "pg_catalog", "pg_temp", ""];
        if let Some(path) = &function.path {
            let mut schemas = path.split(',').map(|s| s.trim().trim_matches('"'));
            if let Some(other) = schemas.find(|schema| !own.contains(schema)) {
                return Ok(Err(format!("looks for names in the schema {other}")));
            }
        }
        let body = match body::read(&function.source) {
            Ok(body) => body,
            Err(hidden) => {
                return Ok(Err(format!("is PL/pgSQL, and {} (line {})", hidden.why, hidden.line)));
            }
        };
        let mut functions = match self.functions_of(&body)? {
            Ok(functions) => functions,
            Err(name) => {
                return Ok(Err(format!(
                    "is PL/pgSQL and names {name}, which is outside the build"
                )));
            }
        };
        if let Some(what) = self.coerced(function, &body)? {
            return Ok(Err(format!(
                "is PL/pgSQL and may make a date or time of a text, and of the word now the time of the \
                 rebuild: {what}"
            )));
        }
        // A function that was named for itself is looked into where it is.
        functions.remove(&function.oid);
        Ok(Ok(self.functions(&functions)?))
    }

    /// What a body that is no function's reaches, or what in it is outside the build.
    pub(super) fn block(&mut self, body: &Body) -> Result<Result<Vec<Reached>, String>, PgError> {
        match self.functions_of(body)? {
            Ok(functions) => Ok(Ok(self.functions(&functions)?)),
            Err(name) => Ok(Err(name)),
        }
    }

    /// The functions that a body may call, or what it names outside the build.
    fn functions_of(&mut self, body: &Body) -> Result<Result<BTreeSet<u32>, String>, PgError> {
        let mut functions = BTreeSet::new();
        for row in self.named(body)? {
            let (kind, name): (String, Option<String>) = (row.get("kind"), row.get("name"));
            match kind.as_str() {
                "function" => drop(functions.insert(row.get::<_, u32>("oid"))),
                _ => return Ok(Err(name.unwrap_or_default())),
            }
        }
        Ok(Ok(functions))
    }

    fn named(&mut self, body: &Body) -> Result<Vec<Row>, PgError> {
        let schemas: Vec<&str> =
            body.calls.iter().map(|c| c.schema.as_deref().unwrap_or_default()).collect();
        let names: Vec<&str> = body.calls.iter().map(|c| c.name.as_str()).collect();
        let arguments: Vec<i32> = body.calls.iter().map(|c| c.arguments).collect();
        let alone: Vec<&str> = body.names.iter().map(String::as_str).collect();
        let first: Vec<&str> = body.qualified.iter().map(|(first, _)| first.as_str()).collect();
        self.transaction.query(
            include_str!("named.sql"),
            &[&schemas, &names, &arguments, &alone, &first, &self.schema.as_str()],
        )
    }
}

/// How a text is told that a function, or an expression of the build, reads as a date or time.
const READS_A_DATE: &str = "a text that is read as a date or a time (it may be the word now)";

/// Ids of objects as values.
fn ids_of(tree: &Tree) -> Option<Reached> {
    let effect = || Effect::Changes("an object's id".into());
    ids::is_shown(tree).then(|| Reached { by: None, effect: effect() })
}

/// The name of the function whose body a statement becomes to be looked at.
pub(super) fn probe() -> Ident {
    Ident::new("regrow_probe").unwrap_or_else(|e| unreachable!("it is a name: {e}"))
}

/// The parse tree of the probe.
pub(super) fn probed(sql: &mut impl Sql, schema: &Ident) -> Result<String, PgError> {
    let row = sql.query_one(
        "SELECT COALESCE(p.prosqlbody::text, '') FROM pg_catalog.pg_proc p \
         WHERE p.pronamespace = to_regnamespace($1) AND p.proname = $2",
        &[&schema.quoted(), &probe().as_str()],
    )?;
    Ok(row.get(0))
}

/// A function as the catalog has it.
pub(super) struct Function {
    pub(super) oid: u32,
    name: String,
    schema: String,
    is_own: bool,
    language: String,
    volatility: String,
    is_builtin: bool,
    of_extension: bool,
    source: String,
    body: Option<String>,
    defaults: Option<String>,
    arguments: String,
    result: String,
    path: Option<String>,
    parts: BTreeSet<u32>,
}

impl Function {
    fn of(row: &Row) -> Function {
        Function {
            oid: row.get("oid"),
            name: row.get("name"),
            schema: row.get("schema"),
            is_own: row.get("is_own"),
            language: row.get("language"),
            volatility: row.get("volatility"),
            is_builtin: row.get("is_builtin"),
            of_extension: row.get("of_extension"),
            source: row.get("source"),
            body: row.get("body"),
            defaults: row.get("defaults"),
            arguments: row.get("arguments"),
            result: row.get("result"),
            path: row.get("path"),
            parts: row.get::<_, Vec<u32>>("parts").into_iter().collect(),
        }
    }

    /// The name as people write it: in full where it is not the build's.
    fn shown(&self) -> String {
        match self.is_own {
            true => self.name.clone(),
            false => format!("{}.{}", self.schema, self.name),
        }
    }

    fn is_trusted(&self, trusted: &[String]) -> bool {
        trusted.contains(&self.shown())
    }
}
