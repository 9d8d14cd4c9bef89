//! Whether a load balancer may count on this process, and whether readers get fresh rows.

use super::board::View;
use crate::figures::rough;
use crate::ledger::State;

/// Why this process cannot do its work: it is stopping, or does not see the ledger and the log.
pub(super) fn of_process(view: &View) -> Vec<String> {
    let mut reasons = Vec::new();
    if view.is_stopping {
        reasons.push("this process has been asked to stop".into());
    }
    if let Some(why) = &view.failed {
        reasons.push(format!("the last look failed: {why}"));
    }
    match &view.snapshot {
        None if view.failed.is_none() => reasons.push("nothing has been seen yet".into()),
        Some(_) if view.fresh().is_none() => {
            reasons.push(format!("what was seen last is {} old", rough(view.age)));
        }
        _ => {}
    }
    reasons
}

/// Why readers do not get fresh rows of every projection. What cannot be seen counts as well.
pub(super) fn of_builds(view: &View) -> Vec<String> {
    let Some(snapshot) = view.fresh() else { return Vec::new() };
    let live = snapshot.status.builds.iter().filter(|s| s.build.state == State::Live);
    live.flat_map(crate::status::Standing::complaints).collect()
}
