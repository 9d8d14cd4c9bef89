//! Logs that were not made for regrow: a municipality's permits, and the dogs of another library.
//!
//! The whole logs lie outside the repository, in `../shared/data` or where `REGROW_SHARED_DATA`
//! says. Where they are absent each test says so and reads its sample in `tests/data`, so
//! every expectation is worked out from the log at hand, or stands beside it.

#![expect(clippy::unwrap_used, reason = "in helpers of tests as in tests")]

mod dogs;
mod permits;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::bench::Project;

/// A log and how much of it there is.
struct Found {
    path: PathBuf,
    whole: bool,
}

impl Found {
    fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }
}

/// The whole log, or else its sample.
fn find(name: &str, sample: &str) -> Found {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("REGROW_SHARED_DATA").map(PathBuf::from);
    let folder = given.clone().unwrap_or_else(|| repository.join("../shared/data"));
    let path = folder.join(name);
    if path.exists() {
        return Found { path, whole: true };
    }
    assert!(given.is_none(), "REGROW_SHARED_DATA names a folder without {name}");
    tell_once(name, sample);
    Found { path: repository.join("tests/data").join(sample), whole: false }
}

/// Past the capture of the test harness: a run on samples must not look like a whole one.
fn tell_once(name: &str, sample: &str) {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if TOLD.lock().unwrap().insert(name.to_owned()) {
        let line = format!("../shared/data/{name} is absent, so tests/data/{sample} is used");
        let _ = writeln!(std::io::stderr(), "real_logs: {line}");
    }
}

/// Compares what readers see with an independent replay by the sql engine: nothing differs. Gives the rows.
fn is_proved_by_the_log(project: &Project, name: &str) -> i64 {
    let report = project.json(&["verify", name, "--against", "log"]);
    assert_eq!((&report["ok"], &report["unexpected"]), (&true.into(), &0.into()), "{report}");
    let tables = report["tables"].as_array().unwrap();
    let rows = tables.iter().map(|table| {
        assert_eq!(table["rows"], table["rows_against"], "{report}");
        table["rows"].as_i64().unwrap()
    });
    let rows = rows.sum();
    println!("{name}: {rows} rows are what the log says");
    rows
}
