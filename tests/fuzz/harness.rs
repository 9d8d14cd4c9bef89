//! How a property is tried: case after case, each watched for its time and its memory.
//!
//! Cases of all tests take turns, since memory is counted for the process as a whole.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, OnceLock};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Cases of a property where the environment names no other number.
const CASES: u32 = 250;
/// A case that takes more of a processor counts as hung, however busy the machine is otherwise.
const PATIENCE: Duration = Duration::from_secs(20);
/// And so does one that waits for longer.
const LONG_PATIENCE: Duration = Duration::from_secs(300);
/// What a case may take whatever its input: buffers of readers, tables of a linter.
const FREE_BYTES: usize = 6 << 20;

/// The case that runs, since when, and what to say about it.
static RUNNING: Mutex<Option<(Instant, Duration, String)>> = Mutex::new(None);

pub(crate) type Outcome = Result<(), TestCaseError>;

/// The number of cases: `share` hundredths of what was asked for.
fn cases(share: u32) -> u32 {
    let asked = std::env::var("REGROW_FUZZ_CASES").ok().and_then(|text| text.parse().ok());
    (asked.unwrap_or(CASES) * share / 100).max(1)
}

fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var("REGROW_FUZZ_SEED").ok().and_then(|text| text.parse().ok());
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        given.unwrap_or(now as u64 % 1_000_000_007)
    })
}

/// One after another, whatever the test.
fn turn() -> std::sync::MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Ends the process when a case does not end: a thread that loops can only be told of.
fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        std::thread::spawn(|| {
            loop {
                std::thread::sleep(Duration::from_millis(200));
                let running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if let Some((since, used, what)) = &*running
                    && (since.elapsed() > LONG_PATIENCE
                        || processor(std::process::id()).saturating_sub(*used) > PATIENCE)
                {
                    eprintln!("a case hangs, {:?}, seed {}: {what}", since.elapsed(), seed());
                    std::process::exit(101);
                }
            }
        });
    });
}

/// Tries a property: `bytes` is the size of an input, and memory may grow by `factor` times that.
pub(crate) fn property<S: Strategy>(
    name: &str,
    share: u32,
    strategy: S,
    bytes: impl Fn(&S::Value) -> usize,
    factor: usize,
    test: impl Fn(&S::Value) -> Outcome,
) where
    S::Value: Debug,
{
    watch();
    let turn = turn();
    let started = Instant::now();
    let config = Config {
        cases: cases(share),
        failure_persistence: None,
        max_shrink_time: 20_000,
        ..Config::default()
    };
    let mut words = [0; 32];
    words[..8].copy_from_slice(&seed().to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &words);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(&strategy, |value| {
        let label = || {
            let mut text = format!("{name}: {value:?}");
            text.truncate(text.floor_char_boundary(4_000));
            text
        };
        set_running(Some(label()));
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let outcome = catch_unwind(AssertUnwindSafe(|| test(&value)));
        let grown = MEMORY.peak_usage().saturating_sub(before);
        set_running(None);
        let most = bytes(&value) * factor + FREE_BYTES;
        match outcome {
            Err(_) => Err(TestCaseError::fail("it panicked")),
            Ok(Err(error)) => Err(error),
            Ok(Ok(())) if grown > most => Err(TestCaseError::fail(format!(
                "it took {grown} bytes, and {most} are the most for {} bytes of input",
                bytes(&value)
            ))),
            Ok(Ok(())) => Ok(()),
        }
    });
    let (cases, took) = (cases(share), started.elapsed());
    println!("{name}: {cases} cases in {took:.1?}, REGROW_FUZZ_SEED={}", seed());
    drop(turn);
    match result {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("{name}: {reason}"),
        Err(TestError::Fail(reason, input)) => {
            panic!("{name}: {reason}\nREGROW_FUZZ_SEED={}\n{input:?}", seed())
        }
    }
}

fn set_running(case: Option<String>) {
    let case = case.map(|what| (Instant::now(), processor(std::process::id()), what));
    *RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = case;
}

/// What a process has used of processors, in steps of the kernel's hundredths of a second; zero where
/// it is gone.
pub(crate) fn processor(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// A property of a text: panics, hangs and memory are seen to, and `test` does the rest.
pub(crate) fn text_property(
    name: &str,
    share: u32,
    strategy: impl Strategy<Value = String>,
    test: impl Fn(&str) -> Outcome,
) {
    property(name, share, strategy, String::len, 400, |text| test(text));
}

/// A case outside of any property, watched for its time all the same.
pub(crate) fn watched<R>(name: &str, case: impl FnOnce() -> R) -> R {
    watch();
    let turn = turn();
    set_running(Some(name.to_owned()));
    let done = case();
    set_running(None);
    drop(turn);
    done
}
