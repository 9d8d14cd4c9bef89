//! Where a statement itself reads a text as a date or a time.
//!
//! The text may say `now` or `today`, and nobody looks at it: a value is checked only on its way
//! into a parameter. Written constants are read when the statement is prepared, or the object is made,
//! so those that ask the clock are found by their values.

use super::probe::{Looked, Probe};
use super::tree::{Node, Tree};
use super::types::Types;
use crate::handler::clock::Moments;
use crate::handler::literal::{moments, replaced};
use crate::pg::{PgError, ServerError, Sql, Transaction};
use crate::source::Span;

/// Where a text becomes a date or a time.
pub(super) struct Cast<'t> {
    pub(super) node: &'t Node,
    /// The function of an extension that reads it, with its schema.
    pub(super) function: Option<String>,
}

/// The nodes of a tree where a text becomes a date or a time: casts, members of JSON, and functions of
/// extensions that fill a row. `trusted` are functions that are taken at the projection's word.
pub(super) fn casts<'t>(
    sql: &mut impl Sql,
    tree: &'t Tree,
    trusted: &[String],
    types: &mut Types,
) -> Result<Vec<Cast<'t>>, PgError> {
    let mut suspects: Vec<(Cast<'t>, Vec<u32>)> = Vec::new();
    for node in &tree.nodes {
        let field = match node.name.as_str() {
            "COERCEVIAIO" => "resulttype",
            "TABLEFUNC" => "coltypes",
            "JSONRETURNING" => "typid",
            _ => continue,
        };
        suspects.push((Cast { node, function: None }, node.oids(field).collect()));
    }
    let mut calls: Vec<(&Node, u32, Vec<u32>)> = Vec::new();
    for node in &tree.nodes {
        let (function, result) = match node.name.as_str() {
            "FUNCEXPR" => ("funcid", "funcresulttype"),
            "OPEXPR" => ("opfuncid", "opresulttype"),
            _ => continue,
        };
        let Some(function) = node.oids(function).next() else { continue };
        let listed = tree.around(node).into_iter().flat_map(|n| n.oids("funccoltypes"));
        calls.push((node, function, node.oids(result).chain(listed).collect()));
    }
    let functions: Vec<u32> = calls.iter().map(|(_, function, _)| *function).collect();
    let rows = match functions.is_empty() {
        true => Vec::new(),
        false => sql.query(include_str!("readers.sql"), &[&functions])?,
    };
    for row in &rows {
        let (oid, name, of_extension): (u32, String, bool) = (row.get(0), row.get(1), row.get(2));
        if trusted.contains(&name) {
            continue;
        }
        for (node, _, results) in calls.iter().filter(|call| call.1 == oid) {
            let function = of_extension.then(|| name.clone());
            suspects.push((Cast { node, function }, results.clone()));
        }
    }
    let oids: Vec<u32> = suspects.iter().flat_map(|(_, oids)| oids.iter().copied()).collect();
    types.read(sql, &oids)?;
    suspects.retain(|(cast, oids)| {
        // A date that an extension gives, and no row with one, came from a date.
        let counts = |oid: &u32| cast.function.is_none() || types.is_row(*oid);
        oids.iter().any(|oid| counts(oid) && types.moments(*oid) != Moments::None)
    });
    Ok(suspects.into_iter().map(|(cast, _)| cast).collect())
}

/// The offsets in the handlers file of constants that ask the clock. Whether a constant is a date
/// or a time the server says: with other letters in place of the word it is none.
pub(super) fn constants(
    transaction: &mut Transaction<'_>,
    at: Looked<'_>,
) -> Result<Vec<usize>, PgError> {
    let rendered = super::probe::numbered(at.statement);
    let sql = rendered.sql.as_str();
    let found = asking(transaction, sql, |savepoint, changed| match at.types.is_empty() {
        true => savepoint.infer(changed, &[]).map(|_| ()),
        false => {
            let types = at.types.join(", ");
            savepoint.run(&format!("PREPARE regrow_probe({types}) AS {changed}"))
        }
    })?;
    Ok(found.into_iter().map(|span| rendered.source_offset(span.start)).collect())
}

/// The constants of a statement that ask the clock. `ask` gives the server the statement with others in
/// their place; whatever that does is taken back.
pub(super) fn asking(
    transaction: &mut Transaction<'_>,
    sql: &str,
    mut ask: impl FnMut(&mut Transaction<'_>, &str) -> Result<(), PgError>,
) -> Result<Vec<Span>, PgError> {
    let suspects = moments(sql);
    let mut is_refused = |parts: &[(Span, String)]| {
        let mut savepoint = transaction.savepoint()?;
        match ask(&mut savepoint, &replaced(sql, parts)) {
            Ok(()) => Ok(false),
            Err(PgError::Server(error)) => Ok(is_no_date(&error)),
            Err(lost) => Err(lost),
        }
    };
    let mut found = Vec::new();
    if suspects.is_empty() || (suspects.len() > 1 && !is_refused(&suspects)?) {
        return Ok(found);
    }
    for suspect in suspects {
        if is_refused(std::slice::from_ref(&suspect))? {
            found.push(suspect.0);
        }
    }
    Ok(found)
}

/// Whether a text was refused as a date: it is none, out of range, or of an unknown unit.
pub(super) fn is_no_date(error: &ServerError) -> bool {
    matches!(error.code.as_str(), "22007" | "22008" | "22023")
}

/// Where nodes are in the handlers file, with the extension's function that reads the text.
pub(super) fn placed(probe: &Probe, casts: Vec<Cast<'_>>) -> Vec<(Option<usize>, Option<String>)> {
    casts.into_iter().map(|cast| (probe.offset(cast.node), cast.function)).collect()
}
