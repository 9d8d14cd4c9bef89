//! Random graphs and random commands, the same on both sides.

use std::fmt::Write as _;

use super::pair::{Operation, Pair, Said, State, Written};
use super::python::Alembic;
use crate::hazards::Dice;

const GRAPHS: u64 = 6;
const STEPS: usize = 25;

/// A difference that is meant: which operations it is about, what the one that refuses says,
/// and why.
struct Difference {
    about: fn(&Operation) -> bool,
    alembic: Option<&'static str>,
    regrow: Option<&'static str>,
    #[expect(dead_code, reason = "it is written for whoever reads the list")]
    because: &'static str,
}

/// All of them. Anything else that one refuses and the other does not is a failure.
const DELIBERATE: [Difference; 6] = [
    Difference {
        about: |operation| operation.verb == "downgrade" && operation.point().starts_with('-'),
        alembic: None,
        regrow: Some("stands at several revisions"),
        because: "Alembic warns that this is ambiguous, and to be disallowed, and takes the row \
                  that the server happens to return first",
    },
    Difference {
        about: |operation| operation.verb == "downgrade" && operation.branch().is_some(),
        alembic: None,
        regrow: Some("is not on the branch of"),
        because: "`upgrade` refuses a revision of another branch on both sides; Alembic's \
                  `downgrade` does not look, and takes back what was not named",
    },
    Difference {
        about: |operation| operation.verb == "downgrade" && operation.branch().is_some(),
        alembic: Some("Not a valid downgrade target from current heads"),
        regrow: None,
        because: "a label at or below a fork: Alembic looks for the label's revision only below \
                  itself and has no way left; regrow goes back from where the database stands",
    },
    Difference {
        about: |operation| operation.verb == "upgrade" && operation.point().contains('-'),
        alembic: Some("AssertionError"),
        regrow: None,
        because: "steps that lead back to base are base, and `upgrade base` does nothing on both \
                  sides; Alembic ends in an assertion",
    },
    Difference {
        about: |operation| operation.point() == "heads",
        alembic: Some("overlaps with other requested revisions"),
        regrow: None,
        because: "one head depends on another: Alembic means both and refuses that",
    },
    Difference {
        about: |operation| operation.verb == "downgrade",
        alembic: Some("is not a valid downgrade target from current head"),
        regrow: None,
        because: "Alembic's table has no row for what another row depends on, although `current` \
                  shows it; going back to where one stands does nothing",
    },
];

/// Whether both sides said what one of the differences allows.
fn is_deliberate(operation: &Operation, said: &Said) -> bool {
    let says = |said: &Option<String>, expected: Option<&str>| match (said, expected) {
        (None, None) => true,
        (Some(said), Some(expected)) => said.contains(expected),
        _ => false,
    };
    DELIBERATE.iter().any(|difference| {
        (difference.about)(operation)
            && says(&said.alembic, difference.alembic)
            && says(&said.regrow, difference.regrow)
    })
}

/// The one place where both do something and not the same: an Alembic `stamp` forgets revisions,
/// and regrow does not.
///
/// With `heads` it moves the rows below or beside a head to each head in turn, so the last one
/// takes the row of the one before; regrow stands at all of them, which is what was said. And
/// what a row depends on has no row of its own, so it goes with that row; for regrow it ran on
/// another branch, which a stamp leaves alone.
fn is_a_forgetful_stamp(
    operation: &Operation,
    graph: &[Written],
    (before, alembic, regrow): (&State, &State, &State),
) -> bool {
    let is_head = |w: &&Written| !graph.iter().any(|other| other.revises.contains(&w.version));
    let all_heads = || graph.iter().filter(is_head).map(|w| w.version).collect();
    let is_needed = |version: &i64| graph.iter().any(|w| w.depends_on.contains(version));
    let was_needed = |version: &i64| before.at.contains(version) && is_needed(version);
    operation.verb == "stamp"
        && ((operation.targets == ["heads"] && regrow.at == all_heads())
            || (alembic.at.is_subset(&regrow.at)
                && regrow.at.difference(&alembic.at).all(was_needed)))
}

/// Up to eight revisions: lines, branches, merges, several bases, labels, dependencies.
fn graph(dice: &mut Dice) -> Vec<Written> {
    let mut graph: Vec<Written> = Vec::new();
    let dependencies = dice.below(3) == 0;
    for number in 0..4 + dice.below(5) {
        let version = i64::try_from((1 + number) * 1_000 + dice.below(900)).unwrap();
        let mut written = Written::table(version, &parents(dice, &graph));
        if dice.below(3) == 0 {
            written = written.label(&format!("b{number}x"));
        }
        let others: Vec<i64> =
            graph.iter().map(|w| w.version).filter(|v| !written.revises.contains(v)).collect();
        if dependencies && !others.is_empty() && dice.below(4) == 0 {
            let needed = *dice.of(&others);
            if !ancestors(&graph, &written.revises).contains(&needed) {
                written = written.needs(needed);
            }
        }
        graph.push(written);
    }
    graph
}

fn parents(dice: &mut Dice, graph: &[Written]) -> Vec<i64> {
    let Some(last) = graph.last() else { return Vec::new() };
    let any = dice.of(graph).version;
    match dice.below(10) {
        0 => Vec::new(),
        1..=3 => vec![any],
        // Alembic refuses a merge of a revision with its own ancestor.
        4..=6 if !related(graph, last.version, any) => vec![last.version, any],
        _ => vec![last.version],
    }
}

/// Revisions and what is below them, dependencies with it.
fn ancestors(graph: &[Written], of: &[i64]) -> Vec<i64> {
    let mut found = of.to_vec();
    for written in graph.iter().rev().filter(|w| w.version > 0) {
        if found.contains(&written.version) {
            found.extend(&written.revises);
            found.extend(&written.depends_on);
        }
    }
    found
}

fn related(graph: &[Written], one: i64, other: i64) -> bool {
    ancestors(graph, &[one]).contains(&other) || ancestors(graph, &[other]).contains(&one)
}

fn operation(dice: &mut Dice, graph: &[Written]) -> Operation {
    let verb = *dice.of(&["upgrade", "upgrade", "upgrade", "downgrade", "downgrade", "stamp"]);
    let labels: Vec<String> = graph.iter().filter_map(|w| w.label.clone()).collect();
    let version = dice.of(graph).version.to_string();
    let steps = 1 + dice.below(3);
    let (forth, back) = (format!("+{steps}"), format!("-{steps}"));
    let relative = match verb {
        "upgrade" if dice.below(8) > 0 => &forth,
        "downgrade" if dice.below(8) > 0 => &back,
        _ => &version,
    };
    let beside = if dice.below(2) == 0 { &forth } else { &back };
    let mut point = match dice.below(10) {
        0 => "head".into(),
        1 => "heads".into(),
        2 => "base".into(),
        3..=5 => relative.clone(),
        6 if verb != "stamp" => format!("{version}{beside}"),
        _ => version,
    };
    // Where a way back begins at all heads, a branch of them is no place to go to.
    if verb == "downgrade" && point.starts_with("head") {
        point = "base".into();
    }
    if !labels.is_empty() && dice.below(3) == 0 {
        point = format!("{}@{point}", dice.of(&labels));
    }
    Operation { verb, targets: vec![point] }
}

#[test]
fn random_commands_on_random_graphs() {
    let Some(mut alembic) = Alembic::start() else { return };
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let first = number("REGROW_SEED").unwrap_or(20_261_121);
    for seed in first..first + number("REGROW_GRAPHS").unwrap_or(GRAPHS) {
        one_graph(&mut alembic, seed);
    }
}

fn one_graph(alembic: &mut Alembic, seed: u64) {
    let mut dice = Dice(seed);
    let mut pair = Pair::new(alembic, graph(&mut dice));
    let mut story = format!("seed {seed}:");
    for written in &pair.graph {
        let Written { version, revises, depends_on, label, .. } = written;
        write!(story, "\n  {version} {label:?} revises {revises:?} and needs {depends_on:?}")
            .unwrap();
    }
    println!("{story}");
    let (_, mut before) = pair.states();
    for _ in 0..STEPS {
        let operation = operation(&mut dice, &pair.graph);
        let said = pair.run(&operation);
        let (alembic, regrow) = pair.states();
        let what = format!("{story}\n{operation:?} at {:?}: {said:?}", before.at);
        if said.regrow.is_some() {
            assert_eq!(regrow, before, "{what}\nregrow refused, and did something");
        }
        if said.alembic.is_some() == said.regrow.is_some() && alembic == regrow {
            before = regrow;
            continue;
        }
        let meant = match said.alembic.is_some() == said.regrow.is_some() {
            true => is_a_forgetful_stamp(&operation, &pair.graph, (&before, &alembic, &regrow)),
            false => is_deliberate(&operation, &said),
        };
        assert!(meant, "{what}\nAlembic is at {:?}\nregrow is at {:?}", alembic.at, regrow.at);
        // They stand at different places now: both begin again.
        pair.forget();
        before = pair.agree("beginning again");
    }
}
