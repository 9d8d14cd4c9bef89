//! Handlers typed where there is no scratch: in the live database, in a schema that is rolled back.
//!
//! Only a lineage of plain definitions gets there: unqualified tables, indexes, types and comments,
//! none of which can call a function or reach another schema. The schema has a name that nobody else
//! has; nothing live is renamed, locked or written.

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
    if !is_plain(lineage)? {
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

/// Whether a lineage is plain definitions: they make tables without a row, and call nothing.
///
/// # Errors
/// A revision cannot be read.
pub fn is_plain(lineage: &Lineage) -> Result<bool, MigrateError> {
    for file in lineage.revisions.iter().map(|revision| &revision.up) {
        let statements = ddl::read(file).map_err(migrate::unread)?;
        if !statements.iter().all(|s| is_plain_statement(&file.text[s.span.clone()])) {
            return Ok(false);
        }
    }
    Ok(true)
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
    use super::is_plain_statement;

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
