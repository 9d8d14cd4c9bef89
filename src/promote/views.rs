//! The views readers see, and the script that points them at another build.
//!
//! A view is replaced where its columns allow it: grants, comments and whatever depends on
//! it stay. PostgreSQL lets REPLACE add columns at the end only, so the order readers
//! know is kept. Where a column is gone or has another type the view is made anew with all that
//! belongs to it (`belongings`), which is refused while something depends on it or some of it could not be
//! kept. What belongs to a view or a column that the new build does not have is kept in the ledger, for a
//! build that has it: a rollback gives readers their rights again.

use super::belongings::{Belonging, Belongings};
use super::own_views::{changed_view, is_live_still, live_of, own_views};
use super::{PromoteError, together};
use crate::ident::{Ident, quote_literal};
use crate::ledger::{self, Build};
use crate::pg::catalog::{self, Column, Relation};
use crate::pg::{PgError, Sql, Transaction, footprint, owner, types};

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
}

/// Whose views are pointed where.
#[derive(Clone, Copy)]
struct Aim<'a> {
    projection: &'a str,
    publish: &'a Ident,
    /// Where the tables are.
    schema: &'a Ident,
    /// The build whose tables the views show now, unless they are known to be ours.
    live: Option<&'a Build>,
    /// Whether nobody has to look whose the views are.
    is_known: bool,
}

impl Swap {
    /// Plans the switch of a projection's views to a build.
    ///
    /// # Errors
    /// A name is taken by something else, something depends on a view that must be made anew, or
    /// something that belongs to it could not be kept.
    pub(super) fn plan(
        session: &mut impl Sql,
        build: &Build,
        publish: &Ident,
    ) -> Result<Swap, PromoteError> {
        let tables = catalog::tables(session, &build.schema)?;
        let live = live_of(session, &build.projection)?;
        let aim = Aim {
            projection: &build.projection,
            publish,
            schema: &build.schema,
            live: live.as_ref(),
            is_known: live.as_ref().is_some_and(|live| live.id == build.id),
        };
        let (mut statements, mut errors) = (Vec::new(), Vec::new());
        for planned in plans(session, aim, &tables)? {
            match planned {
                Ok(planned) => statements.extend(planned),
                Err(error) => errors.push(error),
            }
        }
        match together(errors) {
            Some(error) => Err(error),
            None => Ok(Swap { statements }),
        }
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

/// What is in the way of showing readers these tables in place of what a projection shows them. They
/// need not be of a build yet.
///
/// # Errors
/// The server refuses.
pub(super) fn obstacles(
    sql: &mut impl Sql,
    (projection, publish): (&str, &Ident),
    (schema, tables): (&Ident, &[Relation]),
) -> Result<Vec<PromoteError>, PromoteError> {
    let live = live_of(sql, projection)?;
    let aim = Aim { projection, publish, schema, live: live.as_ref(), is_known: false };
    Ok(plans(sql, aim, tables)?.into_iter().filter_map(Result::err).collect())
}

impl Aim<'_> {
    /// Refuses to replace or drop a view that is not what we made.
    fn may_replace(self, own: &[String], schema: &Ident, name: &Ident) -> Result<(), PromoteError> {
        let view = schema.dot(name);
        match self.live {
            _ if self.is_known || own.contains(&view) => Ok(()),
            Some(live) => Err(changed_view(schema, name, live)),
            None => Err(PromoteError::Foreign { view, projection: self.projection.to_owned() }),
        }
    }
}

type Planned = Result<Vec<String>, PromoteError>;

/// The statements of each view, or why it cannot be had.
fn plans(
    sql: &mut impl Sql,
    aim: Aim<'_>,
    tables: &[Relation],
) -> Result<Vec<Planned>, PromoteError> {
    let published = ledger::published(sql, aim.projection)?;
    let mut plans = Vec::new();
    let mut schemas: Vec<&Ident> = published.iter().map(|(schema, _)| schema).collect();
    schemas.push(aim.publish);
    schemas.sort_unstable();
    schemas.dedup();
    let mut own = Vec::new();
    if let Some(live) = aim.live {
        for schema in schemas {
            own.extend(own_views(sql, schema, live)?.into_iter().map(|view| schema.dot(&view)));
        }
    }
    let own = &own[..];
    for table in tables {
        plans.push(judged(of_table(sql, aim, own, table))?);
    }
    for (schema, name) in published {
        if schema != *aim.publish || !tables.iter().any(|t| t.name == name) {
            plans.push(judged(drop_published(sql, aim, own, (&schema, &name)))?);
        }
    }
    let is_changed = |plan: &Planned| matches!(plan, Err(PromoteError::Changed { .. }));
    if let Some(live) = aim.live
        && plans.iter().any(is_changed)
        && !is_live_still(sql, live)?
    {
        // Between two looks another run has shown readers another build.
        let live = live_of(sql, aim.projection)?;
        let is_known = live.as_ref().is_some_and(|live| live.schema == *aim.schema);
        return self::plans(sql, Aim { live: live.as_ref(), is_known, ..aim }, tables);
    }
    Ok(plans)
}

/// Sets what is in the way apart from a server that does not answer.
fn judged(planned: Planned) -> Result<Planned, PromoteError> {
    match planned {
        Err(
            error @ (PromoteError::Dependents { .. }
            | PromoteError::NotKept { .. }
            | PromoteError::Changed { .. }
            | PromoteError::Foreign { .. }),
        ) => Ok(Err(error)),
        Err(error) => Err(error),
        planned => Ok(planned),
    }
}

/// Makes a table's view, replaces it or makes it anew.
fn of_table(sql: &mut impl Sql, aim: Aim<'_>, own: &[String], table: &Relation) -> Planned {
    let (publish, view) = (aim.publish, aim.publish.dot(&table.name));
    let body = |columns: &[&Column], options: &str| {
        let list: Vec<String> = columns.iter().map(|c| c.name.quoted()).collect();
        let from = aim.schema.dot(&table.name);
        format!("VIEW {view}{options} AS SELECT {} FROM {from}", list.join(", "))
    };
    let all: Vec<&Column> = table.columns.iter().collect();
    let kept = ledger::kept(sql, publish, &table.name)?;
    let mut kept: Vec<Belonging> = match &kept {
        Some(text) => serde_json::from_str(text).map_err(|_| ledger::LedgerError::Unreadable {
            what: format!("what belongs to {view}"),
        })?,
        None => Vec::new(),
    };
    let were_kept = kept.len();
    let mut statements = Vec::new();
    let known = known(sql, publish, &table.name, aim.projection)?;
    if known.is_some() {
        aim.may_replace(own, publish, &table.name)?;
    }
    match known {
        None => statements.push(format!("CREATE {}", body(&all, ""))),
        Some(known) => match in_known_order(&known.relation, table, aim.schema) {
            Ok(columns) => {
                statements.push(format!("CREATE OR REPLACE {}", body(&columns, &known.options)));
            }
            Err(why) => {
                refuse_dependents(sql, publish, &table.name, &why)?;
                let belongings = Belongings::of(sql, publish, &table.name)?;
                let lost = belongings.lost_over(table);
                if !lost.is_empty() {
                    return Err(PromoteError::NotKept { view, why, lost });
                }
                statements.push(format!("DROP VIEW {view}"));
                statements.push(format!("CREATE {}", body(&all, &known.options)));
                statements.extend(belongings.rights);
                kept.extend(belongings.others);
            }
        },
    }
    let (now, later): (Vec<Belonging>, Vec<Belonging>) =
        kept.into_iter().partition(|belonging| belonging.fits(table));
    statements.extend(now.into_iter().map(|belonging| belonging.sql));
    if were_kept > 0 || !later.is_empty() {
        statements.push(keep(sql, (publish, &table.name), &later)?);
    }
    Ok(statements)
}

/// The statement that keeps what belongs to a view, or to columns that it does not have now.
fn keep(
    sql: &impl Sql,
    (schema, view): (&Ident, &Ident),
    later: &[Belonging],
) -> Result<String, PromoteError> {
    let text = match later {
        [] => "NULL".to_owned(),
        later => quote_literal(
            &serde_json::to_string(later)
                .map_err(|e| ledger::LedgerError::Unreadable { what: e.to_string() })?,
        ),
    };
    Ok(format!(
        "{} SET kept = {text} WHERE schema_name = {}::pg_catalog.name \
         AND view_name = {}::pg_catalog.name",
        ledger::ours(sql, "UPDATE regrow.publication"),
        quote_literal(schema.as_str()),
        quote_literal(view.as_str())
    ))
}

/// The new table's columns in the order the view has them, new ones last; or why the view must be made
/// anew: it has a column that the table has not, or has with another type.
fn in_known_order<'t>(
    view: &Relation,
    table: &'t Relation,
    schema: &Ident,
) -> Result<Vec<&'t Column>, String> {
    let mut columns = Vec::with_capacity(table.columns.len());
    for known in &view.columns {
        let Some(column) = table.columns.iter().find(|c| c.name == known.name) else {
            return Err(format!("its column {} is gone", known.name));
        };
        if column.sql_type != known.sql_type {
            let (was, is) = (&known.sql_type, &column.sql_type);
            let is_own = [schema.as_str(), &schema.quoted()]
                .iter()
                .any(|s| is.starts_with(&format!("{s}.")));
            let of_both = types::split(was).zip(types::split(is));
            return Err(match (of_both, is_own) {
                (Some(((_, before), (_, now))), _) if before == now => {
                    format!("the type {now} of its column {} is another one now", known.name)
                }
                (_, true) => {
                    format!("its column {} has a type that each build makes for itself", known.name)
                }
                (_, false) => format!("its column {} has the type {is} and had {was}", known.name),
            });
        }
        columns.push(column);
    }
    let new = |c: &&Column| !view.columns.iter().any(|known| known.name == c.name);
    columns.extend(table.columns.iter().filter(new));
    Ok(columns)
}

fn known(
    session: &mut impl Sql,
    publish: &Ident,
    name: &Ident,
    projection: &str,
) -> Result<Option<Known>, PromoteError> {
    let row = session.query_opt(include_str!("view.sql"), &[&publish.as_str(), &name.as_str()])?;
    let Some(row) = row else { return Ok(None) };
    let (is_view, options): (bool, Option<String>) = (row.get("is_view"), row.get("options"));
    let relation = catalog::views(session, publish)?.into_iter().find(|v| v.name == *name);
    match relation {
        Some(relation) if is_view => Ok(Some(Known {
            relation,
            options: options.map_or_else(String::new, |o| format!(" WITH ({o})")),
        })),
        _ => Err(PromoteError::Foreign {
            view: publish.dot(name),
            projection: projection.to_owned(),
        }),
    }
}

/// Whatever goes with a view and does not belong to it is others'.
fn refuse_dependents(
    session: &mut impl Sql,
    schema: &Ident,
    name: &Ident,
    why: &str,
) -> Result<(), PromoteError> {
    let mut dependents = footprint::of_relation(session, schema, name)?;
    dependents.retain(|dependent| !dependent.is_part_of(schema, name));
    if dependents.is_empty() {
        return Ok(());
    }
    Err(PromoteError::Dependents { view: schema.dot(name), why: why.to_owned(), dependents })
}

/// Drops a view whose table the new build does not have. The name stays the projection's, and so does all
/// that belonged to the view: a rollback brings it back.
fn drop_published(
    session: &mut impl Sql,
    aim: Aim<'_>,
    own: &[String],
    (schema, name): (&Ident, &Ident),
) -> Planned {
    let views = catalog::views(session, schema)?;
    let Some(view) = views.into_iter().find(|v| v.name == *name) else { return Ok(Vec::new()) };
    aim.may_replace(own, schema, name)?;
    let why = "its table is gone";
    refuse_dependents(session, schema, name, why)?;
    let belongings = Belongings::of(session, schema, name)?;
    let lost = belongings.lost_over(&view);
    if !lost.is_empty() {
        return Err(PromoteError::NotKept { view: schema.dot(name), why: why.into(), lost });
    }
    let rights = belongings.options.into_iter().chain(belongings.rights);
    let rights = rights.map(|sql| Belonging { needs: Vec::new(), sql });
    let all: Vec<Belonging> = rights.chain(belongings.others).collect();
    Ok(vec![format!("DROP VIEW {}", schema.dot(name)), keep(session, (schema, name), &all)?])
}

/// Who holds locks on the views of a schema, one line each.
///
/// # Errors
/// The server refuses.
pub(super) fn blockers(session: &mut impl Sql, publish: &Ident) -> Result<Vec<String>, PgError> {
    let rows = session.query(include_str!("blockers.sql"), &[&publish.as_str()])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
