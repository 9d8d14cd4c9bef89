//! What a revision is in its lineage, and to a database.

use std::collections::BTreeSet;

use super::{Lineage, Revision};

impl Lineage {
    /// What is said of a revision beside its name: its place in the graph, and the database's if that was asked which ran.
    #[must_use]
    pub fn marks(&self, revision: &Revision, applied: Option<&BTreeSet<i64>>) -> Vec<&'static str> {
        let at = |set: &BTreeSet<i64>| self.tips(set).iter().any(|r| r.version == revision.version);
        let all = self.revisions.iter().map(|r| r.version).collect();
        let marks = [
            (at(&all), "head"),
            (self.children(revision.version).nth(1).is_some(), "branchpoint"),
            (revision.revises.len() > 1, "mergepoint"),
            (applied.is_some_and(at), "current"),
            (applied.is_some_and(|a| !a.contains(&revision.version)), "pending"),
        ];
        marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
    }
}
