//! Reasons: why a command was refused, by a short name that stays.
//!
//! One table: the name, the exit code that goes with it, and what it means. `--json` shows the name
//! as `code`; docs/errors.md lists the table, and a test holds the two together. Which error has
//! which reason is told in `error::reasoned`.

use super::exit_code::Code;
use crate::failure::FailureCode;

macro_rules! reasons {
    ($($reason:ident = $name:literal, $exit:ident: $meaning:literal;)*) => {
        /// Why a command was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $(#[doc = $meaning] $reason,)*
            /// An event cannot be applied.
            Event(FailureCode),
        }

        impl Reason {
            /// The name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Reason::$reason => $name,)*
                    Reason::Event(code) => code.name(),
                }
            }

            /// How the process ends.
            pub fn exit(self) -> Code {
                match self {
                    $(Reason::$reason => Code::$exit,)*
                    Reason::Event(_) => Code::Failed,
                }
            }
        }

        /// Name, exit code and meaning of every reason that is no event's.
        #[cfg(test)]
        const ALL: &[(&str, Code, &str)] = &[$(($name, Code::$exit, $meaning),)*];
    };
}

reasons! {
    Usage = "usage", Usage: "The command was typed wrong.";
    Failed = "failed", Failed: "A reason without a name of its own, such as a path that cannot be written.";
    Interrupted = "interrupted", Interrupted: "Somebody pressed ctrl-C or sent SIGTERM; what was committed is kept.";

    NotAProject = "not-a-project", Failed: "The folder has none of a project's files.";
    FileUnreadable = "file-unreadable", Failed: "A file cannot be read.";
    FileUnwritable = "file-unwritable", Failed: "A file cannot be written.";
    FileNotText = "file-not-text", Failed: "A file is not UTF-8, or holds a NUL byte.";
    LeadsOut = "leads-out", Failed: "A link or `..` leads out of the project.";
    ConfigInvalid = "config-invalid", Failed: "`config.toml` or `projection.toml` has a mistake.";
    NameInvalid = "name-invalid", Failed: "A name is empty, holds a NUL byte or is taken.";
    NameTooLong = "name-too-long", Failed: "A name is longer than PostgreSQL keeps.";
    HandlersMissing = "handlers-missing", Failed: "A projection has no `handlers.sql`.";
    ProjectionEmpty = "projection-empty", Failed: "A projection makes no table and handles no event.";
    ProjectionUnknown = "projection-unknown", Usage: "No projection goes by that name.";
    LineageInvalid = "lineage-invalid", Failed: "Revisions do not make a lineage.";
    DefinitionInvalid = "definition-invalid", Failed: "Handlers, upcasters or revisions of a projection have mistakes.";
    HandlerInvalid = "handler-invalid", Failed: "A handler's statement does not fit its tables; or it, or a statement of a projection's revision, is not deterministic.";
    RebuildNeeded = "rebuild-needed", Pending: "A revision that was to run on a live build might give other rows than a replay with it; nothing of it was kept.";
    ReachesOutside = "reaches-outside", Failed: "Handlers, what they set off, or revisions of a projection reach outside the build, or call what cannot be looked into.";
    AlreadyAdopted = "already-adopted", Failed: "`config.toml` adopts a log already.";

    AddressUnreadable = "address-unreadable", Usage: "A database address cannot be understood.";
    EnvironmentUnknown = "environment-unknown", Usage: "`config.toml` has no environment of that name.";
    VariableInvalid = "variable-invalid", Usage: "A variable's value cannot be that of its key in `config.toml`.";
    ServerAmbiguous = "server-ambiguous", Usage: "Two places name a server, and it is not clear which is meant.";
    FolderOfAnother = "folder-of-another", Usage: "The project above the folder belongs to another user.";
    ServerUnnamed = "server-unnamed", Usage: "No server is named where a private one does not serve unasked.";
    NoConnection = "no-connection", Failed: "Nobody answers at the address, or the server does not let us in.";
    NotSecure = "not-secure", Failed: "The server does not speak TLS, or its certificate cannot be trusted.";
    TlsFileUnusable = "tls-file-unusable", Failed: "A certificate or key that the address names cannot be used.";
    PreflightRefused = "preflight-refused", Failed: "A rebuild would fail; docs/preflight.md has the codes of the findings (2 for a name that is too long).";
    WrongPassword = "wrong-password", Failed: "Authentication failed; it is not tried again.";
    DatabaseMissing = "database-missing", Failed: "The server has no such database.";
    TooManyConnections = "too-many-connections", Failed: "The server had no free connection for some seconds.";
    StartingUp = "starting-up", Failed: "The server is starting or stopping, and was for some seconds.";
    ServerTooOld = "server-too-old", Failed: "The server is older than regrow can work with.";
    ConnectionLost = "connection-lost", Failed: "The connection ended in the middle of something.";
    CommitInDoubt = "commit-in-doubt", Failed: "The answer to a COMMIT was lost: it may have happened.";
    PrivilegeMissing = "privilege-missing", Failed: "The role lacks a privilege.";
    ReadOnly = "read-only", Failed: "The server is a standby, or read-only.";
    SettingInTheWay = "setting-in-the-way", Failed: "A setting gives statements another meaning, and the role may not change it.";
    SchemaTaken = "schema-taken", Failed: "A schema we would write to belongs to another role, or a build's is there already.";
    DiskFull = "disk-full", Failed: "The server's disk is full.";
    LockTimeout = "lock-timeout", LockTimeout: "Locks could not be had in time; safe to try again.";
    StatementCancelled = "statement-cancelled", Failed: "A statement ran longer than its timeout, or somebody cancelled it.";
    LibraryUnloadable = "library-unloadable", Failed: "The server cannot load a library of its own: its files were replaced or removed while it runs.";
    ServerRefused = "server-refused", Failed: "PostgreSQL refused a statement; the message has the SQLSTATE.";
    ClusterFailed = "cluster-failed", Failed: "The private PostgreSQL could not be made, started or stopped.";
    ClusterNotOurs = "cluster-not-ours", Failed: "The private PostgreSQL's folder, or something in it, is a link or another user's.";

    LogMissing = "log-missing", Failed: "The event log does not exist.";
    StandbyUnfit = "standby-unfit", Failed: "`read_from` names what is no standby of the event store's server.";
    AdoptionInvalid = "adoption-invalid", Failed: "`[event_store.adopt]` lacks a key or names what cannot be read.";
    CachedSequence = "cached-sequence", Failed: "Positions are handed out in blocks, so late events would be lost.";
    PresetUnfit = "preset-unfit", Failed: "No table is as the preset of `adopt` describes it, or several are.";
    SqlFirst = "sql-first", Failed: "The log needs SQL before it can be adopted, such as a column that gives it an order: `adopt` prints it.";
    OrderUnproven = "order-unproven", Failed: "Writers take positions before the INSERT, and config.toml names no proof that none comes too late.";
    EventsUnreadable = "events-unreadable", Failed: "The first and the last event of an adopted log are not JSON: compressed, encrypted or in another format.";
    LogUnwatchable = "log-unwatchable", Failed: "Nobody can tell who writes to the log: a foreign table, a materialised view, a view of many tables, `writers` or `sequence` that are none, or nodes of Citus whose writers are not seen.";
    LogSubscribed = "log-subscribed", Failed: "A subscription fills the log, so events do not arrive in the order of their positions.";
    PositionsAboveSequence = "positions-above-sequence", Failed: "The log has positions that its sequence has not given out.";
    SequenceUnusable = "sequence-unusable", Failed: "Positions come from more than one sequence, or from one that goes down or begins again.";
    BrokenLog = "broken-log", Failed: "A position is doubled, out of order, below 1, NULL or no whole number, or a row is damaged.";
    WritersBusy = "writers-busy", LockTimeout: "A transaction that writes to the log does not end, so no mark can be had.";
    LogBehindBuild = "log-behind-build", Failed: "The log ends before the checkpoint of a build: it was set back.";
    LogChanged = "log-changed", Failed: "An event that a build has read is another one, or is gone.";
    LogBeginsLater = "log-begins-later", Failed: "The log begins later than it did for the build readers see.";
    LogReadOtherwise = "log-read-otherwise", Failed: "The rows of an adopted log are read in another way than they were for a build: by `[event_store.adopt]`, or by a view or function.";
    BuildOfAnotherLog = "build-of-another-log", Failed: "A build was made from another log than the project's.";
    MomentUnreadable = "moment-unreadable", Usage: "`--until` is neither a position nor a timestamp.";
    MomentEmpty = "moment-empty", Usage: "A moment has yet to come, or the log has no event up to it.";

    LedgerMissing = "ledger-missing", Failed: "Nothing was ever rebuilt in the database.";
    LedgerNewer = "ledger-newer", Failed: "A newer regrow wrote the ledger.";
    LedgerOlder = "ledger-older", Failed: "An older regrow wrote the ledger, and the command would change it.";
    LedgerUnreadable = "ledger-unreadable", Failed: "Something in the ledger cannot be understood.";
    Busy = "busy", Locked: "Another run is at work there.";
    ViewTaken = "view-taken", Failed: "A view's name belongs to somebody else.";
    ViewChanged = "view-changed", Failed: "A view that readers see is not what regrow made, or not there: somebody has changed, replaced or dropped it.";

    BuildUnfinished = "build-unfinished", Failed: "A build of the same definition waits to be gone on with.";
    NothingToResume = "nothing-to-resume", Failed: "No build is unfinished.";
    NothingReady = "nothing-ready", Failed: "No build can be promoted.";
    EventsSkipped = "events-skipped", Unverified: "A build has skipped events, and readers see it only with `--accept-skipped`.";
    NothingRetired = "nothing-retired", Failed: "There is no build to go back to.";
    NeverBuilt = "never-built", Failed: "The projection has no live build.";
    Fenced = "fenced", Failed: "Somebody else moved the build.";
    LeftBehind = "left-behind", Failed: "`run --until-caught-up` had to leave builds behind.";
    CheckBroken = "check-broken", Unverified: "An assertion of `checks.sql` cannot be run.";
    CheckFailed = "check-failed", Unverified: "An assertion of `checks.sql` does not hold.";
    LateEvents = "late-events", Unverified: "The log holds events below the checkpoint that the build never read.";
    ViewsBusy = "views-busy", LockTimeout: "Readers never let go of the views.";
    DependentsInTheWay = "dependents-in-the-way", Failed: "Objects of others depend on a view that must be made anew.";
    ViewNotKept = "view-not-kept", Failed: "A view must be made anew, and a right, trigger or rule of it could not be made again.";
    ObjectsOfOthers = "objects-of-others", Failed: "Dropping a build would take objects with it that regrow did not make.";
    FolderNotRenamed = "folder-not-renamed", Failed: "A projection is to be renamed, and its folder is not.";
    Differs = "differs", Unverified: "A build differs from what it was compared with, and nobody declared that.";
    BuildUnknown = "build-unknown", Usage: "No build goes by that name.";
    Paused = "paused", Interrupted: "An operator has paused the build: `regrow pause`.";
    Cancelled = "cancelled", Interrupted: "An operator has cancelled the build: `regrow cancel`.";
    NothingToSteer = "nothing-to-steer", Failed: "There is no build that could be paused, unpaused or cancelled.";
    NotReached = "not-reached", Behind: "A live build did not come to a position in the time given, or is stopped before it: `regrow wait`.";
    ListenFailed = "listen-failed", Failed: "The address of `run --listen` is taken, or cannot be listened on.";
    NothingToCompare = "nothing-to-compare", Failed: "There are not two builds to compare.";
    HookFailed = "hook-failed", Failed: "The program of `[hooks] after_promote` did not end well; readers see the build all the same.";
    ReplicasUnseen = "replicas-unseen", Failed: "`[rebuild] max_replica_lag` is set, and the role may not see how far replicas are.";
    BuildsApart = "builds-apart", Failed: "Two builds cannot be brought to one position.";
    BuildsRestless = "builds-restless", LockTimeout: "Two builds could not be held at one position in time; safe to try again.";
    StillLive = "still-live", Failed: "A build is to be dropped that readers see.";

    TableUnknown = "table-unknown", Usage: "No build has a table of that name, or several have one.";
    EventUnknown = "event-unknown", Usage: "The log has no event at that position, or none was parked there.";
    KeyInvalid = "key-invalid", Usage: "The columns of `--key` are not the table's primary key, or a value is none of its type.";
    RowNotBound = "row-not-bound", Failed: "A row cannot be made again by itself: nothing binds it to events of its own.";
    RowFails = "row-fails", Failed: "An event of a row that is made again fails now; nothing was changed.";

    LineageUnknown = "lineage-unknown", Usage: "No lineage goes by that name.";
    TargetInvalid = "target-invalid", Usage: "The target leads nowhere.";
    SeveralHeads = "several-heads", Heads: "`head` is asked for where there are several.";
    Divergent = "divergent", Divergent: "Files and history differ: edited, missing or late revisions.";
    DatabaseAhead = "database-ahead", Ahead: "Newer code has migrated the database.";
    RevisionFailed = "revision-failed", Failed: "A statement of a revision, or of `schema.sql`, failed.";
    ScriptInvalid = "script-invalid", Failed: "A file says what a revision cannot.";
    NoWayBack = "no-way-back", Failed: "A revision on the way down has no down file.";
    RevisionsMissing = "revisions-missing", Failed: "The event store has no revision in the project's files.";
    LosesEvents = "loses-events", Failed: "The way down would take events away, or change them.";
    DeployLocked = "deploy-locked", Locked: "Another run holds the deploy lock.";
    PoolerInBetween = "pooler-in-between", Failed: "A transaction pooler stands between us and the server.";
    DependencyMissing = "dependency-missing", Failed: "A revision needs another, which has not run.";
    WrongVerb = "wrong-verb", Usage: "A projection goes back by `rollback`, and its history is not written by hand.";
    BuildOnItsWay = "build-on-its-way", Locked: "A build by another definition is on its way.";
    WantedMissing = "wanted-missing", Failed: "No `schema.sql` states the tables that are wanted.";
    ScratchMissing = "scratch-missing", Failed: "There is nowhere to try revisions without touching what is live.";
    NotTried = "not-tried", Failed: "A revision needs what a scratch database does not have.";
    AlembicMissing = "alembic-missing", Failed: "The database has no version table of Alembic's, or several.";
    AlembicUnmatched = "alembic-unmatched", Failed: "Alembic's version table is empty, or no revision stands for what it says.";
    NothingToRedo = "nothing-to-redo", Failed: "No revision could be run again.";
    Adopted = "adopted", Failed: "Another library owns the log; regrow does not write to it.";

    LineInvalid = "line-invalid", Failed: "A line of an import is no event.";
    StreamUnknown = "stream-unknown", Usage: "The log, or a stream of it, has no such event that the projection reads.";
    StreamMoved = "stream-moved", Failed: "A stream is not at the version that an append expected; nothing was appended.";
    EventExists = "event-exists", Failed: "The log holds an event of that number, or an earlier line does.";
    OutputFailed = "output-failed", Failed: "The output takes no more.";
    DemoBroken = "demo-broken", Unverified: "The demo did not hold its promise.";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the document's tables must be those of the source, in their order.
    #[test]
    fn the_document_lists_exactly_the_codes_there_are() {
        let row =
            |name: &str, exit: u8, meaning: &str| format!("| `{name}` | {exit} | {meaning} |");
        let events = FailureCode::ALL.iter().map(|c| row(c.name(), 1, c.meaning()));
        let reasons = ALL.iter().map(|(name, exit, meaning)| row(name, exit.number(), meaning));
        let expect: Vec<String> = events.chain(reasons).collect();
        let document = include_str!("../../docs/errors.md");
        let found: Vec<&str> = document.lines().filter(|line| line.starts_with("| `")).collect();
        assert!(found == expect, "docs/errors.md must have the rows\n{}", expect.join("\n"));
        let mut names: Vec<&str> = found.iter().filter_map(|r| r.split('`').nth(1)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), found.len(), "a name stands for one thing");
    }
}
