//! Definitions: handlers, upcasters and assertions, tried against the tables they are for.

use super::events::Events;
use super::lineages;
use super::{CheckError, Checked, Finding, Gate, Severity, left_out, not_tried};
use crate::context::Context;
use crate::definition::{Definition, DefinitionErrors, Parsed};
use crate::handler::function::NAME;
use crate::ident::Ident;
use crate::migrate::{self, MigrateError};
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Sql, Transaction};
use crate::rebuild::explain::{self, Explained, ExplainedHandler};
use crate::replay::sql::envelope::Written;
use crate::replay::sql::{ProgramError, reach, typing};
use crate::replay::{Engine, assertions};
use crate::scratch::{self, Scratch};
use crate::source::Place;

/// What is wrong with a definition's files, in the order lineage, handlers, upcasters.
pub(super) fn misread(about: &str, errors: &DefinitionErrors) -> Vec<Finding> {
    let finding = |gate: Gate, place: &Place, message: String| {
        Finding::mistake(gate, about, message).at(Some(place.clone()))
    };
    let handlers =
        errors.handlers.iter().map(|e| finding(Gate::Handlers, &e.place, e.kind.to_string()));
    let upcasters =
        errors.upcasters.iter().map(|e| finding(Gate::Upcasters, &e.place, e.message.clone()));
    // Without its tables no handler can be tried, whichever gate was asked for.
    let revisions = errors.revisions.iter().map(|e| lineages::broken(about, e));
    revisions.chain(handlers).chain(upcasters).collect()
}

/// Reads a definition's files and tries them against the tables its lineage makes.
pub(super) fn check(
    context: &Context,
    scratch: &mut Scratch<'_>,
    (definition, events): (&Definition, &mut Events),
    checked: &mut Checked,
) -> Result<(), CheckError> {
    let name = &definition.projection;
    let parsed = match definition.parse() {
        Ok(parsed) => parsed,
        Err(errors) => {
            checked.findings.extend(misread(name, &errors));
            return Ok(());
        }
    };
    let unfit = beyond(definition, &parsed);
    if !unfit.is_empty() {
        checked.findings.extend(unfit);
        return Ok(());
    }
    if let Some(findings) = on_citus(context, definition, &parsed, checked)? {
        checked.findings.extend(findings);
        if events.are_there() {
            checked
                .findings
                .push(not_run(name, "they were tried on the tables that Citus spreads"));
        }
        return Ok(());
    }
    let at = scratch::beside(name);
    let error = match scratch.made(&parsed.lineage, &at) {
        Ok(mut room) => {
            checked.findings.extend(left_out(Gate::Handlers, name, room.skipped()));
            let inside = migrate::extensions_inside(room.session(), &at)?;
            if let Some(extension) = lacking(context, &inside) {
                let refused = migrate::extension_refused(&extension, &parsed.lineage.revisions);
                checked.findings.push(lineages::failed(name, refused));
                return Ok(());
            }
            let mut tried = Checked::default();
            let mut transaction = room.session().begin()?;
            against_tables(&mut transaction, &at, definition, &parsed, &mut tried)?;
            drop(transaction);
            // Scratch has what revisions make, and nothing else: what a handler finds in the live database
            // is judged there.
            if tried.worst() == Some(Severity::Mistake) {
                let mut there = Checked::default();
                match beside_live(context, definition, &parsed, &mut there) {
                    Ok(true) => tried = there,
                    _ => leave_to_the_live_database(context, name, &mut tried),
                }
                // What is wrong anyway need not be run to be found.
                if tried.worst() != Some(Severity::Mistake) && events.are_there() {
                    let why = "its statements need what only the live database has";
                    tried.findings.push(not_run(name, why));
                }
            } else {
                room.session().renew()?;
                let of = (definition, &parsed);
                tried.events = events.run(room.session(), &at, of, &mut tried.findings)?;
            }
            checked.absorb(tried);
            return Ok(());
        }
        Err(error @ MigrateError::NoScratch { .. }) => {
            match beside_live(context, definition, &parsed, checked) {
                Ok(true) => {
                    if events.are_there() {
                        checked.findings.push(not_run(name, &error.to_string()));
                    }
                    return Ok(());
                }
                Ok(false) => error,
                Err(MigrateError::Pg(refused)) if cannot_be_made(&refused) => error,
                Err(other) => other,
            }
        }
        Err(error) => error,
    };
    match error {
        MigrateError::Pg(lost) => return Err(lost.into()),
        error if scratch::is_untried(&error) => {
            checked.findings.push(not_tried(Gate::Handlers, name, &error));
        }
        error => checked.findings.push(lineages::failed(name, error)),
    }
    Ok(())
}

/// What revisions do outside the build, as far as their words tell: scratch has nothing there.
fn beyond(definition: &Definition, parsed: &Parsed) -> Vec<Finding> {
    let found = reach::of_revisions(definition, parsed);
    found
        .into_iter()
        .map(|fault| lineages::unfit_statement(&definition.projection, fault))
        .collect()
}

/// The first of these extensions that the live database does not have outside of builds: a revision
/// that asks for one if it is missing puts it nowhere there.
fn lacking(context: &Context, extensions: &[String]) -> Option<String> {
    let first = extensions.first()?.clone();
    let Ok(mut session) = context.open_read_models("check") else { return Some(first) };
    let there = "SELECT EXISTS (SELECT FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
                 WHERE e.extname = $1::text::name AND n.nspname !~ '__.*b[0-9]+$')";
    let mut is_there =
        |name: &String| session.query_one(there, &[name]).is_ok_and(|row| row.get(0));
    extensions.iter().find(|name| !is_there(name)).cloned()
}

/// Handlers that were typed, and run on no event of the log.
fn not_run(name: &str, why: &str) -> Finding {
    let message = format!("handlers of {name} were not run on events of the log: {why}");
    let note = Finding::new(Gate::Handlers, Severity::Note, name, message);
    Finding { rule: Some(super::NOT_TRIED.to_owned()), ..note }
}

/// What scratch does not have and the live database has is no mistake, and was not tried.
fn leave_to_the_live_database(context: &Context, name: &str, tried: &mut Checked) {
    let missing = |finding: &Finding| {
        let rest = finding.message.strip_prefix("relation \"")?;
        Some(rest.strip_suffix("\" does not exist")?.to_owned())
    };
    let Ok(mut session) = context.open_read_models("check") else { return };
    for finding in tried.findings.iter_mut().filter(|f| f.severity == Severity::Mistake) {
        let Some(relation) = missing(finding) else { continue };
        let there = session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&relation]);
        if there.is_ok_and(|row| row.get(0)) {
            let message = format!(
                "a statement of {name} was not tried: it needs {relation}, which is in the live database and \
                 no revision makes"
            );
            *finding = Finding {
                severity: Severity::Note,
                rule: Some(super::NOT_TRIED.to_owned()),
                message,
                ..finding.clone()
            };
        }
    }
}

/// Tables that Citus spreads over its nodes are made where Citus is, and rolled back: what it refuses, of a table or of
/// a statement, only a live server can tell. Nothing where there is no such table or no Citus, or where the
/// command may not write.
fn on_citus(
    context: &Context,
    definition: &Definition,
    parsed: &Parsed,
    checked: &mut Checked,
) -> Result<Option<Vec<Finding>>, CheckError> {
    let name = &definition.projection;
    match scratch::spreads_tables(&parsed.lineage) {
        Ok(true) => {}
        // What cannot be read is told of the lineage.
        _ => return Ok(None),
    }
    let there = context.open_read_models("check").is_ok_and(|session| session.has_citus());
    if !there {
        return Ok(None);
    }
    match beside_live(context, definition, parsed, checked) {
        Ok(true) => Ok(Some(Vec::new())),
        Ok(false) => Ok(None),
        Err(MigrateError::Pg(refused)) if cannot_be_made(&refused) => Ok(None),
        Err(MigrateError::Pg(lost)) => Err(lost.into()),
        Err(error) => Ok(Some(vec![lineages::failed(name, error)])),
    }
}

/// Whether there is a schema for them in the live database, which is rolled back.
fn beside_live(
    context: &Context,
    definition: &Definition,
    parsed: &Parsed,
    checked: &mut Checked,
) -> Result<bool, MigrateError> {
    let mut session = context.open_read_models("check")?.to_write()?;
    let tried = scratch::within_live(&mut session, &parsed.lineage, |transaction, at| {
        against_tables(transaction, at, definition, parsed, checked)
    });
    Ok(tried?.is_some())
}

/// A standby lets nobody make a schema, and who only looks need not be able to.
fn cannot_be_made(error: &PgError) -> bool {
    error.is_denied()
        || error.is_contention()
        || matches!(error, PgError::ReadOnly { .. } | PgError::Pooled { .. })
}

/// Everything that needs the tables: types, names, determinism, engines, assertions.
fn against_tables(
    transaction: &mut Transaction<'_>,
    at: &Ident,
    definition: &Definition,
    parsed: &Parsed,
    checked: &mut Checked,
) -> Result<(), PgError> {
    let name = &definition.projection;
    // As a rebuild does: what a revision sets is for its own statements.
    transaction.renew_settings()?;
    checked.handlers += parsed.handlers.handlers.len();
    let faults = match typing::infer(transaction, at, &parsed.handlers, Written::Now) {
        Ok(types) => {
            let found = reach::look(transaction, at, definition, parsed, &types)?;
            note_dependencies(name, &found, checked);
            // What must be changed anyway need not be told to run in SQL until then.
            if found.is_clean() {
                let explained = explain::of_rebuild(transaction, at, definition, parsed, &types)?;
                note_engines(&explained, checked);
            }
            let reach::Found { mut faults, outside, .. } = found;
            faults.extend(outside);
            faults
        }
        Err(ProgramError::Faults(faults) | ProgramError::Outside(faults)) => faults,
        Err(ProgramError::Pg(lost)) => return Err(lost),
        Err(other) => {
            checked.findings.push(Finding::mistake(Gate::Handlers, name, other.to_string()));
            return Ok(());
        }
    };
    checked.findings.extend(faults.into_iter().map(|fault| {
        Finding::mistake(Gate::Handlers, name, fault.message).at(Some(fault.place)).hint(fault.hint)
    }));
    checked.findings.extend(broken_checks(transaction, at, definition, &parsed.checks)?);
    Ok(())
}

/// What a rebuild depends on besides the log and the definition, as the projection says, and what may be a
/// mistake.
fn note_dependencies(name: &str, found: &reach::Found, checked: &mut Checked) {
    let reads = found.depends_on.iter().map(|relation| {
        format!("a rebuild depends on {relation}: when it changes, the same events give other rows")
    });
    let trusted = found
        .trusted
        .iter()
        .map(|function| format!("the function {function} is trusted: it was not looked into"));
    let note = |message| Finding::new(Gate::Handlers, Severity::Note, name, message);
    checked.findings.extend(reads.chain(trusted).map(note));
    checked.findings.extend(found.doubts.iter().map(|doubt| {
        Finding::new(Gate::Handlers, Severity::Warning, name, doubt.message.clone())
            .at(Some(doubt.place.clone()))
            .hint(doubt.hint.clone())
    }));
}

/// Why handlers run in SQL, unless their projection asks for that.
fn note_engines(explained: &Explained, checked: &mut Checked) {
    let native = explained.handlers.iter().filter(|h| h.engine == Engine::Native);
    checked.native_handlers += native.count();
    let in_sql = |h: &ExplainedHandler| {
        let always = h.rejections.clone().into_iter().map(|why| ("runs in SQL", why));
        let followed = h.followed.clone().into_iter();
        always
            .chain(followed.map(|why| ("runs in SQL while the build is followed", why)))
            .collect::<Vec<_>>()
    };
    let rejections = explained.handlers.iter().flat_map(in_sql);
    checked.findings.extend(rejections.map(|(runs, rejection)| {
        let message = format!("{runs}: {}", rejection.reason);
        Finding::new(Gate::Handlers, Severity::Note, &explained.projection, message)
            .at(Some(rejection.place))
    }));
}

/// Assertions that PostgreSQL cannot prepare, or refuses to run as a rebuild does.
fn broken_checks(
    transaction: &mut Transaction<'_>,
    scratch: &Ident,
    definition: &Definition,
    checks: &[crate::handler::Check],
) -> Result<Vec<Finding>, PgError> {
    let Some(file) = &definition.checks else { return Ok(Vec::new()) };
    SearchPath::of(transaction, scratch, NAME)?.set(transaction)?;
    let mut findings = Vec::new();
    for check in checks {
        let described = transaction.savepoint()?.describe(&check.sql);
        let (refused, position) = match described {
            Ok(_) => (assertions::refused(transaction, check)?, None),
            Err(PgError::Server(error)) => {
                let position = error.position;
                (Some(error), position)
            }
            Err(lost) => return Err(lost),
        };
        let Some(error) = refused else { continue };
        let characters = position.map_or(0, |at| usize::try_from(at).unwrap_or(1) - 1);
        let inside = check.sql.char_indices().nth(characters).map_or(0, |(offset, _)| offset);
        let message = match error.code.as_str() {
            "25006" => format!("a check only reads: {}", error.message),
            _ => error.message.clone(),
        };
        findings.push(
            Finding::mistake(Gate::Handlers, &definition.projection, message)
                .at(Some(file.place(check.span.start + inside)))
                .hint(error.hint.clone()),
        );
    }
    Ok(findings)
}
