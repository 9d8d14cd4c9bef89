//! The events of a row are found by an index, whatever the type of its key.

use postgres::Client;
use serde_json::json;

use crate::bench::{Project, rows};

const LOG: &str = "
CREATE TABLE public.log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream uuid NOT NULL, kind text NOT NULL, body jsonb NOT NULL);
CREATE INDEX log_stream ON public.log (stream);
INSERT INTO public.log (stream, kind, body)
SELECT md5((n % 40)::text)::uuid, 'Seen', jsonb_build_object('uuid', md5((n % 40)::text)::uuid, 'number', n % 40)
  FROM generate_series(1, 400) n;
-- The same values in other forms.
INSERT INTO public.log (stream, kind, body)
SELECT md5('7')::uuid, 'Seen', jsonb_build_object('uuid', '{' || upper(md5('7')) || '}', 'number', '+7');
";

const CONFIG: &str = "[event_store.adopt]\ntable = \"public.log\"\nposition = \"id\"\nstream_id = \"stream\"\n\
                      type = \"kind\"\npayload = \"body\"\n";

/// The plan of the statement by which a trace read its events, where no table may be read whole.
fn plan(client: &mut Client, copy: &str) -> String {
    let query = copy.strip_prefix("COPY (").and_then(|rest| rest.split_once(") TO STDOUT"));
    let (query, _) = query.unwrap_or_else(|| panic!("{copy}"));
    client.batch_execute("SET enable_seqscan = off; SET enable_sort = on").unwrap();
    let lines = client.query(&format!("EXPLAIN (COSTS OFF) {query}"), &[]).unwrap();
    lines.iter().map(|line| line.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_key_of_any_type_is_found_by_indexes_that_the_trace_names() {
    let project = Project::empty();
    project.events().batch_execute(LOG).unwrap();
    project.write("config.toml", CONFIG);
    for (name, ty, from) in [
        ("by_stream", "uuid", ":event.stream_id"),
        ("by_text", "text", ":event.stream_id"),
        ("by_uuid", "uuid", ":uuid"),
        ("by_number", "bigint", ":number"),
    ] {
        let schema = format!("CREATE TABLE {name} (id {ty} PRIMARY KEY, n int NOT NULL);");
        project.write(&format!("projections/{name}/schema/V1__{name}.sql"), &schema);
        let handlers = format!(
            "-- on Seen\nINSERT INTO {name} (id, n) VALUES ({from}, 1) ON CONFLICT (id) DO UPDATE SET n = {name}.n + 1;\n"
        );
        project.write(&format!("projections/{name}/handlers.sql"), &handlers);
    }
    project.ok(&["rebuild", "--all", "--promote"]);
    let mut client = project.events();
    let uuid = rows(&mut client, "SELECT md5('7')::uuid")[0].trim_matches(['(', ')']).to_owned();
    for (name, key, indexes) in [
        ("by_stream", uuid.as_str(), 1),
        ("by_text", uuid.as_str(), 1),
        ("by_uuid", uuid.as_str(), 2),
        ("by_number", "7", 2),
    ] {
        let traced = project.json(&["trace", name, "--key", &format!("id={key}")]);
        assert_eq!(traced["agrees"], json!(true), "{traced}");
        assert_eq!(traced["row"]["n"], json!("11"), "{traced}");
        assert_eq!(traced["events_replayed"], json!(11), "{traced}");
        let named: Vec<&str> = traced["bound_by"]["indexes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|index| index.as_str().unwrap())
            .collect();
        assert_eq!(named.len(), indexes, "{traced}");
        for index in &named {
            client.batch_execute(index).unwrap_or_else(|error| panic!("{index}: {error:?}"));
        }
        client.batch_execute("ANALYZE public.log").unwrap();
        let reading = traced["sql"].as_array().unwrap().iter();
        let reading =
            reading.map(|sql| sql["sql"].as_str().unwrap()).find(|sql| sql.starts_with("COPY"));
        let plan = plan(&mut client, reading.unwrap());
        let by_key = match indexes {
            1 => plan.contains("(stream = '"),
            _ => plan.contains("BitmapOr"),
        };
        assert!(by_key && !plan.contains("Seq Scan"), "{name}:\n{plan}");
    }
    // A text that no stream of that type has is found nowhere, and nothing is read for it.
    let traced = project.json(&["trace", "by_text", "--key", "id=nobody"]);
    assert_eq!(traced["events_read"], json!(0), "{traced}");
    assert_eq!(traced["agrees"], json!(true), "{traced}");
}
