//! Every type of the server as the type of a parameter.

use postgres::Client;
use serde_json::{Value, json};

use super::{append, project};
use crate::bench::rows;

/// A literal of each base type, and what an array has between two elements.
const SAMPLES: &[(&str, &str)] = &[
    ("aclitem", "pg_monitor=r/pg_monitor"),
    ("bit", "1"),
    ("bool", "true"),
    ("box", "(2,2),(1,1)"),
    ("bpchar", "ab  "),
    ("bytea", "\\x00ff"),
    ("char", "x"),
    ("cid", "7"),
    ("cidr", "10.1.0.0/16"),
    ("circle", "<(1,2),3>"),
    ("date", "2026-01-31"),
    ("float4", "1.5"),
    ("float8", "0.1"),
    ("inet", "10.1.2.3/8"),
    ("int2", "7"),
    ("int2vector", "1 2 3"),
    ("int4", "-7"),
    ("int8", "9007199254740993"),
    ("interval", "1 mon -2 days 03:04:05.6"),
    ("json", "{\"a\": [1, null]}"),
    ("jsonb", "{\"a\": [1, null]}"),
    ("jsonpath", "$.a[*] ? (@ > 1)"),
    ("line", "{1,2,3}"),
    ("lseg", "[(1,2),(3,4)]"),
    ("macaddr", "08:00:2b:01:02:03"),
    ("macaddr8", "08:00:2b:01:02:03:04:05"),
    ("money", "1234.50"),
    ("name", "a name"),
    ("numeric", "12345678901234567890.5"),
    ("oid", "26"),
    ("oidvector", "26 27"),
    ("path", "((1,2),(3,4))"),
    ("pg_lsn", "16/B374D848"),
    ("pg_snapshot", "10:20:10,14,15"),
    ("point", "(1.5,2)"),
    ("polygon", "((1,2),(3,4),(5,0))"),
    ("refcursor", "a cursor"),
    ("regclass", "pg_class"),
    ("regcollation", "\"C\""),
    ("regconfig", "simple"),
    ("regdictionary", "simple"),
    ("regnamespace", "pg_catalog"),
    ("regoper", "||/"),
    ("regoperator", "+(integer,integer)"),
    ("regproc", "pg_backend_pid"),
    ("regprocedure", "abs(integer)"),
    ("regrole", "pg_read_all_data"),
    ("regtype", "integer"),
    ("text", "it's \"ก\" {a,b} \\ NULL"),
    ("tid", "(1,2)"),
    ("time", "10:20:30.5"),
    ("timestamp", "2026-01-31 10:20:30.123456"),
    ("timestamptz", "2026-01-31 10:20:30+02"),
    ("timetz", "10:20:30+02"),
    ("tsquery", "'a' & !'b'"),
    ("tsvector", "'a':1 'b':2"),
    ("txid_snapshot", "10:20:10,14,15"),
    ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("varbit", "10101"),
    ("varchar", "it's, (so)"),
    ("xid", "9"),
    ("xid8", "9999999999"),
    ("xml", "<a>1</a>"),
    ("datemultirange", "{[2026-01-01,2026-02-01),[2026-03-01,2026-03-02)}"),
    ("daterange", "[2026-01-01,2026-02-01)"),
    ("int4multirange", "{[1,3),[7,9)}"),
    ("int4range", "[1,5]"),
    ("int8multirange", "{}"),
    ("int8range", "(,5)"),
    ("nummultirange", "{[1.5,2.5]}"),
    ("numrange", "empty"),
    ("tsmultirange", "{[2026-01-01 10:00,2026-01-01 11:00)}"),
    ("tsrange", "[2026-01-01 10:00,)"),
    ("tstzmultirange", "{(,2026-01-01 10:00+02]}"),
    ("tstzrange", "[2026-01-01 10:00+02,2026-01-01 11:00+02)"),
    // Those with a length, of this lineage and of the server.
    ("char(3)", "ab"),
    ("char(3) ", "ABC"),
    ("bit(3)", "101"),
    ("bit varying(5)", "10"),
    ("varchar(3)", "abc"),
    ("varchar(3) ", "abc   "),
    ("numeric(5,2)", "1.005"),
    ("timestamp(0)", "2026-01-31 10:20:30.5"),
    ("time(3)", "10:20:30.123456"),
    ("interval(0)", "1.5 seconds"),
    ("mood", "so so"),
    ("pair", "(1,\"a, b\")"),
    ("pair_of", "(1,)"),
    ("over_pair", "(2,x)"),
    ("over_char", "ab"),
    ("over_list", "{1,2}"),
    ("over_json", "\"7\""),
    ("\"Odd Type[]\"", "b"),
    ("ranges", "[a,b)"),
    ("ranges_multirange", "{[a,b),[c,d)}"),
];

/// Whose input functions take nothing at all.
const WITHOUT_VALUES: [&str; 7] = [
    "gtsvector",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_dependencies",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
];

const OWN: &str = "CREATE TYPE mood AS ENUM ('so so', 'well');\n\
     CREATE TYPE \"Odd Type[]\" AS ENUM ('a', 'b');\n\
     CREATE TYPE pair AS (n int, t text);\n\
     CREATE TYPE pair_of AS (n int, c char(3));\n\
     CREATE DOMAIN over_pair AS pair CHECK ((value).n > 0);\n\
     CREATE DOMAIN over_char AS char(3) NOT NULL;\n\
     CREATE DOMAIN over_list AS int[] CHECK (value[1] = 1);\n\
     CREATE DOMAIN over_json AS jsonb;\n\
     CREATE TYPE ranges AS RANGE (subtype = text, multirange_type_name = ranges_multirange);\n";

fn is_json(name: &str) -> bool {
    matches!(name, "json" | "jsonb" | "over_json")
}

/// Tables, handlers, and an event's payload for each sample.
fn of_all() -> (String, String, Vec<Value>) {
    let (mut schema, mut handlers, mut payloads) = (OWN.to_owned(), String::new(), Vec::new());
    for (n, (name, literal)) in SAMPLES.iter().enumerate() {
        let name = if *name == "char" { "\"char\"" } else { name };
        let (domain, refuses) = (format!("dom{n}"), name.starts_with("over_char"));
        schema.push_str(&format!(
            "CREATE DOMAIN {domain} AS {name};\nCREATE TABLE t{n} (id int PRIMARY KEY, v {name}, l {}[], d {domain}, dl {domain}[]);\n",
            name.trim_end(),
        ));
        handlers.push_str(&format!(
            "-- on Made{n}\nINSERT INTO t{n} VALUES (:id, :v, :l, :d, :dl);\n\n\
             -- on Changed{n}\nUPDATE t{n} SET v = :v, l = :l, d = :d, dl = :dl WHERE id = :id;\n\n"
        ));
        let value =
            if is_json(name) { serde_json::from_str(literal).unwrap() } else { json!(literal) };
        let list = match name {
            // No array of arrays: what the domain is over is one already.
            "over_list" => json!(format!("{{\"{literal}\"}}")),
            _ => json!([value]),
        };
        let full = json!({"v": value, "l": list, "d": value, "dl": list});
        let empty = if refuses {
            full.clone()
        } else {
            json!({"v": null, "l": null, "d": null, "dl": null})
        };
        payloads.extend([full, empty]);
    }
    (schema, handlers, payloads)
}

/// The same rows, written as somebody would write them in psql.
fn plainly(client: &mut Client, schema: &str) {
    let mut script = format!("CREATE SCHEMA plain; SET search_path = plain;\n{schema}");
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    for (n, (name, literal)) in SAMPLES.iter().enumerate() {
        let value = quoted(literal);
        let delimiter_is_no_matter = literal.replace('\\', "\\\\").replace('"', "\\\"");
        let list = quoted(&format!("{{\"{delimiter_is_no_matter}\"}}"));
        let row = format!("{value}, {list}, {value}, {list}");
        let empty =
            if *name == "over_char" { row.clone() } else { "NULL, NULL, NULL, NULL".into() };
        script
            .push_str(&format!("INSERT INTO t{n} VALUES (1, {row}), (2, {empty}), (3, {row});\n"));
    }
    client.batch_execute(&script).unwrap();
}

#[test]
fn every_type_of_the_server_passes_as_its_literal_would() {
    let (schema, handlers, payloads) = of_all();
    let project = project(&schema, &handlers);
    let mut client = project.reads();
    client.batch_execute("SET TimeZone = 'UTC'").unwrap();
    let known: Vec<String> = SAMPLES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(WITHOUT_VALUES.map(String::from))
        .collect();
    let missed = "SELECT typname::text FROM pg_type WHERE typtype IN ('b', 'e', 'r', 'm', 'd') AND typisdefined \
                  AND typnamespace = 'pg_catalog'::regnamespace AND typname <> ALL ($1::text[]) AND \
                  NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = pg_type.oid) ORDER BY 1";
    let missed: Vec<String> =
        client.query(missed, &[&known]).unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(missed, [""; 0], "types without a sample");

    plainly(&mut client, &schema);
    for (n, pair) in payloads.chunks(2).enumerate() {
        let with = |id: i64, payload: &Value| {
            let mut payload = payload.clone();
            payload["id"] = json!(id);
            payload
        };
        append(&project, &format!("Made{n}"), &with(1, &pair[0]));
        append(&project, &format!("Made{n}"), &with(2, &pair[0]));
        append(&project, &format!("Changed{n}"), &with(2, &pair[1]));
        append(&project, &format!("Made{n}"), &with(3, &pair[1]));
        append(&project, &format!("Changed{n}"), &with(3, &pair[0]));
    }
    for engine in ["native", "sql"] {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        let built = project.json(&["rebuild", "p"]);
        let build = built["builds"][0]["build"].as_str().unwrap();
        for (n, (name, _)) in SAMPLES.iter().enumerate() {
            let of = |schema: &str| {
                format!(
                    "SELECT id, v::text, l::text, d::text, dl::text FROM {schema}.t{n} ORDER BY id"
                )
            };
            let (ours, plain) = (rows(&mut client, &of(build)), rows(&mut client, &of("plain")));
            assert_eq!(ours, plain, "{engine}: {name}");
            assert_eq!(ours.len(), 3);
        }
    }
}

/// As an assignment does, and not as a cast, which cuts.
#[test]
fn what_is_too_long_is_refused_and_never_cut() {
    let columns = [
        ("char(3)", "EURO"),
        ("bit(3)", "1010"),
        ("bit(3)", "10"),
        ("varchar(3)", "abcd"),
        ("bit varying(3)", "1010"),
        ("char(3)[]", "{EURO}"),
        ("over_char", "EURO"),
        ("over_char[]", "{EURO}"),
        ("pair_of", "(1,EURO)"),
        ("numeric(3,1)", "100"),
    ];
    let mut schema = OWN.to_owned();
    let mut handlers = String::new();
    for (n, (ty, _)) in columns.iter().enumerate() {
        schema.push_str(&format!("CREATE TABLE t{n} (id int PRIMARY KEY, v {ty});\n"));
        handlers.push_str(&format!("-- on A{n}\nINSERT INTO t{n} VALUES (:id, :v);\n\n"));
    }
    let project = project(&schema, &handlers);
    for (n, (_, value)) in columns.iter().enumerate() {
        append(&project, &format!("A{n}"), &json!({"id": 1, "v": value}));
    }
    append(&project, "A6", &json!({"id": 2, "v": null}));
    for engine in ["native", "sql"] {
        project.write(
            "projections/p/projection.toml",
            &format!("on_error = \"park\"\nengine = \"{engine}\"\n"),
        );
        let built = project.json(&["rebuild", "p"]);
        assert_eq!(built["builds"][0]["parked"], columns.len() + 1, "{built}");
        let build = built["builds"][0]["build"].as_str().unwrap();
        let told = rows(
            &mut project.reads(),
            &format!(
                "SELECT sqlstate, count(*) FROM regrow.parked_events e JOIN regrow.build b ON b.id = e.build_id \
                 WHERE b.schema_name = '{build}' GROUP BY 1 ORDER BY 1"
            ),
        );
        // Too long, another length, out of range; and the domain that takes no NULL.
        assert_eq!(told, ["(22001,7)", "(22003,1)", "(22026,2)", "(23502,1)"]);
    }
}

/// Elements of `json[]` and `jsonb[]` are JSON, not their texts: "7" is no 7.
#[test]
fn arrays_of_json_keep_what_is_in_them() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, j jsonb[])",
        "-- on A\nINSERT INTO p VALUES (:id, :j);\n",
    );
    append(&project, "A", &json!({"id": 1, "j": ["7", 7, {"a": "b\"\\"}, [1, [2]], null, true]}));
    project.ok(&["rebuild", "p", "--promote"]);
    let found =
        rows(&mut project.reads(), "SELECT array_to_json(j)::text AS words FROM read_model.p");
    assert_eq!(found, [r#"("[""7"",7,{""a"": ""b\\""\\\\""},[1, [2]],null,true]")"#]);
}
