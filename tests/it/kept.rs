//! Of retired builds what is kept for a way back is followed, and nothing else: what is not costs nothing,
//! and going back to it says so.

use serde_json::json;

use crate::bench::{Project, differences};

#[test]
fn only_what_is_kept_is_followed() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.write("orders.ndjson", &project.ok(&["demo", "--print-log", "--events", "1000"]));
    project.ok(&["import", "orders.ndjson"]);
    for _ in 0..4 {
        project.ok(&["rebuild", "order_summary", "--promote"]);
    }
    let mut client = project.events();
    // Readers have seen the live one longest.
    let days = "UPDATE regrow.audit SET at = at - interval '3 days' WHERE schema_name = $1 AND to_state = 'live'";
    client.execute(days, &[&"order_summary__b4"]).unwrap();
    let events = json!([{"type": "OrderCreated", "payload":
        {"order_id": "late", "customer_id": "c1", "customer_name": "X"}}]);
    client.query("SELECT event_store.append('late', -1, $1)", &[&events]).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    let stands = |project: &Project| -> Vec<(i64, bool)> {
        let status = project.json(&["status"]);
        let builds = status["builds"].as_array().unwrap().iter();
        builds.map(|b| (b["lag"].as_i64().unwrap(), b["let_go"].as_bool().unwrap())).collect()
    };
    let (fresh, let_go) = ((0, false), (1, true));
    assert_eq!(stands(&project), [let_go, let_go, fresh, fresh]);
    let said = project.ok(&["status"]);
    let line =
        "order_summary__b1: it is not followed, since [rebuild] keep_retired does not keep it";
    assert!(said.contains(line) && !said.contains("order_summary__b3: it is"), "{said}");

    // Another that readers saw for long lately is kept as well, and catches up.
    let week = "UPDATE regrow.audit SET at = at - interval '6 days' WHERE schema_name = $1 AND to_state = 'live'";
    client.execute(week, &[&"order_summary__b1"]).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(stands(&project), [fresh, let_go, fresh, fresh]);

    let back = project.run(&["rollback", "order_summary", "--to", "order_summary__b2"]);
    assert_eq!(back.code, 0, "{}", back.stderr);
    let told =
        "order_summary__b2 was not followed, since [rebuild] keep_retired = 1 does not keep it";
    assert!(back.stderr.contains(told), "{}", back.stderr);
    let table = |build: &str| format!("TABLE order_summary__{build}.order_summary");
    assert_eq!(differences(&mut client, &table("b2"), &table("b4")), Vec::<String>::new());
    let back = project.run(&["rollback", "order_summary"]);
    assert!(back.code == 0 && !back.stderr.contains("was not followed"), "{}", back.stderr);

    // Who keeps nothing follows nothing but what readers see.
    project.write("config.toml", "[rebuild]\nkeep_retired = 0\n");
    let let_go = (0, true);
    assert_eq!(stands(&project), [let_go, let_go, let_go, fresh]);
}
