//! Texts of every kind: its edges and random ones.

use regrow::cell::Kind;

use super::edges::{
    ARRAYS, BOOLS, DATES, FLOATS, INTS, JSONS, NUMERICS, TEXTS, TIMES, UUIDS, ZONES,
};

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
