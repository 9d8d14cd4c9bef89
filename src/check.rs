//! Check: what would go wrong, found before the deploy.
//!
//! Each projection's lineage runs in a scratch schema, every handler is prepared against
//! its tables, and the transaction is rolled back: nothing is ever written. The log,
//! where there is one, says whether each of its versions has a path.

use std::collections::BTreeSet;

use crate::census::{self, CensusError};
use crate::definition::{Definition, DefinitionErrors};
use crate::ident::Ident;
use crate::log::LogError;
use crate::migrate::{self, MigrateError};
use crate::pg::{PgError, Session, Sql, Transaction};
use crate::project::ProjectError;
use crate::rebuild::sql_engine::{ProgramError, determinism, typing};
use crate::revision::RevisionError;
use crate::site::Site;
use crate::source::Place;

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it concerns: a projection's name, `event_store` or `log`.
    pub about: String,
    /// Where, if it has a place in a file.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do, where PostgreSQL or regrow has an idea.
    pub hint: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The projections looked at.
    pub projections: Vec<String>,
    /// Handlers that were prepared.
    pub handlers: usize,
    /// Everything wrong.
    pub findings: Vec<Finding>,
}

/// Why a check could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The project's files cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The log cannot be read.
    #[error(transparent)]
    Census(#[from] CensusError),
}

/// Checks projections; all of the project's where none is named.
///
/// # Errors
/// The check itself could not be made. What is wrong is in [`Checked::findings`].
pub fn check(site: &Site, names: &[String]) -> Result<Checked, CheckError> {
    let all: Vec<String> = site.project.projections.keys().cloned().collect();
    let names = if names.is_empty() { all } else { names.to_vec() };
    let mut checked = Checked { projections: names.clone(), ..Checked::default() };
    let mut session = site.open_read_models("check")?;
    if let Err(error) = site.project.event_store_lineage() {
        checked.findings.extend(lines("event_store", &error.to_string()));
    }
    for name in &names {
        let definition = site.project.definition(name)?;
        check_definition(&mut session, &definition, &mut checked)?;
    }
    match census::census(site) {
        Ok(census) => checked.findings.extend(uncovered(&census)),
        // A log that is not there yet has no versions to cover.
        Err(CensusError::Log(LogError::Missing { .. })) => {}
        Err(CensusError::Files(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut told = BTreeSet::new();
    // Projections share upcasters: one mistake is told once.
    checked
        .findings
        .retain(|f| f.place.is_none() || told.insert((f.place.clone(), f.message.clone())));
    Ok(checked)
}

/// What is wrong with a definition's files, in the order lineage, handlers, upcasters.
fn misread(about: &str, errors: &DefinitionErrors) -> Vec<Finding> {
    let finding = |place: Option<Place>, message: String| Finding {
        about: about.to_owned(),
        place,
        message,
        hint: None,
    };
    let revisions = errors.revisions.iter().map(|e| match e {
        RevisionError::Head { place, reason } => finding(Some(place.clone()), reason.clone()),
        other => finding(None, other.to_string()),
    });
    let handlers =
        errors.handlers.iter().map(|e| finding(Some(e.place.clone()), e.kind.to_string()));
    let upcasters =
        errors.upcasters.iter().map(|e| finding(Some(e.place.clone()), e.message.clone()));
    revisions.chain(handlers).chain(upcasters).collect()
}

fn lines(about: &str, text: &str) -> Vec<Finding> {
    let finding = |line: &str| Finding {
        about: about.to_owned(),
        place: None,
        message: line.to_owned(),
        hint: None,
    };
    text.lines().map(finding).collect()
}

fn check_definition(
    session: &mut Session,
    definition: &Definition,
    checked: &mut Checked,
) -> Result<(), PgError> {
    let name = &definition.projection;
    let parsed = match definition.parse() {
        Ok(parsed) => parsed,
        Err(errors) => {
            checked.findings.extend(misread(name, &errors));
            return Ok(());
        }
    };
    let scratch = Ident::new(format!("{name}__check"))
        .unwrap_or_else(|e| unreachable!("a projection's name leaves room for more: {e}"));
    let mut transaction = session.begin()?;
    transaction.run(&format!("CREATE SCHEMA {}", scratch.quoted()))?;
    for revision in &parsed.lineage.revisions {
        match migrate::apply(&mut transaction, &scratch, name, revision) {
            Ok(()) => {}
            Err(MigrateError::Pg(lost)) => return Err(lost),
            Err(MigrateError::Failed { place, error, .. }) => {
                checked.findings.push(Finding {
                    about: name.clone(),
                    place: Some(place),
                    message: error.to_string(),
                    hint: error.hint,
                });
                return Ok(());
            }
            Err(other) => {
                checked.findings.extend(lines(name, &other.to_string()));
                return Ok(());
            }
        }
    }
    checked.handlers += parsed.handlers.handlers.len();
    let faults = match typing::infer(&mut transaction, &scratch, &parsed.handlers) {
        Ok(types) => determinism::faults(&mut transaction, &scratch, &parsed, &types)?,
        Err(ProgramError::Faults(faults)) => faults,
        Err(ProgramError::Pg(lost)) => return Err(lost),
        Err(other) => {
            checked.findings.extend(lines(name, &other.to_string()));
            return Ok(());
        }
    };
    checked.findings.extend(faults.into_iter().map(|fault| Finding {
        about: name.clone(),
        place: Some(fault.place),
        message: fault.message,
        hint: fault.hint,
    }));
    checked.findings.extend(broken_checks(&mut transaction, &scratch, definition, &parsed.checks)?);
    Ok(())
}

/// Assertions that PostgreSQL cannot prepare.
fn broken_checks(
    transaction: &mut Transaction<'_>,
    scratch: &Ident,
    definition: &Definition,
    checks: &[crate::handler::Check],
) -> Result<Vec<Finding>, PgError> {
    let Some(file) = &definition.checks else { return Ok(Vec::new()) };
    transaction.run(&format!("SET LOCAL search_path = {}, pg_temp", scratch.quoted()))?;
    let mut findings = Vec::new();
    for check in checks {
        let mut savepoint = transaction.savepoint()?;
        match savepoint.describe(&check.sql) {
            Ok(_) => {}
            Err(PgError::Server(error)) => {
                let characters =
                    error.position.map_or(0, |at| usize::try_from(at).unwrap_or(1) - 1);
                let inside =
                    check.sql.char_indices().nth(characters).map_or(0, |(offset, _)| offset);
                findings.push(Finding {
                    about: definition.projection.clone(),
                    place: Some(file.place(check.span.start + inside)),
                    message: error.message.clone(),
                    hint: error.hint.clone(),
                });
            }
            Err(lost) => return Err(lost),
        }
    }
    Ok(findings)
}

fn uncovered(census: &census::Census) -> Vec<Finding> {
    census
        .kinds
        .iter()
        .filter_map(|kind| {
            let problem = kind.problem.as_ref()?;
            Some(Finding {
                about: "log".into(),
                place: None,
                message: format!(
                    "{problem}; the log holds {} of them, the first at position {}",
                    kind.events, kind.first
                ),
                hint: Some(format!("add a step to migrations/events/{}.toml", kind.event_type)),
            })
        })
        .collect()
}
