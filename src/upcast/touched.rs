//! Which fields a jq filter may change, where that can be told.
//!
//! Most filters set, update or delete a few named fields and give one event for one. Such a filter is
//! recognised by its parsed text; whatever is not known here may change anything and give any number of
//! events. Nothing is evaluated.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Opt, Part};

/// Functions that give one value for each of their input, whatever it is, or fail.
const ONE_FOR_ONE: [(&str, usize); 26] = [
    ("abs", 0),
    ("add", 0),
    ("ascii_downcase", 0),
    ("ascii_upcase", 0),
    ("ceil", 0),
    ("endswith", 1),
    ("false", 0),
    ("floor", 0),
    ("join", 1),
    ("keys", 0),
    ("length", 0),
    ("ltrim", 0),
    ("ltrimstr", 1),
    ("not", 0),
    ("null", 0),
    ("round", 0),
    ("rtrim", 0),
    ("rtrimstr", 1),
    ("scaled", 1),
    ("split", 1),
    ("startswith", 1),
    ("tonumber", 0),
    ("tostring", 0),
    ("trim", 0),
    ("true", 0),
    ("type", 0),
];

/// The paths a filter may write, if it gives one output for each input and leaves everything else as it
/// is. `None`: it may do anything.
pub(super) fn touched(filter: &Term<&str>) -> Option<Vec<Vec<String>>> {
    let mut paths = Vec::new();
    writes(filter, &mut paths).then_some(paths)
}

fn writes(term: &Term<&str>, paths: &mut Vec<Vec<String>>) -> bool {
    match term {
        Term::Id => true,
        Term::BinOp(left, BinaryOp::Pipe(None), right) => {
            writes(left, paths) && writes(right, paths)
        }
        Term::BinOp(
            left,
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt,
            right,
        ) => match path(left) {
            Some(path) => {
                paths.push(path);
                gives_one(right)
            }
            None => false,
        },
        // `. + {a: 1}`
        Term::BinOp(left, BinaryOp::Math(Math::Add), right) => match (&**left, &**right) {
            (Term::Id, Term::Obj(members)) => members.iter().all(|(key, value)| {
                paths.extend(text(key).map(|key| vec![key]));
                text(key).is_some() && value.as_ref().is_some_and(gives_one)
            }),
            _ => false,
        },
        Term::Call("del", args) => match args.as_slice() {
            [arg] => deletes(arg, paths),
            _ => false,
        },
        Term::IfThenElse(cases, other) => {
            cases.iter().all(|(test, then)| gives_one(test) && writes(then, paths))
                && other.as_ref().is_none_or(|other| writes(other, paths))
        }
        _ => false,
    }
}

fn deletes(term: &Term<&str>, paths: &mut Vec<Vec<String>>) -> bool {
    match term {
        Term::BinOp(left, BinaryOp::Comma, right) => deletes(left, paths) && deletes(right, paths),
        other => {
            let found = path(other);
            let is_path = found.is_some();
            paths.extend(found);
            is_path
        }
    }
}

/// A path of written names, such as `.a."b c"`.
pub(super) fn path(term: &Term<&str>) -> Option<Vec<String>> {
    let Term::Path(inner, parts) = term else { return None };
    let mut path = match &**inner {
        Term::Id => Vec::new(),
        inner => path(inner)?,
    };
    for (part, optional) in &parts.0 {
        match (part, optional) {
            (Part::Index(name), Opt::Essential) => path.push(text(name)?),
            _ => return None,
        }
    }
    (!path.is_empty()).then_some(path)
}

pub(super) fn text(term: &Term<&str>) -> Option<String> {
    match term {
        Term::Str(None, parts) => match parts.as_slice() {
            [StrPart::Str(text)] => Some((*text).to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a term gives one value for each input, or fails.
fn gives_one(term: &Term<&str>) -> bool {
    match term {
        // An array gathers however many there are.
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(_) => true,
        Term::Str(_, parts) => parts.iter().all(|part| match part {
            StrPart::Term(inner) => gives_one(inner),
            _ => true,
        }),
        Term::Obj(members) => members
            .iter()
            .all(|(key, value)| gives_one(key) && value.as_ref().is_none_or(gives_one)),
        Term::Neg(inner) => gives_one(inner),
        Term::BinOp(left, operator, right) => {
            let is_known = matches!(
                operator,
                BinaryOp::Pipe(None | Some(Pattern::Var(_)))
                    | BinaryOp::Alt
                    | BinaryOp::Or
                    | BinaryOp::And
                    | BinaryOp::Math(_)
                    | BinaryOp::Cmp(_)
            );
            is_known && gives_one(left) && gives_one(right)
        }
        Term::IfThenElse(cases, other) => {
            cases.iter().all(|(test, then)| gives_one(test) && gives_one(then))
                && other.as_ref().is_none_or(|other| gives_one(other))
        }
        Term::Call("map", args) => args.len() == 1,
        Term::Call(name, args) => {
            ONE_FOR_ONE.contains(&(*name, args.len())) && args.iter().all(gives_one)
        }
        Term::Path(inner, parts) => {
            gives_one(inner)
                && parts.0.iter().all(|(part, optional)| {
                    let is_one = match part {
                        Part::Index(at) => gives_one(at),
                        // `.[]` gives each.
                        Part::Range(None, None) => false,
                        Part::Range(from, to) => {
                            from.as_ref().is_none_or(gives_one) && to.as_ref().is_none_or(gives_one)
                        }
                    };
                    is_one && matches!(optional, Opt::Essential)
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Position, RawEvent};
    use crate::upcast::filter::Filter;
    use crate::value::Object;
    use jaq_core::load;

    fn found(code: &str) -> Option<Vec<String>> {
        let term = load::parse(code, |parser| parser.term()).unwrap();
        touched(&term).map(|paths| paths.into_iter().map(|path| path.join(".")).collect())
    }

    /// Filters of which it is told what they write.
    const PLAIN: [(&str, &[&str]); 12] = [
        (".", &[]),
        (".a = 1", &["a"]),
        (".c = (.b | scaled(2)) | del(.b)", &["c", "b"]),
        (".a.b |= . + 1", &["a.b"]),
        (".a += 1 | .n //= 5", &["a", "n"]),
        ("del(.a, .n.\"m m\")", &["a", "n.m m"]),
        (". + {a: .b, n: [.l[]]}", &["a", "n"]),
        ("if .a == 1 then .b = 2 elif .b then del(.n) else . end", &["b", "n"]),
        (".a = \"x\\(.b)\"", &["a"]),
        (".a = (.l | map(. + 1))", &["a"]),
        (".a = (.a // null) | .b = $event.position", &["a", "b"]),
        (".a = (.b as $x | $x)", &["a"]),
    ];

    #[test]
    fn what_a_plain_filter_writes_is_told() {
        for (code, expect) in PLAIN {
            let expect: Vec<String> = expect.iter().map(|path| (*path).to_owned()).collect();
            assert_eq!(found(code), Some(expect), "{code}");
        }
    }

    #[test]
    fn what_may_give_several_or_none_may_do_anything() {
        for code in [
            ".a = (1, 2)",
            ".a = .l[]",
            ".a = empty",
            ".a = .b?",
            ".a = (try .b)",
            ".l[] |= . + 1",
            ".[\"a\"] = 1 | .l[]",
            ".l[0] = 1",
            "{a: .a}",
            "select(.a)",
            ".a, .b",
            ". + .n",
            "del(.[])",
            "to_entries | from_entries",
            "def f: .a; .b = f",
            ".a = (.b | select(. > 1))",
            "reduce .l[] as $x (.; .a += $x)",
            "with_entries(.value += 1)",
            "delpaths([[\"a\"]])",
            ".. = 1",
        ] {
            assert_eq!(found(code), None, "{code}");
        }
    }

    #[test]
    fn plain_filters_give_one_event_and_leave_the_rest() {
        let payloads = [
            r#"{"a": 1, "b": "2.5", "n": {"m m": 1, "x": 2}, "l": [1, 2], "z": 1.50, "s": "\u00e9\n"}"#,
            r#"{"a": null, "l": [], "z": 12345678901234567890, "s": ""}"#,
            r#"{"a": {"b": 1}, "b": 3, "z": true, "s": {"t": [1]}}"#,
            r#"{"z": null}"#,
        ];
        let mut ran = 0;
        for ((code, written), payload) in
            PLAIN.into_iter().flat_map(|plain| payloads.map(|payload| (plain, payload)))
        {
            let object = Object::parse(payload).unwrap();
            let event = RawEvent {
                position: Position(7),
                stream_id: "s",
                stream_version: 1,
                event_type: "A",
                schema_version: 1,
                payload,
                metadata: None,
                recorded_at: None,
                recorded_micros: None,
            };
            let Ok(out) = Filter::compile(code).unwrap().run(&object, &event, 9) else { continue };
            assert_eq!(out.len(), 1, "{code} of {payload}");
            for name in ["a", "b", "n", "l", "z", "s"] {
                let is_written = written.iter().any(|path| path.split('.').next() == Some(name));
                let at = [name.to_owned()];
                let squeezed = |object: &Object<'_>| {
                    let text = object.get_path(&at).unwrap();
                    text.map(|text| serde_json::from_str::<serde_json::Value>(&text).unwrap())
                };
                assert!(
                    is_written || squeezed(&object) == squeezed(&out[0]),
                    "{code} of {payload} changes {name}"
                );
            }
            ran += 1;
        }
        assert!(ran > 25, "{ran}");
    }
}
