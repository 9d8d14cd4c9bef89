//! SQL of every file: handlers, checks, migrations, and the native engine's compiler.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use regrow::cell::{Cell, CellType};
use regrow::ddl;
use regrow::handler::function::{Slot, StatementTypes, slots};
use regrow::handler::native::{Column, Program, Table};
use regrow::handler::param_type::ParamType;
use regrow::handler::{Handlers, parse_checks, split, without_comments};
use regrow::lint::{Profile, Script, lint};
use regrow::source::SourceFile;

use crate::corpus::{broken, real};
use crate::harness::text_property;

pub(crate) const SQL_WORDS: &[&str] = &[
    "SELECT",
    "INSERT INTO",
    "UPDATE",
    "DELETE FROM",
    "order_summary",
    "p",
    "VALUES",
    "SET",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "NULL",
    "IS",
    "IN",
    "(",
    ")",
    ",",
    ";",
    "=",
    "+",
    "-",
    "*",
    "/",
    "||",
    "::",
    "int",
    "numeric",
    "text",
    "'a'",
    "E'\\n'",
    "U&'\\0041'",
    "$$",
    "$tag$",
    "\"odd name\"",
    ":id",
    ":a.b.c",
    ":a.\"x y\"?",
    ":event.position",
    ":event.metadata.x",
    "$1",
    "1",
    "1.5e3",
    ".5",
    "--",
    "-- on OrderCreated\n",
    "-- on \"a, b\", c\n",
    "-- on \n",
    "/*",
    "*/",
    "ON CONFLICT (id) DO UPDATE SET",
    "EXCLUDED",
    ".",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "EXISTS",
    "COALESCE(",
    "CAST(",
    "AS",
    "CREATE TABLE",
    "ALTER TABLE",
    "ADD COLUMN",
    "DROP",
    "INDEX",
    "CONCURRENTLY",
    "PRIMARY KEY",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC",
    "DO",
    "COPY",
    "BEGIN",
    "COMMIT",
    "[",
    "]",
    "{",
    "\\i x",
    "RETURNING",
    "WITH x AS (",
    "ARRAY[",
    "INTERVAL '1 day'",
    "BETWEEN",
    "LIKE",
    "id",
    "n",
    "t",
    "at",
    "j",
];

fn files() -> Vec<Vec<u8>> {
    let mut files = real("projections", ".sql");
    files.extend(real("migrations", ".sql"));
    files
}

fn file(text: &str) -> SourceFile {
    SourceFile::new("V1__x.sql", text)
}

/// A place of a message lies in its file.
macro_rules! lies_in {
    ($text:expr, $place:expr) => {
        let line = $text.split('\n').nth($place.line - 1);
        prop_assert!(
            line.is_some_and(|line| $place.column >= 1 && $place.column <= line.chars().count() + 1),
            "{} lies outside",
            $place
        );
    };
}

#[test]
fn handlers_are_read_or_every_mistake_has_a_place() {
    text_property("handlers", 300, broken(files(), SQL_WORDS), |text| {
        let handlers = match Handlers::parse(file(text)) {
            Ok(handlers) => handlers,
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    lies_in!(text, error.place);
                }
                return Ok(());
            }
        };
        for handler in &handlers.handlers {
            for statement in &handler.statements {
                // With its parameters as they stand in the file, it is what stands in the file.
                let written: Vec<_> = handler.params.iter().map(ToString::to_string).collect();
                let rendered = statement.render(|param| format!("{} ", written[param]));
                for at in 0..=rendered.sql.len() {
                    prop_assert!(rendered.source_offset(at) <= text.len());
                }
                // And reads as the same parameters.
                let again = format!("-- on T\n{}", rendered.sql);
                let again = Handlers::parse(file(&again))
                    .map_err(|e| TestCaseError::fail(format!("{again:?}: {e:?}")))?;
                let of = |params: &[regrow::handler::Param]| -> Vec<_> {
                    params.iter().map(ToString::to_string).collect()
                };
                let own: Vec<_> = statement.params().iter().map(|p| written[*p].clone()).collect();
                prop_assert_eq!(of(&again.handlers[0].params), own);
            }
        }
        Ok(())
    });
}

#[test]
fn checks_and_statements_are_cut_the_same_way_twice() {
    text_property("checks, split", 300, broken(files(), SQL_WORDS), |text| {
        match parse_checks(file(text)) {
            Ok(checks) => {
                for check in checks {
                    prop_assert_eq!(&text[check.span.clone()], check.sql.as_str());
                }
            }
            Err(errors) => {
                for error in errors {
                    lies_in!(text, error.place);
                }
            }
        }
        match split(&file(text)) {
            Err(error) => {
                lies_in!(text, error.place);
            }
            Ok(spans) => {
                let pieces: Vec<_> = spans.iter().map(|span| &text[span.clone()]).collect();
                // A mark at byte 0 would be an editor's.
                let joined = format!(" {}", pieces.join("\n;\n"));
                let again =
                    split(&file(&joined)).map_err(|e| TestCaseError::fail(e.to_string()))?;
                let again: Vec<_> = again.iter().map(|span| &joined[span.clone()]).collect();
                prop_assert_eq!(again, pieces);
            }
        }
        // A text that cannot be cut to its end keeps its comments.
        if split(&file(text)).is_ok() {
            let plain = without_comments(text);
            prop_assert_eq!(without_comments(&format!(" {plain}")), plain);
        }
        Ok(())
    });
}

#[test]
fn migrations_are_understood_or_called_other() {
    text_property("ddl", 150, broken(files(), SQL_WORDS), |text| {
        let file = file(text);
        if let Ok(statements) = ddl::read(&file) {
            for statement in &statements {
                prop_assert!(!statement.steps.is_empty());
                prop_assert!(text.get(statement.span.clone()).is_some());
                for step in &statement.steps {
                    prop_assert!(text.get(step.span.clone()).is_some(), "{:?}", step);
                }
            }
            let _ = ddl::change_of(&statements);
            let _ = ddl::inside_transaction(&file);
        }
        Ok(())
    });
}

#[test]
fn the_linter_finds_places_that_are_in_the_file() {
    text_property("lint", 60, broken(files(), SQL_WORDS), |text| {
        let file = file(text);
        let strict = Profile::Strict { log: "event_store.events".into() };
        for profile in [strict, Profile::Relaxed] {
            let script = Script { file: &file, outside_transaction: false, profile: &profile };
            for finding in lint(&script) {
                lies_in!(text, finding.place);
            }
        }
        Ok(())
    });
}

pub(crate) fn tables() -> Vec<Table> {
    let column = |(name, sql_type): &(&str, &str)| Column {
        name: (*name).into(),
        ty: CellType::of_sql(sql_type).unwrap(),
        not_null: false,
        default: Ok(Cell::Null),
    };
    let list = [
        ("id", "integer"),
        ("n", "numeric"),
        ("f", "double precision"),
        ("t", "text"),
        ("at", "timestamp with time zone"),
        ("j", "jsonb"),
        ("a", "text[]"),
        ("b", "boolean"),
        ("d", "date"),
        ("v", "character varying(10)"),
    ];
    vec![Table {
        name: "p".into(),
        columns: list.iter().map(column).collect(),
        key: vec![0],
        checks: Vec::new(),
        computed: Vec::new(),
        generated: Vec::new(),
        indexed: vec![0],
        obstacle: None,
    }]
}

/// Compiles a handlers file with parameters of one type.
pub(crate) fn compile(text: &str, sql_type: &str) -> Option<Program> {
    let handlers = Handlers::parse(SourceFile::new("handlers.sql", text)).ok()?;
    let by_use = vec![ParamType::plain(sql_type); 100];
    let types: Vec<Vec<StatementTypes>> = handlers
        .handlers
        .iter()
        .map(|h| vec![StatementTypes { by_use: by_use.clone() }; h.statements.len()])
        .collect();
    let slots: Vec<Vec<Slot>> = slots(&handlers, &types);
    assert!(slots.iter().flatten().all(|slot| slot.ty.sql == sql_type));
    let program = Program::compile(tables(), &handlers, &types, &slots);
    for rejection in program.rejections() {
        let said = rejection.to_string();
        assert!(said.starts_with("handlers.sql:"), "{said}");
    }
    Some(program)
}

/// Expressions of the subset and around it.
fn expression() -> impl Strategy<Value = String> {
    let leaf = select(
        &[
            "id",
            "n",
            "f",
            "t",
            "at",
            "j",
            "a",
            "b",
            "d",
            "v",
            ":x",
            ":y",
            "1",
            "-1",
            "1.50",
            "1e3",
            "2147483648",
            "99999999999999999999999999999999999999999",
            "'a'",
            "'2026-01-01'",
            "NULL",
            "TRUE",
            "DEFAULT",
            "EXCLUDED.n",
            "p.n",
            "''",
            "'1.5'",
            "'{1,2}'",
            "0",
            "0.0",
        ][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 4, |inner| {
        let two = (inner.clone(), inner.clone());
        let operator = select(
            &[
                "+", "-", "*", "/", "||", "=", "<>", "<", ">=", "AND", "OR", "%", "^", "->>", "->",
                "@>", "&&", "~",
            ][..],
        );
        let call = select(
            &[
                "coalesce",
                "lower",
                "abs",
                "round",
                "greatest",
                "nullif",
                "length",
                "concat",
                "array_append",
                "to_char",
                "now",
                "jsonb_set",
                "substr",
                "trim",
                "nosuch",
            ][..],
        );
        let ty = select(
            &[
                "int",
                "bigint",
                "numeric",
                "numeric(4,1)",
                "text",
                "date",
                "timestamptz",
                "boolean",
                "jsonb",
                "text[]",
                "varchar(2)",
                "float8",
                "uuid",
            ][..],
        );
        prop_oneof![
            (two.clone(), operator).prop_map(|((a, b), op)| format!("({a} {op} {b})")),
            (two.clone(), select(&["+", "AND", "="][..]))
                .prop_map(|((a, b), op)| format!("{a} {op} {b}")),
            (inner.clone(), ty.clone()).prop_map(|(a, ty)| format!("({a})::{ty}")),
            (inner.clone(), ty).prop_map(|(a, ty)| format!("CAST({a} AS {ty})")),
            (call, vec(inner.clone(), 0..4))
                .prop_map(|(f, args)| format!("{f}({})", args.join(", "))),
            (two.clone(), inner.clone())
                .prop_map(|((a, b), c)| format!("CASE WHEN {a} THEN {b} ELSE {c} END")),
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            (
                inner.clone(),
                select(&["IS NULL", "IS NOT TRUE", "IS UNKNOWN", "IS DISTINCT FROM 1"][..])
            )
                .prop_map(|(a, is)| format!("({a}) {is}")),
            (two.clone(), inner.clone())
                .prop_map(|((a, b), c)| format!("({a}) BETWEEN ({b}) AND ({c})")),
            (inner.clone(), vec(inner.clone(), 1..4))
                .prop_map(|(a, l)| format!("({a}) IN ({})", l.join(", "))),
            two.prop_map(|(a, b)| format!(
                "(SELECT l.{} FROM p AS l WHERE l.id = {b})",
                if a.len() == 1 { a } else { "n".into() }
            )),
        ]
    })
}

#[test]
fn handlers_compile_or_are_left_to_the_server() {
    let statement = (
        expression(),
        expression(),
        select(&["n", "t", "at", "j", "b", "d", "v", "id", "a", "f"][..]),
        0..4_usize,
    );
    let statement = statement.prop_map(|(a, b, column, form)| {
        let sql = match form {
            0 => format!("UPDATE p SET {column} = {a} WHERE id = :id AND {b}"),
            1 => format!("INSERT INTO p (id, {column}) VALUES (:id, {a}) ON CONFLICT (id) DO UPDATE SET {column} = {b}"),
            2 => format!("DELETE FROM p WHERE {a} = id AND ({b})"),
            _ => format!("INSERT INTO p VALUES ({a}, {b})"),
        };
        format!("-- on E\n{sql};\n")
    });
    let types =
        ["text", "integer", "numeric", "timestamp with time zone", "jsonb", "text[]", "boolean"];
    let strategy =
        prop_oneof![3 => statement, 1 => broken(real("projections", "handlers.sql"), SQL_WORDS)];
    text_property("native", 300, strategy, |text| {
        for sql_type in types {
            compile(text, sql_type);
        }
        Ok(())
    });
    // The words above must not all be refused.
    let fine = "-- on E\nUPDATE p SET n = n + :x WHERE id = 1;\n";
    assert!(compile(fine, "numeric").unwrap().handlers[0].is_ok());
}
