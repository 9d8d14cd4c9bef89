//! Names that are odd, reserved or just short enough: what we quote is what the server keeps.

use postgres::Client;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use regrow::ident::{Ident, IdentError, MAX_BYTES, quote_ident, quote_literal};

use crate::bench::{Database, Project, rows};

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

fn failed(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// Names of every kind, many of them at the edge of what is kept.
fn name() -> impl Strategy<Value = String> {
    let odd = select(
        &[
            "\"", "'", "\\", " ", "\t", "\n", ".", ";", "--", "/*", "$", "$$", "%", "&", "é", "ü",
            "กข", "😀", "\u{feff}", "\u{202e}", "\u{a0}", "e\u{301}", "A", "a", "_", "0", ":x",
            "?",
        ][..],
    );
    prop_oneof![
        any::<String>(),
        vec(odd, 0..20).prop_map(|parts| parts.concat()),
        (select(&["x", "é", "ก", "😀", "\""][..]), 0_usize..4, 12_usize..66)
            .prop_map(|(letter, ahead, times)| "y".repeat(ahead) + &letter.repeat(times)),
    ]
}

/// The schema, table and column of that name, as the catalog holds them.
fn kept(client: &mut Client, name: &Ident) -> Result<Vec<String>, postgres::Error> {
    let mut transaction = client.transaction()?;
    let quoted = name.quoted();
    transaction.batch_execute(&format!(
        "CREATE SCHEMA {quoted}; CREATE TABLE {} ({quoted} int, CONSTRAINT {quoted} CHECK (true))",
        name.dot(name)
    ))?;
    let found = transaction.query(
        "SELECT unnest(ARRAY[n.nspname, c.relname, a.attname, k.conname]::text[]) \
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = 1 \
         JOIN pg_constraint AS k ON k.conrelid = c.oid \
         WHERE c.oid = $1::text::regclass",
        &[&name.dot(name)],
    )?;
    let found = found.iter().map(|row| row.get(0)).collect();
    transaction.rollback()?;
    Ok(found)
}

/// Whatever is a name to us is the same bytes to the server, and by its own quoting too.
#[test]
fn a_name_is_kept_byte_for_byte_or_refused() {
    let database = Database::on_a_careless_server();
    let client = std::cell::RefCell::new(database.connect());
    let (taken, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let check = |text: String| {
        let name = match Ident::new(text.as_str()) {
            Ok(name) => name,
            Err(error) => {
                refused.set(refused.get() + 1);
                let right = match error {
                    IdentError::Empty => text.is_empty(),
                    IdentError::Nul(_) => text.contains('\0'),
                    IdentError::TooLong { bytes, .. } => bytes == text.len() && bytes > MAX_BYTES,
                };
                prop_assert!(right, "{text:?}");
                return Ok(());
            }
        };
        taken.set(taken.get() + 1);
        let client = &mut *client.borrow_mut();
        // A schema named so is the server's own.
        if text.starts_with("pg_") {
            return Ok(());
        }
        let found = kept(client, &name).map_err(failed)?;
        prop_assert_eq!(found, vec![text.clone(); 4]);
        // Read as the server writes it, and as we do.
        let row = client
            .query_one(
                "SELECT parse_ident($1, true)::text[], parse_ident(quote_ident($2), true)::text[], quote_ident($2)",
                &[&name.quoted(), &text],
            )
            .map_err(failed)?;
        let (ours, theirs, quoted): (Vec<String>, Vec<String>, String) =
            (row.get(0), row.get(1), row.get(2));
        prop_assert_eq!(&ours, &[text.as_str()]);
        prop_assert_eq!(&theirs, &ours);
        prop_assert!(quoted == text || quoted == name.quoted(), "{quoted}");
        Ok(())
    };
    runner(250).run(&name(), check).unwrap();
    let counts = (taken.get(), refused.get());
    assert!(counts.0 > 60 && counts.1 > 10, "{counts:?}");
}

/// Every word the server knows is a name once it is quoted.
#[test]
fn keywords_are_names() {
    let database = Database::on_a_careless_server();
    let mut client = database.connect();
    let words = client.query("SELECT word, catcode = 'R' FROM pg_get_keywords()", &[]).unwrap();
    assert!(words.len() > 400);
    let mut sql = String::from("CREATE SCHEMA words; CREATE TABLE words.list (");
    let mut reserved = 0;
    for row in &words {
        let (word, is_reserved): (String, bool) = (row.get(0), row.get(1));
        reserved += usize::from(is_reserved);
        sql += &format!("{} int, ", quote_ident(&word));
        let upper = Ident::new(word.to_uppercase()).unwrap();
        sql += &format!("{} int, ", upper.quoted());
    }
    client.batch_execute(&format!("{}z int)", sql)).unwrap();
    let found = client
        .query_one("SELECT count(*) FROM pg_attribute WHERE attrelid = 'words.list'::regclass AND attnum > 0", &[])
        .unwrap();
    assert_eq!(usize::try_from(found.get::<_, i64>(0)).unwrap(), words.len() * 2 + 1);
    assert!(reserved > 70, "{reserved}");
}

/// 63 bytes at any edge of a character: what we take is kept, one byte more is refused, and never cut.
#[test]
fn the_longest_name_ends_between_two_characters() {
    let database = Database::on_a_careless_server();
    let mut client = database.connect();
    for letter in ["x", "é", "ก", "😀", "\""] {
        for ahead in 0..4 {
            let most = "y".repeat(ahead) + &letter.repeat((MAX_BYTES - ahead) / letter.len());
            assert_eq!(
                kept(&mut client, &Ident::new(most.as_str()).unwrap()).unwrap(),
                vec![most.clone(); 4]
            );
            let more = most + letter;
            assert!(matches!(Ident::new(more), Err(IdentError::TooLong { .. })));
        }
    }
}

#[test]
fn a_literal_is_the_text_whatever_the_setting() {
    let database = Database::new();
    let client = std::cell::RefCell::new(database.connect());
    let piece = select(
        &[
            "'", "''", "\\", "\\'", "\\\\", "\n", "$$", "E'", "--", "/*", "é", "😀", "\\x41",
            "\\101", "%", "a",
        ][..],
    );
    let text = prop_oneof![any::<String>(), vec(piece, 0..20).prop_map(|pieces| pieces.concat())];
    runner(400)
        .run(&text.prop_filter("no text", |text| !text.contains('\0')), |text| {
            let client = &mut *client.borrow_mut();
            for setting in ["on", "off"] {
                let sql = format!("SELECT {}", quote_literal(&text));
                client
                    .batch_execute(&format!("SET standard_conforming_strings = {setting}"))
                    .map_err(failed)?;
                let messages = client.simple_query(&sql).map_err(failed)?;
                let read = messages.iter().find_map(|message| match message {
                    postgres::SimpleQueryMessage::Row(row) => row.get(0),
                    _ => None,
                });
                prop_assert_eq!(read, Some(text.as_str()), "{}", setting);
            }
            Ok(())
        })
        .unwrap();
}

const PROJECTION: &str = "Größe \"select\" of it's";
const TABLE: &str = "Table; DROP \"x\" -- กข";
const VIEWS: &str = "Read Model's \"views\"";
const STORE: &str = "Store \"é\" user";

/// Quotes, blanks, letters of every kind, capitals and reserved words, from the files to the views.
#[test]
fn odd_names_go_all_the_way_to_the_readers() {
    let project = Project::empty();
    let columns = ["user", "Order By", "dot.ted", "quo\"te", "it's", "ชื่อ", "UPPER", "$x$", "a:b"];
    let quoted: Vec<_> = columns.iter().map(|c| quote_ident(c)).collect();
    project.write(
        "config.toml",
        &format!("[read_models]\nschema = {VIEWS:?}\n[event_store]\nschema = {STORE:?}\n"),
    );
    let store = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations/event_store/V1__events.sql");
    let store = std::fs::read_to_string(store).unwrap();
    let store = store.replace("event_store.", &format!("{}.", quote_ident(STORE)));
    project.write("migrations/event_store/V1__events.sql", &store);
    let table = quote_ident(TABLE);
    let types: Vec<_> = quoted.iter().map(|c| format!("{c} text NOT NULL")).collect();
    let folder = format!("projections/{PROJECTION}");
    project.write(
        &format!("{folder}/schema/V1__tables.sql"),
        &format!(
            "CREATE TABLE {table} (\"Id\" text PRIMARY KEY, \"select\" int NOT NULL, {});\nCREATE INDEX \"Index of \"\"it\"\"\" ON {table} (\"user\", \"Order By\");\n",
            types.join(", ")
        ),
    );
    let values: Vec<_> =
        columns.iter().map(|c| format!(":\"fields\".{}", quote_ident(c))).collect();
    project.write(
        &format!("{folder}/handlers.sql"),
        &format!(
            "-- on \"Order, placed\"\nINSERT INTO {table} (\"Id\", \"select\", {}) VALUES (:\"the id\", 1, {})\nON CONFLICT (\"Id\") DO UPDATE SET \"select\" = {table}.\"select\" + 1;\n",
            quoted.join(", "),
            values.join(", ")
        ),
    );
    project.write(
        &format!("{folder}/checks.sql"),
        &format!("-- odd\nSELECT \"Id\" FROM {table} WHERE \"user\" IS NULL;\n"),
    );
    project.ok(&["migrate"]);
    let fields: serde_json::Map<_, _> =
        columns.iter().map(|c| ((*c).to_owned(), format!("of {c}").into())).collect();
    let payload = serde_json::json!({ "the id": "stream '1\"", "fields": fields });
    let line = |version: i32| {
        serde_json::json!({ "stream_id": "s", "stream_version": version, "type": "Order, placed", "payload": payload }).to_string()
    };
    project.write("events.ndjson", &format!("{}\n{}\n", line(0), line(1)));
    project.ok(&["import", "events.ndjson"]);
    project.ok(&["check"]);
    for engine in ["native", "sql"] {
        project.write(&format!("{folder}/projection.toml"), &format!("engine = {engine:?}\n"));
        // Another engine is no other definition, so something else is.
        project.write(
            &format!("{folder}/schema/V2__{engine}.sql"),
            &format!("COMMENT ON TABLE {table} IS '{engine}';\n"),
        );
        project.ok(&["rebuild", PROJECTION, "--promote"]);
        std::fs::remove_file(
            project.folder.path().join(format!("{folder}/schema/V2__{engine}.sql")),
        )
        .unwrap();
        let view = format!("{}.{table}", quote_ident(VIEWS));
        let found = rows(
            &mut project.reads(),
            &format!("SELECT \"Id\", \"select\", \"Order By\", \"ชื่อ\" FROM {view}"),
        );
        assert_eq!(found, ["(\"stream '1\"\"\",2,\"of Order By\",\"of ชื่อ\")"]);
    }
    let names = project
        .reads()
        .query(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 2 ORDER BY attnum",
            &[&format!("{}.{table}", quote_ident(VIEWS))],
        )
        .unwrap();
    let names: Vec<String> = names.iter().map(|row| row.get(0)).collect();
    assert_eq!(names, columns);
    for args in [&["status"][..], &["export"], &["census"], &["run", "--until-caught-up"]] {
        project.ok(args);
    }
    project.ok(&["rollback", PROJECTION]);
    project.ok(&["prune", PROJECTION, "--keep", "0"]);
}
