//! What is bound, and the line that stands in the way of what is not.

use super::*;
use crate::handler::function::{self, StatementTypes};
use crate::handler::native::{Column, tables};
use crate::handler::param_type::ParamType;
use crate::source::SourceFile;

fn tables() -> Vec<Table> {
    let table = |name: &str, columns: &[(&str, &str)], key: &[usize]| tables::Table {
        name: name.into(),
        columns: columns
            .iter()
            .map(|(name, ty)| Column {
                name: (*name).into(),
                ty: CellType::of_sql(ty).unwrap(),
                not_null: false,
                default: Ok(crate::cell::Cell::Null),
            })
            .collect(),
        key: key.to_vec(),
        checks: Vec::new(),
        computed: Vec::new(),
        generated: Vec::new(),
        indexed: key.to_vec(),
        obstacle: None,
    };
    let mut odd = table("odd", &[("id", "text")], &[0]);
    odd.obstacle = Some("has the trigger x".into());
    vec![
        table("o", &[("id", "text"), ("n", "integer"), ("t", "text")], &[0]),
        table("l", &[("id", "text"), ("line", "text"), ("n", "integer")], &[0, 1]),
        table("s", &[("k", "text"), ("n", "integer")], &[0]),
        table("i", &[("id", "integer"), ("n", "integer")], &[0]),
        table("b", &[("id", "bigint"), ("n", "integer")], &[0]),
        table("v", &[("id", "character varying(3)"), ("n", "integer")], &[0]),
        odd,
    ]
}

/// Types as PostgreSQL would infer them: what is named `n...` and the numbers of the envelope are integers.
fn type_of(source: &ParamSource) -> ParamType {
    let name = source.to_string();
    let last = name.rsplit(['.', ':']).next().unwrap_or_default();
    let number = last.starts_with('n') || name == ":event.index";
    ParamType::plain(match name.as_str() {
        ":event.position" => "bigint",
        _ if number => "integer",
        _ => "text",
    })
}

fn proved(handlers: &str, upcasters: &Upcasters) -> (Handlers, Vec<TableRoute>) {
    let handlers = Handlers::parse(SourceFile::new("h.sql", handlers)).unwrap();
    let types: Vec<Vec<StatementTypes>> = handlers
        .handlers
        .iter()
        .map(|handler| {
            let of = |statement: &crate::handler::Statement| {
                let mut by_use = Vec::new();
                statement.render(|param| {
                    by_use.push(type_of(&handler.params[param].source));
                    String::from("NULL")
                });
                StatementTypes { by_use }
            };
            handler.statements.iter().map(of).collect()
        })
        .collect();
    let slots = function::slots(&handlers, &types);
    let program = Program::compile(tables(), &handlers, &types, &slots);
    let routes = prove(&program, &handlers, &slots, upcasters);
    (handlers, routes)
}

/// All that is said of a table, in one line: `id by :a in A, :b in B; with l; alone`.
fn told_with(handlers: &str, table: &str, upcasters: &Upcasters) -> String {
    let (handlers, routes) = proved(handlers, upcasters);
    let described = tables();
    let name = |table: &usize| described[*table].name.clone();
    let found = routes.iter().find(|one| one.name == table).unwrap();
    let one = |route: &Route| {
        let by: Vec<String> = route
            .written(&handlers)
            .into_iter()
            .map(|(param, types)| format!("{param} in {}", types.join(" ")))
            .collect();
        let others: Vec<String> =
            route.group.keys().filter(|one| **one != found.table).map(name).collect();
        let with =
            if others.is_empty() { String::new() } else { format!("; with {}", others.join(" ")) };
        let alone = match &route.alone {
            Ok(whole) if whole.group == route.group => "alone".to_owned(),
            Ok(whole) => {
                let all: Vec<String> = whole.group.keys().map(name).collect();
                format!("alone as {}", all.join(" "))
            }
            Err(obstacle) => format!("but {obstacle}"),
        };
        let column = &described[found.table].columns[route.column].name;
        format!("{column} by {}{with}; {alone}", by.join(", "))
    };
    match &found.routes {
        Ok(routes) => routes.iter().map(one).collect::<Vec<_>>().join(" | "),
        Err(Unbound::Unwritten) => "unwritten".into(),
        Err(Unbound::Obstacle(obstacle)) => obstacle.to_string(),
    }
}

#[track_caller]
fn check(handlers: &str, table: &str, expect: &str) {
    assert_eq!(told_with(handlers, table, &Upcasters::none()), expect, "{handlers}");
}

#[test]
fn rows_are_bound_where_every_statement_has_the_parameter() {
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:order.id, 0) ON CONFLICT (id) DO UPDATE SET n = 1;\n\
         -- on B\nUPDATE o SET n = n + :n WHERE id = :orderId AND n < 5;\n\
         -- on C, D\nDELETE FROM o WHERE :orderId = id;",
        "o",
        "id by :order.id in A, :orderId in B C D; alone",
    );
    check(
        "-- on A\nINSERT INTO o VALUES (:event.stream_id, 1, 'x');\n-- on B\nUPDATE o SET n = 2 WHERE id = :event.stream_id;",
        "o",
        "id by :event.stream_id in A B; alone",
    );
    check("-- on A\nUPDATE o SET n = 1 WHERE t = :t AND id = :a", "o", "id by :a in A; alone");
    check("-- on A\nDELETE FROM o WHERE id = :a;", "l", "unwritten");
}

#[test]
fn several_columns_of_a_key_may_bind() {
    check(
        "-- on A\nINSERT INTO l VALUES (:a, :b, 1);\n-- on B\nUPDATE l SET n = 2 WHERE id = :a AND line = :b;",
        "l",
        "id by :a in A B; alone | line by :b in A B; alone",
    );
    check(
        "-- on A\nINSERT INTO l VALUES (:a, :b, 1);\n-- on B\nUPDATE l SET n = 2 WHERE id = :a;",
        "l",
        "id by :a in A B; alone",
    );
    check(
        "-- on A\nINSERT INTO l VALUES (:a, 'x', 1), (:a, 'y', 2) ON CONFLICT DO NOTHING;",
        "l",
        "id by :a in A; alone",
    );
}

#[test]
fn what_is_not_just_the_parameter_binds_nothing() {
    let stored = |value: &str| format!("-- on A\nINSERT INTO o (id) VALUES ({value});");
    for value in ["'x'", "COALESCE(:a?, :b)", ":a || 'x'", ":n::text", "NULL"] {
        check(&stored(value), "o", "h.sql:2:1: what it stores in o.id is not just a parameter");
    }
    check(
        "-- on A\nINSERT INTO o (n) VALUES (1);",
        "o",
        "h.sql:2:1: what it stores in o.id is not just a parameter",
    );
    check(
        "-- on A\nINSERT INTO o (id) VALUES (:a), (:b);",
        "o",
        "h.sql:2:1: it binds o.id to another parameter than the handler's other statements",
    );
    let by_other = "h.sql:4:1: it finds rows of o by other than id = a parameter";
    for condition in ["t = :t", "id = 'x'", "id = :a || 'x'", "t = :t AND (id = :a OR n = 1)"] {
        check(
            &format!(
                "-- on A\nINSERT INTO o (id) VALUES (:a);\n-- on B\nUPDATE o SET n = 1 WHERE {condition};"
            ),
            "o",
            by_other,
        );
    }
    // The division is asked of rows of all values.
    check(
        "-- on A\nINSERT INTO l VALUES (:a, :b, 1);\n-- on B\nUPDATE l SET n = 1 WHERE n = :n AND id = :a AND 1 / n > 0;",
        "l",
        "h.sql:4:1: it finds rows of l by other than id = a parameter",
    );
    check(
        "-- on A\nINSERT INTO l VALUES (:a, :b, 1);\n-- on B\nUPDATE l SET n = 1 WHERE n = :n AND id = :a;",
        "l",
        "id by :a in A B; alone",
    );
}

#[test]
fn a_key_that_changes_binds_nothing() {
    check("-- on A\nUPDATE o SET id = :b WHERE id = :a;", "o", "h.sql:2:1: it changes o.id");
    check(
        "-- on A\nINSERT INTO o (id) VALUES (:a) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id;",
        "o",
        "h.sql:2:1: it changes o.id",
    );
    check(
        "-- on A\nUPDATE l SET line = :b WHERE id = :a AND line = :c;",
        "l",
        "id by :a in A; alone",
    );
}

#[test]
fn look_ups_are_bound_too_or_stand_in_the_way() {
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM s WHERE k = :a));\n-- on B\nINSERT INTO s VALUES (:b, 1);",
        "o",
        "id by :a in A, :b in B; with s; alone",
    );
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM s WHERE k = :c));\n-- on B\nINSERT INTO s VALUES (:b, 1);",
        "o",
        "h.sql:2:1: it looks up a row of s by another value",
    );
}

#[test]
fn look_ups_by_another_value_stand_in_the_way() {
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM s WHERE k = 'all'));\n-- on B\nINSERT INTO s VALUES (:b, 1);",
        "o",
        "h.sql:2:1: it looks up a row of s by another value",
    );
    // Nobody writes it, so it is what revisions made.
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM s WHERE k = 'all'));",
        "o",
        "id by :a in A; alone",
    );
    // In a look-up over the row that a look-up finds.
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM o AS p WHERE p.id = :a AND p.n > (SELECT n FROM s WHERE k = 'all')));\n\
         -- on B\nINSERT INTO s VALUES (:b, 1);",
        "o",
        "h.sql:2:1: it looks up a row of s by another value",
    );
    check(
        "-- on A\nINSERT INTO o (id) VALUES (:a);\n-- on B\nUPDATE o SET n = 1 WHERE id = :a AND EXISTS (SELECT FROM s WHERE k = o.t);\n\
         -- on C\nINSERT INTO s VALUES (:b, 1);",
        "o",
        "h.sql:4:1: it looks up a row of s by another value",
    );
}

#[test]
fn a_look_up_that_would_bind_by_another_parameter_is_told() {
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM s WHERE k = :a));\n\
         -- on B\nINSERT INTO s VALUES ('x', 1);",
        "o",
        "h.sql:2:1: it looks up a row of s, which is not bound: h.sql:4:1: what it stores in s.k is not just a parameter",
    );
    // In the handler that writes both, the parameter must be one.
    check(
        "-- on A\nINSERT INTO o (id, n) VALUES (:a, (SELECT n FROM s WHERE k = :a));\nUPDATE s SET n = 1 WHERE k = :b;",
        "o",
        "h.sql:2:1: it looks up a row of s, which is not bound: h.sql:3:1: it binds s.k to another parameter \
         than the handler's other statements",
    );
}

#[test]
fn values_of_two_types_are_not_one_value() {
    // As a text "17" and " 17" are two keys, as a number one.
    check(
        "-- on A\nINSERT INTO i VALUES (:n, 1);\nINSERT INTO b VALUES (:n, 1);",
        "i",
        "id by :n in A; alone as i b",
    );
    let (handlers, routes) = proved("-- on A\nINSERT INTO v VALUES (:a, 1);", &Upcasters::none());
    let route = &routes.iter().find(|one| one.name == "v").unwrap().routes.as_ref().unwrap()[0];
    assert_eq!(route.written(&handlers)[0].0, ":a");
    assert_eq!(route.ty, CellType::of_sql("character varying(3)").unwrap());
    check(
        "-- on A\nINSERT INTO v VALUES (:a, 1);\nINSERT INTO o (id) VALUES (:a);",
        "o",
        "id by :a in A; but h.sql:2:1: it writes v for the same event, which may fail by rows of another value: \
         v.id and o.id are of two types, in which other values are equal",
    );
}

#[test]
fn another_table_of_the_same_event_decides_whether_it_happens() {
    check(
        "-- on A\nINSERT INTO o (id) VALUES (:a);\nINSERT INTO l VALUES (:a, :b, 1);",
        "o",
        "id by :a in A; alone as o l",
    );
    check(
        "-- on A\nINSERT INTO o (id) VALUES (:a);\nUPDATE s SET n = n + 1 WHERE k = :b;",
        "o",
        "id by :a in A; but h.sql:3:1: it writes s for the same event, which may fail by rows of another value: \
         h.sql:3:1: it binds s.k to another parameter than the handler's other statements",
    );
}

#[test]
fn what_runs_in_sql_may_do_anything() {
    check(
        "-- on A\nINSERT INTO o (id) VALUES (:a);\n-- on B\nDELETE FROM s WHERE n > 5;",
        "o",
        "h.sql:4:1: it runs in SQL: rows by other than the whole key or column = value are not in the native subset",
    );
    check("-- on A\nINSERT INTO o (id) VALUES (:a);\n-- on B\n", "o", "id by :a in A; alone");
    check("-- on A\nINSERT INTO o (id) VALUES (:a);", "odd", "the table odd has the trigger x");
}

#[test]
fn a_filter_may_make_several_events_of_one() {
    let file = "type = \"A\"\n[[step]]\nfrom = 1\njq = \".items[]\"";
    let upcasters = Upcasters::load(&[SourceFile::new("A.toml", file)]).unwrap();
    let told = |handlers: &str| told_with(handlers, "o", &upcasters);
    assert_eq!(
        told("-- on A\nINSERT INTO o (id) VALUES (:a);"),
        "id by :a in A; but A.toml:2:1: a jq filter may make several events of one, and makes none where it fails"
    );
    assert_eq!(
        told("-- on A\nINSERT INTO o (id) VALUES (:event.stream_id);"),
        "id by :event.stream_id in A; alone"
    );
    assert_eq!(
        told(
            "-- on A\nINSERT INTO o (id) VALUES (:event.stream_id);\n-- on B\nINSERT INTO s VALUES (:k, 1);"
        ),
        "id by :event.stream_id in A; but A.toml:2:1: a jq filter may make several events of one, and makes none where it fails"
    );
    assert_eq!(told("-- on C\nINSERT INTO o (id) VALUES (:a);"), "id by :a in C; alone");
    let file = "type = \"A\"\n[[step]]\nfrom = 1\njq = \".b = (.c | scaled(2)) | del(.c)\"";
    let upcasters = Upcasters::load(&[SourceFile::new("A.toml", file)]).unwrap();
    let told = told_with("-- on A\nINSERT INTO o (id) VALUES (:a);", "o", &upcasters);
    assert_eq!(told, "id by :a in A; alone");
}
