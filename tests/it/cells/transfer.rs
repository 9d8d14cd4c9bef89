//! The wire: cells into a table by COPY BINARY, and out again as text and as binary.

use std::io::{Read, Write};

use regrow::cell::assign::text_of;
use regrow::cell::{Cell, CellType, Kind, parse, wire};
use regrow::copy_format::{RowCutter, Rows};

use super::samples::{Random, texts};
use super::{KINDS, sent, session};

#[test]
fn rows_travel_both_ways() {
    let (_database, mut client) = session();
    let mut random = Random::new(5);
    let columns: Vec<Vec<Cell>> = KINDS
        .iter()
        .map(|(kind, ..)| {
            let ty = CellType::of_kind(*kind);
            let texts = texts(*kind, 400, &mut random);
            let cells = texts.iter().filter_map(|text| parse(text, ty));
            cells.flat_map(|cell| [cell, Cell::Null]).take(300).collect()
        })
        .collect();
    let height = columns.iter().map(Vec::len).min().unwrap();
    assert!(height >= 26, "{height} rows");
    let height = columns.iter().map(Vec::len).max().unwrap();
    let cell = |row: usize, column: usize| &columns[column][row % columns[column].len()];

    let declared: Vec<String> =
        KINDS.iter().enumerate().map(|(at, (_, name, _))| format!("c{at} {name}")).collect();
    client.batch_execute(&format!("CREATE TEMP TABLE c (n int, {})", declared.join(", "))).unwrap();
    // A table gives its rows back in any order.
    let number = |row: usize| Cell::Int(i64::try_from(row).unwrap());
    let mut stream = Vec::new();
    wire::push_header(&mut stream);
    for row in 0..height {
        wire::push_row(&mut stream, i16::try_from(1 + KINDS.len()).unwrap());
        wire::push_field(&mut stream, &number(row), Kind::Int4).unwrap();
        for (column, (kind, ..)) in KINDS.iter().enumerate() {
            wire::push_field(&mut stream, cell(row, column), *kind).unwrap();
        }
    }
    wire::push_trailer(&mut stream);
    let mut writer = client.copy_in("COPY c FROM STDIN (FORMAT binary)").unwrap();
    writer.write_all(&stream).unwrap();
    assert_eq!(writer.finish().unwrap(), u64::try_from(height).unwrap());

    let as_text: Vec<String> = (0..KINDS.len()).map(|at| format!("c{at}::text")).collect();
    let printed = client
        .query(&format!("SELECT ARRAY[{}] FROM c ORDER BY n", as_text.join(", ")), &[])
        .unwrap();
    let mut out = Vec::new();
    let all = "COPY (SELECT * FROM c ORDER BY n) TO STDOUT (FORMAT binary)";
    client.copy_out(all).unwrap().read_to_end(&mut out).unwrap();
    let (mut cutter, mut rows) = (RowCutter::new(1 + KINDS.len()), Rows::default());
    cutter.push(&out, &mut rows).unwrap();
    cutter.finish().unwrap();
    assert_eq!(rows.len(), height);
    for (row, mut fields) in rows.iter().enumerate() {
        let texts: Vec<Option<String>> = printed[row].get(0);
        assert_eq!(fields.next_bytes().unwrap(), Some(&sent(&number(row), Kind::Int4)[..]));
        for (column, (kind, name, _)) in KINDS.iter().enumerate() {
            let cell = cell(row, column);
            let field = fields.next_bytes().unwrap();
            let back = wire::read_field(field, *kind).unwrap();
            assert_eq!(back.is_null(), cell.is_null(), "{name}: {cell:?}");
            let Some(field) = field else { continue };
            match kind {
                Kind::Jsonb => {
                    let Cell::Text(text) = &back else { panic!("{back:?}") };
                    assert_eq!(Some(text.as_str()), texts[column].as_deref());
                }
                _ => {
                    assert_eq!(field, sent(cell, *kind), "{name}: {cell:?}");
                    assert_eq!(field, sent(&back, *kind), "{name}: {cell:?}");
                }
            }
            if let Some(text) = text_of(&back, *kind) {
                assert_eq!(Some(text.as_str()), texts[column].as_deref(), "{name}: {cell:?}");
            }
        }
    }
}

#[test]
fn what_no_cell_holds_is_declined() {
    let (_database, mut client) = session();
    let odd = [
        (Kind::Numeric, "'NaN'::numeric, 'Infinity'::numeric, 1e40::numeric, 1e-39 + 1e10"),
        (Kind::Float8, "'NaN'::float8, '-Infinity'::float8"),
        (Kind::Date, "'infinity'::date, '-infinity'::date"),
        (Kind::Timestamp, "'infinity'::timestamp, '-infinity'::timestamp"),
        (Kind::TextArray, "'[2:2]={a}'::text[], '{{a},{b}}'::text[], '{a}'::varchar[]"),
    ];
    for (kind, values) in odd {
        let columns = values.matches("::").count() + usize::from(kind == Kind::Numeric);
        let mut out = Vec::new();
        let sql = format!("COPY (SELECT {values}) TO STDOUT (FORMAT binary)");
        client.copy_out(&sql).unwrap().read_to_end(&mut out).unwrap();
        let (mut cutter, mut rows) = (RowCutter::new(columns), Rows::default());
        cutter.push(&out, &mut rows).unwrap();
        let mut row = rows.iter().next().unwrap();
        for column in 0..columns {
            let field = row.next_bytes().unwrap();
            assert!(wire::read_field(field, kind).is_none(), "{values}: {column}");
        }
    }
}
