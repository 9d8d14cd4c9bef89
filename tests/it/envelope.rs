//! The types of the envelope's parameters: natural expressions over them give in both engines what
//! PostgreSQL gives for columns of those types.

use postgres::Client;

use crate::bench::{Project, differences, rows};

const ENGINES: [&str; 2] = ["native", "sql"];
/// Where the log begins: above what an `integer` holds.
const FIRST: i64 = 2_147_483_640;

/// Expressions over the envelope as a handler writes them, and the types of their columns. Over the
/// log itself, without the colons, they say what is right.
const EXPRESSIONS: [(&str, &str); 36] = [
    (":event.position % 16", "integer"),
    (":event.position / 1000", "bigint"),
    (":event.position * 1000 + :event.index", "bigint"),
    ("(:event.position % 16)::int", "integer"),
    (":event.position * 1.5", "numeric"),
    (":event.position * 1.5::float8", "double precision"),
    (":event.position", "text"),
    (":event.position", "jsonb"),
    (":event.position || '/' || :event.index", "text"),
    (":event.position > :event.stream_version", "boolean"),
    (":event.position > '5'", "boolean"),
    ("GREATEST(:event.position, 7)", "bigint"),
    ("COALESCE(:event.position, 0)", "bigint"),
    ("to_jsonb(:event.position)", "jsonb"),
    (":event.stream_version + 1", "integer"),
    (":event.stream_version = 0", "boolean"),
    (":event.schema_version + 0.5", "numeric"),
    ("CASE WHEN :event.schema_version = 1 THEN 'one' ELSE 'more' END", "text"),
    ("date_trunc('day', :event.recorded_at)", "timestamptz"),
    (":event.recorded_at - interval '1 day'", "timestamptz"),
    (":event.recorded_at + interval '30 days'", "timestamptz"),
    ("interval '1 hour' + :event.recorded_at", "timestamptz"),
    ("extract(epoch FROM :event.recorded_at)", "numeric"),
    ("date_part('year', :event.recorded_at)", "double precision"),
    ("to_char(:event.recorded_at, 'YYYY-MM')", "text"),
    (":event.recorded_at", "date"),
    (":event.recorded_at::date", "date"),
    (":event.recorded_at::text", "text"),
    (":event.recorded_at > '2026-01-01 12:00:00+02'", "boolean"),
    (":event.recorded_at AT TIME ZONE 'Asia/Bangkok'", "timestamp"),
    ("jsonb_build_object('at', :event.recorded_at, 'by', :event.stream_id)", "jsonb"),
    ("split_part(:event.stream_id, '-', 2)::int", "integer"),
    ("concat(:event.type, '@', :event.stream_id)", "text"),
    ("to_jsonb(:event.type)", "jsonb"),
    (":event.metadata ->> 'who'", "text"),
    ("jsonb_build_object('meta', :event.metadata)", "jsonb"),
];

/// The envelope's words as columns of a row of the log.
fn over_the_log(expression: &str) -> String {
    let columns = [
        (":event.position", "e.position"),
        (":event.stream_version", "e.stream_version::bigint"),
        (":event.schema_version", "e.schema_version"),
        (":event.recorded_at", "e.recorded_at"),
        (":event.stream_id", "e.stream_id"),
        (":event.type", "e.event_type"),
        (":event.metadata", "e.metadata"),
        (":event.index", "0"),
    ];
    columns.iter().fold(expression.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn project_of(handlers: &str, table: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    for engine in ENGINES {
        let at = |path: &str| format!("projections/by_{engine}/{path}");
        project.write(&at("schema/V1__t.sql"), &table.replace("{t}", engine));
        project.write(&at("handlers.sql"), &handlers.replace("{t}", engine));
        project.write(&at("projection.toml"), &format!("engine = \"{engine}\"\n"));
    }
    project.ok(&["migrate"]);
    project
}

fn append(client: &mut Client, events: &str) {
    let sql = "SELECT event_store.append('order-7', NULL, $1::text::jsonb)";
    client.execute(sql, &[&events]).unwrap();
}

#[test]
fn natural_expressions_over_the_envelope_mean_what_they_mean_over_columns() {
    let columns: Vec<String> =
        EXPRESSIONS.iter().enumerate().map(|(n, (_, ty))| format!("x{n} {ty}")).collect();
    let table =
        format!("CREATE TABLE {{t}} (position bigint PRIMARY KEY, {});", columns.join(", "));
    let values: Vec<&str> = EXPRESSIONS.iter().map(|(expression, _)| *expression).collect();
    let all = format!(
        "-- on Noted\nINSERT INTO {{t}} VALUES (:event.position, {});\n",
        values.join(", ")
    );
    let project = project_of(&all, &table);
    let mut client = project.events();
    let restart = format!("ALTER TABLE event_store.events ALTER position RESTART WITH {FIRST}");
    client.batch_execute(&restart).unwrap();
    let event = r#"{"type": "Noted", "metadata": {"who": "ann"}}"#;
    append(&mut client, &format!("[{}]", [event; 20].join(", ")));
    assert_eq!(project.run(&["check"]).code, 0, "{}", project.run(&["check"]).stdout);
    project.ok(&["rebuild", "--all", "--promote"]);
    append(&mut client, &format!("[{event}]"));
    project.ok(&["run", "--until-caught-up"]);
    let right: Vec<String> = EXPRESSIONS
        .iter()
        .enumerate()
        .map(|(n, (expression, ty))| match *ty {
            // What an assignment does and a cast does not.
            "jsonb" => format!("to_jsonb({}) AS x{n}", over_the_log(expression)),
            ty => format!("({})::{ty} AS x{n}", over_the_log(expression)),
        })
        .collect();
    client.batch_execute("SET TimeZone = 'UTC'").unwrap();
    let right = format!("SELECT e.position, {} FROM event_store.events e", right.join(", "));
    for engine in ENGINES {
        let built = format!("SELECT * FROM read_model.{engine}");
        assert_eq!(rows(&mut client, &built).len(), 21, "{engine}");
        assert_eq!(differences(&mut client, &built, &right), [""; 0], "{engine}");
    }
}

/// Each in a statement of its own, since what PostgreSQL cannot guess is declared by statement.
#[test]
fn each_expression_is_typed_by_itself_in_the_native_engine() {
    let folded = [
        (":event.position % 16", "integer", "8"),
        (":event.position / 1000", "bigint", "2147483"),
        (":event.stream_version + 1", "integer", "1"),
        (":event.index + 1", "integer", "1"),
        ("COALESCE(:event.position, 0) - 2147483640", "integer", "0"),
    ];
    let (mut tables, mut handlers) = (String::new(), "-- on Noted\n".to_owned());
    for (nth, (expression, ty, _)) in folded.iter().enumerate() {
        tables += &format!("CREATE TABLE {{t}}{nth} (id text PRIMARY KEY, x {ty});\n");
        handlers += &format!("INSERT INTO {{t}}{nth} VALUES (:id, {expression});\n");
    }
    let project = project_of(&handlers, &tables);
    let mut client = project.events();
    let restart = format!("ALTER TABLE event_store.events ALTER position RESTART WITH {FIRST}");
    client.batch_execute(&restart).unwrap();
    append(&mut client, r#"[{"type": "Noted", "payload": {"id": "a"}}]"#);
    let explained = project.ok(&["rebuild", "--explain", "by_native"]);
    assert!(!explained.contains("in SQL"), "{explained}");
    project.ok(&["rebuild", "--all", "--promote"]);
    for engine in ENGINES {
        for (nth, (expression, _, value)) in folded.iter().enumerate() {
            let built = format!("SELECT * FROM read_model.{engine}{nth}");
            assert_eq!(rows(&mut client, &built), [format!("(a,{value})")], "{expression}");
        }
    }
}

/// The parts of a stored event share its position; position and index are unique.
#[test]
fn parts_of_one_event_have_numbers_from_zero() {
    let project = project_of(
        "-- on LineAdded\nINSERT INTO {t} VALUES (:event.position, :event.index, :sku);\n\
         -- on Noted\nINSERT INTO {t} VALUES (:event.position, :event.index, 'note');\n",
        "CREATE TABLE {t} (position bigint, i int, what text, PRIMARY KEY (position, i));",
    );
    project.write(
        "migrations/events/LineAdded.toml",
        "type = \"LineAdded\"\n[[step]]\nfrom = 1\njq = '.skus[] as $s | {sku: $s}'\n",
    );
    let mut client = project.events();
    let events = r#"[{"type": "LineAdded", "payload": {"skus": ["b", "c", "d"]}}, {"type": "Noted"},
        {"type": "LineAdded", "schema_version": 2, "payload": {"sku": "e"}}]"#;
    append(&mut client, events);
    project.ok(&["rebuild", "--all", "--promote"]);
    for engine in ENGINES {
        assert_eq!(
            rows(&mut client, &format!("SELECT * FROM read_model.{engine} ORDER BY 1, 2")),
            ["(1,0,b)", "(1,1,c)", "(1,2,d)", "(2,0,note)", "(3,0,e)"],
            "{engine}"
        );
    }
}

/// A text is read as the type of what stands beside it, as a quoted literal is.
#[test]
fn a_streams_id_is_what_its_column_is() {
    let id = "00000000-0000-0000-0000-000000000007";
    let project = project_of(
        "-- on Noted\nINSERT INTO {t} VALUES (:event.stream_id, 0) ON CONFLICT (id) DO NOTHING;\n\
         UPDATE {t} SET n = n + 1 WHERE id = :event.stream_id;\n",
        "CREATE TABLE {t} (id uuid PRIMARY KEY, n int NOT NULL);",
    );
    let mut client = project.events();
    let sql =
        "SELECT event_store.append($1, NULL, '[{\"type\": \"Noted\"}, {\"type\": \"Noted\"}]')";
    client.execute(sql, &[&id]).unwrap();
    project.ok(&["rebuild", "--all", "--promote"]);
    for engine in ENGINES {
        let built = format!("SELECT * FROM read_model.{engine}");
        assert_eq!(rows(&mut client, &built), [format!("({id},2)")]);
    }
}

/// Where only another type can stand, `check` says which type it is and what to write.
#[test]
fn a_type_that_cannot_stand_is_a_mistake_with_advice() {
    let project = project_of(
        "-- on Noted\nINSERT INTO {t} VALUES (:id, repeat('x', :event.position));\n",
        "CREATE TABLE {t} (id text PRIMARY KEY, x text);",
    );
    let ran = project.run(&["check", "--only", "handlers"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("handlers.sql:2:"), "{}", ran.stdout);
    assert!(ran.stdout.contains(":event.position is bigint"), "{}", ran.stdout);
    let cast = "-- on Noted\nINSERT INTO native VALUES (:id, repeat('x', :event.position::int));\n";
    project.write("projections/by_native/handlers.sql", cast);
    project.ok(&["check", "by_native", "--only", "handlers"]);
}
