//! F9: a COMMIT reaches the server, and its answer never comes back.

use super::Dice;
use super::commands::{self, Ground, Work};
use super::relay::{At, Fault, Side};
use super::table::{Scenario, times};

#[test]
fn a_commit_whose_answer_is_lost_is_done_once() {
    let mut dice = Dice::new("acknowledgements");
    let mut scenario = Scenario::new("F9 lost acknowledgement of COMMIT");
    let commands: [&'static Work; 7] = [
        &commands::REBUILD,
        &commands::PROMOTE,
        &commands::ROLLBACK,
        &commands::MIGRATE,
        &commands::RUN,
        &commands::PRUNE,
        &commands::IMPORT,
    ];
    let mut grounds: Vec<(Ground, usize)> = commands
        .iter()
        .map(|command| {
            let mut ground = Ground::new(command, if dice.percent(50) { "native" } else { "sql" });
            let commits = ground.counts("").commits;
            assert!(commits > 0, "{}", command.name);
            (ground, commits)
        })
        .collect();
    let (turns, mut missed) = (grounds.len(), 0);
    for run in 0..times(7, 200) {
        let (ground, commits) = &mut grounds[run % turns];
        // Or the connection goes while the server is still at it.
        let side = *dice.of(&[Side::After, Side::Under]);
        let fault = Fault::cut(At::Commit(1 + dice.below(*commits), side));
        missed += usize::from(!ground.run(&mut scenario, "", fault, dice.percent(50)));
    }
    let commits: Vec<String> =
        commands.iter().zip(&grounds).map(|(e, (_, n))| format!("{} {n}", e.name)).collect();
    scenario.note(format!("{}; {missed} came too late", commits.join(", ")));
    scenario.end();
}
