//! Controls: the same harness with a rule switched off must report wrong rows.

use nix::sys::signal::Signal;
use nix::unistd::Pid;

use super::barrier::{create, live_event};
use super::failpoints::is_stopped;
use super::faults::Shop;
use super::own_server::OwnServer;
use super::table::Scenario;
use super::{Running, append_orders, one, orders, position};
use crate::bench::{Database, Project, rows, wait_until};

/// Rows that one order less makes wrong: the order itself, in both projections, and its customer as it
/// is and as it should be.
const LOST: usize = 4;

fn with_faults(project: &Project, args: &[&str], faults: &str) -> Running {
    Running::start_as(project, args, |command| {
        command.env("FAILPOINTS", faults);
    })
}

/// A follower that trusts positions alone loses what commits late: that very event, and no other.
#[test]
fn without_the_barrier() {
    let mut scenario = Scenario::new("control: no barrier");
    let project = orders("[follow]\npoll_ms = 1\n");
    let (mut client, mut slow) = (project.events(), project.events());
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = with_faults(&project, &["run"], "without::barrier=return");
    // It reads no mark while positions are taken, and the next one lies above both.
    follower.signal(Signal::SIGSTOP);
    let pid = Pid::from_raw(i32::try_from(follower.child.as_ref().unwrap().id()).unwrap());
    wait_until("the follower to stand still", || is_stopped(pid));
    let mut open = slow.transaction().unwrap();
    let early = create(&mut open, "order-slow");
    let late = live_event(&project, "order-fast");
    assert!(early < late);
    follower.signal(Signal::SIGCONT);
    for build in ["order_summary__b1", "customer_activity__b1"] {
        wait_until("the pass to be let by", || position(&mut client, build) >= late);
    }
    open.commit().unwrap();
    drop(follower);
    scenario.ran();
    assert_eq!(scenario.judge(&mut client), LOST, "the rows of the one event that was late");
    let there = "SELECT id FROM read_model.order_summary WHERE id IN ('order-slow', 'order-fast')";
    assert_eq!(rows(&mut client, there), ["(order-fast)"]);
    scenario.end_of_control();
}

/// A kill between the rows and their checkpoint applies a batch twice.
#[test]
fn with_the_checkpoint_in_a_second_transaction() {
    let mut scenario = Scenario::new("control: checkpoint in a second transaction");
    let mut shop = Shop::open("second transaction");
    let faults = "without::one_transaction=return;apply::call::after=2*off->1*return(kill)";
    let mut run = with_faults(&shop.project, &["rebuild", "customer_activity"], faults);
    wait_until("the rebuild to be killed", || run.ended());
    scenario.ran();
    scenario.settle(&shop.project);
    scenario.judge(&mut shop.client);
    scenario.end_of_control();
}

/// A crash of the server empties UNLOGGED tables, and leaves the checkpoint that counts them.
#[test]
fn with_unlogged_tables() {
    let mut scenario = Scenario::new("control: UNLOGGED tables");
    let mut server = OwnServer::start_new();
    let project = Project::orders_on(Database::at(server.address(), "template0"));
    project.ok(&["migrate"]);
    append_orders(&mut project.events(), 64);
    let faults = "without::logged_tables=return";
    let run = with_faults(&project, &["rebuild", "order_summary", "--promote"], faults).end();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(scenario.judge(&mut project.reads()), 0, "nothing is wrong before the crash");
    project.events().batch_execute("CHECKPOINT").unwrap();
    server.stop_at_once();
    server.start();
    scenario.ran();
    scenario.judge(&mut project.reads());
    scenario.end_of_control();
}

/// What all others rest on: without a switch nothing is wrong here.
#[test]
fn with_every_rule() {
    let mut scenario = Scenario::new("control: every rule holds");
    let project = orders("");
    let mut client = project.events();
    append_orders(&mut client, 64);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    assert_eq!(one::<i64>(&mut client, "SELECT count(*) FROM read_model.order_summary"), 64);
    scenario.ran();
    scenario.judge(&mut client);
    scenario.end();
}
