//! Operators: the text of every result, so that scales count too.

use regrow::cell::arith::{calculate, negate};
use regrow::cell::assign::text_of;
use regrow::cell::number::Operator;
use regrow::cell::{Cell, CellType, Kind, compare, parse};

use super::samples::{Random, decimal};
use super::session;

const OPERATORS: [(Operator, &str); 5] = [
    (Operator::Add, "+"),
    (Operator::Sub, "-"),
    (Operator::Mul, "*"),
    (Operator::Div, "/"),
    (Operator::Rem, "%"),
];

const NUMERIC_EDGES: &[&str] = &[
    "0",
    "0.00",
    "1",
    "-1",
    "1.0",
    "0.1",
    "0.0001",
    "0.00001",
    "-0.00009999",
    "9999",
    "10000",
    "10001",
    "9999.9999",
    "99999999",
    "100000000",
    "3",
    "7",
    "0.3",
    "1.5",
    "2.50",
    "123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "9223372036854775807",
    "12345678901234567.891",
    "0.5000000000000000",
    "6666666666666666.6667",
    "17014118346046923173168730371588410572",
    "0.00000000000000000000000000000000000000000001",
];

const INT_EDGES: &[i64] = &[
    0,
    1,
    -1,
    2,
    -2,
    7,
    -7,
    181,
    182,
    32_767,
    -32_767,
    -32_768,
    46_340,
    46_341,
    65_536,
    2_147_483_647,
    -2_147_483_648,
    3_037_000_499,
    3_037_000_500,
    i64::MAX,
    -i64::MAX,
    i64::MIN,
];

fn shown(cell: Option<Cell>, kind: Kind) -> Option<String> {
    text_of(&cell?, kind).map(|text| text.to_string())
}

#[test]
fn decimals_are_calculated_as_numeric_is() {
    let (_database, mut client) = session();
    let mut random = Random::new(4);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for a in NUMERIC_EDGES {
        for b in NUMERIC_EDGES {
            left.push((*a).to_owned());
            right.push((*b).to_owned());
        }
    }
    for round in 0..4000 {
        let most = 2 + round % 14;
        left.push(decimal(&mut random, most));
        right.push(decimal(&mut random, 2 + round / 7 % 14));
    }
    let rows = client
        .query(
            "SELECT ARRAY[a + b, a - b, a * b, CASE WHEN b <> 0 THEN a / b END, -a]::text[],
                    sign(a - b)::int
               FROM unnest($1::text[]::numeric[], $2::text[]::numeric[]) AS t (a, b)",
            &[&left, &right],
        )
        .unwrap();
    let ty = CellType::of_kind(Kind::Numeric);
    let mut accepted = [0; 4];
    for ((a, b), row) in left.iter().zip(&right).zip(&rows) {
        let server: Vec<Option<String>> = row.get(0);
        let (x, y) = (parse(a, ty).unwrap(), parse(b, ty).unwrap());
        for (at, (operator, sign)) in OPERATORS.into_iter().enumerate() {
            if let Some(text) = shown(calculate(operator, &x, &y, Kind::Numeric), Kind::Numeric) {
                accepted[at] += 1;
                assert_eq!(Some(&text), server[at].as_ref(), "{a} {sign} {b}");
            }
        }
        assert_eq!(shown(negate(&x, Kind::Numeric), Kind::Numeric), server[4], "- {a}");
        let order = i32::from(compare(&x, &y, Kind::Numeric).unwrap() as i8);
        assert_eq!(order, row.get::<_, i32>(1), "{a} <=> {b}");
    }
    for (count, (_, sign)) in accepted.iter().zip(OPERATORS) {
        assert!(count * 10 >= left.len() * 8, "{sign}: {count} of {} accepted", left.len());
    }
}

#[test]
fn integers_overflow_where_the_servers_do() {
    let (_database, mut client) = session();
    for (kind, name) in [(Kind::Int2, "int2"), (Kind::Int4, "int4"), (Kind::Int8, "int8")] {
        let edges: Vec<i64> = INT_EDGES.iter().copied().filter(|n| kind.holds(*n)).collect();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for a in &edges {
            for b in &edges {
                left.push(*a);
                right.push(*b);
            }
        }
        for (operator, sign) in OPERATORS {
            client
                .batch_execute(&format!(
                    "CREATE OR REPLACE FUNCTION pg_temp.calc(a {name}, b {name}) RETURNS text
                     LANGUAGE plpgsql AS $f$ BEGIN RETURN a {sign} b;
                     EXCEPTION WHEN data_exception THEN RETURN NULL; END $f$"
                ))
                .unwrap();
            let rows = client
                .query(
                    &format!(
                        "SELECT pg_temp.calc(a::{name}, b::{name})
                           FROM unnest($1::int8[], $2::int8[]) AS t (a, b)"
                    ),
                    &[&left, &right],
                )
                .unwrap();
            for ((a, b), row) in left.iter().zip(&right).zip(&rows) {
                let ours = calculate(operator, &Cell::Int(*a), &Cell::Int(*b), kind);
                let server: Option<String> = row.get(0);
                assert_eq!(shown(ours, kind), server, "{a}::{name} {sign} {b}::{name}");
            }
        }
    }
}
