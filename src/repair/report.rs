//! What is told of rows that were made again, as reports.

use super::{Repaired, RepairedBuild, RetriedBuild};
use crate::report;
use crate::report::parked::{ParkedFailure, RetriedBuild as RetriedReport};
use crate::report::row::{RowOfBuild, RowReport, RowsMadeAgain};

impl Repaired {
    /// What became of the row, or of the rows of a stream.
    #[must_use]
    pub fn report(&self) -> RowReport {
        RowReport {
            projection: self.projection.clone(),
            table: self.table.clone(),
            key: report::key(&self.key),
            stream: self.stream.clone(),
            builds: self.builds.iter().map(|build| self.of_build(build)).collect(),
        }
    }

    fn of_build(&self, build: &RepairedBuild) -> RowOfBuild {
        let row = |values| report::row(&self.columns, values);
        RowOfBuild {
            build: build.build.clone(),
            state: build.state.name(),
            position: build.position.0,
            events: build.events,
            before: build.before.as_deref().map(row),
            row: build.after.as_deref().map(row),
            changed: build.changed,
            tables: RowsMadeAgain::of(&build.tables),
            unparked: build.unparked,
            parked: build.parked,
            left_parked: build.left_parked,
            unskipped: build.unskipped,
            skipped: build.skipped,
            left_skipped: build.left_skipped,
        }
    }
}

impl RetriedBuild {
    /// What became of the event in the build.
    #[must_use]
    pub fn report(&self) -> RetriedReport {
        RetriedReport {
            build: self.build.clone(),
            state: self.state.name(),
            position: self.position.0,
            applied: self.is_applied,
            events: self.events,
            tables: RowsMadeAgain::of(&self.tables),
            again: self.again.iter().map(ParkedFailure::from).collect(),
            parked: self.parked.iter().map(ParkedFailure::from).collect(),
            others_applied: self.others,
        }
    }
}
