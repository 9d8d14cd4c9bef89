//! The words for findings: short, stable, one each. `docs/preflight.md` says what each means.

macro_rules! codes {
    ($($code:ident = $name:literal;)*) => {
        /// What kind of finding it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $name] $code,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Code] = &[$(Code::$code,)*];

            /// The word in every report.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => $name,)* }
            }
        }
    };
}

codes! {
    ServerTooOld = "server-too-old";
    Standby = "standby";
    ReadOnly = "read-only";
    RoleSettings = "role-settings";
    TempFileLimit = "temp-file-limit";
    FewConnections = "few-connections";
    OldSnapshot = "old-snapshot";
    HiddenTransactions = "hidden-transactions";
    NoLog = "no-log";
    NoUsageOnEventStore = "no-usage-on-event-store";
    NoSelectOnLog = "no-select-on-log";
    NoSelectOnSequence = "no-select-on-sequence";
    RowSecurity = "row-security";
    CachedSequence = "cached-sequence";
    SequenceUnusable = "sequence-unusable";
    WatchedTables = "watched-tables";
    LogUnwatchable = "log-unwatchable";
    LogSubscribed = "log-subscribed";
    HiddenSubscriptions = "hidden-subscriptions";
    ViewCondition = "view-condition";
    OrderUnproven = "order-unproven";
    NoStreams = "no-streams";
    PositionWithoutDefault = "position-without-default";
    NoIndexOnPosition = "no-index-on-position";
    LongTransaction = "long-transaction";
    PreparedTransaction = "prepared-transaction";
    PayloadType = "payload-type";
    PayloadAsText = "payload-as-text";
    LogExpression = "log-expression";
    UnknownType = "unknown-type";
    EmptyLog = "empty-log";
    Gaps = "gaps";
    PositionsTakenAhead = "positions-taken-ahead";
    PositionsAboveSequence = "positions-above-sequence";
    PositionsNotPositive = "positions-not-positive";
    DuplicatePositions = "duplicate-positions";
    UnreadableEvents = "unreadable-events";
    StreamVersions = "stream-versions";
    StreamBeginsLate = "stream-begins-late";
    NoCreateOnDatabase = "no-create-on-database";
    SchemaTaken = "schema-taken";
    NoRightsOnLedger = "no-rights-on-ledger";
    NoCreateInReadersSchema = "no-create-in-readers-schema";
    NoRightsOnViews = "no-rights-on-views";
    ViewsOfAnotherOwner = "views-of-another-owner";
    ViewsInTheWay = "views-in-the-way";
    ViewsNotTried = "views-not-tried";
    TablesHandedOn = "tables-handed-on";
    StaysBehind = "stays-behind";
    Disk = "disk";
    LongName = "long-name";
    NameCut = "name-cut";
    DependsOn = "depends-on";
}
