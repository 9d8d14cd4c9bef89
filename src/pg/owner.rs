//! Whose a schema is, and making one that is ours.
//!
//! The names of our schemas can be foreseen, and whoever may create a schema can be there first: with
//! operators, triggers and functions in it that would run as us. So a schema is made without IF NOT
//! EXISTS, and one that is there must belong to us, to a role we are a member of, or to a superuser.

use super::{PgError, Sql};
use crate::ident::{Ident, quote_ident, quote_literal};

/// A schema that somebody else has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The schema.
    pub schema: Ident,
    /// Whose it is.
    pub owner: String,
    /// The role we act as.
    pub role: String,
    /// Whether it must not be there at all, whoever has it; else it must only be ours.
    pub must_be_new: bool,
}

impl std::fmt::Display for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Taken { schema, owner, role, must_be_new } = self;
        match must_be_new {
            true => write!(
                f,
                "the schema {schema} is there already and belongs to {owner}: what is made needs a new one"
            ),
            false => write!(
                f,
                "the schema {schema} belongs to {owner}, which is neither {role} nor a role it is a member of"
            ),
        }
    }
}

impl Taken {
    /// What helps.
    #[must_use]
    pub fn remedy(&self) -> String {
        let (schema, role) = (self.schema.quoted(), quote_ident(&self.role));
        if self.must_be_new {
            let renamed = quote_ident(&shortened(self.schema.as_str(), "_found"));
            return format!(
                "look at what lies in it, then as its owner or a superuser: ALTER SCHEMA {schema} RENAME TO {renamed};"
            );
        }
        format!(
            "whoever owns a schema can make others run code there; look at what lies in it, then as a superuser: \
             ALTER SCHEMA {schema} OWNER TO {role};\n\
             or connect as its owner; or, if the owner is a role of yours: GRANT {} TO {role};",
            quote_ident(&self.owner)
        )
    }
}

/// A name with something behind it that PostgreSQL does not cut.
#[must_use]
pub fn shortened(name: &str, tail: &str) -> String {
    let mut end = name.len().min(63 - tail.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{tail}", &name[..end])
}

/// The owner, the role we act as, and whether the one may have what the other writes to.
fn owner(sql: &mut impl Sql, schema: &Ident) -> Result<Option<(Taken, bool)>, PgError> {
    let row = sql.query_opt(include_str!("owner.sql"), &[&schema.as_str()])?;
    Ok(row.map(|row| {
        let (owner, role) = (row.get(0), row.get(1));
        (Taken { schema: schema.clone(), owner, role, must_be_new: false }, row.get(2))
    }))
}

/// Refuses a schema of others; tells whether it is there.
///
/// # Errors
/// It is somebody else's, or the server refuses.
pub fn is_ours(sql: &mut impl Sql, schema: &Ident) -> Result<bool, PgError> {
    match owner(sql, schema)? {
        None => Ok(false),
        Some((_, true)) => Ok(true),
        Some((taken, false)) => Err(PgError::Taken(Box::new(taken))),
    }
}

/// Makes a schema where it is missing.
///
/// # Errors
/// It is somebody else's, or the server refuses. Where another session makes it at the same moment
/// that is a refusal too.
pub fn make(sql: &mut impl Sql, schema: &Ident) -> Result<(), PgError> {
    match is_ours(sql, schema)? {
        true => Ok(()),
        false => sql.run(&format!("CREATE SCHEMA {}", schema.quoted())),
    }
}

/// Makes a schema that nobody may have made before.
///
/// # Errors
/// It is there, whoever has it, or the server refuses.
pub fn make_new(sql: &mut impl Sql, schema: &Ident) -> Result<(), PgError> {
    must_be_new(sql, schema)?;
    sql.run(&format!("CREATE SCHEMA {}", schema.quoted()))
}

/// Refuses a schema that is there.
///
/// # Errors
/// It is, whoever has it, or the server refuses.
pub fn must_be_new(sql: &mut impl Sql, schema: &Ident) -> Result<(), PgError> {
    match owner(sql, schema)? {
        Some((taken, _)) => Err(PgError::Taken(Box::new(Taken { must_be_new: true, ..taken }))),
        None => Ok(()),
    }
}

/// The same for a script that runs elsewhere: makes the schema where it is missing, and stops where
/// somebody else has it.
#[must_use]
pub fn script(schema: &Ident) -> String {
    let query = include_str!("owner.sql")
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n        ")
        .replace("$1", &quote_literal(schema.as_str()));
    let said = format!("the schema {schema} belongs to another role, see docs/security.md");
    format!(
        "DO $regrow$ DECLARE is_ours bool;\nBEGIN\n    SELECT o.ours INTO is_ours FROM (\n        \
         {query}) AS o(owner, us, ours);\n    \
         IF is_ours IS NULL THEN\n        CREATE SCHEMA {};\n    \
         ELSIF NOT is_ours THEN\n        RAISE EXCEPTION USING MESSAGE = {};\n    END IF;\nEND $regrow$;",
        schema.quoted(),
        quote_literal(&said)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_what_postgresql_keeps_whole() {
        let schema = Ident::new(format!("{}é", "x".repeat(61))).unwrap();
        let (owner, role) = ("mallory".to_owned(), "app".to_owned());
        let taken = Taken { schema, owner, role, must_be_new: true };
        let remedy = taken.remedy();
        let name = remedy.rsplit('"').nth(1).unwrap();
        assert!(name.len() <= 63 && name.ends_with("_found"), "{remedy}");
    }
}
