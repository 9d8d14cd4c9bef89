//! Other ledgers of the database: projects that have theirs under another schema.
//!
//! They are looked at for one reason: readers' views have one name, whoever publishes them.

use super::LedgerError;
use crate::ident::{Ident, quote_ident};
use crate::pg::{Param, PgError, Sql};

/// Another ledger.
struct Other {
    schema: String,
    /// Whether its publications may be read.
    is_open: bool,
}

/// Refuses names of views that another ledger has published. Who claims names comes by here before
/// the commit, one after another, so of two who claim the same name at once the second sees the first.
///
/// # Errors
/// One is published there; or views of that name are there, and the other ledger may not be read.
pub(super) fn refuse(
    sql: &mut impl Sql,
    schema: &Ident,
    views: &[&Ident],
) -> Result<(), LedgerError> {
    sql.query("SELECT pg_advisory_xact_lock(hashtextextended('regrow publications', 0))", &[])?;
    for other in others(sql)? {
        for view in views {
            let name: [&(dyn Param + Sync); 2] = [&schema.as_str(), &view.as_str()];
            let owner = match other.is_open {
                true => {
                    let publications = format!(
                        "SELECT projection FROM {}.publication \
                          WHERE schema_name = $1::text::name AND view_name = $2::text::name",
                        quote_ident(&other.schema)
                    );
                    sql.query_opt(&publications, &name)?
                        .map(|row| format!("the projection {}", row.get::<_, String>(0)))
                }
                // Nobody but a ledger publishes views in a readers' schema under a name that is not ours.
                false => sql
                    .query_opt("SELECT FROM pg_views WHERE schemaname = $1::text::name AND viewname = $2::text::name", &name)?
                    .map(|_| "a projection that this role may not see".to_owned()),
            };
            if let Some(owner) = owner {
                return Err(LedgerError::PublishedElsewhere {
                    view: view.as_str().into(),
                    schema: schema.as_str().into(),
                    owner,
                    ledger: other.schema.clone(),
                });
            }
        }
    }
    Ok(())
}

fn others(sql: &mut impl Sql) -> Result<Vec<Other>, PgError> {
    let ledger = sql.ledger().as_str().to_owned();
    let rows = sql.query(include_str!("elsewhere.sql"), &[&ledger])?;
    Ok(rows.iter().map(|row| Other { schema: row.get(0), is_open: row.get(1) }).collect())
}
