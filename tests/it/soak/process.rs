//! What a running process takes, by `/proc`.

use std::fs;
use std::time::{Duration, Instant};

/// The unit of times in `/proc`, the same on every Linux: `USER_HZ`.
const TICKS_PER_SECOND: u64 = 100;

/// What a process had at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) at: Instant,
    /// Memory that is resident, and the most that ever was, in KiB.
    pub(super) rss_kib: u64,
    pub(super) peak_kib: u64,
    /// Open descriptors.
    pub(super) descriptors: usize,
    /// Time on a core until then, of all threads.
    pub(super) core: Duration,
}

impl Sample {
    /// Looks at a process that runs.
    pub(super) fn of(pid: u32) -> Sample {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // The name, in parentheses, may hold anything; utime and stime are the 14th and 15th field.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).map(|f| f.parse::<u64>().unwrap()).sum();
        Sample {
            at: Instant::now(),
            rss_kib: kib("VmRSS:"),
            peak_kib: kib("VmHWM:"),
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count(),
            core: Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND),
        }
    }
}

/// The mean resident memory of some samples, in KiB.
pub(super) fn mean_rss_kib(samples: &[Sample]) -> u64 {
    let all: u64 = samples.iter().map(|sample| sample.rss_kib).sum();
    all / u64::try_from(samples.len()).unwrap()
}
