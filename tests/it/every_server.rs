//! What must be the same on every server that is promised, whichever the tests run with: `scripts/versions.sh` runs
//! them on each.

use std::process::Stdio;

use crate::bench::{Project, rows};

/// The demo's log of so many events.
const EVENTS: &str = "20000";

/// The rows of each of the demo's tables, as their text hashed in the order of the text.
const TABLES: [(&str, &str); 3] = [
    ("customer_activity", "9e734e4707a25e34f056483edc4f22f3"),
    ("customer_order", "04d264e23fb32fe876149d5f8f4236c0"),
    ("order_summary", "60b97bb6511befd43781a865bdc326f5"),
];

/// The demo's read models by both engines, and by the native one from payloads as the server stores them: the same
/// text of every row on every server. What it must be is written down above, once for all of them.
#[test]
fn the_demos_read_models_are_the_same_text_everywhere() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let mut log = project.command(&["demo", "--print-log", "--events", EVENTS]);
    let mut log = log.stdout(Stdio::piped()).spawn().unwrap();
    let mut import = project.command(&["import", "-"]);
    let imported = import.stdin(log.stdout.take().unwrap()).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    assert!(log.wait().unwrap().success());

    let mut client = project.events();
    for (engine, cast) in [("sql", false), ("native", false), ("native", true)] {
        if cast {
            client.batch_execute(regrow::log::CREATE_CAST).unwrap();
        }
        for projection in ["customer_activity", "order_summary"] {
            let path = format!("projections/{projection}/projection.toml");
            project.write(&path, &format!("engine = \"{engine}\"\n"));
        }
        project.ok(&["rebuild", "--all", "--promote"]);
        let version = rows(&mut client, "SELECT current_setting('server_version_num')");
        for (table, expect) in TABLES {
            let text = format!(
                "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\")) FROM read_model.{table} AS t"
            );
            let found: String = client.query_one(&text, &[]).unwrap().get(0);
            let with = if cast { " with the cast" } else { "" };
            println!("{table} by {engine}{with} on {}: {found}", version[0]);
            assert_eq!(found, expect, "{table} by {engine}{with} on {}", version[0]);
        }
    }
}
