//! One case: a projection, a log, and the way it is replayed. It can be written to a folder and read back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::events::{Event, Maker};
use super::handlers::{self, Habits, Handler};
use super::tables::{self, Table};
use super::upcasters::{self, Upcaster};
use super::values::Mood;
use crate::hazards::Dice;

/// So many cases, one seed after another, have the same tables, which are made once: tables are what costs most.
const FAMILY: u64 = 8;
/// The engines' names in `projection.toml`, and the projection each of them builds.
pub(super) const SIDES: [(&str, &str); 2] = [("s", "sql"), ("n", NATIVE)];
/// The engine under test.
pub(super) const NATIVE: &str = "native";

/// How the log becomes rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Way {
    /// Tables and a pass of the log, and nothing else.
    Quick,
    /// One call for both.
    Together,
    /// A call for each, at another pace.
    Apart,
    /// The real binary.
    Commands,
    /// The real binary, killed and gone on with.
    Killed,
}

/// How the log is replayed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) way: Way,
    /// Events before the rebuild; the others are followed.
    pub(super) head: usize,
    /// Where both builds end.
    pub(super) until: Option<i64>,
    /// Keys of `[rebuild]`, for each side.
    pub(super) paces: [String; 2],
    /// The checkpoints at which a process is killed.
    pub(super) kills: Vec<i64>,
}

/// A case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Case {
    pub(super) seed: u64,
    pub(super) mood: String,
    pub(super) schema: String,
    pub(super) handlers: Vec<Handler>,
    pub(super) upcasters: Vec<Upcaster>,
    pub(super) on_error: String,
    /// The log is a table with `json` payloads.
    pub(super) raw: bool,
    /// The server hands payloads out as it stores them, where they are `jsonb`.
    #[serde(default)]
    pub(super) stored: bool,
    pub(super) events: Vec<Event>,
    pub(super) plan: Plan,
    /// Each table, and what its rows are sorted by.
    pub(super) tables: BTreeMap<String, String>,
}

impl Case {
    pub(super) fn random(seed: u64) -> Case {
        let family = &mut Dice(seed / FAMILY);
        let mood = match family.below(10) {
            0..5 => Mood::Tame,
            5..8 => Mood::Odd,
            _ => Mood::Wild,
        };
        let tables = tables::random(family, mood);
        let dice = &mut Dice(seed);
        let habits = Habits {
            mood,
            outside: if dice.percent(25) { 6 } else { 0 },
            arrows: dice.percent(50),
        };
        let (handlers, shapes) = handlers::random(dice, &tables, habits);
        let chains = upcasters::random(dice, &shapes, mood);
        let raw = dice.percent(25);
        let keys = 2 + if dice.percent(80) { dice.below(5) } else { dice.below(20) };
        let size = match dice.below(10) {
            0..4 => 10 + dice.below(20),
            4..9 => 30 + dice.below(60),
            _ => 90 + dice.below(110),
        };
        let events = Maker { shapes: &shapes, chains: &chains, mood, raw, keys }.log(dice, size);
        let parks = dice.percent(mood.of([10, 40, 75]));
        let by_key = |table: &Table| (table.name.clone(), table.key_list());
        Case {
            seed,
            mood: format!("{mood:?}"),
            schema: tables::schema(&tables),
            handlers,
            upcasters: chains.iter().map(upcasters::Chain::file).collect(),
            on_error: if parks { "park" } else { "stop" }.into(),
            raw,
            plan: plan(dice, &events),
            stored: dice.percent(50),
            events,
            tables: tables.iter().map(by_key).collect(),
        }
    }

    /// Writes the project with both projections; `pace` is that of one of the sides.
    pub(super) fn write(&self, folder: &Path, pace: usize) {
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        self.write_config(folder, pace);
        let _ = fs::remove_dir_all(folder.join("migrations/events"));
        for upcaster in &self.upcasters {
            write(&format!("migrations/events/{}.toml", upcaster.event_type), &upcaster.text);
        }
        for (projection, engine) in SIDES {
            write(&format!("projections/{projection}/schema/V1__tables.sql"), &self.schema);
            write(
                &format!("projections/{projection}/handlers.sql"),
                &handlers::file(&self.handlers),
            );
            let settings = format!(
                "engine = \"{engine}\"\non_error = \"{}\"\npublish_schema = \"of_{projection}\"\n",
                self.on_error
            );
            write(&format!("projections/{projection}/projection.toml"), &settings);
        }
    }

    pub(super) fn write_config(&self, folder: &Path, pace: usize) {
        let log = if self.raw { RAW_LOG } else { "" };
        let text = format!("[rebuild]\n{}{log}", self.plan.paces[pace]);
        fs::write(folder.join("config.toml"), text).unwrap();
    }

    /// Writes all of it, for people and for [`Case::read`].
    pub(super) fn save(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        self.write(folder, 0);
        fs::write(folder.join("case.json"), serde_json::to_string_pretty(self).unwrap()).unwrap();
    }

    pub(super) fn read(folder: &Path) -> Case {
        let text = fs::read_to_string(folder.join("case.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

const RAW_LOG: &str = "\n[event_store.adopt]\ntable = \"public.raw_log\"\nposition = \"position\"\n\
    stream_id = \"stream_id\"\nstream_version = \"stream_version\"\ntype = \"event_type\"\n\
    schema_version = \"schema_version\"\npayload = \"payload\"\nmetadata = \"metadata\"\n\
    recorded_at = \"recorded_at\"\n";

fn plan(dice: &mut Dice, events: &[Event]) -> Plan {
    let way = match dice.below(1000) {
        0..2 => Way::Killed,
        2..6 => Way::Commands,
        6..14 => Way::Apart,
        14..30 => Way::Together,
        _ => Way::Quick,
    };
    let follows = dice.percent(30);
    let until = (!follows && dice.percent(15)).then(|| dice.of(events).position);
    let first = match way {
        // A process killed between many small batches leaves something to go on with.
        Way::Killed => format!("batch_events = {}\n", 1 + dice.below(3)),
        _ => pace(dice),
    };
    let second = if way == Way::Apart || (way == Way::Quick && dice.percent(30)) {
        pace(dice)
    } else {
        first.clone()
    };
    let mut kills: Vec<i64> =
        (0..1 + dice.below(3)).map(|_| dice.of(events).position - 1).collect();
    kills.sort_unstable();
    let head = if follows { dice.below(events.len()) } else { events.len() };
    Plan { way, head, until, paces: [first, second], kills }
}

/// How large batches are and how much memory there is. New keys of `[rebuild]` belong here.
fn pace(dice: &mut Dice) -> String {
    let mut keys = String::new();
    if dice.percent(60) {
        keys.push_str(&format!("batch_events = {}\n", dice.of(&[1, 2, 3, 5, 7, 20, 50])));
    }
    if dice.percent(20) {
        keys.push_str(&format!("range_positions = {}\n", dice.of(&[5, 10, 30, 100])));
    }
    if dice.percent(10) {
        keys.push_str("batch_bytes = 1024\n");
    }
    if dice.percent(50) {
        keys.push_str("checkpoint_interval_s = 0\n");
    }
    if dice.percent(30) {
        keys.push_str(&format!("memory_budget = {}\n", dice.of(&[1, 1_000, 4_000, 20_000])));
    }
    keys
}
