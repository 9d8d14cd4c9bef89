//! Verify down: every way back leads back.
//!
//! In a scratch database each revision runs up, down and up again, and the catalogs are
//! compared: after the way back it must be as before, and after the second way up as after
//! the first. Rows are not looked at: a scratch database has none. What was not run, and what no comparison
//! of the schema's catalog sees, is told by statement, and never counts as proven.

use crate::ddl;
use crate::handler;
use crate::ident::Ident;
use crate::migrate::MigrateError;
use crate::revision::{Direction, Lineage, Revision};
use crate::schema::{Difference, Schema, differences};
use crate::scratch::{Room, Scratch};
use crate::source::{Place, SourceFile};

/// What became of one revision.
#[derive(Debug)]
pub struct Verified {
    /// The revision.
    pub stem: String,
    /// What was found.
    pub found: Found,
    /// The statements of both ways of which nothing was proven, where there is a way back.
    pub unproven: Vec<Unproven>,
}

/// A statement of which nothing was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// Where it stands.
    pub place: Place,
    /// Whether it ran at all; else only its effect was not compared.
    pub ran: bool,
    /// Why, in words.
    pub why: String,
}

impl Verified {
    fn of(revision: &Revision, schema: &Ident, found: Found) -> Verified {
        let unproven = match found {
            Found::NoDown => Vec::new(),
            _ => {
                let files = [Direction::Up, Direction::Down];
                let files = files.into_iter().filter_map(|way| revision.script(way));
                files.flat_map(|(file, _)| unproven(file, schema)).collect()
            }
        };
        Verified { stem: revision.stem(), found, unproven }
    }
}

/// The statements of a file that scratch leaves out, or that a comparison does not see.
fn unproven(file: &SourceFile, schema: &Ident) -> Vec<Unproven> {
    if file.bulk.is_some() {
        let why = "rows are not compared".to_owned();
        return vec![Unproven { place: file.place(0), ran: true, why }];
    }
    let (servers, given_away) = (ddl::about_the_server(file), ddl::given_away(file));
    let spans = handler::cut(file).unwrap_or_default().into_iter().map(|cut| cut.span);
    let of = |span: crate::source::Span| {
        let (ran, why) = if servers.contains(&span) {
            (false, "it is about the whole server".to_owned())
        } else if given_away.contains(&span) {
            (false, "scratch has one role".to_owned())
        } else {
            (true, ddl::unseen(&file.text[span.clone()], schema.as_str())?)
        };
        Some(Unproven { place: file.place(span.start), ran, why })
    };
    spans.filter_map(of).collect()
}

/// What a way back is worth.
#[derive(Debug)]
pub enum Found {
    /// It leads back, as far as it was run and compared.
    Good,
    /// There is none.
    NoDown,
    /// It does not run, or the way up does not run again behind it.
    Fails(MigrateError),
    /// Scratch does not have what it needs: a sentence.
    NotTried(String),
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
/// A revision does not run up, there is no scratch, or the server refuses.
pub fn verify_down(
    scratch: &mut Scratch<'_>,
    lineage: &Lineage,
    schema: &Ident,
) -> Result<Vec<Verified>, MigrateError> {
    let mut room = scratch.room(lineage, schema)?;
    let mut before = room.catalog()?;
    let mut verified = Vec::new();
    for (index, revision) in lineage.revisions.iter().enumerate() {
        let after = match room.step(revision, Direction::Up).and_then(|()| Ok(room.catalog()?)) {
            Ok(after) => after,
            Err(error @ MigrateError::NotTried { .. }) => {
                // What comes after it stands on it.
                let rest = lineage.revisions[index..].iter();
                let untried = |r: &Revision| Verified {
                    stem: r.stem(),
                    found: Found::NotTried(error.to_string()),
                    unproven: Vec::new(),
                };
                verified.extend(rest.map(untried));
                return Ok(verified);
            }
            Err(error) => return Err(error),
        };
        let found = there_and_back(&mut room, revision, (&before, &after))?;
        if !matches!(found, Found::Good | Found::NoDown) {
            // It left the database as no deploy would: the next one begins anew.
            room = scratch.room(lineage, schema)?;
            for earlier in &lineage.revisions[..=index] {
                room.step(earlier, Direction::Up)?;
            }
        }
        verified.push(Verified::of(revision, schema, found));
        before = after;
    }
    Ok(verified)
}

/// Goes down and up again, committing each way as a deploy does.
fn there_and_back(
    room: &mut Room<'_>,
    revision: &Revision,
    (before, after): (&Schema, &Schema),
) -> Result<Found, MigrateError> {
    if revision.script(Direction::Down).is_none() {
        return Ok(Found::NoDown);
    }
    let back = room.step(revision, Direction::Down).and_then(|()| Ok(room.catalog()?));
    // What is left behind is told first: it is why the second way up fails, if it does.
    if let Some(found) = verdict("down", before, back)? {
        return Ok(found);
    }
    let again = room.step(revision, Direction::Up).and_then(|()| Ok(room.catalog()?));
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
        Err(error @ MigrateError::NotTried { .. }) => {
            return Ok(Some(Found::NotTried(error.to_string())));
        }
        Err(error) => return Err(error),
    };
    let differences = differences(&expected.lines(), &made.lines());
    Ok((!differences.is_empty()).then_some(Found::Differs { after, differences }))
}
