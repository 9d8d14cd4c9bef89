//! Extensions in a projection's lineage: each build has a schema of its own, and a database has an
//! extension once.
//!
//! One that a revision puts into the build's schema is missing in the next build, and goes with the first.

use super::MigrateError;
use crate::ddl;
use crate::ident::Ident;
use crate::pg::{PgError, Sql};
use crate::revision::Revision;
use crate::source::Place;

/// Refuses extensions that lie in a schema in which all revisions of a projection ran just now.
///
/// # Errors
/// There is one, or the server refuses.
pub(crate) fn none_inside(
    sql: &mut impl Sql,
    schema: &Ident,
    revisions: &[Revision],
) -> Result<(), MigrateError> {
    let inside = inside(sql, schema)?;
    inside.first().map_or(Ok(()), |name| Err(refused(name, revisions)))
}

/// The same for a revision that ran on a build that was there: an extension that an earlier version of
/// regrow let into it is not this one's fault.
///
/// # Errors
/// It makes one, or the server refuses.
pub(crate) fn none_put_inside(
    sql: &mut impl Sql,
    schema: &Ident,
    revision: &Revision,
) -> Result<(), MigrateError> {
    let inside = inside(sql, schema)?;
    let made = inside.iter().find(|name| ddl::makes_extension(&revision.up, name));
    made.map_or(Ok(()), |name| Err(refused(name, std::slice::from_ref(revision))))
}

/// The extensions of a schema.
pub(crate) fn inside(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<String>, PgError> {
    let names = "SELECT e.extname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
                 WHERE n.nspname = $1::text::name ORDER BY 1";
    Ok(sql.query(names, &[&schema.as_str()])?.iter().map(|row| row.get(0)).collect())
}

/// The refusal of an extension, with the statement that makes it.
pub(crate) fn refused(name: &str, revisions: &[Revision]) -> MigrateError {
    let made = |r: &Revision| Some(r.up.place(ddl::extension_made(&r.up, name)?));
    let last = revisions.last().map(|r| r.up.place(0));
    let nowhere = || Place { file: "schema".to_owned(), line: 1, column: 1 };
    MigrateError::Script {
        place: revisions.iter().find_map(made).or(last).unwrap_or_else(nowhere),
        reason: format!(
            "the extension {name} would lie in the build's schema: a database has it once, so the next build would \
             lack it, and dropping this one would take it from whoever uses it"
        ),
        hint: format!(
            "make it once, outside of builds, by a revision of the event store or by hand: \
             CREATE SCHEMA extensions; CREATE EXTENSION {name} SCHEMA extensions; then take it out of this file, and \
             write extensions. before its types"
        ),
    }
}
