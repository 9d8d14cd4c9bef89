//! The views readers see, and the script that points them at another build.
//!
//! A view is replaced where its columns allow it: grants, comments and whatever depends on
//! it stay. PostgreSQL lets REPLACE add columns at the end only, so the order readers
//! know is kept. Where a column is gone or has another type the view is made anew with
//! its owner's grants, which is refused while something depends on it.

use super::PromoteError;
use crate::ident::Ident;
use crate::ledger::{self, Build};
use crate::pg::catalog::{self, Column, Relation};
use crate::pg::{PgError, Sql, Transaction, owner};

/// The script of a switch, in the order the views' locks are taken.
#[derive(Debug, Clone)]
pub(super) struct Swap {
    statements: Vec<String>,
}

/// What is known about a view that is there already.
struct Known {
    relation: Relation,
    /// `WITH (...)`, which REPLACE silently clears when it is not written again.
    options: String,
    /// GRANTs and the comment, to be run again after a DROP.
    belongings: Vec<String>,
}

impl Swap {
    /// Plans the switch of a projection's views to a build.
    ///
    /// # Errors
    /// A name is taken by something else, or something depends on a view that must be made anew.
    pub(super) fn plan(
        session: &mut impl Sql,
        build: &Build,
        publish: &Ident,
    ) -> Result<Swap, PromoteError> {
        let tables = catalog::tables(session, &build.schema)?;
        let published = ledger::published(session, &build.projection)?;
        let mut statements = Vec::new();
        for table in &tables {
            let view = publish.dot(&table.name);
            let body = |columns: &[&Column], options: &str| {
                let list: Vec<String> = columns.iter().map(|c| c.name.quoted()).collect();
                format!(
                    "VIEW {view}{options} AS SELECT {} FROM {}",
                    list.join(", "),
                    build.schema.dot(&table.name)
                )
            };
            match known(session, publish, &table.name, &build.projection)? {
                None => {
                    let columns: Vec<&Column> = table.columns.iter().collect();
                    statements.push(format!("CREATE {}", body(&columns, "")));
                }
                Some(known) => match in_known_order(&known.relation, table) {
                    Some(columns) => {
                        statements
                            .push(format!("CREATE OR REPLACE {}", body(&columns, &known.options)));
                    }
                    None => {
                        refuse_dependents(session, publish, &table.name)?;
                        let columns: Vec<&Column> = table.columns.iter().collect();
                        statements.push(format!("DROP VIEW {view}"));
                        statements.push(format!("CREATE {}", body(&columns, &known.options)));
                        statements.extend(known.belongings);
                    }
                },
            }
        }
        for (schema, name) in published {
            let gone = schema != *publish || !tables.iter().any(|t| t.name == name);
            if gone {
                statements.extend(drop_published(session, &schema, &name)?);
            }
        }
        Ok(Swap { statements })
    }

    /// The script: the views in the order of their names, then the states. A build that readers are shown
    /// as it stands keeps the reason why it is not followed.
    #[must_use]
    pub(super) fn script(
        &self,
        sql: &impl Sql,
        to: &Build,
        live: Option<&Build>,
        is_stale: bool,
    ) -> String {
        let moved = ledger::ours(sql, "UPDATE regrow.build SET state");
        let mut script = self.statements.join(";\n");
        if let Some(live) = live {
            script.push_str(&format!(";\n{moved} = 'retired' WHERE id = {}", live.id.0));
        }
        let cleared = if is_stale { "" } else { ", failure = NULL, trouble = NULL" };
        script.push_str(&format!(";\n{moved} = 'live'{cleared} WHERE id = {}", to.id.0));
        script
    }
}

/// Points the views of a live build at its tables as they are now, in the caller's transaction,
/// and claims the names of new ones.
///
/// # Errors
/// As a promote: a name is somebody else's, or something depends on a view that must be made anew.
pub fn republish(
    transaction: &mut Transaction<'_>,
    build: &Build,
    publish: &Ident,
) -> Result<(), PromoteError> {
    let tables = catalog::tables(transaction, &build.schema)?;
    let names: Vec<Ident> = tables.into_iter().map(|t| t.name).collect();
    ledger::publish(transaction, &build.projection, publish, &names)?;
    owner::is_ours(transaction, publish)?;
    let swap = Swap::plan(transaction, build, publish)?;
    Ok(transaction.run(&swap.statements.join(";\n"))?)
}

/// The new table's columns in the order the view has them, new ones last; `None` where
/// the view has a column the table has not, or has with another type.
fn in_known_order<'t>(view: &Relation, table: &'t Relation) -> Option<Vec<&'t Column>> {
    let mut columns = Vec::with_capacity(table.columns.len());
    for known in &view.columns {
        let same = |c: &&Column| c.name == known.name && c.sql_type == known.sql_type;
        columns.push(table.columns.iter().find(same)?);
    }
    let new = |c: &&Column| !view.columns.iter().any(|known| known.name == c.name);
    columns.extend(table.columns.iter().filter(new));
    Some(columns)
}

fn known(
    session: &mut impl Sql,
    publish: &Ident,
    name: &Ident,
    projection: &str,
) -> Result<Option<Known>, PromoteError> {
    let row = session.query_opt(include_str!("view.sql"), &[&publish.as_str(), &name.as_str()])?;
    let Some(row) = row else { return Ok(None) };
    let (is_view, options): (bool, Option<String>) = (row.get(0), row.get(1));
    let belongings: Vec<String> = row.get(2);
    let relation = catalog::views(session, publish)?.into_iter().find(|v| v.name == *name);
    match relation {
        Some(relation) if is_view => Ok(Some(Known {
            relation,
            options: options.map_or_else(String::new, |o| format!(" WITH ({o})")),
            belongings,
        })),
        _ => Err(PromoteError::Foreign {
            view: publish.dot(name),
            projection: projection.to_owned(),
        }),
    }
}

fn refuse_dependents(
    session: &mut impl Sql,
    schema: &Ident,
    name: &Ident,
) -> Result<(), PromoteError> {
    let dependents = catalog::view_dependents(session, schema, name)?;
    if dependents.is_empty() {
        return Ok(());
    }
    Err(PromoteError::Dependents { view: schema.dot(name), dependents })
}

/// Drops a view whose table the new build does not have. The name stays the projection's:
/// a rollback brings it back.
fn drop_published(
    session: &mut impl Sql,
    schema: &Ident,
    name: &Ident,
) -> Result<Option<String>, PromoteError> {
    if !catalog::views(session, schema)?.iter().any(|v| v.name == *name) {
        return Ok(None);
    }
    refuse_dependents(session, schema, name)?;
    Ok(Some(format!("DROP VIEW {}", schema.dot(name))))
}

/// Who holds locks on the views of a schema, one line each.
///
/// # Errors
/// The server refuses.
pub(super) fn blockers(session: &mut impl Sql, publish: &Ident) -> Result<Vec<String>, PgError> {
    let rows = session.query(include_str!("blockers.sql"), &[&publish.as_str()])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
