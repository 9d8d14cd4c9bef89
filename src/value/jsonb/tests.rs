use super::layout::{Layout, Member};
use super::*;
use crate::value::scan::Wanted;

/// What PostgreSQL 15 stores for [`TEXT`] on a little-endian machine: `encode(value::bytea, 'hex')`
/// behind the cast of decision 14.
const STORED: &str = "0600002001000080010000000100000001000000020000000200000031000050060000000000000007000010\
    000000300e0000106162656e6363646403000040080000900a0000100f00005020000000008001002800000000a102008813\
    000001000020010000800000004078712201e0b984001800000000800000300000000280d2042e163423";
const TEXT: &str = "{\"a\": [1, -2.50, {\"x\": null}], \"b\": \"q\\\"\\u0001ไ\", \"e\": \"\", \"n\": 0, \
    \"cc\": true, \"dd\": 123456789012}";

fn stored() -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&STORED[at..at + 2], 16).unwrap();
    (0..STORED.len()).step_by(2).map(digit).collect()
}

fn read(layout: &mut Layout, wanted: &Wanted, bytes: &[u8]) -> Option<Vec<(usize, String)>> {
    let mut found = Vec::new();
    layout.read(wanted, Jsonb(bytes), |number, member| {
        let text = match member {
            Member::String(characters) => crate::value::quote_json(characters),
            Member::Json(raw) => raw.to_owned(),
        };
        found.push((number, text));
    })?;
    found.sort();
    Some(found)
}

#[test]
fn a_value_is_written_as_the_server_writes_it() {
    assert_eq!(Jsonb(&stored()).to_json().as_deref(), Some(TEXT));
    assert!(Jsonb(&stored()).most_text_bytes() > TEXT.len());
    assert!(Jsonb(&stored()).most_levels() > 3);
}

#[test]
fn wanted_members_are_found_whatever_was_read_before() {
    let wanted = Wanted::new([("dd", 0), ("a", 1), ("n", 2), ("e", 3), ("none", 4)]);
    let (bytes, mut layout) = (stored(), Layout::default());
    let owned = |(number, raw): (usize, &str)| (number, raw.to_owned());
    let expected: Vec<_> =
        [(0, "123456789012"), (1, "[1, -2.50, {\"x\": null}]"), (2, "0"), (3, "\"\"")]
            .map(owned)
            .into();
    // A key that is another one: what was learnt before does not fit.
    let mut other = bytes.clone();
    let at = other.windows(4).position(|four| four == b"ccdd").unwrap() + 3;
    other[at] = b'e';
    for _ in 0..2 {
        assert_eq!(read(&mut layout, &wanted, &bytes).as_ref(), Some(&expected));
        assert_eq!(read(&mut layout, &wanted, &other).as_deref(), Some(&expected[1..]));
        assert_eq!(read(&mut layout, &wanted, &[0, 0, 0, 0x20]), Some(Vec::new()), "{{}}");
        assert_eq!(read(&mut layout, &wanted, &[0, 0, 0, 0x40]), None, "[]");
    }
}

#[test]
fn bytes_that_are_no_value_are_declined() {
    let (whole, wanted) = (stored(), Wanted::new([("a", 0), ("b", 1), ("dd", 2)]));
    let mut layout = Layout::default();
    let mut declined = 0;
    let mut look = |bytes: &[u8]| {
        declined += usize::from(Jsonb(bytes).to_json().is_none());
        read(&mut layout, &wanted, bytes);
    };
    (0..whole.len()).for_each(|length| look(&whole[..length]));
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            look(&damaged);
        }
    }
    assert!(declined > whole.len(), "{declined}");
}

#[test]
fn no_byte_is_part_of_two_values() {
    // An array in which a null leads back to where the array inside began.
    let inner = [ARRAY, 0].map(u32::to_le_bytes).concat();
    let entries = [ARRAY | 3, 0x5000_0000 | 8, 0x4000_0000 | HAS_END, 0x5000_0000 | 8];
    let mut bytes = entries.map(u32::to_le_bytes).concat();
    bytes.extend(inner);
    assert_eq!(Jsonb(&bytes).to_json(), None);
}

#[test]
fn a_scalar_stands_in_an_array_of_its_own() {
    let scalar = |entry: u32, data: &[u8]| {
        let words = [ARRAY | SCALAR | 1, entry | HAS_END];
        let bytes: Vec<u8> =
            words.iter().flat_map(|w| w.to_le_bytes()).chain(data.to_vec()).collect();
        Jsonb(&bytes).to_json()
    };
    assert_eq!(scalar(2, b"hi").as_deref(), Some("\"hi\""));
    assert_eq!(scalar(0x4000_0000, b"").as_deref(), Some("null"));
    assert_eq!(scalar(2, b"\xff\xff"), None, "no UTF-8");
    assert_eq!(scalar(0x7000_0000, b""), None, "no such kind");
}
