//! Types that the builds of a projection share, and what tells whether two are the same.
//!
//! A view's column cannot change its type, and whatever depends on the view depends on the type. So a
//! type that readers see lies in a schema of its own, where builds come and go without it. The schema's
//! name ends with a part made of what the type is; a build finds its types by its search path,
//! which its function keeps (`search_path`).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::footprint::{self, Object};
use super::{Param, PgError, Sql, history};
use crate::ident::Ident;

/// What the name of a schema with a shared type ends with, as PostgreSQL reads it.
pub const SCHEMA_PATTERN: &str = "__type_[0-9a-f]{8}$";
/// What stands between a projection's name and the part made of the content.
const MARK: &str = "__type_";

/// A type that stands by itself in a schema: an enum, a domain or a composite type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Its object id.
    pub oid: u32,
    /// Its name.
    pub name: Ident,
    /// The same with its schema, as PostgreSQL prints it.
    pub printed: String,
    /// The same without.
    pub bare: String,
    /// All that makes it what it is, as one text, but for its name.
    pub content: String,
    /// The types of the schema that it is made of.
    pub made_of: Vec<u32>,
    /// Whether a table of the schema has a column of it, or of arrays of it.
    pub is_shown: bool,
    /// What it leans on in the schema that is no such type: where it goes, that would have to go.
    pub leans_on: Option<String>,
}

/// Where a type may lie that builds share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The type's name.
    pub name: Ident,
    /// The schema, which has nothing else.
    pub schema: Ident,
    /// Both, as PostgreSQL prints them.
    pub printed: String,
    /// What it is made of, with the names of shared types for those that it is made of.
    pub content: String,
}

/// What becomes of the types of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Those that are there already, as they should be.
    pub found: Vec<Shared>,
    /// Those that are not, by their object ids.
    pub new: Vec<(u32, Shared)>,
    /// Those that a build has for itself although readers see them, and why.
    pub stay: Vec<(Ident, String)>,
    /// What PostgreSQL prints for a type of the build, and for the shared one.
    names: BTreeMap<String, String>,
}

/// The types of a schema by their object ids, in the order they were made in.
///
/// # Errors
/// The server refuses.
pub fn of(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Own>, PgError> {
    let params: [&(dyn Param + Sync); 3] =
        [&schema.as_str(), &history::TABLE, &history::OWN_PREFIX];
    let row = sql.query_opt(include_str!("types.sql"), &params)?;
    let Some(facts) = row.and_then(|row| row.get::<_, Option<String>>(0)) else {
        return Ok(Vec::new());
    };
    let facts: Vec<Fact> = serde_json::from_str(&facts)
        .unwrap_or_else(|e| unreachable!("types.sql and the value name the same fields: {e}"));
    Ok(facts.into_iter().map(Own::from).collect())
}

/// A type as `types.sql` tells of it.
#[derive(serde::Deserialize)]
struct Fact {
    oid: u32,
    name: String,
    printed: String,
    bare: String,
    content: String,
    made_of: Vec<u32>,
    is_shown: bool,
    leans_on: Option<String>,
}

impl From<Fact> for Own {
    fn from(fact: Fact) -> Own {
        let Fact { oid, name, printed, bare, content, made_of, is_shown, leans_on } = fact;
        let name =
            Ident::new(name).unwrap_or_else(|e| unreachable!("the catalog holds valid names: {e}"));
        Own { oid, name, printed, bare, content, made_of, is_shown, leans_on }
    }
}

/// The shared type of a schema that was made for one; nothing if there is none, or something else.
///
/// # Errors
/// The server refuses.
pub fn shared(sql: &mut impl Sql, schema: &Ident) -> Result<Option<Shared>, PgError> {
    let found = of(sql, schema)?;
    let [Own { name, printed, content, .. }] = found.as_slice() else { return Ok(None) };
    let (name, printed, content) = (name.clone(), printed.clone(), content.clone());
    Ok(Some(Shared { name, schema: schema.clone(), printed, content }))
}

/// A shared type and its constraints, which others can add to.
///
/// # Errors
/// The server refuses.
pub fn parts(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Object>, PgError> {
    let taken = footprint::of_schema(sql, schema)?.into_iter();
    let objects = taken.filter(|taken| taken.is_inside).map(|taken| taken.object);
    let kinds = ["type", "composite type", "domain constraint"];
    Ok(objects.filter(|object| kinds.contains(&object.kind.as_str())).collect())
}

/// The schemas whose names say that they were made for shared types, whoever made them.
///
/// # Errors
/// The server refuses.
pub fn schemas(sql: &mut impl Sql) -> Result<BTreeSet<Ident>, PgError> {
    let named = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname ~ $1";
    let rows = sql.query(named, &[&SCHEMA_PATTERN])?;
    Ok(rows.iter().filter_map(|row| Ident::new(row.get::<_, String>(0)).ok()).collect())
}

/// Whether a schema was made for a shared type, by its name.
#[must_use]
pub fn is_for_a_type(schema: &str) -> bool {
    let digits = schema.rsplit_once(MARK).map_or("", |(_, digits)| digits);
    digits.len() == 8 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of a schema for a type of a projection. `turn` is for names that are taken.
#[must_use]
pub fn schema_for(projection: &str, name: &Ident, content: &str, turn: u32) -> Ident {
    let mut hasher = Sha256::new();
    hasher.update(format!("{turn}\n{name}\n{content}"));
    let digest: String = hasher.finalize().iter().take(4).map(|b| format!("{b:02x}")).collect();
    Ident::new(format!("{projection}{MARK}{digest}"))
        .unwrap_or_else(|e| unreachable!("a projection's name leaves room for more: {e}"))
}

impl Plan {
    /// What becomes of the types `own` of a schema. `there` are the shared types of the projection, and
    /// `is_taken` says whether a schema is there that is none of theirs.
    #[must_use]
    pub fn of(
        projection: &str,
        own: &[Own],
        there: &[Shared],
        is_taken: &dyn Fn(&Ident) -> bool,
    ) -> Plan {
        let mut plan = Plan::default();
        let by_oid: BTreeMap<u32, &Own> = own.iter().map(|t| (t.oid, t)).collect();
        // What readers see, and what that is made of.
        let mut wanted: BTreeSet<u32> = BTreeSet::new();
        let mut left: Vec<u32> = own.iter().filter(|t| t.is_shown).map(|t| t.oid).collect();
        while let Some(oid) = left.pop() {
            if let Some(ty) = by_oid.get(&oid)
                && wanted.insert(oid)
            {
                left.extend(&ty.made_of);
            }
        }
        // Those first that others are made of. None is made of itself.
        let mut placed: BTreeMap<u32, Result<Shared, String>> = BTreeMap::new();
        while placed.len() < wanted.len() {
            let ready = wanted.iter().find(|oid| {
                !placed.contains_key(oid)
                    && by_oid[oid].made_of.iter().all(|part| placed.contains_key(part))
            });
            let Some(oid) = ready else { break };
            let ty = by_oid[oid];
            let stays = ty.leans_on.clone().or_else(|| {
                let part = ty.made_of.iter().find(|part| placed[part].is_err())?;
                Some(format!("type {}", by_oid[part].name.quoted()))
            });
            let place = match stays {
                Some(why) => Err(why),
                None => {
                    let mut content = ty.content.clone();
                    for part in &ty.made_of {
                        if let Ok(shared) = &placed[part] {
                            content = content.replace(&by_oid[part].printed, &shared.printed);
                        }
                    }
                    let is_it = |s: &&Shared| s.name == ty.name && s.content == content;
                    Ok(match there.iter().find(is_it) {
                        Some(found) => {
                            plan.found.push(found.clone());
                            found.clone()
                        }
                        None => {
                            let schema =
                                free_schema(projection, &ty.name, &content, there, is_taken);
                            let printed = format!("{}.{}", as_printed(&schema), ty.bare);
                            let name = ty.name.clone();
                            let shared = Shared { name, schema, printed, content };
                            plan.new.push((ty.oid, shared.clone()));
                            shared
                        }
                    })
                }
            };
            match &place {
                Ok(shared) => {
                    plan.names.insert(ty.printed.clone(), shared.printed.clone());
                }
                Err(why) => plan.stay.push((ty.name.clone(), why.clone())),
            }
            placed.insert(*oid, place);
        }
        plan
    }

    /// What PostgreSQL prints for a type that is shared, by what it prints for the schema's own: of the
    /// type itself, of arrays of it, with modifiers or without.
    #[must_use]
    pub fn renamed(&self, printed: &str) -> Option<String> {
        let ends = printed.find(['[', '(']).unwrap_or(printed.len());
        let shared = self.names.get(&printed[..ends])?;
        Some(format!("{shared}{}", &printed[ends..]))
    }

    /// Where the types of a build are.
    pub fn shared(&self) -> impl Iterator<Item = &Shared> {
        self.found.iter().chain(self.new.iter().map(|(_, shared)| shared))
    }
}

fn free_schema(
    projection: &str,
    name: &Ident,
    content: &str,
    there: &[Shared],
    is_taken: &dyn Fn(&Ident) -> bool,
) -> Ident {
    let is_free =
        |schema: &Ident| !is_taken(schema) && !there.iter().any(|other| other.schema == *schema);
    let names = (0..).map(|turn| schema_for(projection, name, content, turn));
    let mut free = names.filter(is_free);
    free.next().unwrap_or_else(|| unreachable!("not every name is taken"))
}

/// A schema's name as PostgreSQL prints it. None of ours is one of its words.
fn as_printed(schema: &Ident) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let name = schema.as_str();
    match name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        true => name.to_owned(),
        false => schema.quoted(),
    }
}

/// The schema of a shared type, out of what PostgreSQL prints for it; nothing if it is none.
#[must_use]
pub fn split(printed: &str) -> Option<(&str, &str)> {
    let (schema, name) = match printed.strip_prefix('"') {
        Some(rest) => rest.split_once("\".")?,
        None => printed.split_once('.')?,
    };
    is_for_a_type(schema).then_some((schema, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(oid: u32, name: &str, content: &str, made_of: &[u32]) -> Own {
        Own {
            oid,
            name: Ident::new(name).unwrap(),
            printed: format!("p__b1.{name}"),
            bare: name.into(),
            content: content.into(),
            made_of: made_of.to_vec(),
            is_shown: true,
            leans_on: None,
        }
    }

    fn plan(types: &[Own], there: &[Shared]) -> Plan {
        Plan::of("p", types, there, &|_| false)
    }

    fn made(plan: &Plan) -> Vec<Shared> {
        plan.new.iter().map(|(_, shared)| shared.clone()).collect()
    }

    #[test]
    fn the_same_content_is_found_and_another_is_new() {
        let status = own(1, "status", "enum 'a', 'b'", &[]);
        // Made later than what is made of it, as ALTER TYPE ... ADD ATTRIBUTE can do.
        let pair = own(7, "pair", "composite s p__b1.status, n p__b1.money[]", &[1, 9]);
        let money = own(9, "money", "domain numeric", &[]);
        let first = plan(&[status.clone(), pair.clone(), money.clone()], &[]);
        let there = made(&first);
        assert_eq!(there.len(), 3);
        assert!(there.iter().all(|s| is_for_a_type(s.schema.as_str())), "{there:?}");
        let again = plan(&[status.clone(), pair.clone(), money.clone()], &there);
        assert!(again.new.is_empty() && again.found.len() == 3, "{again:?}");
        // With one of its parts a type is another one, too.
        let longer = own(1, "status", "enum 'a', 'b', 'c'", &[]);
        let changed = plan(&[longer, pair.clone(), money.clone()], &there);
        let new: Vec<String> = made(&changed).iter().map(|s| s.name.to_string()).collect();
        assert_eq!((new, changed.found.len()), (vec!["status".to_owned(), "pair".to_owned()], 1));
        assert!(made(&changed).iter().all(|s| !there.iter().any(|t| t.schema == s.schema)));
        // Another name is another type, whatever it is made of.
        assert_eq!(plan(&[own(1, "state", "enum 'a', 'b'", &[])], &there).new.len(), 1);
    }

    #[test]
    fn what_leans_on_the_build_stays_with_all_that_is_made_of_it() {
        let mut money = own(1, "money", "domain numeric CHECK (p__b1.ok(VALUE))", &[]);
        money.leans_on = Some("function p__b1.ok(numeric)".into());
        let pair = own(2, "pair", "composite m p__b1.money", &[1]);
        let mut unseen = own(3, "unseen", "enum 'x'", &[]);
        unseen.is_shown = false;
        let found = plan(&[money, pair, unseen], &[]);
        assert!(found.new.is_empty());
        let why: Vec<&str> = found.stay.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(why, ["function p__b1.ok(numeric)", "type \"money\""]);
    }

    #[test]
    fn a_name_that_is_taken_is_left_alone() {
        let status = own(1, "status", "enum 'a'", &[]);
        let first = made(&plan(std::slice::from_ref(&status), &[]));
        let taken = first[0].schema.clone();
        let second = made(&Plan::of("p", &[status], &[], &|schema| *schema == taken));
        assert_ne!(second[0].schema, taken);
    }

    #[test]
    fn a_printed_name_is_taken_apart() {
        assert_eq!(split("p__type_0a1b2c3d.status"), Some(("p__type_0a1b2c3d", "status")));
        assert_eq!(split("\"My p__type_0a1b2c3d\".x[]"), Some(("My p__type_0a1b2c3d", "x[]")));
        assert_eq!((split("p__b1.status"), split("numeric(12,2)")), (None, None));
        assert_eq!(as_printed(&Ident::new("My p").unwrap()), "\"My p\"");
    }
}
