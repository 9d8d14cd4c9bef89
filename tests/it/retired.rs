//! Identifiers that gave way to words of the field: none of them comes back.

use std::fs;
use std::path::Path;

/// What each is called now stands beside it.
const RETIRED: [(&str, &str); 38] = [
    ("Site", "Context"),
    ("SiteError", "ContextError"),
    ("Desk", "Invocation"),
    ("Complaint", "Error"),
    ("Traveller", "RunningBuild"),
    ("travellers", "running"),
    ("Carrier", "NativeWorker"),
    ("carry_group", "run_group"),
    ("Crew", "Follower"),
    ("muster", "refresh_builds"),
    ("Patience", "Reconnect"),
    ("outlasts", "wait_for_server"),
    ("over_losses", "retry_on_connection_loss"),
    ("dial", "connect"),
    ("dial_role", "connect_role"),
    ("last_stretch", "switch"),
    ("Early", "KeyAccess"),
    ("EarlyKey", "KnownKey"),
    ("EarlyValue", "KnownValue"),
    ("find_near", "find_with_hint"),
    ("Secondary", "ColumnIndex"),
    ("shed", "evict"),
    ("mind_the_budget", "enforce_memory_budget"),
    ("is_lean", "takes_minimal_columns"),
    ("stubborn", "never_fall_back"),
    ("Again", "RereadLog"),
    ("Memories", "LayoutCache"),
    ("memories", "layouts"),
    ("is_trouble", "is_recorded"),
    ("Trouble", "LastError"),
    ("site_notes", "note_dependencies"),
    ("follower_site", "follower_context"),
    ("errand", "command"),
    ("errands", "commands"),
    ("Errand", "Work"),
    ("strikes", "faults"),
    ("papers", "certificates"),
    ("Paper", "Certificate"),
];

#[test]
fn no_retired_identifier_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used = Vec::new();
    for folder in ["src", "tests", "examples", "benches"] {
        look(&root.join(folder), &mut used);
    }
    assert!(used.is_empty(), "{}", used.join("\n"));
}

/// A line of code in which one is used.
#[test]
fn one_that_is_used_is_seen() {
    assert_eq!(retired_in("    let site = Site::open();"), [("Site", "Context")]);
    assert_eq!(retired_in("    // the Site of before"), []);
    assert_eq!(retired_in("    let website = \"Site\";"), []);
}

fn look(folder: &Path, used: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, used);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("it/retired.rs") {
            for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                for (old, new) in retired_in(line) {
                    let place = format!("{}:{}", path.display(), number + 1);
                    used.push(format!("{place}: {old} is {new} now"));
                }
            }
        }
    }
}

/// The retired identifiers of a line, outside its comment and its texts.
fn retired_in(line: &str) -> Vec<(&'static str, &'static str)> {
    let code = line.split("//").next().unwrap_or_default();
    let outside: Vec<&str> = code.split('"').step_by(2).collect();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> =
        outside.iter().flat_map(|text| text.split(|c: char| !is_part(c))).collect();
    RETIRED.iter().copied().filter(|(old, _)| words.contains(old)).collect()
}
