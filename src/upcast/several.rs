//! Whether a jq filter may give several events for one.
//!
//! Recognised by its parsed text; whatever is not known here may. Nothing is evaluated.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::{Opt, Part};

/// Functions that give one value for each of their input or none, if what they are given does.
const ONE_OR_NONE: [(&str, usize); 61] = [
    ("abs", 0),
    ("add", 0),
    ("all", 0),
    ("any", 0),
    ("arrays", 0),
    ("ascii_downcase", 0),
    ("ascii_upcase", 0),
    ("booleans", 0),
    ("ceil", 0),
    ("contains", 1),
    ("del", 1),
    ("delpaths", 1),
    ("empty", 0),
    ("endswith", 1),
    ("error", 0),
    ("error", 1),
    ("false", 0),
    ("first", 0),
    ("flatten", 0),
    ("floor", 0),
    ("from_entries", 0),
    ("fromjson", 0),
    ("getpath", 1),
    ("group_by", 1),
    ("gsub", 2),
    ("has", 1),
    ("implode", 0),
    ("explode", 0),
    ("join", 1),
    ("keys", 0),
    ("keys_unsorted", 0),
    ("last", 0),
    ("length", 0),
    ("ltrim", 0),
    ("ltrimstr", 1),
    ("max", 0),
    ("min", 0),
    ("not", 0),
    ("null", 0),
    ("numbers", 0),
    ("objects", 0),
    ("reverse", 0),
    ("round", 0),
    ("rtrim", 0),
    ("rtrimstr", 1),
    ("scaled", 1),
    ("select", 1),
    ("setpath", 2),
    ("sort", 0),
    ("sort_by", 1),
    ("split", 1),
    ("startswith", 1),
    ("strings", 0),
    ("test", 1),
    ("to_entries", 0),
    ("tojson", 0),
    ("tonumber", 0),
    ("tostring", 0),
    ("trim", 0),
    ("true", 0),
    ("type", 0),
];
/// Functions that give one value, however many what they are given gives.
const GATHERING: [(&str, usize); 9] = [
    ("all", 1),
    ("any", 1),
    ("first", 1),
    ("isempty", 1),
    ("last", 1),
    ("map", 1),
    ("map_values", 1),
    ("unique_by", 1),
    ("with_entries", 1),
];

/// Whether a filter may give more than one value for one.
pub(super) fn gives_several(filter: &Term<&str>) -> bool {
    !at_most_one(filter)
}

fn at_most_one(term: &Term<&str>) -> bool {
    let each = |terms: &[Term<&str>]| terms.iter().all(at_most_one);
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(_) => true,
        Term::Str(_, parts) => parts.iter().all(|part| match part {
            StrPart::Term(inner) => at_most_one(inner),
            _ => true,
        }),
        Term::Obj(members) => members
            .iter()
            .all(|(key, value)| at_most_one(key) && value.as_ref().is_none_or(at_most_one)),
        Term::Neg(inner) => at_most_one(inner),
        Term::BinOp(left, operator, right) => match operator {
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
                at_most_one(right)
            }
            BinaryOp::Pipe(None | Some(Pattern::Var(_)))
            | BinaryOp::Alt
            | BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Math(_)
            | BinaryOp::Cmp(_) => at_most_one(left) && at_most_one(right),
            _ => false,
        },
        Term::IfThenElse(cases, other) => {
            cases.iter().all(|(test, then)| at_most_one(test) && at_most_one(then))
                && other.as_ref().is_none_or(|other| at_most_one(other))
        }
        Term::TryCatch(inner, caught) => {
            at_most_one(inner) && caught.as_ref().is_none_or(|caught| at_most_one(caught))
        }
        Term::Fold("reduce", _, Pattern::Var(_), args) => each(args),
        // A path names what is deleted, which may be several.
        Term::Call("del", args) => args.len() == 1,
        Term::Call(name, args) => {
            GATHERING.contains(&(*name, args.len()))
                || (ONE_OR_NONE.contains(&(*name, args.len())) && each(args))
        }
        Term::Path(inner, parts) => {
            at_most_one(inner)
                && parts.0.iter().all(|(part, optional)| {
                    let is_one = match part {
                        Part::Index(at) => at_most_one(at),
                        Part::Range(None, None) => false,
                        Part::Range(from, to) => {
                            from.as_ref().is_none_or(at_most_one)
                                && to.as_ref().is_none_or(at_most_one)
                        }
                    };
                    is_one && matches!(optional, Opt::Essential | Opt::Optional)
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

    fn several(code: &str) -> bool {
        gives_several(&load::parse(code, |parser| parser.term()).unwrap())
    }

    const ONE: [&str; 16] = [
        ".",
        "{a: .a}",
        "select(.a)",
        ".a = (.l | map(. + 1))",
        "if .a then empty else . end",
        ".l[] |= . + 1",
        "with_entries(.value |= tostring)",
        "to_entries | from_entries",
        "reduce .l[] as $x (.; .a += $x)",
        "del(.l[], .a)",
        ".a = (.b // 1) | del(.b?)",
        ".a as $x | .b = $x",
        ". + {n: [.l[]]}",
        "first(.l[]) as $x | {$x}",
        ".a = (try (.b | tonumber) catch 0)",
        "setpath([\"a\"]; 1)",
    ];

    #[test]
    fn what_gives_one_event_is_recognised() {
        for code in ONE {
            assert!(!several(code), "{code}");
        }
    }

    #[test]
    fn what_may_give_several_is_not() {
        for code in [
            ".l[] as $s | {s: $s}",
            "., .",
            ".a = (1, 2)",
            ".l[]",
            "{a: .l[]}",
            ".. | objects",
            "range(3) as $i | {$i}",
            "def f: ., .; f",
            "recurse | objects",
            "foreach .l[] as $x (0; . + $x; {a: .})",
            ".a[]?",
            "limit(2; .l[]) | {a: .}",
        ] {
            assert!(several(code), "{code}");
        }
    }

    #[test]
    fn what_is_recognised_gives_one_event_at_the_most() {
        let payloads = [
            r#"{"a": 1, "b": "2.5", "l": [1, 2]}"#,
            r#"{"a": null, "l": []}"#,
            r#"{"a": {"b": 1}, "b": 3, "l": [3]}"#,
        ];
        let mut ran = 0;
        for (code, payload) in ONE.into_iter().flat_map(|code| payloads.map(|p| (code, p))) {
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
            assert!(out.len() <= 1, "{code} of {payload}");
            ran += 1;
        }
        assert!(ran > 25, "{ran}");
    }
}
