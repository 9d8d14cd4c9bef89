//! Why nobody can tell how far a log is complete.

/// What is in the way. Each is refused, since late events would be lost without a word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwatchable {
    /// Who writes is known to another server only.
    #[error("{}: who writes to it is known to another server only", reads(.log, .part, "foreign table"))]
    Foreign {
        /// The log.
        log: String,
        /// The foreign table in it.
        part: String,
    },
    /// It shows what was there when it was refreshed.
    #[error("{}: it shows events when it is refreshed, in whatever order they came", reads(.log, .part, "materialised view"))]
    Materialised {
        /// The log.
        log: String,
        /// The materialised view in it.
        part: String,
    },
    /// Neither a table nor a view.
    #[error("the event log {log} is neither a table nor a view")]
    Kind {
        /// The log.
        log: String,
    },
    /// A view that is more than a window on one table.
    #[error("the event log {log} is a view whose writers cannot be told from it: {why}")]
    View {
        /// The log.
        log: String,
        /// What is in the way.
        why: &'static str,
        /// The keys of `[event_store.adopt]` that help.
        keys: String,
    },
    /// `writers` names what nobody locks who writes.
    #[error("who writes to the log cannot be watched: {name} {is}")]
    Writer {
        /// What is named.
        name: String,
        /// What it is.
        is: String,
    },
    /// `sequence` names none.
    #[error("config.toml: [event_store.adopt] sequence: {name} is not a sequence of this database")]
    NoSequence {
        /// What is named.
        name: String,
    },
    /// Events arrive in the order of another server's commits.
    #[error("the event log {log} is filled by the subscription {subscription}{}: events arrive in the order of their commits, not of their positions", unsure(.is_known))]
    Subscribed {
        /// The log.
        log: String,
        /// The table of it that is filled.
        table: String,
        /// The subscription, as SQL text.
        subscription: String,
        /// Whether it is known to be enabled.
        is_known: bool,
    },
    /// Positions that the sequence has not given out.
    #[error(
        "the log goes up to position {last}, and {sequence} stands at {stands}: the positions above it were given by \
         hand or by another sequence, and the next events would get positions below them"
    )]
    AboveSequence {
        /// The log.
        log: String,
        /// Its last position.
        last: i64,
        /// The sequence, as SQL text.
        sequence: String,
        /// The last position it has given out.
        stands: i64,
        /// What makes the sequence stand at `last`.
        value: i64,
    },
    /// A sequence that does not only go up.
    #[error(
        "the sequence {sequence} {flaw}: an event would come to stand below those that were read"
    )]
    Sequence {
        /// The sequence, as SQL text.
        sequence: String,
        /// What it does.
        flaw: &'static str,
        /// The clause of ALTER SEQUENCE that ends it.
        clause: &'static str,
    },
    /// Citus keeps it on several nodes, and locks of one are not seen on another.
    #[error("the event log {log} lies on several nodes of Citus: {why}")]
    Nodes {
        /// The log.
        log: String,
        /// What is in the way.
        why: String,
        /// What to do.
        remedy: String,
    },
    /// Numbers of one kind say nothing about those of another.
    #[error("the positions of the event log {log} come from more than one place: {}", .sources.join("; "))]
    SeveralSources {
        /// The log.
        log: String,
        /// A table and where its positions come from, each.
        sources: Vec<String>,
    },
}

impl Unwatchable {
    /// What to do about it; SQL if a statement is enough.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Unwatchable::Foreign { .. } => {
                "read the log on the server that has it: [database] url; the read models may lie on another server: [read_models] url".into()
            }
            Unwatchable::Materialised { .. } => {
                "config.toml: name the table that the materialised view is made from: [event_store.adopt] table".into()
            }
            Unwatchable::Kind { .. } => "config.toml: correct [event_store.adopt] table".into(),
            Unwatchable::View { keys, .. } => format!(
                "config.toml: add to [event_store.adopt] {keys}; or name a table, or a plain view of one"
            ),
            Unwatchable::Writer { .. } => {
                "correct writers of [event_store.adopt] in config.toml: tables that an INSERT of an event locks".into()
            }
            Unwatchable::NoSequence { .. } => {
                "name the sequence that gives the positions, or write sequence = \"none\" if there is none".into()
            }
            Unwatchable::Subscribed { subscription, .. } => format!(
                "read the log on the server that publishes it; or, after a cut-over, ALTER SUBSCRIPTION {subscription} DISABLE;"
            ),
            Unwatchable::AboveSequence { sequence, value, .. } => format!(
                "SELECT setval('{}', {value}); and fix the writer that gives positions itself",
                sequence.replace('\'', "''")
            ),
            Unwatchable::Sequence { sequence, clause, .. } => {
                format!("ALTER SEQUENCE {sequence} {clause};")
            }
            Unwatchable::Nodes { remedy, .. } => remedy.clone(),
            Unwatchable::SeveralSources { .. } => {
                "let one sequence give all of them; or, if only one table is still written to, name its sequence in \
                 config.toml: [event_store.adopt] sequence"
                    .into()
            }
        }
    }
}

fn reads(log: &str, part: &str, kind: &str) -> String {
    match log == part {
        true => format!("the event log {log} is a {kind}"),
        false => format!("the event log {log} reads {part}, a {kind}"),
    }
}

fn unsure(is_known: &bool) -> &'static str {
    if *is_known { "" } else { ", which may be enabled (this role may not see it)" }
}
