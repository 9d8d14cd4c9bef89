//! Parked events: which there are, one of them with its payload, and letting go of those that an operator has dealt with.

use crate::context::{Context, ContextError};
use crate::event::Position;
use crate::identity::{self, IdentityError};
use crate::ledger::{self, Build, LedgerError, ParkedEvent, State};
use crate::log::LogError;
use crate::pg::{PgError, Session};
use crate::project::ProjectError;
use crate::report::parked::ParkedWithPayload;

/// Why parked events are not shown or dropped.
#[derive(Debug, thiserror::Error)]
pub enum ParkedError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// It cannot be told which builds are the project's.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Nothing goes by that name.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// No such event was parked.
    #[error("{name} has parked no event at position {position}")]
    NotParked {
        /// The projection or build.
        name: String,
        /// The position.
        position: Position,
    },
}

/// A parked event, with its payload if that was asked for and can be read.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The event, and why it was parked.
    pub event: ParkedEvent,
    /// Its payload in the log as it is now.
    pub payload: Option<String>,
}

impl Shown {
    /// The event, with its payload if that was asked for.
    #[must_use]
    pub fn report(&self, with_payload: bool) -> ParkedWithPayload {
        ParkedWithPayload {
            event: self.event.report(),
            payload: with_payload.then(|| self.payload.clone()),
        }
    }
}

/// The parked events of a projection or a build, or of all of the project's, the newest first, and how many there are
/// in all.
///
/// # Errors
/// Nothing goes by that name, or a server refuses.
pub fn list(
    context: &Context,
    name: Option<&str>,
    limit: i64,
) -> Result<(Vec<ParkedEvent>, i64), ParkedError> {
    let mut session = context.open_ledger("parked")?;
    let builds = builds(context, &mut session, name)?;
    let all = builds.iter().map(|b| b.parked).sum();
    let schemas: Vec<String> = builds.iter().map(|b| b.schema.to_string()).collect();
    Ok((ledger::newest_parked(&mut session, Some(&schemas), limit)?, all))
}

/// What was parked at a position, by each build of the name.
///
/// # Errors
/// There is none, or a server refuses.
pub fn show(
    context: &Context,
    name: &str,
    position: Position,
    with_payload: bool,
) -> Result<Vec<Shown>, ParkedError> {
    let (events, _) = list(context, Some(name), i64::MAX)?;
    let mut shown: Vec<Shown> = events
        .into_iter()
        .filter(|event| event.failure.position == position.0)
        .map(|event| Shown { event, payload: None })
        .collect();
    if shown.is_empty() {
        return Err(ParkedError::NotParked { name: name.to_owned(), position });
    }
    if with_payload {
        let (mut events, log) = context.open_log("parked")?;
        let payload = match log.payload(&mut events, position) {
            // An event that cannot be read may be why it was parked.
            Err(LogError::Event(_)) => None,
            payload => payload?,
        };
        shown.iter_mut().for_each(|shown| shown.payload.clone_from(&payload));
    }
    Ok(shown)
}

/// Forgets parked events of a projection or a build: one position, or all of them. Their rows were never written, and
/// never will be. Gives how many there were.
///
/// # Errors
/// There is none, or a server refuses.
pub fn drop(context: &Context, name: &str, position: Option<Position>) -> Result<i64, ParkedError> {
    let mut session = context.change_ledger("parked")?;
    let builds = builds(context, &mut session, Some(name))?;
    let ids: Vec<_> = builds.iter().map(|b| b.id).collect();
    let dropped = ledger::drop_parked(&mut session, &ids, position)?;
    match position {
        Some(position) if dropped == 0 => {
            Err(ParkedError::NotParked { name: name.to_owned(), position })
        }
        _ => Ok(dropped),
    }
}

/// The builds that a name stands for: those of a projection, or the one whose schema it is; or all of the project's.
fn builds(
    context: &Context,
    session: &mut Session,
    name: Option<&str>,
) -> Result<Vec<Build>, ParkedError> {
    let all = ledger::builds(session, None)?;
    let mut builds = identity::own_builds(context, session, all)?;
    builds.retain(|b| {
        let is_meant = name.is_none_or(|name| b.projection == name || b.schema.as_str() == name);
        b.state != State::Dropped && is_meant
    });
    if let (true, Some(name)) = (builds.is_empty(), name) {
        context.project.known(name)?;
    }
    Ok(builds)
}
