//! What depends on an order, or on a choice among rows, that a handler does not determine.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bench::Project;

/// Where rows come from (`u`, `w`), and where they go (`o`).
const SCHEMA: &str = "\
CREATE TABLE u (id text PRIMARY KEY, g text NOT NULL, n integer NOT NULL, f double precision, a text, UNIQUE (g, n));
CREATE TABLE w (id text PRIMARY KEY, u_id text NOT NULL, price numeric NOT NULL);
CREATE TABLE o (id text PRIMARY KEY, v text, j jsonb);
";

/// Statements that are refused, and of what.
const REFUSED: [(&str, &str); 24] = [
    (
        "INSERT INTO o SELECT id, (SELECT w.id FROM w WHERE w.u_id = u.id LIMIT 1) FROM u WHERE id = :id;",
        "LIMIT takes some",
    ),
    ("INSERT INTO o SELECT DISTINCT g, id FROM u LIMIT 5;", "LIMIT takes some"),
    (
        "INSERT INTO o VALUES (:id, (SELECT max(n) FROM u GROUP BY g LIMIT 1)::text);",
        "LIMIT takes some",
    ),
    ("INSERT INTO o VALUES (:id, (SELECT id FROM u WHERE g = 'g' LIMIT 1));", "LIMIT takes some"),
    (
        "INSERT INTO o VALUES (:id, (SELECT id FROM u WHERE g = :g FETCH FIRST 1 ROW ONLY));",
        "LIMIT takes some",
    ),
    ("INSERT INTO o SELECT id, g FROM u OFFSET 1 ON CONFLICT (id) DO NOTHING;", "LIMIT takes some"),
    ("DELETE FROM o WHERE id IN (SELECT id FROM o WHERE v = :g LIMIT 5);", "LIMIT takes some"),
    (
        "UPDATE o SET v = (SELECT w.id FROM w JOIN u ON u.id = w.u_id WHERE u.g = :g LIMIT 1) WHERE id = :id;",
        "LIMIT takes some",
    ),
    (
        "WITH s AS (SELECT id FROM u LIMIT 1) UPDATE o SET v = s.id FROM s WHERE o.id = :id;",
        "LIMIT takes some",
    ),
    (
        "INSERT INTO o VALUES (:id, (SELECT count(*) FROM (SELECT g FROM u LIMIT 5) s WHERE g = :g));",
        "LIMIT takes some",
    ),
    (
        "INSERT INTO o SELECT DISTINCT ON (g) g, id FROM u ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
        "DISTINCT ON keeps",
    ),
    (
        "INSERT INTO o SELECT DISTINCT ON (g) g, id FROM u ORDER BY g ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
        "DISTINCT ON keeps",
    ),
    (
        "INSERT INTO o VALUES (:id, (SELECT string_agg(id, ',') FROM u WHERE g = :g));",
        "string_agg depends",
    ),
    (
        "INSERT INTO o SELECT g, string_agg(id, ',') FROM u GROUP BY g ON CONFLICT (id) DO NOTHING;",
        "string_agg depends",
    ),
    (
        "INSERT INTO o VALUES (:id, NULL, (SELECT jsonb_agg(u) FROM u WHERE g = :g));",
        "jsonb_agg depends",
    ),
    ("INSERT INTO o VALUES (:id, (SELECT (array_agg(id))[1] FROM u));", "array_agg depends"),
    (
        "INSERT INTO o VALUES (:id, (SELECT json_object_agg(id, n) FROM u)::text);",
        "json_object_agg depends",
    ),
    (
        "INSERT INTO o VALUES (:id, array_to_string(ARRAY (SELECT id FROM u WHERE g = :g), ','));",
        "ARRAY (SELECT",
    ),
    (
        "INSERT INTO o SELECT id, row_number() OVER ()::text FROM u ON CONFLICT (id) DO NOTHING;",
        "row_number depends",
    ),
    (
        "INSERT INTO o SELECT id, row_number() OVER (PARTITION BY g)::text FROM u ON CONFLICT (id) DO NOTHING;",
        "row_number depends",
    ),
    (
        "INSERT INTO o SELECT id, first_value(id) OVER (PARTITION BY g) FROM u ON CONFLICT (id) DO NOTHING;",
        "first_value depends",
    ),
    ("INSERT INTO o SELECT id, lag(id) OVER () FROM u ON CONFLICT (id) DO NOTHING;", "lag depends"),
    (
        "INSERT INTO o SELECT id || :id FROM u TABLESAMPLE system (10) REPEATABLE (1);",
        "TABLESAMPLE",
    ),
    (
        "INSERT INTO o VALUES (:id, (SELECT u.id FROM u LEFT JOIN w ON w.u_id = u.id WHERE w.id = :id LIMIT 1));",
        "LIMIT takes some",
    ),
];

/// Statements that are told of, and run.
const TOLD: [(&str, &str); 18] = [
    (
        "INSERT INTO o VALUES (:id, (SELECT id FROM (SELECT id, n FROM u WHERE g <> :g) s ORDER BY n LIMIT 1));",
        "ORDER BY leaves rows",
    ),
    (
        "INSERT INTO o VALUES (:id, (SELECT id FROM u WHERE g = :g ORDER BY f LIMIT 1));",
        "ORDER BY leaves rows",
    ),
    (
        "INSERT INTO o VALUES (:id, (SELECT g FROM u GROUP BY g ORDER BY count(*) LIMIT 1));",
        "ORDER BY leaves rows",
    ),
    (
        "INSERT INTO o SELECT DISTINCT ON (g) g, id FROM u ORDER BY g, f ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
        "DISTINCT ON",
    ),
    ("INSERT INTO o VALUES (:id, (SELECT string_agg(id, ',' ORDER BY f) FROM u));", "string_agg"),
    (
        "INSERT INTO o VALUES (:id, (SELECT string_agg(id, ',') FROM (SELECT id FROM u ORDER BY id) s));",
        "string_agg",
    ),
    (
        "INSERT INTO o VALUES (:id, NULL, (SELECT jsonb_object_agg(g, n) FROM u));",
        "keeps the last value",
    ),
    ("INSERT INTO o VALUES (:id, (SELECT sum(f) FROM u)::text);", "rounds floats"),
    (
        "INSERT INTO o SELECT id, row_number() OVER (ORDER BY f)::text FROM u ON CONFLICT (id) DO NOTHING;",
        "row_number",
    ),
    (
        "INSERT INTO o SELECT id, sum(n) OVER (ORDER BY f ROWS UNBOUNDED PRECEDING)::text FROM u ON CONFLICT (id) DO NOTHING;",
        "sum depends",
    ),
    ("UPDATE o SET v = w.id FROM w WHERE w.u_id = o.id AND o.id = :id;", "UPDATE ... FROM"),
    (
        "UPDATE o SET v = w.id FROM u JOIN w ON w.u_id = u.id WHERE u.id = o.id AND o.id = :id;",
        "UPDATE ... FROM",
    ),
    (
        "UPDATE o SET v = i.v FROM jsonb_to_recordset(:items) AS i(id text, v text) WHERE i.id = o.id;",
        "UPDATE ... FROM",
    ),
    ("INSERT INTO o SELECT g, id FROM u ON CONFLICT (id) DO NOTHING;", "ON CONFLICT DO NOTHING"),
    ("INSERT INTO o SELECT g, id FROM u ON CONFLICT DO NOTHING;", "ON CONFLICT DO NOTHING"),
    (
        "INSERT INTO o VALUES (:id, (SELECT id FROM (SELECT g AS id FROM u UNION ALL SELECT id FROM w) s LIMIT 1));",
        "LIMIT takes some",
    ),
    ("DELETE FROM o WHERE ctid > '(0,1)' AND id = :id;", "ctid"),
    (
        "INSERT INTO o SELECT :id, (i.value ->> 'x') FROM jsonb_array_elements(:items) AS i, u ORDER BY i.value ->> 'y' LIMIT 1;",
        "LIMIT takes some",
    ),
];

/// Statements of which nothing is said.
const FINE: [&str; 40] = [
    "INSERT INTO o VALUES (:id, (SELECT string_agg(e.value ->> 'x', ',') FROM o AS p, jsonb_array_elements(p.j) AS e WHERE p.id = :g));",
    "INSERT INTO o VALUES (:id, (SELECT price FROM w WHERE u_id = :g ORDER BY price DESC LIMIT 1)::text);",
    "INSERT INTO o VALUES (:id, (SELECT g FROM u WHERE id = :g LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT id FROM u WHERE g = :g AND n = 3 LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT g FROM u WHERE g = :g LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT id FROM u WHERE g = :g ORDER BY f, id LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT id FROM u WHERE g = :g ORDER BY n DESC LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT f FROM u ORDER BY f LIMIT 1)::text);",
    "INSERT INTO o VALUES (:id, (SELECT max(id) FROM u LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT g FROM u GROUP BY g ORDER BY count(*) DESC, g LIMIT 1));",
    "INSERT INTO o SELECT id, g FROM u ORDER BY g FETCH FIRST 1 ROWS WITH TIES ON CONFLICT (id) DO NOTHING;",
    "INSERT INTO o SELECT :id, 'x' WHERE EXISTS (SELECT FROM u WHERE g = :g LIMIT 1);",
    "INSERT INTO o VALUES (:id, (SELECT count(*) FROM (SELECT 1 FROM u WHERE g = :g LIMIT 9) s)::text);",
    "INSERT INTO o VALUES (:id, (SELECT u.g FROM w JOIN u ON u.id = w.u_id WHERE w.id = :g LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT u.g FROM w LEFT JOIN u ON u.id = w.u_id WHERE w.id = :g LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT g FROM u JOIN w USING (id) WHERE w.id = :g LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT x FROM jsonb_array_elements_text(:items) AS x LIMIT 1));",
    "INSERT INTO o VALUES (:id, (SELECT v FROM o WHERE id = :g ORDER BY v LIMIT NULL));",
    "INSERT INTO o SELECT DISTINCT ON (g) g, id FROM u ORDER BY g, f DESC, id ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
    "INSERT INTO o SELECT DISTINCT ON (g) g, g FROM u ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
    "INSERT INTO o VALUES (:id, (SELECT string_agg(id, ',' ORDER BY id) FROM u WHERE g = :g));",
    "INSERT INTO o VALUES (:id, (SELECT string_agg(a, ',' ORDER BY g, n) FROM u));",
    "INSERT INTO o VALUES (:id, (SELECT string_agg(DISTINCT a, ',') FROM u));",
    "INSERT INTO o VALUES (:id, (SELECT string_agg(x, ',') FROM jsonb_array_elements_text(:items) AS x));",
    "INSERT INTO o VALUES (:id, NULL, (SELECT jsonb_object_agg(id, n) FROM u));",
    "INSERT INTO o VALUES (:id, (SELECT sum(n) FROM u)::text);",
    "INSERT INTO o SELECT g, string_agg(a, ',' ORDER BY n) FROM u GROUP BY g ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
    "INSERT INTO o VALUES (:id, array_to_string(ARRAY (SELECT id FROM u ORDER BY id), ','));",
    "INSERT INTO o VALUES (:id, array_to_string(ARRAY (SELECT jsonb_array_elements_text(:items)), ','));",
    "DELETE FROM o WHERE id = ANY (ARRAY (SELECT id FROM u WHERE g = :g));",
    "INSERT INTO o SELECT id, row_number() OVER (PARTITION BY g ORDER BY n)::text FROM u ON CONFLICT (id) DO NOTHING;",
    "INSERT INTO o SELECT id, rank() OVER (ORDER BY f)::text FROM u ON CONFLICT (id) DO NOTHING;",
    "INSERT INTO o SELECT id, count(*) OVER (PARTITION BY g)::text FROM u ON CONFLICT (id) DO NOTHING;",
    "INSERT INTO o SELECT :id || n, x FROM jsonb_array_elements_text(:items) WITH ORDINALITY AS i(x, n) ORDER BY n LIMIT 3;",
    "UPDATE o SET v = u.g FROM u WHERE u.id = o.v AND o.id = :id;",
    "UPDATE o SET v = s.m FROM (SELECT u_id, max(id) AS m FROM w GROUP BY u_id) s WHERE s.u_id = o.id;",
    "UPDATE o SET v = 'x' FROM w WHERE w.u_id = o.id AND o.id = :id;",
    "WITH s AS (SELECT id, g FROM u WHERE id = :g) UPDATE o SET v = s.g FROM s WHERE o.id = :id;",
    "INSERT INTO o SELECT id, g FROM u ON CONFLICT (id) DO NOTHING;",
    "INSERT INTO o SELECT x FROM jsonb_array_elements_text(:items) AS x ON CONFLICT DO NOTHING;",
];

fn write(project: &Project, name: &str, schema: &str, statement: &str) {
    project.write(&format!("projections/{name}/schema/V1__{name}.sql"), schema);
    project.write(&format!("projections/{name}/handlers.sql"), &format!("-- on E\n{statement}\n"));
    let settings = format!("publish_schema = \"{name}\"\n");
    project.write(&format!("projections/{name}/projection.toml"), &settings);
}

/// What `check` finds of each projection, with how severe it is: notes of engines not among it.
fn found(project: &Project) -> BTreeMap<String, Vec<(String, String)>> {
    let ran = project.run(&["check", "--only", "handlers", "--json"]);
    let value: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for finding in value["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let message = text("message");
        if text("severity") == "note" {
            continue;
        }
        assert!(!text("place").is_empty() && !text("hint").is_empty(), "{finding}");
        found.entry(text("about")).or_default().push((text("severity"), message));
    }
    found
}

#[test]
fn what_no_order_decides_is_refused_or_told() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let lists: [(&str, Vec<&str>); 3] = [
        ("refused", REFUSED.iter().map(|(statement, _)| *statement).collect()),
        ("told", TOLD.iter().map(|(statement, _)| *statement).collect()),
        ("fine", FINE.to_vec()),
    ];
    for (list, statements) in &lists {
        for (n, statement) in statements.iter().enumerate() {
            write(&project, &format!("{list}{n}"), SCHEMA, statement);
        }
    }
    let found = found(&project);
    let mut wrong = Vec::new();
    let mut expect = |name: String, statement: &str, severity: &str, said: &str| {
        let told = found.get(&name).cloned().unwrap_or_default();
        if !matches!(told.as_slice(), [(g, message)] if g == severity && message.contains(said)) {
            wrong.push(format!("{name}: {statement}\n  {severity} {said:?}: {told:?}"));
        }
    };
    for (n, (statement, said)) in REFUSED.iter().enumerate() {
        expect(format!("refused{n}"), statement, "mistake", said);
    }
    for (n, (statement, said)) in TOLD.iter().enumerate() {
        expect(format!("told{n}"), statement, "warning", said);
    }
    for (n, statement) in FINE.iter().enumerate() {
        if let Some(told) = found.get(&format!("fine{n}")) {
            wrong.push(format!("fine{n}: {statement}\n  {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_and_views_behind_a_handler_are_looked_into() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let with = |made: &str| format!("{SCHEMA}{made}\n");
    let any = "SELECT id FROM u WHERE g = x LIMIT 1";
    let trigger = |body: &str| {
        format!(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$; \
             CREATE TRIGGER f BEFORE INSERT ON o FOR EACH ROW EXECUTE FUNCTION f();"
        )
    };
    let plain = "INSERT INTO o VALUES (:id, 'v');";
    let call = "INSERT INTO o VALUES (:id, f(:g));";
    for (name, made, statement, said) in [
        (
            "text",
            format!("CREATE FUNCTION f(x text) RETURNS text LANGUAGE sql AS $$ {any} $$;"),
            call,
            "f: LIMIT",
        ),
        (
            "body",
            format!("CREATE FUNCTION f(x text) RETURNS text LANGUAGE sql RETURN ({any});"),
            call,
            "f: LIMIT",
        ),
        (
            "view",
            "CREATE VIEW v AS SELECT DISTINCT ON (g) g, id FROM u;".into(),
            "INSERT INTO o SELECT g, id FROM v WHERE g = :g ORDER BY g;",
            "v: DISTINCT ON",
        ),
        (
            "limit",
            trigger("NEW.v := (SELECT id FROM u WHERE g = NEW.v LIMIT 1);"),
            plain,
            "LIMIT without ORDER BY",
        ),
        (
            "list",
            trigger("NEW.v := (SELECT string_agg(id, ',') FROM u);"),
            plain,
            "string_agg without ORDER BY",
        ),
    ] {
        write(&project, name, &with(&made), statement);
        let ran = project.run(&["rebuild", name]);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{name}: {}", ran.stderr);
    }
    // Readers may be shown any of several rows, and a PL/pgSQL body that sorts is open.
    for (name, made) in [
        ("shown", "CREATE VIEW v AS SELECT id FROM u LIMIT 1;".to_owned()),
        (
            "sorts",
            trigger(
                "NEW.v := (SELECT string_agg(id, ',' ORDER BY id) FROM (SELECT id FROM u ORDER BY id LIMIT 3) s);",
            ),
        ),
    ] {
        write(&project, name, &with(&made), plain);
        project.ok(&["rebuild", name]);
    }
    // What is told by check is told by the rebuild, which goes on.
    write(&project, "told", SCHEMA, TOLD[1].0);
    let ran = project.run(&["rebuild", "told"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = "warning: projections/told/handlers.sql:2:";
    assert!(
        ran.stderr.contains(said) && ran.stderr.contains("add u.id to the ORDER BY"),
        "{}",
        ran.stderr
    );
}

#[test]
fn events_made_of_one_share_their_envelope() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let upcaster = |jq: &str| format!("type = \"E\"\n[[step]]\nfrom = 1\njq = '{jq}'\n");
    let table = "CREATE TABLE t (position bigint PRIMARY KEY, id text);";
    let both = "CREATE TABLE t (position bigint, i integer, id text, PRIMARY KEY (position, i));";
    let stream = "CREATE TABLE t (s text, v bigint, id text, PRIMARY KEY (s, v));";
    write(
        &project,
        "taken",
        table,
        "INSERT INTO t VALUES (:event.position, :s) ON CONFLICT DO NOTHING;",
    );
    write(
        &project,
        "updated",
        table,
        "INSERT INTO t VALUES (:event.position, :s) ON CONFLICT (position) DO UPDATE SET id = EXCLUDED.id;",
    );
    write(&project, "refused", table, "INSERT INTO t VALUES (:event.position, :s);");
    write(
        &project,
        "stream",
        stream,
        "INSERT INTO t VALUES (:event.stream_id, :event.stream_version, :s) ON CONFLICT DO NOTHING;",
    );
    write(&project, "index", both, "INSERT INTO t VALUES (:event.position, :event.index, :s);");
    write(
        &project,
        "payload",
        both,
        "INSERT INTO t VALUES (:event.position, :n, :s) ON CONFLICT DO NOTHING;",
    );
    write(
        &project,
        "upsert",
        "CREATE TABLE t (s text PRIMARY KEY, n integer);",
        "INSERT INTO t VALUES (:event.stream_id, 1) ON CONFLICT (s) DO UPDATE SET n = t.n + 1;",
    );

    project.write("migrations/events/E.toml", &upcaster(".skus[] as $s | {n: 1, s: $s}"));
    let told = found(&project);
    let names: Vec<&String> = told.keys().collect();
    assert_eq!(names, ["refused", "stream", "taken", "updated"], "{told:#?}");
    for (name, said) in [
        ("taken", "takes the second for the first"),
        ("updated", "takes the second for the first"),
        ("stream", "takes the second for the first"),
        ("refused", "the second is a duplicate"),
    ] {
        let [(severity, message)] = told[name].as_slice() else { panic!("{told:#?}") };
        assert_eq!(severity, "warning");
        assert!(message.contains(said) && message.contains("E 1 -> 2"), "{name}: {message}");
    }
    // An upcaster that gives one event for one takes nothing away.
    project.write("migrations/events/E.toml", &upcaster("{n: 1, s: (.skus | join(\",\"))}"));
    assert_eq!(found(&project), BTreeMap::new());
}

#[test]
fn what_an_upcaster_computes_with_floats_is_told() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let told = |jq: &str, column: &str| {
        project.write(
            "migrations/events/E.toml",
            &format!("type = \"E\"\n[[step]]\nfrom = 1\njq = '{jq}'\n"),
        );
        let schema = format!("CREATE TABLE t (id text PRIMARY KEY, c {column});");
        write(&project, "p", &schema, "INSERT INTO t VALUES (:id, :cents);");
        let checked = project.json(&["check"]);
        let findings = checked["findings"].as_array().unwrap();
        let one = findings.iter().find(|f| f["message"].as_str().unwrap().contains("with floats"));
        one.map(|f| {
            assert_eq!(f["place"], "migrations/events/E.toml:2:1", "{f}");
            assert!(f["hint"].as_str().unwrap().contains("scaled(2)"), "{f}");
            f["severity"].as_str().unwrap().to_owned()
        })
    };
    let money = ".cents = (.price | tonumber * 100 | round) | del(.price)";
    assert_eq!(told(money, "bigint").as_deref(), Some("warning"));
    assert_eq!(told(money, "numeric(12, 2)").as_deref(), Some("warning"));
    assert_eq!(told(money, "double precision"), None);
    assert_eq!(told("{id, cents: (.net * 1.19)}", "numeric").as_deref(), Some("warning"));
    assert_eq!(told(".cents = .cents + 1", "numeric").as_deref(), Some("warning"));
    assert_eq!(told(".cents = .cents + 1", "bigint"), None);
    assert_eq!(told(".other = (.price * 1.5)", "numeric"), None);
    assert_eq!(told(".cents = (.price | scaled(2))", "bigint"), None);
}
