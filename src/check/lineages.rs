//! Lineages: graph, heads, history, drift, lint, pending, and what `schema.sql` asks for.

use super::projections;
use super::{CheckError, Checked, Finding, Gate, Severity, left_out, not_tried};
use crate::context::Context;
use crate::lint::{self, Profile, Script};
use crate::migrate::{self, Divergence, MigrateError, Standing};
use crate::pg::{Session, schema};
use crate::project::ProjectError;
use crate::replay::sql::{Fault, ProgramError};
use crate::revision::{EVENT_STORE, Lineage, Revision, RevisionError};
use crate::schema::differences;
use crate::scratch::{self, Scratch};
use crate::source::Bulk;

/// How many differences of one schema are told.
const MOST_TOLD: usize = 20;

/// Looks at the lineages of the projections that are named, or at all.
pub(super) fn check(
    context: &Context,
    scratch: &mut Scratch<'_>,
    names: &[String],
    gates: &[Gate],
    checked: &mut Checked,
) -> Result<(), CheckError> {
    let mut sessions = Sessions { context, events: None, reads: None };
    let all = migrate::names(&context.project, None)?;
    for name in all.into_iter().filter(|n| names.is_empty() || names.contains(n)) {
        checked.lineages.push(name.clone());
        match migrate::lineage(&context.project, &name) {
            Ok(_) => {}
            Err(MigrateError::Project(ProjectError::Lineage(errors))) => {
                checked.findings.extend(errors.iter().map(|e| broken(&name, e)));
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        let session = sessions.of(&name)?;
        let standing = match name.as_str() {
            EVENT_STORE => Standing::of_event_store(&context.project, session)?,
            projection => Standing::of_projection(context, session, projection)?,
        };
        if gates.contains(&Gate::Migrations) {
            checked.findings.extend(graph(context, &standing.lineage));
            checked.findings.extend(history(&standing)?);
            checked.findings.extend(drift(session, &standing)?);
            checked.findings.extend(foreign(&standing));
            checked.findings.extend(unlinted(&standing));
            checked.findings.extend(unfit(context, &standing));
            // With its handlers, a projection's lineage is tried anyway.
            if name == EVENT_STORE || !gates.contains(&Gate::Handlers) {
                checked.findings.extend(tried(context, scratch, &standing)?);
            }
            checked.findings.extend(wanted(context, scratch, &standing.lineage)?);
        }
        if name == EVENT_STORE {
            if gates.contains(&Gate::Live) {
                checked.findings.extend(live(scratch, session, &standing)?);
            }
            checked.findings.extend(nothing_there(&standing));
            checked.findings.extend(pending(&standing));
        } else if gates.contains(&Gate::Pending) || gates.contains(&Gate::Projections) {
            checked
                .findings
                .extend(projections::check(context, scratch, session, &standing, gates)?);
        }
    }
    Ok(())
}

/// A session with each server, opened when it is needed first; one where they are one.
struct Sessions<'a> {
    context: &'a Context,
    events: Option<Session>,
    reads: Option<Session>,
}

impl Sessions<'_> {
    fn of(&mut self, lineage: &str) -> Result<&mut Session, CheckError> {
        let events = lineage == EVENT_STORE || self.context.one_server();
        let (place, server) = match events {
            true => (&mut self.events, &self.context.event_store),
            false => (&mut self.reads, &self.context.read_models),
        };
        Ok(match place {
            Some(session) => session,
            empty => empty.insert(Session::open(server, "check")?),
        })
    }
}

/// A file that does not fit into its lineage.
pub(super) fn broken(about: &str, error: &RevisionError) -> Finding {
    let place = match error {
        RevisionError::Head { place, .. }
        | RevisionError::Astray { place, .. }
        | RevisionError::NoParent { place, .. }
        | RevisionError::Circle { place, .. } => Some(place),
        _ => None,
    };
    let told = error.to_string();
    let prefix = place.map_or_else(String::new, |place| format!("{place}: "));
    let message = told.strip_prefix(&prefix).unwrap_or(&told);
    Finding::mistake(Gate::Migrations, about, message).at(place.cloned())
}

/// A revision that does not run in scratch.
pub(super) fn failed(about: &str, error: MigrateError) -> Finding {
    let finding = |message: String| Finding::mistake(Gate::Migrations, about, message);
    match error {
        MigrateError::Failed { place, error, .. } | MigrateError::File { place, error } => {
            finding(error.to_string()).at(Some(place)).hint(error.hint)
        }
        MigrateError::Script { place, reason, hint } => {
            finding(reason).at(Some(place)).hint(Some(hint))
        }
        MigrateError::Program(error) => match *error {
            ProgramError::Faults(faults) | ProgramError::Outside(faults) => {
                let first = faults.into_iter().next();
                first.map_or_else(|| finding(String::new()), |f| unfit_statement(about, f))
            }
            other => finding(other.to_string()),
        },
        other => finding(other.to_string()),
    }
}

/// A statement that reaches outside the build, or is another at the next rebuild.
pub(super) fn unfit_statement(about: &str, fault: Fault) -> Finding {
    let finding = Finding::mistake(Gate::Migrations, about, fault.message);
    finding.at(Some(fault.place)).hint(fault.hint)
}

/// Several heads, and dependencies that lead nowhere.
fn graph(context: &Context, lineage: &Lineage) -> Vec<Finding> {
    let mut findings = Vec::new();
    let heads = lineage.heads();
    if heads.len() > 1 {
        let stems: Vec<String> = heads.iter().map(|r| r.stem()).collect();
        let message = format!("{} has several heads: {}", lineage.name, stems.join(", "));
        findings.push(
            Finding::new(Gate::Migrations, Severity::Heads, &lineage.name, message)
                .hint(Some(format!("join them: regrow merge --lineage {}", lineage.name))),
        );
    }
    for needed in lineage.revisions.iter().flat_map(|r| &r.depends_on) {
        let Some(other) = &needed.lineage else { continue };
        let found = migrate::lineage(&context.project, other);
        let there = found.as_ref().is_ok_and(|l| l.get(needed.version).is_some());
        if !there {
            let message = format!("there is no revision {other}@{}", needed.version);
            findings.push(
                Finding::mistake(Gate::Migrations, &lineage.name, message)
                    .at(Some(needed.place.clone())),
            );
        }
    }
    findings
}

fn history(standing: &Standing) -> Result<Vec<Finding>, MigrateError> {
    let told = |found: Divergence| {
        let severity = if found.is_ahead() { Severity::Ahead } else { Severity::Divergent };
        let hint = migrate::ways(std::slice::from_ref(&found)).join("\n");
        Finding::new(Gate::Migrations, severity, &standing.lineage.name, found.to_string())
            .hint(Some(hint))
    };
    Ok(standing.divergences()?.into_iter().map(told).collect())
}

/// The schema as it is against the schema as the last run left it.
fn drift(session: &mut Session, standing: &Standing) -> Result<Vec<Finding>, CheckError> {
    let name = &standing.lineage.name;
    let Some(at) = standing.schema.as_ref().filter(|_| !standing.applied.is_empty()) else {
        return Ok(Vec::new());
    };
    let Some(recorded) = standing.recorded(session)? else {
        let message = format!("{name}: the schema was never recorded, so drift cannot be seen");
        let hint = match name.as_str() {
            EVENT_STORE => "the next revision records it; or now: regrow repair --accept drift",
            _ => "the next rebuild records it",
        };
        let note = Finding::new(Gate::Migrations, Severity::Note, name, message);
        return Ok(vec![note.hint(Some(hint.to_owned()))]);
    };
    let found = crate::schema::drift(&recorded.lines, &schema::read(session, at)?);
    let drifted = |what: String| {
        let message = format!("{at} has drifted: {what}");
        Finding::new(Gate::Migrations, Severity::Divergent, name, message).hint(Some(
            match name.as_str() {
                EVENT_STORE => {
                    "put it into a revision and undo it by hand, or: regrow repair --accept drift"
                        .to_owned()
                }
                projection => format!("a rebuild makes it anew: regrow rebuild {projection}"),
            },
        ))
    };
    let more = found.len().saturating_sub(MOST_TOLD);
    let mut told: Vec<Finding> =
        found.iter().take(MOST_TOLD).map(|d| drifted(d.to_string())).collect();
    if more > 0 {
        told.push(drifted(format!("and in {more} more ways")));
    }
    Ok(told)
}

/// The schema as it is against what its applied revisions make from nothing: after a stamp, nobody
/// has compared them yet.
fn live(
    scratch: &mut Scratch<'_>,
    session: &mut Session,
    standing: &Standing,
) -> Result<Vec<Finding>, CheckError> {
    let name = &standing.lineage.name;
    let Some(at) = standing.schema.as_ref() else { return Ok(Vec::new()) };
    let ran = standing.versions();
    let revisions = standing.lineage.revisions.iter().filter(|r| ran.contains(&r.version));
    let applied = Lineage { name: name.clone(), revisions: revisions.cloned().collect() };
    let made = match scratch.made(&applied, at) {
        Ok(mut room) => room.catalog()?,
        Err(error) => {
            let told = Finding { gate: Gate::Live, ..not_made(name, error)? };
            return Ok(vec![told]);
        }
    };
    let now = schema::read(session, at)?.lines();
    let found = differences(&made.lines(), &now);
    let hint = "bring the files to what is there (pg_dump --schema-only shows it), or make the difference \
                in a revision";
    let told = |what: String| {
        let message = format!("{at} is not what its applied revisions make: {what}");
        Finding::new(Gate::Live, Severity::Divergent, name, message).hint(Some(hint.to_owned()))
    };
    let mut findings: Vec<Finding> =
        found.iter().take(MOST_TOLD).map(|d| told(d.to_string())).collect();
    if found.len() > MOST_TOLD {
        findings.push(told(format!("and in {} more ways", found.len() - MOST_TOLD)));
    }
    Ok(findings)
}

/// Files written for another tool, which would run only a part of them.
fn foreign(standing: &Standing) -> Vec<Finding> {
    let files =
        standing.pending().into_iter().flat_map(|r| [Some(&r.up), r.down.as_ref()]).flatten();
    // A seed is looked at when it is tried.
    let files = files.filter(|file| file.bulk.is_none());
    let refused = files.filter_map(|file| migrate::fits_us(file).err());
    refused.map(|error| failed(&standing.lineage.name, error)).collect()
}

/// Seeds are not looked into for risks: they are too large, and full of rows.
fn unlinted(standing: &Standing) -> Vec<Finding> {
    let seeds = standing.pending().into_iter().filter_map(|r| Some((r, r.up.bulk.as_ref()?)));
    let told = |(revision, bulk): (&Revision, &Bulk)| {
        let message = format!(
            "{} has {} MB and is streamed; the lint does not look into it",
            revision.stem(),
            bulk.bytes / 1_000_000
        );
        let note = Finding::new(Gate::Migrations, Severity::Note, &standing.lineage.name, message);
        note.at(Some(revision.up.place(0)))
    };
    seeds.map(told).collect()
}

/// Lint of what has not run yet; what has cannot be changed any more.
fn unfit(context: &Context, standing: &Standing) -> Vec<Finding> {
    let profile = if standing.lineage.name == EVENT_STORE {
        let schema = context.project.config.event_store_schema();
        Profile::Strict { log: format!("{schema}.{}", migrate::LOG_TABLE) }
    } else {
        Profile::Relaxed
    };
    let lint = |revision: &&Revision| {
        let outside_transaction = revision.outside_transaction;
        lint::lint(&Script { file: &revision.up, outside_transaction, profile: &profile })
    };
    let held = |revision: &&&Revision| revision.up.bulk.is_none();
    standing
        .pending()
        .iter()
        .filter(held)
        .flat_map(lint)
        .map(|found| Finding {
            rule: Some(found.rule.to_string()),
            ..Finding::new(Gate::Migrations, Severity::Lint, &standing.lineage.name, found.message)
                .at(Some(found.place))
                .hint(found.help)
        })
        .collect()
}

/// A lineage with something pending runs from nothing in scratch: what fails there would fail in the
/// deploy.
fn tried(
    context: &Context,
    scratch: &mut Scratch<'_>,
    standing: &Standing,
) -> Result<Vec<Finding>, CheckError> {
    if standing.pending().is_empty() {
        return Ok(Vec::new());
    }
    let name = &standing.lineage.name;
    match scratch.made(&standing.lineage, &scratch::schema_of(context, name)) {
        Ok(room) => Ok(left_out(Gate::Migrations, name, room.skipped())),
        Err(error) if scratch::is_untried(&error) && on_citus(context, &standing.lineage) => {
            Ok(Vec::new())
        }
        Err(error) => Ok(vec![not_made(name, error)?]),
    }
}

/// Whether a lineage could be made beside what is live, where Citus spreads its tables.
fn on_citus(context: &Context, lineage: &Lineage) -> bool {
    let made = || -> Result<bool, MigrateError> {
        if !scratch::spreads_tables(lineage)? {
            return Ok(false);
        }
        let mut live = context.open_read_models("check")?;
        Ok(live.has_citus() && scratch::within_live(&mut live, lineage, |_, _| Ok(()))?.is_some())
    };
    made().unwrap_or(false)
}

/// What is said of a lineage that does not run in scratch.
fn not_made(name: &str, error: MigrateError) -> Result<Finding, CheckError> {
    match error {
        MigrateError::Pg(lost) => Err(lost.into()),
        error if scratch::is_untried(&error) => Ok(not_tried(Gate::Migrations, name, &error)),
        error => Ok(failed(name, error)),
    }
}

/// Whether the revisions make what `schema.sql` asks for.
fn wanted(
    context: &Context,
    scratch: &mut Scratch<'_>,
    lineage: &Lineage,
) -> Result<Vec<Finding>, CheckError> {
    let name = &lineage.name;
    let (made, wanted) = match scratch::made_and_wanted(scratch, lineage) {
        Ok(None) => return Ok(Vec::new()),
        Ok(Some(both)) => both,
        Err(error) => return Ok(vec![not_made(name, error)?]),
    };
    let path = context.project.wanted_path(name);
    let hint = format!("regrow revision -m TEXT --lineage {name} --autogenerate");
    let told = |difference: &crate::schema::Difference| {
        let message = format!("what the revisions make is not what {path} asks for: {difference}");
        Finding::mistake(Gate::Migrations, name, message).hint(Some(hint.clone()))
    };
    let found = differences(&wanted.lines(), &made.lines());
    Ok(found.iter().take(MOST_TOLD).map(told).collect())
}

/// An event store without a revision, which a deploy refuses.
fn nothing_there(standing: &Standing) -> Option<Finding> {
    if !standing.lineage.revisions.is_empty() || !standing.applied.is_empty() {
        return None;
    }
    let message = "there is no revision in migrations/event_store, and a deploy would be refused";
    let finding = Finding::new(Gate::Pending, Severity::Warning, EVENT_STORE, message);
    Some(finding.hint(Some("is the folder whole? a first revision: regrow init .".into())))
}

/// What waits, in one line however much it is.
fn pending(standing: &Standing) -> Vec<Finding> {
    let (name, pending) = (&standing.lineage.name, standing.pending());
    let Some(first) = pending.first() else { return Vec::new() };
    let stems: Vec<String> = pending.iter().map(|r| r.stem()).collect();
    let message = match stems.as_slice() {
        [one] => format!("{one} of {name} is pending"),
        several => {
            let shown = several.iter().take(MOST_TOLD).cloned().collect::<Vec<_>>().join(", ");
            let more = several.len().saturating_sub(MOST_TOLD);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} revisions of {name} are pending: {shown}{more}", several.len())
        }
    };
    vec![
        Finding::new(Gate::Pending, Severity::Pending, name, message)
            .at(Some(first.up.place(0)))
            .hint(Some("regrow migrate".into())),
    ]
}
