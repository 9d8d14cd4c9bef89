//! Types by their object ids: how values of them are passed to handlers.
//!
//! Owns the reading of `pg_type`. Domains, arrays, ranges and rows are followed to what they are
//! made of, so that each type the server has is passed as a literal of it would be read.

use std::collections::HashMap;

use crate::handler::Rendered;
use crate::handler::clock::Moments;
use crate::handler::param_type::{Entry, Form, ParamType};
use crate::pg::{Declared, PgError, Row, ServerError, Sql, Transaction};

/// The types that were asked for, and what they are made of.
#[derive(Default)]
pub(super) struct Types {
    known: HashMap<u32, Fact>,
}

struct Fact {
    sql: String,
    is_row: bool,
    is_moment: bool,
    is_json: bool,
    /// What a domain is over.
    under: Option<u32>,
    /// The element of an array, and what stands between two.
    element: Option<(u32, char)>,
    /// What a range is of.
    subtype: Option<u32>,
    columns: Vec<u32>,
}

impl Fact {
    fn from_row(row: &Row) -> Fact {
        let (kind, delimiter): (String, Option<String>) = (row.get(2), row.get(7));
        let delimiter = delimiter.and_then(|text| text.chars().next()).unwrap_or(',');
        Fact {
            sql: row.get(1),
            is_row: kind == "c",
            is_moment: row.get(3),
            is_json: row.get(4),
            under: row.get(5),
            element: row.get::<_, Option<u32>>(6).map(|oid| (oid, delimiter)),
            subtype: row.get(8),
            columns: row.get(9),
        }
    }
}

impl Types {
    /// Reads what is not known yet. Names are printed as the transaction's search path finds them.
    pub(super) fn read(&mut self, sql: &mut impl Sql, oids: &[u32]) -> Result<(), PgError> {
        let new: Vec<u32> = oids.iter().copied().filter(|o| !self.known.contains_key(o)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let rows = sql.query(include_str!("types.sql"), &[&new])?;
        self.known.extend(rows.iter().map(|row| (row.get(0), Fact::from_row(row))));
        Ok(())
    }

    /// The type as a parameter's; it was read before.
    pub(super) fn param(&self, oid: u32) -> ParamType {
        let (Some(fact), Some(base)) = (self.known.get(&oid), self.base(oid)) else {
            return ParamType::text();
        };
        let form = match base.element {
            _ if base.is_json => Form::Json,
            Some((element, delimiter)) => {
                Form::Array { delimiter, of_json: self.base(element).is_some_and(|e| e.is_json) }
            }
            None => Form::Text,
        };
        let entry = match (fact.under, base.is_row) {
            (Some(_), of_row) => Entry::Domain { of_row },
            (None, true) => Entry::Row,
            (None, false) => Entry::Assigned,
        };
        let (sql, base) = (fact.sql.clone(), base.sql.clone());
        ParamType { sql, base, form, entry, moments: self.moments(oid) }
    }

    /// The type below all domains.
    fn base(&self, oid: u32) -> Option<&Fact> {
        let fact = self.known.get(&oid)?;
        fact.under.map_or(Some(fact), |under| self.base(under))
    }

    /// Whether a type is a row, or a domain over one.
    pub(super) fn is_row(&self, oid: u32) -> bool {
        self.base(oid).is_some_and(|base| base.is_row)
    }

    /// Where in values of a type dates and times are. No type holds itself, so this comes to an end.
    pub(super) fn moments(&self, oid: u32) -> Moments {
        let Some(base) = self.base(oid) else { return Moments::None };
        if base.is_moment {
            return Moments::All;
        }
        if let Some((element, delimiter)) = base.element {
            return Moments::of_array(delimiter, self.moments(element));
        }
        if let Some(subtype) = base.subtype {
            let none = self.moments(subtype) == Moments::None;
            return if none { Moments::None } else { Moments::All };
        }
        Moments::of_row(base.columns.iter().map(|oid| self.moments(*oid)).collect())
    }
}

/// The types of all places, or why the server has none.
pub(super) type Described = Result<Vec<ParamType>, ServerError>;

/// The types of a statement's parameters, some of which are declared.
pub(super) fn describe(
    transaction: &mut Transaction<'_>,
    rendered: &Rendered,
    declared: &[Declared],
    known: &mut Types,
) -> Result<Described, PgError> {
    let mut savepoint = transaction.savepoint()?;
    match savepoint.infer(&rendered.sql, declared) {
        Ok(oids) => {
            savepoint.release()?;
            known.read(transaction, &oids)?;
            Ok(Ok(oids.into_iter().map(|oid| known.param(oid)).collect()))
        }
        Err(PgError::Server(error)) => Ok(Err(*error)),
        Err(lost) => Err(lost),
    }
}
