//! What goes wrong with rebuilds, promotes and followers, and what to do then.

use super::reasoned::Reasoned as _;
use super::{Error, with};
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::failure::Failure;
use crate::follow::FollowError;
use crate::ident::quote_ident;
use crate::ledger::State;
use crate::preflight::{self, Finding, PreflightError};
use crate::promote::{HookFailed, PromoteError};
use crate::rebuild::RebuildError;
use crate::replay::assertions::lines_of;
use crate::replay::throttle::ThrottleError;
use crate::visible::one_line;

pub(super) fn poisoned(
    shown: Error,
    build: &str,
    projection: &str,
    failure: Box<Failure>,
) -> Error {
    let first =
        failure.hint.as_deref().map_or_else(String::new, |hint| format!("{}\n", one_line(hint)));
    let shown = Error { failure: Some(failure), ..shown };
    shown.hint(format!(
        "{first}nothing of its batch was kept, and readers see what they saw; regrow status shows {build} again\n\
         after fixing the handler or the upcaster: regrow resume {projection}, if it has read no event \
         of that type; else: regrow rebuild {projection}\n\
         after fixing the event: regrow resume {projection}\n\
         to see its payload: regrow status --show-payload\n\
         to park such events: on_error = \"park\" in projections/{projection}/projection.toml, then: \
         regrow resume {projection}\n\
         to leave such events out and count them, the same with on_error = \"skip\""
    ))
}

impl From<HookFailed> for Error {
    fn from(error: HookFailed) -> Error {
        with(&error).hint(
            "the promote stands; fix the program and run it by hand: docs/service.md lists the variables it is given",
        )
    }
}

impl From<RebuildError> for Error {
    fn from(error: RebuildError) -> Error {
        let shown = with(&error);
        match error {
            RebuildError::Pg(error) => error.into(),
            RebuildError::Context(error) => error.into(),
            RebuildError::Ledger(error) => error.into(),
            RebuildError::Log(error) => error.into(),
            RebuildError::Identity(error) => error.into(),
            RebuildError::Project(error) => error.into(),
            RebuildError::Program(error) => error.into(),
            RebuildError::Migrate(error) => error.into(),
            RebuildError::Promote(error) => (*error).into(),
            RebuildError::Preflight(error) => error.into(),
            RebuildError::Throttle(ThrottleError::Pg(error)) => error.into(),
            RebuildError::Throttle(ThrottleError::Unseen { role }) => shown.hint(format!(
                "a superuser lets it: GRANT pg_read_all_stats TO {}; or take max_replica_lag out of config.toml",
                quote_ident(&role)
            )),
            RebuildError::Refused { findings } => {
                let mut next: Vec<&str> = findings.iter().map(|f| f.next.as_str()).collect();
                next.dedup();
                Error { code: refusal(&findings), ..shown }.hint(next.join("\n"))
            }
            RebuildError::Assertion { projection, .. } => shown
                .hint(format!("after fixing the check: regrow rebuild {projection}")),
            RebuildError::Broken { projection, broken, .. } => shown
                .hint(format!(
                    "{}it was not promoted; its tables are there to be looked at\n\
                     after fixing the handlers or the check: regrow rebuild {projection}",
                    lines_of(&broken, false)
                )),
            RebuildError::Poisoned { build, projection, failure } => {
                poisoned(shown, &build, &projection, failure)
            }
            RebuildError::Unfinished { projection, state, .. } => match state {
                State::Ready => shown.hint(format!(
                    "show it to readers: regrow promote {projection}; or drop it: regrow prune {projection} --unfinished"
                )),
                _ => shown.hint(format!(
                    "go on with it: regrow resume {projection}; or drop it: regrow prune {projection} --unfinished"
                )),
            },
            RebuildError::NothingToResume { projection } => {
                shown.hint(format!("begin one: regrow rebuild {projection}"))
            }
            RebuildError::Fenced { .. } => shown.hint("'regrow status' tells where it stands"),
            RebuildError::Interrupted { projection, .. } => shown
                .hint(format!("everything up to there is kept; go on with: regrow resume {projection}")),
            RebuildError::Paused { projection, .. } => shown.hint(format!(
                "everything up to there is kept; to go on: regrow unpause {projection}, then: regrow resume {projection}"
            )),
            RebuildError::Cancelled { projection, is_dropped: true, .. } => {
                shown.hint(format!("it was dropped; to begin anew: regrow rebuild {projection}"))
            }
            RebuildError::Cancelled { build, is_dropped: false, .. } => {
                shown.hint(format!("it is still there; drop it: regrow cancel {build}"))
            }
            RebuildError::Future { .. } => shown.hint("without --until a build has everything there is"),
            RebuildError::UntilAndPromote | RebuildError::Twice { .. } => shown,
        }
    }
}

/// How a process ends that findings of a preflight stopped.
pub(crate) fn refusal(findings: &[Finding]) -> Code {
    let code = |finding: &Finding| match finding.code {
        preflight::Code::LongName => Code::Usage,
        _ => Code::Failed,
    };
    findings.iter().map(code).max().unwrap_or(Code::Done)
}

impl From<PreflightError> for Error {
    fn from(error: PreflightError) -> Error {
        match error {
            PreflightError::Pg(error) => error.into(),
            PreflightError::Log(error) => error.into(),
            PreflightError::Project(error) => error.into(),
            PreflightError::Promote(error) => (*error).into(),
            PreflightError::Interrupted => with(&error),
        }
    }
}

impl From<PromoteError> for Error {
    fn from(error: PromoteError) -> Error {
        let shown = with(&error);
        match error {
            PromoteError::Pg(error) => error.into(),
            PromoteError::Context(error) => error.into(),
            PromoteError::Ledger(error) => error.into(),
            PromoteError::Log(error) => error.into(),
            PromoteError::Identity(error) => error.into(),
            PromoteError::Project(error) => error.into(),
            PromoteError::Program(error) => error.into(),
            PromoteError::ShownAsOf { publish, .. } => {
                shown.hint(format!("regrow as-of drop {publish}"))
            }
            PromoteError::Previewed { publish, .. } => shown.hint(format!(
                "when nobody reads it any more: regrow preview drop {publish}; then run the same command again"
            )),
            PromoteError::NothingReady { projection, unfinished: true, .. } => {
                shown.hint(format!("go on with it: regrow resume {projection} --promote"))
            }
            PromoteError::NothingReady { projection, .. } => {
                shown.hint(format!("build one: regrow rebuild {projection}"))
            }
            PromoteError::NothingRetired { .. } => {
                shown.hint("a promote retires the build that was live before, and prune drops it")
            }
            PromoteError::NotRetired { projection, retired, .. } => match retired.as_slice() {
                [] => shown.hint(format!("{projection} has no retired build")),
                builds => shown.hint(format!(
                    "there is {}: regrow rollback {projection} --to {}",
                    builds.join(", "),
                    builds[builds.len() - 1]
                )),
            },
            PromoteError::CannotFollow { build, projection, position, since, error } => {
                let inner = Error::from(*error);
                let stale = format!(
                    "to show readers {build} as it stands, at position {position} (since {since}): \
                     regrow rollback {projection} --stale"
                );
                let hint = match inner.hint {
                    Some(hint) => format!("{stale}\n{hint}"),
                    None => stale,
                };
                Error { hint: Some(hint), message: shown.message, ..inner }
            }
            PromoteError::Poisoned { build, projection, failure } => {
                poisoned(shown, &build, &projection, failure)
            }
            PromoteError::Skipped { build, projection, .. } => shown.hint(format!(
                "which they are: regrow status\n\
                 to show it without them: regrow promote {projection} --accept-skipped\n\
                 after fixing the handler or the upcaster: regrow rebuild {projection} --promote\n\
                 after fixing the events: regrow prune {build}, then: regrow rebuild {projection} --promote"
            )),
            PromoteError::Late { projection, .. } => shown.hint(format!(
                "some writer takes positions before it inserts (a cached sequence, numbers fetched ahead); \
                 fix that writer, then: regrow rebuild {projection}"
            )),
            PromoteError::Dependents { .. }
            | PromoteError::NotKept { .. }
            | PromoteError::Changed { .. }
            | PromoteError::Gone { .. }
            | PromoteError::Foreign { .. } => shown.perhaps(error.way()),
            PromoteError::Several { ref errors } => {
                let code = errors.iter().map(|e| e.reason()).next().unwrap_or(Reason::Failed);
                shown.reason(code).perhaps(error.way())
            }
            PromoteError::Others { builds } => {
                let first = builds.iter().flat_map(|(_, others)| others);
                let first: Vec<String> = first.map(|taken| format!("  {};", taken.first)).collect();
                shown.hint(format!(
                    "nothing was dropped; to keep what is not regrow's, or to be rid of it, in this order:\n{}\n\
                     then run the same command again",
                    first.join("\n")
                ))
            }
            PromoteError::NeverBuilt { projection } => {
                shown.hint(format!("there is nothing but its folder: delete projections/{projection}"))
            }
            PromoteError::AnotherLog { projection, .. } => shown.hint(format!(
                "the project it belongs to can end or rename it: regrow retire {projection}"
            )),
            PromoteError::FolderNotRenamed { old, new } => shown.hint(format!(
                "rename it first: git mv projections/{old} projections/{new}"
            )),
            PromoteError::NameTaken { projection, .. } => shown.hint(format!(
                "choose another name, or end that projection first: regrow retire {projection}"
            )),
            PromoteError::StillLive { projection, .. } => shown.hint(format!(
                "show readers another build first: regrow rebuild {projection} --promote, or regrow rollback {projection}\n\
                 to end the projection: regrow retire {projection}"
            )),
            PromoteError::Blocked { .. } => shown
                .hint("readers go on as before; end the long transaction, or try again later"),
            PromoteError::Interrupted => shown,
            PromoteError::Fenced { .. } => shown.hint("'regrow status' tells where it stands"),
        }
    }
}

impl From<FollowError> for Error {
    fn from(error: FollowError) -> Error {
        let shown = with(&error);
        match error {
            FollowError::Pg(error) => error.into(),
            FollowError::Context(error) => error.into(),
            FollowError::Ledger(error) => error.into(),
            FollowError::Log(error) => error.into(),
            FollowError::Identity(error) => error.into(),
            FollowError::Thread(_) | FollowError::Interrupted => shown,
            FollowError::LeftBehind(left) => {
                let mut steps: Vec<String> = left.into_iter().map(|l| l.next).collect();
                steps.dedup();
                steps.push("until then readers see older rows".into());
                shown.hint(steps.join("\n"))
            }
        }
    }
}
