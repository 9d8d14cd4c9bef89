//! Which reason each error of the work floor has: matches without a rest, so that a new error
//! cannot be without one.

use crate::census::CensusError;
use crate::check::CheckError;
use crate::config::ConfigError;
use crate::context::ContextError;
use crate::demo::DemoError;
use crate::dev_cluster::ClusterError;
use crate::error::reason::Reason;
use crate::follow::FollowError;
use crate::ident::IdentError;
use crate::identity::{Fault, IdentityError};
use crate::in_place::InPlaceError;
use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::log::watched::Unwatchable;
use crate::migrate::{Divergence, MigrateError};
use crate::parked::ParkedError;
use crate::preflight::PreflightError;
use crate::project::ProjectError;
use crate::projection_test::TestError;
use crate::promote::{HookFailed, PromoteError};
use crate::rebuild::RebuildError;
use crate::replay::sql::ProgramError;
use crate::replay::throttle::ThrottleError;
use crate::revision::target::TargetError;
use crate::service::ServiceError;
use crate::status::StatusError;
use crate::steer::SteerError;
use crate::trace::TraceError;
use crate::transfer::{ExportError, ImportError};
use crate::verify::VerifyError;

/// An error that has a reason.
pub(super) trait Reasoned: std::fmt::Display {
    /// Its reason.
    fn reason(&self) -> Reason;
}

impl Reasoned for IdentError {
    fn reason(&self) -> Reason {
        match self {
            IdentError::Empty | IdentError::Nul(_) => Reason::NameInvalid,
            IdentError::TooLong { .. } => Reason::NameTooLong,
        }
    }
}

impl Reasoned for ConfigError {
    fn reason(&self) -> Reason {
        match self {
            ConfigError::Syntax { .. }
            | ConfigError::Bounds { .. }
            | ConfigError::Both { .. }
            | ConfigError::Nested { .. }
            | ConfigError::TakenSchema { .. } => Reason::ConfigInvalid,
            ConfigError::Schema { reason, .. } | ConfigError::Role { reason, .. } => {
                reason.reason()
            }
            ConfigError::Environment { .. } => Reason::EnvironmentUnknown,
            ConfigError::Variable { .. } => Reason::VariableInvalid,
        }
    }
}

impl Reasoned for SteerError {
    fn reason(&self) -> Reason {
        match self {
            SteerError::Pg(error) => error.reason(),
            SteerError::Context(error) => error.reason(),
            SteerError::Ledger(error) => error.reason(),
            SteerError::Identity(error) => error.reason(),
            SteerError::Project(error) => error.reason(),
            SteerError::Promote(error) => error.reason(),
            SteerError::Nothing { .. } => Reason::NothingToSteer,
            SteerError::Shown { .. } => Reason::StillLive,
        }
    }
}

impl Reasoned for HookFailed {
    fn reason(&self) -> Reason {
        Reason::HookFailed
    }
}

impl Reasoned for ParkedError {
    fn reason(&self) -> Reason {
        match self {
            ParkedError::Pg(error) => error.reason(),
            ParkedError::Context(error) => error.reason(),
            ParkedError::Ledger(error) => error.reason(),
            ParkedError::Log(error) => error.reason(),
            ParkedError::Identity(error) => error.reason(),
            ParkedError::Project(error) => error.reason(),
            ParkedError::NotParked { .. } => Reason::EventUnknown,
        }
    }
}

impl Reasoned for ServiceError {
    fn reason(&self) -> Reason {
        match self {
            ServiceError::Address { .. } => Reason::Usage,
            ServiceError::Listen { .. } => Reason::ListenFailed,
        }
    }
}

impl Reasoned for ProjectError {
    fn reason(&self) -> Reason {
        match self {
            ProjectError::NotAProject { .. } => Reason::NotAProject,
            ProjectError::Unreadable { .. } => Reason::FileUnreadable,
            ProjectError::Unwritable { .. } => Reason::FileUnwritable,
            ProjectError::Adopted => Reason::AlreadyAdopted,
            ProjectError::Adopt { .. } => Reason::AdoptionInvalid,
            ProjectError::LeadsOut { .. } => Reason::LeadsOut,
            ProjectError::NotText { .. } | ProjectError::Nul { .. } => Reason::FileNotText,
            ProjectError::NoHandlers { .. } => Reason::HandlersMissing,
            ProjectError::Empty { .. } => Reason::ProjectionEmpty,
            ProjectError::Name { .. } => Reason::NameInvalid,
            ProjectError::NameTooLong { .. } => Reason::NameTooLong,
            ProjectError::Unknown { .. } => Reason::ProjectionUnknown,
            ProjectError::Config(error) => error.reason(),
            ProjectError::Lineage(_) => Reason::LineageInvalid,
            ProjectError::NoUpcaster { .. }
            | ProjectError::NoTest { .. }
            | ProjectError::Definition(_) => Reason::DefinitionInvalid,
        }
    }
}

impl Reasoned for ClusterError {
    fn reason(&self) -> Reason {
        match self {
            ClusterError::NotOurs { .. } => Reason::ClusterNotOurs,
            _ => Reason::ClusterFailed,
        }
    }
}

impl Reasoned for LedgerError {
    fn reason(&self) -> Reason {
        match self {
            LedgerError::Pg(error) => error.reason(),
            LedgerError::Setup(_) => Reason::ServerRefused,
            LedgerError::Locked { .. } | LedgerError::Busy { .. } => Reason::Busy,
            LedgerError::Newer { .. } => Reason::LedgerNewer,
            LedgerError::Older { .. } => Reason::LedgerOlder,
            LedgerError::Unreadable { .. } => Reason::LedgerUnreadable,
            LedgerError::Name(error) => error.reason(),
            LedgerError::Published { .. } | LedgerError::PublishedElsewhere { .. } => {
                Reason::ViewTaken
            }
        }
    }
}

impl Reasoned for ContextError {
    fn reason(&self) -> Reason {
        match self {
            ContextError::Pg(error) => error.reason(),
            ContextError::Ledger(error) => error.reason(),
            ContextError::NoLedger { .. } => Reason::LedgerMissing,
        }
    }
}

impl Reasoned for LogError {
    fn reason(&self) -> Reason {
        match self {
            LogError::Pg(error) => error.reason(),
            LogError::Missing { .. } | LogError::AdoptedMissing { .. } => Reason::LogMissing,
            LogError::Moment { .. } => Reason::MomentUnreadable,
            LogError::Unwatchable(why) => match **why {
                Unwatchable::Subscribed { .. } => Reason::LogSubscribed,
                Unwatchable::AboveSequence { .. } => Reason::PositionsAboveSequence,
                Unwatchable::Sequence { .. } | Unwatchable::SeveralSources { .. } => {
                    Reason::SequenceUnusable
                }
                Unwatchable::Foreign { .. }
                | Unwatchable::Materialised { .. }
                | Unwatchable::Kind { .. }
                | Unwatchable::View { .. }
                | Unwatchable::Writer { .. }
                | Unwatchable::NoSequence { .. }
                | Unwatchable::Nodes { .. } => Reason::LogUnwatchable,
            },
            LogError::AdoptKey { .. }
            | LogError::Preset { .. }
            | LogError::PayloadType { .. }
            | LogError::Unsteady { .. }
            | LogError::PositionType { .. }
            | LogError::Gaps { .. } => Reason::AdoptionInvalid,
            LogError::CachedSequence { .. } => Reason::CachedSequence,
            LogError::Stream { .. }
            | LogError::Order { .. }
            | LogError::NotWhole { .. }
            | LogError::NoPosition { .. } => Reason::BrokenLog,
            LogError::Event(event) => Reason::Event(event.code()),
            LogError::OrderUnproven { .. } => Reason::OrderUnproven,
            LogError::Unreadable { .. } => Reason::EventsUnreadable,
            LogError::Barrier { .. } => Reason::WritersBusy,
            LogError::Standby { .. } => Reason::ReadOnly,
            LogError::UnfitStandby { .. } => Reason::StandbyUnfit,
            LogError::Interrupted => Reason::Interrupted,
        }
    }
}

impl Reasoned for IdentityError {
    fn reason(&self) -> Reason {
        match self {
            IdentityError::Pg(error) => error.reason(),
            IdentityError::Ledger(error) => error.reason(),
            IdentityError::Log(error) => error.reason(),
            IdentityError::Fault(fault) => fault.reason(),
        }
    }
}

impl Reasoned for Fault {
    fn reason(&self) -> Reason {
        match self {
            Fault::Behind { .. } => Reason::LogBehindBuild,
            Fault::Changed { .. } | Fault::Gone { .. } => Reason::LogChanged,
            Fault::BeginsLater { .. } => Reason::LogBeginsLater,
            Fault::Mapping { .. } | Fault::Redefined { .. } => Reason::LogReadOtherwise,
            Fault::OtherLog { .. } | Fault::Unclaimed { .. } => Reason::BuildOfAnotherLog,
        }
    }
}

impl Reasoned for ProgramError {
    fn reason(&self) -> Reason {
        match self {
            ProgramError::Pg(error) => error.reason(),
            ProgramError::Definition(_) => Reason::DefinitionInvalid,
            ProgramError::Faults(_) => Reason::HandlerInvalid,
            ProgramError::Outside(_) => Reason::ReachesOutside,
        }
    }
}

impl Reasoned for RebuildError {
    fn reason(&self) -> Reason {
        match self {
            RebuildError::Pg(error) => error.reason(),
            RebuildError::Context(error) => error.reason(),
            RebuildError::Ledger(error) => error.reason(),
            RebuildError::Log(error) => error.reason(),
            RebuildError::Identity(error) => error.reason(),
            RebuildError::Project(error) => error.reason(),
            RebuildError::Program(error) => error.reason(),
            RebuildError::Migrate(error) => error.reason(),
            RebuildError::Promote(error) => error.reason(),
            RebuildError::Preflight(error) => error.reason(),
            RebuildError::Throttle(ThrottleError::Pg(error)) => error.reason(),
            RebuildError::Throttle(ThrottleError::Unseen { .. }) => Reason::ReplicasUnseen,
            RebuildError::Refused { .. } => Reason::PreflightRefused,
            RebuildError::Assertion { .. } => Reason::CheckBroken,
            RebuildError::Broken { .. } => Reason::CheckFailed,
            RebuildError::Poisoned { failure, .. } => Reason::Event(failure.code),
            RebuildError::Unfinished { .. } => Reason::BuildUnfinished,
            RebuildError::NothingToResume { .. } => Reason::NothingToResume,
            RebuildError::Fenced { .. } => Reason::Fenced,
            RebuildError::Interrupted { .. } => Reason::Interrupted,
            RebuildError::Paused { .. } => Reason::Paused,
            RebuildError::Cancelled { .. } => Reason::Cancelled,
            RebuildError::Future { .. } => Reason::MomentEmpty,
            RebuildError::UntilAndPromote | RebuildError::Twice { .. } => Reason::Usage,
        }
    }
}

impl Reasoned for PreflightError {
    fn reason(&self) -> Reason {
        match self {
            PreflightError::Pg(error) => error.reason(),
            PreflightError::Log(error) => error.reason(),
            PreflightError::Project(error) => error.reason(),
            PreflightError::Promote(error) => error.reason(),
            PreflightError::Interrupted => Reason::Interrupted,
        }
    }
}

impl Reasoned for PromoteError {
    fn reason(&self) -> Reason {
        match self {
            PromoteError::Pg(error) => error.reason(),
            PromoteError::Context(error) => error.reason(),
            PromoteError::Ledger(error) => error.reason(),
            PromoteError::Log(error) => error.reason(),
            PromoteError::Identity(error) => error.reason(),
            PromoteError::Project(error) => error.reason(),
            PromoteError::Program(error) => error.reason(),
            PromoteError::NothingReady { .. } => Reason::NothingReady,
            PromoteError::NothingRetired { .. } | PromoteError::NotRetired { .. } => {
                Reason::NothingRetired
            }
            PromoteError::CannotFollow { error, .. } => error.reason(),
            PromoteError::Poisoned { failure, .. } => Reason::Event(failure.code),
            PromoteError::Skipped { .. } => Reason::EventsSkipped,
            PromoteError::Late { .. } => Reason::LateEvents,
            PromoteError::Dependents { .. } => Reason::DependentsInTheWay,
            PromoteError::Several { errors } => {
                errors.first().map_or(Reason::Failed, Reasoned::reason)
            }
            PromoteError::NotKept { .. } => Reason::ViewNotKept,
            PromoteError::Others { .. } => Reason::ObjectsOfOthers,
            PromoteError::NeverBuilt { .. } => Reason::NeverBuilt,
            PromoteError::AnotherLog { .. } => Reason::BuildOfAnotherLog,
            PromoteError::FolderNotRenamed { .. } => Reason::FolderNotRenamed,
            PromoteError::NameTaken { .. } => Reason::NameInvalid,
            PromoteError::StillLive { .. }
            | PromoteError::ShownAsOf { .. }
            | PromoteError::Previewed { .. } => Reason::StillLive,
            PromoteError::Changed { .. } | PromoteError::Gone { .. } => Reason::ViewChanged,
            PromoteError::Foreign { .. } => Reason::ViewTaken,
            PromoteError::Blocked { .. } => Reason::ViewsBusy,
            PromoteError::Interrupted => Reason::Interrupted,
            PromoteError::Fenced { .. } => Reason::Fenced,
        }
    }
}

impl Reasoned for VerifyError {
    fn reason(&self) -> Reason {
        match self {
            VerifyError::Pg(error) => error.reason(),
            VerifyError::Context(error) => error.reason(),
            VerifyError::Ledger(error) => error.reason(),
            VerifyError::Log(error) => error.reason(),
            VerifyError::Identity(error) => error.reason(),
            VerifyError::Project(error) => error.reason(),
            VerifyError::Program(error) => error.reason(),
            VerifyError::Rebuild(error) => error.reason(),
            VerifyError::Promote(error) => error.reason(),
            VerifyError::Trace(error) => error.reason(),
            VerifyError::NotAlone { .. } => Reason::RowNotBound,
            VerifyError::NoBuild { .. } => Reason::BuildUnknown,
            VerifyError::Nothing { .. } | VerifyError::NeverLive { .. } => Reason::NothingToCompare,
            VerifyError::Unfinished { .. } => Reason::BuildUnfinished,
            VerifyError::Apart { .. } => Reason::BuildsApart,
            VerifyError::Poisoned { failure, .. } => Reason::Event(failure.code),
            VerifyError::Fenced { .. } => Reason::Fenced,
            VerifyError::Restless { .. } => Reason::BuildsRestless,
            VerifyError::Undeclared { .. } => Reason::Usage,
            VerifyError::Stream { .. } => Reason::Failed,
            VerifyError::Interrupted => Reason::Interrupted,
        }
    }
}

impl Reasoned for FollowError {
    fn reason(&self) -> Reason {
        match self {
            FollowError::Pg(error) => error.reason(),
            FollowError::Context(error) => error.reason(),
            FollowError::Ledger(error) => error.reason(),
            FollowError::Log(error) => error.reason(),
            FollowError::Identity(error) => error.reason(),
            FollowError::Thread(_) => Reason::Failed,
            FollowError::Interrupted => Reason::Interrupted,
            FollowError::LeftBehind(_) => Reason::LeftBehind,
        }
    }
}

impl Reasoned for CensusError {
    fn reason(&self) -> Reason {
        match self {
            CensusError::Log(error) => error.reason(),
            CensusError::Project(error) => error.reason(),
            CensusError::Files(_) => Reason::DefinitionInvalid,
        }
    }
}

impl Reasoned for CheckError {
    fn reason(&self) -> Reason {
        match self {
            CheckError::Pg(error) => error.reason(),
            CheckError::Project(error) => error.reason(),
            CheckError::Migrate(error) => error.reason(),
            CheckError::InPlace(error) => error.reason(),
            CheckError::Census(error) => error.reason(),
            CheckError::Identity(error) => error.reason(),
        }
    }
}

impl Reasoned for StatusError {
    fn reason(&self) -> Reason {
        match self {
            StatusError::Pg(error) => error.reason(),
            StatusError::Context(error) => error.reason(),
            StatusError::Ledger(error) => error.reason(),
            StatusError::Log(error) => error.reason(),
            StatusError::Identity(error) => error.reason(),
        }
    }
}

impl Reasoned for TraceError {
    fn reason(&self) -> Reason {
        match self {
            TraceError::Pg(error) => error.reason(),
            TraceError::Context(error) => error.reason(),
            TraceError::Ledger(error) => error.reason(),
            TraceError::Log(error) => error.reason(),
            TraceError::Identity(error) => error.reason(),
            TraceError::Scratch(error) => error.reason(),
            TraceError::Program(error) => error.reason(),
            TraceError::Definition(_) => Reason::DefinitionInvalid,
            TraceError::Unknown { .. } | TraceError::Ambiguous { .. } => Reason::TableUnknown,
            TraceError::NoBuild { .. } => Reason::BuildUnknown,
            TraceError::NoEvent { .. } => Reason::EventUnknown,
            TraceError::Key { .. } | TraceError::NoKey { .. } | TraceError::Value { .. } => {
                Reason::KeyInvalid
            }
            TraceError::Interrupted => Reason::Interrupted,
        }
    }
}

impl Reasoned for TestError {
    fn reason(&self) -> Reason {
        match self {
            TestError::Pg(error) => error.reason(),
            TestError::Log(error) => error.reason(),
            TestError::Project(error) => error.reason(),
            TestError::Definition(_) => Reason::DefinitionInvalid,
            TestError::Migrate(error) => error.reason(),
            TestError::Program(error) => error.reason(),
            TestError::EmptyStream { .. } | TestError::NoEvents { .. } => Reason::StreamUnknown,
            TestError::NoFile { .. } | TestError::File { .. } => Reason::FileUnreadable,
            TestError::Exists { .. } => Reason::FileUnwritable,
            TestError::Interrupted => Reason::Interrupted,
        }
    }
}

impl Reasoned for ImportError {
    fn reason(&self) -> Reason {
        match self {
            ImportError::Pg(error) => error.reason(),
            ImportError::Adopted => Reason::Adopted,
            ImportError::NotMigrated { .. } => Reason::LogMissing,
            ImportError::Line { .. } | ImportError::Refused { .. } => Reason::LineInvalid,
            ImportError::Duplicate { .. } => Reason::EventExists,
            ImportError::Interrupted => Reason::Interrupted,
        }
    }
}

impl Reasoned for ExportError {
    fn reason(&self) -> Reason {
        match self {
            ExportError::Log(error) => error.reason(),
            ExportError::Output { .. } => Reason::OutputFailed,
            ExportError::Broken { .. } => Reason::BrokenLog,
            ExportError::Interrupted { .. } => Reason::Interrupted,
        }
    }
}

impl Reasoned for DemoError {
    fn reason(&self) -> Reason {
        match self {
            DemoError::Pg(error) => error.reason(),
            DemoError::Context(error) => error.reason(),
            DemoError::Project(error) => error.reason(),
            DemoError::Migrate(error) => error.reason(),
            DemoError::Import(error) => error.reason(),
            DemoError::Rebuild(error) => error.reason(),
            DemoError::Promote(error) => error.reason(),
            DemoError::Follow(error) => error.reason(),
            DemoError::Interrupted => Reason::Interrupted,
            DemoError::Broken { .. } => Reason::DemoBroken,
        }
    }
}

impl Reasoned for MigrateError {
    fn reason(&self) -> Reason {
        match self {
            MigrateError::Pg(error) => error.reason(),
            MigrateError::Project(error) => error.reason(),
            MigrateError::Ledger(error) => error.reason(),
            MigrateError::Target(error) => error.reason(),
            MigrateError::NoLineage { .. } => Reason::LineageUnknown,
            MigrateError::Divergent(found) if found.iter().all(Divergence::is_ahead) => {
                Reason::DatabaseAhead
            }
            MigrateError::Divergent(_) => Reason::Divergent,
            MigrateError::Failed { error, .. } | MigrateError::File { error, .. } => {
                match error.code.as_str() {
                    _ if error.library.is_some() => Reason::LibraryUnloadable,
                    "42501" => Reason::PrivilegeMissing,
                    "53100" => Reason::DiskFull,
                    "57014" => Reason::StatementCancelled,
                    _ => Reason::RevisionFailed,
                }
            }
            MigrateError::Script { .. } => Reason::ScriptInvalid,
            MigrateError::Program(error) => error.reason(),
            MigrateError::Refinery(_) => Reason::LineageInvalid,
            MigrateError::AlembicMissing { .. } => Reason::AlembicMissing,
            MigrateError::AlembicUnmatched { .. } => Reason::AlembicUnmatched,
            MigrateError::NoDown { .. } => Reason::NoWayBack,
            MigrateError::NoRevisions { .. } => Reason::RevisionsMissing,
            MigrateError::Blocked { .. } => Reason::LockTimeout,
            MigrateError::Locked { .. } => Reason::DeployLocked,
            MigrateError::Stranded => Reason::PoolerInBetween,
            MigrateError::ProjectionDown { .. } | MigrateError::ProjectionHistory { .. } => {
                Reason::WrongVerb
            }
            MigrateError::NothingWanted { .. } => Reason::WantedMissing,
            MigrateError::NoScratch { .. } => Reason::ScratchMissing,
            MigrateError::NotTried { .. } => Reason::NotTried,
            MigrateError::LosesEvents { .. } | MigrateError::Unguarded { .. } => {
                Reason::LosesEvents
            }
            MigrateError::BuildOnItsWay { .. } => Reason::BuildOnItsWay,
            MigrateError::DependsOn { .. } => Reason::DependencyMissing,
            MigrateError::StepChanged { .. }
            | MigrateError::HalfWayBack { .. }
            | MigrateError::HalfApplied { .. } => Reason::Divergent,
            MigrateError::NothingToRedo { .. } => Reason::NothingToRedo,
            MigrateError::Adopted => Reason::Adopted,
            MigrateError::NeverBuilt { .. } => Reason::NeverBuilt,
            MigrateError::Interrupted { .. } => Reason::Interrupted,
        }
    }
}

impl Reasoned for TargetError {
    fn reason(&self) -> Reason {
        match self {
            TargetError::SeveralHeads { .. } => Reason::SeveralHeads,
            TargetError::Unreadable { .. }
            | TargetError::Unknown { .. }
            | TargetError::Ambiguous { .. }
            | TargetError::SeveralCurrent { .. }
            | TargetError::Fork { .. }
            | TargetError::TooFar { .. }
            | TargetError::WrongDirection { .. }
            | TargetError::Afloat { .. }
            | TargetError::OtherBranch { .. }
            | TargetError::NotApplied { .. }
            | TargetError::NothingOn { .. }
            | TargetError::NotOne { .. } => Reason::TargetInvalid,
        }
    }
}

impl Reasoned for InPlaceError {
    fn reason(&self) -> Reason {
        match self {
            InPlaceError::Pg(error) => error.reason(),
            InPlaceError::Ledger(error) => error.reason(),
            InPlaceError::Migrate(error) => error.reason(),
            InPlaceError::Promote(error) => error.reason(),
            InPlaceError::Definition(_) => Reason::DefinitionInvalid,
            InPlaceError::HandlersBreak { .. } => Reason::HandlerInvalid,
            InPlaceError::OtherRows { .. } => Reason::RebuildNeeded,
        }
    }
}
