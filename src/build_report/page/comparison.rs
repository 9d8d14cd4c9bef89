//! What a build differs in from what it was compared with.

use super::{Cell, OfBuild, cut, share, table, untold};
use crate::figures::{counted, grouped};
use crate::html::Html;
use crate::verify::{Changed, KeyPart, Report, Sample, SampleKind, TableReport};

pub(super) fn section(html: &mut Html, told: &OfBuild) {
    let report = match &told.compared {
        None => return,
        Some(compared) => {
            html.raw("<h3>Compared</h3>");
            match compared {
                Ok(report) => report,
                Err(why) => return untold(html, why),
            }
        }
    };
    let Report { build, against, .. } = report;
    html.raw(if report.ok { "<p class=\"verdict good\">" } else { "<p class=\"verdict bad\">" });
    html.text(report.verdict()).raw("</p><p>").text(format!(
        "{} ({}) against {} ({}), both at position {}, in a snapshot of {}. The definition of {} is {}.",
        build.build,
        build.role,
        against.build,
        against.role,
        grouped(report.position),
        report.snapshot_at,
        against.build,
        against.definition
    ));
    html.raw("</p>");
    overview(html, report);
    report.tables.iter().for_each(|table| details(html, report, table));
    for only in &report.tables_only {
        html.raw("<p>").text(format!(
            "{}: only {} has this table{}",
            only.name,
            only.build,
            meant(only.expected)
        ));
        html.raw("</p>");
    }
    for note in &report.notes {
        html.raw("<p class=\"note\">").text(cut(note)).raw("</p>");
    }
    if !report.not_compared.is_empty() {
        html.raw("<p class=\"note\">not compared: ")
            .text(report.not_compared.join(", "))
            .raw("</p>");
    }
    for declared in report.expected.iter().filter(|declared| !declared.met) {
        html.raw("<p class=\"note\">declared and not met: ").text(&declared.declared).raw("</p>");
    }
}

fn overview(html: &mut Html, report: &Report) {
    let rows = report.tables.iter().map(|one| {
        let key = match &one.key {
            Some(key) => key.join(", "),
            None => "none: compared as a multiset".to_owned(),
        };
        let looked_at = match &one.sample {
            None => "every row".to_owned(),
            Some(sampled) => format!(
                "a sample of {}: {} and {}",
                counted(sampled.keys, "key", "keys"),
                counted(sampled.rows, "row", "rows"),
                counted(sampled.rows_against, "row", "rows")
            ),
        };
        let number = |n: u64| Cell::Number(grouped(n));
        vec![
            Cell::Text(one.table.clone()),
            Cell::Text(key),
            number(one.rows),
            number(one.rows_against),
            Cell::Text(looked_at),
            number(one.changed),
            number(one.only_in_build),
            number(one.only_in_against),
            number(one.unexpected),
        ]
    });
    let heads = [
        "table",
        "key",
        "rows",
        "rows of the other",
        "compared",
        "changed",
        "only in the build",
        "only in the other",
        "not declared",
    ];
    table(html, &heads, rows);
}

fn details(html: &mut Html, report: &Report, one: &TableReport) {
    let is_same = one.columns.is_empty()
        && one.columns_only.is_empty()
        && one.types.is_empty()
        && one.samples.is_empty();
    if is_same {
        return;
    }
    html.raw("<h3>Differences in ").text(&one.table).raw("</h3>");
    for only in &one.columns_only {
        let (column, build) = (&only.name, &only.build);
        let text = format!("{column}: only {build} has this column{}", meant(only.expected));
        html.raw("<p>").text(text).raw("</p>");
    }
    for column in &one.types {
        let (build, against) = (&report.build.build, &report.against.build);
        html.raw("<p>").text(format!(
            "{}: {} in {build}, {} in {against}{}",
            column.column,
            column.build,
            column.against,
            meant(column.expected)
        ));
        html.raw("</p>");
    }
    let most = one.columns.iter().map(|column| column.rows).max().unwrap_or_default();
    let rows = one.columns.iter().map(|column| {
        vec![
            Cell::Text(column.column.clone()),
            Cell::Number(grouped(column.rows)),
            share(column.rows, most),
            Cell::Text(column.first_key.as_deref().map_or_else(String::new, keyed)),
            Cell::Text(if column.expected { "yes" } else { "no" }.to_owned()),
        ]
    });
    table(html, &["column", "rows that differ", "", "the first", "declared"], rows);
    let rows = one.samples.iter().map(|sample| {
        let what = report.in_words(sample.kind);
        let which = match (&sample.key, sample.rows) {
            (Some(key), _) => keyed(key),
            (None, 1) => "a row".to_owned(),
            (None, rows) => format!("{} alike", counted(rows, "row", "rows")),
        };
        let changes: Vec<String> = sample.columns.iter().map(|c| change(sample, c)).collect();
        vec![Cell::Text(what), Cell::Text(which), Cell::Text(changes.join(", "))]
    });
    table(html, &["some of the rows", "key", "columns"], rows);
}

/// A column of a row that differs, with its values if they are there.
fn change(sample: &Sample, changed: &Changed) -> String {
    let column = &changed.column;
    let text = |value: &Option<String>| match value {
        Some(text) => format!("'{text}'"),
        None => "NULL".to_owned(),
    };
    match (&changed.values, sample.kind) {
        (None, _) => column.clone(),
        (Some(values), SampleKind::Changed) => {
            format!("{column} {} and not {}", text(&values.build), text(&values.against))
        }
        (Some(values), SampleKind::OnlyInBuild) => format!("{column} {}", text(&values.build)),
        (Some(values), SampleKind::OnlyInAgainst) => format!("{column} {}", text(&values.against)),
    }
}

fn keyed(key: &[KeyPart]) -> String {
    let part =
        |part: &KeyPart| format!("{}={}", part.column, part.value.as_deref().unwrap_or("NULL"));
    key.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn meant(expected: bool) -> &'static str {
    if expected { " (declared)" } else { "" }
}
