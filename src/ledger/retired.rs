//! Which retired builds are kept for a way back: the newest ones, and the one that proved itself longest
//! lately. What is kept is followed, and what is not costs nothing until prune drops it.

use std::collections::BTreeMap;

use super::{Build, BuildId, LedgerError, State, seconds_live};
use crate::pg::Sql;

/// The retired builds among `builds` that are kept, and why: `keep` of each projection. `seconds` is
/// how long each was live within the last week. Where nothing is to be kept, nothing is.
#[must_use]
pub fn kept_builds<'b>(
    builds: &'b [Build],
    keep: usize,
    seconds: &BTreeMap<BuildId, f64>,
) -> Vec<(&'b Build, &'static str)> {
    let mut kept = Vec::new();
    if keep == 0 {
        return kept;
    }
    let mut by_projection: BTreeMap<&str, Vec<&Build>> = BTreeMap::new();
    for build in builds {
        by_projection.entry(&build.projection).or_default().push(build);
    }
    for builds in by_projection.values_mut() {
        builds.sort_by(|a, b| b.changed_at.total_cmp(&a.changed_at));
        let lived = |b: &Build| seconds.get(&b.id).copied().unwrap_or(0.0);
        let longest: Option<BuildId> = builds
            .iter()
            .filter(|b| lived(b) > 0.0)
            .max_by(|a, b| lived(a).total_cmp(&lived(b)))
            .map(|b| b.id);
        let retired = builds.iter().filter(|b| b.state == State::Retired);
        for (age, build) in retired.enumerate() {
            let why = match age {
                0 => "readers saw it last",
                age if age < keep => "it is one of the newest",
                _ if longest == Some(build.id) => "readers saw it longest within the last week",
                _ => continue,
            };
            kept.push((*build, why));
        }
    }
    kept
}

/// The retired builds among all builds of a database that are not kept: nobody follows them.
///
/// # Errors
/// The server refuses.
pub fn let_go(
    sql: &mut impl Sql,
    builds: &[Build],
    keep: usize,
) -> Result<Vec<BuildId>, LedgerError> {
    let retired: Vec<&Build> = builds.iter().filter(|b| b.state == State::Retired).collect();
    if retired.is_empty() {
        return Ok(Vec::new());
    }
    let seconds = seconds_live(sql)?;
    let kept = kept_builds(builds, keep, &seconds);
    // What a preview shows is read.
    let is_kept =
        |build: &Build| build.preview.is_some() || kept.iter().any(|(kept, _)| kept.id == build.id);
    Ok(retired.into_iter().filter(|b| !is_kept(b)).map(|b| b.id).collect())
}
