//! Which reason an error of a server, or of the way to it, has.

use super::reason::Reason;
use super::reasoned::Reasoned;
use crate::pg::PgError;

/// What a SQLSTATE says that any statement may end with (PostgreSQL manual, appendix A).
fn of_sqlstate(code: &str) -> Option<Reason> {
    Some(match code {
        "28P01" | "28000" => Reason::WrongPassword,
        "3D000" => Reason::DatabaseMissing,
        "42501" => Reason::PrivilegeMissing,
        "55P03" => Reason::LockTimeout,
        "25006" => Reason::ReadOnly,
        "53100" => Reason::DiskFull,
        "53300" => Reason::TooManyConnections,
        "57014" => Reason::StatementCancelled,
        "57P03" => Reason::StartingUp,
        _ => return None,
    })
}

impl Reasoned for PgError {
    fn reason(&self) -> Reason {
        if self.library().is_some() {
            return Reason::LibraryUnloadable;
        }
        match self {
            PgError::Address { .. } => Reason::AddressUnreadable,
            PgError::Connect { code: None, tls: Some(_), .. } => Reason::NotSecure,
            PgError::TlsFile(_) => Reason::TlsFileUnusable,
            PgError::Connect { code, .. } => {
                code.as_deref().and_then(of_sqlstate).unwrap_or(Reason::NoConnection)
            }
            PgError::TooOld { .. } => Reason::ServerTooOld,
            PgError::Lost { .. } => Reason::ConnectionLost,
            PgError::Setting(_) => Reason::SettingInTheWay,
            PgError::Taken(_) => Reason::SchemaTaken,
            PgError::ReadOnly { .. } => Reason::ReadOnly,
            PgError::Pooled { .. } => Reason::PoolerInBetween,
            PgError::InDoubt { .. } => Reason::CommitInDoubt,
            PgError::Server(error) => of_sqlstate(&error.code).unwrap_or(Reason::ServerRefused),
            PgError::NoRow => Reason::ServerRefused,
        }
    }
}
