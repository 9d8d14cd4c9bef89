//! What the barrier watches: logs of every shape behind which writers lock something else than what
//! config.toml names, with a late writer held open, and the shapes that are refused.

mod fractions;
mod gaps;
mod refused;
mod replaced;
mod shapes;
mod sparse;
mod subscribers;

use postgres::Client;

use crate::bench::{Database, Project, rows};

const COLUMNS: &str = "stream text, ver int, kind text, body jsonb";

/// A project with the projection `seen`, which notes every event by its position, over the table or view
/// `name` of a log that `sql` makes. `more` is added to `[event_store.adopt]`, `config` to the file.
pub(crate) fn noted(
    database: Database,
    sql: &str,
    (name, more): (&str, &str),
    config: &str,
) -> Project {
    let project = Project { database, ..Project::empty() };
    project.events().batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    adopt(&project, name, more, config);
    let table = "CREATE TABLE seen (id bigint PRIMARY KEY, stream text);";
    project.write("projections/seen/schema/V1__seen.sql", table);
    let handler =
        "-- on Noted\nINSERT INTO seen (id, stream) VALUES (:event.position, :event.stream_id);\n";
    project.write("projections/seen/handlers.sql", handler);
    project
}

fn adopt(project: &Project, name: &str, more: &str, config: &str) {
    let text = format!(
        "{config}\n[event_store.adopt]\ntable = '{name}'\nposition = \"seq\"\nstream_id = \"stream\"\n\
         stream_version = \"ver\"\ntype = \"kind\"\npayload = \"body\"\n{more}\n"
    );
    project.write("config.toml", &text);
}

/// Appends an event to a table, with the position that its writer gives or the table's own.
fn put(client: &mut Client, table: &str, position: Option<i64>) {
    let (column, value) = position.map_or_else(Default::default, |p| ("seq, ", format!("{p}, ")));
    let sql = format!(
        "INSERT INTO {table} ({column}stream, ver, kind, body) VALUES ({value}'s', 0, 'Noted', '{{}}')"
    );
    client.batch_execute(&sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
}

/// The positions readers see.
pub(crate) fn seen(project: &Project) -> Vec<String> {
    rows(&mut project.reads(), "SELECT id FROM read_model.seen ORDER BY id")
}

/// The positions of a log.
pub(crate) fn there(project: &Project, name: &str) -> Vec<String> {
    rows(&mut project.events(), &format!("SELECT seq FROM {name} ORDER BY seq"))
}
