//! Controls: the same harness with a rule switched off must report wrong rows.

use super::appenders::Appenders;
use super::own_server::OwnServer;
use super::strikes::Shop;
use super::table::Scenario;
use super::{Dice, Running, append_orders, one, orders, position};
use crate::bench::{Database, Project, wait_until};

fn with_faults(project: &Project, args: &[&str], faults: &str) -> Running {
    Running::start_as(project, args, |command| {
        command.env("FAILPOINTS", faults);
    })
}

/// A follower that trusts positions alone loses what commits late.
#[test]
fn without_the_barrier() {
    let mut scenario = Scenario::new("control: no barrier");
    let mut dice = Dice::new("without_the_barrier");
    let project = orders("[follow]\npoll_ms = 1\n");
    let appenders = Appenders::start(&project, 8, &mut dice);
    let mut client = project.events();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = with_faults(&project, &["run"], "without::barrier=return");
    let before = position(&mut client, "order_summary__b1");
    wait_until("the follower to follow", || position(&mut client, "order_summary__b1") > before);
    appenders.wait_for_more(2_000);
    drop(follower);
    appenders.stop();
    scenario.ran();
    scenario.judge(&mut client);
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
