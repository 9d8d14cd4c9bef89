//! What a role may not do: all of it at once, and each GRANT is the one that helps.

use postgres::{Client, NoTls};

use super::{heed, look, one, orders, refused, says, severe};
use crate::bad_input::Role;
use crate::bench::{Project, rows};

/// Everything a role has in a database, and all it made there.
fn forget(project: &Project, role: &Role) {
    let sql = format!("REASSIGN OWNED BY {0} TO regrow; DROP OWNED BY {0}", role.name());
    project.events().batch_execute(&sql).unwrap();
}

#[test]
fn a_role_without_rights_is_told_every_grant_it_lacks_and_they_are_enough() {
    let role = Role::new("preflight_poor", "");
    let project = orders("");
    let (url, name) = (role.url(&project), role.name().to_owned());
    let found = look(&project, &["--database-url", &url], 1);
    assert_eq!(
        severe(&found),
        [
            "refused no-usage-on-event-store",
            "refused no-select-on-log",
            "refused no-select-on-sequence",
            "refused no-create-on-database",
            "refused no-rights-on-ledger",
        ]
    );
    let grant = format!("GRANT SELECT ON event_store.events TO {name};");
    assert_eq!(one(&found, "no-select-on-log")["next"], grant.as_str());
    says(one(&found, "hidden-transactions"), &["GRANT pg_read_all_stats TO"]);
    let parts =
        ["may not read the event log", &grant, "GRANT CREATE ON DATABASE", "ON SCHEMA regrow"];
    refused(&project, &["--database-url", &url], 1, &parts);
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), [""; 0]);

    let mut admin = project.events();
    for finding in found.iter().filter(|f| f["severity"] == "refused") {
        heed(&mut admin, finding);
    }
    heed(&mut admin, one(&found, "hidden-transactions"));
    let found = look(&project, &["--database-url", &url], 0);
    assert_eq!(severe(&found), [""; 0], "{found:#?}");
    says(one(&found, "disk"), &["cannot be asked from here"]);
    // They are enough for the whole way.
    project.ok(&["rebuild", "order_summary", "--promote", "--database-url", &url]);
    forget(&project, &role);
}

#[test]
fn some_columns_of_the_log_and_rows_behind_a_policy() {
    let role = Role::new("preflight_part", "");
    let project = orders("");
    let (url, name) = (role.url(&project), role.name().to_owned());
    let mut admin = project.events();
    let rights = format!(
        "GRANT USAGE ON SCHEMA event_store, regrow TO {name}; GRANT ALL ON ALL TABLES IN SCHEMA regrow TO {name};
         GRANT SELECT ON SEQUENCE event_store.events_position_seq TO {name};
         GRANT CREATE ON DATABASE {} TO {name};
         GRANT SELECT (position, stream_id, stream_version, event_type, schema_version, payload)
            ON event_store.events TO {name};",
        project.database.name()
    );
    admin.batch_execute(&rights).unwrap();
    let found = look(&project, &["--database-url", &url], 1);
    assert_eq!(severe(&found), ["refused no-select-on-log"]);
    let log = one(&found, "no-select-on-log");
    let grant = format!("GRANT SELECT (metadata, recorded_at) ON event_store.events TO {name};");
    assert_eq!(log["next"], grant.as_str());
    heed(&mut admin, log);
    assert_eq!(severe(&look(&project, &["--database-url", &url], 0)), [""; 0]);

    admin
        .batch_execute(&format!(
            "ALTER TABLE event_store.events ENABLE ROW LEVEL SECURITY;
             CREATE POLICY the_first ON event_store.events TO {name} USING (position <= 10)"
        ))
        .unwrap();
    let found = look(&project, &["--database-url", &url], 1);
    assert_eq!(severe(&found), ["refused row-security"]);
    heed(&mut admin, one(&found, "row-security"));
    assert_eq!(severe(&look(&project, &["--database-url", &url], 0)), [""; 0]);
    forget(&project, &role);
}

/// A view can be replaced by its owner only, and is read with its owner's rights.
#[test]
fn views_and_their_schema_belong_to_another_role() {
    let role = Role::new("preflight_views", "");
    let project = orders("");
    let (url, name) = (role.url(&project), role.name().to_owned());
    let mut admin = project.events();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let rights = format!(
        "GRANT USAGE ON SCHEMA event_store, regrow TO {name}; GRANT ALL ON ALL TABLES IN SCHEMA regrow TO {name};
         GRANT SELECT ON ALL TABLES IN SCHEMA event_store TO {name};
         GRANT SELECT ON SEQUENCE event_store.events_position_seq TO {name};
         GRANT CREATE ON DATABASE {} TO {name};",
        project.database.name()
    );
    admin.batch_execute(&rights).unwrap();
    let with = ["--database-url", &url];
    let promote = ["--promote", "--database-url", &url];
    let warned = ["warning no-create-in-readers-schema", "warning no-rights-on-views"];
    assert_eq!(severe(&look(&project, &with, 0)), warned, "they stop a promote only");
    let found = look(&project, &promote, 1);
    assert_eq!(
        severe(&found),
        ["refused no-create-in-readers-schema", "refused no-rights-on-views"]
    );
    refused(
        &project,
        &promote,
        1,
        &["read_model.order_summary belongs to regrow", "CREATE ON SCHEMA"],
    );
    heed(&mut admin, one(&found, "no-create-in-readers-schema"));
    let views = one(&found, "no-rights-on-views");
    let alter = format!("ALTER VIEW read_model.order_summary OWNER TO {name};");
    says(views, &[&format!("GRANT regrow TO {name};"), &alter]);
    admin.batch_execute(&alter).unwrap();
    assert_eq!(severe(&look(&project, &promote, 0)), [""; 0]);
    project.ok(&["rebuild", "order_summary", "--promote", "--database-url", &url]);

    // The other way round: who may replace the view makes tables its owner may not read.
    let found = look(&project, &["--promote"], 0);
    assert_eq!(severe(&found), ["warning views-of-another-owner"]);
    let read = |url: &str| {
        let mut reader = Client::connect(url, NoTls).unwrap();
        reader
            .query("SELECT count(*) FROM read_model.order_summary", &[])
            .map(|rows| rows[0].get(0))
    };
    assert_eq!(read(&project.database.url()).ok(), Some(1000_i64));
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let error = read(&project.database.url()).unwrap_err();
    assert_eq!(error.code().unwrap().code(), "42501", "the warning was about nothing");
    heed(&mut admin, one(&found, "views-of-another-owner"));
    assert_eq!(read(&project.database.url()).ok(), Some(1000_i64));
    forget(&project, &role);
}
