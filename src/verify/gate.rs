//! A rebuild that shows readers only what holds.

use super::{Against, Report, VerifyError, Wanted, pair, verify};
use crate::definition::expected::Expected;
use crate::ledger;
use crate::promote;
use crate::rebuild::{self, Options, Outcome, Reached, RebuildError};
use crate::site::Site;

/// What became of a build, and of its comparison if it came to that.
#[derive(Debug)]
pub struct Proven {
    /// The build.
    pub outcome: Outcome,
    /// What was found; nothing if there was nothing to compare yet.
    pub found: Option<Result<Report, VerifyError>>,
}

/// How many rows of each kind are told.
const SAMPLES: usize = 10;

/// Rebuilds projections, compares each build that is ready, and lets readers see those of which nothing differs but
/// what was declared. The others stay ready.
///
/// # Errors
/// Nothing could be begun. What went wrong with one build is in its [`Proven`].
pub fn rebuild(
    site: &Site,
    names: &[String],
    options: &Options,
    (against, expect): (&Against, &[Expected]),
) -> Result<Vec<Proven>, VerifyError> {
    if *against == Against::Live {
        // Told before the replay and not after it.
        for name in names {
            pair::must_be_live(site, name)?;
        }
    }
    let options = Options { promote: true, is_held: true, ..options.clone() };
    let mut proven = Vec::new();
    for mut outcome in rebuild::rebuild(site, names, &options)? {
        let found = matches!(outcome.result, Ok(Reached::Ready)).then(|| {
            let wanted = Wanted {
                projection: outcome.build.projection.clone(),
                build: Some(outcome.build.schema.to_string()),
                against: against.clone(),
                expect: expect.to_vec(),
                samples: SAMPLES,
                with_values: false,
            };
            verify(site, &wanted)
        });
        if matches!(&found, Some(Ok(report)) if report.ok) {
            show(site, &mut outcome);
        }
        proven.push(Proven { outcome, found });
    }
    Ok(proven)
}

fn show(site: &Site, outcome: &mut Outcome) {
    match promote::promote(site, &outcome.build.projection) {
        Ok(promoted) => outcome.result = Ok(Reached::Live(promoted)),
        Err(error) => outcome.result = Err(RebuildError::Promote(Box::new(error))),
    }
    let now = site.open_read_models("verify").ok();
    let now = now.and_then(|mut session| ledger::build(&mut session, outcome.build.id).ok());
    if let Some(now) = now.flatten() {
        outcome.build = now;
    }
}
