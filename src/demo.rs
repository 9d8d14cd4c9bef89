//! The demo: the whole promise in one run, with figures.
//!
//! The story: a log in three versions is imported; a shop goes on appending to it. Two
//! projections are built and promoted, a follower keeps them fresh and a reader looks at
//! them all the time. One projection changes, is rebuilt beside the old build and promoted,
//! then rolled back. At the end every table is compared, row by row, with SQL over the log
//! that shares nothing with the engine.

pub mod orders;
mod report;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::context::{Context, ContextError};
use crate::follow::{self, FollowError};
use crate::ledger::{self, State};
use crate::migrate::{self, MigrateError};
use crate::pg::{PgError, Session, Sql};
use crate::progress::Interrupt;
use crate::project::{Project, ProjectError};
use crate::promote::{self, PromoteError, Promoted};
use crate::rebuild::{self, Options, Outcome, Reached, RebuildError};
use crate::replay::Engine;
use crate::replay::build_session::Work;
use crate::revision::target::Target;
use crate::transfer::{self, ImportError};
use orders::Orders;

/// The pause between two appends of the shop.
const APPEND_PAUSE: Duration = Duration::from_micros(700);
const SEED: u64 = 20_260_101;

/// What the demo shows, step by step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The log came in.
    Imported {
        /// Events.
        events: u64,
        /// How long it took.
        took: Duration,
    },
    /// A projection was built and promoted.
    Built {
        /// The build.
        build: String,
        /// Events read.
        events: i64,
        /// How long it took, promote included.
        took: Duration,
        /// The switch.
        held: Duration,
        /// Which engine ran its handlers.
        engine: Engine,
        /// How many each ran.
        work: Work,
    },
    /// A rollback, or the way forward again.
    Switched {
        /// What it was: `rollback` or `forward again`.
        what: &'static str,
        /// The build readers see.
        build: String,
        /// How long views were locked.
        held: Duration,
        /// How long the whole command took.
        took: Duration,
    },
    /// What the reader saw all the while.
    Read {
        /// Queries answered.
        reads: u64,
        /// Queries refused.
        errors: u64,
        /// Times the reader saw fewer orders than before.
        regressions: u64,
        /// The slowest answer.
        slowest: Duration,
    },
    /// What the shop appended meanwhile.
    Appended {
        /// Events.
        events: u64,
    },
    /// A table against independent SQL over the log.
    Compared {
        /// The table.
        table: String,
        /// Its rows.
        rows: i64,
        /// Rows that are in one and not in the other.
        differences: i64,
    },
}

/// Why the demo ended early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be read.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The sample project cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The event store was not made.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The log did not come in.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A rebuild failed.
    #[error(transparent)]
    Rebuild(#[from] Box<RebuildError>),
    /// A switch failed.
    #[error(transparent)]
    Promote(#[from] PromoteError),
    /// The follower failed.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// Somebody asked to stop.
    #[error("the demo was stopped")]
    Interrupted,
    /// Tables and log differ, or the reader noticed something.
    #[error("the demo did not hold its promise: {what}")]
    Broken {
        /// What.
        what: String,
    },
}

/// Runs the demo in a context whose project is the sample one. `change` rewrites the project's
/// files into the changed projection and gives the project as it is then.
///
/// # Errors
/// A step failed, or a promise did not hold.
pub fn demo(
    context: &Context,
    events: u64,
    change: impl FnOnce() -> Result<Project, ProjectError>,
    told: &mut dyn FnMut(Step),
) -> Result<(), DemoError> {
    migrate::migrate(context, &Target::head(None), &migrate::Options::default())?;
    let imported =
        transfer::import(context, Box::new(Orders::new(events, SEED)), "the demo's log", None)?;
    told(Step::Imported { events: imported.events, took: imported.took });

    let background = Interrupt::new();
    let reads = Arc::new(Reads::default());
    let appended = AtomicU64::new(0);
    let result = std::thread::scope(|scope| {
        let shop = scope.spawn(|| append(context, &background, &appended));
        let result = with_readers(context, change, told, &reads);
        background.raise();
        match shop.join() {
            Ok(Ok(())) => result,
            Ok(Err(error)) => result.and(Err(error.into())),
            Err(_) => result.and(Err(DemoError::Broken { what: "the shop's thread ended".into() })),
        }
    });
    result?;
    told(Step::Appended { events: appended.load(Ordering::Relaxed) });
    follow::follow(context, true)?;
    compare(context, told)?;
    let errors = reads.errors.load(Ordering::Relaxed) + reads.regressions.load(Ordering::Relaxed);
    if errors > 0 {
        return Err(DemoError::Broken {
            what: format!("the reader noticed something {errors} times"),
        });
    }
    Ok(())
}

/// The part of the story in which readers look on.
fn with_readers(
    context: &Context,
    change: impl FnOnce() -> Result<Project, ProjectError>,
    told: &mut dyn FnMut(Step),
    reads: &Arc<Reads>,
) -> Result<(), DemoError> {
    let both = ["order_summary".to_owned(), "customer_activity".to_owned()];
    built(rebuild::rebuild(context, &both, &promoted()), told)?;
    let stop = Interrupt::new();
    let follower_context = Context { interrupt: stop.clone(), ..context.clone() };
    let result = std::thread::scope(|scope| {
        let follower = scope.spawn(move || follow::follow(&follower_context, false));
        let reader = scope.spawn(|| read(context, &stop, reads));
        let result = changes(context, change, told);
        stop.raise();
        let followed = follower.join().map_err(|_| "the follower's thread ended");
        let read = reader.join().map_err(|_| "the reader's thread ended");
        result?;
        match (followed, read) {
            (Ok(followed), Ok(read)) => {
                followed?;
                read?;
                Ok(())
            }
            (Err(what), _) | (_, Err(what)) => Err(DemoError::Broken { what: what.into() }),
        }
    });
    told(Step::Read {
        reads: reads.reads.load(Ordering::Relaxed),
        errors: reads.errors.load(Ordering::Relaxed),
        regressions: reads.regressions.load(Ordering::Relaxed),
        slowest: Duration::from_micros(reads.slowest_us.load(Ordering::Relaxed)),
    });
    result
}

fn promoted() -> Options {
    Options { promote: true, ..Options::default() }
}

/// The changed projection: beside the old build, promoted, back, and forward again.
fn changes(
    context: &Context,
    change: impl FnOnce() -> Result<Project, ProjectError>,
    told: &mut dyn FnMut(Step),
) -> Result<(), DemoError> {
    let changed = Context { project: change()?, ..context.clone() };
    let one = ["order_summary".to_owned()];
    built(rebuild::rebuild(&changed, &one, &promoted()), told)?;
    for what in ["rollback", "forward again"] {
        let started = Instant::now();
        let Promoted { build, held, .. } =
            promote::rollback(&changed, "order_summary", &promote::Back::default())?;
        told(Step::Switched { what, build, held, took: started.elapsed() });
    }
    Ok(())
}

fn built(
    outcomes: Result<Vec<Outcome>, RebuildError>,
    told: &mut dyn FnMut(Step),
) -> Result<(), DemoError> {
    for outcome in outcomes.map_err(Box::new)? {
        let Outcome { build, took, events, engine, work, result } = outcome;
        match result.map_err(Box::new)? {
            Reached::Live(promoted) => told(Step::Built {
                build: build.schema.to_string(),
                events,
                took,
                held: promoted.held,
                engine,
                work,
            }),
            Reached::Ready | Reached::Ended => {
                return Err(DemoError::Broken { what: format!("{} is not live", build.schema) });
            }
        }
    }
    Ok(())
}

/// The shop: one order after another through `event_store.append`, until the end.
fn append(context: &Context, stop: &Interrupt, appended: &AtomicU64) -> Result<(), PgError> {
    let mut session = Session::open(&context.event_store, "demo shop")?;
    let mut number = 0u64;
    while !stop.raised() && !context.interrupt.raised() {
        number += 1;
        let id = format!("live-{number}");
        let items: Vec<String> = (0..=number % 3)
            .map(|n| {
                format!(
                    r#"{{"type": "OrderItemAdded", "schema_version": 3, "payload": {{"order_id": "{id}", "sku": "sku-{n}", "quantity": {}, "unit_price_cents": {}, "currency": "USD"}}}}"#,
                    n + 1,
                    100 + number % 900
                )
            })
            .collect();
        let created = format!(
            r#"[{{"type": "OrderCreated", "payload": {{"order_id": "{id}", "customer_id": "customer-1", "customer_name": "Walk-in"}}}}]"#
        );
        let paid = format!(r#"[{{"type": "OrderPaid", "payload": {{"order_id": "{id}"}}}}]"#);
        for batch in [created, format!("[{}]", items.join(", ")), paid] {
            let sql = "SELECT count(*) FROM event_store.append($1, NULL, $2::text::jsonb)";
            let row = session.query_one(sql, &[&id, &batch])?;
            appended.fetch_add(u64::try_from(row.get::<_, i64>(0)).unwrap_or(0), Ordering::Relaxed);
            std::thread::sleep(APPEND_PAUSE);
        }
    }
    Ok(())
}

/// What the reader counts.
#[derive(Default)]
struct Reads {
    reads: AtomicU64,
    errors: AtomicU64,
    regressions: AtomicU64,
    slowest_us: AtomicU64,
}

/// A reader that joins both read models without a pause; the number of orders must never fall.
fn read(context: &Context, stop: &Interrupt, reads: &Reads) -> Result<(), PgError> {
    let mut session = context.open_read_models("demo reader")?;
    let mut most = 0i64;
    while !stop.raised() && !context.interrupt.raised() {
        let started = Instant::now();
        let answer = session.query_one(
            "SELECT count(*), min(c.name) FROM read_model.order_summary o \
             JOIN read_model.customer_activity c ON c.id = o.customer_id WHERE o.customer_id = 'customer-1'",
            &[],
        );
        let took = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        reads.slowest_us.fetch_max(took, Ordering::Relaxed);
        reads.reads.fetch_add(1, Ordering::Relaxed);
        match answer {
            Err(PgError::Server(_)) => {
                reads.errors.fetch_add(1, Ordering::Relaxed);
            }
            Err(lost) => return Err(lost),
            Ok(row) => {
                let orders: i64 = row.get(0);
                if orders < most {
                    reads.regressions.fetch_add(1, Ordering::Relaxed);
                }
                most = most.max(orders);
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Every followed build against SQL over the log.
fn compare(context: &Context, told: &mut dyn FnMut(Step)) -> Result<(), DemoError> {
    let mut session = context.open_ledger("demo")?;
    session.run("SET work_mem = '64MB'")?;
    let mut wrong = Vec::new();
    for build in ledger::builds(&mut session, None).map_err(ContextError::from)? {
        if !matches!(build.state, State::Live | State::Retired) {
            continue;
        }
        let (reference, columns) = match build.projection.as_str() {
            "order_summary" => (
                include_str!("demo/order_summary.sql"),
                "id, customer_id, customer_name, status, total_amount, item_count, created_at",
            ),
            _ => (
                include_str!("demo/customer_activity.sql"),
                "id, name, orders_open, orders_shipped, orders_cancelled, spent_cents, last_seen_at",
            ),
        };
        let table = format!("{}.{}", build.schema.quoted(), build.projection);
        let row = session.query_one(
            &format!(
                "WITH wanted AS MATERIALIZED ({reference}), found AS (SELECT {columns} FROM {table}) \
                 SELECT (SELECT count(*) FROM found), \
                        (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE found) AS missing) \
                      + (SELECT count(*) FROM (TABLE found EXCEPT ALL TABLE wanted) AS surplus)"
            ),
            &[],
        )?;
        let (rows, differences): (i64, i64) = (row.get(0), row.get(1));
        let table = format!("{}.{}", build.schema, build.projection);
        if differences > 0 {
            wrong.push(format!("{table} differs in {differences} rows"));
        }
        told(Step::Compared { table, rows, differences });
    }
    if wrong.is_empty() { Ok(()) } else { Err(DemoError::Broken { what: wrong.join("; ") }) }
}
