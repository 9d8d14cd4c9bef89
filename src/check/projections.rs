//! Projections: what readers see against the files as they are.

use super::{CheckError, Finding, Gate, Severity, not_tried};
use crate::context::Context;
use crate::in_place::{self, InPlaceError, Verdict};
use crate::ledger::{self, Build, LedgerError, State};
use crate::migrate::{MigrateError, Standing};
use crate::pg::{PgError, Session, owner};
use crate::promote::{self, PromoteError};
use crate::scratch::{self, Scratch};

/// Revisions that the live build has not, and a definition that changed without a rebuild.
pub(super) fn check(
    context: &Context,
    scratch: &mut Scratch<'_>,
    session: &mut Session,
    standing: &Standing,
    gates: &[Gate],
) -> Result<Vec<Finding>, CheckError> {
    let name = &standing.lineage.name;
    let Some(build) = &standing.build else {
        let note = Finding::new(
            Gate::Projections,
            Severity::Note,
            name,
            format!("{name} was never built"),
        );
        let mut findings = vec![note.hint(Some(format!("regrow rebuild {name} --promote")))];
        if gates.contains(&Gate::Projections) {
            findings.extend(taken_schema(session, name)?);
        }
        return Ok(findings);
    };
    let pending = standing.pending();
    let verdicts = in_place::verdicts(context, session, standing, &pending)?;
    let mut findings = Vec::new();
    if gates.contains(&Gate::Projections)
        && let Ok(files) = context.project.draft(name)
        && !in_place::is_current(session, build, &files, &verdicts, &pending)
            .map_err(MigrateError::from)?
    {
        let message = format!("{name} changed since {} was built", build.schema);
        findings.push(
            Finding::new(Gate::Projections, Severity::Pending, name, message)
                .hint(Some(format!("regrow rebuild {name} --promote"))),
        );
        findings.extend(taken_schema(session, name)?);
        findings.extend(in_the_way(context, scratch, session, name)?);
    }
    findings.extend(verdicts.into_iter().map(|verdict| waits(name, verdict)));
    if gates.contains(&Gate::Projections) {
        findings.extend(changed_views(session, build)?);
        findings.extend(live_faults(context, session, build)?);
    }
    Ok(findings)
}

/// The views that readers see and that somebody has changed, replaced or dropped.
fn changed_views(session: &mut Session, build: &Build) -> Result<Vec<Finding>, CheckError> {
    if build.state != State::Live {
        return Ok(Vec::new());
    }
    let found =
        promote::unseen(session, build).map_err(|error| InPlaceError::from(Box::new(error)))?;
    let told = found.into_iter().map(|error| {
        Finding::mistake(Gate::Projections, &build.projection, error.to_string()).hint(error.way())
    });
    Ok(told.collect())
}

/// Whether the schema of the next build is there already.
fn taken_schema(session: &mut Session, name: &str) -> Result<Option<Finding>, CheckError> {
    let next = match ledger::next_schema(session, name) {
        // Whoever only looks need not see the ledger.
        Err(LedgerError::Pg(error)) if error.is_denied() => return Ok(None),
        next => next?,
    };
    match owner::must_be_new(session, &next) {
        Err(PgError::Taken(taken)) => {
            let message = format!("a rebuild of {name} would be refused: {taken}");
            let finding = Finding::mistake(Gate::Projections, name, message);
            Ok(Some(finding.hint(Some(taken.remedy()))))
        }
        other => Ok(other.map(|()| None)?),
    }
}

/// What a promote of the changed files would be refused for, or leave behind.
fn in_the_way(
    context: &Context,
    scratch: &mut Scratch<'_>,
    session: &mut Session,
    name: &str,
) -> Result<Vec<Finding>, CheckError> {
    let found = match promote::of_files(context, scratch, session, name) {
        Ok(Ok(found)) => found,
        Ok(Err(error)) if scratch::is_untried(&error) => {
            return Ok(vec![not_tried(Gate::Projections, name, &error)]);
        }
        // What is wrong with the files is told of the lineage.
        Ok(Err(_)) => Vec::new(),
        Err(PromoteError::Pg(error) | PromoteError::Ledger(LedgerError::Pg(error)))
            if error.is_denied() =>
        {
            Vec::new()
        }
        Err(error) => return Err(InPlaceError::from(Box::new(error)).into()),
    };
    let mut findings: Vec<Finding> = Vec::new();
    // Views that somebody has changed are told of whether the files changed or not.
    for error in found.into_iter().filter(|e| !matches!(e, PromoteError::Changed { .. })) {
        let message = format!("a promote of {name} would be refused: {error}");
        findings.push(Finding::mistake(Gate::Projections, name, message).hint(error.way()));
    }
    for handed in promote::handed_on_by_live(session, name)? {
        findings.push(Finding::new(Gate::Projections, Severity::Note, name, handed.sentence()));
    }
    for built in promote::built_on_live(session, name)? {
        let note = Finding::new(Gate::Projections, Severity::Note, name, built.sentence());
        findings.push(note.hint(Some(built.next())));
    }
    Ok(findings)
}

/// What the live build reaches that a new one may not. It is told and stops nothing: readers see it,
/// and it was made before anybody looked.
fn live_faults(
    context: &Context,
    session: &mut Session,
    build: &Build,
) -> Result<Vec<Finding>, CheckError> {
    if session.must_write().is_err() {
        return Ok(Vec::new());
    }
    let definition = ledger::definition(session, build).map_err(MigrateError::from)?;
    let known = match in_place::known_faults(context, session, build, &definition) {
        // Whoever only looks need not own the schema.
        Err(InPlaceError::Pg(error)) if error.is_denied() => Vec::new(),
        // Broken files of another day are no reason not to check those of today.
        Err(InPlaceError::Definition(_)) => Vec::new(),
        known => known?,
    };
    let (name, schema) = (&build.projection, &build.schema);
    let told = known.into_iter().map(|message| {
        let message = format!("{schema} is live and goes on as it is: {message}");
        Finding::new(Gate::Projections, Severity::Note, name, message)
    });
    Ok(told.collect())
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
    Finding::new(Gate::Pending, Severity::Pending, name, message)
        .at(Some(verdict.place))
        .hint(Some(hint))
}
