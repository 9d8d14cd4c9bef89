//! Soaks: a follower for hours, one that is killed again and again, builds that are steered at random moments.
//!
//! A test run has a short form of each, counted in events, kills and runs, which says the same on any machine.
//! `scripts/soak.sh` asks for the long forms by environment variables, each with another seed, which is printed:
//! `REGROW_SEED` runs it again.

mod memory;
mod process;
mod steering;
mod takeover;

use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// How much of a long form is wanted, in its own unit; nothing in a test run.
fn wanted(variable: &str) -> Option<u32> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// The same command on another host, as far as it can tell: one with a name of its own. Where that is not permitted,
/// it runs on this one.
fn on_host(name: &str, command: &Command) -> Command {
    static CAN_BE_NAMED: OnceLock<bool> = OnceLock::new();
    let mut named = Command::new("unshare");
    named.args(["--uts", "sh", "-c", "hostname \"$0\" && exec \"$@\"", name]);
    let can_be_named = *CAN_BE_NAMED.get_or_init(|| {
        let mut tried = Command::new("unshare");
        tried.args(["--uts", "hostname", name]);
        let can_be_named = tried.output().is_ok_and(|output| output.status.success());
        println!("hosts with names of their own: {can_be_named}");
        can_be_named
    });
    match can_be_named {
        true => named.arg(command.get_program()),
        false => {
            named = Command::new(command.get_program());
            &mut named
        }
    };
    named.args(command.get_args());
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => named.env(variable, value),
            None => named.env_remove(variable),
        };
    }
    named.current_dir(command.get_current_dir().unwrap());
    named.stdin(std::process::Stdio::null());
    named
}

/// The smallest of some durations, in order, that so many percent do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// `17.5 ms`
fn milliseconds(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1_000.0)
}
