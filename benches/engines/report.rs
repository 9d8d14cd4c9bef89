//! Tables for people, 80 columns wide.

use std::time::Duration;

use crate::Outcome;
use crate::ground::Ground;
use crate::machine;

/// On which server and machine.
pub(crate) fn head(ground: &Ground) -> Outcome<()> {
    let row = ground.connect()?.query_one(
        "SELECT split_part(version(), ' ', 2), current_setting('shared_buffers'), current_setting('fsync')",
        &[],
    )?;
    let (version, buffers, fsync): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    let (cores, together) = machine::cores();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".into());
    let load = load.split_whitespace().next().unwrap_or_default().to_owned();
    println!(
        "PostgreSQL {version}, unix socket, shared_buffers {buffers}, fsync {fsync}\n\
         {cores} cores, which together do {together:.2} times the work of one; load {load} at the start"
    );
    Ok(())
}

/// What the columns mean.
pub(crate) fn legend() {
    println!(
        "\nratio: of the time of the first line. replay/s: events a second as the command itself\n\
         says, builds added up. memory: the most that the command's own process had (VmHWM)."
    );
}

/// One contender has run once.
pub(crate) fn progress(title: &str, round: usize, label: &str, took: Duration) {
    eprintln!("{title}, round {round}: {label} {}", seconds(took));
}

/// Events per second.
pub(crate) fn rate(events: u64, took: Duration) -> u64 {
    let microseconds = took.as_micros().max(1);
    u64::try_from(u128::from(events) * 1_000_000 / microseconds).unwrap_or(u64::MAX)
}

/// `12.34 s`
pub(crate) fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

/// `1.23 ms`
pub(crate) fn milliseconds(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1000.0)
}

/// `61 MiB`
pub(crate) fn mebibytes(kib: u64) -> String {
    format!("{} MiB", kib.div_ceil(1024))
}

/// `1,234,567`
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
