//! Where Alembic left a database: its version table, read so that a team can move.
//!
//! Alembic's revisions have ids of letters and digits, ours have numbers. What stands for what is for
//! people to say: the head of a revision names the id at which the database has what the revision and
//! those before it make (`-- alembic: ae1027a6acf`). Nothing is written into Alembic's table.

use super::MigrateError;
use crate::context::Context;
use crate::pg::{Session, Sql};
use crate::revision::Revision;
use crate::revision::target::{Point, Target};

/// The name of Alembic's table, unless its `env.py` gives another.
const TABLE: &str = "alembic_version";

/// The revisions that stand for those the database is at by Alembic's table: the one that is named,
/// or the only one there is.
///
/// # Errors
/// There is no such table or more than one, it has no row, or an id that no revision names.
pub fn targets(context: &Context, table: Option<&str>) -> Result<Vec<Target>, MigrateError> {
    let lineage = context.project.event_store_lineage()?;
    let mut session = context.open_as_owner("stamp")?;
    let table = found(&mut session, table)?;
    let rows = session.query(&format!("SELECT version_num::text FROM {table} ORDER BY 1"), &[])?;
    let ids: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let stands_for =
        |id: &String| lineage.revisions.iter().find(|r| r.alembic.as_ref() == Some(id)).cloned();
    let known: Vec<Revision> = ids.iter().filter_map(stands_for).collect();
    if ids.is_empty() || known.len() < ids.len() {
        let ids = ids.into_iter().filter(|id| stands_for(id).is_none()).collect();
        return Err(MigrateError::AlembicUnmatched { table, ids });
    }
    let target = |revision: Revision| Target {
        lineage: None,
        branch: None,
        point: Point::Named(revision.version.to_string()),
    };
    Ok(known.into_iter().map(target).collect())
}

/// The table's name, as one would write it in SQL.
fn found(session: &mut Session, table: Option<&str>) -> Result<String, MigrateError> {
    let rows = match table {
        // Typed as one would write it in SQL.
        Some(name) => session.query(
            "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.oid = pg_catalog.to_regclass(CASE WHEN $1 LIKE '%.%' THEN $1 ELSE 'public.' || $1 END)",
            &[&name],
        )?,
        None => session.query(
            "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relname = $1 AND c.relkind IN ('r', 'p') ORDER BY 1",
            &[&TABLE],
        )?,
    };
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    match tables.as_slice() {
        [table] => Ok(table.clone()),
        _ => Err(MigrateError::AlembicMissing {
            wanted: table.unwrap_or(TABLE).to_owned(),
            server: session.server().to_owned(),
            found: tables,
        }),
    }
}
