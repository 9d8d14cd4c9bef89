//! What goes with a schema, or with one relation, when it is dropped.
//!
//! `DROP ... CASCADE` takes whatever depends on what it drops, and RESTRICT takes part of that in
//! silence. This room says beforehand what that is; whose it is, is not known here.

use super::{PgError, Sql};
use crate::handler::function::NAME;
use crate::ident::Ident;

/// Something in the catalog, as PostgreSQL itself names it wherever it is asked (`pg_identify_object`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// `table`, `default value`, `publication relation`.
    pub kind: String,
    /// Its name, with all that makes it the only one of its kind.
    pub identity: String,
}

impl std::fmt::Display for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.identity)
    }
}

/// Something that would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// What it is.
    pub object: Object,
    /// The relation that it is a part of, as in SQL.
    pub holder: Option<String>,
    /// Its schema and name.
    holder_name: Option<(String, String)>,
    /// Whether it lies in the schema, or is a part of a relation there.
    pub is_inside: bool,
    /// The schema that it lies in, as PostgreSQL prints it.
    lies_in: Option<String>,
    /// The statement that takes it out of the way, and keeps as much of it as can be kept.
    pub first: String,
}

impl Dependent {
    /// Whether it lies in a schema, or is a part of a relation there.
    #[must_use]
    pub fn lies_in(&self, schema: &Ident) -> bool {
        self.lies_in.as_ref().is_some_and(|s| s == schema.as_str() || *s == schema.quoted())
    }

    /// Whether it is a part of this relation, such as a trigger or a rule on it.
    #[must_use]
    pub fn is_part_of(&self, schema: &Ident, relation: &Ident) -> bool {
        self.holder_name
            .as_ref()
            .is_some_and(|(s, r)| s == schema.as_str() && r == relation.as_str())
    }
}

/// Everything that goes with a schema but the function that applies events, which every build has. What
/// has to be taken out of the way first stands first.
///
/// # Errors
/// The server refuses.
pub fn of_schema(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Dependent>, PgError> {
    let mut dependents = of(sql, schema, None)?;
    dependents.extend(subscribed(sql, schema)?);
    Ok(dependents)
}

/// Everything that goes with one relation, its own parts among them.
///
/// # Errors
/// The server refuses.
pub fn of_relation(
    sql: &mut impl Sql,
    schema: &Ident,
    relation: &Ident,
) -> Result<Vec<Dependent>, PgError> {
    of(sql, schema, Some(relation))
}

fn of(
    sql: &mut impl Sql,
    schema: &Ident,
    relation: Option<&Ident>,
) -> Result<Vec<Dependent>, PgError> {
    let relation = relation.map(Ident::as_str);
    let rows = sql.query(include_str!("footprint.sql"), &[&schema.as_str(), &relation, &NAME])?;
    let dependent = |row: &super::Row| Dependent {
        object: Object { kind: row.get("kind"), identity: row.get("identity") },
        holder: row.get("holder"),
        holder_name: row.get::<_, Option<String>>("holder_schema").zip(row.get("holder_relation")),
        is_inside: row.get("is_inside"),
        lies_in: row.get("lies_in"),
        first: row.get("first"),
    };
    Ok(rows.iter().map(dependent).collect())
}

/// Subscriptions that fill tables of a schema: `pg_depend` does not know them.
fn subscribed(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Dependent>, PgError> {
    let may_look =
        "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_subscription_rel', 'SELECT')";
    if !sql.query_one(may_look, &[])?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = sql.query(include_str!("subscribed.sql"), &[&schema.as_str()])?;
    let dependent = |row: &super::Row| Dependent {
        object: Object { kind: "subscription".into(), identity: row.get("identity") },
        holder: None,
        holder_name: None,
        is_inside: false,
        lies_in: None,
        first: row.get("first"),
    };
    Ok(rows.iter().map(dependent).collect())
}
