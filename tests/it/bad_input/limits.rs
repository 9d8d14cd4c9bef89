//! Limits of ours on payloads, in bytes and in levels, and batches that are bounded in bytes.

use super::*;

const BOTH: &str = "[rebuild]\nmax_payload_bytes = 2000\nmax_payload_depth = 20\n";

#[test]
fn a_payload_beyond_a_limit_stops_at_its_position() {
    for engine in ENGINES {
        for (body, code, said) in [
            (
                "'{\"text\": \"' || repeat('x', 2000) || '\"}'",
                "payload-too-large",
                "the payload has 2012 bytes, and [rebuild] max_payload_bytes allows 2000",
            ),
            (
                "'{\"text\": \"a\", \"deep\": ' || repeat('[', 20) || repeat(']', 20) || '}'",
                "payload-too-deep",
                "nested deeper than the 20 levels that [rebuild] max_payload_depth allows",
            ),
        ] {
            let project = adopted("text", engine, NOTED);
            project.write("config.toml", &format!("{ADOPTED}{BOTH}"));
            put(&project, 1, r#"'{"text": "one"}'"#);
            put(&project, 2, body);
            put(&project, 3, r#"'{"text": "three"}'"#);
            refused(&project, &["rebuild", "note"], 1, &["event 2 (Noted", said]);
            assert_eq!(failure(&project)["code"], code);
            // The limit is no part of the definition: with another one the build goes on.
            project.write("config.toml", ADOPTED);
            project.ok(&["resume", "note"]);
            let count = rows(&mut project.reads(), "SELECT count(*) FROM note__b1.note");
            assert_eq!(count, ["(3)"]);
        }
    }
    let project = adopted("text", "sql", NOTED);
    for (text, said) in [
        (
            "max_payload_bytes = 10",
            "max_payload_bytes is 10, and must lie between 1024 and 536870912",
        ),
        ("max_payload_depth = 0", "max_payload_depth is 0, and must lie between 1 and 1000000"),
    ] {
        project.write("config.toml", &format!("{ADOPTED}[rebuild]\n{text}\n"));
        refused(&project, &["status"], 1, &[said]);
        assert_eq!(code_of(&project, &["status"]), "config-invalid");
    }
}

#[test]
fn hostile_depth_is_an_error_and_no_crash() {
    for engine in ENGINES {
        let project = adopted("text", engine, NOTED);
        put(&project, 1, "'{\"text\": ' || repeat('[', 500000) || repeat(']', 500000) || '}'");
        refused(
            &project,
            &["rebuild", "note"],
            1,
            &["event 1 (Noted", "deeper than the 1000 levels"],
        );
        put(&project, 2, "'{\"text\": ' || repeat('{\"a\":', 500000)");
        refused(
            &project,
            &["rebuild", "note"],
            1,
            &["event 1 (Noted", "deeper than the 1000 levels"],
        );
    }
}

/// Runs a command with so much address space and no more.
fn within_mib(project: &Project, mib: usize, args: &[&str]) -> Ran {
    let plain = project.command(args);
    let mut shell = std::process::Command::new("bash");
    shell.arg("-c").arg(format!("ulimit -v {} && exec \"$0\" \"$@\"", mib * 1024));
    shell.arg(plain.get_program()).args(args).current_dir(project.folder.path());
    shell.env("DATABASE_URL", project.database.url()).env_remove("READ_MODELS_URL");
    shell.env("MALLOC_ARENA_MAX", "2");
    Ran::from(shell.output().unwrap(), args)
}

#[test]
fn one_huge_event_among_small_ones_neither_breaks_nor_fills_the_memory() {
    for engine in ENGINES {
        let length =
            "-- on Noted\nINSERT INTO note (id, n) VALUES (:event.position, length(:text));\n";
        let project = adopted("text", engine, length);
        let small = r#"INSERT INTO log SELECT n, 's', n, 'Noted', '{"text": "small"}' FROM generate_series(1, 999) AS n WHERE n <> 500"#;
        project.events().batch_execute(small).unwrap();
        put(&project, 500, "'{\"text\": \"' || repeat('x', 60000000) || '\"}'");
        let ran = within_mib(&project, 1200, &["rebuild", "note"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let lengths = "SELECT n, count(*) FROM note__b1.note GROUP BY n ORDER BY n";
        assert_eq!(rows(&mut project.reads(), lengths), ["(5,998)", "(60000000,1)"]);
        // One of 100 MB is refused by default, in as little memory, and what is before it is kept.
        put(&project, 1000, "'{\"text\": \"' || repeat('x', 100000000) || '\"}'");
        let ran = within_mib(&project, 1200, &["run", "--until-caught-up"]);
        let said =
            "event 1000 (Noted version 1, stream s number 1000): the payload has 100000012 bytes";
        assert!(ran.code == 1 && ran.stderr.contains(said), "{}", ran.stderr);
        assert_eq!(failure(&project)["code"], "payload-too-large");
    }
}
