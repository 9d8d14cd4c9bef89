//! How fast a rebuild replays, against what one would write by hand, in one run on one server.
//!
//! `scripts/bench.sh` runs it. Each round runs every contender once, in turn, so that drift of
//! the machine meets all of them; medians and ratios are printed. A figure counts only when
//! the rows behind it are the rows of every other contender, as text.
//!
//! | room | owns |
//! |---|---|
//! | `args` | what was typed |
//! | `ground` | the private server, a database and a project folder for each log |
//! | `log` | the logs that are replayed |
//! | `workload` | which contenders run over which log, the rounds, the comparison of rows |
//! | `contender` | one contender: how it is run and timed |
//! | `client_loop` | the contenders that send a statement an event |
//! | `process` | a child process: its time, its memory, its share of a core |
//! | `large` | ten times as many events in a bounded memory |
//! | `counter` | every event changes one row |
//! | `verify` | two large builds compared, with readers beside |
//! | `trace` | single rows traced in a long log |
//! | `sparse` | the same events at positions with gaps |
//! | `emmett` | the same events in the log of another library |
//! | `live` | following while somebody appends: lag and load |
//! | `listen` | a follower that listens against one that does not |
//! | `report` | tables for people |

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod args;
mod client_loop;
mod contender;
mod counter;
mod emmett;
mod ground;
mod large;
mod listen;
mod live;
mod log;
mod machine;
mod process;
mod report;
mod sparse;
mod trace;
mod verify;
mod workload;

use std::path::PathBuf;

use args::{Args, Kind};
use ground::{Context, Ground};

/// The binary that is measured, as it would be installed: this build's, or the one that `REGROW_BENCH_BINARY` names, such
/// as an older one.
fn regrow_binary() -> PathBuf {
    let named = std::env::var_os("REGROW_BENCH_BINARY");
    named.map_or_else(|| env!("CARGO_BIN_EXE_regrow").into(), PathBuf::from)
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(mistake) => {
            eprintln!("{mistake}\n{}", args::USAGE);
            std::process::exit(2);
        }
    };
    let ground = Ground::new()?;
    report::head(&ground)?;
    if args.kinds.iter().any(Kind::reads_orders) {
        let context = ground.context("orders")?;
        log::orders(&context, args.events)?;
        for kind in args.kinds.iter().filter(|kind| kind.reads_orders()) {
            over_orders(*kind, &context, &args)?;
        }
        context.drop_database()?;
    }
    if args.kinds.contains(&Kind::Json) {
        let context = ground.context("json")?;
        log::orders_as_json(&context, args.events)?;
        workload::json(&context, args.events).run(args.rounds)?;
        context.drop_database()?;
    }
    if args.kinds.contains(&Kind::Hot) {
        let context = ground.context("hot")?;
        log::visits(&context, args.events)?;
        workload::hot(&context, args.events).run(args.rounds)?;
        context.drop_database()?;
    }
    if args.kinds.contains(&Kind::Sparse) {
        sparse::run(&ground, args.events, args.rounds)?;
    }
    if args.kinds.contains(&Kind::Counter) {
        counter::run(&ground, args.events, args.rounds)?;
    }
    if args.kinds.contains(&Kind::Trace) {
        trace::run(&ground, args.events, args.rounds)?;
    }
    if args.kinds.contains(&Kind::Verify) {
        verify::run(&ground, args.events, args.rounds)?;
    }
    if args.kinds.contains(&Kind::Emmett) {
        emmett::run(&ground, args.events, args.rounds)?;
    }
    if args.kinds.contains(&Kind::Listen) {
        listen::run(&ground, args.events, args.rounds)?;
    }
    if args.kinds.contains(&Kind::Large) {
        large::run(&ground, args.events, args.rounds)?;
    }
    report::legend();
    Ok(())
}

/// The workloads that share one log.
fn over_orders(kind: Kind, context: &Context, args: &Args) -> Outcome<()> {
    match kind {
        Kind::Orders => workload::orders(context, args.events).run(args.rounds),
        Kind::Rows => workload::rows(context, args.events).run(args.rounds),
        Kind::Two => workload::two(context, args.events).run(args.rounds),
        Kind::Live => live::run(context, args.rounds),
        Kind::Json
        | Kind::Hot
        | Kind::Sparse
        | Kind::Counter
        | Kind::Trace
        | Kind::Verify
        | Kind::Emmett
        | Kind::Listen
        | Kind::Large => Ok(()),
    }
}
