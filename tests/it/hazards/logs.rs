//! What happens to a log while builds are followed: it is set back, fails over, loses events, is written
//! to in another order than its numbers, or lies beside another project's.
//!
//! The judge is SQL over the log. Rows that differ from it must be told by `status`, by the code of their
//! kind; rows that differ without a word are wrong.

#[cfg(feature = "failpoints")]
mod controls;
mod erasure;
mod fail_over;
mod neighbours;
mod presets;
mod set_back;
mod writers;

use std::collections::BTreeMap;

use serde_json::Value;

use super::table::Scenario;
use crate::bench::{Project, differences, rows, wait_until};
use crate::identity::{IN_LOG, status_of};

const QUICK: &str = "[follow]\npoll_ms = 5\n";

/// A migrated project with one projection that has a row for each event.
fn project(config: &str) -> Project {
    let project = crate::identity::project();
    project.write("config.toml", config);
    project
}

/// How the rows of a build differ from the log.
fn wrong(project: &Project, schema: &str) -> Vec<String> {
    let built = format!("SELECT at, stream, n FROM {schema}.seen");
    if project.read_models.is_none() {
        return differences(&mut project.reads(), &built, IN_LOG);
    }
    let mut built = rows(&mut project.reads(), &format!("{built} ORDER BY at"));
    let log = rows(&mut project.events(), &format!("{IN_LOG} ORDER BY position"));
    let mut differing: Vec<String> =
        log.iter().filter(|row| !built.contains(row)).cloned().collect();
    built.retain(|row| !log.contains(row));
    differing.extend(built);
    differing
}

/// What `status` says of a build's log, in one word: the code of a fault, or of what is gone or late.
fn word(build: &Value) -> Option<String> {
    let log = &build["log"];
    let some = |key: &str| log[key].as_i64().is_some_and(|n| n > 0);
    match log["fault"]["code"].as_str() {
        Some(code) => Some(code.to_owned()),
        None if some("late_events") => Some("late-events".to_owned()),
        None if some("deleted_events") => Some("deleted-events".to_owned()),
        None => None,
    }
}

/// Verdicts on runs of one scenario: which words were said, and which rows were wrong without one.
#[derive(Default)]
struct Verdicts(BTreeMap<String, usize>);

impl Verdicts {
    /// As [`Verdicts::judge_by`], for a project of [`project`].
    fn judge(&mut self, scenario: &mut Scenario, project: &Project, build: &str) {
        self.judge_by(scenario, project, build, |project| wrong(project, build).is_empty());
    }

    /// Waits until a build that is followed is right, or `status` says what it is not; gives the word.
    /// Whatever is neither right nor told is waited for in vain.
    fn judge_by(
        &mut self,
        scenario: &mut Scenario,
        project: &Project,
        build: &str,
        mut is_right: impl FnMut(&Project) -> bool,
    ) -> String {
        let mut said = None;
        wait_until("rows to be right, or what is wrong to be told", || {
            said = word(&status_of(project, build));
            said.is_some() || is_right(project)
        });
        scenario.ran();
        let said = said.unwrap_or_else(|| "right".to_owned());
        *self.0.entry(said.clone()).or_default() += 1;
        said
    }

    /// At least nine of ten runs ended with one of these words.
    fn end(self, mut scenario: Scenario, words: &[&str]) {
        let count =
            |words: &[&str]| words.iter().filter_map(|word| self.0.get(*word)).sum::<usize>();
        let (told, all) = (count(words), self.0.values().sum::<usize>());
        let list: Vec<String> = self.0.iter().map(|(word, n)| format!("{word} {n}")).collect();
        if told * 10 < all * 9 {
            scenario.unhandled(format!("{words:?} were said {told} times of {all}: {list:?}"));
        }
        scenario.note(list.join(", "));
        scenario.end();
    }
}

/// After what `status` recommends, readers see what the log makes.
fn is_mended(scenario: &mut Scenario, project: &Project) {
    scenario.settle(project);
    let live = "SELECT schema_name FROM regrow.build WHERE state = 'live'";
    let schema: String = super::one(&mut project.reads(), live);
    let left = wrong(project, &schema);
    scenario.wrong_rows(&left);
}
