//! The graph of a lineage: who comes after whom.
//!
//! Owns closures, heads and branch points. Which revisions were applied is told, not known.

use std::collections::BTreeSet;

use super::{Lineage, Revision};

/// Versions of one lineage.
pub(super) type Versions = BTreeSet<i64>;

impl Lineage {
    /// The revision of a version.
    #[must_use]
    pub fn get(&self, version: i64) -> Option<&Revision> {
        self.revisions.iter().find(|r| r.version == version)
    }

    /// The revisions that revise one, by version.
    pub fn children(&self, version: i64) -> impl Iterator<Item = &Revision> {
        self.revisions.iter().filter(move |r| r.revises.contains(&version))
    }

    /// The revisions that nothing revises, in the order they run.
    #[must_use]
    pub fn heads(&self) -> Vec<&Revision> {
        self.tips(&self.revisions.iter().map(|r| r.version).collect())
    }

    /// The revisions that revise nothing.
    #[must_use]
    pub fn bases(&self) -> Vec<&Revision> {
        self.revisions.iter().filter(|r| r.revises.is_empty()).collect()
    }

    /// The revisions that more than one other revises, or where several histories begin.
    #[must_use]
    pub fn branch_points(&self) -> Vec<&Revision> {
        self.revisions.iter().filter(|r| self.children(r.version).nth(1).is_some()).collect()
    }

    /// Those of some revisions that none of them revises: where a database stands.
    #[must_use]
    pub fn tips(&self, of: &BTreeSet<i64>) -> Vec<&Revision> {
        let within = || self.revisions.iter().filter(|r| of.contains(&r.version));
        let revised: Versions = within().flat_map(|r| r.revises.iter().copied()).collect();
        within().filter(|r| !revised.contains(&r.version)).collect()
    }

    /// Those of some revisions that none of them revises or depends on: where steps are counted
    /// from. What only ran because another needs it is not where somebody went.
    pub(super) fn foremost(&self, of: &BTreeSet<i64>) -> Vec<&Revision> {
        let within = || self.revisions.iter().filter(|r| of.contains(&r.version));
        let needed: Versions = within().flat_map(Revision::parents).collect();
        within().filter(|r| !needed.contains(&r.version)).collect()
    }

    /// Some revisions and all that must have run before them in this lineage.
    #[must_use]
    pub fn ancestors(&self, of: impl IntoIterator<Item = i64>) -> BTreeSet<i64> {
        let mut found: Versions = of.into_iter().collect();
        for revision in self.revisions.iter().rev() {
            if found.contains(&revision.version) {
                found.extend(revision.parents());
            }
        }
        found
    }

    /// Some revisions and all of this lineage that can only have run after them.
    #[must_use]
    pub fn descendants(&self, of: impl IntoIterator<Item = i64>) -> BTreeSet<i64> {
        let mut found: Versions = of.into_iter().collect();
        for revision in &self.revisions {
            if revision.parents().any(|p| found.contains(&p)) {
                found.insert(revision.version);
            }
        }
        found
    }

    /// Whether two revisions lie on one branch: one leads to the other by `revises`.
    pub(super) fn share_branch(&self, one: i64, other: i64) -> bool {
        let (low, high) = if self.stands_before(one, other) { (one, other) } else { (other, one) };
        let mut found: Versions = [low].into();
        for revision in &self.revisions {
            if revision.revises.iter().any(|p| found.contains(p)) {
                found.insert(revision.version);
            }
        }
        found.contains(&high)
    }

    fn stands_before(&self, one: i64, other: i64) -> bool {
        let at = |version| self.revisions.iter().position(|r| r.version == version);
        at(one) <= at(other)
    }

    /// The revisions of some versions, in the order they run.
    pub(super) fn in_order(&self, versions: &Versions) -> Vec<&Revision> {
        self.revisions.iter().filter(|r| versions.contains(&r.version)).collect()
    }
}
