//! Verify down: every way back leads back.
//!
//! In a scratch schema each revision runs up, down and up again, and the catalogs are
//! compared: after the way back it must be as before, and after the second way up as after
//! the first. Rows are not looked at: a scratch schema has none.

use crate::ident::Ident;
use crate::migrate::{self, MigrateError};
use crate::pg::{Transaction, schema};
use crate::revision::{Direction, Lineage, Revision};
use crate::schema::{Difference, Schema, differences};
use crate::scratch;
use crate::site::Site;

/// What became of one revision.
#[derive(Debug)]
pub struct Verified {
    /// The revision.
    pub stem: String,
    /// What was found.
    pub found: Found,
}

/// What a way back is worth.
#[derive(Debug)]
pub enum Found {
    /// It leads back.
    Good,
    /// There is none.
    NoDown,
    /// It does not run, or the way up does not run again behind it.
    Fails(MigrateError),
    /// It leaves something behind, or takes too much.
    Differs {
        /// `down` or `up again`.
        after: &'static str,
        /// What is not the same.
        differences: Vec<Difference>,
    },
}

impl Found {
    /// Whether somebody who goes this way will be surprised.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self, Found::Fails(_) | Found::Differs { .. })
    }
}

/// Verifies every revision of a lineage.
///
/// # Errors
/// A revision does not run up, or the server refuses.
pub fn verify_down(site: &Site, lineage: &Lineage) -> Result<Vec<Verified>, MigrateError> {
    let (mut session, at) = scratch::open(site, &lineage.name)?;
    scratch::within(&mut session, &at, |transaction| {
        let mut before = scratch::apply(transaction, &at, &lineage.name, [])?;
        let mut verified = Vec::new();
        for revision in &lineage.revisions {
            let after = scratch::apply(transaction, &at, &lineage.name, [revision])?;
            let found = there_and_back(transaction, &at, lineage, revision, (&before, &after))?;
            verified.push(Verified { stem: revision.stem(), found });
            before = after;
        }
        Ok(verified)
    })
}

/// Goes down and up again in a savepoint that is taken back: what fails spoils nothing.
fn there_and_back(
    transaction: &mut Transaction<'_>,
    at: &Ident,
    lineage: &Lineage,
    revision: &Revision,
    (before, after): (&Schema, &Schema),
) -> Result<Found, MigrateError> {
    if revision.script(Direction::Down).is_none() {
        return Ok(Found::NoDown);
    }
    let mut savepoint = transaction.savepoint()?;
    let back = migrate::take_back(&mut savepoint, at, &lineage.name, revision)
        .and_then(|()| Ok(schema::read(&mut savepoint, at)?));
    // What is left behind is told first: it is why the second way up fails, where it does.
    if let Some(found) = verdict("down", before, back)? {
        return Ok(found);
    }
    let again = scratch::apply(&mut savepoint, at, &lineage.name, [revision]);
    Ok(verdict("up again", after, again)?.unwrap_or(Found::Good))
}

/// What is wrong with what a way made, if anything.
fn verdict(
    after: &'static str,
    expected: &Schema,
    made: Result<Schema, MigrateError>,
) -> Result<Option<Found>, MigrateError> {
    let made = match made {
        Ok(made) => made,
        Err(error @ (MigrateError::Failed { .. } | MigrateError::Script { .. })) => {
            return Ok(Some(Found::Fails(error)));
        }
        Err(error) => return Err(error),
    };
    let differences = differences(&expected.lines(), &made.lines());
    Ok((!differences.is_empty()).then_some(Found::Differs { after, differences }))
}
