//! Bytes of COPY, and texts of every type as cells.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use regrow::cell::wire::{push_field, push_header, push_row, push_trailer, read_field};
use regrow::cell::{Cell, CellType, Decimal, Kind, equal, moment, parse};
use regrow::copy_format::{RowCutter, Rows, TextArray};
use regrow::event::{PayloadLimits, Position};
use regrow::log::PayloadKind;
use regrow::log::reader::Chunk;
use regrow::log::wanted::{Needs, Range};

use crate::corpus::{json, wounded};
use crate::harness::property;

const KINDS: [Kind; 14] = [
    Kind::Int2,
    Kind::Int4,
    Kind::Int8,
    Kind::Numeric,
    Kind::Float8,
    Kind::Bool,
    Kind::Text,
    Kind::Uuid,
    Kind::Date,
    Kind::Timestamp,
    Kind::TimestampTz,
    Kind::Json,
    Kind::Jsonb,
    Kind::TextArray,
];

/// A stream of log rows: eight columns, as the reader asks for them.
fn stream() -> Vec<u8> {
    let mut out = Vec::new();
    push_header(&mut out);
    for position in 1..4 {
        push_row(&mut out, 8);
        for (cell, kind) in [
            (Cell::Int(position), Kind::Int8),
            (Cell::text("stream-é"), Kind::Text),
            (Cell::Int(0), Kind::Int8),
            (Cell::text("T"), Kind::Text),
            (Cell::Int(1), Kind::Int4),
            (Cell::text("{\"a\": 1}"), Kind::Jsonb),
            (Cell::Null, Kind::Text),
            (Cell::text("2026-03-01 10:15:00+00"), Kind::Text),
        ] {
            push_field(&mut out, &cell, kind).unwrap();
        }
    }
    push_trailer(&mut out);
    out
}

#[test]
fn a_damaged_stream_of_the_log_is_an_error_or_events() {
    let strategy = (wounded(vec![stream()], &["\u{7f}"]), vec(1_usize..200, 1..6), any::<bool>());
    let bytes = |(bytes, ..): &(Vec<u8>, Vec<usize>, bool)| bytes.len();
    property("copy binary", 400, strategy, bytes, 40, |(bytes, sizes, minimal_columns)| {
        let mut cutter = RowCutter::new(8);
        let mut rows = Rows::default();
        let (mut at, mut sizes) = (0, sizes.iter().cycle());
        while at < bytes.len() {
            let end = (at + sizes.next().unwrap()).min(bytes.len());
            if cutter.push(&bytes[at..end], &mut rows).is_err() {
                break;
            }
            at = end;
        }
        let _ = cutter.finish();
        prop_assert!(rows.bytes() <= bytes.len());
        let needs = Needs {
            metadata: true,
            recorded_at: true,
            minimal_columns: *minimal_columns,
            stream: true,
        };
        let range = Range { after: Position(0), until: Position(9) };
        let limits = PayloadLimits { bytes: usize::MAX, depth: usize::MAX };
        for payload in [PayloadKind::Jsonb, PayloadKind::Text] {
            for event in Chunk::new(range, (payload, limits), rows.clone(), needs).events(needs) {
                if let Err(error) = event {
                    prop_assert!(error.to_string().len() < 300);
                }
            }
        }
        for mut row in rows.iter() {
            while row.next_jsonb().is_ok() {}
        }
        Ok(())
    });
}

#[test]
fn any_field_is_a_cell_that_travels_or_none() {
    let strategy = (select(&KINDS[..]), vec(any::<u8>(), 0..40));
    property(
        "wire",
        1_000,
        strategy,
        |(_, bytes)| bytes.len(),
        40,
        |(kind, bytes)| {
            let Some(cell) = read_field(Some(bytes), *kind) else { return Ok(()) };
            let mut out = Vec::new();
            prop_assert!(push_field(&mut out, &cell, *kind).is_some());
            let again = read_field(Some(&out[4..]), *kind);
            prop_assert!(again.is_some(), "{:?} is sent as {:?}", cell, out);
            let same = equal(&cell, &again.unwrap(), *kind);
            prop_assert!(same != Some(false), "{:?}", cell);
            Ok(())
        },
    );
    // Words of a numeric that are nearly right.
    let words =
        vec(prop_oneof![-3_i16..50, any::<i16>(), select(&[0x4000_i16, 9999, 1000][..])], 4..9);
    let strategy = (words, any::<bool>());
    property(
        "numeric",
        1_000,
        strategy,
        |(words, _)| words.len() * 2,
        40,
        |(words, mend)| {
            let mut words = words.clone();
            if *mend {
                words[0] = words.len() as i16 - 4;
                words[2] &= 0x4000;
            }
            let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
            if let Some(cell) = read_field(Some(&bytes), Kind::Numeric) {
                let mut out = Vec::new();
                prop_assert!(push_field(&mut out, &cell, Kind::Numeric).is_some(), "{:?}", cell);
                let again = read_field(Some(&out[4..]), Kind::Numeric).unwrap();
                prop_assert_eq!(equal(&cell, &again, Kind::Numeric), Some(true));
            }
            Ok(())
        },
    );
}

const TYPES: [&str; 17] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "numeric(5,2)",
    "numeric(38,20)",
    "double precision",
    "boolean",
    "text",
    "character varying(3)",
    "uuid",
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
    "json",
    "jsonb",
    "text[]",
];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        json(),
        "-?[0-9]{0,45}\\.?[0-9]{0,45}([eE][+-]?[0-9]{1,10})?",
        "[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,8})?)?(Z|[+-][0-9]{1,2}(:?[0-9]{2})?)?",
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,13}",
        "\\{[a-zN\"\\\\, {}é]{0,20}\\}",
        select(
            &[
                "NaN",
                "infinity",
                "-infinity",
                "now",
                "epoch",
                "t",
                "yes",
                "on",
                "",
                " 1 ",
                "+1",
                "0x10",
                "1_000",
                "9223372036854775808",
                "-9223372036854775808"
            ][..]
        )
        .prop_map(str::to_owned),
    ]
}

#[test]
fn any_text_is_a_cell_that_travels_or_none() {
    let strategy = (select(&TYPES[..]), value());
    property(
        "cells",
        1_000,
        strategy,
        |(_, text)| text.len(),
        60,
        |(sql_type, text)| {
            let ty = CellType::of_sql(sql_type).unwrap();
            let Some(cell) = parse(text, ty) else { return Ok(()) };
            let mut out = Vec::new();
            prop_assert!(push_field(&mut out, &cell, ty.kind).is_some(), "{:?}", cell);
            let again = read_field(Some(&out[4..]), ty.kind);
            prop_assert!(again.is_some(), "{:?} is sent as {:?}", cell, out);
            prop_assert!(equal(&cell, &again.unwrap(), ty.kind) != Some(false), "{:?}", cell);
            if let Some(decimal) = cell.decimal().filter(|_| ty.kind == Kind::Numeric) {
                let printed = decimal.to_text();
                let back = Decimal::parse(&printed).unwrap();
                prop_assert_eq!((back.coef(), back.scale()), (decimal.coef(), decimal.scale()));
            }
            if let (Cell::Int(micros), Kind::TimestampTz) = (&cell, ty.kind) {
                let mut printed = String::new();
                if moment::push_moment(&mut printed, *micros, true).is_some() {
                    prop_assert_eq!(moment::parse_moment(printed.as_bytes(), true), Some(*micros));
                }
            }
            Ok(())
        },
    );
}

/// Exact arithmetic never leaves its range without saying so.
#[test]
fn sums_and_quotients_have_an_answer_or_none() {
    let number = || {
        (prop_oneof![any::<i128>(), -1000_i128..1000], 0_u16..1200)
            .prop_map(|(c, s)| Decimal::new(c, s))
    };
    property(
        "decimals",
        1_000,
        (number(), number(), 0_u16..1200),
        |_| 40,
        40,
        |(a, b, scale)| {
            let _ = (a.checked_mul(*b), a.div(*b), a.round_to(*scale), a.cmp(*b), a.to_text());
            let _ = (a.neg(), a.round_to_i64(), a.has_digits(*scale));
            if let Some(sum) = a.checked_add(*b)
                && let Some(back) = sum.checked_sub(*b)
            {
                prop_assert_eq!(back.cmp(*a), std::cmp::Ordering::Equal);
            }
            Ok(())
        },
    );
}

#[test]
fn arrays_of_texts_hold_what_was_pushed() {
    let strategy = vec(proptest::option::of(any::<String>()), 0..20);
    let bytes = |list: &Vec<Option<String>>| {
        list.iter().flatten().map(String::len).sum::<usize>() + list.len() * 24
    };
    property("text arrays", 200, strategy, bytes, 40, |list| {
        let mut array = TextArray::default();
        list.iter().for_each(|text| array.push(text.as_deref()));
        let mut out = Vec::new();
        array.write(|piece| out.extend_from_slice(piece));
        let Some(Cell::Array(read)) = read_field(Some(&out), Kind::TextArray) else {
            return Err(TestCaseError::fail("it is no array"));
        };
        let read: Vec<_> = read.iter().map(|e| e.as_ref().map(|t| t.to_string())).collect();
        prop_assert_eq!(&read, list);
        Ok(())
    });
}
