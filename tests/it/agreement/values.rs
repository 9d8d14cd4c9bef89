//! Types of columns and fields, and random values of them: as PostgreSQL's input text, as SQL, as JSON.

use regrow::value::quote_json;

use crate::hazards::Dice;

/// A type without what a column declares beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Base {
    Int2,
    Int4,
    Int8,
    Num,
    Float8,
    Bool,
    Text,
    Uuid,
    Date,
    Ts,
    Tstz,
    Json,
    Jsonb,
    Texts,
}

/// How far from the ordinary a case goes. Where events fail early, little of a log is seen, so
/// most cases are tame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Nothing is meant to fail.
    Tame,
    /// Values at the edges of their types.
    Odd,
    /// Also values that are not of their types, and constraints that do not hold.
    Wild,
}

impl Mood {
    /// One of three numbers, from the tame to the wild.
    pub(super) fn of(self, [tame, odd, wild]: [usize; 3]) -> usize {
        match self {
            Mood::Tame => tame,
            Mood::Odd => odd,
            Mood::Wild => wild,
        }
    }
}

pub(super) const KEYS: [Base; 6] =
    [Base::Int4, Base::Int8, Base::Text, Base::Uuid, Base::Int2, Base::Date];

pub(super) const ALL: [Base; 14] = [
    Base::Int2,
    Base::Int4,
    Base::Int8,
    Base::Num,
    Base::Float8,
    Base::Bool,
    Base::Text,
    Base::Uuid,
    Base::Date,
    Base::Ts,
    Base::Tstz,
    Base::Json,
    Base::Jsonb,
    Base::Texts,
];

impl Base {
    /// The type's name in a cast.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Base::Int2 => "smallint",
            Base::Int4 => "integer",
            Base::Int8 => "bigint",
            Base::Num => "numeric",
            Base::Float8 => "double precision",
            Base::Bool => "boolean",
            Base::Text => "text",
            Base::Uuid => "uuid",
            Base::Date => "date",
            Base::Ts => "timestamp",
            Base::Tstz => "timestamptz",
            Base::Json => "json",
            Base::Jsonb => "jsonb",
            Base::Texts => "text[]",
        }
    }

    /// The type's name as people write it, which may be another one.
    pub(super) fn spelled(self, dice: &mut Dice) -> &'static str {
        match self {
            Base::Int2 if dice.percent(30) => "int2",
            Base::Int4 if dice.percent(60) => "int",
            Base::Int8 if dice.percent(30) => "int8",
            Base::Num if dice.percent(20) => "decimal",
            Base::Float8 if dice.percent(40) => "float8",
            Base::Bool if dice.percent(40) => "bool",
            Base::Ts if dice.percent(30) => "timestamp without time zone",
            Base::Tstz if dice.percent(30) => "timestamp with time zone",
            _ => self.sql(),
        }
    }

    pub(super) fn is_int(self) -> bool {
        matches!(self, Base::Int2 | Base::Int4 | Base::Int8)
    }

    pub(super) fn is_number(self) -> bool {
        self.is_int() || matches!(self, Base::Num | Base::Float8)
    }
}

/// The ordinary, the odd and the impossible texts of a type.
fn texts(base: Base) -> [&'static [&'static str]; 3] {
    match base {
        Base::Int2 => [
            &["0", "1", "2", "3", "-1", "7", "12"],
            &["32767", "-32768", "-0", "007"],
            &["32768", "1.5", "x"],
        ],
        Base::Int4 => [
            &["0", "1", "2", "3", "-1", "7", "12", "100"],
            &["2147483647", "-2147483648", "-0", "007", "1e5"],
            &["2147483648", "1.5", "x", "", "0x10", " 5 "],
        ],
        Base::Int8 => [
            &["0", "1", "2", "-3", "7", "1000"],
            &["9223372036854775807", "-9223372036854775808", "-0"],
            &["9223372036854775808", "1.5", "", "1e5"],
        ],
        Base::Num => [
            &["0", "1", "2.50", "-3.125", "0.1", "12.00", "99.99"],
            &[
                "-0",
                "-0.00",
                "1e5",
                "1E-3",
                "1.50e2",
                "123456789012345678901234567890",
                "0.00000000000000000001",
                "99999999999999.995",
                "-12345678901234567890.123456789",
                "1e40",
                "170141183460469231731687303715884105728",
            ],
            &["NaN", "x", "", "1e200", "1_000", "Infinity"],
        ],
        Base::Float8 => [
            &["0", "1.5", "-2", "0.1", "100", "3.25"],
            &[
                "-0",
                "1e5",
                "1e300",
                "5e-324",
                "123456789012345678",
                "0.30000000000000004",
                "1e-7",
                "1e21",
            ],
            &["1e400", "NaN", "-Infinity", "x", ""],
        ],
        Base::Bool => [&["true", "false"], &["t", "f", "yes", "off", "1", "0"], &["2", "x", ""]],
        Base::Text => [
            &["a", "b", "kiwi", "it's", "two words", "x1"],
            &[
                "",
                " ",
                "\"quoted\"",
                "back\\slash",
                "ก ä ß",
                "e\u{301}",
                "😀",
                "NULL",
                "null",
                "tab\tline\nend\r",
                "{a,b}",
                "\\N",
                "\u{7f}\u{1}",
                "a-long-text-of-more-than-forty-characters-that-goes-on",
                "12",
                "trailing   ",
            ],
            &["true", "{\"k\": 1}"],
        ],
        Base::Uuid => [
            &[
                "00000000-0000-0000-0000-000000000001",
                "11111111-2222-3333-4444-555555555555",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            ],
            &[
                "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11",
                "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
            ],
            &["a0eebc99", "", "x"],
        ],
        Base::Date => [
            &["2026-01-31", "2026-03-01", "2024-02-29"],
            &[
                "0001-01-01",
                "9999-12-31",
                "20260131",
                "Jan 5 2026",
                "2026-1-5",
                "2026-01-31T10:00:00Z",
            ],
            &[
                "infinity",
                "2026-02-30",
                "",
                "0044-03-15 BC",
                "10000-01-01",
                "now",
                "Yesterday",
                "epoch",
            ],
        ],
        Base::Ts => [
            &[
                "2026-01-31T10:00:00",
                "2026-01-31 23:59:59.5",
                "2026-03-01 00:00:00.000001",
                "2026-12-31T23:59:59.9999999",
                "2026-01-31 10:00:00.0000005",
            ],
            &[
                "2026-01-31",
                "0001-01-01 00:00:00",
                "2026-01-31 24:00:00",
                "2026-01-31 23:59:60",
                "2026-01-31T10:00:00+02:00",
                "2026-01-31 10:00:00.1234567",
                "2026-01-31 10:00:00.123456500",
                "2026-01-31 10:00:00.1234565000",
            ],
            &[
                "-infinity",
                "2026-01-31 25:00:00",
                "",
                "now and then",
                "now",
                "TODAY",
                "tomorrow 12:00",
                "epoch",
            ],
        ],
        Base::Tstz => [
            &[
                "2026-01-31T10:00:00Z",
                "2026-01-31 23:59:59.5+02",
                "2026-03-01T00:00:00.000001-08:00",
                "2026-03-01T00:00:00.1234567+07:00",
                "2026-03-01T00:00:00.123456789Z",
                "2026-03-01T00:00:00.00000150Z",
            ],
            &[
                "2026-01-31",
                "2026-01-31 10:00:00",
                "2026-01-31T10:00:00+0530",
                "9999-12-31T23:59:59.999999Z",
                "2026-01-31 10:00 UTC",
                "0001-01-01T00:00:00+14:00",
            ],
            &["infinity", "2026-01-31T25:00:00Z", "", "x", "Now", "yesterday 10:00+02", "today"],
        ],
        Base::Json | Base::Jsonb => [
            &[
                r#"{"k": 1, "s": "x"}"#,
                r#"{"k": {"s": [1, 2, null]}, "b": true}"#,
                r#"[1, "two", null]"#,
                r#"{"s": "it's"}"#,
            ],
            &[
                "null",
                "5",
                "\"text\"",
                "{}",
                "[]",
                "true",
                r#"{"k": 1.0, "s": 1e5}"#,
                r#"{"k": -0, "s": 12345678901234567890.5}"#,
                r#"{"s": "ก \u00e9 \" \\ \n"}"#,
                r#"{"z": 1, "aa": 2, "b": 3}"#,
                r#"[[[{"k": []}]]]"#,
            ],
            &[r#"{"k": 1e400}"#],
        ],
        Base::Texts => [
            &[r#"["a", "b"]"#, "[]", r#"["kiwi"]"#],
            &[
                r#"[null, "NULL", ""]"#,
                r#"["q\"uo\\te", "a,b", "{}"]"#,
                "[1, true]",
                r#"[["a"], ["b"]]"#,
                "\"{x,y}\"",
            ],
            &[r#"[{"k": 1}]"#, r#"[["a"], []]"#, "5", "\"x\""],
        ],
    }
}

/// The text of a random value. For `json`, `jsonb` and arrays it is JSON.
pub(super) fn text(dice: &mut Dice, base: Base, mood: Mood) -> &'static str {
    let [tame, odd, wild] = texts(base);
    let die = dice.below(100);
    let texts: &'static [&'static str] = match die {
        _ if die < mood.of([0, 0, 3]) => wild,
        _ if die < mood.of([0, 12, 30]) => odd,
        _ => tame,
    };
    texts[dice.below(texts.len())]
}

/// A value among few, so that events meet in the same rows.
pub(super) fn key(base: Base, nth: usize) -> String {
    match base {
        Base::Uuid => format!("00000000-0000-4000-8000-{nth:012x}"),
        Base::Date => format!("2026-02-{:02}", 1 + nth),
        Base::Text => ["k", "k1", "K1", "k 2", "", "ü", "it's", "k7"][nth % 8].to_owned(),
        _ => nth.to_string(),
    }
}

/// A literal of exactly that type, from what is no wild value.
pub(super) fn literal(dice: &mut Dice, base: Base, mood: Mood) -> String {
    let mood = if mood == Mood::Wild { Mood::Odd } else { mood };
    let text = text(dice, base, mood);
    let sign =
        |text: &str| if text.starts_with('-') { format!("({text})") } else { text.to_owned() };
    match base {
        Base::Int4 if !text.contains('e') => {
            if text.len() > 10 {
                format!("({text})::integer")
            } else {
                sign(text)
            }
        }
        Base::Int4 => "100000".into(),
        Base::Int2 | Base::Int8 => format!("{}::{}", sign(text), base.sql()),
        Base::Num if text.contains('.') && dice.percent(70) => sign(text),
        Base::Num => format!("{}::numeric", sign(text)),
        Base::Bool => {
            (if matches!(text, "true" | "t" | "yes" | "1") { "true" } else { "false" }).into()
        }
        Base::Texts => {
            let text = *dice.of(&["{}", "{a,b}", "{\"a b\",NULL}", "{x}"]);
            format!("'{text}'::text[]")
        }
        Base::Text if dice.percent(50) => format!("'{}'::text", text.replace('\'', "''")),
        Base::Text => format!("'{}'", text.replace('\'', "''")),
        _ => format!("'{}'::{}", text.replace('\'', "''"), base.sql()),
    }
}

/// A value's text as JSON. A number may be written as a text, and now and then a text, a date or a
/// truth value as a number: the column's type is not JSON's.
pub(super) fn json(dice: &mut Dice, base: Base, text: &str) -> String {
    match base {
        Base::Json | Base::Jsonb | Base::Texts => text.to_owned(),
        Base::Bool if matches!(text, "true" | "false") && dice.percent(90) => text.to_owned(),
        _ if base.is_number() && is_json_number(text) && dice.percent(75) => text.to_owned(),
        Base::Text if matches!(text, "true" | "null") && dice.percent(50) => text.to_owned(),
        _ if is_json_number(text) && dice.percent(50) => text.to_owned(),
        _ => escaped(dice, text),
    }
}

pub(super) fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let zero_first = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    !zero_first
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && serde_json::from_str::<f64>(text).is_ok()
}

/// A JSON string; now and then a character is written as its escape.
fn escaped(dice: &mut Dice, text: &str) -> String {
    if !dice.percent(10) {
        return quote_json(text);
    }
    let mut json = String::from("\"");
    for c in text.chars() {
        if dice.percent(30) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                json.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            let quoted = quote_json(&c.to_string());
            json.push_str(&quoted[1..quoted.len() - 1]);
        }
    }
    json.push('"');
    json
}
