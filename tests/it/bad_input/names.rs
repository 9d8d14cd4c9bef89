//! Names of projections and of what they publish.

use super::*;

#[test]
fn a_projection_nobody_knows() {
    let project = migrated();
    let known = "there is no projection nosuch; the project has customer_activity, order_summary";
    for verb in ["rebuild", "check", "resume", "promote", "rollback", "prune"] {
        refused(&project, &[verb, "nosuch"], 2, &[known]);
    }
    refused(&project, &["rebuild", "order_summary", "nosuch"], 2, &[known]);
    let builds = rows(&mut project.reads(), "SELECT id FROM regrow.build");
    assert_eq!(builds, [""; 0], "nothing was begun");
    // One that is gone from the files, but not from the ledger, can still be pruned.
    project.ok(&["rebuild", "order_summary"]);
    std::fs::remove_dir_all(project.folder.path().join("projections/order_summary")).unwrap();
    project.ok(&["prune", "order_summary", "--unfinished"]);
}

#[test]
fn one_name_belongs_to_one_projection() {
    let project = migrated();
    for name in ["one", "two"] {
        project.write(
            &format!("projections/{name}/schema/V1__x.sql"),
            "CREATE TABLE shared (id text PRIMARY KEY);",
        );
        project.write(
            &format!("projections/{name}/handlers.sql"),
            "-- on OrderCreated\nINSERT INTO shared VALUES (:order_id);\n",
        );
    }
    project.ok(&["rebuild", "one"]);
    let said = "shared in schema read_model is already published by the projection one";
    let args = ["rebuild", "two"];
    refused(&project, &args, 1, &[said, "rename the table, or set publish_schema"]);
    let builds = "SELECT schema_name FROM regrow.build WHERE state <> 'dropped'";
    assert_eq!(rows(&mut project.reads(), builds), ["(one__b1)"], "nothing of two was begun");
    project.write("projections/two/projection.toml", "publish_schema = \"read_two\"\n");
    project.ok(&["rebuild", "two", "--promote"]);
    assert_eq!(rows(&mut project.reads(), "SELECT * FROM read_two.shared"), [""; 0]);

    // A relation of the users' own is not taken over.
    project
        .reads()
        .batch_execute("CREATE SCHEMA read_model; CREATE TABLE read_model.shared ()")
        .unwrap();
    let args = ["promote", "one"];
    let ran = project.run(&args);
    says(&ran, &args, 1, &["shared", "exists and is not a view of the projection one"]);
    project.reads().batch_execute("DROP TABLE read_model.shared").unwrap();

    // A projection that is gone gives its names back.
    project.ok(&["prune", "one", "--unfinished"]);
    project.write("projections/two/projection.toml", "");
    project.ok(&["rebuild", "two", "--promote"]);
}

#[test]
fn names_that_are_too_long_or_taken() {
    let project = migrated();
    for (name, reason) in [
        ("a".repeat(49), "it has 49 bytes, and 48 are the most"),
        ("event_store".into(), "regrow uses it itself"),
        ("regrow".into(), "regrow uses it itself"),
    ] {
        let path = format!("projections/{name}/handlers.sql");
        project.write(&path, "-- on X\n");
        let said = format!("the projection {name:?} needs another name: {reason}");
        refused(&project, &["check"], 1, &[&said]);
        std::fs::remove_dir_all(project.folder.path().join(format!("projections/{name}"))).unwrap();
    }
    let long = "s".repeat(64);
    project.write("config.toml", &format!("[read_models]\nschema = \"{long}\"\n"));
    refused(&project, &["status"], 1, &["config.toml: [read_models] schema: ", "63"]);
    assert_eq!(code_of(&project, &["status"]), "name-too-long");
    project.write("config.toml", "");
    let path = format!("projections/{}/handlers.sql", "a".repeat(49));
    project.write(&path, "-- on X\n");
    assert_eq!(code_of(&project, &["status"]), "name-too-long");
}

#[test]
fn a_name_may_be_any_that_postgresql_keeps() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    let name = "select Ünï \u{1F426}";
    project.write(
        &format!("projections/{name}/schema/V1__x.sql"),
        "CREATE TABLE \"order\" (\"user\" text PRIMARY KEY, \"ä \"\"b\" text);",
    );
    project.write(
        &format!("projections/{name}/handlers.sql"),
        "-- on OrderCreated\nINSERT INTO \"order\" VALUES (:order_id, 'x');\n",
    );
    project.ok(&["rebuild", name, "--promote"]);
    let reads = &mut project.reads();
    let found = rows(reads, "SELECT count(*), min(\"ä \"\"b\") FROM read_model.\"order\"");
    assert_eq!(found, ["(1000,x)"]);
    project.ok(&["prune", name, "--unfinished"]);
}
