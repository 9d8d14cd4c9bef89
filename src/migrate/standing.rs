//! Where lineages stand: their files, their schema, what was applied there.
//!
//! The event store has one schema. A projection's lineage stands where its live build does;
//! one that was never built stands nowhere yet.

use std::collections::BTreeSet;

use super::divergence::{Divergence, divergences};
use super::{MigrateError, Report};
use crate::context::Context;
use crate::ident::Ident;
use crate::identity;
use crate::ledger::{self, Age, Build, State};
use crate::pg::history::{self, Applied, Recorded};
use crate::pg::{PgError, Session, Sql};
use crate::project::{Project, ProjectError};
use crate::revision::target::{Target, TargetError};
use crate::revision::{EVENT_STORE, Lineage, Revision};

/// A lineage and what was applied of it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The files.
    pub lineage: Lineage,
    /// The schema; none for a projection that was never built.
    pub schema: Option<Ident>,
    /// The live build, for a projection that has one.
    pub build: Option<Build>,
    /// What ran, by version.
    pub applied: Vec<Applied>,
}

impl Standing {
    /// The event store's, in a session with its server.
    ///
    /// # Errors
    /// Broken files, or the server refuses.
    pub fn of_event_store(
        project: &Project,
        session: &mut Session,
    ) -> Result<Standing, MigrateError> {
        let lineage = project.event_store_lineage()?;
        let schema = project.config.event_store_schema();
        let applied = history::applied(session, &schema)?;
        Ok(Standing { lineage, schema: Some(schema), build: None, applied })
    }

    /// A projection's, in a session with the server of the read models.
    ///
    /// # Errors
    /// Broken files, or the server refuses.
    pub fn of_projection(
        context: &Context,
        session: &mut Session,
        name: &str,
    ) -> Result<Standing, MigrateError> {
        let lineage = context.project.projection_lineage(name)?;
        let builds = match ledger::age(session)? {
            Age::Absent => Vec::new(),
            Age::Older | Age::Current => ledger::builds(session, Some(name))?,
        };
        // Another project's projection of the same name is no concern of this one.
        let builds = identity::own_builds(context, session, builds)?;
        let build = builds.into_iter().find(|b| b.state == State::Live);
        let schema = build.as_ref().map(|b| b.schema.clone());
        let applied = match &schema {
            Some(schema) => history::applied(session, schema)?,
            None => Vec::new(),
        };
        Ok(Standing { lineage, schema, build, applied })
    }

    /// The versions that are applied.
    #[must_use]
    pub fn versions(&self) -> BTreeSet<i64> {
        self.applied.iter().map(|a| a.version).collect()
    }

    /// The revisions it stands at.
    #[must_use]
    pub fn at(&self) -> Vec<&Revision> {
        self.lineage.tips(&self.versions())
    }

    /// The revisions that have not run, in order.
    #[must_use]
    pub fn pending(&self) -> Vec<&Revision> {
        let ran = self.versions();
        self.lineage.revisions.iter().filter(|r| !ran.contains(&r.version)).collect()
    }

    /// The revisions that lead to a target, in order.
    ///
    /// # Errors
    /// It leads nowhere.
    pub fn plan(&self, target: &Target) -> Result<Vec<&Revision>, TargetError> {
        self.lineage.upgrade(&self.versions(), target)
    }

    /// What a run did that ended here.
    pub(crate) fn report(&self, ran: Vec<String>) -> Report {
        let at = self.at().iter().map(|r| r.stem()).collect();
        Report { lineage: self.lineage.name.clone(), ran, at }
    }

    /// Files and history compared.
    ///
    /// # Errors
    /// Refinery does not take a revision's name.
    pub fn divergences(&self) -> Result<Vec<Divergence>, MigrateError> {
        Ok(divergences(&self.lineage, &self.applied)?)
    }

    /// Refuses where files and history differ.
    pub(crate) fn agreed(self) -> Result<Standing, MigrateError> {
        self.agreed_but(None, false)
    }

    /// Refuses where files and history differ, but not for an edit of the revision `edited`, nor for
    /// revisions that come late, if they may.
    pub(super) fn agreed_but(
        self,
        edited: Option<&str>,
        late: bool,
    ) -> Result<Standing, MigrateError> {
        let mut found = self.divergences()?;
        found.retain(|d| match d {
            Divergence::Edited { stem, .. } => Some(stem.as_str()) != edited,
            Divergence::OutOfOrder { .. } => !late,
            _ => true,
        });
        if found.is_empty() { Ok(self) } else { Err(MigrateError::Divergent(found)) }
    }

    /// The catalog as the last run left it, unless something else ran since.
    ///
    /// # Errors
    /// The server refuses.
    pub fn recorded(&self, session: &mut impl Sql) -> Result<Option<Recorded>, PgError> {
        let Some(schema) = &self.schema else { return Ok(None) };
        let versions: Vec<i64> = self.applied.iter().map(|a| a.version).collect();
        Ok(history::recorded(session, schema)?.filter(|r| r.versions == versions))
    }
}

/// Reads a target, and says which lineage is meant: the one before its `@`, the one that was
/// asked for, or the event store.
///
/// # Errors
/// It is not a target, or names no lineage of the project.
pub fn target(
    project: &Project,
    lineage: Option<&str>,
    text: Option<&str>,
) -> Result<(String, Target), MigrateError> {
    let is_lineage = |name: &str| name == EVENT_STORE || project.projections.contains_key(name);
    let target = match text {
        Some(text) => Target::parse(text, is_lineage)?,
        None => Target::head(None),
    };
    let name = match (&target.lineage, lineage) {
        (Some(named), Some(asked)) if named != asked => {
            return Err(TargetError::Unreadable { text: text.unwrap_or_default().into() }.into());
        }
        (Some(name), _) => name.clone(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => EVENT_STORE.to_owned(),
    };
    if is_lineage(&name) {
        return Ok((name, target));
    }
    Err(no_lineage(project, &name))
}

/// A lineage's files, by its name.
///
/// # Errors
/// There is none of that name, or its files are broken.
pub fn lineage(project: &Project, name: &str) -> Result<Lineage, MigrateError> {
    if name == EVENT_STORE {
        return Ok(project.event_store_lineage()?);
    }
    match project.projection_lineage(name) {
        Err(ProjectError::Unknown { .. }) => Err(no_lineage(project, name)),
        other => Ok(other?),
    }
}

/// The names of a project's lineages: the event store, unless the log is another library's,
/// then the projections; or the one that was asked for.
///
/// # Errors
/// There is none of the name that was asked for.
pub fn names(project: &Project, asked: Option<&str>) -> Result<Vec<String>, MigrateError> {
    let own = (!project.adopts()).then(|| EVENT_STORE.to_owned());
    let all: Vec<String> = own.into_iter().chain(project.projections.keys().cloned()).collect();
    match asked {
        None => Ok(all),
        Some(name) if all.iter().any(|n| n == name) => Ok(vec![name.to_owned()]),
        Some(name) => Err(no_lineage(project, name)),
    }
}

fn no_lineage(project: &Project, name: &str) -> MigrateError {
    let known = std::iter::once(EVENT_STORE.to_owned());
    MigrateError::NoLineage {
        name: name.to_owned(),
        known: known.chain(project.projections.keys().cloned()).collect(),
    }
}

/// Where lineages of a project stand, in the order of [`names`].
///
/// # Errors
/// No server, or broken files.
pub fn current(context: &Context, asked: Option<&str>) -> Result<Vec<Standing>, MigrateError> {
    let names = names(&context.project, asked)?;
    let mut standings = Vec::new();
    let mut reads: Option<Session> = None;
    for name in names {
        if name == EVENT_STORE {
            let mut session = Session::open(&context.event_store, "current")?;
            standings.push(Standing::of_event_store(&context.project, &mut session)?);
            if context.one_server() {
                reads = Some(session);
            }
            continue;
        }
        let session = match &mut reads {
            Some(session) => session,
            empty => empty.insert(context.open_read_models("current")?),
        };
        standings.push(Standing::of_projection(context, session, &name)?);
    }
    Ok(standings)
}
