//! The length of a pass in events.

use std::collections::BTreeMap;

use crate::event::Position;
use crate::log::wanted::{Range, Wanted};
use crate::log::{Log, LogError};
use crate::pg::Session;
use crate::progress::{Observer, Progress};
use crate::replay::build_session::BuildSession;

/// Reports the progress of a pass over sparse positions in events, since positions do not measure it.
pub(super) struct Counted<'o> {
    observer: &'o dyn Observer,
    /// By build, the events it will have read.
    wholes: BTreeMap<String, u64>,
}

impl<'o> Counted<'o> {
    pub(super) fn of(
        observer: &'o dyn Observer,
        (log, session): (&Log, &mut Session),
        members: &[&mut BuildSession],
        until: Position,
        counts: bool,
    ) -> Result<Counted<'o>, LogError> {
        let mut wholes = BTreeMap::new();
        for member in members.iter().filter(|_| counts) {
            let range = Range { after: member.build.position, until };
            let rest = log.about(session, Wanted::Types(&member.program.types), range)?;
            let before = u64::try_from(member.build.events_read).unwrap_or(0);
            wholes.insert(member.build.schema.to_string(), before + rest);
        }
        Ok(Counted { observer, wholes })
    }
}

impl Observer for Counted<'_> {
    fn note(&self, progress: &Progress) {
        match progress {
            Progress::Batch { build, position, target, events, .. } if !self.wholes.is_empty() => {
                self.observer.note(&Progress::Batch {
                    build: build.clone(),
                    position: *position,
                    target: *target,
                    events: *events,
                    whole: self.wholes.get(build).copied(),
                });
            }
            other => self.observer.note(other),
        }
    }
}
