//! What is told of lineages and of runs, as reports.

use super::{Preview, Repaired, Report, Standing};
use crate::report::migration::{HistoryRepair, MigrationRun, PlannedRevision, PlannedStatement};
use crate::report::revision::{AppliedRevision, CurrentLineage};
use crate::revision::Revision;

impl Standing {
    /// Where the lineage stands.
    #[must_use]
    pub fn current(&self) -> CurrentLineage {
        let applied = self.applied.iter().map(|row| AppliedRevision {
            version: row.version,
            slug: row.slug.clone(),
            applied_on: row.applied_on.clone(),
        });
        let stems = |found: Vec<&Revision>| found.iter().map(|r| r.stem()).collect();
        CurrentLineage {
            lineage: self.lineage.name.clone(),
            schema: self.schema.as_ref().map(ToString::to_string),
            at: stems(self.at()),
            applied: applied.collect(),
            pending: stems(self.pending()),
            heads: stems(self.lineage.heads()),
        }
    }
}

impl Report {
    /// What ran.
    #[must_use]
    pub fn report(&self) -> MigrationRun {
        MigrationRun {
            lineage: self.lineage.clone(),
            ran: self.ran.clone(),
            head: self.at.last().cloned(),
            at: self.at.clone(),
        }
    }
}

impl Preview {
    /// What would run.
    #[must_use]
    pub fn report(&self) -> PlannedRevision {
        let statements = self.statements.iter().map(|planned| PlannedStatement {
            file: planned.place.file.clone(),
            line: planned.place.line,
            lock: planned.lock.clone(),
            on: planned.relation.clone(),
            rewrites: planned.rewrites,
            outside_transaction: planned.alone,
            text: planned.text.clone(),
        });
        PlannedRevision {
            revision: self.stem.clone(),
            outside_transaction: self.outside_transaction,
            waits: self.waits.clone(),
            statements: statements.collect(),
        }
    }
}

impl Repaired {
    /// What was accepted, if it was `written`, and what is left.
    #[must_use]
    pub fn report(&self, written: bool) -> HistoryRepair {
        HistoryRepair {
            lineage: self.lineage.clone(),
            changes: self.changes.clone(),
            left: self.left.iter().map(ToString::to_string).collect(),
            written,
        }
    }
}
