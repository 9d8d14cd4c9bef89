//! Exit codes: one table, documented, the same for every command.

use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// It did what it was asked.
    Done,
    /// It failed.
    Failed,
    /// It was typed wrong.
    Usage,
    /// Revisions wait to be applied.
    Pending,
    /// Files and history differ.
    Divergent,
    /// A lineage has several heads.
    Heads,
    /// Another run holds the lock.
    Locked,
    /// Locks could not be had in time; safe to try again.
    LockTimeout,
    /// Lint found something.
    Lint,
    /// The database is ahead of this code.
    Ahead,
    /// A check or a comparison failed.
    Unverified,
    /// Readers do not get rows as fresh as asked for.
    Behind,
    /// Somebody pressed ctrl-C or sent SIGTERM.
    Interrupted,
}

impl Code {
    /// The number the process ends with.
    pub fn number(self) -> u8 {
        match self {
            Code::Done => 0,
            Code::Failed => 1,
            Code::Usage => 2,
            Code::Pending => 3,
            Code::Divergent => 4,
            Code::Heads => 5,
            Code::Locked => 6,
            Code::LockTimeout => 7,
            Code::Lint => 8,
            Code::Ahead => 9,
            Code::Unverified => 10,
            Code::Behind => 11,
            Code::Interrupted => 130,
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> ExitCode {
        ExitCode::from(code.number())
    }
}
