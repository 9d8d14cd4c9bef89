//! How a build stands: what the ledger and the log say of it, and whether readers may complain.

use std::time::Duration;

use super::Assertions;
use crate::config::max_lag::MaxLag;
use crate::definition::OnError;
use crate::event::Position;
use crate::figures::counted;
use crate::identity::{Fault, Redefined};
use crate::ledger::{Build, BuildProgress, Compared, Follower, SkippedKind, State, Wish};
use crate::log::lag::Lag;

/// A build and its distance from the log's end.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The build.
    pub build: Build,
    /// Events between its checkpoint and the log's end; `None` if the build does not belong to
    /// the log as it is.
    pub lag: Option<Lag>,
    /// How long ago the oldest event that it has not read was recorded; zero if it has read all. `None` if the
    /// build does not belong to the log, or the log does not say when its events were recorded.
    pub lag_time: Option<Duration>,
    /// How far it may lie behind, if the project says so.
    pub max_lag: Option<MaxLag>,
    /// Why it does not.
    pub fault: Option<Fault>,
    /// Where the log differs from what it has read, as far as it was compared.
    pub missing: Option<Compared>,
    /// Events it has read whose payload is another by now, and events that were deleted, as far as
    /// anchors tell.
    pub rewritten: Vec<Position>,
    /// See [`Standing::rewritten`].
    pub deleted: Vec<Position>,
    /// Where the log began for it, and where it begins now, if that is later.
    pub begins_later: Option<(Position, Option<Position>)>,
    /// Views that readers should see, if it is live, and that are changed or not there.
    pub unseen: Vec<UnseenView>,
    /// What it has read the log through and is not known to be as it was.
    pub redefined: Option<Redefined>,
    /// The project's files make another definition than this build has.
    pub outdated: bool,
    /// Who works on the builds of its projection just now.
    pub worker: Option<String>,
    /// How far that is between two checkpoints.
    pub progress: Option<BuildProgress>,
    /// The processes that follow it.
    pub followers: Vec<Follower>,
    /// What is known of its assertions, if readers see it; `None` also if an older regrow made the ledger.
    pub assertions: Option<Assertions>,
    /// The kinds of events that it has skipped, the largest first: no more than a few, and none if there are very many
    /// events.
    pub skipped: Vec<SkippedKind>,
    /// What the project's files say of events that fail, if the build follows its own policy instead.
    pub on_error: Option<OnError>,
    /// What goes on with it; `None` where nothing has to be done, or somebody does it.
    pub next: Option<Next>,
    /// It is a retired build that is not kept for a way back, so nobody follows it.
    pub is_let_go: bool,
    /// The payload of the event that stopped it, or its beginning, where it was asked for.
    pub payload: Option<String>,
}

/// A view that readers should see and do not.
#[derive(Debug, Clone)]
pub struct UnseenView {
    /// What is wrong with it.
    pub message: String,
    /// What to do about it, in words for people.
    pub way: Option<String>,
    /// What goes on with its build.
    pub next: Next,
}

/// A step that an operator takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Go on with the build.
    Resume,
    /// Show it to readers.
    Promote,
    /// Show it to readers, without the events that were skipped.
    Accept,
    /// Build the projection anew.
    Rebuild,
    /// Keep every build fresh.
    Run,
    /// Let it be worked on again.
    Unpause,
    /// Do this first: no command of ours helps before.
    Fix(String),
}

impl Standing {
    /// Why readers may not count on a live build: it is stopped or paused, nobody follows it, it lies farther behind
    /// than it may, it lacks events that came late, a view of it is not what regrow made, or an assertion does not hold, as far as anybody knows. Nothing is asked of other builds.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        if self.build.state != State::Live {
            return Vec::new();
        }
        let schema = self.build.schema.as_str();
        let of_assertions = self.assertions.as_ref().map(|all| all.complaints(schema));
        let lacks = self.missing.filter(|missing| missing.late > 0).map(|missing| {
            format!(
                "{schema} lacks at least {}, committed late",
                counted(missing.late, "event", "events")
            )
        });
        let unseen = self.unseen.iter().map(|view| view.message.clone());
        let late =
            self.neglect().into_iter().chain(self.over(self.max_lag)).chain(lacks).chain(unseen);
        late.chain(of_assertions.into_iter().flatten()).collect()
    }

    /// Whether its rows may still show events that were deleted or rewritten since. Where the log begins later
    /// they were moved away, and an operator decides.
    #[must_use]
    pub fn shows_what_is_gone(&self) -> bool {
        let are_deleted = self.missing.is_some_and(|missing| missing.deleted > 0);
        let is_changed = are_deleted || !self.deleted.is_empty() || !self.rewritten.is_empty();
        is_changed && self.begins_later.is_none()
    }

    /// What is done of the stage that a rebuild is in, between 0 and 1: as it tells between two checkpoints, or by
    /// its checkpoint.
    #[must_use]
    pub fn done(&self) -> Option<f64> {
        if let Some(told) = &self.progress {
            return told.done();
        }
        let Build { state, position, replay_mark, .. } = &self.build;
        let mark = replay_mark.filter(|mark| *state == State::Replaying && mark.0 > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        Some((position.0 as f64 / mark.0 as f64).clamp(0.0, 1.0))
    }

    /// Why a live build gets no events.
    #[must_use]
    pub fn neglect(&self) -> Option<String> {
        let Standing { build, .. } = self;
        let name = &build.schema;
        if build.state != State::Live {
            return None;
        }
        if let Some(failure) = &build.failure {
            return Some(format!("{name} is stopped at {failure}"));
        }
        if let Some(fault) = &self.fault {
            return Some(format!("{name}: {fault}"));
        }
        if build.wish == Wish::Pause {
            return Some(format!("{name} is paused"));
        }
        self.followers.is_empty().then(|| format!("nobody follows {name}"))
    }

    /// Why a build lies farther behind than `limit`. One whose lag is unknown does.
    #[must_use]
    pub fn over(&self, limit: Option<MaxLag>) -> Option<String> {
        let (name, limit) = (&self.build.schema, limit?);
        match limit {
            MaxLag::Events(most) => match self.lag {
                Some(lag) if lag.events <= most && !lag.is_more => None,
                Some(lag) => {
                    let more = if lag.is_more { "more than " } else { "" };
                    Some(format!("{name} is {more}{} events behind, over {limit}", lag.events))
                }
                None => Some(format!("the lag of {name} is not known")),
            },
            MaxLag::Time(most) => match self.lag_time {
                Some(lag) if lag <= most => None,
                Some(lag) => {
                    Some(format!("{name} is {:.1} s behind, over {limit}", lag.as_secs_f64()))
                }
                None => Some(format!("the lag of {name} in time is not known")),
            },
        }
    }
}
