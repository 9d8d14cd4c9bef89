//! Where a statement itself reads a text as a date or a time.
//!
//! The text may say `now` or `today`, and nobody looks at it: a value is checked only on its way
//! into a parameter. Written constants are read when the statement is prepared, so those that ask
//! the clock are found by their words.

use super::probe::{Looked, Probe};
use super::tree::Node;
use super::types::Types;
use crate::handler::clock::{Moments, has_word, words};
use crate::handler::scan::{TokenKind, scan};
use crate::pg::{PgError, Sql, Transaction};

/// Functions that read members of JSON as values of the types they give.
const READERS: &str = "SELECT oid FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace \
                       AND proname ~ '^jsonb?_(populate_record|populate_recordset|to_record|to_recordset)$'";

/// The offsets in the handlers file where a text becomes a date or a time.
pub(super) fn casts(
    transaction: &mut Transaction<'_>,
    probe: &Probe,
    types: &mut Types,
) -> Result<Vec<Option<usize>>, PgError> {
    let tree = &probe.tree;
    let mut suspects: Vec<(&Node, Vec<u32>)> = Vec::new();
    for node in &tree.nodes {
        let field = match node.name.as_str() {
            "COERCEVIAIO" => "resulttype",
            "TABLEFUNC" => "coltypes",
            "JSONRETURNING" => "typid",
            _ => continue,
        };
        suspects.push((node, node.oids(field).collect()));
    }
    let rows = match tree.named("FUNCEXPR").next() {
        Some(_) => transaction.query(READERS, &[])?,
        None => Vec::new(),
    };
    let readers: Vec<u32> = rows.iter().map(|row| row.get(0)).collect();
    for node in tree.named("FUNCEXPR") {
        if node.oids("funcid").any(|oid| readers.contains(&oid)) {
            let listed = tree.around(node).into_iter().flat_map(|n| n.oids("funccoltypes"));
            suspects.push((node, node.oids("funcresulttype").chain(listed).collect()));
        }
    }
    let oids: Vec<u32> = suspects.iter().flat_map(|(_, oids)| oids.iter().copied()).collect();
    types.read(transaction, &oids)?;
    let is_moment = |oid: &u32| types.moments(*oid) != Moments::None;
    suspects.retain(|(_, oids)| oids.iter().any(is_moment));
    Ok(suspects.iter().map(|(node, _)| probe.offset(node)).collect())
}

/// The offsets in the handlers file of constants that ask the clock. Whether a constant is a date
/// or a time the server says: with other letters in place of the word it is none.
pub(super) fn constants(
    transaction: &mut Transaction<'_>,
    at: Looked<'_>,
) -> Result<Vec<usize>, PgError> {
    let rendered = super::probe::numbered(at.statement);
    let sql = rendered.sql.as_str();
    let mut found = Vec::new();
    for token in scan(sql).tokens {
        let text = token.text(sql);
        if token.kind != TokenKind::Text || !has_word(text) {
            continue;
        }
        let mut other = text.to_owned();
        for (offset, word) in words(text) {
            other.replace_range(offset..offset + word.len(), &"x".repeat(word.len()));
        }
        let changed = format!("{}{other}{}", &sql[..token.start], &sql[token.end..]);
        let typed = format!("PREPARE regrow_probe({}) AS {changed}", at.types.join(", "));
        let prepare = if at.types.is_empty() { changed } else { typed };
        let mut savepoint = transaction.savepoint()?;
        let prepared = match at.types.is_empty() {
            true => savepoint.infer(&prepare, &[]).map(|_| ()),
            false => savepoint.run(&prepare),
        };
        match prepared {
            Ok(()) => {}
            Err(PgError::Server(error)) => {
                if matches!(error.code.as_str(), "22007" | "22008" | "22023") {
                    found.push(rendered.source_offset(token.start));
                }
            }
            Err(lost) => return Err(lost),
        }
    }
    Ok(found)
}
