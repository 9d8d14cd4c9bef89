//! What cannot be adopted, and what is said of it.

use super::{found, store};
use crate::bad_input::code_of;
use crate::bench::Project;

/// Payloads that only the library can read get a sentence before a rebuild begins.
#[test]
fn compressed_payloads_are_named() {
    let project = store("eventsourcing_compressed");
    let table = ["--preset", "eventsourcing", "--table", "public.shop_events"];
    let adopt = [&["adopt"][..], &table].concat();
    assert_eq!(code_of(&project, &adopt), "events-unreadable");
    let ran = project.run(&adopt);
    assert!(ran.stderr.contains("COMPRESSOR_TOPIC"), "{}", ran.stderr);
    assert!(!project.folder.path().join("config.toml").exists());
    // The same with a section that was written by hand.
    project.write(
        "config.toml",
        "[event_store.adopt]\npreset = \"eventsourcing\"\ntable = \"public.shop_events\"\n",
    );
    assert_eq!(code_of(&project, &["rebuild", "shop_orders"]), "events-unreadable");
    let builds: i64 = project
        .reads()
        .query_one(
            "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'shop_orders\\_\\_b%'",
            &[],
        )
        .unwrap()
        .get(0);
    assert_eq!(builds, 0, "nothing was begun");
}

/// Marten can write events with a binary serializer, with `{}` where their JSON would be: adopt tells of them, and none
/// of them passes as an event without fields.
#[test]
fn marten_events_of_a_binary_serializer() {
    let project = store("marten");
    let sql = "INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, bdata, type, mt_dotnet_type)
        SELECT nextval('public.mt_events_sequence'), gen_random_uuid(), stream_id, 1000 + n, '{}',
               CASE n WHEN 1 THEN '\\x0102'::bytea END, CASE n WHEN 1 THEN 'item_added' ELSE 'nobodys' END, 'Shop.X, Shop'
          FROM public.mt_events, generate_series(1, 2) AS n WHERE seq_id = 1 ORDER BY n
        RETURNING seq_id";
    let at: i64 = project.events().query(sql, &[]).unwrap()[0].get(0);
    let ran = project.run(&["adopt", "--preset", "marten"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let says =
        format!("1 event of item_added, the first at position {at}, cannot be read: a binary");
    assert!(ran.stderr.contains(&says), "{}", ran.stderr);
    // A handler that would do with an event without any field.
    project.write(
        "projections/orders/handlers.sql",
        "-- on item_added\nUPDATE orders SET last_note = :note? WHERE order_id = :order_id?;\n",
    );
    let ran = project.run(&["rebuild", "orders"]);
    assert!(ran.code != 0 && ran.stderr.contains("the payload is NULL"), "{}", ran.stderr);
    project.write(
        "config.toml",
        &format!("{}where = \"bdata IS NULL\"\n", project.read("config.toml")),
    );
    project.ok(&["rebuild", "orders"]);
}

/// A table that is not as the preset has it is refused with what differs.
#[test]
fn a_table_that_differs() {
    let project = store("marten");
    let alter = "ALTER TABLE public.mt_events ALTER COLUMN data TYPE text, RENAME COLUMN mt_dotnet_type TO net";
    for statement in alter.split(", RENAME").enumerate() {
        let sql = match statement {
            (0, sql) => sql.to_owned(),
            (_, rest) => format!("ALTER TABLE public.mt_events RENAME{rest}"),
        };
        project.events().batch_execute(&sql).unwrap();
    }
    assert_eq!(found(&project), []);
    let named = ["adopt", "--preset", "marten", "--table", "public.mt_events"];
    let ran = project.run(&named);
    assert_eq!(ran.code, 1);
    for part in ["data is of type text, and not jsonb or json", "it has no column mt_dotnet_type"] {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
    assert_eq!(code_of(&project, &named), "preset-unfit");
    assert_eq!(code_of(&project, &["adopt", "--preset", "marten"]), "preset-unfit");
    let other = ["adopt", "--preset", "emmett", "--table", "public.nosuch"];
    assert_eq!(code_of(&project, &other), "log-missing");
    assert_eq!(code_of(&project, &["adopt", "--preset", "nosuch"]), "adoption-invalid");
}

/// What is said of an order holds only where the INSERT gives the position.
#[test]
fn a_position_without_a_default() {
    let project = store("message_db");
    let sql = "ALTER TABLE message_store.messages ALTER COLUMN global_position DROP DEFAULT";
    project.events().batch_execute(sql).unwrap();
    let ran = project.run(&["adopt", "--preset", "message-db"]);
    let says = "global_position has neither DEFAULT nor identity";
    assert!(ran.code == 1 && ran.stderr.contains(says), "{}", ran.stderr);
}

#[test]
fn two_tables_that_fit() {
    let project = store("eventsourcing_text");
    let sql = "CREATE TABLE public.other_events (LIKE public.kennel_events INCLUDING ALL)";
    project.events().batch_execute(sql).unwrap();
    assert_eq!(found(&project).len(), 2);
    let ran = project.run(&["adopt", "--preset", "eventsourcing"]);
    assert!(ran.stderr.contains("public.kennel_events, public.other_events"), "{}", ran.stderr);
    let wrong = ["adopt", "--preset", "message-db", "--table", "public.kennel_events"];
    let ran = project.run(&wrong);
    assert!(ran.stderr.contains("it fits --preset eventsourcing"), "{}", ran.stderr);
    project.ok(&["adopt", "--preset", "eventsourcing", "--table", "public.kennel_events"]);
}

#[test]
fn an_empty_database_has_nothing() {
    let project = Project::empty();
    assert_eq!(found(&project), []);
    assert!(project.ok(&["adopt"]).contains("no table is recognised"));
}

/// A handler that reads a stream of a log that has none.
#[test]
fn a_log_without_streams() {
    let project = store("eventsourcing_dcb");
    project.ok(&["adopt", "--preset", "eventsourcing-dcb"]);
    let handlers = project.read("projections/courses/handlers.sql");
    project.write(
        "projections/courses/handlers.sql",
        &handlers.replace(":course_id, :capacity", ":event.stream_id, :capacity"),
    );
    let ran = project.run(&["rebuild", "courses"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("handlers.sql:2:44: stream_id of the event is read"),
        "{}",
        ran.stderr
    );
}

/// The same of an upcaster.
#[test]
fn a_log_without_streams_and_an_upcaster() {
    let project = store("eventsourcing_dcb");
    project.ok(&["adopt", "--preset", "eventsourcing-dcb"]);
    let upcaster =
        "type = \"CourseCreated\"\n[[step]]\nfrom = 1\njq = '.course_id = $event.stream_id'\n";
    project.write("migrations/events/CourseCreated.toml", upcaster);
    let ran = project.run(&["rebuild", "courses"]);
    let says = "migrations/events/CourseCreated.toml:4:20: stream_id of the event is read";
    assert!(ran.code == 1 && ran.stderr.contains(says), "{}", ran.stderr);
}

/// Names that would become one stay as the library writes them.
#[test]
fn two_types_with_one_short_name() {
    let project = store("rails_event_store");
    let sql =
        "INSERT INTO public.event_store_events (event_id, event_type, metadata, data, created_at)
               VALUES (gen_random_uuid(), 'Billing::OrderPlaced', '{}', '{}', now())";
    project.events().batch_execute(sql).unwrap();
    let ran = project.run(&["adopt", "--preset", "rails-event-store"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let says = "Billing::OrderPlaced and Shop::OrderPlaced would both be OrderPlaced";
    assert!(ran.stderr.contains(says), "{}", ran.stderr);
    assert!(ran.stdout.contains("type = \"event_type\""), "{}", ran.stdout);
    let types: Vec<String> = project.json(&["census"])["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["type"].as_str().unwrap().to_owned())
        .collect();
    assert!(types.contains(&"Billing::OrderPlaced".to_owned()), "{types:?}");
    // The key `types` gives them names.
    let config = project.read("config.toml");
    let types = "types = { \"Shop::OrderPlaced\" = \"OrderPlaced\", \"Shop::ItemAdded\" = \"ItemAdded\", \
                 \"Shop::OrderShipped\" = \"OrderShipped\" }\n";
    project.write("config.toml", &format!("{config}{types}"));
    project.ok(&["rebuild", "orders", "--promote"]);
}

const WRITERS: &str = "writers = [\"public.log\"]\nsequence = \"public.log_id_seq\"";

/// What a key or a view asks beside the row is another thing at each look: events that were hidden would be passed.
#[test]
fn what_asks_the_clock_or_chance_is_no_log() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    let tables = "CREATE TABLE public.log (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), kind text, body jsonb);
        CREATE VIEW public.settled AS SELECT * FROM public.log WHERE at < now() - interval '3 s';
        CREATE VIEW public.above AS SELECT id, at, kind, body FROM public.settled;
        CREATE VIEW public.mine AS SELECT id, at, coalesce(kind, current_user::text) AS kind, body FROM public.log;
        CREATE VIEW public.plain AS SELECT id, at, kind, body FROM public.log WHERE at > '2020-01-01';";
    project.events().batch_execute(tables).unwrap();
    project.write(
        "projections/seen/schema/V1__seen.sql",
        "CREATE TABLE seen (id bigint PRIMARY KEY);",
    );
    project.write(
        "projections/seen/handlers.sql",
        "-- on Placed\nINSERT INTO seen VALUES (:event.position);\n",
    );
    let section = |table: &str, body: &str, more: &str| {
        project.write(
            "config.toml",
            &format!(
                "[event_store.adopt]\ntable = \"public.{table}\"\nposition = \"id\"\ntype = \"kind\"\npayload = \"{body}\"\n{more}\n"
            ),
        );
    };
    for (table, body, more, said) in [
        ("log", "body", "where = \"at < now() - interval '3 s'\"", "where asks now"),
        ("log", "body", "where = \"at < CURRENT_TIMESTAMP\"", "where asks current_timestamp"),
        ("log", "body", "where = \"at < 'now'\"", "where asks 'now'"),
        (
            "log",
            "body",
            "where = \"at < pg_catalog . clock_timestamp ()\"",
            "where asks clock_timestamp",
        ),
        (
            "log",
            "body",
            "where = \"(SELECT true FROM pg_stat_activity LIMIT 1)\"",
            "where asks pg_stat_activity",
        ),
        ("log", "jsonb_set(body, '{n}', to_jsonb(random()))", "", "payload asks random"),
        (
            "log",
            "body",
            "metadata = \"jsonb_build_object('id', gen_random_uuid())\"",
            "metadata asks gen_random_uuid",
        ),
        ("settled", "body", WRITERS, "the view public.settled asks now"),
        ("above", "body", WRITERS, "the view public.settled asks now"),
        ("mine", "body", WRITERS, "the view public.mine asks current_user"),
    ] {
        section(table, body, more);
        for args in [&["check"][..], &["rebuild", "seen"], &["rebuild", "seen", "--preflight"]] {
            let ran = project.run(args);
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert!(ran.code != 0 && told.contains(said), "{said}, {args:?}: {} {told}", ran.code);
        }
    }
    for (table, body, more) in [
        (
            "log",
            "jsonb_build_object('n', lower(kind), 'at', at::text)",
            "where = \"kind <> 'sold today'\"",
        ),
        ("plain", "body", "where = \"at > '2020-01-01'\""),
    ] {
        section(table, body, more);
        project.ok(&["rebuild", "seen", "--promote"]);
        project.ok(&["retire", "seen"]);
    }
}
