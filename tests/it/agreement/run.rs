//! One case through both engines, by the way its plan says.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use regrow::event::Position;
use regrow::follow;
use regrow::rebuild::{self, Options, RebuildError, Until};

use super::case::{Case, SIDES, Way};
use super::events::Event;
use super::ground::Ground;
use super::quick;
use super::verdict::Verdict;

/// Something that makes the second engine's project another one: the test of the test.
pub(super) type Tamper = fn(&Path);

/// What became of a case.
#[derive(Debug)]
pub(super) enum Ran {
    /// PostgreSQL refuses the definition, for both engines in the same words.
    Skipped(String),
    /// Both did the same.
    Agreed(Box<Verdict>),
    /// The first difference.
    Differs(String),
}

/// Runs a case.
pub(super) fn run(ground: &mut Ground, case: &Case, tamper: Option<Tamper>) -> Ran {
    ground.begin(case);
    if case.plan.way == Way::Quick && tamper.is_none() {
        return run_quickly(ground, case);
    }
    ground.forget_builds();
    ground.append(case, &case.events[..case.plan.head]);
    let compared = |[one, two]: [Verdict; 2]| {
        one.difference(&two).map_or(Ok(one), |found| Err(Ran::Differs(found)))
    };
    let first = match replay(ground, case, case.plan.until, tamper).and_then(compared) {
        Ok(first) => first,
        Err(ran) => return ran,
    };
    let Some(failed_at) = first.failed_at else { return Ran::Agreed(Box::new(first)) };
    ground.forget_builds();
    ground.append_missing(case);
    let before = replay(ground, case, Some(failed_at - 1), tamper).and_then(compared);
    before_the_failure(first, failed_at, before)
}

impl Ground {
    /// The events of the tail, where the first run has not come so far.
    fn append_missing(&mut self, case: &Case) {
        let table = if case.raw { "public.raw_log" } else { "event_store.events" };
        let last = format!("SELECT COALESCE(max(position), 0) FROM {table}");
        let last: i64 = self.client.query_one(&last, &[]).unwrap().get(0);
        let rest = case.events.iter().position(|e| e.position > last).unwrap_or(case.events.len());
        self.append(case, &case.events[rest..]);
    }
}

/// Rebuilds both, and follows the tail unless they end somewhere.
fn replay(
    ground: &mut Ground,
    case: &Case,
    until: Option<i64>,
    tamper: Option<Tamper>,
) -> Result<[Verdict; 2], Ran> {
    let write = |ground: &Ground, pace: usize| {
        case.write(ground.project.folder.path(), pace);
        if let Some(tamper) = tamper {
            tamper(ground.project.folder.path());
        }
    };
    write(ground, 0);
    let mut ends: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    match case.plan.way {
        Way::Quick | Way::Together | Way::Apart => {
            let both = SIDES.map(|(name, _)| name.to_owned());
            let together = match case.plan.way {
                Way::Together => {
                    call(ground, &both, until).map(|ended| ends = ended.map(|e| vec![e])).is_ok()
                }
                _ => false,
            };
            if !together {
                ground.forget_builds();
                for (side, name) in both.iter().enumerate() {
                    write(ground, side);
                    let ended = call(ground, std::array::from_ref(name), until);
                    ends[side].push(match ended {
                        Ok([ended]) => ended,
                        Err(refused) => format!("refused: {refused}"),
                    });
                }
            }
        }
        Way::Commands | Way::Killed => {
            for (side, (name, _)) in SIDES.iter().enumerate() {
                write(ground, side);
                ends[side].push(command(ground, case, name, until));
            }
        }
    }
    if ends.iter().all(|e| e[0].starts_with("refused")) {
        return Err(Ran::Skipped(ends[0][0].clone()));
    }
    if until.is_none() && case.plan.head < case.events.len() {
        ground.append(case, &case.events[case.plan.head..]);
        let ended = match case.plan.way {
            Way::Quick | Way::Together | Way::Apart => {
                match follow::follow(&ground.context(), true) {
                    Ok(_) | Err(follow::FollowError::LeftBehind(_)) => String::new(),
                    Err(error) => error.to_string(),
                }
            }
            Way::Commands | Way::Killed => {
                let ran = ground.project.run(&["run", "--until-caught-up"]);
                if matches!(ran.code, 0 | 1) { String::new() } else { ran.stderr }
            }
        };
        if !ended.is_empty() {
            return Err(Ran::Differs(format!("following ended: {ended}")));
        }
    }
    let [one, two] = ends;
    let one = Verdict::of(ground, case, SIDES[0].0, one);
    Ok([one, Verdict::of(ground, case, SIDES[1].0, two)])
}

/// The same without the stages of a rebuild: both engines in the same tables.
fn run_quickly(ground: &mut Ground, case: &Case) -> Ran {
    ground.append(case, &case.events);
    let tables = match quick::tables(ground, case) {
        Ok(tables) => tables,
        Err(refused) => return Ran::Skipped(refused),
    };
    let last = |events: &[Event]| events.last().map_or(0, |e| e.position);
    let head = last(&case.events[..case.plan.head]);
    let stops = match case.plan.until {
        Some(until) => vec![until],
        None => vec![head, last(&case.events)],
    };
    let mut both = |stops: &[i64]| -> Result<Verdict, Ran> {
        match [0, 1].map(|side| tables.replay(ground, case, side, stops)) {
            [Ok(one), Ok(two)] => {
                one.difference(&two).map_or(Ok(one), |found| Err(Ran::Differs(found)))
            }
            [Err(one), Err(two)] if one == two => Err(Ran::Skipped(one)),
            [one, two] => {
                Err(Ran::Differs(format!("what they take: {:?} and {:?}", one.err(), two.err())))
            }
        }
    };
    let first = match both(&stops) {
        Ok(first) => first,
        Err(ran) => return ran,
    };
    match first.failed_at {
        None => Ran::Agreed(Box::new(first)),
        Some(failed_at) => before_the_failure(first, failed_at, both(&[failed_at - 1])),
    }
}

/// What was right before the failed event must be the same, whatever the batches were.
fn before_the_failure(first: Verdict, failed_at: i64, before: Result<Verdict, Ran>) -> Ran {
    match before {
        Ok(before) if before.failure.is_some() => Ran::Differs(format!(
            "event {failed_at} fails first, and then another: {:?}",
            before.failure
        )),
        Ok(before) => {
            let Verdict { tables, position, .. } = before;
            Ran::Agreed(Box::new(Verdict { tables, position, ..first }))
        }
        Err(Ran::Differs(found)) => {
            Ran::Differs(format!("before the failed event {failed_at}, {found}"))
        }
        Err(other) => other,
    }
}

/// The library's own call for some of the projections: how it ended for each, or why it was refused.
fn call<const N: usize>(
    ground: &Ground,
    names: &[String; N],
    until: Option<i64>,
) -> Result<[String; N], String> {
    let until = until.map(|position| Until::Position(Position(position)));
    let options = Options { until, ..Options::default() };
    let outcomes =
        rebuild::rebuild(&ground.context(), names, &options).map_err(|error| error.to_string())?;
    let ended = outcomes.into_iter().map(|outcome| match outcome.result {
        Ok(_) => "done".to_owned(),
        // The ledger knows the event.
        Err(RebuildError::Poisoned { .. }) => "poisoned".to_owned(),
        Err(error) => error.to_string(),
    });
    ended.collect::<Vec<_>>().try_into().map_err(|_| "another number of outcomes".to_owned())
}

/// The binary, killed as often as the plan says, to its end.
fn command(ground: &mut Ground, case: &Case, name: &str, until: Option<i64>) -> String {
    let until = until.map(|position| position.to_string());
    let kills: &[i64] = if case.plan.way == Way::Killed { &case.plan.kills } else { &[] };
    for at in kills {
        let Some(args) = next_command(ground, name, until.as_deref()) else { break };
        let mut child = ground.project.spawn(&args);
        while child.try_wait().unwrap().is_none() {
            if checkpoint(ground, name) >= *at {
                child.kill().unwrap();
            }
            sleep(Duration::from_micros(300));
        }
    }
    let Some(args) = next_command(ground, name, until.as_deref()) else { return String::new() };
    let ran = ground.project.run(&args);

    match next_command(ground, name, until.as_deref()) {
        Some(_) if ran.code != 0 => format!("refused: {}", ran.stderr),
        // A killed one may have come to its end, or not.
        _ if kills.is_empty() => format!("exit code {}", ran.code),
        _ => String::new(),
    }
}

/// How far a projection's build has come.
fn checkpoint(ground: &mut Ground, name: &str) -> i64 {
    let position = "SELECT COALESCE(max(c.position), -1) FROM regrow.checkpoint c \
                    JOIN regrow.build b ON b.id = c.build_id WHERE b.projection = $1";
    ground.client.query_one(position, &[&name]).unwrap().get(0)
}

/// What brings a build on from where it stands; nothing if it is at its end.
fn next_command<'a>(
    ground: &mut Ground,
    name: &'a str,
    until: Option<&'a str>,
) -> Option<Vec<&'a str>> {
    let state = "SELECT state FROM regrow.build WHERE projection = $1 AND state <> 'dropped' ORDER BY number DESC LIMIT 1";
    let state: Option<String> =
        ground.client.query_opt(state, &[&name]).unwrap().map(|row| row.get(0));
    match state.as_deref() {
        None | Some("created") => {
            let mut args = vec!["rebuild", name];
            args.extend(until.iter().flat_map(|until| ["--until", *until]));
            Some(args)
        }
        Some("ready" | "failed") => None,
        Some(_) => Some(vec!["resume", name]),
    }
}
