//! A rebuild that shows readers only what holds.

use super::{Against, Report, VerifyError, Wanted, WantedSample, pair, verify};
use crate::context::Context;
use crate::definition::expected::Gate;
use crate::ledger::{self, State};
use crate::promote;
use crate::rebuild::{self, Options, Outcome, Reached, RebuildError};

/// What became of a build, and of its comparison if it came to that.
#[derive(Debug)]
pub struct Proven {
    /// The build.
    pub outcome: Outcome,
    /// What was found; nothing if there was nothing to compare yet.
    pub found: Option<Result<Report, VerifyError>>,
}

impl From<Outcome> for Proven {
    /// One that was not to be compared.
    fn from(outcome: Outcome) -> Proven {
        Proven { outcome, found: None }
    }
}

/// How many rows of each kind are told.
const SAMPLES: usize = 10;

/// Rebuilds projections, compares each build that is ready, and lets readers see those of which nothing differs but
/// what was declared. The others stay ready.
///
/// # Errors
/// Nothing could be begun. What went wrong with one build is in its [`Proven`].
pub fn rebuild(
    context: &Context,
    names: &[String],
    options: &Options,
    gate: &Gate,
) -> Result<Vec<Proven>, VerifyError> {
    if !gate.with_log {
        // Told before the replay and not after it.
        for name in names {
            pair::must_be_live(context, name)?;
        }
    }
    let options = Options { promote: true, gate: Some(gate.clone()), ..options.clone() };
    let outcomes = rebuild::rebuild(context, names, &options)?;
    Ok(outcomes.into_iter().map(|outcome| pass(context, outcome)).collect())
}

/// Goes on with unfinished builds. With `promote` readers see each that is ready; one that was begun to be compared
/// before that is compared, also if another process began it.
///
/// # Errors
/// As `rebuild`.
pub fn resume(
    context: &Context,
    names: &[String],
    promote: bool,
) -> Result<Vec<Proven>, VerifyError> {
    let outcomes = rebuild::resume(context, names, promote)?.into_iter();
    Ok(match promote {
        true => outcomes.map(|outcome| pass(context, outcome)).collect(),
        false => outcomes.map(Proven::from).collect(),
    })
}

/// Compares a build that has a gate, and shows it if it holds.
fn pass(context: &Context, mut outcome: Outcome) -> Proven {
    // A live one that had stopped was let through before.
    let is_ready = outcome.build.state == State::Ready;
    let gate = match (&outcome.result, &outcome.build.gate) {
        (Ok(Reached::Ready), Some(gate)) if is_ready => gate.clone(),
        _ => return outcome.into(),
    };
    let wanted = Wanted {
        projection: outcome.build.projection.clone(),
        build: Some(outcome.build.schema.to_string()),
        against: if gate.with_log { Against::Log } else { Against::Live },
        expect: gate.expect,
        sample: gate.sample.map(|keys| WantedSample { keys, seed: None }),
        samples: SAMPLES,
        with_values: false,
    };
    let found = verify(context, &wanted);
    if matches!(&found, Ok(report) if report.ok) {
        show(context, &mut outcome);
    }
    Proven { outcome, found: Some(found) }
}

fn show(context: &Context, outcome: &mut Outcome) {
    match promote::promote(context, &outcome.build.projection) {
        Ok(promoted) => outcome.result = Ok(Reached::Live(promoted)),
        Err(error) => outcome.result = Err(RebuildError::Promote(Box::new(error))),
    }
    let now = context.open_read_models("verify").ok();
    let now = now.and_then(|mut session| ledger::build(&mut session, outcome.build.id).ok());
    if let Some(now) = now.flatten() {
        outcome.build = now;
    }
}
