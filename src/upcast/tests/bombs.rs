//! jq filters that look innocent and payloads that make them cost without end, and what a bound
//! must not take away.

use super::*;

/// What a filter is told that passes a bound; which one is passed first does not matter.
const BOUNDS: [&str; 7] = [
    "jq went through more values than an event of this size may cost",
    "jq made more bytes of values than an event of this size may cost",
    "jq made a value of more than 67108864 bytes or members",
    "jq made a value that is nested deeper than 512 levels",
    "jq made a number of more than 131072 digits",
    "jq did not end within 1000000 steps",
    "jq calls itself too deep",
];
/// It is stopped by one of them.
const STOPPED: bool = true;
/// Whether it is stopped does not matter, only that it ends.
const ENDS: bool = false;

const PAYLOAD: &str = r#"{"w":30000000000,"s":"0123456789","re":"((a{99}){99}){99}","list":[0,1,2,3,4,5,6,7,8,9],"big":1e9}"#;

/// Filters and what ends them. `D` is a value of 2^60 members that takes the room of 60.
const BOMBS: &[(&str, bool)] = &[
    (r#".n = ((" " * .w) | length)"#, STOPPED),
    (r#".n = ((.w * " ") | length)"#, STOPPED),
    (r#".n = ((" " * 99999999999999999999999) | length)"#, STOPPED),
    (r#".a = (" " * (.w - (.s|length)) + .s | length)"#, STOPPED),
    ("[range(0;100)] as $a | .n = ([$a[]|$a[]|$a[]|$a[]|$a[]|select(false)]|length)", STOPPED),
    ("[range(0;1000)] as $a | .n = ([$a[] as $x | $a[] as $y | $a[] | $x + $y] | length)", STOPPED),
    ("[limit(100; repeat(1))] as $a | .n = ([$a, $a, $a, $a, $a] | combinations | length)", ENDS),
    (".n = (.list | combinations(20) | length)", ENDS),
    ("D | . == (D) | {a: .}", STOPPED),
    ("D | tojson | {a: length}", STOPPED),
    ("D | tostring | {a: length}", STOPPED),
    (r#"D | "\(.)" | {a: length}"#, STOPPED),
    ("D | @text | {a: length}", STOPPED),
    ("D | {a: ([..] | length)}", ENDS),
    ("D | {a: (flatten | length)}", STOPPED),
    ("D | {a: contains([[3]])}", ENDS),
    ("D | [., D] | sort | {a: length}", STOPPED),
    ("D | [., D] | unique | {a: length}", STOPPED),
    ("D | [., D] | group_by(.) | {a: length}", STOPPED),
    ("D | [., D] | max | {a: length}", STOPPED),
    ("D as $d | {a: ({($d): 1} | length)}", STOPPED),
    ("D as $d | {a: ({} | has($d))}", STOPPED),
    ("D | {a: ([.] - [.] | length)}", STOPPED),
    ("D | {a: index([1])}", ENDS),
    ("D | {a: bsearch(D)}", ENDS),
    ("D | error", ENDS),
    ("D | .a.b", ENDS),
    ("D | . * 2", ENDS),
    ("D | tobytes", STOPPED),
    ("D | walk(1) | {a: 1}", ENDS),
    ("D | .a = 1", ENDS),
    ("D | [paths] | {a: length}", ENDS),
    ("reduce range(60) as $n ({a: 1}; {a: ., b: .}) | . * .", STOPPED),
    ("reduce range(60) as $n ({a: 1}; {a: ., b: .}) | . == . | {a: .}", STOPPED),
    ("reduce range(1000000) as $n (.; [.]) | {a: length}", STOPPED),
    ("reduce range(1000000) as $n (.; {a: .}) | {a: length}", STOPPED),
    ("def f: {a: f}; f", STOPPED),
    ("reduce range(1000) as $n (.; {b: (.a = .)})", STOPPED),
    ("reduce range(1000) as $n (1; {} | .a = $n) | reduce range(1000) as $n (.; .a = .)", STOPPED),
    ("reduce range(1000) as $n ([]; .[0:0] = [.])", STOPPED),
    ("reduce range(1000) as $n ([1]; .[0] = [.])", STOPPED),
    ("reduce range(1000) as $n ([1]; [.[] |= [.]])", STOPPED),
    ("reduce range(1000) as $n ({}; to_entries | {a: .})", STOPPED),
    ("reduce range(60) as $n (10; . * .)", STOPPED),
    ("reduce range(99) as $n (99999999999999999999; . * .) | {a: .}", STOPPED),
    (
        r#"[range(100000) | "x"] | join("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" * 20) | {a: length}"#,
        STOPPED,
    ),
    (r#"("x" * 30000000) | . / "" | {a: length}"#, STOPPED),
    (r#"("<" * 60000000) | @html | {a: length}"#, STOPPED),
    (r#"("é" * 30000000) | @uri | {a: length}"#, STOPPED),
    (r#"("x" * 60000000) | explode | {a: length}"#, STOPPED),
    (r#"("x" * 60000000) | @base64 | {a: length}"#, STOPPED),
    (r#"("x" * 9000000) | [., ., .] | tojson | {a: length}"#, STOPPED),
    (r#".re as $re | {a: ("a" * 100 | test($re))}"#, ENDS),
    (r#"{a: ("a" * 1000000 | test("(a*)*(a*)*(a*)*(a*)*(a*)*b" * 20))}"#, STOPPED),
    (r#"{a: ([range(100000) | tostring | test("^[0-9]+(a|b|c){500}$")] | length)}"#, STOPPED),
    (
        r#"("x" * 3000000) | gsub("x"; "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy") | {a: length}"#,
        ENDS,
    ),
    (r#"("x" * 3000000) | gsub(""; "y") | {a: length}"#, ENDS),
    (r#"("x" * 3000000) | [match("x"; "g")] | {a: length}"#, ENDS),
    (r#"0 | strftime("%Y" * 30000000) | {a: length}"#, STOPPED),
    ("{a: [range(1e9)]}", STOPPED),
    ("{a: [range(.big)]}", STOPPED),
    ("{a: [limit(1e9; repeat(1))]}", STOPPED),
    ("{a: first(range(0; infinite; 0) | select(false))}", STOPPED),
    ("{a: last(range(infinite))}", STOPPED),
    ("{a: isempty(repeat(empty))}", STOPPED),
    ("{a: [while(true; .)]}", STOPPED),
    (
        "[range(100000)] as $x | reduce range(900000) as $i (0; ($x | .[0] = 1 | 0)) | {a: .}",
        STOPPED,
    ),
    ("[range(100000)] as $x | reduce range(900000) as $i (0; ($x | .[1:] | 0)) | {a: .}", STOPPED),
    ("[range(100000)] as $x | {a: ([$x[] | $x | index(-1)] | length)}", STOPPED),
    ("[range(100000)] as $x | {a: ([$x[] | $x | map(1) | 1] | length)}", ENDS),
];

#[test]
fn one_payload_costs_one_event() {
    let mut others = Vec::new();
    for (jq, stopped) in BOMBS {
        let jq = jq.replace('D', "(reduce range(60) as $n (1; [., .]))");
        let made = step(&format!("jq = '''{jq}'''"), PAYLOAD);
        let failure = made.map_or_else(|failure| failure, |made| format!("{} bytes", made.len()));
        assert!(failure.len() < 1_000, "{jq}: {}", failure.len());
        if *stopped && !BOUNDS.iter().any(|bound| failure.ends_with(bound)) {
            others.push(format!("{jq}: {failure}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn large_payloads_are_no_bombs() {
    let items: Vec<String> = (0..20_000)
        .map(|n| {
            format!(
                r#"{{"id":{n},"name":"name {n}","at":"2026-03-01T10:15:00Z","tags":["a","b"]}}"#
            )
        })
        .collect();
    let payload = format!(r#"{{"items":[{}]}}"#, items.join(","));
    for (jq, expect) in [
        ("{n: (.items | length)}", r#"{"n":20000}"#),
        ("{n: (.items | map(.id) | add)}", r#"{"n":199990000}"#),
        ("{n: (.items | map(.tags[]) | unique)}", r#"{"n":["a","b"]}"#),
        ("{n: (.items | group_by(.id % 10) | map(length) | unique)}", r#"{"n":[2000]}"#),
        (r#"{n: (.items | map(.name | sub("name "; "") | tonumber) | max)}"#, r#"{"n":19999}"#),
        (
            r#"{n: (.items | map(select(.at | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T"))) | length)}"#,
            r#"{"n":20000}"#,
        ),
        ("{n: (.items | map(.at | fromdate) | unique | length)}", r#"{"n":1}"#),
        ("{n: (.items | sort_by(-.id) | .[0].id)}", r#"{"n":19999}"#),
        (r#"{n: (.items | map(.name) | join(",") | length)}"#, r#"{"n":208889}"#),
        ("{n: ([.items[] | {(.name): .id}] | add | length)}", r#"{"n":20000}"#),
        ("{n: (.items |= map(.id += 1) | .items[0].id)}", r#"{"n":1}"#),
        ("{n: (.items | tojson | fromjson | length)}", r#"{"n":20000}"#),
        (
            r#"{n: (walk(if type == "string" then ascii_upcase else . end) | .items[0].name)}"#,
            r#"{"n":"NAME 0"}"#,
        ),
        ("{n: ([paths] | length)}", r#"{"n":140001}"#),
    ] {
        check(&format!("jq = '''{jq}'''"), &payload, expect);
    }
}

/// What is written anew gives what jaq's own gives.
#[test]
fn values_and_functions_of_ours_are_jaqs() {
    for (jq, expect) in [
        (
            r#"[null, -3, 3, -1.5, 123456789012345678901234567890, -123456789012345678901234567890, "aé", [1], {}] | map(length)"#,
            "[0,3,3,1.5,123456789012345678901234567890,123456789012345678901234567890,2,1,0]",
        ),
        (
            r#"[([1,[2]] | contains([[2]])), ("foobar" | contains("bar")), ({a: [1, "xyz"]} | contains({a: ["y"]})), ([] | contains([1]))]"#,
            "[true,true,true,false]",
        ),
        (
            r#"[([1,2] | has(1)), ([1,2] | has(2)), ([1,2] | has(-1)), ({a: 1} | has("a")), ({a: 1} | has("b"))]"#,
            "[true,false,true,true,false]",
        ),
        (
            r#"[("aéaéa" | indices("éa")), ([1,2,1,2] | indices([1,2])), ([1,2,1] | indices(1)), ("a" | indices(""))]"#,
            "[[1,3],[0,2],[0,2],[]]",
        ),
        ("[([1,3,5] | bsearch(3)), ([1,3,5] | bsearch(4)), ([1,3,5] | bsearch(0))]", "[1,-3,-1]"),
        (
            r#"[([1,2,3] | tojson), ({a: "é"} | tojson), ("x" | tojson)]"#,
            r#"["[1,2,3]","{\"a\":\"é\"}","\"x\""]"#,
        ),
        (
            "[[1,2,3,4] | (.[1:3] = [9]), (.[-1] = 7), del(.[1]), .[2:], .[:-1], (.[1:] |= map(. * 2))]",
            "[[1,9,4],[1,2,3,7],[1,3,4],[3,4],[1,2,3],[1,4,6,8]]",
        ),
        (
            "[{a: {b: 1}} | (.a.c = 2), del(.a.b), (.. |= .), to_entries, (.a |= empty), (.x = 1)]",
            r#"[{"a":{"b":1,"c":2}},{"a":{}},{"a":{"b":1}},[{"key":"a","value":{"b":1}}],{},{"a":{"b":1},"x":1}]"#,
        ),
        (
            r#"["abc" | .[1:], .[:-1], (. * 2), (. * 0), (. / "b"), (.[1:2] = "xx")]"#,
            r#"["bc","ab","abcabc",null,["a","c"],"axxc"]"#,
        ),
        (
            "[([3,1,2] - [1]), ({a: {x: 1}} * {a: {y: 2}}), (7 % 3), -(1), (1 / 4), ([1] + [2]), ({a: 1} + {b: 2}), (null + 1)]",
            r#"[[3,2],{"a":{"x":1,"y":2}},1,-1,0.25,[1,2],{"a":1,"b":2},1]"#,
        ),
        (
            "[(try ({} + 1) catch .), (try (1 | .[]) catch .), (try ([1] | .[5] = 1) catch .), (try (1 | .a = 1) catch .)]",
            r#"["cannot calculate {} + 1","cannot use 1 as iterable (array or object)","index 5 out of bounds","cannot use 1 as iterable (array or object)"]"#,
        ),
        (
            "[({} | .[0]), ([1,2] | .[1]), ([1,2] | .[-1]), ([1,2] | .[9]), (null | .a)]",
            "[null,2,2,null,null]",
        ),
    ] {
        check(&format!("jq = '''{{n: ({jq})}}'''"), "{}", &format!("{{\"n\":{expect}}}"));
    }
}
