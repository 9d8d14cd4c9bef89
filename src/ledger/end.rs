//! The end of a projection, and another name for one.

use super::{LedgerError, ours};
use crate::definition::Definition;
use crate::pg::Sql;

/// Forgets a projection whose builds are all dropped: its builds, the names of its views, and its definitions
/// but those that another projection shares. What happened to its builds stays in the ledger's audit.
///
/// # Errors
/// The server refuses, or a build of it is not dropped.
pub fn forget(sql: &mut impl Sql, projection: &str) -> Result<(), LedgerError> {
    for table in [
        "worker_build",
        "build_object",
        "read_range",
        "anchor",
        "finish_step",
        "parked_events",
        "skipped_events",
        "assertions",
        "checkpoint",
    ] {
        let of_builds = format!(
            "DELETE FROM regrow.{table} WHERE build_id IN \
             (SELECT id FROM regrow.build WHERE projection = $1 AND state = 'dropped')"
        );
        forget_by(sql, &of_builds, projection)?;
    }
    let builds = "DELETE FROM regrow.build WHERE projection = $1 AND state = 'dropped'";
    forget_by(sql, builds, projection)?;
    forget_by(sql, "DELETE FROM regrow.publication WHERE projection = $1", projection)?;
    let definitions = "DELETE FROM regrow.definition d WHERE d.projection = $1 \
                       AND NOT EXISTS (SELECT FROM regrow.build b WHERE b.definition_hash = d.hash)";
    forget_by(sql, definitions, projection)
}

fn forget_by(sql: &mut impl Sql, statement: &str, projection: &str) -> Result<(), LedgerError> {
    sql.execute(&ours(sql, statement), &[&projection])?;
    Ok(())
}

/// Gives a projection another name: its builds and its views are that one's from now on. Who follows a
/// build looks again before it writes. The caller has claimed both names.
///
/// # Errors
/// The server refuses, or a definition cannot be understood.
pub fn rename(sql: &mut impl Sql, old: &str, new: &str) -> Result<(), LedgerError> {
    // Nobody may begin a build under the new name meanwhile.
    let lock = ours(sql, "LOCK TABLE regrow.build IN SHARE ROW EXCLUSIVE MODE");
    sql.run(&lock)?;
    let own = "SELECT hash, body FROM regrow.definition d \
                WHERE EXISTS (SELECT FROM regrow.build b WHERE b.definition_hash = d.hash AND b.projection = $1) \
                  AND NOT EXISTS (SELECT FROM regrow.build b WHERE b.definition_hash = d.hash AND b.projection <> $1)";
    for row in &sql.query(&ours(sql, own), &[&old])? {
        let (hash, body): (String, String) = (row.get(0), row.get(1));
        let unreadable = |_| LedgerError::Unreadable { what: format!("a definition of {old}") };
        let definition = Definition::from_json(&body).map_err(unreadable)?.renamed(new);
        let set = "UPDATE regrow.definition SET projection = $2, body = $3 WHERE hash = $1";
        sql.execute(&ours(sql, set), &[&hash, &new, &definition.to_json()])?;
    }
    let builds = "UPDATE regrow.build SET projection = $2, generation = generation + 1 WHERE projection = $1";
    sql.execute(&ours(sql, builds), &[&old, &new])?;
    let views = "UPDATE regrow.publication SET projection = $2 WHERE projection = $1";
    sql.execute(&ours(sql, views), &[&old, &new])?;
    Ok(())
}

/// The views that a projection publishes, as PostgreSQL prints their names.
///
/// # Errors
/// The server refuses.
pub fn published_names(sql: &mut impl Sql, projection: &str) -> Result<Vec<String>, LedgerError> {
    let names = "SELECT format('%I.%I', schema_name, view_name) FROM regrow.publication \
                 WHERE projection = $1 ORDER BY 1";
    let rows = sql.query(&ours(sql, names), &[&projection])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
