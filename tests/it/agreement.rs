//! The agreement test: random projections and logs, and both engines must make the same of them.
//!
//! One case is a small schema, handlers for a few event types, upcasters and a log. It is replayed by
//! `engine = "sql"` and by the engine under test; how it ended, the event that failed, parked events
//! and the bytes COPY prints of every table have to be the same.
//!
//! `REGROW_AGREEMENT_CASES` and `REGROW_AGREEMENT_SEED` say how many and from where; a case that differs
//! is made smaller and written to a folder, and `REGROW_AGREEMENT_REPLAY` runs it from there. With
//! `REGROW_AGREEMENT_GO_ON=1` the cases that differ are listed instead.

mod case;
mod events;
mod expressions;
mod ground;
mod handlers;
mod quick;
mod routed;
mod run;
mod shapes;
mod shrink;
pub(crate) mod small;
mod tables;
mod tally;
mod traced;
mod upcasters;
mod values;
mod verdict;

use std::path::{Path, PathBuf};
use std::time::Instant;

use case::Case;
use ground::Ground;
use run::{Ran, Tamper, run};
use tally::Tally;

const CASES: u64 = 500;
const SEED: u64 = 20_261_121;
/// After so many cases a long run says that it is still there.
const TOLD_AFTER: u64 = 1_000;
/// How often a smaller case is tried.
const SHRINKS: usize = 300;

fn variable(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[test]
fn both_engines_agree() {
    let first = variable("REGROW_AGREEMENT_SEED").unwrap_or(SEED);
    let mut ground = Ground::new(first);
    if let Some(folder) = std::env::var_os("REGROW_AGREEMENT_REPLAY") {
        let case = Case::read(Path::new(&folder));
        let ran = run(&mut ground, &case, None);
        println!("{ran:#?}");
        assert!(matches!(ran, Ran::Agreed(_)), "the engines do not agree");
        return;
    }
    let cases = variable("REGROW_AGREEMENT_CASES").unwrap_or(CASES);
    let started = Instant::now();
    let mut tally = Tally::default();
    let goes_on = variable("REGROW_AGREEMENT_GO_ON").is_some();
    let mut differing = Vec::new();
    if cases == 1 {
        Case::random(first).save(&folder(&first.to_string()));
        println!("agreement: the case is in {}", folder(&first.to_string()).display());
    }
    for seed in first..first.saturating_add(cases) {
        let _named = Named(seed);
        let case = Case::random(seed);
        let ran = run(&mut ground, &case, None);
        tally.count(&case, &ran);
        if let Ran::Differs(difference) = ran {
            if goes_on {
                println!("agreement: seed {seed} ({}): {difference}", case.mood);
                differing.push(seed);
                continue;
            }
            println!("{tally}");
            panic!("{}", report(&mut ground, &case, &difference, None));
        }
        let done = seed - first + 1;
        if done.is_multiple_of(TOLD_AFTER) && done < cases {
            let minutes = started.elapsed().as_secs_f64() / 60.0;
            eprintln!("agreement: from seed {first} {done} of {cases} cases in {minutes:.1} min");
        }
    }
    println!("{tally}\nagreement: {:.1} s", started.elapsed().as_secs_f64());
    let (work, reasons) = quick::ran::told();
    println!("agreement: handlers run natively {}, in SQL {}", work.native, work.sql);
    for (times, reason) in reasons {
        println!("agreement: {times} times in SQL: {reason}");
    }
    assert!(differing.is_empty(), "{} cases differ: seeds {differing:?}", differing.len());
    assert!(tally.skipped_share() < 0.15, "too many cases that PostgreSQL refuses\n{tally}");
    if cases >= CASES {
        assert!(
            tally.kinds() >= 10 && tally.rows() > tally.compared(),
            "too little was compared\n{tally}"
        );
    }
}

/// Where a case is written down.
fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("agreement").join(name)
}

/// Names the case if the test ends in the middle of it.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("agreement: REGROW_AGREEMENT_CASES=1 REGROW_AGREEMENT_SEED={}", self.0);
        }
    }
}

/// Makes a case smaller, writes it down and tells about it.
fn report(ground: &mut Ground, case: &Case, difference: &str, tamper: Option<Tamper>) -> String {
    let smaller = shrink::shrink(case, SHRINKS, |smaller| {
        matches!(run(ground, smaller, tamper), Ran::Differs(_))
    });
    let after = match run(ground, &smaller, tamper) {
        Ran::Differs(after) => after,
        other => format!("not always: {other:?}"),
    };
    let folders = [folder(&case.seed.to_string()), folder(&format!("{}-small", case.seed))];
    case.save(&folders[0]);
    smaller.save(&folders[1]);
    let mut text = format!(
        "seed {} ({}): the engines differ in {difference}\n\nMade smaller, they differ in {after}\n\n{}\n",
        case.seed, case.mood, smaller.schema
    );
    text.push_str(&handlers::file(&smaller.handlers));
    for upcaster in &smaller.upcasters {
        text.push_str(&format!("\n# {}.toml\n{}", upcaster.event_type, upcaster.text));
    }
    text.push_str(&format!(
        "\non_error = {}, json log: {}, {:?}\n",
        smaller.on_error, smaller.raw, smaller.plan
    ));
    for event in &smaller.events {
        text.push_str(&format!(
            "{} {} version {}: {}\n",
            event.position, event.event_type, event.schema_version, event.payload
        ));
    }
    let [whole, small] = folders.map(|folder| folder.display().to_string());
    text.push_str(&format!(
        "\nwhole: REGROW_AGREEMENT_REPLAY={whole}\nsmall: REGROW_AGREEMENT_REPLAY={small}\n"
    ));
    text
}

/// The test of the test: an engine that forgets a statement is found, and the case is small in the end.
#[test]
fn an_engine_that_forgets_a_statement_is_found() {
    fn forget(folder: &Path) {
        let path = folder.join("projections/n/handlers.sql");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut statements: Vec<&str> = text.split_inclusive(";\n").collect();
        if let Some(at) = statements.iter().position(|s| s.contains("INSERT INTO")) {
            let header = statements[at].find("INSERT INTO").unwrap();
            statements[at] = &statements[at][..header];
        }
        std::fs::write(path, statements.concat()).unwrap();
    }
    let mut ground = Ground::new(SEED);
    let found = (SEED..SEED + 20).find_map(|seed| {
        let case = Case::random(seed);
        match run(&mut ground, &case, Some(forget)) {
            Ran::Differs(difference) => Some((case, difference)),
            _ => None,
        }
    });
    let (case, difference) = found.expect("a statement less makes a difference");
    let smaller = shrink::shrink(&case, SHRINKS, |smaller| {
        matches!(run(&mut ground, smaller, Some(forget)), Ran::Differs(_))
    });
    println!("{difference}: {} events became {}", case.events.len(), smaller.events.len());
    assert!(smaller.events.len() <= 4, "{} events: {:?}", smaller.events.len(), smaller.events);
}
