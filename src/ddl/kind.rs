//! The words in which a step is told: what it does, under which lock, with how
//! much work.

use std::fmt;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `CREATE TABLE`.
    CreateTable,
    /// `CREATE TABLE AS` and `SELECT INTO`.
    CreateTableAs,
    /// `DROP TABLE`.
    DropTable,
    /// `DROP SCHEMA`; the step's table is the schema's name.
    DropSchema,
    /// `ADD COLUMN`.
    AddColumn,
    /// `DROP COLUMN`.
    DropColumn,
    /// `ALTER COLUMN ... TYPE`.
    ColumnType,
    /// `SET DEFAULT` and `DROP DEFAULT`.
    ColumnDefault,
    /// `SET NOT NULL`.
    SetNotNull,
    /// `ALTER COLUMN` with anything else.
    AlterColumn,
    /// `ADD CONSTRAINT`, foreign keys excepted.
    AddConstraint,
    /// `ADD FOREIGN KEY`, or `REFERENCES` at a column.
    AddForeignKey,
    /// A table that a new foreign key points to.
    Referenced,
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint,
    /// `DROP CONSTRAINT`.
    DropConstraint,
    /// `RENAME` of a table or column, and `SET SCHEMA`.
    Rename,
    /// `SET LOGGED` and `SET UNLOGGED`.
    Persistence,
    /// Partitions attached, detached, created, split and merged.
    Partition,
    /// `ALTER TABLE` with anything else.
    AlterTable,
    /// `CREATE INDEX`.
    CreateIndex,
    /// `DROP INDEX`.
    DropIndex,
    /// `REINDEX`.
    Reindex,
    /// `CLUSTER` and `REPACK`.
    Cluster,
    /// `VACUUM`, without `FULL`.
    Vacuum,
    /// `VACUUM FULL`.
    VacuumFull,
    /// `TRUNCATE`.
    Truncate,
    /// `INSERT`.
    Insert,
    /// `UPDATE`, and `INSERT ... ON CONFLICT DO UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `MERGE`.
    Merge,
    /// `COPY ... FROM`.
    CopyFrom,
    /// A query.
    Query,
    /// A trigger or rule made, dropped, switched on or off.
    Trigger,
    /// Anything else that is known: comments, grants, functions, types, settings.
    Known,
    /// What is not understood, `DO` and `CALL`.
    Other,
}

impl Kind {
    /// Whether it puts rows into a table or takes them out.
    #[must_use]
    pub fn writes_rows(self) -> bool {
        use Kind::{CopyFrom, CreateTableAs, Delete, Insert, Merge, Truncate, Update};
        matches!(self, CopyFrom | CreateTableAs | Delete | Insert | Merge | Truncate | Update)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::CreateTable => "CREATE TABLE",
            Kind::CreateTableAs => "CREATE TABLE AS",
            Kind::DropTable => "DROP TABLE",
            Kind::DropSchema => "DROP SCHEMA",
            Kind::AddColumn => "ADD COLUMN",
            Kind::DropColumn => "DROP COLUMN",
            Kind::ColumnType => "ALTER COLUMN TYPE",
            Kind::ColumnDefault => "ALTER COLUMN DEFAULT",
            Kind::SetNotNull => "SET NOT NULL",
            Kind::AlterColumn => "ALTER COLUMN",
            Kind::AddConstraint => "ADD CONSTRAINT",
            Kind::AddForeignKey => "ADD FOREIGN KEY",
            Kind::Referenced => "REFERENCES",
            Kind::ValidateConstraint => "VALIDATE CONSTRAINT",
            Kind::DropConstraint => "DROP CONSTRAINT",
            Kind::Rename => "RENAME",
            Kind::Persistence => "SET LOGGED or UNLOGGED",
            Kind::Partition => "a change of partitions",
            Kind::AlterTable => "ALTER TABLE",
            Kind::CreateIndex => "CREATE INDEX",
            Kind::DropIndex => "DROP INDEX",
            Kind::Reindex => "REINDEX",
            Kind::Cluster => "CLUSTER",
            Kind::Vacuum => "VACUUM",
            Kind::VacuumFull => "VACUUM FULL",
            Kind::Truncate => "TRUNCATE",
            Kind::Insert => "INSERT",
            Kind::Update => "UPDATE",
            Kind::Delete => "DELETE",
            Kind::Merge => "MERGE",
            Kind::CopyFrom => "COPY",
            Kind::Query => "SELECT",
            Kind::Trigger => "a change of triggers or rules",
            Kind::Known => "the statement",
            Kind::Other => "a statement that is not understood",
        })
    }
}

/// A lock on a table, the weakest first. Which statement takes which one:
/// PostgreSQL manual, "Explicit Locking" and the pages of the statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// Taken by readers; waits for `ACCESS EXCLUSIVE` only.
    AccessShare,
    /// Taken by `SELECT ... FOR UPDATE`.
    RowShare,
    /// Taken by writers.
    RowExclusive,
    /// One at a time, and readers and writers go on.
    ShareUpdateExclusive,
    /// Writers wait.
    Share,
    /// Writers wait, and one at a time.
    ShareRowExclusive,
    /// Writers and `FOR UPDATE` wait.
    Exclusive,
    /// Everybody waits.
    AccessExclusive,
}

impl Lock {
    /// Whether an INSERT into the table waits until the lock is given back.
    #[must_use]
    pub fn stops_writers(self) -> bool {
        self >= Lock::Share
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lock::AccessShare => "ACCESS SHARE",
            Lock::RowShare => "ROW SHARE",
            Lock::RowExclusive => "ROW EXCLUSIVE",
            Lock::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Lock::Share => "SHARE",
            Lock::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Lock::Exclusive => "EXCLUSIVE",
            Lock::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// What a step reads or writes of its table while it holds the lock. Row by row
/// work of `UPDATE` and its kin is not counted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// The catalog only.
    None,
    /// Every row is read.
    Scan,
    /// Every row is written anew, and the indexes are built again.
    Rewrite,
}
