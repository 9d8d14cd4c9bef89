//! Payloads as the server stores them, against the text that it writes for them.

use std::collections::BTreeMap;

use postgres::Client;
use regrow::event::{Payload, PayloadLimits, Position};
use regrow::ident::Ident;
use regrow::log::wanted::Wanted as WantedTypes;
use regrow::log::wanted::{ChunkBounds, Needs, Range};
use regrow::log::{CREATE_CAST, Log, LogShape};
use regrow::pg::{Server, Session};
use regrow::value::jsonb::layout::{Layout, Member};
use regrow::value::jsonb::{Jsonb, probe};
use regrow::value::scan::Wanted;

use crate::bench::{Database, Project, rows};
use crate::hazards::Dice;

/// Texts with all that is escaped, and what is not.
const TEXTS: [&str; 10] = [
    "",
    "a",
    "plain text of some length",
    "ไทย",
    "😀 é",
    "\"",
    "back\\slash",
    "\n\t\r\u{8}\u{c}",
    "\u{1}\u{1f}\u{7f}",
    "a/b 'c' \"d\"",
];

fn number(dice: &mut Dice) -> String {
    let digits = |dice: &mut Dice, most: usize| -> String {
        (0..1 + dice.below(most)).map(|_| char::from(b'0' + dice.below(10) as u8)).collect()
    };
    let sign = if dice.percent(30) { "-" } else { "" };
    let most = *dice.of(&[1, 4, 9, 40]);
    let whole = digits(dice, most);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match dice.below(5) {
        0 | 1 => format!("{sign}{whole}"),
        2 => format!("{sign}{whole}.{}", digits(dice, 6)),
        3 => format!("{sign}{whole}.{}{}", "0".repeat(dice.below(90)), digits(dice, 12)),
        _ => format!("{sign}{whole}e{}", dice.below(400) as i64 - 200),
    }
}

fn value(dice: &mut Dice, depth: usize) -> String {
    match dice.below(if depth < 4 { 10 } else { 7 }) {
        0..3 => serde_json::to_string(dice.of(&TEXTS)).unwrap(),
        3..5 => number(dice),
        5 => (*dice.of(&["true", "false"])).to_owned(),
        6 => "null".to_owned(),
        7 => {
            let most = if dice.percent(10) { 80 } else { 4 };
            let length = dice.below(most);
            let elements: Vec<String> = (0..length).map(|_| value(dice, depth + 1)).collect();
            format!("[{}]", elements.join(","))
        }
        _ => object(dice, depth + 1),
    }
}

fn object(dice: &mut Dice, depth: usize) -> String {
    let most = if dice.percent(10) { 90 } else { 7 };
    let length = dice.below(most);
    let members = (0..length).map(|nth| {
        let key = match dice.below(3) {
            0 => (*dice.of(&TEXTS)).to_owned(),
            1 => format!("key_{nth}"),
            _ => "abcdef"[..1 + dice.below(5)].to_owned(),
        };
        format!("{}:{}", serde_json::to_string(&key).unwrap(), value(dice, depth))
    });
    format!("{{{}}}", members.collect::<Vec<String>>().join(","))
}

/// What the server makes of an expression over each text, as stored and as text.
fn stored(client: &mut Client, expression: &str, texts: &[String]) -> Vec<(Vec<u8>, String)> {
    let sql = format!(
        "SELECT made::bytea, made::text FROM unnest($1::text[]) WITH ORDINALITY AS t(text, nth), \
         LATERAL (SELECT {expression} AS made) AS m ORDER BY nth"
    );
    let rows = client.query(&sql, &[&texts]).unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn with_cast() -> (Database, Client) {
    let database = Database::new();
    let mut client = database.connect();
    client.batch_execute(CREATE_CAST).unwrap();
    (database, client)
}

#[test]
fn every_value_reads_as_the_text_the_server_writes() {
    let (_database, mut client) = with_cast();
    let mut dice = Dice(1_796_000_000_000);
    let texts: Vec<String> = (0..3_000).map(|_| value(&mut dice, 0)).collect();
    // Values that functions put together are laid out by other code than those that are read.
    let ways = [
        "text::jsonb",
        "jsonb_build_object('a', nth, 'n', (nth * 1.50)::numeric(12, 3), 'd', text::jsonb, 's', text)",
        "jsonb_build_array(text::jsonb, 1.0::float8 / nth, NULL, nth % 2 = 0) || '[1, [2]]'",
        "jsonb_set('{\"a\": {\"b\": 1}, \"c\": [1]}', '{a,b}', text::jsonb) - 'c'",
    ];
    for way in ways {
        for (nth, (bytes, text)) in stored(&mut client, way, &texts).iter().enumerate() {
            let value = Jsonb(bytes);
            assert_eq!(value.to_json().as_ref(), Some(text), "{way}: {}", texts[nth]);
            assert!(value.most_text_bytes() >= text.len(), "{way}: {}", texts[nth]);
            let levels = |text: &str, most| regrow::value::check_depth(text, most).is_ok();
            assert!(levels(text, value.most_levels()), "{way}: {}", texts[nth]);
        }
    }
}

#[test]
fn wanted_members_are_those_of_the_text() {
    let (_database, mut client) = with_cast();
    let mut dice = Dice(1_796_000_000_001);
    let texts: Vec<String> = (0..3_000).map(|_| object(&mut dice, 0)).collect();
    let keys = ["a", "ab", "abc", "key_0", "key_1", "key_40", "", "ไทย", "\"", "none"];
    let wanted = Wanted::new(keys.iter().copied().zip(0..));
    let mut layout = Layout::default();
    let mut found_any = 0;
    for (bytes, text) in stored(&mut client, "text::jsonb", &texts) {
        // Each is read twice: as one that is not known yet, and as one that is.
        for _ in 0..2 {
            let mut found = BTreeMap::new();
            let keep = |number, member: Member<'_>| {
                let text = match member {
                    // What is escaped is written as the server does.
                    Member::String(characters) => serde_json::to_string(characters).unwrap(),
                    Member::Json(raw) => raw.to_owned(),
                };
                assert!(found.insert(number, text).is_none());
            };
            layout.read(&wanted, Jsonb(&bytes), keep).unwrap();
            let object = regrow::value::Object::parse(&text).unwrap();
            let expected: BTreeMap<usize, String> = (0..keys.len())
                .filter_map(|n| object.get(keys[n]).map(|raw| (n, raw.to_owned())))
                .collect();
            assert_eq!(found, expected, "{text}");
            found_any += found.len();
        }
    }
    assert!(found_any > 3_000, "{found_any}");
}

#[test]
fn numbers_at_their_limits() {
    let (_database, mut client) = with_cast();
    let texts = ["1e131071", "-9.99e131071", "1e-16383", "0.0", "0e5", "1e63", "1e255", "1e-252"]
        .map(str::to_owned);
    for (bytes, text) in stored(&mut client, "text::jsonb", &texts) {
        assert_eq!(Jsonb(&bytes).to_json(), Some(text));
    }
    let most = format!("{}.{}", "9".repeat(131_072), "9".repeat(16_383));
    let (bytes, text) = &stored(&mut client, "text::jsonb", &[format!("[{most}, 1e131071]")])[0];
    assert_eq!(Jsonb(bytes).to_json().as_ref(), Some(text));
    assert!(Jsonb(bytes).most_text_bytes() >= text.len());
}

#[test]
fn the_probe_is_what_this_server_stores() {
    let (_database, mut client) = with_cast();
    let made = &stored(&mut client, "text::jsonb", &[probe::VALUE.to_owned()])[0];
    assert!(probe::agrees(&made.0, &made.1));
    assert!(!probe::agrees(&made.0[1..], &made.1));
    assert!(!probe::agrees(&made.0, "{}"));
}

/// How payloads of a log arrive in a reading of minimal columns and in one for people.
fn forms(project: &Project) -> [&'static str; 2] {
    forms_after(project, || ())
}

/// The same where something happens while the log is open.
fn forms_after(project: &Project, happens: impl FnOnce()) -> [&'static str; 2] {
    let mut session =
        Session::open(&Server::parse(&project.database.url()).unwrap(), "test").unwrap();
    let shape = LogShape::own(&Ident::new("event_store").unwrap());
    let limits = PayloadLimits { bytes: 1_000, depth: 10 };
    let log = Log::open(&mut session, shape, limits).unwrap();
    happens();
    let range = Range { after: Position(0), until: Position(1) };
    let bounds = ChunkBounds { events: 1, bytes: 1_000 };
    [true, false].map(|minimal_columns| {
        let (needs, mut form) = (Needs { minimal_columns, ..Needs::default() }, "nothing");
        log.read(&mut session, range, WantedTypes::All, needs, bounds, &mut |chunk| {
            for event in chunk.events(needs) {
                form = match event.unwrap().payload {
                    Payload::Text(_) => "text",
                    Payload::Jsonb(_) => "stored",
                };
            }
            true
        })
        .unwrap();
        form
    })
}

/// A type that needs jq, small payloads and large ones, deep ones, and odd texts.
fn mixed() -> Project {
    let project = Project::orders();
    project.write("config.toml", "[rebuild]\nmax_payload_bytes = 20000\nmax_payload_depth = 40\n");
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    project.ok(&["migrate"]);
    project
        .events()
        .batch_execute(
            "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
             SELECT 'o' || n, 0, 'OrderCreated', 1, jsonb_build_object('order_id', 'o' || n, 'customer_id', n % 7, \
                 'customer_name', E'\"Zoë\" \\\\ \\u0001' || n, 'more', repeat('x', CASE WHEN n % 50 = 0 THEN 30000 ELSE n % 90 END)) \
                 || CASE WHEN n % 77 = 0 THEN jsonb_build_object('deep', (repeat('[', n % 60) || repeat(']', n % 60))::jsonb) ELSE '{}' END \
             FROM generate_series(1, 400) AS n; \
             INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
             SELECT 'o' || n, 1, 'OrderItemAdded', 1 + n % 3, jsonb_build_object('order_id', 'o' || n, 'sku', 's', 'quantity', n, \
                 'price', (n * 1.25)::numeric(9, 2)::text, 'unit_price', (n * 1.25)::numeric(9, 2)::text, 'currency', 'EUR', \
                 'unit_price_cents', n * 125, 'huge', CASE WHEN n % 90 = 0 THEN 1e30000 ELSE 0 END) \
             FROM generate_series(1, 400) AS n",
        )
        .unwrap();
    project
}

/// The rows and the events put aside, after a rebuild.
fn rebuilt(project: &Project) -> Vec<String> {
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let mut client = project.reads();
    let live = "SELECT schema_name::text FROM regrow.build WHERE state = 'live'";
    let schema: String = client.query_one(live, &[]).unwrap().get(0);
    let mut found = rows(&mut client, &format!("SELECT * FROM {schema}.order_summary ORDER BY id"));
    let parked = "SELECT position, event_type, code, message FROM regrow.parked_events \
                  WHERE build_id = (SELECT max(id) FROM regrow.build) ORDER BY position";
    found.extend(rows(&mut client, parked));
    found
}

#[test]
fn a_rebuild_is_the_same_however_payloads_arrive() {
    let project = mixed();
    assert_eq!(forms(&project), ["text", "text"]);
    let from_text = rebuilt(&project);
    project.events().batch_execute(CREATE_CAST).unwrap();
    assert_eq!(forms(&project), ["stored", "text"]);
    let from_stored = rebuilt(&project);
    assert_eq!(from_text, from_stored);
    project.write(
        "projections/order_summary/projection.toml",
        "on_error = \"park\"\nengine = \"sql\"\n",
    );
    assert_eq!(rebuilt(&project), from_text, "and as the server applies it");
    let parked =
        rows(&mut project.reads(), "SELECT DISTINCT code FROM regrow.parked_events ORDER BY 1");
    assert_eq!(parked, ["(payload-too-deep)", "(payload-too-large)", "(upcaster-failed)"]);
    assert!(from_text.len() > 390, "{from_text:#?}");
}

#[test]
fn only_a_cast_that_changes_nothing_is_taken() {
    let project = mixed();
    let mut client = project.events();
    // Somebody else's cast gives other bytes.
    client
        .batch_execute(
            "CREATE FUNCTION public.as_bytes(jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE \
             RETURN convert_to($1::text, 'UTF8'); \
             CREATE CAST (jsonb AS bytea) WITH FUNCTION public.as_bytes(jsonb)",
        )
        .unwrap();
    assert_eq!(forms(&project), ["text", "text"]);
    client.batch_execute("DROP CAST (jsonb AS bytea)").unwrap();
    client.batch_execute(CREATE_CAST).unwrap();
    assert_eq!(forms(&project), ["stored", "text"]);
    // Who follows the log for weeks goes on when the cast is gone, and needs no new beginning.
    let dropped = forms_after(&project, || {
        client.batch_execute("DROP CAST (jsonb AS bytea)").unwrap();
    });
    assert_eq!(dropped, ["text", "text"]);
}
