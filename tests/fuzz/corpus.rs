//! Where inputs come from: strings of a language's words, and real files broken at random.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Characters and texts that are at the edge of something.
pub(crate) const ODD: [&str; 26] = [
    "\u{feff}", "\0", "\u{1}", "\u{7f}", "\r", "\r\n", "\n", "\t", "\u{a0}", "\u{2028}", "é", "กข",
    "😀", "\u{202e}", "\u{fffd}", "\\", "'", "\"", "$", ":", "-", "--", "/*", "*/", ";", "",
];

/// Words of a language strung together, with odd ones between.
pub(crate) fn soup(words: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        20 => select(words).prop_map(str::to_owned),
        2 => select(&ODD[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z_]{1,8}",
        1 => "-?[0-9]{1,30}(\\.[0-9]{1,5})?(e[+-]?[0-9]{1,6})?",
    ];
    let gap = select(&["", " ", " ", " ", "\n"][..]);
    vec((word, gap), 0..most)
        .prop_map(|words| words.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
}

/// One wound.
#[derive(Debug, Clone)]
pub(crate) enum Wound {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Double(Index, usize),
    Insert(Index, &'static str),
    Splice(Index, Index, usize),
}

fn wound(words: &'static [&'static str]) -> impl Strategy<Value = Wound> {
    prop_oneof![
        3 => (any::<Index>(), 1_u8..).prop_map(|(at, mask)| Wound::Flip(at, mask)),
        1 => any::<Index>().prop_map(Wound::Cut),
        3 => (any::<Index>(), 1_usize..40).prop_map(|(at, bytes)| Wound::Remove(at, bytes)),
        3 => (any::<Index>(), 1_usize..200).prop_map(|(at, bytes)| Wound::Double(at, bytes)),
        4 => (any::<Index>(), select(words)).prop_map(|(at, word)| Wound::Insert(at, word)),
        2 => (any::<Index>(), select(&ODD[..])).prop_map(|(at, odd)| Wound::Insert(at, odd)),
        2 => (any::<Index>(), any::<Index>(), 1_usize..400)
            .prop_map(|(to, from, bytes)| Wound::Splice(to, from, bytes)),
    ]
}

impl Wound {
    fn strike(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let end = |at: usize, length: usize| (at + length).min(bytes.len());
        match self {
            Wound::Flip(at, mask) => {
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
            }
            Wound::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Wound::Remove(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..end(at, *length));
            }
            Wound::Double(at, length) => {
                let at = at.index(bytes.len());
                let piece = bytes[at..end(at, *length)].to_vec();
                bytes.splice(at..at, piece);
            }
            Wound::Insert(at, word) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, word.bytes());
            }
            Wound::Splice(to, from, length) => {
                let (to, from) = (to.index(bytes.len()), from.index(bytes.len()));
                let piece = bytes[from..end(from, *length)].to_vec();
                bytes.splice(to..end(to, *length), piece);
            }
        }
    }
}

/// One of the files with a few wounds, as bytes.
pub(crate) fn wounded(
    files: Vec<Vec<u8>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = Vec<u8>> {
    (select(files), vec(wound(words), 1..6)).prop_map(|(mut bytes, wounds)| {
        wounds.iter().for_each(|wound| wound.strike(&mut bytes));
        bytes
    })
}

/// The same as a text: bytes that are none are replaced.
pub(crate) fn wounded_text(
    files: Vec<Vec<u8>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = String> {
    wounded(files, words).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Both ways to come to a text.
pub(crate) fn broken(
    files: Vec<Vec<u8>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = String> {
    prop_oneof![wounded_text(files, words), soup(words, 40)]
}

/// The real files below a folder of the repository that end so, each at most 64 KiB of it.
pub(crate) fn real(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    assert!(!found.is_empty(), "{folder} holds no {ending}");
    found
}

fn walk(at: &Path, ending: &str, found: &mut Vec<Vec<u8>>) {
    if at.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(at).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|path| walk(path, ending, found));
    } else if at.to_string_lossy().ends_with(ending) {
        let mut bytes = fs::read(at).unwrap();
        bytes.truncate(64 << 10);
        found.push(bytes);
    }
}

/// JSON of every kind, odd numbers and escapes among it.
pub(crate) fn json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        select(&SCALARS[..]).prop_map(str::to_owned),
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?",
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        "\"(\\\\u[0-9a-fA-F]{4}|[ -!#-\\[\\]-~]){0,8}\"",
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        let key = prop_oneof![
            4 => select(&["a", "b", "id", "amount", "items", "event", "", "é", "a.b"][..])
                .prop_map(str::to_owned),
            1 => any::<String>(),
        ];
        let blank = select(&["", "", " ", "\n", "\t "][..]);
        prop_oneof![
            (vec(inner.clone(), 0..6), blank.clone())
                .prop_map(|(items, blank)| format!("[{blank}{}]", items.join(","))),
            (vec((key, inner), 0..6), blank).prop_map(|(members, blank)| {
                let member = |(key, value): &(String, String)| {
                    format!("{}:{blank}{value}", serde_json::to_string(key).unwrap())
                };
                let members: Vec<_> = members.iter().map(member).collect();
                format!("{{{}{blank}}}", members.join(","))
            }),
        ]
    })
}

/// A JSON object.
pub(crate) fn object() -> impl Strategy<Value = String> {
    let key = select(&["a", "b", "c", "id", "amount", "items", "é", ""][..]);
    vec((key, json()), 0..7).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(key, json)| format!("{key:?}:{json}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

const SCALARS: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "1e400000",
    "1E-400000",
    "9007199254740993.1",
    "123456789012345678901234567890",
    "0.1",
    "1e5",
    "\"\"",
    "\"null\"",
    "\"NaN\"",
    "\"12\"",
    "\"2026-03-01T10:15:00Z\"",
    "\"infinity\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\\\\\\"\\n\"",
    "\"{1,NULL}\"",
    "\"550e8400-e29b-41d4-a716-446655440000\"",
];

/// Pieces of JSON, right and wrong.
pub(crate) const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"a\"",
    "\"b\":",
    "1",
    "-",
    "0",
    ".5",
    "e",
    "E+",
    "true",
    "false",
    "null",
    "nul",
    "NaN",
    "Infinity",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\u00e9",
    "\\ud83d\\ude00",
    "1e999999999",
    "99999999999999999999999999",
    "{}",
    "[]",
    "\"stream_id\":",
    "\"stream_version\":",
    "\"type\":",
    "\"schema_version\":",
    "\"payload\":",
    "\"metadata\":",
    "\"recorded_at\":",
    "\"position\":",
    "\"x\"",
    "{\"a\":1}",
];
