//! The logs that are replayed.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Command, Stdio};

use crate::ground::Context;
use crate::{Outcome, regrow_binary};

/// The log that another library would have written.
const ADOPT: &str = include_str!("json/adopt.toml");

/// The demo's log: orders that run side by side, thirds of it in three versions.
pub(crate) fn orders(context: &Context, events: u64) -> Outcome<()> {
    eprintln!("log of orders ...");
    context.run(&["migrate"])?;
    let mut import = context.regrow(&["import", "-"]).stdin(Stdio::piped()).spawn()?;
    let pipe = import.stdin.take().ok_or("no pipe")?;
    print(events, pipe)?;
    if !import.wait()?.success() {
        return Err("the log did not come in".into());
    }
    settle(context)
}

/// The same log in a table that regrow does not own, with each payload as the text it came in.
pub(crate) fn orders_as_json(context: &Context, events: u64) -> Outcome<()> {
    eprintln!("log of orders, payload as json ...");
    context.configure("[event_store]\n", ADOPT)?;
    let mut client = context.connect()?;
    client.batch_execute(include_str!("json/begin.sql"))?;
    // One column of whole lines: neither of the two control characters occurs in JSON.
    let mut copy = client.copy_in(
        "COPY raw_line (line) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')",
    )?;
    print(events, &mut copy)?;
    copy.finish()?;
    client.batch_execute(include_str!("json/fill.sql"))?;
    settle(context)
}

/// Visits of customers: a tenth of them of one customer, halves of them in two versions.
pub(crate) fn visits(context: &Context, events: u64) -> Outcome<()> {
    eprintln!("log of visits ...");
    context.run(&["migrate"])?;
    let mut client = context.connect()?;
    client.execute(include_str!("hot/log.sql"), &[&i64::try_from(events)?])?;
    settle(context)
}

/// The same visits in the tables of Emmett.
pub(crate) fn visits_by_emmett(context: &Context, events: u64) -> Outcome<()> {
    eprintln!("log of visits, by Emmett ...");
    let mut client = context.connect()?;
    client.batch_execute(include_str!("emmett/tables.sql"))?;
    let (_, visits) = include_str!("hot/log.sql").split_once(")\nSELECT").ok_or("no SELECT")?;
    let fill = include_str!("emmett/fill.sql").replace("{events}", &format!("SELECT{visits}"));
    client.execute(&fill, &[&i64::try_from(events)?])?;
    client.batch_execute("VACUUM ANALYZE public.emt_messages")?;
    client.batch_execute("CHECKPOINT")?;
    Ok(())
}

/// The demo's log, with prices in whole cents: short forms can upcast them.
fn print(events: u64, into: impl Write) -> Outcome<()> {
    let mut command = Command::new(regrow_binary());
    command.args(["demo", "--print-log", "--events", &events.to_string()]);
    let mut print = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(print.stdout.take().ok_or("no pipe")?);
    let mut into = BufWriter::new(into);
    for line in lines.lines() {
        writeln!(into, "{}", in_cents(&line?))?;
    }
    into.flush()?;
    drop(into);
    match print.wait()?.success() {
        true => Ok(()),
        false => Err("the log could not be made".into()),
    }
}

/// A line with `"price":"12.50"` or `"unit_price":"12.50"` turned into `"1250"`.
fn in_cents(line: &str) -> Cow<'_, str> {
    const BEFORE: &str = "price\":\"";
    let Some(start) = line.find(BEFORE).map(|at| at + BEFORE.len()) else { return line.into() };
    let (head, rest) = line.split_at(start);
    let Some((price, tail)) = rest.split_once('"') else { return line.into() };
    let cents = price.replace('.', "");
    format!("{head}{}\"{tail}", cents.trim_start_matches('0')).into()
}

/// Statistics and hint bits are there before anybody is timed.
pub(crate) fn settle(context: &Context) -> Outcome<()> {
    let mut client = context.connect()?;
    client.batch_execute("VACUUM ANALYZE event_store.events")?;
    client.batch_execute("CHECKPOINT")?;
    Ok(())
}
