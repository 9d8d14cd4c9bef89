//! Routes: which revisions a target asks to run, up or down, given what was applied.
//!
//! Owns Alembic's meaning of each target (its documentation and the observed behaviour of
//! 1.20): up runs whatever the target needs and is not applied; down takes back whatever
//! stands on the target and nothing of another branch. Nothing runs here.

use std::collections::BTreeSet;

use super::graph::Versions;
use super::target::{Point, Target, TargetError, stems};
use super::{Lineage, Revision};

/// Which way revisions run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The revision's own SQL.
    Up,
    /// Its down file.
    Down,
}

impl Direction {
    /// `up` or `down`, as in file names and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }

    /// The other one.
    #[must_use]
    pub fn reversed(self) -> Direction {
        match self {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
        }
    }
}

/// What `stamp` writes without running anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Versions that become applied.
    pub add: Vec<i64>,
    /// Versions that are no longer.
    pub remove: Vec<i64>,
}

impl Lineage {
    /// The revisions that must run to reach a target, in order.
    ///
    /// # Errors
    /// The target leads nowhere, or to more than one place where one is meant.
    pub fn upgrade(
        &self,
        applied: &BTreeSet<i64>,
        target: &Target,
    ) -> Result<Vec<&Revision>, TargetError> {
        let destinations = match &target.point {
            Point::Steps(steps) if *steps <= 0 => {
                return Err(TargetError::WrongDirection { steps: *steps, verb: "migrate" });
            }
            Point::Steps(steps) => {
                let start = self.standing_to_go_up(applied, target, *steps)?;
                self.walk(start.map(|r| r.version), *steps, self.branch(target)?)?
                    .into_iter()
                    .collect()
            }
            _ => self.destinations(target)?,
        };
        let needed = self.ancestors(destinations);
        Ok(self.in_order(&needed.difference(applied).copied().collect()))
    }

    /// The revisions that must be taken back to reach a target, in the order they go.
    ///
    /// # Errors
    /// The target leads nowhere, or was never applied.
    pub fn downgrade(
        &self,
        applied: &BTreeSet<i64>,
        target: &Target,
    ) -> Result<Vec<&Revision>, TargetError> {
        let mut branch = self.branch(target)?;
        let destination = match &target.point {
            Point::Steps(steps) if *steps >= 0 => {
                return Err(TargetError::WrongDirection { steps: *steps, verb: "downgrade" });
            }
            Point::Steps(steps) => {
                let start = self.standing(applied, target, *steps)?.map(|r| r.version);
                if let (None, Some(branch), false) = (start, branch, applied.is_empty()) {
                    return Err(self.not_applied(branch));
                }
                branch = start;
                self.walk(start, *steps, None)?
            }
            _ => self.one(target)?,
        };
        let mut roots: Versions = match destination {
            None => self.bases().iter().map(|r| r.version).collect(),
            Some(version) => self.children(version).map(|r| r.version).collect(),
        };
        if let Some(branch) = branch
            && roots.len() > 1
        {
            let path = self.ancestors([branch]);
            roots.retain(|root| path.contains(root));
        }
        let dropped: Versions = self.descendants(roots).intersection(applied).copied().collect();
        match destination {
            Some(to) if !applied.contains(&to) => Err(self.not_applied(to)),
            // Something else stands on it, and that was not meant.
            Some(to)
                if dropped.is_empty() && !self.tips(applied).iter().any(|r| r.version == to) =>
            {
                Err(TargetError::NothingOn {
                    lineage: self.name.clone(),
                    stem: self.stem(to),
                    branch: target.branch.clone(),
                })
            }
            _ => Ok(self.in_order(&dropped).into_iter().rev().collect()),
        }
    }

    /// What changes in the history when a database is said to stand at some targets. A target
    /// replaces where the database stands on its own branch and leaves other branches alone,
    /// unless everything recorded is purged.
    ///
    /// # Errors
    /// A target leads nowhere.
    pub fn stamp(
        &self,
        applied: &BTreeSet<i64>,
        targets: &[Target],
        purge: bool,
    ) -> Result<Stamp, TargetError> {
        let mut kept: Versions = match purge {
            true => Versions::new(),
            false => self.tips(applied).iter().map(|r| r.version).collect(),
        };
        let mut stands: Versions = Versions::new();
        for target in targets {
            let destinations = self.destinations(target)?;
            if destinations.is_empty() {
                match self.branch(target)? {
                    None => kept.clear(),
                    // With it what depends on it: it cannot have run without.
                    Some(branch) => kept.retain(|tip| !self.related(*tip, branch)),
                }
            }
            let branch = self.branch(target)?;
            for destination in destinations {
                // A branch that is named goes to the revision as a whole, unless it stands there.
                let moves = |tip: &i64| self.related(*tip, destination);
                if !kept.contains(&destination) && kept.iter().any(moves) {
                    kept.retain(|tip| branch.is_none_or(|b| !self.related(*tip, b)));
                }
                kept.retain(|tip| !moves(tip));
                stands.insert(destination);
            }
        }
        let after = self.ancestors(kept.union(&stands).copied());
        let unknown = applied.iter().filter(|v| !purge && self.get(**v).is_none()).copied();
        let after: Versions = after.into_iter().chain(unknown).collect();
        Ok(Stamp {
            add: after.difference(applied).copied().collect(),
            remove: applied.difference(&after).copied().collect(),
        })
    }

    /// The only revision a target names whatever was applied; `None` is `base`.
    ///
    /// # Errors
    /// It names none or several, or steps from where a database stands.
    pub fn one(&self, target: &Target) -> Result<Option<i64>, TargetError> {
        let found = self.destinations(target)?;
        match (found.as_slice(), &target.point) {
            ([], _) => Ok(None),
            ([one], _) => Ok(Some(*one)),
            (several, point) => Err(TargetError::NotOne {
                lineage: self.name.clone(),
                text: format!("{point:?}").to_lowercase(),
                count: several.len(),
            }),
        }
    }

    /// The revisions from one target up to another, both with them, in the order they run.
    /// Steps count from the other end.
    ///
    /// # Errors
    /// A target leads nowhere.
    pub fn range(
        &self,
        from: Option<&Target>,
        to: Option<&Target>,
    ) -> Result<Vec<&Revision>, TargetError> {
        let heads = || self.heads().iter().map(|r| r.version).collect::<Vec<_>>();
        let absolute = |target: Option<&Target>| match target {
            None => Ok(None),
            Some(Target { point: Point::Steps(_), .. }) => Ok(None),
            Some(target) => self.destinations(target).map(Some),
        };
        let only = |versions: &Option<Vec<i64>>| versions.as_ref().and_then(|v| v.first().copied());
        let (low, high) = (absolute(from)?, absolute(to)?);
        let high = match to.map(|t| &t.point) {
            Some(Point::Steps(steps)) => self.walk(only(&low), *steps, None)?.into_iter().collect(),
            _ => high.unwrap_or_else(heads),
        };
        let low = match from.map(|t| &t.point) {
            Some(Point::Steps(steps)) => {
                self.walk(high.first().copied(), *steps, None)?.into_iter().collect()
            }
            _ => low.unwrap_or_default(),
        };
        let mut range = self.ancestors(high);
        if !low.is_empty() {
            let above = self.descendants(low);
            range.retain(|version| above.contains(version));
        }
        Ok(self.in_order(&range))
    }

    /// The versions a target names whatever was applied; none is `base`.
    ///
    /// # Errors
    /// It leads nowhere, or counts steps from where a database stands.
    pub fn destinations(&self, target: &Target) -> Result<Vec<i64>, TargetError> {
        let branch = self.branch(target)?;
        let on_branch = |version: i64| branch.is_none_or(|b| self.share_branch(version, b));
        let astray = |version: i64| TargetError::OtherBranch {
            lineage: self.name.clone(),
            stem: self.stem(version),
            branch: target.branch.clone().unwrap_or_default(),
        };
        match &target.point {
            Point::Base => Ok(Vec::new()),
            Point::Head | Point::Heads => {
                let heads: Vec<&Revision> =
                    self.heads().into_iter().filter(|r| on_branch(r.version)).collect();
                if target.point == Point::Head && heads.len() > 1 {
                    let (lineage, heads) = (self.name.clone(), stems(&heads));
                    return Err(TargetError::SeveralHeads { lineage, heads });
                }
                Ok(heads.iter().map(|r| r.version).collect())
            }
            Point::Named(name) => {
                let version = self.find_among(name, on_branch)?.version;
                if on_branch(version) { Ok(vec![version]) } else { Err(astray(version)) }
            }
            Point::From(name, steps) => {
                let start = self.find_among(name, on_branch)?.version;
                // Up, the branch says which way; the start may be what it merges with.
                if *steps < 0 && !on_branch(start) {
                    return Err(astray(start));
                }
                Ok(self.walk(Some(start), *steps, branch)?.into_iter().collect())
            }
            Point::Steps(steps) => Err(TargetError::Afloat { steps: *steps }),
        }
    }

    fn branch(&self, target: &Target) -> Result<Option<i64>, TargetError> {
        target.branch.as_ref().map(|name| Ok(self.find(name)?.version)).transpose()
    }

    /// The only revision a database stands at, on a branch where one is named.
    fn standing(
        &self,
        applied: &BTreeSet<i64>,
        target: &Target,
        steps: i64,
    ) -> Result<Option<&Revision>, TargetError> {
        let branch = self.branch(target)?;
        let on = |tip: &&Revision| branch.is_none_or(|b| self.share_branch(tip.version, b));
        let at: Vec<&Revision> = self.foremost(applied).into_iter().filter(on).collect();
        match at.as_slice() {
            [] => self.only(&self.tips(applied).into_iter().filter(on).collect::<Vec<_>>(), steps),
            at => self.only(at, steps),
        }
    }

    /// The same, and where it does not stand on the branch, what of it was applied for others.
    fn standing_to_go_up(
        &self,
        applied: &BTreeSet<i64>,
        target: &Target,
        steps: i64,
    ) -> Result<Option<&Revision>, TargetError> {
        match (self.standing(applied, target, steps)?, self.branch(target)?) {
            (None, Some(branch)) => {
                let on = |version: &&i64| self.share_branch(**version, branch);
                self.only(&self.foremost(&applied.iter().filter(on).copied().collect()), steps)
            }
            (at, _) => Ok(at),
        }
    }

    fn only<'l>(
        &self,
        at: &[&'l Revision],
        steps: i64,
    ) -> Result<Option<&'l Revision>, TargetError> {
        match at {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            several => Err(TargetError::SeveralCurrent {
                lineage: self.name.clone(),
                steps,
                at: stems(several),
            }),
        }
    }

    fn not_applied(&self, version: i64) -> TargetError {
        TargetError::NotApplied { lineage: self.name.clone(), stem: self.stem(version) }
    }

    fn stem(&self, version: i64) -> String {
        self.get(version).map_or_else(|| format!("V{version}"), Revision::stem)
    }

    /// Steps up (positive) or down from a revision; `None` is before the first.
    fn walk(
        &self,
        from: Option<i64>,
        steps: i64,
        branch: Option<i64>,
    ) -> Result<Option<i64>, TargetError> {
        let name = |at: Option<i64>| {
            at.and_then(|v| self.get(v)).map_or_else(|| "base".into(), Revision::stem)
        };
        let mut at = from;
        for done in 0..steps.unsigned_abs() {
            let ways: Vec<&Revision> = match (steps > 0, at) {
                (true, None) => self.bases(),
                (true, Some(version)) => self.children(version).collect(),
                (false, None) => Vec::new(),
                (false, Some(version)) => {
                    let parents = self.get(version).map(|r| r.revises.as_slice());
                    parents.unwrap_or_default().iter().filter_map(|p| self.get(*p)).collect()
                }
            };
            let ways: Vec<&Revision> = ways
                .into_iter()
                .filter(|r| steps < 0 || branch.is_none_or(|b| self.share_branch(r.version, b)))
                .collect();
            at = match (ways.as_slice(), at) {
                ([one], _) => Some(one.version),
                ([], Some(_)) if steps < 0 => None,
                ([], _) => {
                    return Err(TargetError::TooFar {
                        lineage: self.name.clone(),
                        steps,
                        from: name(from),
                        possible: done,
                    });
                }
                (several, at) => {
                    return Err(TargetError::Fork { at: name(at), ways: stems(several), steps });
                }
            };
        }
        Ok(at)
    }

    /// Whether one revision can only have run after the other, dependencies with it.
    fn related(&self, one: i64, other: i64) -> bool {
        self.ancestors([one]).contains(&other) || self.ancestors([other]).contains(&one)
    }
}
