//! Whether PL/pgSQL makes a date or time of a text, without a word of it.
//!
//! It makes of a value what its target is, by its text where there is no other way, and a text may be the
//! word `now`. So each target that is a date, or has one in it, must be given one: what an expression is,
//! the server says. What cannot be told is refused.

use super::walk::{Function, Walk};
use crate::handler::body::{Assigned, Body};
use crate::handler::clock::Moments;
use crate::handler::literal::literals;
use crate::ident::quote_ident;
use crate::pg::{PgError, Sql};

/// Something that a function may assign to.
struct Fact {
    kind: String,
    name: String,
    oid: u32,
    of_table: String,
}

/// Whether a function fills a row from members of JSON or of an extension's type.
fn fills_a_row(name: &str) -> bool {
    name.ends_with("populate_record") || name.ends_with("populate_recordset")
}

impl Walk<'_, '_> {
    /// What of a body may become a date or time by its text; nothing if all is known to be none.
    pub(super) fn coerced(
        &mut self,
        function: &Function,
        body: &Body,
    ) -> Result<Option<String>, PgError> {
        let casts = body.cast.iter().map(|name| (name.clone(), None));
        let named: Vec<(String, Option<String>)> =
            body.typed.iter().cloned().chain(casts).collect();
        let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
        let parts: Vec<&str> = named.iter().map(|(_, p)| p.as_deref().unwrap_or("")).collect();
        let rows = self.transaction.query(
            include_str!("coerced.sql"),
            &[&function.oid, &names, &parts, &self.schema.as_str()],
        )?;
        let facts: Vec<Fact> = rows
            .iter()
            .map(|row| Fact {
                kind: row.get("kind"),
                name: row.get("name"),
                oid: row.get("oid"),
                of_table: row.get("of_table"),
            })
            .collect();
        let oids: Vec<u32> = facts.iter().map(|fact| fact.oid).collect();
        self.types.read(self.transaction, &oids)?;
        let dated: Vec<&Fact> =
            facts.iter().filter(|fact| self.types.moments(fact.oid) != Moments::None).collect();
        if dated.is_empty() {
            return Ok(None);
        }
        if let Some(call) = body.calls.iter().find(|call| fills_a_row(&call.name)) {
            return Ok(Some(format!("{} fills a row", call.name)));
        }
        let cast = |fact: &&&Fact| fact.kind == "typed" && body.cast.contains(&fact.name);
        if let Some(fact) = dated.iter().find(cast) {
            return Ok(Some(format!("something is cast to {}", fact.name)));
        }
        let suspects: Vec<&Assigned> =
            body.assigned.iter().filter(|a| may_be_dated(a, &facts, &dated)).collect();
        for one in suspects {
            if !self.is_a_moment(one, &facts)? {
                return Ok(Some(match one.target.as_slice() {
                    [one] if one == "return" => "it returns one".to_owned(),
                    target => format!("it assigns to {}", target.join(".")),
                }));
            }
        }
        Ok(None)
    }

    /// Whether what is assigned is a date or time already, or a constant or NULL.
    fn is_a_moment(&mut self, one: &Assigned, facts: &[Fact]) -> Result<bool, PgError> {
        let Some(value) = &one.value else { return Ok(false) };
        let whole = literals(value).first().is_some_and(|l| l.span == (0..value.len()));
        if whole || value.eq_ignore_ascii_case("null") {
            return Ok(true);
        }
        let arguments = facts.iter().filter(|f| f.kind == "argument" && !f.name.is_empty());
        let mut list: Vec<String> = Vec::new();
        for fact in arguments {
            let ty = self.types.param(fact.oid).sql;
            list.push(format!("NULL::{ty} AS {}", quote_ident(&fact.name)));
        }
        list.push("NULL AS regrow_none".into());
        let mut from = format!("(SELECT {}) AS arguments", list.join(", "));
        let table = facts.iter().find(|f| f.kind == "column").map(|f| f.of_table.as_str());
        if let Some(table) = table {
            for row in ["new", "old"] {
                from.push_str(&format!(", (SELECT (NULL::{table}).*) AS {row}"));
            }
        }
        let mut savepoint = self.transaction.savepoint()?;
        let columns = match savepoint.describe(&format!("SELECT {value} FROM {from}")) {
            Ok(columns) => columns,
            // It names a variable, most likely.
            Err(PgError::Server(_)) => return Ok(false),
            Err(lost) => return Err(lost),
        };
        drop(savepoint);
        let [column] = columns.as_slice() else { return Ok(false) };
        self.types.read(self.transaction, &[column.oid])?;
        Ok(self.types.moments(column.oid) == Moments::All)
    }
}

/// Whether the target of an assignment may be a date or time, or hold one.
fn may_be_dated(one: &Assigned, facts: &[Fact], dated: &[&Fact]) -> bool {
    let any = |kind: &str| dated.iter().any(|fact| fact.kind == kind);
    let named = |kind: &str, name: &str| dated.iter().any(|f| f.kind == kind && f.name == name);
    match one.target.as_slice() {
        [row] if row == "new" || row == "old" => any("column"),
        [row, column, ..] if row == "new" || row == "old" => named("column", column),
        [word] if word == "return" => any("result") || any("column"),
        [name, ..] if facts.iter().any(|f| f.kind == "argument" && f.name == *name) => {
            named("argument", name)
        }
        // A variable, whose type is one of those that are named.
        _ => any("typed"),
    }
}
