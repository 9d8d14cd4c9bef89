//! Whole numbers in the columns of a log that other libraries write.
//!
//! A column that is no integer is read as text, and what it says is looked at here: the server would
//! end a whole range at the first version that is no number, and round others.

use super::unreadable::Fault;

/// How a number arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// As an integer.
    Int,
    /// As the text of a `numeric` or a float, which may have a fraction of zeros.
    Decimal,
    /// As a text.
    Text,
}

impl Number {
    /// How a column of a type arrives.
    pub(super) fn of_type(name: Option<&str>) -> Number {
        match name {
            Some("int2" | "int4" | "int8") => Number::Int,
            Some("numeric" | "float4" | "float8") => Number::Decimal,
            _ => Number::Text,
        }
    }

    /// The cast that makes it arrive so.
    pub(super) fn cast(self) -> &'static str {
        match self {
            Number::Int => "",
            Number::Decimal | Number::Text => "::text",
        }
    }

    /// The number that a text is.
    pub(super) fn parse(self, text: &str) -> Result<i64, Fault> {
        let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
        let whole = match (self, text.split_once('.')) {
            (Number::Decimal, Some((whole, zeros))) if zeros.bytes().all(|b| b == b'0') => whole,
            _ => text,
        };
        let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Fault::NotANumber);
        }
        whole.parse().map_err(|_| Fault::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_numbers() {
        let text = |text| Number::Text.parse(text);
        for (written, number) in [("1", 1), (" 12\n", 12), ("+3", 3), ("-4", -4), ("007", 7)] {
            assert_eq!(text(written), Ok(number), "{written:?}");
        }
        for written in ["", " ", "1.0", "2.0.0", "v2", "1e3", "+", "--1", "0x1F", "1_0", "١", "NaN"]
        {
            assert_eq!(text(written), Err(Fault::NotANumber), "{written:?}");
        }
        assert_eq!(text("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(text("9223372036854775808"), Err(Fault::OutOfRange));
        let decimal = |text| Number::Decimal.parse(text);
        assert_eq!((decimal("2.00"), decimal("-1.0"), decimal("5")), (Ok(2), Ok(-1), Ok(5)));
        for written in ["1.5", "NaN", "Infinity", "1e+20", ".0", "1.0.0"] {
            assert_eq!(decimal(written), Err(Fault::NotANumber), "{written:?}");
        }
    }
}
