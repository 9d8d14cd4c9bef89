//! A million levels: whatever nests is refused or read, on the stack a thread has. An overflow ends
//! the process, so each input is a process of its own.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use regrow::cell::json::{Target, takes};
use regrow::config::Config;
use regrow::event::{Position, RawEvent};
use regrow::handler::bind::Seen;
use regrow::handler::param_type::{Form, ParamType};
use regrow::handler::{Handlers, parse_checks, split, without_comments};
use regrow::lint::{Profile, Script, lint};
use regrow::project::ProjectionSettings;
use regrow::revision::Lineage;
use regrow::source::SourceFile;
use regrow::upcast::Upcasters;
use regrow::value::scan::Wanted;
use regrow::value::{Object, check_depth};
use regrow::{ddl, pg, transfer};

use crate::harness::processor;
use crate::sql::compile;

const CHILD: &str = "REGROW_FUZZ_CHILD";
/// The links of chains that no parenthesis announces: enough to overflow any stack, and fewer, since
/// what is just short enough to be read must fit as well.
const LINKS: [usize; 5] = [80, 190, 950, 1_900, 20_000];
/// The links of the chain that is read.
static LINK: AtomicUsize = AtomicUsize::new(0);
/// Of a processor.
const PATIENCE: Duration = Duration::from_secs(20);

type Read = fn(&str);

/// Readers of SQL files.
const SQL: [(&str, Read); 6] = [
    ("split", |text| drop(split(&file(text)))),
    ("plain", |text| drop(without_comments(text))),
    ("checks", |text| drop(parse_checks(file(text)))),
    ("ddl", |text| drop(ddl::read(&file(text)))),
    ("inside", |text| drop(ddl::inside_transaction(&file(text)))),
    ("lint", |text| {
        let profile = Profile::Strict { log: "event_store.events".into() };
        drop(lint(&Script { file: &file(text), outside_transaction: false, profile: &profile }));
    }),
];

/// The levels of JSON and TOML: a million at the most.
fn levels() -> usize {
    50 * links()
}

fn links() -> usize {
    LINK.load(Ordering::Relaxed)
}

fn file(text: &str) -> SourceFile {
    SourceFile::new("V1__x.sql", text)
}

fn around(open: &str, inside: &str, close: &str, levels: usize) -> String {
    format!("{}{inside}{}", open.repeat(levels), close.repeat(levels))
}

/// Statements that nest, each a shape of its own.
fn nested_sql(shape: &str) -> String {
    match shape {
        "parentheses" => format!("SELECT {}", around("(", "1", ")", links() * 10)),
        "open" => format!("SELECT {}", "(".repeat(links() * 10)),
        "brackets" => format!("SELECT a{}", "[1]".repeat(links())),
        "arrays" => format!("SELECT {}", around("ARRAY[", "1", "]", links())),
        "comments" => around("/*", "x", "*/", links() * 10),
        "cases" => format!("SELECT {}", around("CASE WHEN true THEN ", "1", " END", links())),
        "nots" => format!("SELECT {}true", "NOT ".repeat(links())),
        "minus" => format!("SELECT {}1", "- ".repeat(links())),
        "casts" => format!("SELECT 1{}", "::int".repeat(links())),
        "sum" => format!("SELECT 1{}", " + 1".repeat(links())),
        "ands" => format!("ALTER TABLE t ADD CHECK (a = 1{})", " AND a = 1".repeat(links())),
        "ors" => format!("CREATE INDEX i ON t (a) WHERE a = 1{}", " OR a = 1".repeat(links())),
        "concat" => format!("SELECT 'a'{}", " || 'a'".repeat(links())),
        "dots" => format!("SELECT a{}", ".a".repeat(links())),
        "unions" => format!("SELECT 1{}", " UNION SELECT 1".repeat(links())),
        "joins" => format!("SELECT 1 FROM a{}", " JOIN a ON true".repeat(links())),
        "collate" => format!("SELECT a{}", " COLLATE \"C\"".repeat(links())),
        "is" => format!("SELECT a{}", " IS NULL".repeat(links())),
        "subqueries" => format!("SELECT {}", around("(SELECT ", "1", ")", links())),
        "atomic" => {
            format!("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC {}", "BEGIN ".repeat(links()))
        }
        "explain" => "EXPLAIN ".repeat(links()),
        "as" => format!("SELECT {}1", "SELECT ".repeat(links())),
        "in" => format!("SELECT 1{}", " IN (1)".repeat(links())),
        "operators" => format!("SELECT 1{}", " @@ 1".repeat(links())),
        "like" => format!("SELECT 'a'{}", " LIKE 'a'".repeat(links())),
        "between" => format!("SELECT {}1", "1 BETWEEN ".repeat(links())),
        "exists" => format!("SELECT {}", around("EXISTS (SELECT 1 WHERE ", "true", ")", links())),
        "calls" => format!("SELECT {}", around("f(", "1", ")", links())),
        "partitions" => format!("CREATE TABLE t (a int{})", " DEFAULT 1".repeat(links())),
        "body" => format!(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $a$ SELECT 1{} $a$",
            " + 1".repeat(links())
        ),
        "excepts" => format!("SELECT 1, 1{}", " EXCEPT SELECT 1, 1".repeat(links())),
        "intersects" => format!("SELECT 1, 1{}", " INTERSECT SELECT 1, 1".repeat(links())),
        "tuples" => format!("SELECT (1, 1){}", " + (1, 1)".repeat(links())),
        "frames" => format!("SELECT f(1, 1){}", "(1, 1)".repeat(links())),
        "dollars" => format!("DO $a$ {} $a$", around("(", "", ")", links() * 10)),
        "distinct" => format!("SELECT 1{}", " IS DISTINCT FROM 1".repeat(links())),
        "zone" => format!("SELECT a{}", " AT TIME ZONE 'utc'".repeat(links())),
        other => panic!("no shape {other}"),
    }
}

const SHAPES: [&str; 37] = [
    "parentheses",
    "open",
    "brackets",
    "arrays",
    "comments",
    "cases",
    "nots",
    "minus",
    "casts",
    "sum",
    "ands",
    "ors",
    "concat",
    "dots",
    "unions",
    "joins",
    "collate",
    "is",
    "subqueries",
    "atomic",
    "explain",
    "as",
    "in",
    "operators",
    "body",
    "excepts",
    "intersects",
    "tuples",
    "frames",
    "like",
    "between",
    "exists",
    "calls",
    "partitions",
    "dollars",
    "distinct",
    "zone",
];

/// A handler's statement around what a shape selects.
fn nested_handler(shape: &str) -> String {
    let sql = nested_sql(shape);
    match sql.strip_prefix("SELECT ") {
        Some(value) => format!("-- on E\nUPDATE p SET n = {value} WHERE id = :id;\n"),
        None if shape == "ands" || shape == "ors" => {
            let word = if shape == "ands" { " AND n = 1" } else { " OR n = 1" };
            format!("-- on E\nUPDATE p SET n = 1 WHERE id = :id{};\n", word.repeat(links()))
        }
        None => format!("-- on E\n{sql};\n"),
    }
}

fn sql(shape: &str, inputs: &mut Vec<String>) {
    inputs.extend(SQL.iter().map(|(reader, _)| format!("sql {reader} {shape}")));
    inputs.push(format!("native {shape}"));
}

/// Every input: a group and what it is.
fn inputs() -> Vec<String> {
    let mut inputs = Vec::new();
    SHAPES.iter().for_each(|shape| sql(shape, &mut inputs));
    for opening in ["[", "{\"a\":", "[{\"a\":"] {
        for reader in ["object", "path", "scan", "takes", "depth", "line", "bind", "jq", "forms"] {
            inputs.push(format!("json {reader} {opening}"));
        }
    }
    for shape in ["keys", "header", "arrays", "tables", "values", "quoted"] {
        for reader in ["config", "settings", "upcaster"] {
            inputs.push(format!("toml {reader} {shape}"));
        }
    }
    for code in [
        "(",
        "[",
        "{a:",
        "-",
        ". | ",
        ". + ",
        ".a",
        ".[0]",
        "def f: ",
        "if . then ",
        "try ",
        "\"\\(",
        ", .",
        "|.",
        "+.",
        "elif . then . ",
        "1,",
        "{a:1}|",
        "members",
        "elements",
        ".a|",
        "as $x | ",
        "//.",
        "=.",
        "[0]?",
        " and .",
    ] {
        inputs.push(format!("filter {code}"));
    }
    for other in ["head lines", "head commas", "revises chain", "address", "upcast chain"] {
        inputs.push(format!("other {other}"));
    }
    inputs
}

fn nested_json(opening: &str, levels: usize) -> String {
    let closing: String = opening
        .chars()
        .rev()
        .filter_map(|c| match c {
            '[' => Some(']'),
            '{' => Some('}'),
            _ => None,
        })
        .collect();
    format!("{{\"a\":{}1{}}}", opening.repeat(levels), closing.repeat(levels))
}

fn nested_toml(shape: &str) -> String {
    match shape {
        "keys" => format!("a{} = 1", ".a".repeat(links())),
        "header" => format!("[a{}]\nb = 1", ".a".repeat(links())),
        "arrays" => format!("a = {}", around("[", "", "]", levels())),
        "tables" => format!("a = {}", around("{a=", "1", "}", links())),
        "values" => {
            format!("type = \"T\"\n[[step]]\nfrom = 1\nset = {{ a{} = 1 }}", ".a".repeat(links()))
        }
        _ => format!(
            "type = \"T\"\n[[step]]\nfrom = 1\nset = {{ \"a{}\" = 1 }}",
            ".a".repeat(links())
        ),
    }
}

fn event(payload: &str) -> RawEvent<'_> {
    RawEvent {
        position: Position(1),
        stream_id: "s",
        stream_version: 0,
        event_type: "T",
        schema_version: 1,
        payload,
        metadata: None,
        recorded_at: None,
        recorded_micros: None,
    }
}

fn upcast(step: &str, payload: &str) {
    let text = format!("type = \"T\"\n[[step]]\nfrom = 1\n{step}\n");
    if let Ok(upcasters) = Upcasters::load(&[SourceFile::new("T.toml", text)]) {
        drop(upcasters.upcast(&event(payload), &mut Vec::new()));
    }
}

fn read(input: &str) {
    let (group, rest) = input.split_once(' ').unwrap();
    match group {
        "native" => drop(compile(&nested_handler(rest), "integer")),
        "sql" => {
            let (reader, shape) = rest.split_once(' ').unwrap();
            let read = SQL.iter().find(|(name, _)| *name == reader).unwrap().1;
            read(&nested_sql(shape));
        }
        "json" => {
            let (reader, opening) = rest.split_once(' ').unwrap();
            json(reader, opening);
        }
        "toml" => {
            let (reader, shape) = rest.split_once(' ').unwrap();
            let file = SourceFile::new("T.toml", nested_toml(shape));
            match reader {
                "config" => drop(Config::parse(&file)),
                "settings" => drop(ProjectionSettings::parse(&file)),
                _ => drop(Upcasters::load(&[file])),
            }
        }
        "filter" if rest == "members" => {
            upcast(&format!("jq = '''{{{}b: 1}}'''", "a: 1, ".repeat(links())), "{}");
        }
        "filter" if rest == "elements" => {
            upcast(&format!("jq = '''{{a: [{}1]}}'''", "1, ".repeat(links())), "{}");
        }
        "filter" => {
            let close: String = rest
                .chars()
                .rev()
                .filter_map(|c| match c {
                    '(' => Some(')'),
                    '[' => Some(']'),
                    '{' => Some('}'),
                    _ => None,
                })
                .collect();
            for close in [close.as_str(), ""] {
                for code in
                    [around(rest, ".", close, links()), format!(".{}", rest.repeat(links()))]
                {
                    upcast(&format!("jq = '''{code}'''"), "{}");
                }
            }
        }
        _ => other(rest),
    }
}

fn json(reader: &str, opening: &str) {
    let text = nested_json(opening, levels());
    match reader {
        "object" => drop(Object::parse(&text)),
        "path" => drop(Object::parse(&text).unwrap().get_path(&["a"; 100])),
        "scan" => drop(Wanted::new([("a", 0)]).scan(&text, |_, _| {})),
        "takes" => drop((takes(Target::Json, &text), takes(Target::Jsonb, &text))),
        "depth" => assert!(levels() < 1_000 || check_depth(&text, 1_000).is_err()),
        "line" => {
            let line = format!(
                "{{\"stream_id\":\"s\",\"stream_version\":0,\"type\":\"T\",\"payload\":{text}}}"
            );
            let read = transfer::rows(Box::new(std::io::Cursor::new(line)), "now", |_| {});
            let deep = |error: &str| error.contains("nested deeper than 1000");
            assert!(levels() < 1_000 || deep(&read.unwrap_err().1.to_string()));
        }
        "bind" => {
            // As deep as PostgreSQL itself keeps in a json column, and deeper.
            for levels in [7, 1_000, 20_000] {
                let text = nested_json(opening, levels);
                let object = Object::parse(&text).unwrap();
                let handlers = "-- on T\nUPDATE p SET a = :a WHERE id = :\"a\".a;\n";
                let handlers = Handlers::parse(SourceFile::new("h.sql", handlers)).unwrap();
                let raw = event(&text);
                let seen = Seen {
                    raw: &raw.with_payload(()),
                    event_type: "T",
                    schema_version: 1,
                    index: 0,
                    payload: &object,
                    metadata: None,
                };
                for param in &handlers.handlers[0].params {
                    for form in [Form::Text, Form::Json, Form::ARRAY] {
                        let ty = ParamType { form, ..ParamType::text() };
                        drop(param.value(&seen, &ty));
                    }
                }
            }
        }
        "jq" => upcast("jq = '.a'", &text),
        _ => {
            upcast("set = { \"a.a.a\" = 1 }\ncast = { \"b?\" = \"string\" }", &text);
            upcast(&format!("set = {{ \"{}\" = 1 }}", vec!["a"; 128].join(".")), &text);
        }
    }
}

fn other(what: &str) {
    match what {
        "head lines" => drop(Lineage::load("x", vec![file(&"-- a: b\n".repeat(links()))])),
        "head commas" => {
            drop(Lineage::load(
                "x",
                vec![file(&format!("-- revises: {}\n", "1,".repeat(links())))],
            ));
        }
        "revises chain" => {
            let files = (1..5_000)
                .map(|version| SourceFile::new(format!("V{version}__x.sql"), "SELECT 1;"));
            assert_eq!(Lineage::load("x", files.collect()).unwrap().revisions.len(), 4_999);
        }
        "address" => {
            for address in
                ["postgresql://a:b@", "host=", "'", "%40", ",", "postgresql://h?", "a=b "]
            {
                drop(pg::Server::parse(&address.repeat(links())));
            }
        }
        "upcast chain" => {
            let steps: String =
                (1..500).map(|from| format!("[[step]]\nfrom = {from}\njq = '.'\n")).collect();
            let file = SourceFile::new("T.toml", format!("type = \"T\"\n{steps}"));
            let upcasters = Upcasters::load(&[file]).unwrap();
            upcasters.upcast(&event("{}"), &mut Vec::new()).unwrap();
        }
        other => panic!("no input {other}"),
    }
}

/// Reads one input; started by the test below.
#[test]
fn child() {
    let Ok(input) = std::env::var(CHILD) else { return };
    // The stack that a thread of ours has where nothing else is said.
    let reader = std::thread::Builder::new().stack_size(2 << 20);
    let only: Option<usize> =
        std::env::var("REGROW_FUZZ_LINKS").ok().and_then(|text| text.parse().ok());
    let read = move || {
        for links in LINKS.into_iter().filter(|links| only.is_none_or(|only| only == *links)) {
            LINK.store(links, Ordering::Relaxed);
            read(&input);
        }
    };
    let done = reader.spawn(read).unwrap().join();
    std::process::exit(if done.is_ok() { 0 } else { 3 });
}

#[test]
fn nothing_overflows_the_stack() {
    let inputs = inputs();
    let only = std::env::var("REGROW_FUZZ_ONLY").unwrap_or_default();
    let inputs: Vec<_> = inputs.into_iter().filter(|input| input.contains(&only)).collect();
    let next = AtomicUsize::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(input) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(what) = run(input) {
                        failed.lock().unwrap().push(format!("{input}: {what}"));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), inputs.len(), failed.join("\n"));
}

fn run(input: &str) -> Result<(), String> {
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["deep::child", "--exact", "--nocapture"])
        .env(CHILD, input)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return if status.success() { Ok(()) } else { Err(status.to_string()) };
        }
        if processor(child.id()) > PATIENCE || started.elapsed() > 10 * PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("it takes more than {PATIENCE:?}"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
