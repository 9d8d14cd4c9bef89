//! What goes before `config.toml`: variables, environments; and which project is meant.

use std::fs;
use std::process::Command;

use nix::unistd::{Uid, chown, geteuid};
use serde_json::Value;

use crate::bench::{Project, Ran, rows};

const VIEWS: &str =
    "SELECT schemaname FROM pg_views WHERE viewname = 'order_summary' ORDER BY schemaname";

fn with(project: &Project, args: &[&str], change: impl FnOnce(&mut Command)) -> Ran {
    let mut command = project.command(args);
    change(&mut command);
    Ran::from(command.output().unwrap(), args)
}

/// The code of an error and its message.
fn refused(ran: &Ran) -> (String, String) {
    let error: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    let text = |key: &str| error["error"][key].as_str().unwrap().to_owned();
    (text("code"), text("message"))
}

#[test]
fn a_variable_goes_before_an_environment_before_the_file() {
    let project = Project::orders();
    let config = "[read_models]\nschema = \"of_file\"\n\
                  [environments.staging.read_models]\nschema = \"of_staging\"\n";
    project.write("config.toml", config);
    project.ok(&["migrate"]);
    let rebuild = ["rebuild", "order_summary", "--promote"];
    let ran = with(&project, &rebuild, |command| {
        command.env("REGROW_ENV", "staging").env("REGROW_READ_MODELS_SCHEMA", "of_variable");
    });
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), VIEWS), ["(of_variable)"]);
    // A flag goes before the variable that chooses.
    let args = [&rebuild[..], &["--env", "staging"]].concat();
    let ran = with(&project, &args, |command| {
        command.env("REGROW_ENV", "nowhere");
    });
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), VIEWS), ["(of_staging)"]);
    project.ok(&rebuild);
    assert_eq!(rows(&mut project.reads(), VIEWS), ["(of_file)"]);
}

#[test]
fn two_places_that_name_a_server_are_refused() {
    let project = Project::orders();
    let url = project.database.url();
    let section = format!("[environments.production.database]\nurl = \"{url}\"\n");
    project.write("config.toml", &format!("[database]\nurl = 'host=/nowhere'\n{section}"));
    let args = ["migrate", "--json", "--env", "production"];
    let ran = project.run(&args);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let both =
        "DATABASE_URL and config.toml, [environments.production.database] both name a server";
    assert_eq!(refused(&ran), ("server-ambiguous".into(), both.into()));
    // The same of a variable of the key, which is another name for what is in the file.
    let ran = with(&project, &["migrate", "--json"], |command| {
        command.env("REGROW_DATABASE_URL", &url);
    });
    let both = "DATABASE_URL and REGROW_DATABASE_URL both name a server";
    assert_eq!(refused(&ran), ("server-ambiguous".into(), both.into()));
    // Each way out that the hint names.
    assert_eq!(project.run(&[&args[..], &["--database-url", &url]].concat()).code, 0);
    let ran = with(&project, &["rebuild", "order_summary"], |command| {
        command.env_remove("DATABASE_URL").env("REGROW_ENV", "production");
    });
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let named = "(config.toml, [environments.production.database])";
    assert!(ran.servers.contains(named), "{}", ran.servers);
}

#[test]
fn what_is_said_beside_the_file_is_never_passed_over() {
    let project = Project::orders();
    let config = "[environments.staging.follow]\npoll_ms = 30\n";
    project.write("config.toml", config);
    let said = |name: &str, value: &str| {
        with(&project, &["heads", "--json"], |command| {
            command.env(name, value);
        })
    };
    for (name, value, code, message) in [
        (
            "REGROW_ENV",
            "stagign",
            "environment-unknown",
            "REGROW_ENV: there is no environment stagign; did you mean staging?",
        ),
        ("REGROW_ENV", "", "environment-unknown", "REGROW_ENV: it is set, but names nothing"),
        (
            "REGROW_REBUILD_WORKERS",
            "many",
            "variable-invalid",
            "REGROW_REBUILD_WORKERS: invalid type: string \"many\", expected a whole number",
        ),
        (
            "REGROW_FOLLOW_POLL_MS",
            "",
            "variable-invalid",
            "REGROW_FOLLOW_POLL_MS: it is set, but empty",
        ),
        (
            "REGROW_DATABASE_URL_FILE",
            "x",
            "variable-invalid",
            "REGROW_DATABASE_URL_FILE: it is not read",
        ),
    ] {
        let ran = said(name, value);
        assert_eq!(ran.code, 2, "{name}={value}: {}", ran.stderr);
        assert_eq!(refused(&ran), (code.into(), message.into()));
    }
    let ran = said("REGROW_REBUILD_WROKERS", "2");
    let warning = "warning: REGROW_REBUILD_WROKERS is no key of config.toml and does nothing; \
                   did you mean REGROW_REBUILD_WORKERS?\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (0, warning));
    let ran = said("REGROW_FOLLOW_SOMETHING", "2");
    assert!(ran.stderr.contains("REGROW_FOLLOW_SOMETHING is no key"), "{}", ran.stderr);
    // What is not ours, and what Kubernetes sets beside a service that is called regrow.
    for name in ["REGROW_SERVICE_PORT_HTTP", "REGROW_SERVICE_HOST", "REGROWN_ENV"] {
        let ran = said(name, "x");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn the_nearest_project_above_is_meant() {
    let project = Project::orders();
    let within = |folder: &str, args: &[&str]| {
        let folder = project.folder.path().join(folder);
        with(&project, args, |command| {
            command.current_dir(folder);
        })
    };
    let ran = within("projections/order_summary/schema", &["heads"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, "project: ../../..\n"));
    assert_eq!(ran.stdout, project.ok(&["heads"]));
    assert_eq!(within("projections/order_summary", &["heads", "-q"]).stderr, "");
    // What was named is meant, whatever stands above; and so is a folder that has a part of a project.
    let ran = within("projections/order_summary", &["heads", "-C", "."]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    project.write("other/migrations/event_store/V1__a.sql", "CREATE TABLE a ();");
    let ran = within("other", &["heads"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_ne!(ran.stdout, project.ok(&["heads"]));
    // Programs of its config.toml would be run.
    if geteuid().is_root() {
        let config = project.folder.path().join("config.toml");
        chown(&config, Some(Uid::from_raw(65_534)), None).unwrap();
        let ran = within("projections", &["heads", "--json"]);
        assert_eq!(refused(&ran).0, "folder-of-another");
        let root = fs::canonicalize(project.folder.path()).unwrap();
        let ran = within("projections", &["heads", "-C", root.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}
