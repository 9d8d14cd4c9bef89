//! Handlers typed where there is no scratch: in the live database, in a schema that is rolled back.
//!
//! Only a lineage of plain definitions gets there: unqualified tables, indexes, types and comments,
//! none of which can call a function or reach another schema; and where Citus is, what spreads those tables
//! over its nodes, which is taken back there, too. The schema has a name that nobody else has; nothing live is
//! renamed, locked or written.

use crate::ddl;
use crate::handler::first_words;
use crate::handler::scan::{TokenKind, tokens};
use crate::ident::Ident;
use crate::migrate::{self, MigrateError};
use crate::pg::{PgError, Session, Sql, Transaction};
use crate::progress::Unobserved;
use crate::revision::Lineage;

/// Does `work` where a lineage is made, and takes everything back; nothing where the lineage is more
/// than plain definitions.
///
/// # Errors
/// The server refuses, a revision fails, or `work` does.
pub fn within<T>(
    session: &mut Session,
    lineage: &Lineage,
    work: impl FnOnce(&mut Transaction<'_>, &Ident) -> Result<T, PgError>,
) -> Result<Option<T>, MigrateError> {
    if !is_plain(lineage, session.has_citus())? {
        return Ok(None);
    }
    let random = session.ask("SELECT pg_catalog.gen_random_uuid()")?.ok_or(PgError::NoRow)?;
    let at = Ident::new(format!("regrow_scratch_{random}")).expect("a short name");
    let mut transaction = session.begin()?;
    transaction.run("SET LOCAL lock_timeout = '1s'")?;
    for revision in &lineage.revisions {
        migrate::apply(&mut transaction, &at, &lineage.name, revision, &Unobserved)?;
    }
    Ok(Some(work(&mut transaction, &at)?))
}

/// Whether a lineage is plain definitions: they make tables without a row, and call nothing, but for the
/// functions by which `citus` spreads a table.
///
/// # Errors
/// A revision cannot be read.
pub fn is_plain(lineage: &Lineage, citus: bool) -> Result<bool, MigrateError> {
    for file in lineage.revisions.iter().map(|revision| &revision.up) {
        let statements = ddl::read(file).map_err(migrate::unread)?;
        let is_plain = |sql: &str| is_plain_statement(sql) || (citus && spreads(sql));
        if !statements.iter().all(|s| is_plain(&file.text[s.span.clone()])) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a lineage spreads tables over the nodes of Citus.
///
/// # Errors
/// A revision cannot be read.
pub fn spreads_tables(lineage: &Lineage) -> Result<bool, MigrateError> {
    for file in lineage.revisions.iter().map(|revision| &revision.up) {
        let statements = ddl::read(file).map_err(migrate::unread)?;
        if statements.iter().any(|s| spreads(&file.text[s.span.clone()])) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A call of one of Citus' functions with constants, and nothing else.
fn spreads(sql: &str) -> bool {
    let mut words = Vec::new();
    let (mut calls, mut is_plain) = (0, true);
    for token in tokens(sql) {
        match token.kind {
            TokenKind::Word => words.push(token.text(sql).to_ascii_lowercase()),
            TokenKind::Symbol(b'(') => calls += 1,
            TokenKind::Symbol(byte) => is_plain &= b"),:=>;".contains(&byte),
            _ => {}
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let named =
        ["distribution_type", "colocate_with", "shard_count", "table_name", "distribution_column"];
    let rest = |words: &[&str]| {
        words
            .iter()
            .all(|w| named.contains(w) || ["null", "true", "false", "regclass", "text"].contains(w))
    };
    is_plain
        && calls == 1
        && matches!(words.as_slice(), ["select", "create_distributed_table" | "create_reference_table", others @ ..]
            if rest(others))
}

/// What can neither call anything nor reach another schema: a dot would name one, and a partition's
/// bounds are computed.
fn is_plain_statement(sql: &str) -> bool {
    let words = first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let defines = matches!(
        words.as_slice(),
        ["CREATE", "TABLE" | "INDEX" | "TYPE" | "DOMAIN" | "SEQUENCE", ..]
            | ["CREATE", "UNIQUE", "INDEX", ..]
            | ["ALTER", "TABLE", ..]
            | ["COMMENT", "ON", ..]
    );
    let reaches = |word: &str| {
        ["SELECT", "EXECUTE", "VALUES", "OF", "LIKE", "TABLESPACE", "OWNER"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w))
    };
    defines
        && tokens(sql).iter().all(|token| match token.kind {
            TokenKind::Symbol(byte) => byte != b'.',
            TokenKind::Word => !reaches(token.text(sql)),
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::{is_plain_statement, spreads};

    #[test]
    fn a_table_is_spread_by_one_call_with_constants() {
        for sql in [
            "SELECT create_distributed_table('a', 'id')",
            "select create_distributed_table('a'::regclass, 'id', colocate_with => 'b', shard_count := 4);",
            "SELECT create_reference_table('a')",
        ] {
            assert!(spreads(sql), "{sql}");
        }
        for sql in [
            "SELECT create_distributed_table('a', f('id'))",
            "SELECT create_distributed_table('a', 'id') FROM b",
            "SELECT x.create_distributed_table('a', 'id')",
            "SELECT drop_everything('a')",
        ] {
            assert!(!spreads(sql), "{sql}");
        }
    }

    #[test]
    fn what_reaches_out_is_not_plain() {
        for sql in [
            "CREATE TABLE a (id int DEFAULT 1.5, v text REFERENCES b)",
            "create unique index on a (lower(v)) where v <> 'SELECT x.y'",
            "ALTER TABLE a ADD COLUMN n int",
            "CREATE TYPE t AS ENUM ('a')",
            "COMMENT ON TABLE a IS 'x.y'",
        ] {
            assert!(is_plain_statement(sql), "{sql}");
        }
        for sql in [
            "CREATE TABLE a AS SELECT nextval('s')",
            "CREATE TABLE public.a ()",
            "CREATE TABLE a (id int REFERENCES \"public\" . b)",
            "CREATE TABLE a PARTITION OF b FOR VALUES FROM (pg_terminate_backend(1)) TO (2)",
            "CREATE TABLE a AS VALUES (1)",
            "DO $$ BEGIN END $$",
            "SELECT 1",
            "INSERT INTO a DEFAULT VALUES",
            "CREATE FUNCTION f() RETURNS int RETURN 1",
            "DROP TABLE a",
            "SET ROLE x",
        ] {
            assert!(!is_plain_statement(sql), "{sql}");
        }
    }
}
