//! What somebody has put on the tables of a build and what changes its rows: no event says what that does to them.

use super::PromoteError;
use crate::ledger::{self, Build, LedgerError};
use crate::pg::Sql;

/// What acts on the rows of those builds that are ready or live and is not theirs, a sentence each: triggers, rules, defaults.
/// Nothing is found by whoever may not see the ledger, or in one of an older regrow, which did not write down what
/// builds are made of.
///
/// # Errors
/// The server refuses.
pub fn acting(sql: &mut impl Sql, builds: &[&Build]) -> Result<Vec<String>, PromoteError> {
    if !ledger::knows_objects(sql)? {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = builds.iter().map(|build| build.id.0).collect();
    let statement = ledger::ours(sql, include_str!("acting.sql"));
    let rows = match sql.query(&statement, &[&ids]) {
        Err(error) if error.is_denied() => Vec::new(),
        rows => rows.map_err(LedgerError::from)?,
    };
    let told = rows.iter().map(|row| {
        let (build, object): (String, String) = (row.get("schema_name"), row.get("object"));
        format!(
            "regrow did not make the {object}, which may change rows of {build} as no event does"
        )
    });
    Ok(told.collect())
}
