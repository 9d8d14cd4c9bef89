//! `regrow test`: given events, expected rows.

use crate::bench::Project;

const SCHEMA: &str = "CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE account (id text PRIMARY KEY, balance numeric NOT NULL, note text, facts jsonb, mood mood);
CREATE TABLE entry (account text, amount integer);
";
const HANDLERS: &str = "-- on Opened
INSERT INTO account (id, balance, note, facts, mood) VALUES (:id, 0, :note?, :facts?::jsonb, 'good');
-- on Booked
UPDATE account SET balance = balance + :amount::numeric WHERE id = :id;
INSERT INTO entry (account, amount) VALUES (:id, :amount::int);
";

fn bank(tests: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    for file in ["V1__events.sql", "V1__events.down.sql"] {
        let path = format!("migrations/event_store/{file}");
        let text =
            std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&path));
        project.write(&path, &text.unwrap());
    }
    project.write("projections/bank/schema/V1__bank.sql", SCHEMA);
    project.write("projections/bank/handlers.sql", HANDLERS);
    for (name, text) in tests {
        project.write(&format!("projections/bank/tests/{name}"), text);
    }
    project
}

const OPENED: &str =
    "[[given]]\ntype = 'Opened'\npayload = { id = 'a', facts = { b = 1, a = [1, 2] } }\n\n";
const BOOKED: &str = "[[given]]\ntype = 'Booked'\npayload = { id = 'a', amount = 5 }\n\n";

#[test]
fn rows_are_what_their_column_says_they_are() {
    let expect = "[[expect.account]]\nid = 'a'\nbalance = '5.00'\nnote = { null = true }\n\
                  facts = { a = [1, 2], b = 1 }\nmood = 'good'\n\n[[expect.entry]]\namount = 5\n";
    let project = bank(&[("booked.toml", &format!("{OPENED}{BOOKED}{expect}"))]);
    assert_eq!(project.ok(&["test"]), "test bank/booked ... ok\n1 test: 1 passed, 0 failed\n");
    let json = project.json(&["test"]);
    // Nothing of it is in the native subset; of the sample's, everything is.
    assert_eq!(json["tests"][0]["engines"], serde_json::json!(["sql"]));
    let of_sample = Project::orders().json(&["test"]);
    assert_eq!(of_sample["tests"][1]["engines"], serde_json::json!(["sql", "native"]));
    assert_eq!((&json["passed"], &json["failed"]), (&1.into(), &0.into()));
}

/// Each way in which a test can be wrong is a failure that says what is wrong.
#[test]
fn what_is_not_as_expected_is_told() {
    let cases = [
        (
            "value",
            "[[expect.account]]\nid = 'a'\nbalance = 6\n",
            r#"account id="a": balance is "5", expected "6""#,
        ),
        (
            "null",
            "[[expect.account]]\nid = 'a'\nnote = ''\n",
            r#"account id="a": note is NULL, expected """#,
        ),
        (
            "missing",
            "[[expect.account]]\nid = 'a'\n[[expect.account]]\nid = 'b'\n",
            r#"account: no row id="b""#,
        ),
        (
            "unexpected",
            "[expect]\nentry = []\n",
            r#"entry: a row that is not expected: account="a" amount="5""#,
        ),
        (
            "count",
            "[[expect.entry]]\namount = 5\n[[expect.entry]]\namount = 5\n",
            r#"entry: no row amount="5""#,
        ),
        (
            "table",
            "[expect]\nacount = []\n",
            "the projection has no table acount; it has account, entry",
        ),
        (
            "column",
            "[[expect.account]]\nid = 'a'\nname = ''\n",
            "account has no column name; it has id, balance",
        ),
        (
            "type",
            "[[expect.account]]\nid = 'a'\nbalance = 'much'\n",
            "account.balance = \"much\": invalid input syntax",
        ),
        (
            "refused",
            "[[refused]]\nevent = 2\ncode = 'field-missing'\n",
            "event 2 does not fail, and field-missing is expected",
        ),
        ("syntax", "[[expect.account]\n", "syntax.toml:9:18: "),
    ];
    let files: Vec<(String, String)> = cases
        .iter()
        .map(|(name, expect, _)| (format!("{name}.toml"), format!("{OPENED}{BOOKED}{expect}")))
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let project = bank(&files);
    let done = project.run(&["test"]);
    assert_eq!(done.code, 10, "{}", done.stderr);
    for (name, _, told) in cases {
        let (_, after) = done.stdout.split_once(&format!("bank/{name} ... FAILED\n")).unwrap();
        let own = after.split("test bank/").next().unwrap();
        assert!(own.contains(told), "{name}: {own}");
    }
    assert!(done.stdout.ends_with("10 tests: 0 passed, 10 failed\n"), "{}", done.stdout);
}

#[test]
fn an_event_that_fails_can_be_expected() {
    let given = format!("{OPENED}[[given]]\ntype = 'Booked'\npayload = {{ id = 'a' }}\n\n");
    let code = |code: &str| format!("{given}[[refused]]\nevent = 2\ncode = '{code}'\n");
    let project = bank(&[
        ("right.toml", &code("field-missing")),
        ("wrong.toml", &code("value-refused")),
        ("silent.toml", &format!("{given}[[expect.account]]\nid = 'a'\n")),
    ]);
    let told = project.run(&["test"]).stdout;
    assert!(told.contains("bank/right ... ok"), "{told}");
    assert!(
        told.contains("event 2 fails with field-missing, and value-refused is expected"),
        "{told}"
    );
    assert!(told.contains("event 2 fails (field-missing)"), "{told}");
}

#[test]
fn what_comes_out_can_be_written() {
    let note = "# what is given stays as it is\n";
    let bad = "[[given]]\ntype = 'Booked'\npayload = '{\"id\": null}'\n\n";
    let project =
        bank(&[("it.toml", &format!("{note}{OPENED}{BOOKED}{bad}[expect]\naccount = []\n"))]);
    assert_eq!(project.run(&["test"]).code, 10);
    assert!(project.ok(&["test", "--update"]).contains("bank/it ... written"));
    let text = project.read("projections/bank/tests/it.toml");
    assert!(text.starts_with(note), "{text}");
    assert!(
        text.contains("[[expect.account]]\nid = \"a\"\nbalance = \"5\"\nnote = { null = true }"),
        "{text}"
    );
    assert!(text.contains("[[refused]]\nevent = 3\n"), "{text}");
    project.ok(&["test"]);
    // There is nothing left to write.
    assert!(project.ok(&["test", "--update"]).contains("bank/it ... ok"));
    assert_eq!(project.read("projections/bank/tests/it.toml"), text);
}

#[test]
fn a_stream_of_the_log_becomes_a_test() {
    let project = bank(&[]);
    project.ok(&["migrate"]);
    let mut client = project.database.connect();
    for (stream, kind, payload) in [
        ("a/1", "Opened", r#"{"id": "a", "note": "it's \"so\" \\ fine", "facts": null}"#),
        ("b", "Opened", r#"{"id": "b"}"#),
        ("a/1", "Booked", r#"{"id": "a", "amount": 7}"#),
        ("a/1", "Unknown", "{}"),
    ] {
        let events = format!(r#"[{{"type": "{kind}", "payload": {payload}}}]"#);
        client
            .execute("SELECT event_store.append($1, NULL, $2::text::jsonb)", &[&stream, &events])
            .unwrap();
    }
    project.ok(&["test", "bank", "--record", "a/1"]);
    let text = project.read("projections/bank/tests/a_1.toml");
    assert_eq!(text.matches("[[given]]").count(), 2, "{text}");
    assert!(text.contains("amount = 7"), "{text}");
    assert_eq!(project.ok(&["test"]), "test bank/a_1 ... ok\n1 test: 1 passed, 0 failed\n");
    let again = project.run(&["test", "bank", "--record", "a/1"]);
    assert!(again.stderr.contains("a_1.toml is there already"), "{}", again.stderr);
    let none = project.run(&["test", "bank", "--record", "c"]);
    assert_eq!(none.code, 2, "{}", none.stderr);
    assert!(none.stderr.contains("has no event that bank reads"), "{}", none.stderr);
}

/// The file is XML whatever stands in a value.
#[test]
fn a_ci_runner_gets_its_report() {
    let odd =
        "[[given]]\ntype = 'Opened'\npayload = { id = '<a>&\"\\u0001' }\n[expect]\naccount = []\n";
    let odd = odd.replace("'<a>&\"\\u0001'", "\"<a>&\\\"\\u0007\"");
    let project = bank(&[
        ("odd.toml", &odd),
        ("ok.toml", &format!("{OPENED}[[expect.account]]\nid = 'a'\n")),
    ]);
    assert_eq!(project.run(&["test", "--junit", "out.xml"]).code, 10);
    let xml = project.read("out.xml");
    assert!(xml.contains(r#"<testsuite name="bank" tests="2" failures="1">"#), "{xml}");
    assert!(xml.contains("&lt;a&gt;&amp;"), "{xml}");
    assert!(xml.chars().all(|c| c == '\n' || !c.is_control()), "{xml}");
    assert_eq!(xml.matches("<testcase").count(), 2);
}

#[test]
fn events_may_lie_beside_the_test() {
    let lines = "{\"stream_id\": \"s\", \"event_type\": \"Opened\", \"payload\": {\"id\": \"a\"}}\n\n\
                 {\"type\": \"Booked\", \"payload\": {\"id\": \"a\", \"amount\": 1}}\n";
    let expect = "events = 'e.ndjson'\n[[expect.account]]\nid = 'a'\nbalance = 1\n";
    let project = bank(&[("t.toml", expect), ("e.ndjson", lines)]);
    project.ok(&["test"]);
    project.write("projections/bank/tests/e.ndjson", "{}\n");
    let told = project.run(&["test"]).stdout;
    assert!(told.contains("tests/e.ndjson:1: missing field"), "{told}");
}

#[test]
fn the_samples_tests_pass_and_nothing_live_is_touched() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let told = project.ok(&["test"]);
    assert!(told.ends_with("3 tests: 3 passed, 0 failed\n"), "{told}");
    let mut client = project.database.connect();
    let there: i64 = client
        .query_one("SELECT count(*) FROM pg_namespace WHERE nspname ~ '__check|regrow_test'", &[])
        .unwrap()
        .get(0);
    assert_eq!(there, 0);
    assert!(bank(&[]).run(&["test"]).stderr.contains("no tests"));
}

/// A test that is not run, or an event that nothing reads, is never a test that passes.
#[test]
fn what_looks_like_a_test_and_is_none_is_refused() {
    let expect = "[[expect.account]]\nid = 'a'\n";
    for stray in ["tests/Paid.TOML", "tests/more/paid.toml", "tests/paid.tml", "tests/paid.yaml"] {
        let project = bank(&[("ok.toml", &format!("{OPENED}{expect}"))]);
        project.write(&format!("projections/bank/{stray}"), OPENED);
        let ran = project.run(&["test"]);
        assert_eq!(ran.code, 1, "{stray}: {}", ran.stdout);
        assert!(ran.stderr.contains("nothing is run there"), "{stray}: {}", ran.stderr);
    }
    let misspelt = "[[given]]\ntype = 'Boked'\npayload = { id = 'a', amount = 5 }\n\n";
    let project = bank(&[("typo.toml", &format!("{OPENED}{misspelt}{expect}"))]);
    let ran = project.run(&["test"]);
    assert_eq!(ran.code, 10, "{}", ran.stdout);
    let told = "event 2: bank reads no event of type \"Boked\"; it reads Booked, Opened";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
}

#[test]
fn each_event_is_tried_with_what_it_changes() {
    let project = Project::orders();
    let path = "projections/order_summary/tests/paid.toml";
    let tried = project.json(&["try", "order_summary", path]);
    let events = tried["events"].as_array().unwrap();
    assert_eq!(events.len(), 4, "{tried}");
    // Version 1 goes through both steps, version 3 through none.
    let steps: Vec<usize> =
        events.iter().map(|event| event["steps"].as_array().unwrap().len()).collect();
    assert_eq!(steps, [0, 2, 0, 0], "{tried}");
    assert_eq!(events[1]["payload"]["price"], "1.50");
    assert_eq!(events[1]["steps"][1]["payload"]["unit_price_cents"], 150, "{tried}");
    let change = &events[1]["changes"][0];
    assert_eq!(change["before"]["total_amount"], "0", "{tried}");
    assert_eq!(change["after"]["total_amount"], "3", "{tried}");
    let text = project.ok(&["try", "order_summary", path]);
    assert!(text.contains(r#"~ order_summary id="order-1": status "pending" -> "paid""#), "{text}");
    assert!(text.contains("migrations/events/OrderItemAdded.toml:"), "{text}");
}

#[test]
fn events_of_the_log_are_tried_by_stream_and_by_type() {
    let project = bank(&[]);
    project.ok(&["migrate"]);
    let mut client = project.database.connect();
    for (stream, kind, payload) in [
        ("a", "Opened", r#"{"id": "a"}"#),
        ("b", "Opened", r#"{"id": "b"}"#),
        ("a", "Booked", r#"{"id": "a", "amount": 7}"#),
        ("a", "Booked", r#"{"id": "a"}"#),
    ] {
        let events = format!(r#"[{{"type": "{kind}", "payload": {payload}}}]"#);
        client
            .execute("SELECT event_store.append($1, NULL, $2::text::jsonb)", &[&stream, &events])
            .unwrap();
    }
    let positions = |args: &[&str]| -> Vec<i64> {
        let ran = project.run(&[&["try", "bank", "--json"], args].concat());
        let tried: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        tried["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["position"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(positions(&[]), [1, 2, 3, 4]);
    assert_eq!(positions(&["--stream", "a", "--events", "2"]), [1, 3]);
    let some = project.run(&["try", "bank", "--events", "2"]);
    assert!(some.stderr.contains("these are the first 2"), "{}", some.stderr);
    assert_eq!(positions(&["--type", "Opened"]), [1, 2]);
    let ran = project.run(&["try", "bank", "--stream", "a"]);
    assert_eq!(ran.code, 10, "{}", ran.stdout);
    assert!(ran.stdout.contains("left out: "), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#"+ entry account="a" amount="7""#), "{}", ran.stdout);
    assert_eq!(project.run(&["try", "bank", "--stream", "c"]).code, 2);
    assert_eq!(project.run(&["try", "bank", "no.toml"]).code, 1);
}

const UPCASTER: &str = "type = 'Priced'\n\n[[step]]\nfrom = 1\nrename = { price = 'amount' }\n\n[[step]]\nfrom = 2\n\
    jq = 'if .amount < 0 then error(\"negative\") elif .lines then .lines[] | {amount: .} else {amount, at: $event.recorded_at} end'\n";
const PRICED: &str =
    "[[given]]\ntype = 'Priced'\nat = 2026-03-01T09:00:00.500Z\npayload = { price = 5 }\n\n";

#[test]
fn upcasters_are_tested_without_a_server() {
    let expect = "[[expect]]\nversion = 3\npayload = '{\"amount\": 5.0, \"at\": \"2026-03-01 09:00:00.5+00\"}'\n";
    let project = bank(&[]);
    project.write("migrations/events/Priced.toml", UPCASTER);
    let test = |name: &str, text: &str| {
        project.write(&format!("migrations/events/tests/{name}.toml"), text);
    };
    test("right", &format!("{PRICED}{expect}"));
    let run = |args: &[&str]| {
        let mut command = project.command(&[&["test", "--upcasters"], args].concat());
        // Nobody listens there.
        command.env("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing");
        crate::bench::Ran::from(command.output().unwrap(), args)
    };
    let done = run(&[]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    let told = "test migrations/events/right ... ok\n1 test: 1 passed, 0 failed\n";
    assert_eq!(done.stdout, told);
    let cases = [
        ("value", expect.replace("5.0", "6"), "event 1: payload.amount is 5, expected 6"),
        ("version", expect.replace("= 3", "= 2"), "event 1: the version is 3, expected 2"),
        (
            "type",
            format!("{expect}type = 'Prized'\n"),
            "event 1: the type is Priced, expected Prized",
        ),
        (
            "number",
            format!("{expect}{expect}"),
            "event 1 becomes one event (Priced version 3), expected 2 events",
        ),
        (
            "dropped",
            "[[dropped]]\n".to_owned(),
            "event 1 becomes one event (Priced version 3), expected no event",
        ),
        (
            "refused",
            "[[refused]]\nevent = 1\ncode = 'upcaster-failed'\n".to_owned(),
            "event 1 does not fail, and upcaster-failed is expected",
        ),
        ("silent", String::new(), "nothing is expected of event 1"),
        (
            "other",
            expect.replace("version", "event = 2\nversion"),
            "of event 2, which is not given",
        ),
        ("syntax", "[[expected]]\n".to_owned(), "unknown field `expected`"),
    ];
    for (name, expect, _) in &cases {
        test(name, &format!("{PRICED}{expect}"));
    }
    test("unknown", &format!("{}{expect}", PRICED.replace("Priced", "Prized")));
    let done = run(&[]);
    assert_eq!(done.code, 10, "{}{}", done.stdout, done.stderr);
    for (name, _, told) in cases {
        let (_, after) =
            done.stdout.split_once(&format!("events/{name} ... FAILED\n")).expect(name);
        let own = after.split("test migrations/").next().unwrap();
        assert!(own.contains(told), "{name}: {own}");
    }
    assert!(
        done.stdout.contains("no upcaster has to do with the type \"Prized\""),
        "{}",
        done.stdout
    );
    let junit = project.folder.path().join("junit.xml");
    run(&["--junit", junit.to_str().unwrap()]);
    let report = std::fs::read_to_string(junit).unwrap();
    let suite = "<testsuite name=\"migrations/events\" tests=\"11\" failures=\"10\">";
    assert!(report.contains(suite), "{report}");
}

#[test]
fn what_comes_of_events_can_be_written() {
    let project = bank(&[]);
    project.write("migrations/events/Priced.toml", UPCASTER);
    let given = format!(
        "# each kind\n{PRICED}[[given]]\ntype = 'Priced'\nversion = 2\npayload = {{ lines = [1, 2], amount = 1 }}\n\n\
         [[given]]\ntype = 'Priced'\nversion = 2\npayload = {{ lines = [], amount = 1 }}\n\n\
         [[given]]\ntype = 'Priced'\nversion = 2\npayload = {{ amount = -1 }}"
    );
    let path = "migrations/events/tests/all.toml";
    project.write(path, &format!("{given}\n\n[[expect]]\npayload = {{}}\n"));
    let told = project.ok(&["test", "--upcasters", "--update"]);
    assert!(told.contains("migrations/events/all ... written"), "{told}");
    let text = project.read(path);
    assert!(text.starts_with(&given), "what is given stays as it is: {text}");
    for part in [
        "[[expect]]\nevent = 1\ntype = \"Priced\"\nversion = 3\n",
        "[[expect]]\nevent = 2\ntype = \"Priced\"\nversion = 3\npayload = '{\"amount\":2}'\n",
        "[[dropped]]\nevent = 3\n",
        "[[refused]]\nevent = 4\ncode = \"upcaster-failed\"\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    project.ok(&["test", "--upcasters"]);
    let again = project.ok(&["test", "--update"]);
    assert!(again.contains("migrations/events/all ... ok"), "{again}");
    assert_eq!(project.read(path), text);
    // A step that is left out is seen.
    project.write("migrations/events/Priced.toml", &UPCASTER.replace("amount, at", "amount, when"));
    assert_eq!(project.run(&["test"]).code, 10);
}

/// What is upcast by short forms is read by both engines; behind a jq filter both go one way.
#[test]
fn a_test_of_upcasters_reads_fields_by_both_engines() {
    let project = bank(&[]);
    project.write("migrations/events/Priced.toml", UPCASTER);
    project.write(
        "migrations/events/Named.toml",
        "type = 'Named'\n[[step]]\nfrom = 1\nrename = { name = 'title' }\ndefault = { lang = 'en' }\n",
    );
    let named = "[[given]]\ntype = 'Named'\npayload = { name = 'Ann', of = { id = 7 } }\n\n\
                 [[expect]]\npayload = { title = 'Ann', of = { id = 7 }, lang = 'en' }\n";
    project.write("migrations/events/tests/a_named.toml", named);
    let priced = "[[expect]]\npayload = '{\"amount\": 5, \"at\": \"2026-03-01 09:00:00.5+00\"}'\n";
    project.write("migrations/events/tests/b_priced.toml", &format!("{PRICED}{priced}"));
    let told = project.json(&["test", "--upcasters"]);
    let of = |nth: usize| (&told["tests"][nth]["engines"], &told["tests"][nth]["passed"]);
    let both = serde_json::json!(["sql", "native"]);
    assert_eq!(
        (of(0), of(1)),
        ((&both, &true.into()), (&serde_json::json!(["sql"]), &true.into()))
    );
}

#[test]
fn the_sample_has_a_test_of_its_upcasters() {
    let told = Project::orders().ok(&["test"]);
    assert!(told.starts_with("test migrations/events/item-added ... ok\n"), "{told}");
}
