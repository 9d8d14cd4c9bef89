//! Characters that act: what a log, a server or a file holds drives neither a terminal nor a CI
//! runner, whatever command prints it, and no line of it passes for one of ours.

use std::process::Command;

use crate::bench::Project;

/// Whether a character acts, by the lists of Unicode's general categories Cc, Cf, Zl and Zp.
fn acts(c: char) -> bool {
    c.is_control()
        || "\u{ad}\u{61c}\u{6dd}\u{70f}\u{180e}\u{feff}".contains(c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// All of them, and words that mean something at the beginning of a line.
fn hostile() -> String {
    let all: String = ('\u{1}'..='\u{e007f}').filter(|c| acts(*c)).collect();
    format!(
        "x{all}\n::error file=a.rs,line=1::FORGED\n  ::add-mask::x\r\n::stop-commands::y\n##[error]FORGED\n\
         ##vso[task.complete]FORGED\nFORGED: all is well\n\u{1b}[2J\u{1b}]0;FORGED\u{7}\u{9b}31mred"
    )
}

/// Looks at what a command printed.
#[track_caller]
fn tame(args: &[&str], text: &str, runner: bool) {
    assert!(text.contains("FORGED") || !text.contains("\\u{1b}"), "{args:?}: a part is missing");
    for line in text.lines() {
        let acting: Vec<char> = line.chars().filter(|c| *c != '\t' && acts(*c)).collect();
        assert!(acting.is_empty(), "regrow {args:?} prints {acting:?} in\n{line:?}");
        let start = line.trim_start();
        // What a file says is shown in its own lines.
        assert!(
            !line.starts_with("FORGED") || args[0] == "show",
            "regrow {args:?} prints a line that is not its own\n{text}"
        );
        let ours = ["::error ", "::warning ", "::notice "].iter().any(|own| start.starts_with(own));
        assert!(
            !start.starts_with("::") || runner && ours,
            "regrow {args:?} commands a runner:\n{line}"
        );
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.contains(command), "regrow {args:?} commands a runner:\n{line}");
        }
    }
}

/// Runs a command, as text and as JSON, and looks at all it prints; gives it.
fn shown(project: &Project, args: &[&str]) -> String {
    let mut all = String::new();
    for more in [&[][..], &["--json"], &["-q"]] {
        let args = [args, more].concat();
        let output = project.command(&args).env("REGROW_LOG", "regrow=trace").output().unwrap();
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).unwrap();
            tame(&args, &text, args.contains(&"github"));
            if let Some(json) = text.lines().find(|l| more == ["--json"] && l.starts_with('{')) {
                serde_json::from_str::<serde_json::Value>(json).unwrap();
            }
            all.push_str(&text);
        }
    }
    all
}

#[test]
fn nothing_from_a_log_acts() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let hostile = hostile();
    let put = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
         VALUES ($1, 0, $2, $3, $4::text::jsonb)";
    let mut events = project.events();
    let created = r#"{"order_id": "o1", "customer_id": "c", "customer_name": "Ann"}"#;
    for (stream, event_type, version, payload) in [
        ("o1", "OrderCreated", 1, created.to_owned()),
        ("o2", hostile.as_str(), 1, "{}".to_owned()),
        (
            hostile.as_str(),
            "OrderCreated",
            1,
            serde_json::json!({ "order_id": hostile }).to_string(),
        ),
        ("o3", "OrderItemAdded", 9, "{}".to_owned()),
    ] {
        events.execute(put, &[&stream, &event_type, &version, &payload]).unwrap();
    }
    let census = shown(&project, &["census"]);
    assert!(
        census.contains("\\u{1b}[2J") && census.contains("\\n\\u{3a}")
            || census.contains("\\n::error"),
        "{census}"
    );
    for args in [
        &["rebuild", "order_summary", "--show-payload"][..],
        &["status", "--show-payload"],
        &["resume", "order_summary", "--show-payload"],
        &["check"],
        &["check", "--format", "github"],
        &["rebuild", "order_summary", "--preflight"],
        &["rebuild", "order_summary", "--explain"],
    ] {
        let said = shown(&project, args);
        if ["rebuild", "status", "resume"].contains(&args[0]) && args.contains(&"--show-payload") {
            assert!(said.contains("\\u{1b}[2J"), "{args:?}: {said}");
        }
    }
    let settings = "projections/order_summary/projection.toml";
    project.write(settings, "on_error = \"park\"\n");
    for args in [
        &["resume", "order_summary"][..],
        &["promote", "order_summary"],
        &["run", "--until-caught-up"],
        &["rollback", "order_summary"],
        &["prune"],
        &["status"],
    ] {
        shown(&project, args);
    }
}

#[test]
fn nothing_from_a_server_or_a_file_acts() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let said = hostile().replace(['\'', '%'], "");
    let raise = |level: &str| {
        let message: Vec<String> = said.chars().map(|c| format!("chr({})", c as u32)).collect();
        format!(
            "DO $$ BEGIN RAISE {level} '%', concat({}); END $$;\n",
            message
                .chunks(90)
                .map(|part| format!("concat({})", part.join(", ")))
                .collect::<Vec<_>>()
                .join(", ")
        )
    };
    project.write("migrations/event_store/V2__loud.sql", &raise("WARNING"));
    let migrated = shown(&project, &["migrate"]);
    assert!(migrated.contains("warning: migrations/event_store/V2__loud.sql:1:1: x"), "{migrated}");
    project.write("migrations/event_store/V3__bad.sql", &raise("EXCEPTION"));
    // A message of several lines stays one of several lines, below its first.
    let failed = shown(&project, &["migrate"]);
    assert!(failed.contains("V3__bad"), "{failed}");
    for args in [
        &["check"][..],
        &["check", "--format", "github"],
        &["history"],
        &["current"],
        &["show", "3"],
    ] {
        shown(&project, args);
    }
    project.write("migrations/event_store/V3__bad.sql", &format!("-- {said}\nSELECT 1 +;\n"));
    for args in [
        &["migrate"][..],
        &["show", "3"],
        &["check"],
        &["migrate", "--dry-run"],
        &["migrate", "--sql"],
    ] {
        shown(&project, args);
    }
    project.write("projections/order_summary/handlers.sql", &format!("-- on X\n{said}\n"));
    for args in [&["check"][..], &["rebuild", "order_summary"], &["check", "--format", "github"]] {
        shown(&project, args);
    }
    project.write("config.toml", &format!("{said} = 1\n"));
    shown(&project, &["status"]);
    shown(&project, &[&format!("nosuch{}", said.replace('\0', ""))]);
}

/// The driver writes down what a server says, and what it is asked: none of it comes out, whatever
/// is asked for.
#[test]
fn nothing_of_the_driver_is_printed() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let handlers = project.read("projections/order_summary/handlers.sql");
    let notice = "CREATE FUNCTION noisy(t text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \
         $$ BEGIN RAISE WARNING 'Kanarienvogel %', t; RETURN t; END $$;\n";
    let schema = project.read("projections/order_summary/schema/V1__order_summary.sql");
    project.write(
        "projections/order_summary/schema/V1__order_summary.sql",
        &format!("{schema}\n{notice}"),
    );
    let handlers = handlers.replacen(":customer_name", "noisy(:customer_name)", 1);
    project.write("projections/order_summary/handlers.sql", &handlers);
    project.write("projections/order_summary/projection.toml", "engine = \"sql\"\n");
    let payload = r#"[{"type": "OrderCreated", "payload": {"order_id": "o1", "customer_id": "c", "customer_name": "Kanarienvogel"}}]"#;
    project
        .events()
        .query("SELECT event_store.append('o1', -1, $1::text::jsonb)", &[&payload])
        .unwrap();
    for log in
        ["", "off", "info", "trace", "tokio_postgres=trace", "postgres=debug,log=trace", "[x"]
    {
        for more in [&[][..], &["--json"], &["-q"]] {
            let mut command: Command =
                project.command(&[&["rebuild", "order_summary", "--promote"][..], more].concat());
            if !log.is_empty() {
                command.env("REGROW_LOG", log);
            }
            let output = command.env("RUST_LOG", "trace").output().unwrap();
            let text = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(output.status.success(), "{text}");
            assert!(!text.contains("Kanarienvogel") && !text.contains('\u{1b}'), "{log}: {text}");
        }
    }
}
