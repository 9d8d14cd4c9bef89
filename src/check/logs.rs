//! Whether what readers see was made from the log as it is.

use super::{CheckError, Finding, Gate, Severity};
use crate::context::Context;
use crate::identity::{Redefined, Survey};
use crate::ledger::{self, Age, State};
use crate::log::LogError;
use crate::status;

/// Compares the anchors of live builds with the log.
pub(super) fn check(context: &Context, names: &[String]) -> Result<Vec<Finding>, CheckError> {
    let mut session = context.open_read_models("check")?;
    if ledger::age(&mut session)? == Age::Absent {
        return Ok(Vec::new());
    }
    let (mut events, log) = match context.open_log("check") {
        Ok(opened) => opened,
        // Said by the other gates.
        Err(LogError::Missing { .. } | LogError::AdoptedMissing { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let builds = ledger::builds(&mut session, None)?;
    let note = |about: &str, message: String| {
        Finding::new(Gate::Projections, Severity::Note, about, message)
    };
    let survey = match Survey::of(context, &mut session, (&mut events, &log), &builds)? {
        Ok(survey) => survey,
        Err(older) => return Ok(vec![note("ledger", older)]),
    };
    let mut findings: Vec<Finding> =
        survey.notes.iter().map(|text| note("ledger", text.clone())).collect();
    let mut homeless: Vec<&str> = builds
        .iter()
        .filter(|b| b.state != State::Dropped && survey.owns(b))
        .map(|b| b.projection.as_str())
        .filter(|name| names.is_empty() && !context.project.projections.contains_key(*name))
        .collect();
    homeless.dedup();
    findings.extend(homeless.into_iter().map(|name| {
        Finding::new(Gate::Projections, Severity::Warning, name, status::without_folder(name))
    }));
    for name in context.project.projections.keys() {
        let of = builds.iter().filter(|b| b.projection == *name);
        if (names.is_empty() || names.contains(name))
            && let Some(fault) = survey.taken(&mut session, of)?
        {
            let finding = Finding::mistake(Gate::Projections, name, fault.to_string());
            findings.push(finding.hint(Some(fault.next())));
        }
    }
    let live = |b: &&ledger::Build| b.state == State::Live && survey.owns(b);
    for build in builds.iter().filter(live) {
        let name = &build.projection;
        if !names.is_empty() && !names.contains(name) {
            continue;
        }
        let judged = survey.judge(&mut session, (&mut events, &log), build)?;
        if let Some(fault) = &judged.fault {
            let finding = Finding::mistake(Gate::Projections, name, fault.to_string());
            findings.push(finding.hint(Some(fault.next())));
            continue;
        }
        let rebuild = || Some(format!("regrow rebuild {name} --promote"));
        if let Some(missing) = ledger::missing(&mut session, build)? {
            let sentence = missing.sentence(build.schema.as_str());
            let finding = match missing.late > 0 {
                true => Finding::mistake(Gate::Projections, name, sentence),
                false => note(name, sentence),
            };
            findings.push(finding.hint(rebuild()));
        }
        for (positions, what) in
            [(&judged.rewritten, "was erased or rewritten"), (&judged.deleted, "was deleted")]
        {
            if let Some(at) = positions.first() {
                let message = format!(
                    "the event at position {at}, which {} has read, {what} since",
                    build.schema
                );
                findings.push(note(name, message).hint(rebuild()));
            }
        }
        if let Some(redefined) = &judged.redefined {
            let sentence = redefined.sentence(build.schema.as_str());
            let finding = Finding::new(Gate::Projections, Severity::Warning, name, sentence);
            findings.push(finding.hint(Some(Redefined::next(name))));
        }
        if let Some((was, now)) = judged.begins_later {
            let now = now.map_or_else(|| "is empty now".into(), |p| format!("begins at {p} now"));
            let message =
                format!("the log began at position {was} for {}, and {now}", build.schema);
            findings.push(note(name, message));
        }
    }
    Ok(findings)
}
