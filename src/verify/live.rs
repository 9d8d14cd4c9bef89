//! The assertions of `checks.sql` on a build that is there: what readers see, or any other.

use std::time::Instant;

use super::{VerifyError, Wanted, pair};
use crate::context::Context;
use crate::ledger::{self, Age, Build, State};
use crate::pg::Session;
use crate::promote;
use crate::rebuild::RebuildError;
use crate::replay::assertions::{self, Broken, Cell, Looked};
use crate::report;
use crate::report::check::{BrokenAssertion, LiveReport};

/// What a build's assertions came to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The build.
    pub build: String,
    /// Its state.
    pub state: String,
    /// How many assertions there are.
    pub checks: usize,
    /// Whether they are those of the files as they are now, and not those the build was made with.
    pub by_files: bool,
    /// Those that do not hold.
    pub broken: Vec<Broken>,
    /// Whether it is in the ledger, so that status tells of it.
    pub in_ledger: bool,
}

impl Checked {
    /// What the assertions came to; values of columns that are no keys only `with_values`.
    #[must_use]
    pub fn report(&self, with_values: bool) -> LiveReport {
        let shown = |row: &Vec<Cell>| {
            let cells = row.iter().filter(|cell| cell.is_key || with_values);
            report::columns(cells.map(|cell| (&cell.column, cell.value.as_ref())))
        };
        let broken = self.broken.iter().map(|broken| BrokenAssertion {
            check: broken.name.clone(),
            place: broken.place.clone(),
            rows: broken.rows,
            first: broken.first.iter().map(shown).collect(),
        });
        LiveReport {
            ok: self.broken.is_empty(),
            build: self.build.clone(),
            state: self.state.clone(),
            checks: self.checks,
            by_files: self.by_files,
            in_ledger: self.in_ledger,
            broken: broken.collect(),
        }
    }
}

/// Runs assertions on the live build, or on the one that is named. Those of the files count where the files
/// make the build's tables; else those that the build was made with.
///
/// # Errors
/// The build is not there, an assertion cannot be run, or the server refuses.
pub fn live(context: &Context, wanted: &Wanted) -> Result<Checked, VerifyError> {
    let mut session = context.open_ledger("verify")?;
    let build = pair::checked(context, &mut session, wanted)?;
    if build.state == State::Live
        && let Some(unseen) = promote::unseen(&mut session, &build)?.into_iter().next()
    {
        // Assertions hold of the build, and readers see something else.
        return Err(unseen.into());
    }
    examine(context, &mut session, &build, true)
}

/// Runs the assertions of a build, and writes nothing down.
///
/// # Errors
/// An assertion cannot be run, or the server refuses.
pub fn check(
    context: &Context,
    session: &mut Session,
    build: &Build,
) -> Result<Checked, VerifyError> {
    examine(context, session, build, false)
}

fn examine(
    context: &Context,
    session: &mut Session,
    build: &Build,
    is_told: bool,
) -> Result<Checked, VerifyError> {
    let began = Instant::now();
    let (file, by_files) = assertions::file_of(&context.project, build);
    let sessions = context.project.config.rebuild.workers();
    let looked =
        assertions::each(session, (build, sessions), file.as_ref()).map_err(RebuildError::from)?;
    // Also what could not be run is told by status, until it can be.
    let in_ledger = is_told && tell(session, build, (began, &looked))?;
    let checks = looked.len();
    let broken = assertions::broken(looked).map_err(RebuildError::from)?;
    let (state, build) = (build.state.to_string(), build.schema.to_string());
    Ok(Checked { build, state, checks, by_files, broken, in_ledger })
}

/// Writes down what was found, if the session may write, and the ledger has a place for it.
fn tell(
    session: &mut Session,
    build: &Build,
    (began, looked): (Instant, &[Looked]),
) -> Result<bool, VerifyError> {
    if ledger::age(session)? != Age::Current || !ledger::may_set_assertions(session)? {
        return Ok(false);
    }
    let told: Vec<_> = looked.iter().map(Looked::told).collect();
    Ok(ledger::set_assertions(session, build, (began.elapsed(), &told))?)
}
