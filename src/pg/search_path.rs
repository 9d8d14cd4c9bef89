//! The search path of a projection's schema: where names without a schema are looked up.
//!
//! First the schema itself; then the schemas of types that it shares with other builds (`types`), and
//! those of extensions, since operators have no other way to be found; temporary objects last. A schema where others may create objects is left out: theirs
//! could be found in place of what is meant. A build keeps the path it was made with, so that an
//! extension that comes later changes no meaning.

use super::{PgError, Sql, types};
use crate::ident::Ident;

/// A search path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPath {
    /// As `SET search_path` takes it.
    pub list: String,
    /// The one for the projection's DDL: of the extensions' schemas only those that hold nothing
    /// else, lest a `DROP TABLE IF EXISTS` finds a table there.
    pub of_ddl: String,
    /// The schemas of extensions that cannot be on it.
    pub left_out: Vec<LeftOut>,
    /// The schemas of extensions that can, and of types.
    pub safe: Vec<String>,
    /// The schemas of types.
    pub types: Vec<String>,
    /// The schema itself, as the server prints it.
    own: String,
}

/// A schema of an extension where others may create objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The schema.
    pub schema: String,
    /// Who may.
    pub others: String,
}

impl SearchPath {
    /// The path of a schema. `function` keeps the path of a build in its settings.
    ///
    /// # Errors
    /// The server refuses.
    pub fn of(sql: &mut impl Sql, schema: &Ident, function: &str) -> Result<SearchPath, PgError> {
        let row = sql.query_one(
            include_str!("search_path.sql"),
            &[&schema.as_str(), &function, &types::SCHEMA_PATTERN],
        )?;
        let (schemas, others): (Vec<String>, Vec<String>) = (row.get(2), row.get(3));
        let pairs = schemas.into_iter().zip(others);
        let left_out = pairs.map(|(schema, others)| LeftOut { schema, others }).collect();
        let (list, of_ddl, safe) = (row.get(0), row.get(1), row.get(4));
        Ok(SearchPath { list, of_ddl, left_out, safe, types: row.get(5), own: row.get(6) })
    }

    /// The path of a schema, whatever a function of it keeps.
    ///
    /// # Errors
    /// The server refuses.
    pub fn anew(sql: &mut impl Sql, schema: &Ident) -> Result<SearchPath, PgError> {
        SearchPath::of(sql, schema, "")
    }

    /// The same with schemas of types, as `SET search_path` takes it.
    #[must_use]
    pub fn with(&self, types: &[&Ident]) -> String {
        let types: String = types.iter().map(|schema| format!(", {}", schema.quoted())).collect();
        let rest = self.list.strip_prefix(&self.own).unwrap_or_default();
        format!("{}{types}{rest}", self.own)
    }

    /// The schemas on it, without quotes.
    #[must_use]
    pub fn schemas(&self) -> Vec<String> {
        let (mut names, mut name, mut quoted) = (Vec::new(), String::new(), false);
        let mut characters = self.list.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '"' if quoted && characters.peek() == Some(&'"') => name.extend(characters.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => names.push(std::mem::take(&mut name)),
                ' ' if !quoted => {}
                c => name.push(c),
            }
        }
        names.push(name);
        names
    }

    /// A schema that is on it and should not be any more, and why. The first is the projection's own.
    #[must_use]
    pub fn unsafe_now(&self) -> Option<(String, String)> {
        let on = self.schemas().into_iter().skip(1).filter(|name| name != "pg_temp");
        let mut strangers = on.filter(|name| !self.safe.contains(name));
        let name = strangers.next()?;
        let opened = self.left_out.iter().find(|left_out| left_out.schema == name);
        let why = opened.map_or_else(
            || match types::is_for_a_type(&name) {
                true => "the type of the build is not any more".to_owned(),
                false => "no extension is any more".to_owned(),
            },
            |left_out| format!("{} may create objects now", left_out.others),
        );
        Some((name, why))
    }

    /// Makes it the transaction's.
    ///
    /// # Errors
    /// The server refuses.
    pub fn set(&self, sql: &mut impl Sql) -> Result<(), PgError> {
        sql.run(&format!("SET LOCAL search_path = {}", self.list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_the_server_writes_it() {
        let left_out = vec![LeftOut { schema: "Ext, \"1".into(), others: "every role".into() }];
        let path = |list: &str| SearchPath {
            list: list.into(),
            of_ddl: String::new(),
            left_out: left_out.clone(),
            safe: vec!["public".into()],
            types: Vec::new(),
            own: "p__b1".into(),
        };
        let type_schemas = [&Ident::new("p__type_0a1b2c3d").unwrap()];
        let with = path("p__b1, public, pg_temp").with(&type_schemas);
        assert_eq!(with, "p__b1, \"p__type_0a1b2c3d\", public, pg_temp");
        let one = path("p__b1, \"Ext, \"\"1\", public, pg_temp");
        assert_eq!(one.schemas(), ["p__b1", "Ext, \"1", "public", "pg_temp"]);
        let why = |path: SearchPath| path.unsafe_now().map(|(_, why)| why);
        assert_eq!(why(one).unwrap(), "every role may create objects now");
        assert_eq!(why(path("p__b1, gone, pg_temp")).unwrap(), "no extension is any more");
        assert_eq!(why(path("p__b1, public, pg_temp")), None);
    }
}
