//! What is told of switches and of builds that go, as reports.

use super::{Gone, Promoted, Pruned};
use crate::report::build::{
    KeptBuild, ObjectInTheWay, PrunePlan, PruneReport, RetiredProjection, SwitchReport,
    UndroppableBuild,
};
use crate::report::error::ErrorReport;

impl Promoted {
    /// The switch, with what went wrong with the hook behind it.
    #[must_use]
    pub fn report(&self, hook_failed: Option<ErrorReport>) -> SwitchReport {
        SwitchReport {
            build: self.build.clone(),
            hook_failed,
            retired: self.retired.clone(),
            position: self.position.0,
            parked: self.parked,
            skipped: self.skipped,
            attempts: self.attempts,
            locked_ms: self.held.as_secs_f64() * 1000.0,
        }
    }
}

impl Pruned {
    /// What was dropped.
    #[must_use]
    pub fn report(&self) -> PruneReport {
        PruneReport { dropped: self.dropped.clone(), kept: self.kept() }
    }

    /// What would be dropped.
    #[must_use]
    pub fn plan(&self) -> PrunePlan {
        let in_the_way = self.in_the_way.iter().map(|(build, others)| UndroppableBuild {
            build: build.clone(),
            objects: others
                .iter()
                .map(|dependent| ObjectInTheWay {
                    object: dependent.object.to_string(),
                    first: dependent.first.clone(),
                })
                .collect(),
        });
        PrunePlan {
            would_drop: self.dropped.clone(),
            kept: self.kept(),
            in_the_way: in_the_way.collect(),
        }
    }

    fn kept(&self) -> Vec<KeptBuild> {
        self.kept
            .iter()
            .map(|kept| KeptBuild { build: kept.build.clone(), why: kept.why })
            .collect()
    }
}

impl Gone {
    /// What ended of a projection, or would.
    #[must_use]
    pub fn report(&self, projection: &str, dry_run: bool) -> RetiredProjection {
        RetiredProjection {
            projection: projection.to_owned(),
            views: self.views.clone(),
            builds: self.builds.clone(),
            with_the_views: self.with.clone(),
            dry_run,
        }
    }
}
