//! Texts of every kind: random ones, edges, and what only looks like the kind.

use regrow::cell::Kind;

/// A xorshift generator; the seed is the test's.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }
}

const INTS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "007",
    "32767",
    "32768",
    "-32768",
    "-32769",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999",
    "",
    "-",
    "+1",
    " 1",
    "1 ",
    "1.0",
    "1e2",
    "0x10",
    "1_0",
    "--1",
    "one",
    "١",
];
const NUMERICS: &[&str] = &[
    "0",
    "-0",
    "0.0",
    "-0.00",
    "1",
    "-1",
    "0.5",
    "-0.5",
    "1.5",
    "2.5",
    "-2.5",
    "0.49999",
    "00.50",
    "999.99",
    "999.994",
    "999.995",
    "-999.995",
    "1000",
    "0.005",
    "0.00999",
    "0.000005",
    "0.00001",
    "32767.5",
    "-32768.5",
    "-32768.4",
    "2147483647.5",
    "9223372036854775807.4",
    "9223372036854775807.5",
    "-9223372036854775808.5",
    "1e5",
    "1.5e3",
    "1.50e1",
    "1E-5",
    "0e5",
    "0e-7",
    "12e+2",
    "1e-30",
    "1e30",
    "1e38",
    "1e39",
    "1e400",
    "1e-400",
    "0e-1000",
    "0e-1001",
    "170141183460469231731687303715884105727",
    "170141183460469231731687303715884105728",
    "-170141183460469231731687303715884105728",
    "0.000000000000000000000000000000000000001",
    "99999999999999999999999999999999999999",
    "1.",
    ".5",
    "+1",
    " 1",
    "1 ",
    "NaN",
    "Infinity",
    "1e",
    "1e+",
    "e5",
    "1e1000000",
    "1e99999999999",
    "1.2.3",
    "0x1",
    "1_0",
    "",
    "-",
    "-.",
    "1,5",
];
const FLOATS: &[&str] = &[
    "0",
    "-0",
    "-0.0",
    "0.1",
    "1.5",
    "2.5",
    "-2.5",
    "0.5",
    "1e308",
    "1.8e308",
    "1e309",
    "-1e309",
    "1e-307",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "1e-310",
    "5e-324",
    "1e-400",
    "0e-400",
    "0.1e1",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854774784",
    "-9223372036854775808",
    "32767.5",
    "32767.49",
    "-32768.5",
    "2147483647.5",
    "2147483646.5",
    "123456789012345678901234567890",
    "NaN",
    "Infinity",
    "inf",
    "1.",
    ".5",
    "+1",
    "",
    "1e",
    "0x1p3",
];
const BOOLS: &[&str] =
    &["true", "false", "t", "f", "TRUE", "yes", "on", "1", "0", "tr", " true", "", "x"];
const TEXTS: &[&str] = &[
    "",
    " ",
    "abc",
    "abc ",
    "abcd",
    "ไทย",
    "ไทยๆ",
    "a'b\"c\\d",
    "tab\tnewline\nreturn\r",
    "🦀🦀🦀",
    "abcdefghijklmnopqrstuvwx",
    "abcdefghijklmnopqrstuvwxy",
    "\u{10ffff}\u{fffe}\u{7f}",
    "null",
    "NULL",
    "{}",
    "12",
    "-7.5",
    "true",
    "t",
    "2026-01-01",
    "\\N",
];
const UUIDS: &[&str] = &[
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
    "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
    "a0eebc999c0b4ef8bb6d6bb9bd380a11",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
    "a0eebc999-c0b-4ef8-bb6d-6bb9bd380a11",
    "",
    "00000000-0000-0000-0000-000000000000",
];
const DATES: &[&str] = &[
    "2000-01-01",
    "1999-12-31",
    "0001-01-01",
    "0001-12-31",
    "0012-03-04",
    "9999-12-31",
    "0000-01-01",
    "2024-02-29",
    "2023-02-29",
    "1900-02-29",
    "2000-02-29",
    "2024-04-31",
    "2024-00-10",
    "2024-13-01",
    "2024-01-00",
    "2024-01-32",
    "10000-01-01",
    "2024-1-1",
    "24-01-01",
    "20240101",
    "2024/01/01",
    "01-02-2024",
    "infinity",
    "today",
    "2024-01-01 BC",
    "",
    "J2451187",
];
const TIMES: &[&str] = &[
    "",
    " 00:00:00",
    "T00:00:00",
    "T23:59:59.999999",
    " 12:34:56.5",
    "T12:34:56.120",
    "T24:00:00",
    "T12:34:60",
    "T12:60:00",
    "T25:00:00",
    "T12:34",
    "T12:34:56.1234567",
    "T12:34:56.",
    " 1:02:03",
    "t12:34:56",
    "  12:34:56",
];
const ZONES: &[&str] = &[
    "",
    "Z",
    "+00",
    "-00",
    "+02",
    "-05",
    "+05:30",
    "-0330",
    "+14:59",
    "+15:59",
    "+16",
    "-15:59",
    "+02:60",
    "z",
    " UTC",
    "+5",
    "+530",
    "+02:30:15",
];
const JSONS: &[&str] = &[
    "null",
    "true",
    "1",
    "-0",
    "-0.50",
    "1e5",
    "1E+400",
    "\"\"",
    "[]",
    "{}",
    " { \"a\" : [ 1 , 2 ] } ",
    "{\"b\":1,\"a\":2,\"b\":3}",
    "\"\\u00e9\\ud83d\\ude00\\n\\\"\"",
    "\"\\u0000\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ud83d\\u0041\"",
    "\"\t\"",
    "[1,]",
    "{\"a\":}",
    "{a:1}",
    "'a'",
    "01",
    "1.",
    ".5",
    "nul",
    "1 2",
    "[1",
    "1]",
    "[1}",
    "\"\u{7f}\"",
    "\"ไทย\"",
    "\u{a0}1",
    "\"\\x\"",
    "",
    "\u{c}1",
    "\"\\u12g4\"",
    "123456789012345678901234567890.123456789",
    "NaN",
    "\u{feff}1",
];
const ARRAYS: &[&str] = &[
    "{}",
    "{\"a\"}",
    "{\"a\",\"b\",NULL}",
    "{NULL}",
    "{\"\"}",
    "{\"NULL\"}",
    "{\"a,b}{\"}",
    "{\"\\\"\\\\x\\y\"}",
    "{\"ไทย\",\" \"}",
    "{a,b}",
    "{ }",
    "{\"a\",}",
    "{,}",
    "{\"a\"\"b\"}",
    "{\"a\"b}",
    "{{\"a\"},{\"b\"}}",
    "[2:2]={\"a\"}",
    "{\"a\" , \"b\"}",
    "{null}",
    "{\"a\\\"}",
    "",
    "{\"a",
    "\"a\"",
    "{NULLNULL}",
    "{\"a\"}x",
    "{\"tab\t\",\"line\n\"}",
];

/// The edges of a kind, and `count` random texts, most of them valid.
pub(super) fn texts(kind: Kind, count: usize, random: &mut Random) -> Vec<String> {
    let edges = match kind {
        Kind::Int2 | Kind::Int4 | Kind::Int8 => INTS,
        Kind::Numeric => NUMERICS,
        Kind::Float8 => FLOATS,
        Kind::Bool => BOOLS,
        Kind::Text => TEXTS,
        Kind::Uuid => UUIDS,
        Kind::Date => DATES,
        Kind::Timestamp | Kind::TimestampTz => &[],
        Kind::Json | Kind::Jsonb => JSONS,
        Kind::TextArray => ARRAYS,
    };
    let mut texts: Vec<String> = edges.iter().map(|t| (*t).to_owned()).collect();
    if edges.is_empty() {
        texts.extend(DATES.iter().map(|date| format!("{date}T01:02:03.4")));
        texts.extend(TIMES.iter().map(|time| format!("2024-02-29{time}")));
        texts.extend(ZONES.iter().map(|zone| format!("2024-02-29 01:02:03.04{zone}")));
        texts.extend(ZONES.iter().map(|zone| format!("0001-01-01T00:00:00{zone}")));
        texts.extend(ZONES.iter().map(|zone| format!("9999-12-31T23:59:59{zone}")));
    }
    texts.extend((0..count).map(|_| one(kind, random)));
    texts
}

fn sign(random: &mut Random) -> &'static str {
    random.pick(&["", "-"])
}

pub(super) fn decimal(random: &mut Random, most: usize) -> String {
    let whole = 1 + random.below(most);
    let (sign, whole) = (sign(random), random.digits(whole));
    let scale = random.below(most);
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{}", random.digits(scale))
    }
}

fn date(random: &mut Random) -> String {
    let year = match random.below(3) {
        0 => 1 + random.below(9999),
        _ => 1970 + random.below(100),
    };
    format!("{year:04}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(31))
}

fn one(kind: Kind, random: &mut Random) -> String {
    match kind {
        Kind::Int2 => format!("{}{}", sign(random), random.below(40_000)),
        Kind::Int4 => format!("{}{}", sign(random), random.below(3_000_000_000)),
        Kind::Int8 => {
            let count = 1 + random.below(19);
            format!("{}{}", sign(random), random.digits(count))
        }
        Kind::Numeric => match random.below(4) {
            0 => decimal(random, 19),
            1 => format!("{}e{}{}", decimal(random, 6), sign(random), random.below(30)),
            _ => decimal(random, 6),
        },
        Kind::Float8 => match random.below(2) {
            0 => f64::from_bits(random.next()).to_string(),
            _ => format!("{}e{}{}", decimal(random, 10), sign(random), random.below(330)),
        },
        Kind::Bool => random.pick(&["true", "false"]).to_owned(),
        Kind::Text => (0..random.below(40)).map(|_| random.pick(PIECES)).collect(),
        Kind::Uuid => {
            let hex = format!("{:016x}{:016x}", random.next(), random.next());
            [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
        }
        Kind::Date => date(random),
        Kind::Timestamp | Kind::TimestampTz => format!(
            "{}{}{:02}:{:02}:{:02}{}{}",
            date(random),
            random.pick(&["T", " "]),
            random.below(24),
            random.below(60),
            random.below(60),
            match random.below(8) {
                0 => String::new(),
                count => format!(".{}", random.digits(count.min(6))),
            },
            random.pick(&["", "", "Z", "+00", "-07:30", "+0545", "+13"]),
        ),
        Kind::Json | Kind::Jsonb => json(random, 4),
        Kind::TextArray => {
            let elements: Vec<String> = (0..random.below(5))
                .map(|_| match random.below(4) {
                    0 => "NULL".to_owned(),
                    _ => {
                        let text = one(Kind::Text, random);
                        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
                    }
                })
                .collect();
            format!("{{{}}}", elements.join(","))
        }
    }
}

const PIECES: &[&str] = &["a", "b", " ", "'", "\"", "\\", "\n", "é", "ไ", "🦀", "x", "y", "0", ","];

/// A JSON text; now and then one byte is dropped, so that it may be none.
fn json(random: &mut Random, depth: usize) -> String {
    let mut text = json_value(random, depth);
    if random.below(4) == 0 {
        let at = random.below(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            text.remove(at);
        }
    }
    text
}

fn json_value(random: &mut Random, depth: usize) -> String {
    let scalars = 5;
    match random.below(if depth == 0 { scalars } else { scalars + 4 }) {
        0 => random.pick(&["null", "true", "false"]).to_owned(),
        1 | 2 => decimal(random, 4).replace("-0", "-1").trim_start_matches('0').to_owned() + "1",
        3 => serde_json::to_string(&one(Kind::Text, random)).unwrap(),
        4 => random.pick(&["\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\/\"", "1e3", "0"]).to_owned(),
        5 | 6 => {
            let count = random.below(4);
            let items: Vec<_> = (0..count).map(|_| json_value(random, depth - 1)).collect();
            format!("[{}]", items.join(random.pick(&[",", " , ", ",\n"])))
        }
        _ => {
            let count = random.below(4);
            let members: Vec<_> = (0..count)
                .map(|_| {
                    let key = serde_json::to_string(random.pick(PIECES)).unwrap();
                    format!("{key}:{}", json_value(random, depth - 1))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}
