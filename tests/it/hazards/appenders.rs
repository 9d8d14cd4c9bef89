//! Writers who behave as writers do: at once, slowly, and not always to the end.
//!
//! They have an allowance, which each wait for more of them raises, so that nobody who reads after
//! them runs after them for ever on a machine that serves writers first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use postgres::{Client, Transaction};
use serde_json::{Value, json};

use super::{Dice, append_orders};
use crate::bench::{Project, wait_until};

/// Customers that `append_orders` has registered.
const CUSTOMERS: usize = 500;
/// So many events writers may commit beyond what somebody waits for.
const ALLOWANCE: usize = 3_000;
/// Turns that each writer takes at least: they include one of every kind.
const TURNS: usize = 4;

/// What appenders did.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) events: usize,
    pub(crate) commits: usize,
    pub(crate) rollbacks: usize,
    pub(crate) savepoints: usize,
    pub(crate) prepared: usize,
}

/// Threads that append until they are told to stop.
pub(crate) struct Appenders {
    stop: Arc<AtomicBool>,
    committed: Arc<AtomicUsize>,
    /// How many they may commit.
    allowed: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<Tally>>,
}

impl Appenders {
    /// Starts so many; the first of them uses two-phase commit.
    pub(super) fn start(project: &Project, many: usize, dice: &mut Dice) -> Appenders {
        Appenders::start_with(project, many, 6, dice)
    }

    /// The same, with writers that think for so many milliseconds at the most before they commit.
    pub(crate) fn start_with(
        project: &Project,
        many: usize,
        thought_ms: usize,
        dice: &mut Dice,
    ) -> Appenders {
        append_orders(&mut project.events(), 64);
        let (stop, committed) = (Arc::default(), Arc::default());
        let allowed = Arc::new(AtomicUsize::new(ALLOWANCE));
        let threads = (0..many)
            .map(|number| {
                let mut appender = Appender {
                    client: project.events(),
                    dice: dice.fork(),
                    number,
                    thought_ms,
                    orders: Vec::new(),
                    begun: 0,
                    turns: 0,
                    tally: Tally::default(),
                };
                let (stop, committed) = (Arc::clone(&stop), Arc::clone(&committed));
                let allowed = Arc::clone(&allowed);
                std::thread::spawn(move || {
                    let mut turns = 0;
                    while !AtomicBool::load(&stop, Ordering::Relaxed) || turns < TURNS {
                        let all = AtomicUsize::load(&committed, Ordering::Relaxed);
                        if turns >= TURNS && all >= allowed.load(Ordering::Relaxed) {
                            appender.dice.pause(10);
                            continue;
                        }
                        turns += 1;
                        let before = appender.tally.events;
                        appender.turn();
                        AtomicUsize::fetch_add(
                            &committed,
                            appender.tally.events - before,
                            Ordering::Relaxed,
                        );
                    }
                    appender.tally
                })
            })
            .collect();
        Appenders { stop, committed, allowed, threads }
    }

    /// Waits until so many more events are committed.
    pub(crate) fn wait_for_more(&self, events: usize) {
        let goal = self.committed.load(Ordering::Relaxed) + events;
        self.allowed.store(goal + ALLOWANCE, Ordering::Relaxed);
        wait_until("appenders to go on", || {
            assert!(self.threads.iter().all(|t| !t.is_finished()), "an appender has died");
            self.committed.load(Ordering::Relaxed) >= goal
        });
    }

    /// Stops them and says what they did.
    pub(crate) fn stop(mut self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Tally::default();
        for thread in self.threads.drain(..) {
            let one = thread.join().unwrap();
            all.events += one.events;
            all.commits += one.commits;
            all.rollbacks += one.rollbacks;
            all.savepoints += one.savepoints;
            all.prepared += one.prepared;
        }
        all
    }
}

impl Drop for Appenders {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[derive(Clone)]
struct Order {
    id: String,
    /// The version of its last event.
    version: i32,
    paid: bool,
    closed: bool,
}

struct Appender {
    client: Client,
    dice: Dice,
    number: usize,
    thought_ms: usize,
    orders: Vec<Order>,
    begun: usize,
    turns: usize,
    tally: Tally,
}

impl Appender {
    /// One transaction.
    fn turn(&mut self) {
        let two_phase = self.number == 0;
        self.turns += 1;
        let turn = self.turns;
        let Appender { client, dice, number, thought_ms, orders, begun, tally, .. } = self;
        let mut after = orders.clone();
        let mut transaction = client.transaction().unwrap();
        let mut events = 0;
        let mut lost_race = false;
        for _ in 0..=dice.below(2) {
            *begun += 1;
            let new = format!("order-{number}-{begun}");
            events += act(&mut transaction, dice, &mut after, new);
            if turn == 1 || dice.percent(10) {
                savepoint(&mut transaction, dice, *number, *begun);
                tally.savepoints += 1;
            }
        }
        let may_fail = turn > TURNS;
        if may_fail && dice.percent(10) {
            // Anybody may rename: the stream's lock is waited for last, so nobody deadlocks.
            match rename(&mut transaction, dice) {
                Ok(()) => events += 1,
                Err(()) => lost_race = true,
            }
        }
        dice.pause(*thought_ms);
        if lost_race || turn == 2 || (may_fail && dice.percent(5)) {
            transaction.rollback().unwrap();
            tally.rollbacks += 1;
            return;
        }
        if two_phase {
            let name: String =
                transaction.query_one("SELECT current_database()::text", &[]).unwrap().get(0);
            transaction.batch_execute(&format!("PREPARE TRANSACTION '{name}-{begun}'")).unwrap();
            // The driver's own COMMIT finds no transaction, which is a warning.
            transaction.commit().unwrap();
            dice.pause(3 * *thought_ms);
            let word = if may_fail && dice.percent(5) { "ROLLBACK" } else { "COMMIT" };
            client.batch_execute(&format!("{word} PREPARED '{name}-{begun}'")).unwrap();
            if word == "ROLLBACK" {
                tally.rollbacks += 1;
                return;
            }
            tally.prepared += 1;
        } else {
            transaction.commit().unwrap();
        }
        tally.commits += 1;
        tally.events += events;
        after.retain(|order| !order.closed);
        *orders = after;
    }
}

/// A new order, or the next step of an old one; gives the number of events.
fn act(
    transaction: &mut Transaction<'_>,
    dice: &mut Dice,
    orders: &mut Vec<Order>,
    new: String,
) -> usize {
    let open: Vec<usize> = (0..orders.len()).filter(|i| !orders[*i].closed).collect();
    if open.len() < 3 || dice.percent(30) {
        let created = json!({"type": "OrderCreated", "payload": {
            "order_id": new, "customer_id": format!("c{}", dice.below(CUSTOMERS)), "customer_name": format!("Typed {new}")}});
        let mut events = vec![created];
        for _ in 0..dice.below(3) {
            let (schema_version, payload) = item(dice, &new);
            events.push(json!({"type": "OrderItemAdded", "schema_version": schema_version, "payload": payload}));
        }
        let version = i32::try_from(events.len()).unwrap() - 1;
        let many = events.len();
        transaction
            .query("SELECT event_store.append($1, -1, $2)", &[&new, &Value::Array(events)])
            .unwrap();
        orders.push(Order { id: new, version, paid: false, closed: false });
        return many;
    }
    let order = &mut orders[open[dice.below(open.len())]];
    let (event_type, schema_version, payload) = match dice.below(10) {
        0..6 => {
            let (version, payload) = item(dice, &order.id);
            ("OrderItemAdded", version, payload)
        }
        6 | 7 if !order.paid => {
            order.paid = true;
            ("OrderPaid", 1, json!({"order_id": order.id}))
        }
        8 => {
            order.closed = true;
            ("OrderShipped", 1, json!({"order_id": order.id}))
        }
        _ => {
            order.closed = true;
            ("OrderCancelled", 1, json!({"order_id": order.id}))
        }
    };
    order.version += 1;
    insert(transaction, &order.id, order.version, event_type, schema_version, &payload);
    1
}

/// An item in one of its three versions.
fn item(dice: &mut Dice, order: &str) -> (i32, Value) {
    let (quantity, cents) = (1 + dice.below(4), dice.below(10_000));
    let price = format!("{}.{:02}", cents / 100, cents % 100);
    let currency = ["USD", "EUR", "CHF"][dice.below(3)];
    match dice.below(3) {
        0 => (1, json!({"order_id": order, "quantity": quantity, "price": price})),
        1 => (
            2,
            json!({"order_id": order, "quantity": quantity, "unit_price": price, "currency": currency}),
        ),
        _ => (
            3,
            json!({"order_id": order, "quantity": quantity, "unit_price_cents": cents, "currency": currency}),
        ),
    }
}

/// Plain SQL, as a writer without our function would.
pub(super) fn insert(
    transaction: &mut Transaction<'_>,
    stream: &str,
    version: i32,
    event_type: &str,
    schema_version: i32,
    payload: &Value,
) -> i64 {
    transaction
        .query_one(
            "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
             VALUES ($1, $2, $3, $4, $5) RETURNING position",
            &[&stream, &version, &event_type, &schema_version, payload],
        )
        .unwrap()
        .get(0)
}

/// Takes positions and gives them up again, alone or for another try.
fn savepoint(transaction: &mut Transaction<'_>, dice: &mut Dice, number: usize, begun: usize) {
    let mut inner = transaction.transaction().unwrap();
    let stream = format!("undone-{number}-{begun}");
    let payload = json!({"order_id": stream, "customer_id": "c1", "customer_name": "Undone"});
    insert(&mut inner, &stream, 0, "OrderCreated", 1, &payload);
    dice.pause(2);
    inner.rollback().unwrap();
}

/// Renames somebody; `Err` when another writer was faster and the transaction is broken.
fn rename(transaction: &mut Transaction<'_>, dice: &mut Dice) -> Result<(), ()> {
    let customer = format!("c{}", dice.below(CUSTOMERS));
    let events = json!([{"type": "CustomerRenamed", "payload":
        {"customer_id": customer, "name": format!("Renamed {}", dice.below(1_000_000))}}]);
    let stream = format!("customer-{customer}");
    match transaction.query("SELECT event_store.append($1, NULL, $2)", &[&stream, &events]) {
        Ok(_) => Ok(()),
        Err(error) => {
            assert_eq!(error.code().map(|c| c.code()), Some("40001"), "{error:?}");
            Err(())
        }
    }
}
