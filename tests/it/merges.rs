//! Upcasters that lead into other types: what `census` says is handled is what a rebuild applies,
//! in both engines, and what a follower applies.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use postgres::Client;

use crate::bench::{Project, rows};

const TYPES: [&str; 5] = ["Asked", "Booked", "Changed", "Done", "Ended"];
const ENGINES: [&str; 2] = ["native", "sql"];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Writes upcasters whose steps lead to any version of later types; gives the latest versions.
fn write_graph(project: &Project, dice: &mut Dice) -> Vec<usize> {
    let steps: Vec<usize> = TYPES.iter().map(|_| dice.roll(4)).collect();
    for (nth, name) in TYPES.iter().enumerate().filter(|(nth, _)| steps[*nth] > 0) {
        let mut text = format!("type = \"{name}\"\n");
        for from in 1..=steps[nth] {
            let later = nth + 1 + dice.roll(2);
            write!(text, "[[step]]\nfrom = {from}\n").unwrap();
            match dice.roll(6) {
                0 => text += "drop = true\n",
                1..4 if later < TYPES.len() => {
                    let to = 1 + dice.roll(steps[later] + 1);
                    write!(text, "type = \"{}\"\nto = {to}\n", TYPES[later]).unwrap();
                }
                _ => text += "jq = '.seen = true'\n",
            }
        }
        project.write(&format!("migrations/events/{name}.toml"), &text);
    }
    steps.into_iter().map(|steps| steps + 1).collect()
}

/// Appends two events of each version of each type.
fn append(client: &mut Client, latest: &[usize]) {
    for (name, latest) in TYPES.iter().zip(latest) {
        for version in 1..=*latest {
            let event = format!(r#"{{"type": "{name}", "schema_version": {version}}}"#);
            let sql = "SELECT event_store.append($1, NULL, $2::text::jsonb)";
            client.execute(sql, &[name, &format!("[{event}, {event}]")]).unwrap();
        }
    }
}

/// Positions of the kinds that `census` says a projection handles.
fn handled(project: &Project, client: &mut Client, projection: &str) -> BTreeSet<i64> {
    let census = project.json(&["census"]);
    let mut positions = BTreeSet::new();
    for kind in census["kinds"].as_array().unwrap() {
        let by = kind["handled_by"].as_array().unwrap();
        if by.iter().any(|name| name == projection) {
            let (name, version) = (kind["type"].as_str().unwrap(), &kind["schema_version"]);
            let version = i32::try_from(version.as_i64().unwrap()).unwrap();
            let sql = "SELECT position FROM event_store.events \
                       WHERE event_type = $1 AND schema_version = $2";
            let found = client.query(sql, &[&name, &version]).unwrap();
            positions.extend(found.iter().map(|row| row.get::<_, i64>(0)));
        }
    }
    positions
}

#[test]
fn what_census_says_is_handled_is_what_a_rebuild_applies() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for round in 0..4 {
        let project = Project::empty();
        project.ok(&["init", "."]);
        let latest = write_graph(&project, &mut dice);
        // The last is what the others become, most of the time.
        let handled_types: Vec<&str> =
            TYPES.into_iter().filter(|name| *name == "Ended" || dice.roll(3) == 0).collect();
        for engine in ENGINES {
            let at = |path: &str| format!("projections/by_{engine}/{path}");
            project.write(
                &at("schema/V1__t.sql"),
                &format!(
                    "CREATE TABLE {engine} (position bigint PRIMARY KEY, type text NOT NULL);"
                ),
            );
            let statement =
                format!("INSERT INTO {engine} VALUES (:event.position, :event.type);\n");
            let handlers: String =
                handled_types.iter().map(|name| format!("-- on {name}\n{statement}")).collect();
            project.write(&at("handlers.sql"), &handlers);
            project.write(&at("projection.toml"), &format!("engine = \"{engine}\"\n"));
        }
        project.ok(&["migrate"]);
        let mut client = project.events();
        append(&mut client, &latest);
        project.ok(&["rebuild", "--all", "--promote"]);
        let check = |client: &mut Client, when: &str| {
            for engine in ENGINES {
                let told = handled(&project, client, &format!("by_{engine}"));
                let sql = format!("SELECT position FROM read_model.{engine}");
                let applied = client.query(&sql, &[]).unwrap();
                let applied: BTreeSet<i64> = applied.iter().map(|row| row.get(0)).collect();
                assert_eq!(told, applied, "round {round}, {engine}, {when}");
                assert!(!applied.is_empty(), "round {round}");
            }
        };
        check(&mut client, "rebuilt");
        append(&mut client, &latest);
        project.ok(&["run", "--until-caught-up"]);
        check(&mut client, "followed");
        let both = "SELECT n.position FROM read_model.native n FULL JOIN read_model.sql s \
                    USING (position, type) WHERE n.type IS NULL OR s.type IS NULL";
        assert!(rows(&mut client, both).is_empty(), "round {round}");
    }
}

/// A merge is part of the definition: an edit of it asks for a rebuild, and the rebuild has it.
#[test]
fn an_edit_of_a_merge_is_a_change_of_the_definition() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    let at = |path: &str| format!("projections/p/{path}");
    project.write(&at("schema/V1__t.sql"), "CREATE TABLE t (id bigint PRIMARY KEY, via text);");
    project
        .write(&at("handlers.sql"), "-- on Placed\nINSERT INTO t VALUES (:event.position, :via);");
    let step = "[[step]]\nfrom = 1\n";
    let placed = format!("type = \"Placed\"\n{step}set = {{ via = \"old\" }}\n");
    project.write("migrations/events/Placed.toml", &placed);
    let web = |via: &str| {
        format!(
            "type = \"WebPlaced\"\n{step}type = \"Placed\"\nto = 2\nset = {{ via = \"{via}\" }}\n"
        )
    };
    project.write("migrations/events/WebPlaced.toml", &web("web"));
    project.ok(&["migrate"]);
    let mut client = project.events();
    let append = "SELECT event_store.append('s', NULL, '[{\"type\": \"WebPlaced\"}, {\"type\": \"Placed\"}]')";
    client.batch_execute(append).unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    let all = "SELECT id, via FROM read_model.t ORDER BY 1";
    assert_eq!(rows(&mut client, all), ["(1,web)", "(2,old)"]);
    assert_eq!(project.run(&["check"]).code, 0);
    project.write("migrations/events/WebPlaced.toml", &web("internet"));
    let ran = project.run(&["check"]);
    assert!(ran.code == 3 && ran.stdout.contains("changed since"), "{}", ran.stdout);
    project.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(rows(&mut client, all), ["(1,internet)", "(2,old)"]);
}

/// A step cannot choose the type by content; who tries is told by every command that looks at types.
#[test]
fn a_type_that_a_step_writes_into_a_payload_is_told() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__t.sql", "CREATE TABLE t (id bigint PRIMARY KEY);");
    project.write(
        "projections/p/handlers.sql",
        "-- on Paid\nINSERT INTO t VALUES (:event.position);\n-- on Changed\nUPDATE t SET id = id;\n",
    );
    project.write(
        "migrations/events/Changed.toml",
        "type = \"Changed\"\n[[step]]\nfrom = 1\njq = 'if .to == 1 then {type: \"Paid\"} else . end'\n",
    );
    project.ok(&["migrate"]);
    let append = "SELECT event_store.append('s', NULL, '[{\"type\": \"Changed\", \"payload\": {\"to\": 1}}]')";
    project.events().batch_execute(append).unwrap();
    let told = "no event of type Paid in the log: migrations/events/Changed.toml:4:";
    for args in [&["rebuild", "p", "--promote"][..], &["check"], &["census"]] {
        let ran = project.run(args);
        let text = format!("{}{}", ran.stdout, ran.stderr);
        assert!(ran.code == 0 && text.contains(told), "{args:?}: {text}");
        assert!(text.contains("let the handler decide"), "{args:?}: {text}");
    }
}
