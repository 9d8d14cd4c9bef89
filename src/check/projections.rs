//! Projections: what readers see against the files as they are.

use super::{CheckError, Finding, Gate, Gravity};
use crate::in_place::{self, Verdict};
use crate::migrate::{MigrateError, Standing};
use crate::pg::Session;
use crate::site::Site;

/// Revisions that the live build has not, and a definition that changed without a rebuild.
pub(super) fn check(
    site: &Site,
    session: &mut Session,
    standing: &Standing,
    gates: &[Gate],
) -> Result<Vec<Finding>, CheckError> {
    let name = &standing.lineage.name;
    let Some(build) = &standing.build else {
        let note =
            Finding::new(Gate::Projections, Gravity::Note, name, format!("{name} was never built"));
        return Ok(vec![note.hint(Some(format!("regrow rebuild {name} --promote")))]);
    };
    let pending = standing.pending();
    let verdicts = in_place::verdicts(site, session, standing, &pending)?;
    let mut findings = Vec::new();
    if gates.contains(&Gate::Projections)
        && let Ok(files) = site.project.draft(name)
        && !in_place::is_current(session, build, &files, &verdicts, &pending)
            .map_err(MigrateError::from)?
    {
        let message = format!("{name} changed since {} was built", build.schema);
        findings.push(
            Finding::new(Gate::Projections, Gravity::Pending, name, message)
                .hint(Some(format!("regrow rebuild {name} --promote"))),
        );
    }
    findings.extend(verdicts.into_iter().map(|verdict| waits(name, verdict)));
    Ok(findings)
}

fn waits(name: &str, verdict: Verdict) -> Finding {
    let (message, hint) = match verdict.waits {
        None => (
            format!("{} of {name} is pending, and can run in place", verdict.stem),
            format!("regrow migrate {name}@head"),
        ),
        Some(why) => (
            format!("{} of {name} is pending and waits for a rebuild: {why}", verdict.stem),
            format!("regrow rebuild {name} --promote"),
        ),
    };
    Finding::new(Gate::Pending, Gravity::Pending, name, message)
        .at(Some(verdict.place))
        .hint(Some(hint))
}
