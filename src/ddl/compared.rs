//! What a comparison of catalogs sees of a statement.
//!
//! Owns which statements make, change or drop what is read from the catalog of one schema, and nothing else: of
//! all others a comparison proves nothing. What is not known here counts as not seen.

use crate::handler;
use crate::handler::scan::{Token, TokenKind, tokens};

/// Words between the verb and the name of an object.
const BEFORE_NAME: [&str; 36] = [
    "AGGREGATE",
    "ALTER",
    "COLLATION",
    "CONCURRENTLY",
    "CONSTRAINT",
    "CREATE",
    "DOMAIN",
    "DROP",
    "EXISTS",
    "FOREIGN",
    "FUNCTION",
    "GLOBAL",
    "IF",
    "INDEX",
    "LOCAL",
    "MATERIALIZED",
    "NOT",
    "ON",
    "ONLY",
    "OPERATOR",
    "OR",
    "POLICY",
    "PROCEDURE",
    "RECURSIVE",
    "REPLACE",
    "ROUTINE",
    "RULE",
    "SEQUENCE",
    "STATISTICS",
    "TABLE",
    "TRIGGER",
    "TYPE",
    "UNIQUE",
    "UNLOGGED",
    "VIEW",
    "COLUMN",
];

/// Objects that are read from the catalog.
const READ: [&str; 17] = [
    "AGGREGATE",
    "COLLATION",
    "DOMAIN",
    "FUNCTION",
    "INDEX",
    "POLICY",
    "PROCEDURE",
    "ROUTINE",
    "RULE",
    "SEQUENCE",
    "STATISTICS",
    "TABLE",
    "TRIGGER",
    "TYPE",
    "VIEW",
    "MATERIALIZED",
    "OPERATOR",
];

/// What a comparison of what a schema holds does not see of a statement, in words; nothing where it sees all.
#[must_use]
pub fn unseen(sql: &str, schema: &str) -> Option<String> {
    let words = handler::first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let first = words.first().copied().unwrap_or_default();
    match (first, words.get(1).copied().unwrap_or_default()) {
        // They leave nothing that could be compared: settings end with the file, statistics of rows are made anew.
        (
            "SET" | "RESET" | "LOCK" | "VACUUM" | "ANALYZE" | "REINDEX" | "CLUSTER" | "CHECKPOINT"
            | "DISCARD",
            _,
        ) => None,
        (
            "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "TRUNCATE" | "COPY" | "REFRESH" | "WITH",
            _,
        ) => Some(format!("rows are not compared: {first}")),
        ("SELECT" | "VALUES" | "CALL" | "DO" | "EXECUTE" | "PREPARE", _) => {
            Some(format!("what it does to rows, if anything, is not compared: {first}"))
        }
        ("COMMENT", _) => None,
        ("CREATE" | "ALTER" | "DROP", _) => unseen_object(sql, &words, schema),
        _ => Some(format!("{} is not compared", shown(&words))),
    }
}

fn unseen_object(sql: &str, words: &[&str], schema: &str) -> Option<String> {
    let qualifying =
        ["OR", "REPLACE", "UNIQUE", "UNLOGGED", "RECURSIVE", "CONSTRAINT", "IF", "NOT"];
    let mut objects = words.iter().skip(1).skip_while(|word| qualifying.contains(word));
    let object = objects.next().copied().unwrap_or_default();
    let next = objects.next().copied().unwrap_or_default();
    let is_read =
        READ.contains(&object) && !(object == "OPERATOR" && matches!(next, "CLASS" | "FAMILY"));
    if !is_read {
        return Some(format!("{} is not compared", shown(words)));
    }
    let tokens: Vec<Token> = tokens(sql).into_iter().filter(|token| !token.is_comment()).collect();
    let is = |token: &Token, word: &str| {
        token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case(word)
    };
    // Where some objects lie is told by their table; a rule is made ON an event, TO a table.
    let before_table = match (object, words[0]) {
        ("RULE", "CREATE") => Some("TO"),
        ("TRIGGER" | "POLICY" | "RULE", _) | ("INDEX", "CREATE") => Some("ON"),
        _ => None,
    };
    let at = before_table.map_or(Some(0), |word| tokens.iter().position(|token| is(token, word)));
    let rest = tokens.get(at?..)?;
    let is_keyword =
        |token: &Token| is(token, "TO") || BEFORE_NAME.iter().any(|word| is(token, word));
    let named: Vec<&Token> = rest.iter().skip_while(|token| is_keyword(token)).take(2).collect();
    if let [name, dot] = named.as_slice()
        && dot.kind == TokenKind::Symbol(b'.')
    {
        let other = match name.kind {
            TokenKind::QuotedName => name.text(sql).trim_matches('"').replace("\"\"", "\""),
            _ => name.text(sql).to_lowercase(),
        };
        if other != schema {
            return Some(format!("it is in the schema {other}, which is not compared"));
        }
    }
    let has = |word: &str| tokens.iter().any(|token| is(token, word));
    if object == "TABLE"
        && words[0] == "CREATE"
        && has("AS")
        && (has("SELECT") || has("VALUES") || has("EXECUTE"))
    {
        return Some("rows are not compared: CREATE TABLE AS".into());
    }
    if words[0] == "ALTER" && has("OWNER") && has("TO") {
        return Some("owners are not compared".into());
    }
    None
}

/// The words by which a statement is known.
fn shown(words: &[&str]) -> String {
    let ends = ["IF", "ON", "TO", "FOR"];
    let shown: Vec<&str> =
        words.iter().take_while(|word| !ends.contains(word)).take(2).copied().collect();
    match shown.as_slice() {
        [] => "a statement that is not understood".into(),
        words @ [first, ..] if ["GRANT", "REVOKE"].contains(first) => words[0].to_owned(),
        words => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::unseen;

    #[test]
    fn what_makes_objects_of_the_schema_is_seen() {
        for sql in [
            "CREATE TABLE a (id int)",
            "create unlogged table s.a (id int, as_of date)",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON s.a (id)",
            "DROP INDEX CONCURRENTLY IF EXISTS s.i",
            "CREATE OR REPLACE VIEW v AS SELECT x.id FROM public.x x",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE TRIGGER t AFTER UPDATE ON a FOR EACH ROW EXECUTE FUNCTION public.f()",
            "CREATE RULE r AS ON INSERT TO s.a DO INSTEAD NOTHING",
            "ALTER TABLE ONLY \"s\".a ADD COLUMN b int",
            "DROP TYPE IF EXISTS s.t",
            "COMMENT ON TABLE a IS 'x'",
            "SET lock_timeout = 1",
            "VACUUM a",
        ] {
            assert_eq!(unseen(sql, "s"), None, "{sql}");
        }
    }

    #[test]
    fn what_is_not_read_is_told() {
        for (sql, part) in [
            ("UPDATE event_store.events SET payload = '{}'", "rows are not compared: UPDATE"),
            ("TRUNCATE a", "rows are not compared: TRUNCATE"),
            ("WITH d AS (DELETE FROM a RETURNING 1) SELECT 1", "rows"),
            ("DO $$ BEGIN END $$", "rows, if anything, is not compared: DO"),
            ("SELECT f()", "is not compared: SELECT"),
            ("CREATE EXTENSION citext", "CREATE EXTENSION is not compared"),
            ("DROP EXTENSION IF EXISTS citext", "DROP EXTENSION is not compared"),
            ("GRANT SELECT ON a TO b", "GRANT is not compared"),
            ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO b", "ALTER DEFAULT is not"),
            ("CREATE PUBLICATION p FOR TABLE a", "CREATE PUBLICATION is not compared"),
            ("CREATE SCHEMA api", "CREATE SCHEMA is not compared"),
            ("CREATE VIEW api.v AS SELECT 1", "in the schema api, which is not compared"),
            ("CREATE INDEX i ON public.a (id)", "in the schema public"),
            (
                "CREATE TRIGGER t AFTER UPDATE ON public.a FOR EACH ROW EXECUTE FUNCTION f()",
                "public",
            ),
            (
                "CREATE OPERATOR CLASS o FOR TYPE int USING btree AS OPERATOR 1 <",
                "CREATE OPERATOR is not",
            ),
            ("CREATE TABLE a AS SELECT 1", "rows are not compared: CREATE TABLE AS"),
            ("ALTER TABLE a OWNER TO b", "owners are not compared"),
            ("SECURITY LABEL ON TABLE a IS 'x'", "SECURITY LABEL is not compared"),
            ("CREATE TEMP TABLE a ()", "CREATE TEMP is not compared"),
            (
                "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
                "CREATE EVENT is not",
            ),
        ] {
            let told = unseen(sql, "s").unwrap_or_default();
            assert!(told.contains(part), "{sql}: {told}");
        }
    }
}
