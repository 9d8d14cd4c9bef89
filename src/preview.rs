//! Preview: a build that readers do not see yet, in a schema of its own, while it is followed.
//!
//! An application that needs the new columns can be deployed before the promote: it reads the preview, and the
//! old application the views that it knows. A promote changes neither the preview nor its rights; the build goes on under
//! both names, and is not dropped, nor its projection ended, as long as the preview shows it.
//!
//! The schema must be new and is made by one transaction, which writes down its oid: it is found again, and dropped, by
//! that and not by its name. It has no grants until they are given by hand.

use std::time::Duration;

use crate::context::{Context, ContextError};
use crate::ident::{Ident, IdentError};
use crate::identity::{self, IdentityError};
use crate::ledger::{self, Build, LedgerError, State};
use crate::pg::{PgError, Session, Sql, catalog, lock};
use crate::project::ProjectError;
use crate::promote::{self, Leaving, Place, PromoteError};
use crate::report::point::PreviewReport;

/// How long to wait for readers of the views and for other work on the build.
const LOCK_TIMEOUT: &str = "5s";

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The projection.
    pub projection: String,
    /// The build, by its schema or its number; the newest that is ready if none is named.
    pub build: Option<String>,
    /// The schema of the views. It must not be there.
    pub publish: Ident,
}

/// A build that is shown.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// The schema of the views.
    pub publish: String,
    /// The build.
    pub build: Build,
    /// The views, as `schema.name`.
    pub views: Vec<String>,
    /// Where the schema is by now.
    pub place: Place,
}

impl Previewed {
    /// What is shown, and where.
    #[must_use]
    pub fn report(&self) -> PreviewReport {
        PreviewReport {
            publish: self.publish.clone(),
            projection: self.build.projection.clone(),
            build: self.build.schema.to_string(),
            state: self.build.state.name(),
            position: self.build.position.0,
            skipped: self.build.skipped,
            views: self.views.clone(),
            schema: self.place.own().map(ToString::to_string),
        }
    }
}

/// Why nothing was shown or taken away.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// It cannot be told which builds are the project's.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No projection has that name.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The views could not be made.
    #[error(transparent)]
    Promote(#[from] PromoteError),
    /// A name that was written down cannot be one.
    #[error(transparent)]
    Name(#[from] IdentError),
    /// There is no build that could be shown.
    #[error("{projection} has no build that could be shown: {there_is}")]
    NotReady {
        /// The projection.
        projection: String,
        /// What there is instead.
        there_is: String,
    },
    /// The build is shown already.
    #[error("{build} is shown in the schema {publish} already")]
    Already {
        /// The build.
        build: String,
        /// The schema.
        publish: String,
    },
    /// The name is one that regrow or PostgreSQL gives to schemas.
    #[error("{publish} is a name that {whose} gives to schemas")]
    Reserved {
        /// The name.
        publish: String,
        /// Who.
        whose: &'static str,
    },
    /// Another run is at work on the schema.
    #[error("another run makes or drops the schema {publish}")]
    Busy {
        /// The schema.
        publish: String,
    },
    /// No preview is there.
    #[error("no build is shown by a preview in the schema {publish}")]
    Unknown {
        /// What was typed.
        publish: String,
        /// Where previews are.
        there: Vec<String>,
    },
}

/// Shows a build that is ready in a schema that nobody has yet.
///
/// # Errors
/// No such build is ready, the schema is there, or the server refuses. Nothing is made then.
pub fn show(context: &Context, request: &Request) -> Result<Previewed, PreviewError> {
    let publish = &request.publish;
    if let Some(whose) = context.reserved_for(publish) {
        return Err(PreviewError::Reserved { publish: publish.to_string(), whose });
    }
    let mut session = context.change_ledger("preview")?;
    claim(&mut session, publish)?;
    let chosen = choose(context, &mut session, request)?;
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
    // A promote, a drop or another preview may have been faster.
    let [build] = ledger::lock(&mut transaction, [chosen.id])?;
    may_be_shown(&build)?;
    let (oid, views) =
        promote::make_views(&mut transaction, publish, std::slice::from_ref(&build))?;
    ledger::set_preview(&mut transaction, build.id, Some((publish.as_str(), oid)))?;
    transaction.commit("preview::show")?;
    let place = Place::Own(publish.clone());
    Ok(Previewed { publish: publish.to_string(), build, views, place })
}

/// Keeps other runs from the schema for as long as the session lasts.
fn claim(session: &mut Session, publish: &Ident) -> Result<(), PreviewError> {
    match lock::acquire(session, &format!("as-of {publish}"), Duration::ZERO)? {
        true => Ok(()),
        false => Err(PreviewError::Busy { publish: publish.to_string() }),
    }
}

fn choose(
    context: &Context,
    session: &mut Session,
    request: &Request,
) -> Result<Build, PreviewError> {
    let all = ledger::builds(session, Some(&request.projection))?;
    if all.is_empty() {
        context.project.known(&request.projection)?;
    }
    let mut builds = identity::own_builds(context, session, all)?;
    builds.retain(|build| build.state != State::Dropped);
    let is_named = |build: &Build| match &request.build {
        Some(name) => {
            build.schema.as_str() == name
                || build.number.to_string() == name.trim_start_matches('b')
        }
        None => build.state == State::Ready && build.until.is_none() && !build.is_proof,
    };
    match builds.iter().rev().find(|build| is_named(build)) {
        Some(build) => {
            may_be_shown(build)?;
            Ok(build.clone())
        }
        None => {
            let there_is = match (builds.last(), &request.build) {
                (None, _) => "it was never built".to_owned(),
                (Some(_), Some(name)) => format!("there is no build {name}"),
                (Some(last), None) => format!("{} is {}", last.schema, last.state),
            };
            Err(PreviewError::NotReady { projection: request.projection.clone(), there_is })
        }
    }
}

fn may_be_shown(build: &Build) -> Result<(), PreviewError> {
    let name = build.schema.to_string();
    if let Some(publish) = &build.preview {
        return Err(PreviewError::Already { build: name, publish: publish.clone() });
    }
    let there_is = match build {
        Build { as_of: Some(as_of), .. } => {
            format!("{name} shows one point of the log in {}", as_of.publish)
        }
        Build { is_proof: true, .. } => format!("{name} was made to be compared"),
        Build { until: Some(until), .. } => format!("{name} ends at position {until} by --until"),
        Build { state: State::Live, .. } => format!("readers see {name} already"),
        Build { state: State::Ready, .. } => return Ok(()),
        Build { state, .. } => format!("{name} is {state}"),
    };
    Err(PreviewError::NotReady { projection: build.projection.clone(), there_is })
}

/// What is shown of this project's builds.
///
/// # Errors
/// A server refuses.
pub fn list(context: &Context) -> Result<Vec<Previewed>, PreviewError> {
    let mut session = context.open_ledger("preview")?;
    let builds = ledger::builds(&mut session, None)?;
    let builds = identity::own_builds(context, &mut session, builds)?;
    let mut all = Vec::new();
    for build in builds.into_iter().filter(|build| build.state != State::Dropped) {
        let Some(publish) = build.preview.clone() else { continue };
        let place = Place::of(&mut session, &publish, std::slice::from_ref(&build))?;
        let mut views = Vec::new();
        if let Some(schema) = place.own() {
            let tables = catalog::tables(&mut session, &build.schema)?;
            let there = catalog::views(&mut session, schema)?.into_iter().map(|view| view.name);
            let shown = there.filter(|view| tables.iter().any(|table| table.name == *view));
            views = shown.map(|view| format!("{schema}.{view}")).collect();
        }
        all.push(Previewed { publish, build, views, place });
    }
    all.sort_by(|a, b| a.publish.cmp(&b.publish));
    Ok(all)
}

/// Takes a preview away: its views and its schema, whatever that is called by now. The build stays, and so does a schema
/// of that name that somebody else has made.
///
/// # Errors
/// There is none, something of others depends on it or lies in it, or the server refuses.
pub fn drop_schema(context: &Context, publish: &str) -> Result<Previewed, PreviewError> {
    let all = list(context)?;
    let there = all.iter().map(|one| one.publish.clone()).collect();
    let is_named = |one: &&Previewed| one.place.own().is_some_and(|now| now.as_str() == publish);
    let found = all.iter().find(is_named).or_else(|| all.iter().find(|one| one.publish == publish));
    let found = found
        .cloned()
        .ok_or_else(|| PreviewError::Unknown { publish: publish.to_owned(), there })?;
    let mut session = context.change_ledger("preview")?;
    claim(&mut session, &Ident::new(found.publish.clone())?)?;
    let builds = std::slice::from_ref(&found.build);
    let leaving = Leaving::of(context, &mut session, &found.place, builds)?;
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
    let [build] = ledger::lock(&mut transaction, [found.build.id])?;
    leaving.drop_views(&mut transaction)?;
    ledger::set_preview(&mut transaction, build.id, None)?;
    leaving.drop_schema(context, &mut transaction)?;
    transaction.commit("preview::drop")?;
    Ok(found)
}
