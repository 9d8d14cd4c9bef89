//! Why a build and a log do not belong together, and what to do about it.

use std::fmt;

use crate::event::Position;
use crate::ledger::{Build, State};

/// Why a build and a log do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The log ends before the build's checkpoint.
    #[error(
        "{build} has read the log up to position {position}, and the log ends at position {highest}: it was set back"
    )]
    Behind {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// Its checkpoint.
        position: Position,
        /// The highest position the log has given out.
        highest: Position,
    },
    /// Another event stands where the build has read one.
    #[error("the log is not the one that {build} has read: at position {at} it has another event")]
    Changed {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// The position.
        at: Position,
    },
    /// An event is gone, and it cannot be told from a log that lost its end.
    #[error("the event at position {at}, which {build} has read, is not in the log; {doubt}")]
    Gone {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// The position.
        at: Position,
        /// Why it need not have been deleted.
        doubt: Doubt,
    },
    /// The rows of the log are read in another way than they were for the build.
    #[error(
        "{build} was made by another [event_store.adopt]: {} something else by now, so events that it has read are others",
        says(.keys)
    )]
    Mapping {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// The keys of the section that differ.
        keys: Vec<String>,
    },
    /// A view or a function that the log was read through for the build has another definition.
    #[error(
        "{build} was made when {} had another definition, so events that it has read may be others",
        .parts.join(", ")
    )]
    Redefined {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// Views and functions.
        parts: Vec<String>,
    },
    /// The build was made from another log of the same ledger.
    #[error("{build} was made from the log {theirs}, and this project's log is {ours}")]
    OtherLog {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// The log's name that it was made from.
        theirs: String,
        /// Our log's name.
        ours: String,
    },
    /// A build that is older than logs in the ledger, of a projection that the project does not have.
    #[error(
        "it is not known from which log {build} was made, and this project has no projection {projection}"
    )]
    Unclaimed {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
    },
    /// The log begins later than it did for a build that readers see.
    #[error("the log begins at {}, and it began at position {was} for {build}", begins(.now))]
    BeginsLater {
        /// The build readers see.
        build: String,
        /// Its projection.
        projection: String,
        /// Where it began.
        was: Position,
        /// Where it begins; `None` if it is empty.
        now: Option<Position>,
    },
}

/// Why an event that is gone need not have been deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The log is not known to be where it was.
    Moved,
    /// No event that was remembered is there.
    All,
    /// Events around it were written after it was read, or that cannot be told.
    Newer,
    /// Nobody has looked yet.
    Open,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doubt::Moved => {
                "the log is on another server or timeline since, so its end may have been lost"
            }
            Doubt::All => "nor is any other event that was remembered, so it may be another log",
            Doubt::Newer => {
                "events before it were written later, so the log may have been set back"
            }
            Doubt::Open => "it was deleted, or the log was set back",
        })
    }
}

fn says(keys: &[String]) -> String {
    match keys {
        [one] => format!("{one} says"),
        several => format!("{} say", several.join(", ")),
    }
}

pub(super) fn begins(now: &Option<Position>) -> String {
    now.map_or_else(|| "no event at all".into(), |p| format!("position {p}"))
}

impl Fault {
    /// The projection of the build.
    #[must_use]
    pub fn projection(&self) -> &str {
        match self {
            Fault::Behind { projection, .. }
            | Fault::Changed { projection, .. }
            | Fault::Gone { projection, .. }
            | Fault::Mapping { projection, .. }
            | Fault::Redefined { projection, .. }
            | Fault::OtherLog { projection, .. }
            | Fault::Unclaimed { projection, .. }
            | Fault::BeginsLater { projection, .. } => projection,
        }
    }

    /// The name of its reason (docs/errors.md).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Behind { .. } => "log-behind-build",
            Fault::Changed { .. } | Fault::Gone { .. } => "log-changed",
            Fault::BeginsLater { .. } => "log-begins-later",
            Fault::Mapping { .. } | Fault::Redefined { .. } => "log-read-otherwise",
            Fault::OtherLog { .. } | Fault::Unclaimed { .. } => "build-of-another-log",
        }
    }

    /// What to do about it, for the build it is of. One that nobody sees any more needs no other.
    #[must_use]
    pub fn next_of(&self, build: &Build) -> String {
        let is_of_the_past = matches!(
            self,
            Fault::Behind { .. }
                | Fault::Changed { .. }
                | Fault::Gone { .. }
                | Fault::Mapping { .. }
                | Fault::Redefined { .. }
        );
        match build.state {
            State::Retired if is_of_the_past => format!(
                "readers do not see it, and it can be shown again as it is (rollback --stale); to have it gone: regrow prune {}",
                build.schema
            ),
            _ => self.next(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Fault::Behind { projection, .. }
            | Fault::Changed { projection, .. }
            | Fault::Redefined { projection, .. } => {
                format!("build it from the log as it is now: regrow rebuild {projection} --promote")
            }
            Fault::Gone { projection, .. } => format!(
                "if it was deleted on purpose, say so with --events-deleted, which run, resume, promote, rollback and verify have; \
                 if not, build it from the log as it is now: regrow rebuild {projection} --promote"
            ),
            Fault::Mapping { projection, .. } => format!(
                "build it as config.toml has the section now: regrow rebuild {projection} --promote; or put the section back"
            ),
            Fault::OtherLog { theirs, .. } => format!(
                "two projects that share a ledger need different names for their projections; if it is the same log under a new name, say so: \
                 [event_store] name = {theirs:?}"
            ),
            Fault::Unclaimed { projection, .. } => {
                format!("run the project that has it, or drop it: regrow prune {projection}")
            }
            Fault::BeginsLater { now, .. } => match now {
                Some(now) => format!(
                    "if a new build may do without the events before it, repeat the command with --log-begins-at {now}"
                ),
                None => {
                    "a build of an empty log would be empty; bring the events back first".into()
                }
            },
        }
    }
}
