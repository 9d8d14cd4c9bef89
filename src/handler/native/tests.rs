//! What compiles, and what does not: where, and why.

use super::*;
use crate::cell::{CellType, Kind};
use crate::handler::param_type::ParamType;
use crate::source::SourceFile;

fn column(name: &str, sql_type: &str) -> Column {
    let ty = CellType::of_sql(sql_type).unwrap();
    Column { name: name.into(), ty, not_null: false, default: Ok(crate::cell::Cell::Null) }
}

fn tables() -> Vec<Table> {
    let table = |name: &str, columns: &[(&str, &str)], key: &[usize]| Table {
        name: name.into(),
        columns: columns.iter().map(|(name, ty)| column(name, ty)).collect(),
        key: key.to_vec(),
        checks: Vec::new(),
        computed: Vec::new(),
        generated: Vec::new(),
        indexed: key.to_vec(),
        obstacle: None,
    };
    let list = [
        ("id", "integer"),
        ("n", "numeric"),
        ("f", "double precision"),
        ("t", "text"),
        ("at", "timestamp with time zone"),
        ("j", "jsonb"),
        ("a", "text[]"),
    ];
    let mut odd = table("odd", &[("id", "integer"), ("v", "text")], &[0]);
    odd.obstacle = Some("has the trigger x".into());
    let mut made = table("made", &[("id", "integer"), ("v", "text")], &[0]);
    made.generated.push("g".into());
    made.columns[1].default = Err("now()".into());
    vec![
        table("p", &list, &[0]),
        table("q", &[("k", "text"), ("nr", "integer")], &[0, 1]),
        odd,
        made,
    ]
}

/// The handler of a statement whose parameters have these types, in the order of the text.
fn compile(sql: &str, types: &[&str]) -> Result<Vec<Statement>, Vec<Rejection>> {
    let file = SourceFile::new("handlers.sql", format!("-- on E\n{sql};\n"));
    let handlers = Handlers::parse(file).unwrap();
    let by_use = types.iter().map(|t| ParamType::plain(t)).collect();
    let mut slots = Vec::new();
    for param in 0..handlers.handlers[0].params.len() {
        for sql_type in types {
            slots.push(Slot { param, ty: ParamType::plain(sql_type) });
        }
    }
    let types = [vec![StatementTypes { by_use }]];
    Program::compile(tables(), &handlers, &types, &[slots]).handlers.remove(0)
}

#[track_caller]
fn compiles(sql: &str, types: &[&str]) {
    if let Err(rejections) = compile(sql, types) {
        panic!("{sql}: {}", rejections[0]);
    }
}

/// The place (line and column) and the reason.
#[track_caller]
fn rejected(sql: &str, types: &[&str], expect: &str) {
    let rejections = compile(sql, types).expect_err(sql);
    let found: Vec<String> = rejections.iter().map(ToString::to_string).collect();
    let expect = expect.replacen(": ", " runs in SQL: ", 1);
    assert_eq!(found, [format!("handlers.sql:{expect}")], "{sql}");
}

#[test]
fn statements_of_one_row_compile() {
    let int = &["integer"];
    compiles("INSERT INTO p (id, n) VALUES (:id, 1.5) ON CONFLICT (id) DO NOTHING", int);
    compiles("INSERT INTO p VALUES (:id), (2) ON CONFLICT DO NOTHING", int);
    compiles("UPDATE p AS u SET n = u.n + 1, id = u.id + 1 WHERE id = :id AND n > 5", int);
    compiles("UPDATE p SET n = DEFAULT WHERE t = :t", &["text"]);
    compiles("DELETE FROM p WHERE :id = id", int);
    compiles(
        "UPDATE p SET n = (SELECT l.id FROM p AS l WHERE l.id = p.id + 1) WHERE id = :id",
        int,
    );
    compiles("DELETE FROM q WHERE nr = :nr AND k = 'x'", int);
}

#[test]
fn what_happens_whatever_the_row_is_kept_apart() {
    let found = compile("DELETE FROM p WHERE id = :id AND n > 1 AND :x > 0", &["integer"; 2]);
    let Action::Delete { gates, conditions, .. } = &found.unwrap()[0].action else { panic!() };
    assert_eq!((gates.len(), conditions.len()), (1, 1));
}

#[test]
fn every_kind_of_statement_outside_is_told_with_its_place() {
    let int = &["integer"];
    let cases: &[(&str, &str)] = &[
        (
            "WITH x AS (SELECT 1) DELETE FROM p WHERE id = :id",
            "2:1: only INSERT, UPDATE and DELETE are in the native subset",
        ),
        (
            "UPDATE public.p SET n = 1 WHERE id = :id",
            "2:1: a table with its schema written out is not in the native subset",
        ),
        ("UPDATE ONLY p SET n = 1 WHERE id = :id", "2:1: ONLY is not in the native subset"),
        (
            "UPDATE p SET n = 1 FROM q WHERE id = :id",
            "2:1: UPDATE ... FROM is not in the native subset",
        ),
        (
            "UPDATE p SET (n, t) = (1, 'x') WHERE id = :id",
            "2:1: SET (a, b) = ... is not in the native subset",
        ),
        (
            "UPDATE p SET n = 1 WHERE n = :id",
            "2:1: rows by other than the whole key or column = value are not in the native subset",
        ),
        (
            "UPDATE p SET id = 1 WHERE t = 'x' AND n > :id",
            "2:1: changing the key of many rows is not in the native subset",
        ),
        (
            "DELETE FROM p USING q WHERE id = :id",
            "2:1: DELETE ... USING is not in the native subset",
        ),
        ("INSERT INTO p (id) SELECT :id", "2:1: only INSERT ... VALUES is in the native subset"),
        (
            "INSERT INTO p (id) VALUES (:id) ON CONFLICT (t) DO NOTHING",
            "2:1: ON CONFLICT on other columns than the primary key",
        ),
        (
            "INSERT INTO p (id) VALUES (:id) ON CONFLICT ON CONSTRAINT c DO NOTHING",
            "2:1: ON CONFLICT ON CONSTRAINT is not in the native subset",
        ),
        (
            "INSERT INTO p (id) VALUES (:id), (2) ON CONFLICT (id) DO UPDATE SET n = 1",
            "2:1: DO UPDATE of several rows is not in the native subset",
        ),
        (
            "INSERT INTO p (id, n) VALUES (:id, 1), (2, (SELECT n FROM p WHERE id = 1))",
            "2:1: look-ups among several rows are not in the native subset",
        ),
        ("INSERT INTO odd VALUES (:id)", "2:1: the table odd has the trigger x"),
        ("INSERT INTO none VALUES (:id)", "2:1: none is not a table of the projection"),
        (
            "INSERT INTO made (id) VALUES (:id)",
            "2:1: the default of v is not in the native subset: now()",
        ),
        (
            "INSERT INTO made VALUES (:id, 'x')",
            "2:1: an INSERT without column names into a table with generated columns",
        ),
        ("INSERT INTO made (id, g) VALUES (:id, DEFAULT)", "2:1: g cannot be written"),
        (
            "UPDATE p SET n = 1 WHERE id = :id + 1 AND 1 / n > 0",
            "2:1: a computed key beside a condition that can fail",
        ),
        (
            "DELETE FROM p WHERE id = 1.5 AND n > :id",
            "2:1: a key compared with another type is not in the native subset",
        ),
    ];
    for (sql, expect) in cases {
        rejected(sql, int, expect);
    }
}

#[test]
fn every_kind_of_expression_outside_is_told_with_its_place() {
    let of = "is not in the native subset";
    let cases: &[(&str, String)] = &[
        ("now()", format!("3:3: now {of}")),
        ("n ^ 2", format!("3:3: the operator ^ {of}")),
        (
            "at + n",
            "3:3: timestamp with time zone and numeric side by side are not in the native subset"
                .into(),
        ),
        ("n % 2", format!("3:3: % of numeric {of}")),
        (
            "1 +\n  (2 * t)",
            "4:4: integer and text side by side are not in the native subset".into(),
        ),
        (
            "CASE WHEN t > 'x' THEN 1 END",
            format!("3:13: the order of texts is the collation's, which {of}"),
        ),
        ("CASE WHEN j = j THEN 1 END", format!("3:13: comparing JSON {of}")),
        ("CASE WHEN a > a THEN 1 END", format!("3:13: the order of arrays {of}")),
        (
            "CASE WHEN f IN (1, f) THEN 1 END",
            format!("3:13: a list of floats and other numbers {of}"),
        ),
        ("CASE WHEN t LIKE 'x' THEN 1 END", format!("3:13: this expression {of}")),
        ("CASE WHEN n = ANY (a) THEN 1 END", format!("3:13: ANY of what is not a list {of}")),
        (
            "CASE WHEN id = 1 IS TRUE THEN 1 END",
            "3:13: put parentheses around the operands for the native engine".into(),
        ),
        ("t::interval", format!("3:3: a cast to INTERVAL {of}")),
        ("f::numeric", format!("3:3: a cast of double precision to NUMERIC {of}")),
        ("E'x'", format!("3:3: a constant in this form {of}")),
        ("'x'::integer", format!("3:3: this constant {of}")),
        ("1 / 0", format!("3:3: this constant {of}")),
        ("other", "3:3: other is not a column here".replace("a column here", "a column of p")),
        ("current_user", String::from("3:3: ") + "current_user is not in the native subset"),
        ("current_role", format!("3:3: a value of the session {of}")),
        ("a.b.c", format!("3:3: this name {of}")),
        (
            "at",
            "3:3: timestamp with time zone for a column of numeric is not in the native subset"
                .into(),
        ),
        ("-t", "3:4: a minus before what is not a number".into()),
        ("t || f", "3:3: || of these types is not in the native subset".into()),
        ("array_append(n, 'x')", format!("3:3: appending to what is not text[] {of}")),
        ("(t -> 'x')", format!("3:4: -> of other than JSON and a text {of}")),
        (
            "jsonb_build_object(t, 1)",
            "3:3: jsonb_build_object needs written keys for the native engine".into(),
        ),
        ("jsonb_build_object('x', f)", format!("3:3: double precision in JSON {of}")),
        ("jsonb_build_object('x', 1, 'x', 2)", format!("3:3: a key that stands twice {of}")),
        ("NULLIF(id, n)", format!("3:3: NULLIF of two types {of}")),
        ("abs(t)", format!("3:3: abs of other than a number {of}")),
        ("length('x')", format!("3:3: length of other than a text {of}")),
        ("round(f)", format!("3:3: round of other than a numeric {of}")),
        ("round(n, -1)", format!("3:3: round before the point {of}")),
        ("(SELECT max(n) FROM p WHERE id = 1)", "3:11: max is not in the native subset".into()),
        (
            "(SELECT n FROM q)",
            "3:4: only a look-up (SELECT value FROM table WHERE key = ...) is in the native subset"
                .into(),
        ),
        (
            "(SELECT nr FROM q WHERE k = 'x')",
            "3:4: a look-up needs the whole primary key: column = value for each".into(),
        ),
        ("(SELECT 'x' FROM p WHERE id = 1)", "3:4: a look-up of a literal".into()),
        (
            "(SELECT p.n FROM q WHERE k = 'x' AND nr = 1)",
            "3:11: a look-up's value over the row around it is not in the native subset".into(),
        ),
        (
            "(SELECT n FROM p WHERE id = 1 LIMIT 1)",
            "3:4: WITH, ORDER BY, LIMIT and FOR are not in the native subset".into(),
        ),
    ];
    let mut wrong = Vec::new();
    for (sql, expect) in cases {
        let sql = format!("UPDATE p SET n =\n  {sql}\n WHERE id = :id");
        match compile(&sql, &["integer"]) {
            Ok(_) => wrong.push(format!("{sql} compiles")),
            Err(rejections) => {
                let found = rejections[0].to_string().replacen(" runs in SQL", "", 1);
                if found != format!("handlers.sql:{expect}") {
                    wrong.push(format!("{sql}\n  {found}\n  {expect}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_parameter_of_another_type_is_outside() {
    rejected(
        "UPDATE p SET t = :x WHERE id = :id",
        &["interval", "integer"],
        "2:18: a parameter of type interval is not in the native subset",
    );
    assert_eq!(Kind::Int4.name(), "integer");
}
