//! What newcomers and operators tripped over, in the words of today: each message whole, and each next
//! step taken.

use std::process::Command;

use crate::bench::{Project, REGROW, Ran, nowhere};

const HANDLERS: &str = "projections/order_summary/handlers.sql";

/// What a command says beside its data, whole.
#[track_caller]
fn says(ran: &Ran, code: i32, stderr: &str) {
    assert_eq!((ran.stderr.as_str(), ran.code), (stderr, code), "{}", ran.stdout);
}

fn sample() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.write("orders.ndjson", &project.ok(&["demo", "--print-log", "--events", "1000"]));
    project.ok(&["import", "orders.ndjson"]);
    project
}

#[test]
fn no_server_is_named() {
    let project = Project::orders();
    project.write("config.toml", "[database]\n");
    let mut command = project.command(&["migrate"]);
    command.env_remove("DATABASE_URL");
    says(
        &Ran::from(command.output().unwrap(), &["migrate"]),
        2,
        "error: no server is named: config.toml has a section [database], but no address in it\n  \
         name one: DATABASE_URL or --database-url, DATABASE_URL_FILE, PGHOST and other variables of libpq, or \
         config.toml: [database] url or url_command; --private asks for the private PostgreSQL in .regrow/\n",
    );
}

/// The next step of `init` can be typed where `init` was.
#[test]
fn a_new_project_has_a_next_step_that_works() {
    let folder = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
    let database = crate::bench::Database::new();
    for name in ["shop", "my shop"] {
        let start = |shell: &str| {
            let mut command = Command::new("sh");
            nowhere(&mut command);
            command.arg("-c").arg(shell).current_dir(folder.path());
            command.env("DATABASE_URL", database.url());
            Ran::from(command.output().unwrap(), &[shell])
        };
        let made = start(&format!("{REGROW} init '{name}'"));
        let (_, next) = made.stderr.trim_end().split_once("next: regrow ").unwrap();
        let ran = start(&format!("{REGROW} {next}"));
        assert_eq!(ran.code, 0, "{next}: {}", ran.stderr);
    }
}

/// The block of the README, as it stands but for the address and the table's name.
#[test]
fn the_readmes_section_on_a_log_of_another_library_ends_well() {
    let readme = include_str!("../../README.md");
    let section = readme.split("## A log of another library").nth(1).unwrap();
    let block = section.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let database = crate::bench::Database::new();
    // The table as the library makes it.
    database
        .connect()
        .batch_execute(
            "CREATE TABLE public.dogschool_events (
                 originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
                 notification_id bigserial, PRIMARY KEY (originator_id, originator_version));
             CREATE UNIQUE INDEX ON public.dogschool_events (notification_id ASC)",
        )
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let lines = block.lines().map(|line| line.trim_start_matches("$ "));
    let lines = lines.filter(|line| !line.starts_with("export "));
    let script: Vec<String> =
        lines.map(|line| line.replace("regrow ", &format!("{REGROW} "))).collect();
    let mut command = Command::new("sh");
    nowhere(&mut command);
    command.arg("-ec").arg(script.join("\n")).current_dir(folder.path());
    command.env("DATABASE_URL", database.url());
    command.env("REGROW_SCRATCH", crate::bench::scratch_servers().folder);
    let ran = Ran::from(command.output().unwrap(), &["README"]);
    assert_eq!(ran.code, 0, "{script:#?}\n{}{}", ran.stdout, ran.stderr);
}

/// A role that a script has taken on is the one that lacks the right.
#[test]
fn after_set_role_the_grant_is_for_that_role() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let role = format!("app_{}", project.database.name());
    project
        .events()
        .batch_execute(&format!("CREATE ROLE {role} NOLOGIN; CREATE SCHEMA other"))
        .unwrap();
    project.write(
        "migrations/event_store/V2__r.sql",
        &format!("-- of the application\nSET ROLE {role};\nCREATE TABLE other.t ();\n"),
    );
    let ran = project.run(&["migrate"]);
    let mut admin = project.events();
    let grants = ran.stderr.lines().filter_map(|line| line.find("GRANT ").map(|at| &line[at..]));
    let grants: Vec<String> = grants.map(str::to_owned).collect();
    says(
        &ran,
        1,
        &format!(
            "error: migrations/event_store/V2__r.sql:3:14: revision V2__r of event_store failed and was rolled back: \
             permission denied for schema other\n  its owner can grant it: GRANT USAGE ON SCHEMA other TO {role};\n"
        ),
    );
    // Each that is named, until it goes through.
    admin.batch_execute(&grants.concat()).unwrap();
    let ran = project.run(&["migrate"]);
    let (_, grant) = ran.stderr.trim_end().split_once("its owner can grant it: ").unwrap();
    assert_eq!(grant, format!("GRANT CREATE ON SCHEMA other TO {role};"));
    admin.batch_execute(grant).unwrap();
    project.ok(&["migrate"]);
    admin.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn a_failure_is_told_where_it_is() {
    let project = Project::orders();
    project.write(
        "migrations/event_store/V2__x.sql",
        "CREATE TABLE event_store.one ();\n\nALTER TABLE event_store.one\n    ADD COLUMN n nosuch;\n",
    );
    let ran = project.run(&["migrate"]);
    let told: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(
        told,
        [
            "error: migrations/event_store/V2__x.sql:4:18: revision V2__x of event_store failed and was rolled back: \
          type \"nosuch\" does not exist"
        ]
    );
}

#[test]
fn a_rollback_with_nothing_to_go_back_to_says_what_there_would_be() {
    let project = sample();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    says(
        &project.run(&["rollback", "order_summary"]),
        1,
        "error: order_summary has no retired build to go back to\n  \
         a promote retires the build that was live before, and prune drops it\n",
    );
}

/// A broken handler is a mistake, and not something that waits.
#[test]
fn a_broken_handler_is_no_pending_revision() {
    let project = sample();
    project.ok(&["rebuild", "--all", "--promote"]);
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace("SET status = 'paid'", "SET nosuch = 'paid'"));
    let ran = project.run(&["check", "--allow-pending"]);
    assert_eq!(ran.code, 1);
    let first = ran.stdout.lines().next().unwrap();
    assert_eq!(
        first,
        format!(
            "mistake: {HANDLERS}:12:26: column \"nosuch\" of relation \"order_summary\" does not exist"
        )
    );
}

/// Parking is offered where it helps: the file is written as the hint says, and the build goes on.
#[test]
fn the_hint_about_on_error_leads_on() {
    let project = sample();
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace(":quantity::int *", ":nosuchfield::int *"));
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 1);
    let hint = ran.stderr.lines().find(|line| line.contains("on_error")).unwrap();
    let (_, rest) = hint.split_once("to park such events: ").unwrap();
    let (key, rest) = rest.split_once(" in ").unwrap();
    let (file, command) = rest.split_once(", then: regrow ").unwrap();
    let before = std::fs::read_to_string(project.folder.path().join(file)).unwrap_or_default();
    project.write(file, &format!("{key}\n{before}"));
    let args: Vec<&str> = command.split_whitespace().collect();
    let ran = project.run(&args);
    assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
}
