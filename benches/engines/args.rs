//! What was typed: which workloads, how many events, how many rounds.

/// How it is called.
pub(crate) const USAGE: &str = "\
usage: scripts/bench.sh [--only NAMES] [--large] [EVENTS [ROUNDS]]
  NAMES, with commas between them:
    orders   order_summary from a log in three versions, against SQL by hand
    json     the same with the payload stored as json instead of jsonb
    rows     every event makes a row
    two      two projections in one rebuild against one of them
    live     lag and load while somebody appends 2,000 events a second
    listen   a follower catches up with and without --listen and one scrape a second; only
             when it is named
    hot      a tenth of the events change one row
    sparse   the same events with and without gaps between their positions
    counter  every event changes one row, against a fiftieth of the events
    trace    one row traced in the log, against psql and a rebuild
    verify   two builds of EVENTS rows compared, with readers beside; only when
             it is named, and with 10000000 it needs 8 GB of disk
    emmett   the same events in Emmett's log, with the index that adopt names; only when
             it is named (500000 events are the documented run)
    large    ten times EVENTS in 256 MiB against EVENTS; only when it is named
  --large is short for --only large; both flags together run all that is named.
  EVENTS is 300000 and ROUNDS 3 where nothing is said; the documented run has
  2000000 events.";

/// A workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Orders against SQL by hand.
    Orders,
    /// The same over json.
    Json,
    /// A row an event.
    Rows,
    /// Two projections at once.
    Two,
    /// Following.
    Live,
    /// A follower that listens.
    Listen,
    /// One row that changes often.
    Hot,
    /// Positions with gaps.
    Sparse,
    /// One row that all events change.
    Counter,
    /// Traces of single rows.
    Trace,
    /// Two large builds compared.
    Verify,
    /// The log of another library.
    Emmett,
    /// Ten times as many events.
    Large,
}

/// In the order they run; the shared log of orders comes first. `verify`, `emmett`, `listen` and `large` run only when named.
const KINDS: [(&str, Kind); 13] = [
    ("orders", Kind::Orders),
    ("rows", Kind::Rows),
    ("two", Kind::Two),
    // Appends to the log, so the other workloads of that log come before it.
    ("live", Kind::Live),
    ("json", Kind::Json),
    ("hot", Kind::Hot),
    ("sparse", Kind::Sparse),
    ("counter", Kind::Counter),
    ("trace", Kind::Trace),
    ("verify", Kind::Verify),
    ("emmett", Kind::Emmett),
    ("listen", Kind::Listen),
    ("large", Kind::Large),
];

impl Kind {
    /// Whether it runs over the log of orders in our own event store.
    pub(crate) fn reads_orders(&self) -> bool {
        matches!(self, Kind::Orders | Kind::Rows | Kind::Two | Kind::Live)
    }
}

/// What was typed, checked.
#[derive(Debug)]
pub(crate) struct Args {
    /// The workloads, in the order they run.
    pub(crate) kinds: Vec<Kind>,
    /// Events in each log.
    pub(crate) events: u64,
    /// Rounds.
    pub(crate) rounds: usize,
}

impl Args {
    /// Reads the arguments.
    pub(crate) fn parse(typed: impl Iterator<Item = String>) -> Result<Args, String> {
        let mut names: Vec<String> = Vec::new();
        let mut numbers = Vec::new();
        let mut typed = typed;
        while let Some(arg) = typed.next() {
            match arg.as_str() {
                // cargo says it to every benchmark.
                "--bench" => {}
                "--help" | "-h" => return Err("what a rebuild takes, against SQL by hand".into()),
                "--only" => {
                    let list = typed.next().ok_or("--only wants names")?;
                    names.extend(list.split(',').map(str::to_owned));
                }
                "--large" => names.push("large".into()),
                number => match number.replace('_', "").parse::<u64>() {
                    Ok(number) if number > 0 => numbers.push(number),
                    _ => return Err(format!("{number:?} is neither a flag nor a number")),
                },
            }
        }
        if let Some(name) = names.iter().find(|name| KINDS.iter().all(|(known, _)| known != name)) {
            return Err(format!("{name:?} is no workload"));
        }
        if numbers.len() > 2 {
            return Err("two numbers are enough: EVENTS and ROUNDS".into());
        }
        let wanted = |name: &str| match names.is_empty() {
            true => !matches!(name, "verify" | "emmett" | "listen" | "large"),
            false => names.iter().any(|n| n == name),
        };
        let kinds = KINDS.iter().filter(|(name, _)| wanted(name)).map(|(_, kind)| *kind).collect();
        let events = numbers.first().copied().unwrap_or(300_000);
        let rounds = numbers.get(1).copied().unwrap_or(3);
        let rounds = usize::try_from(rounds).map_err(|e| e.to_string())?;
        Ok(Args { kinds, events, rounds })
    }
}
