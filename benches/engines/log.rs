//! The logs that are replayed.

use std::io;
use std::process::{Command, Stdio};

use crate::ground::Site;
use crate::{Outcome, REGROW};

/// The log that another library would have written.
const ADOPT: &str = include_str!("json/adopt.toml");

/// The demo's log: orders that run side by side, thirds of it in three versions.
pub(crate) fn orders(site: &Site, events: u64) -> Outcome<()> {
    eprintln!("log of orders ...");
    site.run(&["migrate"])?;
    let mut print = printing(events)?;
    let pipe = print.stdout.take().ok_or("no pipe")?;
    let status = site.regrow(&["import", "-"]).stdin(pipe).status()?;
    if !print.wait()?.success() || !status.success() {
        return Err("the log did not come in".into());
    }
    settle(site)
}

/// The same log in a table that regrow does not own, with each payload as the text it came in.
pub(crate) fn orders_as_json(site: &Site, events: u64) -> Outcome<()> {
    eprintln!("log of orders, payload as json ...");
    site.configure("[event_store]\n", ADOPT)?;
    let mut client = site.connect()?;
    client.batch_execute(include_str!("json/begin.sql"))?;
    let mut print = printing(events)?;
    let mut pipe = print.stdout.take().ok_or("no pipe")?;
    // One column of whole lines: neither of the two control characters occurs in JSON.
    let mut copy = client.copy_in(
        "COPY raw_line (line) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')",
    )?;
    io::copy(&mut pipe, &mut copy)?;
    copy.finish()?;
    if !print.wait()?.success() {
        return Err("the log could not be made".into());
    }
    client.batch_execute(include_str!("json/fill.sql"))?;
    settle(site)
}

/// Visits of customers: a tenth of them of one customer, halves of them in two versions.
pub(crate) fn visits(site: &Site, events: u64) -> Outcome<()> {
    eprintln!("log of visits ...");
    site.run(&["migrate"])?;
    let mut client = site.connect()?;
    client.execute(include_str!("hot/log.sql"), &[&i64::try_from(events)?])?;
    settle(site)
}

fn printing(events: u64) -> Outcome<std::process::Child> {
    let mut command = Command::new(REGROW);
    command.args(["demo", "--print-log", "--events", &events.to_string()]);
    Ok(command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?)
}

/// Statistics and hint bits are there before anybody is timed.
fn settle(site: &Site) -> Outcome<()> {
    let mut client = site.connect()?;
    client.batch_execute("VACUUM ANALYZE event_store.events")?;
    client.batch_execute("CHECKPOINT")?;
    Ok(())
}
