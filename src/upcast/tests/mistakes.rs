//! Mistakes in the files: all of them, each with its place.

use super::*;

#[test]
fn jq_mistakes_have_places() {
    let jq = |jq: &str| mistakes(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\njq = {jq}\n")]);
    assert_eq!(
        jq("'.a = now'"),
        [
            "f0.toml:4:12: jq function now is not available: an upcaster must give the same answer every time"
        ]
    );
    assert_eq!(
        jq("'''\n.a |\n  foo(1) | bar'''"),
        [
            "f0.toml:6:3: jq function foo with 1 arguments is not defined",
            "f0.toml:6:12: jq function bar is not defined",
        ]
    );
    assert_eq!(
        jq("'.a = (1'"),
        ["f0.toml:4:14: jq syntax: expected closing parenthesis, found the end"]
    );
    assert_eq!(jq("'.a |'"), ["f0.toml:4:11: jq syntax: expected term, found the end"]);
    assert_eq!(jq(r#"".a = \"x\" | $y""#), ["f0.toml:4:6: jq variable $y is not defined"]);
    assert_eq!(
        jq("'import \"m\" as m; .'"),
        ["f0.toml:4:15: jq module \"m\" is not available: a filter stands alone"]
    );
    assert_eq!(
        jq("'import \"m\" as $m; .'"),
        ["f0.toml:4:15: jq module \"m\" is not available: a filter stands alone"]
    );
    assert_eq!(jq("5"), ["f0.toml:4:6: jq is a filter, a string"]);
}

#[test]
fn all_mistakes_of_all_files_are_reported_with_places() {
    assert_eq!(
        mistakes(&[
            "type = \"T\"\nsteps = 1\n[[step]]\nfrom = 1\nrenames = {a = 'b'}\nrename = {a = 1, b = 'x', c = 'x'}\n[[step]]\nfrom = 0\n",
            "[[step]]\nfrom = 1\ndrop = true\nset = {a = inf}\ncast = {a = 'int'}\n",
            "type = \"T\"\n[[step]]\nfrom = 1\n[[step]]\nfrom = 3\n[[step]]\nfrom = 1\n[[step]]\nset = { a..b = 1 }\n",
            "type = \"T\"\n[[step]]\nset = { 'a..b' = 1 }\n",
        ]),
        [
            "f0.toml:2:1: unknown key \"steps\": a file has the keys type and step",
            "f0.toml:5:1: unknown key \"renames\": a step has the keys from, type, to, drop, rename, move, remove, cast, map, set, default and jq",
            "f0.toml:6:15: rename gives each field its new path, a string",
            "f0.toml:6:31: rename gives two fields the path \"x\"",
            "f0.toml:8:8: a version is a whole number from 1",
            "f1.toml:1:1: the key type is missing: it names the event type of the file",
            "f1.toml:3:1: drop must stand alone in its step",
            "f1.toml:4:12: JSON has no number inf or nan",
            "f1.toml:5:13: cast gives each field \"string\", \"integer\", \"number\" or \"boolean\"",
            "f2.toml:9:11: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`",
            "f3.toml:1:1: event type \"T\" has a file already: f0.toml",
            "f3.toml:2:1: the step has no from: it names the version it starts at",
            "f3.toml:3:9: the path \"a..b\" has an empty part",
        ]
    );
}

#[test]
fn mistakes_in_one_step() {
    let one = |step: &str| mistakes(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\n{step}\n")]);
    assert_eq!(one("drop = false"), ["f0.toml:4:8: drop can only be true"]);
    assert_eq!(one("drop = true\njq = '.'"), ["f0.toml:4:1: drop must stand alone in its step"]);
    assert_eq!(
        one("jq = '.'\nset = {}"),
        ["f0.toml:5:1: set cannot stand in a step with jq: give it a step of its own"]
    );
    assert_eq!(
        one("to = 2"),
        ["f0.toml:4:1: to belongs to a type: without one a step leads to the next version"]
    );
    assert_eq!(one("remove = 'a'"), ["f0.toml:4:10: remove must be a list of paths"]);
    assert_eq!(
        one("remove = [1]"),
        ["f0.toml:4:11: remove must be a list of paths, each a string"]
    );
    assert_eq!(one("rename = 'a'"), ["f0.toml:4:10: rename must be a table by field"]);
    assert_eq!(
        one("map = {a = 'b'}"),
        ["f0.toml:4:12: map gives each field a table of old and new values"]
    );
    assert_eq!(
        one("rename = {a = 'a'}"),
        ["f0.toml:4:15: rename gives the field \"a\" its own path"]
    );
    assert_eq!(one("move = {a = 'a.b'}"), ["f0.toml:4:13: move puts the field \"a\" into itself"]);
    assert_eq!(
        one("set = {'a.b' = 1, a.b = 2}"),
        ["f0.toml:4:21: set names the field \"a.b\" twice"]
    );
    assert_eq!(one("type = ''"), ["f0.toml:4:8: type is the name of an event type, a string"]);
    assert_eq!(one("from = 2").len(), 1);
}

#[test]
fn mistakes_in_a_chain_and_between_chains() {
    assert_eq!(
        mistakes(&[
            "type = \"T\"\n[[step]]\nfrom = 4\n[[step]]\nfrom = 1\n[[step]]\nfrom = 2\n[[step]]\nfrom = 2\n"
        ]),
        [
            "f0.toml:2:1: no step from 3: after the step from 2 comes the one from 4",
            "f0.toml:8:1: the step from 2 is given twice, first at f0.toml:6:1",
        ]
    );
    let broken =
        "type = \"T\"\n[[step]]\nfrom = 1\n[[step]]\nfrom = 2\ndrop = 1\n[[step]]\nfrom = 3\n";
    assert_eq!(
        mistakes(&[broken]),
        ["f0.toml:6:8: drop can only be true"],
        "a broken step is no hole"
    );
    let becomes = |name: &str, other: &str| {
        format!("type = \"{name}\"\n[[step]]\nfrom = 1\ntype = \"{other}\"\n")
    };
    assert_eq!(
        mistakes(&[&becomes("A", "B"), &becomes("B", "C"), &becomes("C", "A"), &becomes("D", "B")]),
        ["f2.toml:4:1: types become each other in a circle: A -> B -> C -> A"]
    );
    assert_eq!(
        mistakes(&[&becomes("A", "A")]),
        ["f0.toml:4:1: types become each other in a circle: A -> A"]
    );
    assert_eq!(
        mistakes(&[&becomes("A", "B")]),
        [
            "f0.toml:4:1: the step leads to version 2 of \"B\", which has the versions 1 to 1: give one of them with to"
        ]
    );
}

#[test]
fn files_with_a_bom_or_windows_line_ends() {
    let text =
        "\u{feff}type = \"T\"\r\n[[step]]\r\nfrom = 1\r\njq = '''\r\n.a = 1\r\n| .b = 2'''\r\n";
    assert_eq!(run(&load(&[text]), &event("T", 1, "{}")), Ok(vec![r#"T 2 {"a":1,"b":2}"#.into()]));
    let broken = "\u{feff}type = \"T\"\r\n[[step]]\r\nfrom = 1\r\njq = '''\r\n.a = now'''\r\n";
    assert!(mistakes(&[broken])[0].starts_with("f0.toml:5:6: jq function now is not available"));
}

#[test]
fn paths_into_arrays_stay_in_their_element() {
    let said =
        |form: &str| mistakes(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\n{form}\n")]).join("\n");
    for (form, told) in [
        (r#"rename = { "items[].p" = "price" }"#, "can only move inside the element it is in"),
        (r#"move = { "price" = "items[].p" }"#, "can only move inside the element it is in"),
        (r#"remove = ["items[]"]"#, "names elements and no field of theirs"),
        (r#"set = { "[].a" = 1 }"#, "has no name before its []"),
    ] {
        assert!(said(form).contains(told), "{form}: {}", said(form));
    }
}

#[test]
fn what_came_before_is_not_there_and_the_message_says_who_has_it() {
    let said = mistakes(&["type = \"T\"\n[[step]]\nfrom = 1\njq = '.from = $previous.to'\n"]);
    assert!(said[0].contains("a step sees one event and nothing before it"), "{said:?}");
}
