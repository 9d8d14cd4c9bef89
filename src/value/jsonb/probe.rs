//! Whether a server stores `jsonb` as this program reads it.

use super::Jsonb;

/// A value that has everything there is: each kind, both forms of numbers, texts that are escaped,
/// keys enough for an entry that holds its end, and nesting.
pub const VALUE: &str = concat!(
    r#"{"": [], "n": null, "t": true, "f": false, "o": {"deep": [1, {"x": "\"\\\n\u0001 ไทย"}, []]},"#,
    r#" "zero": 0, "one": 1, "cents": -12.50, "small": 0.00001, "many": 123456789012345678901234567890.1234567890,"#,
    r#" "far": 1e300, "near": -1e-300, "shown": 1.000000000000000000000000000000000000000000000000000000000000000000,"#,
    r#" "k00": 0, "k01": 10000, "k02": "2", "k03": 99999999, "k04": "", "k05": 5, "k06": 6, "k07": 7, "k08": "8","#,
    r#" "k09": 9, "k10": 10, "k11": 11, "k12": 12, "k13": 13, "k14": 14, "k15": 15, "k16": 16, "k17": "17", "k18": 18}"#,
);

/// Whether these bytes, read as [`VALUE`], are the text that the server itself writes for it.
#[must_use]
pub fn agrees(stored: &[u8], text: &str) -> bool {
    Jsonb(stored).to_json().as_deref() == Some(text)
}
