//! What belongs to a view besides its query, and has to be there again after it was made anew: whose it is,
//! who may do what, defaults, triggers, rules, comments, labels.
//!
//! Rights come out exactly as they were: what default privileges give to the new view is taken back first,
//! and each right is given by the role that gave it. What cannot be kept so is said, not lost.

use std::collections::BTreeSet;

use crate::ident::{Ident, quote_literal};
use crate::pg::catalog::Relation;
use crate::pg::{PgError, Sql};

/// Something that is made again, and the columns of the view that it needs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Belonging {
    /// The columns.
    pub(super) needs: Vec<String>,
    /// The statement.
    pub(super) sql: String,
}

impl Belonging {
    /// Whether a relation has all that it needs.
    pub(super) fn fits(&self, relation: &Relation) -> bool {
        self.needs.iter().all(|name| relation.columns.iter().any(|c| c.name.as_str() == name))
    }
}

/// Everything that belongs to a view.
#[derive(Debug, Clone, Default)]
pub(super) struct Belongings {
    /// What is run after the view was made anew, whatever columns it has.
    pub(super) rights: Vec<String>,
    /// `WITH (...)`, for a view that is made by somebody who does not know it.
    pub(super) options: Option<String>,
    /// What is run if its columns are there.
    pub(super) others: Vec<Belonging>,
    /// Why some of it could not be made again.
    pub(super) lost: Vec<Lost>,
}

/// What could not be made again.
#[derive(Debug, Clone)]
pub(super) struct Lost {
    /// The columns without which it matters to nobody, or without which it cannot be.
    needs: Vec<String>,
    /// Whether it is the absence of a column that makes it impossible.
    needs_them: bool,
    /// What it is, and why.
    what: String,
}

struct Grant {
    column: Option<String>,
    grantor: String,
    is_by_owner: bool,
    grantee: String,
    privilege: String,
    is_grantable: bool,
    may_act: bool,
}

impl Belongings {
    /// Reads them.
    ///
    /// # Errors
    /// The server refuses.
    pub(super) fn of(
        sql: &mut impl Sql,
        schema: &Ident,
        view: &Ident,
    ) -> Result<Belongings, PgError> {
        // Names are to be printed with their schemas: what is printed is run under another path.
        let path: String = sql.query_one("SELECT current_setting('search_path')", &[])?.get(0);
        let set = "SELECT set_config('search_path', $1, true)";
        sql.query(set, &[&"pg_catalog, pg_temp"])?;
        let found = Belongings::read(sql, schema, view);
        if found.is_ok() {
            sql.query(set, &[&path])?;
        }
        found
    }

    fn read(sql: &mut impl Sql, schema: &Ident, view: &Ident) -> Result<Belongings, PgError> {
        let params: [&(dyn crate::pg::Param + Sync); 2] = [&schema.as_str(), &view.as_str()];
        let mut found = Belongings::default();
        let row = sql.query_one(include_str!("view.sql"), &params)?;
        let (owner, role): (String, String) = (row.get("owner"), row.get("role"));
        let has_default_rights: bool = row.get("has_default_rights");
        let name = schema.dot(view);
        let options: Option<String> = row.get("options");
        found.options = options.map(|options| format!("ALTER VIEW {name} SET ({options})"));
        if !row.get::<_, bool>("is_own") {
            found.rights.push(format!("ALTER VIEW {name} OWNER TO {owner}"));
        }
        if !row.get::<_, bool>("owner_may_create") {
            let what = format!(
                "it belongs to {owner}, who may not make views there (GRANT CREATE ON SCHEMA {} TO {owner})",
                schema.quoted()
            );
            found.lost.push(Lost { needs: Vec::new(), needs_them: false, what });
        }
        let but_owner = if has_default_rights { "AND g.grantee <> c.relowner" } else { "" };
        let none = include_str!("no_rights.sql").trim_end().replace("{but_owner}", but_owner);
        let none = none.replace("{literal}", &quote_literal(&name));
        // The name stands in a text of format().
        let in_format = name.replace('%', "%%").replace('\'', "''");
        found.rights.push(none.replace("{view}", &in_format));
        let rows = sql.query(include_str!("grants.sql"), &params)?;
        let grant = |row: &crate::pg::Row| Grant {
            column: row.get("column_name"),
            grantor: row.get("grantor"),
            is_by_owner: row.get("is_by_owner"),
            grantee: row.get("grantee"),
            privilege: row.get("privilege"),
            is_grantable: row.get("is_grantable"),
            may_act: row.get("may_act"),
        };
        found.give(&name, (&owner, &role), rows.iter().map(grant).collect());
        for row in &sql.query(include_str!("belongings.sql"), &params)? {
            let (needs, statement): (Vec<String>, String) =
                (row.get("needs"), row.get("statement"));
            if row.get("stays") && !needs.is_empty() {
                let what: String = row.get("what");
                found.lost.push(Lost { needs: needs.clone(), needs_them: true, what });
            }
            if let Some(lacking) = row.get::<_, Option<String>>("lacking") {
                let what = format!("{}: {lacking}", row.get::<_, &str>("what"));
                found.lost.push(Lost { needs: Vec::new(), needs_them: false, what });
            }
            found.others.push(Belonging { needs, sql: statement });
        }
        Ok(found)
    }

    /// The grants in an order in which everybody who gives a right has been given it.
    fn give(&mut self, view: &str, (owner, role): (&str, &str), mut grants: Vec<Grant>) {
        let mut may_give: BTreeSet<(String, String)> = BTreeSet::new();
        while !grants.is_empty() {
            let can = |g: &Grant| {
                g.is_by_owner || may_give.contains(&(g.grantor.clone(), g.privilege.clone()))
            };
            let (mut now, later): (Vec<Grant>, Vec<Grant>) = grants.into_iter().partition(can);
            grants = later;
            // A chain that begins nowhere cannot be; whatever it is, it is not left out in silence.
            if now.is_empty() {
                now = std::mem::take(&mut grants);
            }
            for grant in now {
                if grant.is_grantable {
                    may_give.insert((grant.grantee.clone(), grant.privilege.clone()));
                }
                self.give_one(view, (owner, role), &grant);
            }
        }
    }

    fn give_one(&mut self, view: &str, (owner, role): (&str, &str), grant: &Grant) {
        let Grant { column, grantor, grantee, privilege, is_grantable, .. } = grant;
        let quoted = column.as_ref().map(|name| crate::ident::quote_ident(name));
        let on = quoted.as_ref().map_or_else(String::new, |column| format!(" ({column})"));
        let option = if *is_grantable { " WITH GRANT OPTION" } else { "" };
        let mut sql = format!("GRANT {privilege}{on} ON {view} TO {grantee}{option}");
        if !grant.is_by_owner {
            sql = format!("SET LOCAL ROLE {grantor}; {sql}; SET LOCAL ROLE {role}");
        }
        let needs: Vec<String> = column.iter().cloned().collect();
        if !grant.may_act {
            let what = format!(
                "{grantor} gave {privilege}{on} to {grantee}, and {role} may not act as {grantor} \
                 (GRANT {grantor} TO {role}; or let {owner} give it)"
            );
            self.lost.push(Lost { needs: needs.clone(), needs_them: false, what });
        }
        match needs.is_empty() {
            true => self.rights.push(sql),
            false => self.others.push(Belonging { needs, sql }),
        }
    }

    /// Why a view cannot be made anew over a table without losing something.
    pub(super) fn lost_over(&self, table: &Relation) -> Vec<String> {
        let missing = |lost: &Lost| -> Vec<String> {
            let is_there =
                |name: &&String| table.columns.iter().any(|c| c.name.as_str() == name.as_str());
            lost.needs.iter().filter(|name| !is_there(name)).cloned().collect()
        };
        let told = self.lost.iter().filter_map(|lost| {
            let gone = missing(lost);
            match (lost.needs_them, gone.is_empty()) {
                (true, false) => {
                    Some(format!("{} needs {}, which is gone", lost.what, gone.join(", ")))
                }
                (false, true) => Some(lost.what.clone()),
                _ => None,
            }
        });
        told.collect()
    }
}
