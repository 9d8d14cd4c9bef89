//! A server: may it be written to, has it room for our sessions, what is set on our role.

use super::{Code, Depth, Finding, Inspection};
use crate::log::LogError;
use crate::pg::snapshots::held;
use crate::pg::{PgError, Session, Sql, settings};

/// What a server is to this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It has the log and the read models.
    Both,
    /// It has the log.
    EventStore,
    /// It has the read models.
    ReadModels,
}

/// What others need to know about a server.
pub(super) struct Facts {
    /// The folder of the tables, where it is known and on this machine.
    pub(super) folder: Option<String>,
}

/// Looks at one server.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    side: Side,
) -> Result<Facts, PgError> {
    let row = session.query_one(include_str!("server.sql"), &[])?;
    let (label, role): (String, String) = (session.server().to_owned(), row.get("role"));
    let mut found = Vec::new();
    if row.get("standby") {
        let message = match side {
            Side::EventStore => LogError::Standby { server: label.clone() }.to_string(),
            _ => PgError::ReadOnly { server: label.clone(), is_standby: true }.to_string(),
        };
        found.push(Finding::refused(Code::Standby, &label, message, "use the primary's address"));
    } else if row.get("read_only") {
        found.push(read_only(&label, &role, side));
    }
    if inspection.depth != Depth::Servers {
        found.extend(few_connections(&label, row.get("connections"), inspection.needed(side)));
    }
    if inspection.depth == Depth::Thorough {
        found.extend(told_settings(session, &label)?);
        if side != Side::EventStore {
            found.extend(snapshots(session, &label, inspection.long_s())?);
        }
        if !row.get::<_, bool>("sees_all") {
            let message = format!(
                "{role} cannot see since when transactions of other users are open on {label}: \
                 long ones are not told"
            );
            let next = format!("GRANT pg_read_all_stats TO {role};");
            found.push(Finding::note(Code::HiddenTransactions, &label, message, next));
        }
    }
    inspection.found.extend(found);
    Ok(Facts { folder: row.get("folder") })
}

impl Inspection<'_> {
    /// From how many seconds on a transaction is a long one.
    pub(super) fn long_s(&self) -> f64 {
        f64::from(self.context.project.config.rebuild.long_transaction_s)
    }

    /// Sessions a rebuild has at the same time, at the most: one asks for marks, `workers` read a long
    /// pass; each build writes by one, and reads events again by one; a promote has one for each. Those that
    /// only make it faster it can do without.
    fn needed(&self, side: Side) -> i64 {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX / 8);
        let builds = count(self.names.len());
        let readers = count(self.context.project.config.rebuild.workers()) + 1;
        let (log, reads) = (readers + builds + 1, builds + 1);
        match side {
            Side::Both => log + reads,
            Side::EventStore => log,
            Side::ReadModels => reads,
        }
    }
}

fn read_only(label: &str, role: &str, side: Side) -> Finding {
    let message =
        format!("transactions of {role} are read-only on {label} (default_transaction_read_only)");
    if side == Side::EventStore {
        let next = "nothing: a rebuild only reads there";
        return Finding::note(Code::ReadOnly, label, message, next);
    }
    let next = format!("ALTER ROLE {role} SET default_transaction_read_only = off;");
    Finding::refused(Code::ReadOnly, label, message, next)
}

fn few_connections(label: &str, free: i64, needed: i64) -> Option<Finding> {
    let message = format!(
        "{label} has room for {} more of this role, and a rebuild may need {needed}",
        super::counted(free.max(0), "connection", "connections")
    );
    let next = "end idle sessions, or raise max_connections or the limit of the role or database";
    (free < needed).then(|| Finding::warning(Code::FewConnections, label, message, next))
}

fn told_settings(session: &mut Session, label: &str) -> Result<Vec<Finding>, PgError> {
    let pinned: Vec<&str> = settings::pinned().collect();
    let rows = session.query(include_str!("settings.sql"), &[&pinned])?;
    let told = rows.iter().map(|row| {
        let (name, found, ours): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let set_on: String = row.get(3);
        if name == "temp_file_limit" {
            let message = format!(
                "{name} is {ours}, set on {set_on}: a sort that needs more of the disk fails"
            );
            let next = "a superuser can raise it for the role that rebuilds";
            return Finding::note(Code::TempFileLimit, label, message, next);
        }
        let message = format!("{name} is {found}, set on {set_on}; regrow's sessions set {ours}");
        let next = "nothing: sessions of regrow go by their own";
        Finding::note(Code::RoleSettings, label, message, next)
    });
    Ok(told.collect())
}

fn snapshots(session: &mut Session, label: &str, long_s: f64) -> Result<Vec<Finding>, PgError> {
    let told = held(session, long_s)?.into_iter().map(|(who, next)| {
        let message = format!("{who} keeps dead rows from being taken away: tables grow");
        Finding::note(Code::OldSnapshot, label, message, next)
    });
    Ok(told.collect())
}
