//! A child process: how long it takes, how much memory it takes, how much of a core.
//!
//! Memory and load are read from `/proc`, where there is one; elsewhere they stay unknown.

use std::fs;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::Outcome;

/// How often the memory is looked at. The kernel keeps the high-water mark, so only what is
/// taken in the last moments of a process can be missed.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// The unit of times in `/proc`, the same on every Linux: `USER_HZ`.
const TICKS_PER_SECOND: u64 = 100;

/// A child that has ended as it should.
pub(crate) struct Ended {
    /// From its start to its end.
    pub(crate) took: Duration,
    /// The most memory it had, in KiB.
    pub(crate) peak_kib: Option<u64>,
    /// What it printed.
    pub(crate) stdout: String,
}

/// Runs a command to its end, which must be a good one.
pub(crate) fn watch(command: &mut Command) -> Outcome<Ended> {
    watch_to(command, 0)
}

/// Runs a command to its end, which must have that exit code.
pub(crate) fn watch_to(command: &mut Command, code: i32) -> Outcome<Ended> {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut pipe = child.stdout.take().ok_or("no pipe")?;
    let pid = child.id();
    let over = AtomicBool::new(false);
    let mut stdout = String::new();
    let (read, ended, took, peak_kib) = std::thread::scope(|scope| {
        let sampler = scope.spawn(|| {
            let mut peak = None;
            while !over.load(Ordering::Relaxed) {
                peak = peak.max(peak_kib(pid));
                std::thread::sleep(LOOK_EVERY);
            }
            peak
        });
        let read = pipe.read_to_string(&mut stdout);
        let ended = child.wait();
        let took = started.elapsed();
        over.store(true, Ordering::Relaxed);
        (read, ended, took, sampler.join().unwrap_or(None))
    });
    read?;
    match ended?.code() == Some(code) {
        true => Ok(Ended { took, peak_kib, stdout }),
        false => Err(format!("{command:?} failed\n{stdout}").into()),
    }
}

/// `VmHWM` of a process; none of one that has ended.
fn peak_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The time that a process has spent on a core until now, of all its threads.
pub(crate) fn core_time(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything; utime and stime are the 14th and 15th field.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 1000 / TICKS_PER_SECOND))
}

/// A child that runs beside us, and is gone when this is.
pub(crate) struct Service(Child);

impl Service {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Outcome<Service> {
        Ok(Service(command.spawn()?))
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> Outcome<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// The most memory it had until now, in KiB.
    pub(crate) fn peak_kib(&self) -> Option<u64> {
        peak_kib(self.0.id())
    }

    /// The time it has spent on a core until now, of all its threads.
    pub(crate) fn core_time(&self) -> Option<Duration> {
        core_time(self.0.id())
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        kill(Pid::from_raw(i32::try_from(self.0.id())?), Signal::SIGTERM)?;
        match self.0.wait()?.success() {
            true => Ok(()),
            false => Err("the follower did not end well".into()),
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // After `stop` both only say that it is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
