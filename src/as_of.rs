//! As of: read models as they were at one moment of the log, in a schema of their own.
//!
//! The moment is turned into a position once: the longest part from the log's beginning in which no event was recorded
//! after it. Every projection is built up to that position in one pass, so they fit each other, and shown by views in a
//! schema that nobody had before. Such builds stand still: no run follows them, no promote or rollback shows them in
//! place of the projection, and they go only by name.
//!
//! A clock is no order. Events behind the position that were recorded at the moment or before are counted and told,
//! and so are events of which nobody knows when they were recorded.

use std::time::Duration;

use crate::context::{Context, ContextError};
use crate::event::Position;
use crate::ident::Ident;
use crate::identity::{self, IdentityError};
use crate::ledger::{self, AsOf, Build, LedgerError, State};
use crate::log::{LogError, Prefix};
use crate::pg::{PgError, Session, Sql, lock};
use crate::promote::{self, Place, PromoteError};
use crate::rebuild::{self, Options, Outcome, RebuildError, Until};
use crate::report::point::{AsOfEntry, AsOfReport};

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The projections.
    pub names: Vec<String>,
    /// The moment, or a position.
    pub at: Until,
    /// The schema of the views. It must not be there.
    pub publish: Ident,
}

/// What is shown.
#[derive(Debug)]
pub struct Shown {
    /// The position that it ends with.
    pub position: Position,
    /// What the log says of the moment; nothing where a position was asked for.
    pub prefix: Option<Prefix>,
    /// What became of each build.
    pub outcomes: Vec<Outcome>,
    /// The views, if every build got there.
    pub views: Option<Vec<String>>,
}

/// Builds that are shown together.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The schema of the views.
    pub publish: String,
    /// The moment that was asked for.
    pub moment: Option<String>,
    /// The builds.
    pub builds: Vec<Build>,
    /// Where the schema is by now. It is made when every build got there.
    pub place: Place,
}

impl Standing {
    /// Whether the views are there.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.place.own().is_some()
    }
}

impl Shown {
    /// What is shown in a schema, if every build got there.
    #[must_use]
    pub fn report(&self, publish: &Ident) -> Option<AsOfReport> {
        let prefix = self.prefix.as_ref();
        let builds = self.outcomes.iter().map(|outcome| &outcome.build);
        Some(AsOfReport {
            publish: publish.to_string(),
            position: self.position.0,
            moment: prefix.map(|p| p.moment.clone()),
            recorded_by_then_and_later_in_the_log: prefix.map(|p| p.later),
            without_a_time: prefix.map(|p| p.unknown),
            skipped: builds.clone().map(|build| build.skipped).sum(),
            builds: builds.map(|build| build.schema.to_string()).collect(),
            views: self.views.clone()?,
        })
    }
}

impl Standing {
    /// The schemas of the builds.
    #[must_use]
    pub fn schemas(&self) -> Vec<String> {
        self.builds.iter().map(|build| build.schema.to_string()).collect()
    }

    /// The last position of what is shown.
    #[must_use]
    pub fn position(&self) -> Position {
        self.builds.iter().filter_map(|build| build.until).max().unwrap_or(Position(0))
    }

    /// What is shown, and where.
    #[must_use]
    pub fn report(&self) -> AsOfEntry {
        AsOfEntry {
            publish: self.publish.clone(),
            moment: self.moment.clone(),
            position: self.position().0,
            builds: self.schemas(),
            shown: self.is_shown(),
            schema: self.place.own().map(ToString::to_string),
        }
    }
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum AsOfError {
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
    /// The log is not the one that builds were made from.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The builds could not be made.
    #[error(transparent)]
    Rebuild(#[from] RebuildError),
    /// They could not be shown, or not be dropped.
    #[error(transparent)]
    Promote(#[from] PromoteError),
    /// The moment has yet to come.
    #[error("{moment} has yet to come, and events of before may still be recorded")]
    Future {
        /// The moment.
        moment: String,
    },
    /// The position has yet to come.
    #[error("the log ends at position {end}, before position {position}")]
    Beyond {
        /// The position.
        position: Position,
        /// The log's end.
        end: Position,
    },
    /// Another run is at work on the schema.
    #[error("another run makes or drops the schema {publish}")]
    Busy {
        /// The schema.
        publish: String,
    },
    /// The schema is no new one.
    #[error(
        "the schema {publish} is there already, and regrow did not make it; as-of shows a point of the log in a schema of its own"
    )]
    There {
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
    /// The log has nothing up to there.
    #[error("the log has no event up to {at}")]
    Nothing {
        /// The moment or the position.
        at: String,
    },
    /// The schema is shown already.
    #[error("the schema {publish} shows another point of the log already")]
    Taken {
        /// The schema.
        publish: String,
    },
    /// Nothing is shown there.
    #[error("no point of the log is shown in a schema {publish}")]
    Unknown {
        /// What was typed.
        publish: String,
        /// Where something is shown.
        there: Vec<String>,
    },
}

/// Builds projections up to a moment and shows them.
///
/// # Errors
/// The moment is none or has yet to come, the schema is there, or nothing could be begun. What went wrong with one build
/// is in its [`Outcome`]; then nothing is shown.
pub fn show(context: &Context, request: &Request) -> Result<Shown, AsOfError> {
    let publish = &request.publish;
    let found = list(context)?.into_iter().find(|one| one.publish == publish.as_str());
    if let Some(whose) = context.reserved_for(publish) {
        return Err(AsOfError::Reserved { publish: publish.to_string(), whose });
    }
    let mut session = context.open_read_models("as-of")?.to_write()?;
    // Until the end: it goes with the session.
    claim(&mut session, publish)?;
    if found.as_ref().is_some_and(Standing::is_shown) {
        return Err(AsOfError::Taken { publish: publish.to_string() });
    }
    let is_there =
        "SELECT pg_catalog.to_regnamespace(pg_catalog.quote_ident($1::text)) IS NOT NULL";
    if session.query_one(is_there, &[&publish.as_str()])?.get(0) {
        return Err(AsOfError::There { publish: publish.to_string() });
    }
    // What was not finished is made anew: the log may have changed.
    if let Some(standing) = found {
        promote::drop_shown(context, &mut session, &standing.place, &standing.builds)?;
    }
    let (position, prefix) = point(context, &request.at)?;
    let moment = prefix.as_ref().map(|prefix| prefix.moment.clone());
    let as_of = AsOf { publish: publish.as_str().to_owned(), moment };
    let options = Options {
        until: Some(Until::Position(position)),
        as_of: Some(as_of),
        ..Options::default()
    };
    let outcomes = rebuild::rebuild(context, &request.names, &options)?;
    let mut views = None;
    if outcomes.iter().all(|outcome| outcome.result.is_ok()) {
        let builds: Vec<Build> = outcomes.iter().map(|outcome| outcome.build.clone()).collect();
        views = Some(promote::show(&mut session, publish, &builds)?);
    }
    Ok(Shown { position, prefix, outcomes, views })
}

/// Keeps other runs from the schema for as long as the session lasts.
fn claim(session: &mut Session, publish: &Ident) -> Result<(), AsOfError> {
    match lock::acquire(session, &format!("as-of {publish}"), Duration::ZERO)? {
        true => Ok(()),
        false => Err(AsOfError::Busy { publish: publish.to_string() }),
    }
}

/// The position that a moment comes to.
fn point(context: &Context, at: &Until) -> Result<(Position, Option<Prefix>), AsOfError> {
    let (mut session, log) = context.open_log("as-of")?;
    // Who is writing now may have begun before the moment, and takes a position above those that can be seen.
    let end = context.barrier(&mut session, &log)?.position();
    let (position, prefix, words) = match at {
        Until::Position(position) if *position > end => {
            return Err(AsOfError::Beyond { position: *position, end });
        }
        Until::Position(position) => (*position, None, format!("position {position}")),
        Until::Timestamp(moment) => {
            let prefix = log.prefix_at(&mut session, moment)?;
            if prefix.is_future {
                return Err(AsOfError::Future { moment: prefix.moment });
            }
            let words = prefix.moment.clone();
            (prefix.until, Some(prefix), words)
        }
    };
    if position <= Position(0) {
        return Err(AsOfError::Nothing { at: words });
    }
    Ok((position, prefix))
}

/// What is shown of this project's log, by schema.
///
/// # Errors
/// A server refuses.
pub fn list(context: &Context) -> Result<Vec<Standing>, AsOfError> {
    let mut session = context.open_ledger("as-of")?;
    let builds = ledger::builds(&mut session, None)?;
    let builds = identity::own_builds(context, &mut session, builds)?;
    let mut all: Vec<Standing> = Vec::new();
    for build in builds {
        let Some(as_of) = build.as_of.clone().filter(|_| build.state != State::Dropped) else {
            continue;
        };
        match all.iter_mut().find(|one| one.publish == as_of.publish) {
            Some(standing) => standing.builds.push(build),
            None => {
                let AsOf { publish, moment } = as_of;
                all.push(Standing { publish, moment, builds: vec![build], place: Place::Gone });
            }
        }
    }
    for one in &mut all {
        one.place = Place::of(&mut session, &one.publish, &one.builds)?;
    }
    all.sort_by(|a, b| a.publish.cmp(&b.publish));
    Ok(all)
}

/// Takes away what a schema shows: its views, their builds, and the schema, whatever that is called by now. A schema of
/// that name that somebody else has made stays.
///
/// # Errors
/// Nothing is shown there, something of others depends on it or lies in it, or a server refuses.
pub fn drop_schema(context: &Context, publish: &str) -> Result<Standing, AsOfError> {
    let all = list(context)?;
    let there = all.iter().map(|one| one.publish.clone()).collect();
    let is_named = |one: &&Standing| one.place.own().is_some_and(|now| now.as_str() == publish);
    let found = all.iter().find(is_named).or_else(|| all.iter().find(|one| one.publish == publish));
    let standing =
        found.cloned().ok_or_else(|| AsOfError::Unknown { publish: publish.to_owned(), there })?;
    let name = Ident::new(standing.publish.clone()).map_err(LedgerError::from)?;
    let mut session = context.change_ledger("as-of")?;
    claim(&mut session, &name)?;
    promote::drop_shown(context, &mut session, &standing.place, &standing.builds)?;
    Ok(standing)
}
