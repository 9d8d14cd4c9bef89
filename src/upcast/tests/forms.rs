//! The short forms, one by one and together.

use super::*;

#[test]
fn renames_and_moves() {
    check(r#"rename = { a = "b" }"#, r#"{"a":1,"c":2}"#, r#"{"b":1,"c":2}"#);
    check(r#"rename = { a = "b", b = "a" }"#, r#"{"a":1,"b":2}"#, r#"{"b":1,"a":2}"#);
    check(r#"rename = { "org:group" = "group" }"#, r#"{"org:group":"g"}"#, r#"{"group":"g"}"#);
    check(r#"rename = { a.b = "a.c" }"#, r#"{"a":{"b":1}}"#, r#"{"a":{"c":1}}"#);
    check(r#"rename = { "a.b" = "c" }"#, r#"{"a":{"b":1}}"#, r#"{"a":{},"c":1}"#);
    check(
        r#"move = { a = "x.y.z", b = "x.w" }"#,
        r#"{"a":1,"b":2}"#,
        r#"{"x":{"y":{"z":1},"w":2}}"#,
    );
    check(r#"rename = { "a?" = "b" }"#, r#"{"b":2}"#, r#"{"b":2}"#);
    check(r#"move = { "a.x?" = "b" }"#, r#"{"a":1}"#, r#"{"a":1}"#);
    check_fails(r#"rename = { a = "b" }"#, r#"{"c":2}"#, "field \"a\" is absent");
    check_fails(r#"rename = { a = "b" }"#, r#"{"b":2}"#, "field \"a\" is absent");
    check_fails(r#"rename = { a = "b" }"#, r#"{"a":1,"b":2}"#, "field \"b\" is already there");
    check_fails(r#"rename = { "a?" = "b" }"#, r#"{"a":1,"b":2}"#, "field \"b\" is already there");
    for (path, array, elements) in [
        ("items.0.p", "items", "items[].p"),
        ("items.p", "items", "items[].p"),
        ("items.1", "items", "items[]"),
        ("o.items.0.p", "o.items", "o.items[].p"),
    ] {
        let said = format!(
            r#"field "{path}" is absent: "{array}" is an array, and its elements are named "{elements}""#
        );
        let payload = r#"{"items":[{"p":1}],"o":{"items":[]}}"#;
        check_fails(&format!(r#"rename = {{ "{path}" = "q" }}"#), payload, &said);
        check_fails(&format!(r#"cast = {{ "{path}" = "string" }}"#), payload, &said);
    }
    check(r#"rename = { "items.0.p?" = "q" }"#, r#"{"items":[]}"#, r#"{"items":[]}"#);
    check_fails(
        r#"move = { a = "x.y" }"#,
        r#"{"a":1,"x":{"y":2}}"#,
        "field \"x.y\" is already there",
    );
    check_fails(
        r#"move = { a = "x.y" }"#,
        r#"{"a":1,"x":"s"}"#,
        "field \"x.y\": the member \"x\" is a string, not an object",
    );
}

#[test]
fn removals() {
    check(r#"remove = ["a", "b.c", "z"]"#, r#"{"a":1,"b":{"c":1,"d":2}}"#, r#"{"b":{"d":2}}"#);
}

#[test]
fn casts_are_exact_on_digits() {
    check(
        r#"cast = { a = "string", b = "string", c = "string", d = "string" }"#,
        r#"{"a":9007199254740993.10,"b":true,"c":"x\n","d":null}"#,
        r#"{"a":"9007199254740993.10","b":"true","c":"x\n","d":null}"#,
    );
    check(
        r#"cast = { a = "number", b = "number", "c.d" = "number" }"#,
        r#"{"a":"9007199254740993.10","b":1e400000,"c":{"d":"-1e5"}}"#,
        r#"{"a":9007199254740993.10,"b":1e400000,"c":{"d":-1e5}}"#,
    );
    check(
        r#"cast = { a = "integer", b = "integer", c = "integer" }"#,
        r#"{"a":"9007199254740993","b":12.00,"c":9007199254740993}"#,
        r#"{"a":9007199254740993,"b":12,"c":9007199254740993}"#,
    );
    check(
        r#"cast = { a = "boolean", b = "boolean" }"#,
        r#"{"a":"true","b":false}"#,
        r#"{"a":true,"b":false}"#,
    );
    check(r#"cast = { "a?" = "boolean" }"#, "{}", "{}");
    check_fails(r#"cast = { a = "boolean" }"#, "{}", "field \"a\" is absent");
    for (to, value, found) in [
        ("integer", "1.5", "a number"),
        ("integer", "\"1.5\"", "a string"),
        ("integer", "1e400000", "a number"),
        ("integer", "true", "a boolean"),
        ("number", "\" 1\"", "a string"),
        ("number", "\"\"", "a string"),
        ("number", "[1]", "an array"),
        ("string", "{}", "an object"),
        ("boolean", "1", "a number"),
        ("boolean", "\"yes\"", "a string"),
    ] {
        let expected = format!("field \"a\": {found} cannot be cast to {to}");
        check_fails(
            &format!("cast = {{ a = \"{to}\" }}"),
            &format!("{{\"a\":{value}}}"),
            &expected,
        );
    }
}

#[test]
fn maps_of_values() {
    let form =
        r#"map = { status = { N = "new", "1" = { code = 1 }, "true" = false, null = "none" } }"#;
    check(form, r#"{"status":"N"}"#, r#"{"status":"new"}"#);
    check(form, r#"{"status":1}"#, r#"{"status":{"code":1}}"#);
    check(form, r#"{"status":true}"#, r#"{"status":false}"#);
    check(form, r#"{"status":null}"#, r#"{"status":"none"}"#);
    check_fails(form, "{}", "field \"status\" is absent");
    check_fails(
        form,
        r#"{"status":"secret"}"#,
        "field \"status\": its value is not in the map, and the map has no \"*\"",
    );
    check(r#"map = { "a.b?" = { x = 1, "*" = "other" } }"#, "{}", "{}");
    check(r#"map = { a.b = { x = 1 } }"#, r#"{"a":{"b":"x"}}"#, r#"{"a":{"b":1}}"#);
    check(r#"map = { a = { x = 1, "*" = "other" } }"#, r#"{"a":"y"}"#, r#"{"a":"other"}"#);
}

#[test]
fn sets_and_defaults() {
    let form = "set = { z = 1_000, f = +1.10, h = 0xff, s = \"กข\\n\", t = true, d = 2026-03-01, \
                a = [1, \"x\"], o = { q = 1, b = { c = 2 } }, big = 123456789012345678901234567890 }";
    check(
        form,
        r#"{"f":0}"#,
        "{\"f\":1.10,\"z\":1000,\"h\":255,\"s\":\"กข\\n\",\"t\":true,\"d\":\"2026-03-01\",\
         \"a\":[1,\"x\"],\"o\":{\"q\":1,\"b\":{\"c\":2}},\"big\":123456789012345678901234567890}",
    );
    check(
        r#"default = { a = 1, b = 2, "c.d" = 3 }"#,
        r#"{"a":null}"#,
        r#"{"a":null,"b":2,"c":{"d":3}}"#,
    );
    check(r#"default = { a.b = 1 }"#, r#"{"a":{"c":2}}"#, r#"{"a":{"c":2,"b":1}}"#);
    check("default.a = { b = 1 }", r#"{"a":{"c":2}}"#, r#"{"a":{"c":2}}"#);
    check("[step.set.a]\nb = 1\nc = 1e06", r#"{"a":{"x":2}}"#, r#"{"a":{"b":1,"c":1e06}}"#);
}

#[test]
fn forms_apply_in_one_documented_order_whatever_the_order_in_the_file() {
    check(
        r#"
default = { currency = "USD", total = 0 }
set = { source = "shop" }
map = { "item.state" = { "1" = "open" } }
cast = { "item.state" = "string" }
remove = ["kind"]
move = { b = "item.state" }
rename = { a = "b" }
"#,
        r#"{"a":1,"kind":"x","total":5}"#,
        r#"{"total":5,"item":{"state":"open"},"source":"shop","currency":"USD"}"#,
    );
    check("", r#"{"a":1}"#, r#"{"a":1}"#);
}

#[test]
fn forms_inside_arrays_change_each_element() {
    let items = r#"{"id":1,"items":[{"p":"1.50","q":1},{"q":2,"p":"2"}]}"#;
    check(
        r#"rename = { "items[].p" = "items[].price" }"#,
        items,
        r#"{"id":1,"items":[{"price":"1.50","q":1},{"q":2,"price":"2"}]}"#,
    );
    check(
        r#"cast = { "items[].p" = "number" }
           default = { "items[].currency" = "USD", "note" = "" }
           remove = ["items[].q"]"#,
        items,
        r#"{"id":1,"items":[{"p":1.50,"currency":"USD"},{"p":2,"currency":"USD"}],"note":""}"#,
    );
    check(
        r#"rename = { "orders[].lines[].a.b" = "orders[].lines[].c" }"#,
        r#"{"orders":[{"lines":[{"a":{"b":1}}]},{"lines":[]}]}"#,
        r#"{"orders":[{"lines":[{"a":{},"c":1}]},{"lines":[]}]}"#,
    );
    check(
        r#"rename = { "lines" = "items" }
           map = { "a.items[].s" = { on = true, "*" = false } }"#,
        r#"{"lines":1,"a":{"items":[{"s":"on"},{"s":"off"}]}}"#,
        r#"{"items":1,"a":{"items":[{"s":true},{"s":false}]}}"#,
    );
    check(r#"set = { "items[].x" = 1 }"#, r#"{"id":1}"#, r#"{"id":1}"#);
    check(
        r#"rename = { "items[].p?" = "items[].price" }"#,
        r#"{"items":null}"#,
        r#"{"items":null}"#,
    );
    let rename = r#"rename = { "items[].p" = "items[].price" }"#;
    check_fails(rename, r#"{"id":1}"#, "field \"items\" is absent");
    check_fails(rename, r#"{"items":{"p":1}}"#, "field \"items\" is no array");
    check_fails(rename, r#"{"items":[{"p":1},{"q":1}]}"#, "field \"p\" is absent");
    check_fails(rename, r#"{"items":[1]}"#, "field \"items\": the JSON is a number, not an object");
}
