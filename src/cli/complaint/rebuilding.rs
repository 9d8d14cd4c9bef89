//! What goes wrong with rebuilds, promotes and followers, and what to do then.

use super::reasons::Reasoned as _;
use super::{Complaint, with};
use crate::cli::exit_code::Code;
use crate::cli::reason::Reason;
use crate::failure::Failure;
use crate::follow::FollowError;
use crate::ledger::State;
use crate::preflight::{self, Finding, PreflightError};
use crate::promote::PromoteError;
use crate::rebuild::RebuildError;

fn poisoned(
    complaint: Complaint,
    build: &str,
    projection: &str,
    failure: Box<Failure>,
) -> Complaint {
    let complaint = Complaint { failure: Some(failure), ..complaint };
    complaint.hint(format!(
        "nothing of its batch was kept, and readers see what they saw; regrow status shows {build} again\n\
         after fixing the handler or the upcaster: regrow resume {projection}, if it has read no event \
         of that type; else: regrow rebuild {projection}\n\
         after fixing the event: regrow resume {projection}\n\
         to see its payload: regrow status --show-payload\n\
         to park such events: on_error = \"park\" in projections/{projection}/projection.toml, then: \
         regrow resume {projection}"
    ))
}

impl From<RebuildError> for Complaint {
    fn from(error: RebuildError) -> Complaint {
        let complaint = with(&error);
        match error {
            RebuildError::Pg(error) => error.into(),
            RebuildError::Site(error) => error.into(),
            RebuildError::Ledger(error) => error.into(),
            RebuildError::Log(error) => error.into(),
            RebuildError::Identity(error) => error.into(),
            RebuildError::Project(error) => error.into(),
            RebuildError::Program(error) => error.into(),
            RebuildError::Migrate(error) => error.into(),
            RebuildError::Promote(error) => (*error).into(),
            RebuildError::Preflight(error) => error.into(),
            RebuildError::Refused { findings } => {
                let mut next: Vec<&str> = findings.iter().map(|f| f.next.as_str()).collect();
                next.dedup();
                Complaint { code: refusal(&findings), ..complaint }.hint(next.join("\n"))
            }
            RebuildError::Assertion { projection, .. } => complaint
                .hint(format!("after fixing the check: regrow rebuild {projection}")),
            RebuildError::Broken { projection, .. } => complaint
                .hint(format!(
                    "it was not promoted; its tables are there to be looked at\n\
                     after fixing the handlers or the check: regrow rebuild {projection}"
                )),
            RebuildError::Poisoned { build, projection, failure } => {
                poisoned(complaint, &build, &projection, failure)
            }
            RebuildError::Unfinished { projection, state, .. } => match state {
                State::Ready => complaint.hint(format!(
                    "show it to readers: regrow promote {projection}; or drop it: regrow prune {projection} --unfinished"
                )),
                _ => complaint.hint(format!(
                    "go on with it: regrow resume {projection}; or drop it: regrow prune {projection} --unfinished"
                )),
            },
            RebuildError::NothingToResume { projection } => {
                complaint.hint(format!("begin one: regrow rebuild {projection}"))
            }
            RebuildError::Fenced { .. } => complaint.hint("'regrow status' tells where it stands"),
            RebuildError::Interrupted { projection, .. } => complaint
                .hint(format!("everything up to there is kept; go on with: regrow resume {projection}")),
            RebuildError::UntilAndPromote | RebuildError::Twice { .. } => complaint,
        }
    }
}

/// How a process ends that findings of a preflight stopped.
pub(in crate::cli) fn refusal(findings: &[Finding]) -> Code {
    let code = |finding: &Finding| match finding.code {
        preflight::Code::LongName => Code::Usage,
        _ => Code::Failed,
    };
    findings.iter().map(code).max().unwrap_or(Code::Done)
}

impl From<PreflightError> for Complaint {
    fn from(error: PreflightError) -> Complaint {
        match error {
            PreflightError::Pg(error) => error.into(),
            PreflightError::Log(error) => error.into(),
            PreflightError::Project(error) => error.into(),
            PreflightError::Promote(error) => (*error).into(),
            PreflightError::Interrupted => with(&error),
        }
    }
}

impl From<PromoteError> for Complaint {
    fn from(error: PromoteError) -> Complaint {
        let complaint = with(&error);
        match error {
            PromoteError::Pg(error) => error.into(),
            PromoteError::Site(error) => error.into(),
            PromoteError::Ledger(error) => error.into(),
            PromoteError::Log(error) => error.into(),
            PromoteError::Identity(error) => error.into(),
            PromoteError::Project(error) => error.into(),
            PromoteError::Program(error) => error.into(),
            PromoteError::NothingReady { projection, unfinished: true, .. } => {
                complaint.hint(format!("go on with it: regrow resume {projection} --promote"))
            }
            PromoteError::NothingReady { projection, .. } => {
                complaint.hint(format!("build one: regrow rebuild {projection}"))
            }
            PromoteError::NothingRetired { .. } => {
                complaint.hint("a promote retires the build that was live before, and prune drops it")
            }
            PromoteError::NotRetired { projection, retired, .. } => match retired.as_slice() {
                [] => complaint.hint(format!("{projection} has no retired build")),
                builds => complaint.hint(format!(
                    "there is {}: regrow rollback {projection} --to {}",
                    builds.join(", "),
                    builds[builds.len() - 1]
                )),
            },
            PromoteError::CannotFollow { build, projection, position, since, error } => {
                let inner = Complaint::from(*error);
                let stale = format!(
                    "to show readers {build} as it stands, at position {position} (since {since}): \
                     regrow rollback {projection} --stale"
                );
                let hint = match inner.hint {
                    Some(hint) => format!("{stale}\n{hint}"),
                    None => stale,
                };
                Complaint { hint: Some(hint), message: complaint.message, ..inner }
            }
            PromoteError::Poisoned { build, projection, failure } => {
                poisoned(complaint, &build, &projection, failure)
            }
            PromoteError::Late { projection, .. } => complaint.hint(format!(
                "some writer takes positions before it inserts (a cached sequence, numbers fetched ahead); \
                 fix that writer, then: regrow rebuild {projection}"
            )),
            PromoteError::Dependents { .. }
            | PromoteError::NotKept { .. }
            | PromoteError::Foreign { .. } => complaint.perhaps(error.way()),
            PromoteError::Several { ref errors } => {
                let code = errors.iter().map(|e| e.reason()).next().unwrap_or(Reason::Failed);
                complaint.reason(code).perhaps(error.way())
            }
            PromoteError::Others { builds } => {
                let first = builds.iter().flat_map(|(_, others)| others);
                let first: Vec<String> = first.map(|taken| format!("  {};", taken.first)).collect();
                complaint.hint(format!(
                    "nothing was dropped; to keep what is not regrow's, or to be rid of it, in this order:\n{}\n\
                     then run the same command again",
                    first.join("\n")
                ))
            }
            PromoteError::NeverBuilt { projection } => {
                complaint.hint(format!("there is nothing but its folder: delete projections/{projection}"))
            }
            PromoteError::AnotherLog { projection, .. } => complaint.hint(format!(
                "the project it belongs to can end or rename it: regrow retire {projection}"
            )),
            PromoteError::FolderNotRenamed { old, new } => complaint.hint(format!(
                "rename it first: git mv projections/{old} projections/{new}"
            )),
            PromoteError::NameTaken { projection, .. } => complaint.hint(format!(
                "choose another name, or end that projection first: regrow retire {projection}"
            )),
            PromoteError::StillLive { projection, .. } => complaint.hint(format!(
                "show readers another build first: regrow rebuild {projection} --promote, or regrow rollback {projection}\n\
                 to end the projection: regrow retire {projection}"
            )),
            PromoteError::Blocked { .. } => complaint
                .hint("readers go on as before; end the long transaction, or try again later"),
            PromoteError::Interrupted => complaint,
            PromoteError::Fenced { .. } => complaint.hint("'regrow status' tells where it stands"),
        }
    }
}

impl From<FollowError> for Complaint {
    fn from(error: FollowError) -> Complaint {
        let complaint = with(&error);
        match error {
            FollowError::Pg(error) => error.into(),
            FollowError::Site(error) => error.into(),
            FollowError::Ledger(error) => error.into(),
            FollowError::Log(error) => error.into(),
            FollowError::Identity(error) => error.into(),
            FollowError::Interrupted => complaint,
            FollowError::LeftBehind(left) => {
                let mut steps: Vec<String> = left.into_iter().map(|l| l.next).collect();
                steps.dedup();
                steps.push("until then readers see older rows".into());
                complaint.hint(steps.join("\n"))
            }
        }
    }
}
