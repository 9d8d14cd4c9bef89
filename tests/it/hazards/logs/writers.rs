//! Late positions, in the orders of statements that other libraries write in. Whatever the order, an
//! event that comes below a mark is waited for or told.

use std::collections::VecDeque;
use std::thread;

use postgres::Client;

use super::super::table::{Scenario, times};
use super::super::{Dice, Running, one, position};
use super::{QUICK, Verdicts};
use crate::bench::{Database, Project, wait_until};
use crate::watched::{noted, seen, there};

/// A library's way to write: the position column, what the log needs, and the statements of a writer in
/// their order. `{n}` is the number that a statement before it gave.
struct Order {
    name: &'static str,
    column: &'static str,
    before: &'static str,
    statements: &'static [&'static str],
    /// Whether numbers are taken where nobody can see it: such an event can only be told.
    takes_ahead: bool,
    /// Whether a writer waits for the one that came first.
    one_at_a_time: bool,
}

const INSERT: &str =
    "INSERT INTO public.ev (seq, stream, ver, kind, body) VALUES ({n}, 's', 0, 'Noted', '{}')";
const BY_DEFAULT: &str =
    "INSERT INTO public.ev (stream, ver, kind, body) VALUES ('s', 0, 'Noted', '{}')";
const NEXT: &str = "SELECT nextval('public.numbers')";
const NUMBERS: &str = "CREATE SEQUENCE public.numbers;";

const ORDERS: [Order; 7] = [
    // Emmett, eventsourcing, cqrs-es, Rails Event Store: DEFAULT or identity.
    Order {
        name: "number by DEFAULT",
        column: "bigserial",
        before: "",
        statements: &["BEGIN", BY_DEFAULT, "COMMIT"],
        takes_ahead: false,
        one_at_a_time: false,
    },
    Order {
        name: "number in the transaction, before the INSERT",
        column: "bigint",
        before: NUMBERS,
        statements: &["BEGIN", NEXT, INSERT, "COMMIT"],
        takes_ahead: false,
        one_at_a_time: false,
    },
    // message-db, eventsourcing: one writer at a time.
    Order {
        name: "one writer at a time",
        column: "bigserial",
        before: "",
        statements: &["BEGIN", "LOCK TABLE public.ev IN EXCLUSIVE MODE", BY_DEFAULT, "COMMIT"],
        takes_ahead: false,
        one_at_a_time: true,
    },
    // Commanded: a counter's row is locked until the commit.
    Order {
        name: "number of a counter's row",
        column: "bigint",
        before: "CREATE TABLE public.counter (n bigint); INSERT INTO public.counter VALUES (0);",
        statements: &["BEGIN", "UPDATE public.counter SET n = n + 1 RETURNING n", INSERT, "COMMIT"],
        takes_ahead: false,
        one_at_a_time: true,
    },
    // Marten's rich append, Axon with JPA.
    Order {
        name: "number in a transaction of its own",
        column: "bigint",
        before: NUMBERS,
        statements: &[NEXT, "BEGIN", INSERT, "COMMIT"],
        takes_ahead: true,
        one_at_a_time: false,
    },
    // Hibernate's pooled optimiser: each process uses up numbers of its own.
    Order {
        name: "numbers by the fifty",
        column: "bigint",
        before: "CREATE SEQUENCE public.numbers INCREMENT BY 50;",
        statements: &[NEXT, "BEGIN", INSERT, "COMMIT", "BEGIN", INSERT, "COMMIT"],
        takes_ahead: true,
        one_at_a_time: false,
    },
    // Marten's quick append.
    Order {
        name: "number in a function",
        column: "bigint",
        before: "CREATE SEQUENCE public.numbers; \
            CREATE FUNCTION public.append() RETURNS void LANGUAGE plpgsql AS $$ \
            DECLARE n bigint := nextval('public.numbers'); BEGIN \
            INSERT INTO public.ev (seq, stream, ver, kind, body) VALUES (n, 's', 0, 'Noted', '{}'); END $$;",
        statements: &[APPEND],
        takes_ahead: false,
        one_at_a_time: false,
    },
];

const APPEND: &str = "SELECT public.append()";
const LAST: &str = "SELECT COALESCE(max(seq), 0) FROM public.ev";

fn is_right(project: &Project) -> bool {
    seen(project) == there(project, "public.ev")
}

#[test]
fn f20_late_positions_in_the_orders_of_other_libraries() {
    let mut scenario = Scenario::new("F20 late positions in other libraries' orders");
    let (mut dice, mut verdicts) = (Dice::new("F20"), Verdicts::default());
    for order in &ORDERS {
        let project = shop(order);
        let follower = Running::start(&project, &["run"]);
        for _ in 0..times(1, 20) {
            let build = live(&project);
            match order.statements == [APPEND] {
                true => behind_an_index(&project, "public.ev"),
                false => interleaved(order, &project, &build, &mut dice),
            }
            passes(&project, &build, LAST);
            let word = verdicts.judge_by(&mut scenario, &project, &build, is_right);
            match word.as_str() {
                "right" => {}
                "late-events" if order.takes_ahead => is_mended(&mut scenario, &project, is_right),
                word => scenario.unhandled(format!("{}: {word}", order.name)),
            }
        }
        let ran = follower.stop();
        assert_eq!(ran.code, 0, "{}: {}", order.name, ran.stderr);
    }
    verdicts.end(scenario, &["right", "late-events"]);
}

/// A log that is written to in such an order, and a live build of it.
fn shop(order: &Order) -> Project {
    let Order { name, column, before, .. } = order;
    let sql = format!(
        "{before} CREATE TABLE public.ev (seq {column} PRIMARY KEY, stream text, ver int, kind text, \
         body jsonb);"
    );
    let sequence = if before.contains("SEQUENCE") { "sequence = \"public.numbers\"" } else { "" };
    let project = noted(Database::new(), &sql, ("public.ev", sequence), QUICK);
    let ran = project.run(&["rebuild", "seen", "--promote"]);
    assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
    project
}

pub(super) fn live(project: &Project) -> String {
    one(&mut project.reads(), "SELECT schema_name::text FROM regrow.build WHERE state = 'live'")
}

/// What was told is mended by what `status` recommends.
pub(super) fn is_mended(
    scenario: &mut Scenario,
    project: &Project,
    is_right: impl FnOnce(&Project) -> bool,
) {
    project.ok(&["rebuild", "seen", "--promote"]);
    project.ok(&["prune"]);
    if !is_right(project) {
        scenario.wrong_rows(&["a rebuild has other events than its log".to_owned()]);
    }
}

/// A writer on its way through its statements.
struct Writer {
    client: Client,
    left: VecDeque<&'static str>,
    number: i64,
    /// Whether it is in a transaction.
    is_open: bool,
    /// Whether that has done anything yet: a number that was taken in it is waited for too.
    is_at_work: bool,
}

impl Writer {
    fn step(&mut self) {
        let Some(statement) = self.left.pop_front() else { return };
        let sql = statement.replace("{n}", &self.number.to_string());
        if statement.starts_with("SELECT") || statement.starts_with("UPDATE") {
            self.number = one(&mut self.client, &sql);
        } else {
            self.client.batch_execute(&sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
        }
        if statement == INSERT {
            self.number += 1;
        }
        match statement {
            "BEGIN" => self.is_open = true,
            "COMMIT" => (self.is_open, self.is_at_work) = (false, false),
            _ => self.is_at_work = self.is_open,
        }
    }
}

/// Two writers take their steps in an order that is drawn. Whenever nobody is at work, a follower passes
/// what is there.
fn interleaved(order: &Order, project: &Project, build: &str, dice: &mut Dice) {
    let mut writers = [(), ()].map(|()| Writer {
        client: project.events(),
        left: order.statements.iter().copied().collect(),
        number: 0,
        is_open: false,
        is_at_work: false,
    });
    while writers.iter().any(|writer| !writer.left.is_empty()) {
        let drawn = dice.below(2);
        // Whoever would wait for the other lets it go first.
        let waits = order.one_at_a_time && writers[1 - drawn].is_at_work;
        let turn = if waits || writers[drawn].left.is_empty() { 1 - drawn } else { drawn };
        writers[turn].step();
        if writers.iter().all(|writer| !writer.is_at_work) {
            passes(project, build, LAST);
        }
    }
}

/// Waits until a follower has passed what is committed: the position that `last` asks for.
pub(super) fn passes(project: &Project, build: &str, last: &str) {
    let last: i64 = one(&mut project.events(), last);
    let mut reads = project.reads();
    wait_until("a follower to pass", || position(&mut reads, build) >= last);
}

/// A function `public.append` takes a number, and its INSERT waits for a lock that somebody else waits for: the index
/// is made once the other writer has committed a later number, and the event comes after that.
pub(super) fn behind_an_index(project: &Project, table: &str) {
    let (mut other, mut index, mut late) = (project.events(), project.events(), project.events());
    let mut client = project.events();
    other.batch_execute(&format!("BEGIN; {APPEND}")).unwrap();
    let waiting = |client: &mut Client, many: i64| {
        let sql = format!(
            "SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND NOT granted \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name NOT LIKE 'regrow%')"
        );
        wait_until("sessions to wait for the log", || one::<i64>(client, &sql) == many);
    };
    thread::scope(|threads| {
        let index = threads.spawn(move || {
            index.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN SHARE MODE")).unwrap();
            index
        });
        waiting(&mut client, 1);
        let late = threads.spawn(move || late.batch_execute(APPEND).unwrap());
        waiting(&mut client, 2);
        other.batch_execute(&format!("{APPEND}; COMMIT")).unwrap();
        let mut index = index.join().unwrap();
        waiting(&mut client, 1);
        // The follower is asked for a mark while the writer of a lower number waits.
        let mut looks = Vec::new();
        wait_until("the follower to look several times", || {
            let look: Option<String> = one(
                &mut client,
                "SELECT max(query_start)::text FROM pg_stat_activity WHERE application_name = 'regrow run' \
                 AND datname = current_database()",
            );
            if looks.last() != Some(&look) {
                looks.push(look);
            }
            looks.len() > 4
        });
        index.batch_execute("COMMIT").unwrap();
        late.join().unwrap();
    });
}
