//! Numbers and moments as .NET, Go and Java write them.

use serde_json::json;

use super::{append, project};
use crate::bench::rows;
use crate::hazards::Dice;

/// Seven to nine digits behind the point, rounded as PostgreSQL rounds them, in memory.
#[test]
fn finer_moments_are_rounded_as_postgresql_does_and_stay_native() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, said text, v timestamptz, w timestamp)",
        "-- on A\nINSERT INTO p VALUES (:id, :v::text, :v, :v);\n",
    );
    project.write("projections/p/projection.toml", "engine = \"native\"\n");
    let mut dice = Dice(11);
    let append = |id: usize, fraction: &str| {
        let said = format!("2026-12-31T23:59:59.{fraction}Z");
        append(&project, "A", &json!({"id": id, "v": said}));
    };
    for (id, fraction) in
        (0..).zip(["9999999", "999999999", "0000005", "0000015", "123456500", "1234565"])
    {
        append(id, fraction);
    }
    for id in 10..400 {
        let digits = 7 + dice.below(3);
        let mut fraction: String =
            (0..digits).map(|_| char::from(b'0' + dice.below(10) as u8)).collect();
        if dice.percent(40) {
            // The halves are what rounds one way or the other.
            fraction.replace_range(6.., &format!("5{}", &"00"[..digits - 7]));
        }
        append(id, &fraction);
    }
    let built = project.json(&["rebuild", "p", "--promote"]);
    assert_eq!(built["builds"][0]["native_handlers"], 396, "{built}");
    let mut reads = project.reads();
    reads.batch_execute("SET TimeZone = 'UTC'").unwrap();
    let wrong =
        "SELECT said, v, w FROM read_model.p WHERE v <> said::timestamptz OR w <> said::timestamp";
    assert_eq!(rows(&mut reads, wrong), [""; 0]);
    assert_eq!(rows(&mut reads, "SELECT count(*) FROM read_model.p"), ["(396)"]);
}

/// What leaves the native engine because of its values is told with the result.
#[test]
fn what_left_the_native_engine_is_counted_with_its_reason() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, at timestamptz, n smallint)",
        "-- on A\nINSERT INTO p VALUES (:id, :at, :n::int);\n",
    );
    project.write("projections/p/projection.toml", "engine = \"native\"\non_error = \"park\"\n");
    for id in 0..20 {
        let at = if id % 5 == 0 { "1 Jan 2026 10:00" } else { "2026-01-01 10:00:00" };
        append(&project, "A", &json!({"id": id, "at": at, "n": if id == 7 { 70_000 } else { 7 }}));
    }
    let built = &project.json(&["rebuild", "p", "--promote"])["builds"][0];
    assert_eq!(
        (&built["events_unread"], &built["events_declined"]),
        (&json!(4), &json!(1)),
        "{built}"
    );
    assert_eq!((&built["native_handlers"], &built["parked"]), (&json!(15), &json!(1)), "{built}");
    let told = project.ok(&["rebuild", "p"]);
    let why = "(4 events with a value that the native engine does not read, 1 event of which it was not certain";
    assert!(told.contains(why), "{told}");
}

#[test]
fn a_number_of_the_wrong_form_names_its_field() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, v bigint)",
        "-- on A\nINSERT INTO p VALUES (:id, :v);\n",
    );
    append(&project, "A", &json!({"id": 1, "v": "42.0"}));
    for engine in ["auto", "sql"] {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        let ran = project.run(&["rebuild", "p"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stderr.contains(":v (bigint): invalid input syntax"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("42.0"), "{}", ran.stderr);
    }
}
