//! NDJSON, plain and packed: what import reads, and what export writes.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use regrow::event::{Position, RawEvent};
use regrow::transfer::{push_event, rows};

use crate::corpus::{JSON_WORDS, broken, json, real, wounded};
use crate::harness::{property, text_property};

const NOW: &str = "2026-01-01 00:00:00+00";

fn read(bytes: &[u8]) -> Result<Vec<Vec<u8>>, (u64, String)> {
    let mut found = Vec::new();
    rows(Box::new(Cursor::new(bytes.to_vec())), NOW, |row| found.push(row.to_vec()))
        .map_err(|(line, error)| (line, error.to_string()))?;
    Ok(found)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// The first lines of real logs, and of one that export wrote.
fn logs() -> Vec<Vec<u8>> {
    let mut logs = real("tests/data", ".ndjson");
    for log in &mut logs {
        let end = log.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(12).unwrap().0;
        log.truncate(end + 1);
    }
    let mut own = Vec::new();
    for position in 1..6 {
        let event = RawEvent { position: Position(position), ..event("{\"a\":\"\\u00e9\"}", None) };
        push_event(&event, &mut own);
    }
    logs.push(own);
    logs
}

fn event<'a>(payload: &'a str, metadata: Option<&'a str>) -> RawEvent<'a> {
    RawEvent {
        position: Position(1),
        stream_id: "s",
        stream_version: 0,
        event_type: "T",
        schema_version: 1,
        payload,
        metadata,
        recorded_at: Some("2026-03-01T10:15:00Z"),
        recorded_micros: None,
    }
}

#[test]
fn any_bytes_are_events_or_a_line_with_a_place() {
    property("ndjson, wounded", 150, wounded(logs(), JSON_WORDS), Vec::len, 20, |bytes| {
        if let Err((line, said)) = read(bytes) {
            let lines = bytes.split(|b| *b == b'\n').count() as u64;
            prop_assert!(line >= 1 && line <= lines, "line {line} of {lines}: {said}");
            prop_assert!(said.len() < 300, "{said}");
        }
        Ok(())
    });
    text_property("ndjson, made up", 150, broken(logs(), JSON_WORDS), |text| {
        let _ = read(text.as_bytes());
        Ok(())
    });
}

#[test]
fn packed_input_that_is_damaged_is_an_error_or_the_same() {
    let packed: Vec<_> = logs().iter().map(|log| gzip(log)).collect();
    property("gzip, wounded", 100, wounded(packed, &["\u{1f}"]), Vec::len, 2_000, |bytes| {
        let _ = read(bytes);
        Ok(())
    });
    for log in logs() {
        assert_eq!(read(&gzip(&log)), read(&log));
    }
}

/// One line that unpacks to far more than a line may be: refused at the bound of a line, and
/// nothing like the whole is held.
#[test]
fn a_packed_line_that_swells_is_refused_at_the_bound() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    bomb.write_all(b"{\"stream_id\":\"").unwrap();
    for _ in 0..80 {
        bomb.write_all(&zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let said = crate::harness::watched("a bomb", || read(&bomb)).unwrap_err();
    assert_eq!(said, (1, "the line is longer than 67108864 bytes".to_owned()));
}

/// A field of a COPY text line as it was before.
fn unescaped(field: &str) -> String {
    let mut text = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            },
            other => other,
        });
    }
    text
}

#[test]
fn what_export_writes_import_reads_as_the_same_event() {
    let name = any::<String>().prop_filter("a name", |t| !t.is_empty() && !t.contains('\0'));
    let object = prop_oneof![
        json().prop_map(|json| format!("{{\"a\" :\n{json}\r\n}}")),
        crate::corpus::object(),
    ];
    // What the server would not have stored is not exported.
    let object = object.prop_filter("jsonb", |text| {
        !text.contains("\\u0000") && !text.to_lowercase().contains("\\ud")
    });
    let strategy = (
        (name.clone(), name, 0_i64.., 1_i32..),
        (object.clone(), proptest::option::of(object), proptest::option::of("[ -~]{1,30}")),
    );
    property(
        "export, import",
        100,
        strategy,
        |_| 10_000,
        50,
        |((stream, kind, number, version), (payload, metadata, recorded))| {
            let event = RawEvent {
                stream_id: stream,
                stream_version: *number,
                event_type: kind,
                schema_version: *version,
                recorded_at: recorded.as_deref(),
                ..event(payload, metadata.as_deref())
            };
            let mut line = Vec::new();
            push_event(&event, &mut line);
            prop_assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1);
            let rows = read(&line).map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
            prop_assert_eq!(rows.len(), 1);
            let row = String::from_utf8(rows[0].clone()).unwrap();
            let fields: Vec<_> =
                row.strip_suffix('\n').unwrap().split('\t').map(unescaped).collect();
            let flat = |text: &str| text.replace(['\n', '\r'], " ");
            prop_assert_eq!(
                fields,
                [
                    stream.clone(),
                    number.to_string(),
                    kind.clone(),
                    version.to_string(),
                    flat(payload),
                    flat(metadata.as_deref().unwrap_or("{}")),
                    recorded.clone().unwrap_or(NOW.into()),
                ]
            );
            Ok(())
        },
    );
}
