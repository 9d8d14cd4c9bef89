//! Files of a project: missing, broken, linked, not text, edited.

use std::os::unix::fs::symlink;

use super::*;

#[test]
fn what_is_not_there() {
    let project = migrated();
    refused(&project, &["import", "nosuch.ndjson"], 1, &["nosuch.ndjson cannot be read: No such"]);
    refused(&project, &["import", "migrations"], 1, &["migrations is a folder"]);
    refused(&project, &["export", "no/such/file"], 1, &["no/such/file cannot be written: No such"]);
    refused(&project, &["-C", "nowhere", "status"], 1, &["nowhere cannot be read: No such"]);
    let empty = Project::empty();
    refused(&empty, &["status"], 1, &["is not a regrow project", "regrow init DIR"]);
    std::fs::remove_file(project.folder.path().join(HANDLERS)).unwrap();
    refused(&project, &["check"], 1, &["projections/order_summary has no handlers.sql"]);
}

#[test]
fn broken_toml_has_a_place() {
    const STEP: &str = "type = \"OrderItemAdded\"\n[[step]]\nfrom = 1\n";
    let project = migrated();
    for (path, text, place) in [
        ("config.toml", "[rebuild\n".to_owned(), "config.toml:1:9: unclosed table"),
        ("config.toml", "[follow]\n  pol_ms = 1".into(), "config.toml:2:3: unknown field `pol_ms`"),
        (
            "config.toml",
            "[rebuild]\nbatch_events = \"x\"".into(),
            "config.toml:2:16: invalid type: string \"x\", expected a whole number",
        ),
        (
            "projections/order_summary/projection.toml",
            "on_error = \"sleep\"".into(),
            "projections/order_summary/projection.toml:1:12: unknown variant `sleep`",
        ),
        (
            "projections/order_summary/projection.toml",
            "\non_error \"park\"".into(),
            "projections/order_summary/projection.toml:2:",
        ),
    ] {
        project.write(path, &text);
        for verb in [&["check"][..], &["rebuild", "order_summary"], &["status"]] {
            refused(&project, verb, 1, &[place]);
        }
        std::fs::remove_file(project.folder.path().join(path)).unwrap();
    }
    let path = "migrations/events/OrderItemAdded.toml";
    for (text, place) in [
        ("type = \"OrderItemAdded\"\n[[step]\n".to_owned(), "OrderItemAdded.toml:2:8: unclosed"),
        (format!("{STEP}renam = {{}}\n"), "OrderItemAdded.toml:4:1: unknown key \"renam\""),
        (format!("{STEP}jq = '.a | |'\n"), "OrderItemAdded.toml:4:12: jq syntax"),
    ] {
        project.write(path, &text);
        let found = findings(&project);
        assert_eq!(found.len(), 1, "told once for both projections: {found:?}");
        assert!(found[0].contains(place), "{found:?}");
        refused(&project, &["rebuild", "order_summary"], 1, &[place]);
    }
}

#[test]
fn a_link_that_leads_out_of_the_project_is_not_followed() {
    let project = migrated();
    let outside = tempfile::TempDir::new().unwrap();
    let secret = outside.path().join("handlers.sql");
    std::fs::write(&secret, format!("-- on {CANARY}\n")).unwrap();
    let folder = project.folder.path().join("projections/linked");
    symlink(outside.path(), &folder).unwrap();
    let args = ["check"];
    let said = "projections/linked leads out of the project";
    refused(&project, &args, 1, &[said]);
    std::fs::remove_file(&folder).unwrap();
    let target = project.folder.path().join("migrations/event_store/V2__x.sql");
    symlink(&secret, &target).unwrap();
    for args in [&["migrate"][..], &["status"]] {
        let said = "migrations/event_store/V2__x.sql leads out of the project";
        refused(&project, args, 1, &[said]);
    }
    std::fs::remove_file(&target).unwrap();
    // Inside, a link is as good as a file.
    std::fs::rename(project.folder.path().join(HANDLERS), project.folder.path().join("h.sql"))
        .unwrap();
    symlink("../../h.sql", project.folder.path().join(HANDLERS)).unwrap();
    project.ok(&["check"]);
}

#[test]
fn a_file_that_is_not_text_is_named_with_the_byte() {
    let project = migrated();
    std::fs::write(project.folder.path().join(HANDLERS), b"-- on X\xff\n").unwrap();
    refused(
        &project,
        &["check"],
        1,
        &["projections/order_summary/handlers.sql is not UTF-8 at byte 7"],
    );
}

#[test]
fn edited_and_missing_revisions_are_listed_together() {
    let project = Project::orders();
    let folder = "migrations/event_store";
    for (n, sql) in [(2, "SELECT 2;"), (3, "SELECT 3;"), (5, "SELECT 5;")] {
        project.write(&format!("{folder}/V{n}__more.sql"), sql);
    }
    project.ok(&["migrate"]);
    project.write(&format!("{folder}/V2__more.sql"), "SELECT 22;");
    std::fs::remove_file(project.folder.path().join(format!("{folder}/V3__more.sql"))).unwrap();
    project.write(&format!("{folder}/V4__late.sql"), "CREATE TABLE event_store.late ();");
    project.write(&format!("{folder}/V6__next.sql"), "CREATE TABLE event_store.next ();");
    let parts = [
        "revision V2__more of event_store was applied on ",
        "but its file has changed",
        "revision V3__more of event_store was applied on ",
        "but its file is missing",
        "revision V4__late of event_store was never applied, but V5__more, which comes after it, was",
        "restore the files as they ran",
    ];
    refused(&project, &["migrate"], 4, &parts);
    let made = "SELECT relname FROM pg_class WHERE relname IN ('late', 'next')";
    assert_eq!(rows(&mut project.events(), made), [""; 0], "refused before the first DDL");
    // A second file of one version is a mistake of its own.
    let project = migrated();
    project.write(&format!("{folder}/V1__again.sql"), "SELECT 1;");
    refused(&project, &["migrate"], 1, &["V1__again.sql and ", "have the same version"]);
}

#[test]
fn an_editors_mark_and_other_line_ends_are_no_edit() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary"]);
    let files = [
        "config.toml",
        "migrations/event_store/V1__events.sql",
        "migrations/events/OrderItemAdded.toml",
        "projections/order_summary/schema/V1__order_summary.sql",
        HANDLERS,
        "projections/order_summary/checks.sql",
    ];
    let before: Vec<String> = files.iter().map(|f| project.read(f)).collect();
    for (path, text) in files.iter().zip(&before) {
        project.write(path, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    project.ok(&["check"]);
    project.ok(&["migrate"]);
    let ran = project.run(&["rebuild", "order_summary"]);
    says(&ran, &["rebuild"], 0, &["order_summary__b1 is ready and has the same definition"]);
    // And the other way round.
    let windows = Project::orders();
    for (path, text) in files.iter().zip(&before) {
        windows.write(path, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    windows.ok(&["migrate"]);
    windows.events().batch_execute(ORDERS).unwrap();
    windows.ok(&["rebuild", "order_summary"]);
    for (path, text) in files.iter().zip(&before) {
        windows.write(path, text);
    }
    windows.ok(&["migrate"]);
    let ran = windows.run(&["rebuild", "order_summary"]);
    says(&ran, &["rebuild"], 0, &["order_summary__b1 is ready and has the same definition"]);
}

#[test]
fn a_folder_that_leads_out_of_the_project_is_neither_read_nor_written() {
    for folder in ["projections", "migrations", "migrations/events", "migrations/event_store"] {
        let project = Project::orders();
        let path = project.folder.path().join(folder);
        std::fs::remove_dir_all(&path).unwrap();
        let outside = tempfile::TempDir::new().unwrap();
        // An empty one, too: a new revision would be written there.
        let inner = outside.path().join("event_store");
        std::fs::create_dir(&inner).unwrap();
        symlink(outside.path(), &path).unwrap();
        for args in [&["status"][..], &["revision", "-m", "more"]] {
            refused(&project, args, 1, &["leads out of the project"]);
            assert_eq!(code_of(&project, args), "leads-out", "{folder}");
        }
        assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 0);
    }
    let project = Project::orders();
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(outside.path(), format!("# {CANARY}\n[[")).unwrap();
    let config = project.folder.path().join("config.toml");
    std::fs::remove_file(&config).unwrap();
    symlink(outside.path(), &config).unwrap();
    refused(&project, &["status"], 1, &["config.toml leads out of the project"]);
}

#[test]
fn a_nul_byte_has_a_place() {
    let project = migrated();
    project.write("migrations/event_store/V2__x.sql", "SELECT 1;\nSELECT '\0';\n");
    refused(&project, &["migrate"], 1, &["migrations/event_store/V2__x.sql:2:9: a NUL byte"]);
    assert_eq!(code_of(&project, &["migrate"]), "file-not-text");
}
