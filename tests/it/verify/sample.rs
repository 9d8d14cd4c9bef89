//! Samples: what is drawn is what the seed says, out of the rows of both builds, and what is said is no more than was seen.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{compared, shop, table};
use crate::bench::{Database, Project};
use crate::hazards::Dice;

/// What a comparison of the keys that a seed draws must find: how many keys there are, rows of either side that have
/// them, rows that differ, and rows of one side only.
const ORACLE: &str = "
SELECT count(*), count(a.id), count(b.id),
       count(*) FILTER (WHERE ROW(a.*)::text <> ROW(b.*)::text AND a.id IS NOT NULL AND b.id IS NOT NULL),
       count(*) FILTER (WHERE b.id IS NULL), count(*) FILTER (WHERE a.id IS NULL)
  FROM (SELECT id FROM (SELECT id FROM order_summary__b2.order_summary UNION SELECT id FROM order_summary__b1.order_summary) u
         ORDER BY hashtextextended(id COLLATE \"C\", $1) LIMIT $2) drawn
  LEFT JOIN order_summary__b2.order_summary a USING (id)
  LEFT JOIN order_summary__b1.order_summary b USING (id)";

#[test]
fn a_sample_says_that_it_is_one() {
    let project = shop(1_000);
    project.ok(&["rebuild", "order_summary"]);
    let count = "SELECT count(*) FROM order_summary__b1.order_summary";
    let rows: i64 = project.reads().query_one(count, &[]).unwrap().get(0);
    let text = project.ok(&["verify", "order_summary", "--sample", "10", "--seed", "7"]);
    let of_table = format!(
        "order_summary: a sample of 10 keys: 10 of {rows} and 10 of {rows} rows compared by (id), no difference among these\n"
    );
    assert!(text.contains(&of_table), "{text}");
    let last = text.lines().last().unwrap();
    let sample = format!("1 table, a sample of 20 of {} rows (--seed 7) compared", 2 * rows);
    assert!(last.starts_with(&sample), "{last}");
    let rest = format!(
        ": no difference in the sample; nothing is known of the other {} rows",
        2 * rows - 20
    );
    assert!(last.ends_with(&rest), "{last}");
    assert!(!text.contains("all the same") && !last.ends_with("no difference"), "{text}");
    // One that holds every row knows of no others, and is a sample all the same.
    let whole = project.ok(&["verify", "order_summary", "--sample", "100000"]);
    assert!(whole.trim_end().ends_with(": no difference in the sample"), "{whole}");
    let (_, report) = compared(&project, &["order_summary", "--sample", "10", "--seed", "7"]);
    assert_eq!(
        report["sample"],
        serde_json::json!({"keys": 10, "seed": 7, "replayed_alone": false})
    );
    let looked_at = serde_json::json!({"keys": 10, "rows": 10, "rows_against": 10});
    assert_eq!(table(&report, "order_summary")["sample"], looked_at);
    assert_eq!(compared(&project, &["order_summary"]).1["sample"], Value::Null);

    for wrong in [
        &["--sample", "0"][..],
        &["--seed", "7"],
        &["--sample", "1000001"],
        &["--sample", "5", "--live"],
    ] {
        let ran = project.run(&[&["verify", "order_summary"], wrong].concat());
        assert_eq!(ran.code, 2, "{wrong:?}: {}{}", ran.stdout, ran.stderr);
    }
}

/// Rows that differ, and rows that only one side has, are found if, and only if, they are drawn; the same seed draws them
/// again, and without one that is printed.
#[test]
fn a_seed_draws_the_same_keys_of_both_builds() {
    let project = shop(2_000);
    project.ok(&["rebuild", "order_summary"]);
    let mut client = project.reads();
    let mut dice = Dice::new("samples");
    let some = |dice: &mut Dice| {
        let (of, rest) = (2 + dice.below(9), dice.below(1_000));
        format!("abs(hashtext(id || '{rest}')) % {of} = 0")
    };
    let (changed, gone, new) = (some(&mut dice), some(&mut dice), some(&mut dice));
    client
        .batch_execute(&format!(
            "UPDATE order_summary__b2.order_summary SET item_count = item_count + 1 WHERE {changed}; \
             DELETE FROM order_summary__b2.order_summary WHERE {gone}; \
             INSERT INTO order_summary__b2.order_summary SELECT id || '+', customer_id, customer_name, status, total_amount, \
                 item_count, created_at FROM order_summary__b1.order_summary WHERE {new}"
        ))
        .unwrap();
    let oracle = client.prepare(ORACLE).unwrap();
    for _ in 0..12 {
        let (keys, seed) = (1 + dice.below(700), u32::try_from(dice.below(1 << 32)).unwrap());
        let (n, s) = (keys.to_string(), seed.to_string());
        let args = ["order_summary", "--sample", &n, "--seed", &s];
        let (code, report) = compared(&project, &args);
        let row =
            client.query_one(&oracle, &[&i64::from(seed), &i64::try_from(keys).unwrap()]).unwrap();
        let expected: Vec<i64> = (0..6).map(|nth| row.get(nth)).collect();
        let found = table(&report, "order_summary");
        let sampled =
            ["keys", "rows", "rows_against"].map(|n| found["sample"][n].as_i64().unwrap());
        let numbers =
            ["changed", "only_in_build", "only_in_against"].map(|n| found[n].as_i64().unwrap());
        assert_eq!([&sampled[..], &numbers].concat(), expected, "{args:?}: {report}");
        assert_eq!(code, if expected[3..].iter().sum::<i64>() > 0 { 10 } else { 0 }, "{args:?}");
    }
    // Every row differs, so the rows that are shown are those that were drawn.
    client
        .batch_execute(
            "UPDATE order_summary__b2.order_summary SET customer_name = customer_name || '!'",
        )
        .unwrap();
    let drawn = |more: &[&str]| {
        let args = [&["order_summary", "--sample", "20", "--samples", "20"], more].concat();
        let (_, report) = compared(&project, &args);
        let samples = table(&report, "order_summary")["samples"].as_array().unwrap().clone();
        let keys: BTreeSet<String> =
            samples.iter().map(|sample| sample["key"].to_string()).collect();
        assert_eq!(keys.len(), 20, "{report}");
        (report["sample"]["seed"].to_string(), keys)
    };
    let (seed, keys) = drawn(&[]);
    assert_eq!(drawn(&["--seed", &seed]), (seed, keys));
    assert_ne!(drawn(&["--seed", "1"]).1, drawn(&["--seed", "2"]).1);
}

/// Where nothing tells rows apart, nothing can be drawn that would be found again: every row is compared.
#[test]
fn a_table_without_a_key_is_compared_whole() {
    let project = Project::on(Database::on_a_careless_server());
    project.ok(&["init", "."]);
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE keyless (v text); CREATE TABLE keyed (a int, b text COLLATE \"C\", v text, PRIMARY KEY (b, a)); \
         CREATE TABLE bare (id int PRIMARY KEY);",
    );
    project.write("projections/p/handlers.sql", "-- on Happened\nINSERT INTO keyless VALUES (:v);");
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "p", "--promote"]);
    project.ok(&["rebuild", "p"]);
    let mut client = project.reads();
    for build in ["p__b1", "p__b2"] {
        let rows = "INSERT INTO {b}.keyless SELECT n % 7 FROM generate_series(1, 500) n; \
                    INSERT INTO {b}.keyed SELECT n % 20, 'k' || n / 20, 'v' FROM generate_series(1, 500) n";
        client.batch_execute(&rows.replace("{b}", build)).unwrap();
    }
    client
        .batch_execute(
            "UPDATE p__b2.keyless SET v = 'x' WHERE ctid = (SELECT max(ctid) FROM p__b2.keyless)",
        )
        .unwrap();
    let (code, report) = compared(&project, &["p", "--sample", "5"]);
    assert_eq!(code, 10, "{report}");
    let keyless = table(&report, "keyless");
    assert_eq!((&keyless["sample"], &keyless["key"]), (&Value::Null, &Value::Null), "{report}");
    assert_eq!(keyless["only_in_build"], 1, "{report}");
    assert_eq!(table(&report, "keyed")["sample"]["keys"], 5, "{report}");
    let text = project.run(&["verify", "p", "--sample", "5"]).stdout;
    assert!(
        text.contains("keyless: 500 and 500 rows compared whole and as a multiset, since it has no key that both have"),
        "{text}"
    );
    assert!(
        text.contains("keyed: a sample of 5 keys: 5 of 500 and 5 of 500 rows compared by (b, a)"),
        "{text}"
    );
    assert!(text.contains("bare: a sample of 0 keys: 0 of 0 and 0 of 0 rows"), "{text}");
    assert!(text.contains("a sample of 1,010 of 2,000 rows"), "{text}");
}

/// A rebuild that promotes by a sample says that it did, and remembers it.
#[cfg(feature = "failpoints")]
#[test]
fn a_rebuild_may_be_promoted_by_a_sample() {
    let project = shop(1_000);
    let handlers = project.read("projections/order_summary/handlers.sql");
    let promote = ["rebuild", "order_summary", "--promote", "--verify=sample"];
    let mut killed = project.command(&promote);
    killed.env("FAILPOINTS", "finish::record::before=1*return(kill)");
    assert_eq!(killed.output().unwrap().status.code(), None);
    let ready = project.run(&["resume", "order_summary"]);
    let next = "next: regrow verify order_summary --sample 10000, and if it holds regrow promote order_summary";
    assert!(ready.stderr.contains(next), "{}", ready.stderr);
    let ran = project.run(&promote);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("order_summary: a sample of ") && ran.stdout.contains("in the sample"),
        "{}",
        ran.stdout
    );

    project.write(
        "projections/order_summary/handlers.sql",
        &handlers.replace("status = 'paid'", "status = 'payed'"),
    );
    let ran = project.run(&promote);
    assert_eq!(ran.code, 10, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("status differs in"), "{}", ran.stdout);
    assert!(ran.stderr.contains("was not promoted"), "{}", ran.stderr);
}
