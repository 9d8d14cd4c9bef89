//! Files in TOML, and the names and heads of revisions.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use regrow::config::{Config, ConfigError};
use regrow::definition::Definition;
use regrow::project::ProjectionSettings;
use regrow::revision::Lineage;
use regrow::revision::target::Target;
use regrow::source::SourceFile;
use regrow::upcast::Upcasters;

use crate::corpus::{broken, real, soup};
use crate::harness::{property, text_property};
use crate::sql::SQL_WORDS;

const TOML_WORDS: &[&str] = &[
    "[database]",
    "[read_models]",
    "[event_store]",
    "[event_store.adopt]",
    "[migrate]",
    "[rebuild]",
    "[follow]",
    "url",
    "schema",
    "=",
    "\"x\"",
    "'y'",
    "\"\"\"",
    "'''",
    "1",
    "-1",
    "1_000",
    "0x1F",
    "1e9",
    "inf",
    "nan",
    "true",
    "2026-03-01T10:15:00Z",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    ".",
    "#",
    "\n",
    "\n",
    "batch_events = 5",
    "batch_bytes",
    "range_positions",
    "memory_budget = \"1 GiB\"",
    "memory_budget",
    "99999999999999999999",
    "poll_ms",
    "lock_timeout_ms",
    "preset",
    "table",
    "writers",
    "engine = \"native\"",
    "on_error = \"park\"",
    "publish_schema",
    "\\u0000",
    "\\U0010FFFF",
    "a.b.c",
];

const STEP_WORDS: &[&str] = &[
    "type = \"OrderItemAdded\"\n",
    "type",
    "[[step]]\n",
    "from = 1\n",
    "from = 2\n",
    "from",
    "to = 3\n",
    "drop = true\n",
    "rename = { a = \"b\" }\n",
    "rename = { ",
    "move = { \"a.b\" = \"c\" }\n",
    "remove = [\"a\", \"b.c\"]\n",
    "cast = { a = \"integer\" }\n",
    "cast = { \"a?\" = \"string\" }\n",
    "map.a = { \"1\" = 2, \"*\" = null_ }\n",
    "map = { a = { x = 1 } }\n",
    "set = { a.b.c = 1.50 }\n",
    "default = { currency = \"USD\" }\n",
    "jq = '.a'\n",
    "jq = '.a |'\n",
    "jq = \"\"\"\n",
    "\"\"\"\n",
    "a",
    "\"\"",
    "\"..\"",
    "{",
    "}",
    "[",
    "]",
    "=",
    ",",
    "\n",
    "inf",
    "0x1f",
    "1e9",
    "2026-03-01",
];

/// The file's lines hold the place a message names.
fn inside(text: &str, line: usize, column: usize) -> bool {
    let line = text.split('\n').nth(line - 1);
    line.is_some_and(|line| column >= 1 && column <= line.chars().count() + 1)
}

#[test]
fn settings_are_read_or_the_mistake_has_a_place() {
    let mut files = real("config.toml", ".toml");
    files.push(b"[event_store.adopt]\npreset = \"eventsourcing\"\ntable = \"public.e\"\n[rebuild]\nmemory_budget = \"64 MiB\"\n".to_vec());
    files.push(b"engine = \"sql\"\non_error = \"park\"\npublish_schema = \"read\"\n".to_vec());
    text_property("config.toml, projection.toml", 300, broken(files, TOML_WORDS), |text| {
        let file = SourceFile::new("config.toml", text);
        let found =
            [Config::parse(&file).map(|_| ()), ProjectionSettings::parse(&file).map(|_| ())];
        for error in found.into_iter().filter_map(Result::err) {
            if let ConfigError::Syntax { place, .. } = &error {
                prop_assert!(inside(text, place.line, place.column), "{}", error);
            }
            prop_assert!(!error.to_string().contains('\n'), "{error}");
        }
        Ok(())
    });
}

#[test]
fn upcasters_are_read_or_every_mistake_has_a_place() {
    let mut files = real("migrations/events", ".toml");
    files.push(
        b"type = \"A\"\n[[step]]\nfrom = 1\nrename = { \"a.b\" = \"c\", d = \"e\" }\ncast.n = \"integer\"\nmap.s = { x = 1, \"*\" = [1, { y = 2 }] }\n[[step]]\nfrom = 2\nmove = { x = \"y.z\" }\nset = { k = 1.50 }\n[[step]]\nfrom = 3\njq = '.a |= . + 1'\n[[step]]\nfrom = 4\ntype = \"B\"\nto = 1\n".to_vec(),
    );
    text_property("upcaster files", 200, broken(files, STEP_WORDS), |text| {
        let file = SourceFile::new("A.toml", text);
        if let Err(errors) = Upcasters::load(std::slice::from_ref(&file)) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(inside(text, error.place.line, error.place.column), "{error}");
            }
        }
        Ok(())
    });
}

const HEAD_WORDS: &[&str] = &[
    "-- ",
    "--",
    "\n",
    "\n",
    "revises:",
    "depends-on:",
    "labels:",
    "lineage:",
    "transaction:",
    "change:",
    "none",
    "in place",
    "backfill",
    "rebuild",
    "base",
    "1",
    "2",
    "V3",
    "20260228",
    "event_store@1",
    "@",
    ",",
    "(a remark)",
    "head",
    "a_label",
    "99999999999999999999",
    "-1",
    "SELECT 1;",
    "\u{feff}",
    ": ",
];

#[test]
fn revisions_are_put_in_order_or_refused() {
    let name = prop_oneof![
        4 => (0_i64..5, "[a-z_]{1,5}", select(&["", ".down"][..]))
            .prop_map(|(version, slug, down)| format!("V{version}__{slug}{down}.sql")),
        1 => soup(&["V", "1", "__", "_", ".sql", ".down", "/", "é", "99999999999999999999", "U1", "R__"], 8),
    ];
    let head = prop_oneof![
        soup(HEAD_WORDS, 20),
        vec((select(&HEAD_WORDS[4..10]), select(&HEAD_WORDS[10..])), 0..5).prop_map(|lines| lines
            .iter()
            .map(|(key, value)| format!("-- {key} {value}\n"))
            .collect()),
    ];
    let strategy = vec((name, head), 0..6);
    let bytes = |files: &Vec<(String, String)>| files.iter().map(|(a, b)| a.len() + b.len()).sum();
    property("revisions", 400, strategy, bytes, 100, |files| {
        let sources: Vec<_> = files
            .iter()
            .map(|(name, head)| SourceFile::new(name.as_str(), format!("{head}\nSELECT 1;\n")))
            .collect();
        match Lineage::load("x", sources.clone()) {
            Ok(lineage) => {
                for (nth, revision) in lineage.revisions.iter().enumerate() {
                    let before = &lineage.revisions[..nth];
                    for parent in revision.parents() {
                        prop_assert!(
                            before.iter().any(|r| r.version == parent),
                            "{}",
                            revision.stem()
                        );
                    }
                    let named = revision.up.path.ends_with(&format!("{}.sql", revision.slug));
                    prop_assert!(named, "{}", revision.stem());
                    let _ = (revision.normal_checksum(), revision.head_place("change"));
                }
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|e| !e.to_string().is_empty()));
            }
        }
        let definition = Definition {
            projection: "x".into(),
            revisions: sources.clone(),
            handlers: SourceFile::new("handlers.sql", files.first().map_or("", |f| f.1.as_str())),
            checks: None,
            upcasters: sources,
            on_error: Default::default(),
            engine: Default::default(),
            publish_schema: None,
            reads: Vec::new(),
            trust_functions: Vec::new(),
        };
        prop_assert_eq!(&Definition::from_json(&definition.to_json()).unwrap(), &definition);
        let _ = (definition.parse().is_ok(), definition.hash());
        Ok(())
    });
}

/// A target is a word of the command line.
#[test]
fn targets_are_words_or_mistakes() {
    let strategy = soup(
        &["head", "heads", "base", "+", "-", "1", "2", "@", "event_store", "V", "label", ":"],
        6,
    );
    text_property("targets", 200, strategy, |text| {
        let _ = Target::parse(text, |name| name == "event_store");
        Ok(())
    });
}

/// Words that are no file of a project still are files that somebody wrote.
#[test]
fn any_words_are_a_definition_or_mistakes() {
    let strategy = soup(SQL_WORDS, 60);
    text_property("definitions", 50, strategy, |text| {
        let file = |path: &str| SourceFile::new(path, text);
        let definition = Definition {
            projection: "x".into(),
            revisions: vec![file("V1__x.sql"), file("V1__x.down.sql")],
            handlers: file("handlers.sql"),
            checks: Some(file("checks.sql")),
            upcasters: vec![file("A.toml")],
            on_error: Default::default(),
            engine: Default::default(),
            publish_schema: Some(text.into()),
            reads: Vec::new(),
            trust_functions: Vec::new(),
        };
        if let Err(errors) = definition.parse() {
            prop_assert!(!errors.lines().is_empty());
        }
        Ok(())
    });
}
