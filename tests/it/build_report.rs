//! Reports: one page that is whole, strict and escaped, whose figures are those of the database, and that is written in one piece
//! or not at all.

use std::fs;

use crate::bench::{Project, rows};
use crate::service::page::{EVIL, evil};

/// Every element that a report may have, with its attributes.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("html", &["lang"]),
    ("head", &[]),
    ("meta", &["charset", "http-equiv", "name", "content"]),
    ("title", &[]),
    ("style", &[]),
    ("body", &[]),
    ("header", &[]),
    ("main", &[]),
    ("section", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("p", &["class"]),
    ("time", &[]),
    ("div", &["class"]),
    ("dl", &[]),
    ("dt", &[]),
    ("dd", &[]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["class"]),
    ("td", &["class"]),
    ("svg", &["viewBox", "preserveAspectRatio", "aria-hidden"]),
    ("rect", &["height", "width"]),
];

/// The texts of a page, a line each, as a browser shows them. It is read more strictly than any browser reads: whatever is
/// not one of the elements of a report, with attributes of ours in double quotes, is an error.
fn texts(page: &str) -> String {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    let (mut open, mut texts): (Vec<&str>, String) = (Vec::new(), "\n".into());
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        if open.last() != Some(&"style") && !text.trim().is_empty() {
            texts.push_str(&plain(text));
            texts.push('\n');
        }
        let end = tag.find('>').expect("a tag that ends");
        rest = &tag[end + 1..];
        let tag = &tag[1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
            continue;
        }
        let (tag, is_closed) = (tag.trim_end_matches('/'), tag.ends_with('/'));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let known = ELEMENTS.iter().find(|(element, _)| *element == name);
        let (_, allowed) = known.unwrap_or_else(|| panic!("the element {tag:?} in {page}"));
        while !attributes.trim().is_empty() {
            let (attribute, value) = attributes.trim_start().split_once("=\"").expect("a value");
            assert!(allowed.contains(&attribute), "{attribute:?} in <{tag}>");
            let (value, after) = value.split_once('"').expect("a quoted value");
            plain(value);
            attributes = after;
        }
        if !is_closed && name != "meta" {
            open.push(name);
        }
    }
    assert_eq!((open, rest.trim()), (Vec::new(), ""));
    texts
}

/// A text without its escapes; there is no other `<`, `>` or `&` in it.
fn plain(text: &str) -> String {
    let mut parts = text.split('&');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, after) =
            part.split_once(';').unwrap_or_else(|| panic!("a bare & in {text:?}"));
        whole.push_str(match entity {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "#39" => "'",
            other => panic!("&{other}; in {text:?}"),
        });
        whole.push_str(after);
    }
    assert!(!text.contains(['<', '>']), "{text:?}");
    whole
}

pub(crate) fn shop(events: &str) -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let log = project.ok(&["demo", "--print-log", "--events", events]);
    project.write("events.ndjson", &log);
    project.ok(&["import", "events.ndjson"]);
    project
}

pub(crate) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn the_figures_of_a_rebuild_are_those_of_the_database() {
    let project = shop("3000");
    let report = project.folder.path().join("report.html");
    let ran = project.run(&["rebuild", "--all", "--promote", "--report", report.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("report written to "), "{}", ran.stderr);
    let page = fs::read_to_string(&report).unwrap();
    let text = texts(&page);
    let text = text.as_str();
    let has = |part: &str| assert!(text.contains(part), "{part:?} is not in {text}");
    let (mut events, mut reads) = (project.events(), project.reads());
    let kinds = "SELECT event_type, schema_version, count(*), min(position), max(position) FROM event_store.events GROUP BY 1, 2";
    let mut unseen = 0;
    for row in events.query(kinds, &[]).unwrap() {
        let (name, version): (String, i32) = (row.get(0), row.get(1));
        let [count, first, last] = [2, 3, 4].map(|nth| grouped(row.get(nth)));
        if text.contains(&format!("\n{name}\n{version}\n")) {
            has(&format!("\n{name}\n{version}\n{count}\n{first}\n{last}\n"));
        } else {
            unseen += row.get::<_, i64>(2);
        }
    }
    assert!(unseen < 3_000, "{text}");
    let builds = "SELECT schema_name::text, definition_hash, c.position, c.events_read, c.events_applied \
                  FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id ORDER BY 1";
    let builds = reads.query(builds, &[]).unwrap();
    assert_eq!(builds.len(), 2);
    for row in &builds {
        let schema: String = row.get(0);
        let [position, read, applied] = [2, 3, 4].map(|nth| grouped(row.get(nth)));
        has(&format!("\n{schema}\nprojection\n"));
        has(&format!(
            "\nlive\nposition\n{position}\nevents read\n{read}\nevents applied\n{applied}\n"
        ));
        has(&format!("\ndefinition\n{}\n", row.get::<_, String>(1)));
        has(&format!("\npromote\n{schema}\n"));
    }
    let log = rows(&mut reads, "SELECT name FROM regrow.source_log")[0].clone();
    has(log.trim_matches(['(', ')', '"']));
    for part in [
        "projections/order_summary/schema/V1__order_summary.sql",
        "projections/order_summary/handlers.sql",
        "\nthis run\npromoted: readers see it\n",
        "\nreplay\n",
        "\ncheck\n",
        "\nreplaying\n",
        "\nstill is\n",
        "On the tables of this build the native engine runs all handlers",
        "2 assertions of checks.sql, 0 broken",
        "of rows that differ only the keys are shown",
    ] {
        has(part);
    }
    // The stages' events are all events of the run, and there is a rate.
    let read: i64 = builds.iter().map(|row| row.get::<_, i64>(3)).max().unwrap();
    has(&format!("\n{}\n", grouped(read)));
    has("/s\n");
    // Nothing is loaded or run, whatever the browser allows.
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    for part in ["http:", "https:", "<script", "<link", "url(", "@import"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn differences_are_on_the_page_and_values_only_if_they_are_asked_for() {
    let project = shop("1000");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project.ok(&["rebuild", "order_summary"]);
    let mut client = project.reads();
    client
        .batch_execute(
            "UPDATE order_summary__b2.order_summary SET customer_name = 'Kanarienvogel <b>' WHERE id IN ('order-7', 'order-9'); \
             DELETE FROM order_summary__b2.order_summary WHERE id = 'order-11'; \
             UPDATE order_summary__b2.order_summary SET total_amount = -4711 WHERE id = 'order-9'",
        )
        .unwrap();
    let report = project.folder.path().join("r.html");
    let at = report.to_str().unwrap();
    fs::write(&report, "what was there before").unwrap();
    let ran = project.run(&["verify", "order_summary", "--report", at]);
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    let page = fs::read_to_string(&report).unwrap();
    let text = texts(&page);
    for part in [
        "\nCompared\n",
        "3 differences that were not declared",
        "\nDifferences in order_summary\n",
        "\ncustomer_name\n2\nid=order-7\nno\n",
        "\ntotal_amount\n1\nid=order-9\nno\n",
        "\nchanged\nid=order-9\ncustomer_name, total_amount\n",
        "\nonly in order_summary__b1\nid=order-11\n",
        "\n2 assertions of checks.sql, 1 broken\n",
        "\nid=order-9\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert!(!page.contains("Kanarienvogel") && !page.contains("4711"), "values are shown");
    // With the values, of a sample, and as JSON.
    let args = [
        "verify",
        "order_summary",
        "--sample",
        "100000",
        "--show-values",
        "--json",
        "--report",
        at,
    ];
    let ran = project.run(&args);
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(told["unexpected"], 3, "{told}");
    let text = texts(&fs::read_to_string(&report).unwrap());
    for part in [
        "customer_name 'Kanarienvogel <b>' and not '",
        "-4711.00",
        "a sample of ",
        "values of rows are shown",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    // Of a build that is compared with nothing.
    let ran = project.run(&["verify", "order_summary", "--live", "--report", at]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = texts(&fs::read_to_string(&report).unwrap());
    assert!(text.contains("\norder_summary__b1\n") && !text.contains("\nCompared\n"), "{text}");
    assert!(text.contains("no rates"), "{text}");
}

#[test]
fn what_comes_from_a_log_is_text() {
    let (project, name) = (evil(), "<b>&bold");
    project.write(
        &format!("projections/{name}/checks.sql"),
        "-- none is <u>negative\nSELECT id FROM t WHERE n < 0;\n",
    );
    let mut events = project.events();
    let insert = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
                  VALUES ($1, $2, $3, $4::text::jsonb)";
    let bad = format!("{{\"n\": {}}}", serde_json::json!(EVIL));
    events.execute(insert, &[&EVIL, &0_i32, &"<i>Made", &"{\"n\": 1}"]).unwrap();
    events.execute(insert, &[&EVIL, &1_i32, &"<i>Made", &bad]).unwrap();
    events.execute(insert, &[&"\u{202e}turned", &0_i32, &"<i>Made", &bad]).unwrap();
    project.ok(&["rebuild", name, "--promote"]);
    project.ok(&["rebuild", name]);
    project.reads().batch_execute(&format!("UPDATE \"{name}__b2\".t SET n = -1")).unwrap();
    let report = project.folder.path().join("r.html");
    let ran = project.run(&["verify", name, "--show-values", "--report", report.to_str().unwrap()]);
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    let page = fs::read_to_string(&report).unwrap();
    let text = texts(&page);
    for part in [
        &format!("\nid={EVIL}\n"),
        "\n<i>Made\n1\n3\n",
        "\nnone is <u>negative\n",
        "\n\\u{202e}turned\n",
        "n '-1' and not '1'",
        "\n<b>&bold__b2\n",
        "The newest 2 of 2.",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert!(!page.contains('\u{202e}'));
}

#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let project = shop("1000");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    fs::create_dir(project.folder.path().join("out")).unwrap();
    let at = |name: &str| project.folder.path().join(name).to_str().unwrap().to_owned();
    for (file, what) in [
        (at("out"), "is a folder"),
        (at("nowhere/r.html"), "cannot be written"),
        ("/dev/null".to_owned(), "is no regular file"),
    ] {
        let ran = project.run(&["rebuild", "order_summary", "--report", &file, "--json"]);
        assert_eq!(ran.code, 1, "{file}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains(what) && ran.stderr.contains("file-unwritable"),
            "{}",
            ran.stderr
        );
        let ran = project.run(&["verify", "order_summary", "--live", "--report", &file]);
        assert!(ran.code == 1 && ran.stderr.contains(what), "{file}: {}", ran.stderr);
        // Nothing was compared before that was found.
        assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    }
    assert_eq!(project.run(&["verify", "order_summary", "--live", "--report", "-"]).code, 2);
    let builds = "SELECT count(*) FROM regrow.build";
    assert_eq!(rows(&mut project.reads(), builds), ["(1)"]);
    // What a link leads to is written, and nothing else is left behind.
    std::os::unix::fs::symlink(
        project.folder.path().join("out/real.html"),
        project.folder.path().join("out/link.html"),
    )
    .unwrap();
    fs::write(project.folder.path().join("out/real.html"), "before").unwrap();
    project.ok(&["verify", "order_summary", "--live", "--report", &at("out/link.html")]);
    assert!(
        fs::symlink_metadata(project.folder.path().join("out/link.html")).unwrap().is_symlink()
    );
    texts(&fs::read_to_string(project.folder.path().join("out/real.html")).unwrap());
    assert_eq!(fs::read_dir(project.folder.path().join("out")).unwrap().count(), 2);
}
