//! What builds have read, compared with the log while they are followed.
//!
//! The barrier sees every writer that takes its position in the INSERT. One that takes numbers ahead
//! can still commit an event below a mark. So every few seconds one build's open range, which has the
//! newest events, and one closed range are counted in the log, and what differs is told and written
//! down. A range has some 20,000 events, so a comparison takes the log's server a few milliseconds,
//! however many builds are followed.

use std::time::{Duration, Instant};

use crate::context::Context;
use crate::ledger::{self, Compared};
use crate::log::wanted::Wanted;
use crate::pg::{Session, failpoint};
use crate::progress::Progress;
use crate::replay::build_session::Resting;
use crate::replay::feed::Source;

use super::FollowError;

/// How often a build is compared: one build at a time, all of them in turn.
const COMPARE_EVERY: Duration = Duration::from_secs(2);
/// Closed ranges of a build that are compared at a time.
const CLOSED_RANGES: i64 = 1;

/// Whose turn it is.
#[derive(Default)]
pub(super) struct Comparison {
    compared_at: Option<Instant>,
    turn: usize,
    /// What was told of each build.
    told: Vec<(String, Compared)>,
}

impl Comparison {
    /// Compares the build whose turn it is, if it is time.
    ///
    /// # Errors
    /// A server refuses.
    pub(super) fn look(
        &mut self,
        context: &Context,
        source: &mut Source,
        (session, members): (&mut Session, &[Resting]),
    ) -> Result<(), FollowError> {
        let is_time = self.compared_at.is_none_or(|at| at.elapsed() >= COMPARE_EVERY);
        if !is_time || members.is_empty() {
            return Ok(());
        }
        self.compared_at = Some(Instant::now());
        self.turn = (self.turn + 1) % members.len();
        self.compare(context, source, (session, &members[self.turn]))
    }

    /// Compares every build, whosever turn it is.
    ///
    /// # Errors
    /// A server refuses.
    pub(super) fn look_at_all(
        &mut self,
        context: &Context,
        source: &mut Source,
        (session, members): (&mut Session, &[Resting]),
    ) -> Result<(), FollowError> {
        members.iter().try_for_each(|member| self.compare(context, source, (session, member)))
    }

    fn compare(
        &mut self,
        context: &Context,
        source: &mut Source,
        (session, member): (&mut Session, &Resting),
    ) -> Result<(), FollowError> {
        if failpoint::is_without("late_events") {
            return Ok(());
        }
        let types = Wanted::Types(&member.program.types);
        for range in ledger::ranges(session, member.build.id, CLOSED_RANGES)? {
            let found = source.log.tally(&mut source.session, types, (range.after, range.until))?;
            ledger::compared(session, &range, found)?;
        }
        let name = member.build.schema.to_string();
        let missing = ledger::missing(session, &member.build)?;
        let told = self.told.iter().position(|(build, _)| *build == name);
        match (missing, told) {
            (Some(now), Some(nth)) if self.told[nth].1 == now => {}
            (Some(now), nth) => {
                context.note(&Progress::Note(format!("warning: {}", now.sentence(&name))));
                match nth {
                    Some(nth) => self.told[nth].1 = now,
                    None => self.told.push((name, now)),
                }
            }
            (None, Some(nth)) => {
                self.told.remove(nth);
            }
            (None, None) => {}
        }
        Ok(())
    }
}
