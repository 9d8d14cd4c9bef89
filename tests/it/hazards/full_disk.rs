//! The server's disk is full: of data, so that every statement that needs room is refused, or of
//! WAL, so that the server ends and recovers.
//!
//! Readers see what they saw, the old build stays as it is, no event is blamed, and when there
//! is room again the command that `status` names goes on.

use postgres::Client;

use super::lost_server::append_more;
use super::own_server::{Disk, OwnServer};
use super::table::{Scenario, times};
use super::{Dice, Running, append_orders, change_order_summary, one};
use crate::bench::{Database, Project, Ran, wait_until};

/// Six events each, and 500 customers; more where it is WAL that they shall fill.
const ORDERS: usize = 1_000;
const ORDERS_OF_WAL: usize = 4_000;
const NO_MOUNT: &str = "not run here, mounting needs root";

/// How the disk is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Native,
    Sql,
    /// Events that fail are put aside: a full disk must not make any of them fail.
    SqlParking,
    /// A follower, with no byte left.
    Follow,
}

#[test]
fn f12_disk_full_of_data() {
    let mut scenario = Scenario::new("F12 disk full of data");
    let mut dice = Dice::new("F12 data");
    let Some(mut server) = OwnServer::on_a_small_disk(Disk::Data, 160) else {
        scenario.note(NO_MOUNT);
        return scenario.end();
    };
    let template = template(&server, ORDERS);
    let mut full = 0;
    for _ in 0..times(1, 10) {
        for case in [Case::Native, Case::Sql, Case::SqlParking, Case::Follow] {
            full += usize::from(meet(
                &mut server,
                &template,
                (case, Disk::Data),
                &mut scenario,
                &mut dice,
            ));
            scenario.ran();
        }
    }
    scenario.note(format!("{full} runs met a full disk"));
    assert!(full > 0, "no disk was full");
    scenario.end();
}

#[test]
fn f12_disk_full_of_wal() {
    let mut scenario = Scenario::new("F12 disk full of WAL");
    let mut dice = Dice::new("F12 WAL");
    let Some(mut server) = OwnServer::on_a_small_disk(Disk::Wal, 256) else {
        scenario.note(NO_MOUNT);
        return scenario.end();
    };
    let template = template(&server, ORDERS_OF_WAL);
    let mut full = 0;
    for _ in 0..times(1, 10) {
        for case in [Case::Native, Case::Sql] {
            full += usize::from(meet(
                &mut server,
                &template,
                (case, Disk::Wal),
                &mut scenario,
                &mut dice,
            ));
            scenario.ran();
        }
    }
    scenario.note(format!("{full} runs met a full disk, which ended the server"));
    assert!(full > 0, "no disk was full");
    scenario.end();
}

/// One run into a full disk and out of it again; says whether it was full.
fn meet(
    server: &mut OwnServer,
    template: &str,
    (case, disk): (Case, Disk),
    scenario: &mut Scenario,
    dice: &mut Dice,
) -> bool {
    let project = live_project(server, template, case);
    let mut client = project.events();
    let size = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class \
                WHERE relkind = 'r' AND relnamespace = 'order_summary__b1'::regnamespace";
    let size = usize::try_from(one::<i64>(&mut client, size)).unwrap();
    let seen = readers(&mut client);
    // Old WAL is of no use any more, and what is written from now on needs new segments.
    client.batch_execute("CHECKPOINT").unwrap();
    let ran = match case {
        Case::Follow => {
            server.fill_the_disk(0);
            run_to_its_end(&project, &["run", "--until-caught-up"])
        }
        _ => {
            change_order_summary(&project);
            // Somewhere in the catalog, the rows, an index or the statistics.
            let room = dice.below(if disk == Disk::Wal { 1 << 20 } else { size });
            server.fill_the_disk(u64::try_from(room).unwrap());
            run_to_its_end(&project, &["rebuild", "order_summary", "--promote"])
        }
    };
    if disk == Disk::Data && ran.code != 0 && readers(&mut client) != seen {
        scenario.unhandled(format!("{case:?}: readers see other rows than before"));
    }
    let full = ran.code != 0;
    if full && !says_so(&ran, disk) {
        scenario.unhandled(format!("{case:?}: it ended with {}: {}", ran.code, ran.stderr));
    }
    if full && disk == Disk::Wal {
        // A server that is still on its way down would answer, and then be gone.
        wait_until("the server's sessions to be gone", || client.batch_execute("").is_err());
    }
    server.make_room();
    server.start_if_it_ended();
    if full && case != Case::Follow && readers(&mut project.events()) != seen {
        scenario.unhandled(format!("{case:?}: readers see other rows than before"));
    }
    let mut client = project.events();
    scenario.judge(&mut client);
    scenario.settle(&project);
    scenario.judge(&mut client);
    let newest = "SELECT state = 'live' FROM regrow.build WHERE projection = 'order_summary' \
                  ORDER BY number DESC LIMIT 1";
    let aside = "SELECT count(*) FROM regrow.parked_events";
    if !one::<bool>(&mut client, newest) || one::<i64>(&mut client, aside) > 0 {
        scenario.unhandled(format!("{case:?}: the new build is not live, or events are aside"));
    }
    full
}

/// A database with both projections live, to be copied for each run.
fn template(server: &OwnServer, orders: usize) -> String {
    let project = Project::orders_on(Database::at(server.address(), "template0"));
    project.ok(&["migrate"]);
    append_orders(&mut project.events(), orders);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let name = project.database.name();
    // It stays until the server goes.
    std::mem::forget(project.database);
    name
}

/// A project with both projections live.
fn live_project(server: &OwnServer, template: &str, case: Case) -> Project {
    let project = Project::orders_on(Database::at(server.address(), template));
    project.write(
        "config.toml",
        "[database]\nreconnect_s = 0\n[rebuild]\nbatch_events = 1000\ncheckpoint_interval_s = 0\n",
    );
    let settings = match case {
        Case::Native | Case::Follow => "",
        Case::Sql => "engine = \"sql\"\n",
        Case::SqlParking => "engine = \"sql\"\non_error = \"park\"\n",
    };
    project.write("projections/order_summary/projection.toml", settings);
    if case == Case::Follow {
        append_more(&mut project.events(), "later", ORDERS);
    }
    project
}

fn run_to_its_end(project: &Project, args: &[&str]) -> Ran {
    let mut running = Running::start(project, args);
    wait_until("the tool to end", || running.ended());
    running.end()
}

/// Whether it says what happened and how to go on. Whose write failed of WAL is chance: where it
/// was another process, its session is just gone.
fn says_so(ran: &Ran, disk: Disk) -> bool {
    let says = |text: &str| ran.stderr.contains(text);
    // Who connects may have to write a cache first, and is told that it could not be.
    let full = says("disk is full") || says("could not write init file");
    let gone = says("error: the connection to ") || says("error: cannot connect to ");
    ran.code == 1 && (full || (disk == Disk::Wal && gone))
}

/// All rows that readers of the live build see, as one word.
fn readers(client: &mut Client) -> String {
    let sql = "SELECT count(*) || md5(string_agg(o.id || o.status || o.total_amount, ',' ORDER BY o.id)) \
               FROM read_model.order_summary AS o";
    one(client, sql)
}
