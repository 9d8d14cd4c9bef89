//! What a statement of a projection's lineage does outside the schema of its build, by its words.
//!
//! A lineage runs at each rebuild, in a schema that has another name each time: what a file names with a
//! schema lies elsewhere, and what a database or a server has once is not the build's. Owns which
//! statements these are. What functions do, and what a name without a schema means, only the server
//! knows.

use squawk_syntax::ast::{self, AstNode};

use super::{Kind, Name, is_about_the_server, parse, steps};
use crate::handler;
use crate::handler::literal::literals;
use crate::handler::scan::{Token, TokenKind, tokens};

/// What is done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beyond {
    /// Something is changed there: what, as a piece of a sentence.
    Changes(String),
    /// A table is read there.
    Reads(Name),
    /// A text is run that is not seen here: as it begins.
    Hidden(&'static str),
}

/// Statements about what a database has once, by the words behind CREATE, ALTER or DROP. An extension is
/// looked at where it lies.
const ONCE: [(&[&str], &str); 12] = [
    (&["EVENT", "TRIGGER"], "an event trigger, which a database has once"),
    (&["PUBLICATION"], "a publication, which a database has once"),
    (&["SERVER"], "a foreign server, which a database has once"),
    (&["FOREIGN", "DATA"], "a foreign data wrapper, which a database has once"),
    (&["USER", "MAPPING"], "a user mapping, which a database has once"),
    (&["LANGUAGE"], "a language, which a database has once"),
    (&["TRUSTED", "LANGUAGE"], "a language, which a database has once"),
    (&["PROCEDURAL", "LANGUAGE"], "a language, which a database has once"),
    (&["ACCESS", "METHOD"], "an access method, which a database has once"),
    (&["SCHEMA"], "a schema, and a build has its own"),
    (&["LARGE", "OBJECT"], "a large object, which belongs to no schema"),
    (&["DEFAULT", "PRIVILEGES"], "default privileges, which are a role's"),
];
/// Kinds of objects that lie in a schema.
const PLACED: [&str; 18] = [
    "AGGREGATE",
    "COLLATION",
    "CONFIGURATION",
    "CONVERSION",
    "DICTIONARY",
    "DOMAIN",
    "FUNCTION",
    "INDEX",
    "PROCEDURE",
    "ROUTINE",
    "SEQUENCE",
    "STATISTICS",
    "TABLE",
    "TYPE",
    "VIEW",
    "CLASS",
    "FAMILY",
    "OPERATOR",
];
/// Functions that move a sequence.
const MOVING: [&str; 2] = ["nextval", "setval"];

/// What a statement does outside; each once.
#[must_use]
pub fn beyond(sql: &str) -> Vec<Beyond> {
    let mut found = Vec::new();
    let words = handler::first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if is_about_the_server(sql) {
        return vec![Beyond::Changes("what the whole server shares".into())];
    }
    match words.as_slice() {
        ["DO", ..] => return vec![Beyond::Hidden("DO")],
        ["CALL", ..] => return vec![Beyond::Hidden("CALL")],
        ["EXECUTE", ..] => return vec![Beyond::Hidden("EXECUTE")],
        ["LOAD", ..] => return vec![Beyond::Hidden("LOAD")],
        ["NOTIFY", ..] => return vec![Beyond::Changes("whoever listens (NOTIFY)".into())],
        ["SECURITY", "LABEL", ..] | ["CHECKPOINT", ..] => {
            return vec![Beyond::Changes("what the whole server shares".into())];
        }
        ["IMPORT", ..] => {
            return vec![Beyond::Reads(Name { schema: None, name: "another server".into() })];
        }
        ["CREATE" | "ALTER" | "DROP", rest @ ..] => {
            let rest = match rest {
                ["OR", "REPLACE", rest @ ..] => rest,
                rest => rest,
            };
            if let Some((_, what)) = ONCE.iter().find(|(begin, _)| rest.starts_with(begin)) {
                return vec![Beyond::Changes((*what).to_owned())];
            }
        }
        _ => {}
    }
    let text = Text::of(sql);
    found.extend(text.placed().into_iter().map(Beyond::Changes));
    found.extend(text.granted().map(Beyond::Changes));
    found.extend(text.copied(words.first() == Some(&"COPY")).map(Beyond::Changes));
    if !matches!(words.first(), Some(&"CREATE" | &"ALTER")) {
        found.extend(text.moved().map(Beyond::Changes));
    }
    if let Some(tree) = parse::statement(sql) {
        found.extend(of_tree(&tree.stmt));
    }
    let mut once: Vec<Beyond> = Vec::new();
    for one in found {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

/// Tables with a schema that a statement writes to or reads.
fn of_tree(stmt: &ast::Stmt) -> Vec<Beyond> {
    let outside = |name: &Name| name.schema.as_deref().is_some_and(|s| s != "pg_temp");
    let mut found = Vec::new();
    let mut written = Vec::new();
    for step in steps(stmt) {
        // What a foreign key points to is read.
        let Some(table) = step.table.filter(|_| step.kind != Kind::Referenced) else { continue };
        if outside(&table) {
            found.push(Beyond::Changes(table.to_string()));
            written.push(table);
        }
    }
    // What a view shows is looked at where it is; these read when they run.
    let reads = matches!(
        stmt,
        ast::Stmt::Insert(_)
            | ast::Stmt::Update(_)
            | ast::Stmt::Delete(_)
            | ast::Stmt::Merge(_)
            | ast::Stmt::Select(_)
            | ast::Stmt::CompoundSelect(_)
            | ast::Stmt::ParenSelect(_)
            | ast::Stmt::Table(_)
            | ast::Stmt::Values(_)
            | ast::Stmt::CreateTableAs(_)
            | ast::Stmt::SelectInto(_)
            | ast::Stmt::Copy(_)
    );
    if reads {
        for node in stmt.syntax().descendants() {
            let name = ast::RelationNameRef::cast(node.clone())
                .and_then(|name| name.path_ref())
                .or_else(|| ast::TableNameRef::cast(node).and_then(|name| name.path_ref()))
                .and_then(|path| Name::of(&path));
            let Some(name) = name.filter(|name| outside(name)) else { continue };
            if !written.contains(&name) {
                found.push(Beyond::Reads(name));
            }
        }
    }
    found
}

/// A statement's tokens.
struct Text<'t> {
    sql: &'t str,
    tokens: Vec<Token>,
}

impl<'t> Text<'t> {
    fn of(sql: &'t str) -> Text<'t> {
        Text { sql, tokens: tokens(sql).into_iter().filter(|t| !t.is_comment()).collect() }
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|t| {
            t.kind == TokenKind::Word && t.text(self.sql).eq_ignore_ascii_case(word)
        })
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    fn symbol(&self, at: usize) -> Option<u8> {
        match self.tokens.get(at)?.kind {
            TokenKind::Symbol(byte) => Some(byte),
            _ => None,
        }
    }

    /// The name with a schema that begins at a token.
    fn qualified(&self, at: usize) -> Option<String> {
        let name = |at: usize| {
            let token = self.tokens.get(at)?;
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
            is_name.then(|| token.text(self.sql))
        };
        let first = name(at)?;
        let is_temporary = first.eq_ignore_ascii_case("pg_temp");
        (self.symbol(at + 1) == Some(b'.') && !is_temporary)
            .then(|| format!("{first}.{}", name(at + 2).unwrap_or_default()))
    }

    /// The objects that a statement makes, changes or drops in a schema that it names, and the schema it
    /// moves them to.
    fn placed(&self) -> Vec<String> {
        let drops = self.is(0, "DROP");
        if !(drops || self.is_any(0, &["CREATE", "ALTER", "REFRESH", "REINDEX"])) {
            return Vec::new();
        }
        let mut found = Vec::new();
        // The kind is among the first words: CREATE OR REPLACE, UNIQUE, MATERIALIZED, TEXT SEARCH ...
        let kind = (1..self.tokens.len().min(7)).find(|at| self.is_any(*at, &PLACED));
        if let Some(mut at) = kind {
            // OPERATOR CLASS, OPERATOR FAMILY
            at += 1 + usize::from(self.is_any(at + 1, &["CLASS", "FAMILY"]));
            while self.is_any(at, &["IF", "NOT", "EXISTS", "CONCURRENTLY", "ONLY"]) {
                at += 1;
            }
            found.extend(self.qualified(at));
            let mut depth = 0_usize;
            for next in at..self.tokens.len() {
                match self.symbol(next) {
                    Some(b'(') => depth += 1,
                    Some(b')') => depth = depth.saturating_sub(1),
                    Some(b',') if drops && depth == 0 => found.extend(self.qualified(next + 1)),
                    _ => {}
                }
            }
        }
        if self.is(0, "ALTER") {
            let moved =
                (1..self.tokens.len()).find(|at| self.is(*at, "SET") && self.is(at + 1, "SCHEMA"));
            if let Some(schema) = moved.and_then(|at| self.tokens.get(at + 2)) {
                found.push(format!("the schema {}", schema.text(self.sql)));
            }
        }
        found
    }

    /// What rights are given on outside.
    fn granted(&self) -> Option<String> {
        if !self.is_any(0, &["GRANT", "REVOKE"]) {
            return None;
        }
        let on = (1..self.tokens.len()).find(|at| self.is(*at, "ON"))?;
        if self.is_any(on + 1, &["SCHEMA", "LANGUAGE", "LARGE", "FOREIGN"]) {
            let what = self.tokens.get(on + 2).map_or("", |t| t.text(self.sql));
            return Some(format!("rights on {what}"));
        }
        if self.is(on + 1, "ALL") {
            return Some("rights on all objects of a schema".into());
        }
        let rest = on + 1..self.tokens.len();
        let mut names = rest.take_while(|at| !self.is_any(*at, &["TO", "FROM"]));
        let starts = |at: &usize| self.symbol(at.wrapping_sub(1)) != Some(b'.');
        names
            .find_map(|at| self.qualified(at).filter(|_| starts(&at)))
            .map(|name| format!("rights on {name}"))
    }

    /// A file or a program that a COPY reads or writes.
    fn copied(&self, copies: bool) -> Option<String> {
        if !copies {
            return None;
        }
        let mut depth = 0_usize;
        for at in 0..self.tokens.len() {
            match self.symbol(at) {
                Some(b'(') => depth += 1,
                Some(b')') => depth = depth.saturating_sub(1),
                _ if depth == 0 && self.is_any(at, &["FROM", "TO"]) => {
                    let ours = self.is_any(at + 1, &["STDIN", "STDOUT"]);
                    return (!ours).then(|| "a file or a program of the server".into());
                }
                _ => {}
            }
        }
        None
    }

    /// A sequence of another schema that is moved on.
    fn moved(&self) -> Option<String> {
        for at in 0..self.tokens.len() {
            if !self.is_any(at, &MOVING) || self.symbol(at + 1) != Some(b'(') {
                continue;
            }
            // The sequence of a column: `setval(pg_get_serial_sequence('t', 'id'), 7)`.
            let of_column = self.is(at + 2, "pg_get_serial_sequence");
            let first = self.tokens.get(at + if of_column { 4 } else { 2 });
            let text = first.filter(|t| t.kind == TokenKind::Text);
            let named = text.and_then(|t| literals(t.text(self.sql)).pop()).map(|l| l.value);
            match named {
                Some(name) if name.contains('.') => return Some(name),
                Some(_) => {}
                None => return Some("a sequence that is not written there".into()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_a_build_is_told() {
        let changes = |what: &str| Beyond::Changes(what.to_owned());
        for (sql, what) in [
            ("DROP TABLE IF EXISTS public.victim", "public.victim"),
            ("DROP VIEW a, \"Public\".b CASCADE", "\"Public\".b"),
            ("CREATE TABLE public.x (a int)", "public.x"),
            ("CREATE OR REPLACE FUNCTION public.f() RETURNS int RETURN 1", "public.f"),
            ("CREATE UNIQUE INDEX i ON public.x (a)", "public.x"),
            ("CREATE MATERIALIZED VIEW s.v AS SELECT 1", "s.v"),
            ("CREATE TEXT SEARCH CONFIGURATION s.c (COPY = english)", "s.c"),
            ("ALTER TABLE ONLY public.x ADD a int", "public.x"),
            ("ALTER TABLE x SET SCHEMA public", "the schema public"),
            ("INSERT INTO public.other VALUES (1)", "public.other"),
            ("WITH d AS (DELETE FROM s.a RETURNING 1) SELECT * FROM d", "s.a"),
            ("UPDATE s.a SET b = 1", "s.a"),
            ("TRUNCATE a, s.b", "s.b"),
            ("CREATE TRIGGER t BEFORE INSERT ON s.a EXECUTE FUNCTION f()", "s.a"),
            ("GRANT SELECT ON s.a TO b", "rights on s.a"),
            ("GRANT USAGE ON SCHEMA s TO b", "rights on s"),
            ("COPY a TO PROGRAM 'x'", "a file or a program of the server"),
            ("COPY (SELECT 1 FROM b) TO '/x'", "a file or a program of the server"),
            ("INSERT INTO a VALUES (nextval('s.q'))", "s.q"),
            ("ALTER SYSTEM SET work_mem = 1", "what the whole server shares"),
            ("ALTER DATABASE a SET work_mem = 1", "what the whole server shares"),
            ("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", ONCE[0].1),
            ("CREATE SCHEMA IF NOT EXISTS s", ONCE[9].1),
        ] {
            let found = beyond(sql);
            assert!(found.contains(&changes(what)), "{sql}: {found:?}");
        }
        let name =
            |schema: &str, name: &str| Name { schema: Some(schema.into()), name: name.into() };
        assert_eq!(
            beyond("INSERT INTO p SELECT 0, count(*) FROM public.log l JOIN q ON true"),
            [Beyond::Reads(name("public", "log"))]
        );
        assert_eq!(beyond("CREATE TABLE c AS SELECT * FROM s.a"), [Beyond::Reads(name("s", "a"))]);
        assert_eq!(beyond("DO $$ BEGIN END $$"), [Beyond::Hidden("DO")]);
    }

    #[test]
    fn what_stays_inside_is_not_told() {
        for sql in [
            "CREATE TABLE a (id int REFERENCES public.b, c public.citext DEFAULT lower('x.y'))",
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES s.c",
            "CREATE FUNCTION f(a public.citext) RETURNS int LANGUAGE sql AS 'SELECT 1 FROM public.x'",
            "CREATE VIEW v AS SELECT * FROM public.x",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION public.f()",
            "CREATE EXTENSION IF NOT EXISTS citext SCHEMA extensions",
            "INSERT INTO a (b) SELECT c.d FROM c",
            "UPDATE a SET b = c.d FROM c WHERE c.id = a.id",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "SELECT setval('q', 5)",
            "GRANT SELECT, UPDATE (b) ON a, c TO app",
            "COPY a (b) FROM STDIN",
            "COMMENT ON TABLE a IS 'public.b'",
            "ALTER TABLE a OWNER TO b, ALTER c SET DEFAULT 1",
            "SET search_path = x",
            "DROP FUNCTION f(int, s.t)",
        ] {
            assert_eq!(beyond(sql), [], "{sql}");
        }
    }
}
