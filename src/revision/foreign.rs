//! Other tools' files: names that are no revision's, and texts that hold both ways.
//!
//! A folder of revisions may come from refinery, Flyway, goose, dbmate, sqlx, Alembic, Sqitch or any
//! other tool. What looks like a revision there is read, or refused with what to do; nothing of it is
//! skipped in silence. Owns what looks like a revision, what each tool's names mean, and the
//! comments that divide a file into a way forth and a way back.

use super::heading::{Says, says};
use super::parse_name;
use crate::handler::{self, scan::tokens};
use crate::source::{Place, SourceFile, Span};

/// Endings that only documents have.
const DOCUMENTS: [&str; 9] = ["md", "markdown", "rst", "adoc", "org", "html", "pdf", "png", "svg"];

/// Endings of what a tool may run, or may be hidden in.
const PROGRAMS: [&str; 65] = [
    "sql", "psql", "pgsql", "plsql", "ddl", "dml", "dump", "cql", "sqlite", "rs", "py", "rb", "js",
    "mjs", "cjs", "ts", "mts", "cts", "tsx", "coffee", "go", "java", "kt", "kts", "groovy",
    "scala", "clj", "cljc", "cljs", "edn", "cs", "csx", "fs", "fsx", "vb", "php", "pl", "pm",
    "lua", "hs", "lhs", "ml", "erl", "ex", "exs", "cr", "nim", "zig", "dart", "swift", "tcl", "jl",
    "sh", "bash", "ps1", "bat", "cmd", "plan", "gz", "bz2", "xz", "zst", "zip", "orig", "rej",
];

/// Files of programs that belong to the folder and are no migrations.
const SCAFFOLD: [&str; 5] = ["mod.rs", "lib.rs", "main.rs", "build.rs", "__init__.py"];

/// Whether a file of this name may be meant as a revision. Hidden files, an editor's backups (`~`)
/// and documents are not.
#[must_use]
pub(crate) fn looks_like_a_revision(name: &str) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_autosave = name.starts_with('#') && name.ends_with('#');
    if name.starts_with('.') || is_autosave || name.ends_with('~') || SCAFFOLD.contains(&name) {
        return false;
    }
    let lower = lower.trim_start_matches('#').to_owned();
    let mut parts = lower.split('.').skip(1);
    let is_program = parts.any(|part| PROGRAMS.contains(&part));
    is_program || !DOCUMENTS.contains(&ending) && has_a_version(&lower)
}

/// `V1__`, `u2_`, `0001-`, `20260301.`, `R__`; also a changelog of Liquibase's.
fn has_a_version(lower: &str) -> bool {
    let rest = lower.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(lower);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = after.len() < rest.len() && after.starts_with(['_', '-', '.']);
    numbered || numbered_whole(rest, after) || rest.starts_with("__") || lower.contains("changelog")
}

fn numbered_whole(rest: &str, after: &str) -> bool {
    after.is_empty() && !rest.is_empty()
}

/// Why a file that may be meant as a revision has no revision's name, and what to do about it.
pub(super) fn why_no_revision(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let last = ending.rsplit('.').next().unwrap_or(ending);
    let fits = |name: &str| parse_name(name).is_ok();
    if last != "sql" && last.eq_ignore_ascii_case("sql") {
        let lower = format!("{stem}.{}", ending.to_lowercase());
        return match fits(&lower) {
            true => format!("the ending is written .{last}; rename it to {lower}"),
            false => why_no_revision(&format!("{folder}/{lower}")),
        };
    }
    match last.to_lowercase().as_str() {
        "sql" => {}
        "rs" => {
            return format!(
                "a revision is SQL, and this is refinery's Rust; save what its migration() gives as {stem}.sql: \
                 refinery's checksum is of that text, so one that ran stays as it is"
            );
        }
        "py" => {
            return "a revision is SQL, and this is Python; print what it runs (alembic upgrade BEFORE:THIS \
                    --sql) into V<version>__<words>.sql; what has run is recorded by: \
                    regrow stamp --from-alembic"
                .into();
        }
        "xml" | "yaml" | "yml" | "json" => {
            return "a revision is SQL; liquibase update-sql prints that of a changelog, for \
                    V<version>__<words>.sql"
                .into();
        }
        "gz" | "bz2" | "xz" | "zst" | "zip" => return "unpack it; a revision is plain SQL".into(),
        "orig" | "rej" | "bak" => {
            return "it was left behind by a merge or an editor; take it away".into();
        }
        _ => {
            return "a revision is SQL, named V<version>__<words>.sql; save the statements that this \
                    runs under such a name"
                .into();
        }
    }
    if let Some(rest) = stem.strip_prefix('U').filter(|rest| starts_with_digits(rest)) {
        return format!(
            "refinery runs such a file wherever its number stands (here: rename it to V{rest}.sql, whose \
             '-- revises:' line says where it belongs), and for Flyway it is the way back from V{rest} \
             (here: V{rest}.down.sql)"
        );
    }
    if stem.starts_with("R__") {
        return "Flyway runs such a file again whenever it changes, and a revision runs once; put each \
                change into a revision of its own: regrow revision -m TEXT"
            .into();
    }
    if let Some(rest) = stem.strip_prefix('B').filter(|rest| starts_with_digits(rest)) {
        let number = rest.split('_').next().unwrap_or(rest);
        return format!(
            "it is a baseline of Flyway's; rename it to V{rest}.sql, take away what it replaces, and where \
             its objects are there already: regrow stamp {number}"
        );
    }
    if ["deploy", "revert", "verify"].iter().any(|f| has_folder(folder, f)) {
        return "it is Sqitch's, whose order stands in sqitch.plan; number the files in that order: \
                deploy/NAME.sql is V<version>__NAME.sql here, and revert/NAME.sql is \
                V<version>__NAME.down.sql"
            .into();
    }
    let (named, suffix) = match stem {
        // Diesel and Prisma have a folder for each migration.
        "up" | "down" | "migration" => {
            let suffix = if stem == "down" { ".down.sql" } else { ".sql" };
            (folder.rsplit('/').next().unwrap_or(folder), suffix)
        }
        _ => (
            name.strip_suffix(".sql").unwrap_or(name),
            if is_way_back(ending) { ".down.sql" } else { ".sql" },
        ),
    };
    match as_revision(named) {
        Some(better) => {
            format!("a revision is named V<version>__<words>.sql; rename it to {better}{suffix}")
        }
        None => "a revision is named V<version>__<words>.sql, such as V2__add_status.sql".into(),
    }
}

fn starts_with_digits(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn has_folder(folder: &str, name: &str) -> bool {
    folder.split('/').any(|part| part == name)
}

fn is_way_back(ending: &str) -> bool {
    ending.split('.').any(|part| ["down", "undo", "rollback", "revert"].contains(&part))
}

/// The name a revision would have: its digits, parts after dots as three digits each, and its words.
fn as_revision(name: &str) -> Option<String> {
    let name = name.strip_prefix(['V', 'v']).unwrap_or(name);
    let words_at = name.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '_'));
    let (number, words) = name.split_at(words_at.unwrap_or(name.len()));
    let dotted = number.contains('.') || number.trim_end_matches('_').contains('_');
    let mut parts = number.split(['.', '-', '_']).filter(|part| !part.is_empty());
    let mut version = parts.next()?.trim_start_matches('0').to_owned();
    for part in parts {
        match dotted {
            true => version.push_str(&format!("{part:0>3}")),
            false => version.push_str(part),
        }
    }
    if version.is_empty() {
        version.push('0');
    }
    version.parse::<i64>().ok()?;
    let mut slug = String::new();
    for c in words.chars() {
        match c.is_alphanumeric() {
            true => slug.push(c),
            false if !slug.ends_with('_') => slug.push('_'),
            false => {}
        }
    }
    for part in ["_up", "_down", "_do", "_undo"] {
        slug = slug.strip_suffix(part).map_or(slug.clone(), str::to_owned);
    }
    for part in ["do_", "undo_", "up_", "down_"] {
        slug = slug.strip_prefix(part).map_or(slug.clone(), str::to_owned);
    }
    let slug = slug.trim_matches('_');
    Some(format!("V{version}__{}", if slug.is_empty() { "revision" } else { slug }))
}

/// What another tool's comment does to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Where it stands.
    pub(crate) place: Place,
    /// What is wrong.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) hint: String,
}

/// The comment that makes a file one that cannot run whole: below it stands the way back, or what it
/// asks of its own tool is no revision's. `None` if nothing below it would run.
#[must_use]
pub(crate) fn marker(file: &SourceFile) -> Option<Marker> {
    let is_down = file.path.ends_with(".down.sql");
    let other = if is_down { Says::Up } else { Says::Down };
    let counts = |says: Says| says == other || !matches!(says, Says::Up | Says::Down);
    // A cheap look first: hardly any file has such a line.
    let mut lines = file.text.lines();
    if !lines
        .any(|line| line.contains("/*") || line.contains("--") && says(line).is_some_and(counts))
    {
        return None;
    }
    let spans = handler::split(file).ok();
    for comment in tokens(&file.text).into_iter().filter(|token| token.is_comment()) {
        let says = says(comment.text(&file.text)).filter(|says| counts(*says));
        let line = file.text[..comment.start].rsplit(['\n', '\r']).next().unwrap_or_default();
        let (Some(says), true) = (says, line.trim_matches(['\u{feff}', ' ', '\t']).is_empty())
        else {
            continue;
        };
        let stands_between = |spans: &Vec<Span>| {
            !spans.iter().any(|span| span.contains(&comment.start))
                && spans.iter().any(|span| span.start >= comment.end)
        };
        if spans.as_ref().is_none_or(stands_between) {
            return Some(says.marker(file, comment.start));
        }
    }
    None
}

/// The file that the way back of a revision belongs into, or the way forth.
fn other_name(path: &str) -> String {
    match path.strip_suffix(".down.sql") {
        Some(stem) => format!("{stem}.sql"),
        None => format!("{}.down.sql", path.strip_suffix(".sql").unwrap_or(path)),
    }
}

impl Says {
    fn marker(self, file: &SourceFile, at: usize) -> Marker {
        let place = file.place(at);
        let (line, other) = (place.line, other_name(&file.path));
        let (reason, hint) = match self {
            Says::Up | Says::Down => (
                match self {
                    Says::Up => "the way forth begins here, and the file runs as a whole",
                    _ => "the way back begins here, and the file runs as a whole",
                },
                format!(
                    "move line {line} and all that belongs to it into {other}; a comment that is meant \
                     otherwise needs other words"
                ),
            ),
            Says::Alone => (
                "this comment asks another tool to run the file outside a transaction",
                "write '-- transaction: none' into the head instead, or take the comment out"
                    .into(),
            ),
            Says::Variables => (
                "this comment asks another tool to put variables into the text",
                "write the values, and take the comment out".into(),
            ),
            Says::Liquibase => (
                "this is a changelog of Liquibase's, whose comments change what runs",
                format!(
                    "make a revision of each changeset, without these comments; what follows --rollback \
                     goes into {other}"
                ),
            ),
        };
        Marker { place, reason: reason.into(), hint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_revision_is_told_from_what_lies_beside_it() {
        for name in [
            "V1__a.sql",
            "V5__upper.SQL",
            "V3__rust.rs",
            "U4__x.sql",
            "R__view.sql",
            "B7__base.sql",
            "V1.1__a.sql",
            "v2__a.sql",
            "000001_x.up.sql",
            "20260301101500_x.sql",
            "0001.sql",
            "ae1027a6acf_x.py",
            "001.do.x.sql",
            "V3__x.sql.gz",
            "V3__x.sql.orig",
            "V3__x.sql.txt",
            "V3__x",
            "V3__x.txt",
            "17",
            "beforeMigrate.sql",
            "sqitch.plan",
            "db.changelog-master.yaml",
            "seed.dump",
            "1700000000000_x.js",
            "V2__Add.java",
            "#V2__x.sql",
            "Migration2.cs",
            "create_users.lua",
            "create_users.clj",
            "create_users.hs",
            "create-users.edn",
            "users.cql",
        ] {
            assert!(looks_like_a_revision(name), "{name}");
        }
        for name in [
            ".gitkeep",
            ".V1__a.sql.swp",
            "._V1__a.sql",
            "V1__a.sql~",
            "#V1__a.sql#",
            "README",
            "README.md",
            "V5__notes.md",
            "notes.txt",
            "schema.dbml",
            "mod.rs",
            "seeds.csv",
            "__init__.py",
            "lint.toml",
        ] {
            assert!(!looks_like_a_revision(name), "{name}");
        }
    }

    #[test]
    fn each_tools_name_has_a_way() {
        for (path, part) in [
            ("m/V5__upper.SQL", "rename it to V5__upper.sql"),
            ("m/V5__x.DOWN.Sql", "rename it to V5__x.down.sql"),
            ("m/0005_x.SQL", "rename it to V5__x.sql"),
            ("m/V3__rust.rs", "gives as V3__rust.sql"),
            ("m/U4__x.sql", "rename it to V4__x.sql"),
            ("m/R__view.sql", "runs such a file again"),
            ("m/B7__base.sql", "regrow stamp 7"),
            ("m/V1.1__a.sql", "rename it to V1001__a.sql"),
            ("m/V1_12__a.sql", "rename it to V1012__a.sql"),
            ("m/v2__a.sql", "rename it to V2__a.sql"),
            ("m/V2_a.sql", "rename it to V2__a.sql"),
            ("m/V2__a-b c.sql", "rename it to V2__a_b_c.sql"),
            ("m/000001_create_x.up.sql", "rename it to V1__create_x.sql"),
            ("m/000001_create_x.down.sql", "rename it to V1__create_x.down.sql"),
            ("m/20260301101500_x.sql", "rename it to V20260301101500__x.sql"),
            ("m/0007.sql", "rename it to V7__revision.sql"),
            ("m/001.do.x.sql", "rename it to V1__x.sql"),
            ("m/001.undo.x.sql", "rename it to V1__x.down.sql"),
            ("m/2026-03-01-101500_x/up.sql", "rename it to V20260301101500__x.sql"),
            ("m/2026-03-01-101500_x/down.sql", "rename it to V20260301101500__x.down.sql"),
            ("m/20260301_x/migration.sql", "rename it to V20260301__x.sql"),
            ("m/deploy/users.sql", "revert/NAME.sql is V<version>__NAME.down.sql"),
            ("m/versions/ae10_x.py", "regrow stamp --from-alembic"),
            ("m/db.changelog.xml", "liquibase update-sql"),
            ("m/V3__x.sql.gz", "unpack it"),
            ("m/V3__x.sql.orig", "take it away"),
            ("m/1700_x.js", "save the statements"),
            ("m/users.sql", "V2__add_status.sql"),
        ] {
            let why = why_no_revision(path);
            assert!(why.contains(part), "{path}: {why}");
        }
    }

    fn marked(text: &str) -> Option<(usize, String)> {
        marker(&SourceFile::new("m/V2__x.sql", text)).map(|m| (m.place.line, m.reason))
    }

    #[test]
    fn the_way_back_in_the_same_file_is_found() {
        for heading in [
            "-- +goose Down",
            "-- migrate:down",
            "-- migrate:down transaction:false",
            "-- +migrate Down",
            "-- +micrate Down",
            "-- Down Migration",
            "-- !Downs",
            "-- down",
            "--DOWN",
            "-- Down",
            "---- create above / drop below ----",
            "-- //@UNDO",
            "-- @UNDO",
            "-- ROLLBACK",
            "/* +goose Down */",
            "-- === Down ===",
            "-- revert",
            "-- Rollback section:",
            "--- Downgrade ---",
            "-- migrate:down  notransaction",
            "-- rambler down",
            "-- Down (rollback)",
            "-- Down (drops what was made above, in order)",
            "-- === ROLLBACK (manual) ===",
            "-- rollback;",
            "-- Downgrade.",
            "-- down.sql",
            "-- V2 down",
            "-- v2 rollback",
            "-- step 2: down",
            "-- db-migrate: down",
            "-- go-migrate down",
            "-- +pg-migrate down",
            "-- darwin down",
            "-- acme down",
            "-- users: rollback",
            "-- backout",
            "-- teardown",
            "-- DOWNWARDS",
            "-- to undo:",
            "-- down migration for V2",
            "-- Reverse",
        ] {
            let text = format!("CREATE TABLE a ();\n{heading}\nDROP TABLE a;\n");
            let found = marked(&text).map(|(line, reason)| (line, reason.contains("way back")));
            assert_eq!(found, Some((2, true)), "{heading}");
            // With nothing below that runs, nothing is run that should not be.
            assert_eq!(
                marked(&format!("CREATE TABLE a ();\n{heading}\n-- DROP TABLE a;\n")),
                None,
                "{heading}"
            );
        }
        let text = "CREATE TABLE a ();\r\n-- +goose Down\r\nDROP TABLE a;\r\n";
        assert_eq!(marked(text).map(|(line, _)| line), Some(2));
    }

    #[test]
    fn a_way_back_says_where_the_way_forth_begins() {
        let down = |text: &str| marker(&SourceFile::new("m/V2__x.down.sql", text));
        assert_eq!(down("-- +goose Down\nDROP TABLE a;\n"), None);
        assert_eq!(down("-- Down\nDROP TABLE a;\n"), None);
        let found =
            down("-- migrate:down\nDROP TABLE a;\n-- migrate:up\nCREATE TABLE a ();").unwrap();
        assert!(
            found.reason.contains("way forth") && found.hint.contains("m/V2__x.sql"),
            "{found:?}"
        );
    }

    #[test]
    fn what_other_comments_ask_for_is_found() {
        for (text, part) in [
            ("-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;", "outside a transaction"),
            ("-- migrate:up transaction:false\nSELECT 1;", "outside a transaction"),
            ("-- +migrate Up notransaction\nSELECT 1;", "outside a transaction"),
            ("-- +goose ENVSUB ON\nSELECT '${A}';", "variables"),
            ("--liquibase formatted sql\n--changeset me:1\nSELECT 1;", "Liquibase"),
            ("SELECT 1;\n--rollback drop table x\nSELECT 2;", "Liquibase"),
        ] {
            let found = marked(text).unwrap_or_default();
            assert!(found.1.contains(part), "{text}: {found:?}");
        }
    }

    #[test]
    fn prose_and_strings_are_no_marker() {
        for text in [
            "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n",
            "-- migrate:up\nSELECT 1;",
            "-- the way back is in the down file\nSELECT 1;",
            "-- rolls back what V2 did\nSELECT 1;",
            "-- Rollback: drop the table by hand\nSELECT 1;",
            "-- go back to the old default\nSELECT 1;",
            "-- drop the old table\nDROP TABLE a;",
            "-- scale down the numbers\nSELECT 1;",
            "SELECT '\n-- +goose Down\n'; SELECT 2;",
            "SELECT $$\n-- migrate:down\n$$; SELECT 2;",
            "-- drop\nDROP TABLE a;",
            "-- undo the damage of V3\nSELECT 1;",
            "CREATE TABLE a (\n  -- down\n  id int); SELECT 1;",
            "SELECT 1; -- down\nSELECT 2;",
            "-- below\nSELECT 1;",
            "-- no rollback\nSELECT 1;",
            "-- scale down\nSELECT 1;",
            "-- rounded down\nSELECT 1;",
            "-- a rollback of V2 is not possible, see the runbook\nSELECT 1;",
            "-- the down file drops it\nSELECT 1;",
            "-- see V2__x.down.sql for how to take it back\nSELECT 1;",
            "-- revert the default of status\nSELECT 1;",
            "-- Reverse the order of the index\nSELECT 1;",
            "-- clean up\nSELECT 1;",
            "-- count = 1; down\nSELECT 1;",
        ] {
            assert_eq!(marked(text), None, "{text}");
        }
    }
}
