//! Values as PostgreSQL holds them, small enough to keep many in memory.
//!
//! Owns what a cell is, its type and its size. The rooms below it give, for the types
//! listed in [`Kind`], what PostgreSQL's input functions, casts, operators and binary
//! formats give: exactly that, or `None`. `None` never says why: whoever asks lets the
//! server do the work instead, which then also gives the right error.
//!
//! | room | what it answers |
//! |---|---|
//! | `parse` | what is the value of this text (input functions) |
//! | `assign` | what does a column of another type get (assignment and explicit casts) |
//! | `arith` | what is the sum, product, quotient (integers and numeric) |
//! | `number` | the same without cells between, and what a column makes of a number |
//! | `compare` | which is less, are they equal, is it the same key |
//! | `wire` | how does it travel (COPY BINARY) |
//! | `decimal`, `moment`, `json` | numeric, dates and times, the texts jsonb surely takes |
//!
//! All of it presumes a database in UTF-8, the session of `pg::session` (zone UTC, ISO
//! dates) and deterministic collations.

pub mod arith;
pub mod assign;
pub mod compare;
pub mod decimal;
pub mod json;
mod limit;
pub mod moment;
pub mod number;
pub mod parse;
pub mod wire;

pub use compact_str::CompactString;

pub use assign::{assign, can_assign, can_cast, can_cast_implicitly, cast};
pub use compare::{KeyCell, compare, equal};
pub use decimal::Decimal;
use number::Number;
pub use parse::parse;

/// Texts beyond this are left to the server, far below what a field may hold.
pub(crate) const MAX_TEXT_BYTES: usize = 16 << 20;

/// A type the native engine computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `smallint`
    Int2,
    /// `integer`
    Int4,
    /// `bigint`
    Int8,
    /// `numeric`
    Numeric,
    /// `double precision`
    Float8,
    /// `boolean`
    Bool,
    /// `text` and `character varying`
    Text,
    /// `uuid`
    Uuid,
    /// `date`
    Date,
    /// `timestamp without time zone`
    Timestamp,
    /// `timestamp with time zone`
    TimestampTz,
    /// `json`
    Json,
    /// `jsonb`
    Jsonb,
    /// `text[]`
    TextArray,
}

impl Kind {
    /// The type's name, as `format_type` prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Int2 => "smallint",
            Kind::Int4 => "integer",
            Kind::Int8 => "bigint",
            Kind::Numeric => "numeric",
            Kind::Float8 => "double precision",
            Kind::Bool => "boolean",
            Kind::Text => "text",
            Kind::Uuid => "uuid",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp without time zone",
            Kind::TimestampTz => "timestamp with time zone",
            Kind::Json => "json",
            Kind::Jsonb => "jsonb",
            Kind::TextArray => "text[]",
        }
    }

    /// Whether it is one of the three integers.
    #[must_use]
    pub fn is_int(self) -> bool {
        matches!(self, Kind::Int2 | Kind::Int4 | Kind::Int8)
    }

    /// Whether cells of it can be keys: see [`Cell::same_key`].
    #[must_use]
    pub fn is_key(self) -> bool {
        self.is_int()
            || matches!(
                self,
                Kind::Bool
                    | Kind::Text
                    | Kind::Uuid
                    | Kind::Date
                    | Kind::Timestamp
                    | Kind::TimestampTz
            )
    }

    /// Whether an integer is in the range of this integer type.
    #[must_use]
    pub fn holds(self, number: i64) -> bool {
        match self {
            Kind::Int2 => i16::try_from(number).is_ok(),
            Kind::Int4 => i32::try_from(number).is_ok(),
            Kind::Int8 => true,
            _ => false,
        }
    }
}

/// A kind with what a column declares beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CellType {
    /// The kind.
    pub kind: Kind,
    /// What limits its values further.
    pub limit: Limit,
}

/// What a column declares beyond its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Nothing.
    None,
    /// `varchar(n)`, in characters.
    Chars(u32),
    /// `numeric(p, s)`.
    Digits {
        /// All digits.
        precision: u16,
        /// Digits behind the point. A negative one is never met, see [`CellType::of_sql`].
        scale: i16,
    },
}

impl CellType {
    /// The kind without a limit.
    #[must_use]
    pub fn of_kind(kind: Kind) -> CellType {
        CellType { kind, limit: Limit::None }
    }

    /// The type that `format_type` prints as `text`; `None` for the types this room does
    /// not know and for a `numeric` whose scale is negative.
    #[must_use]
    pub fn of_sql(text: &str) -> Option<CellType> {
        let kind = match text {
            "smallint" => Kind::Int2,
            "integer" => Kind::Int4,
            "bigint" => Kind::Int8,
            "numeric" => Kind::Numeric,
            "double precision" => Kind::Float8,
            "boolean" => Kind::Bool,
            "text" | "character varying" => Kind::Text,
            "uuid" => Kind::Uuid,
            "date" => Kind::Date,
            "timestamp without time zone" => Kind::Timestamp,
            "timestamp with time zone" => Kind::TimestampTz,
            "json" => Kind::Json,
            "jsonb" => Kind::Jsonb,
            "text[]" => Kind::TextArray,
            limited => return CellType::limited(limited),
        };
        Some(CellType::of_kind(kind))
    }

    fn limited(text: &str) -> Option<CellType> {
        let (name, limit) = text.strip_suffix(')')?.split_once('(')?;
        match name {
            "character varying" => {
                let chars = limit.parse().ok()?;
                Some(CellType { kind: Kind::Text, limit: Limit::Chars(chars) })
            }
            "numeric" => {
                let (precision, scale) = limit.split_once(',')?;
                let (precision, scale) = (precision.parse().ok()?, scale.parse().ok()?);
                let limit = Limit::Digits { precision, scale };
                (scale >= 0).then_some(CellType { kind: Kind::Numeric, limit })
            }
            _ => None,
        }
    }
}

/// A value, in 24 bytes. Which variant stands for a kind's values is fixed, and no variant
/// says its kind: that is the column's or the expression's.
#[derive(Debug, Clone)]
pub enum Cell {
    /// NULL.
    Null,
    /// `boolean`.
    Bool(bool),
    /// The integers; `date` as days and timestamps as microseconds since 2000-01-01.
    Int(i64),
    /// `double precision`.
    Float(f64),
    /// `numeric`: coefficient and digits behind the point.
    Small(i64, u8),
    /// `numeric` that does not fit [`Cell::Small`].
    // Invariant: never a decimal that `Small` can hold, see `from_decimal`.
    Big(Box<Decimal>),
    /// `text`, and the text of a `json` or `jsonb`.
    Text(CompactString),
    /// `uuid`.
    Uuid([u8; 16]),
    /// `text[]` of one dimension that counts from 1, or empty.
    Array(Box<Vec<Option<CompactString>>>),
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Cell {
        Cell::Text(CompactString::from(text))
    }

    /// Whether it is NULL.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }

    /// The decimal of a `numeric` or an integer.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        Number::of(self)?.decimal()
    }

    /// The smallest cell for a decimal.
    #[must_use]
    pub fn from_decimal(decimal: Decimal) -> Cell {
        Number::from_decimal(decimal).cell()
    }

    /// The bytes it takes on the heap, beyond its own 24.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> usize {
        let heap = |text: &CompactString| {
            if text.is_heap_allocated() { text.capacity() } else { 0 }
        };
        match self {
            Cell::Big(_) => size_of::<Decimal>(),
            Cell::Text(text) => heap(text),
            Cell::Array(elements) => {
                size_of::<Vec<Option<CompactString>>>()
                    + elements.capacity() * size_of::<Option<CompactString>>()
                    + elements.iter().flatten().map(heap).sum::<usize>()
            }
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_takes_24_bytes() {
        assert_eq!(size_of::<Cell>(), 24);
        assert_eq!(size_of::<Option<CompactString>>(), 24);
    }

    #[test]
    fn types_are_read_as_format_type_prints_them() {
        let kind = |text| CellType::of_sql(text).map(|t| t.kind);
        assert_eq!(kind("integer"), Some(Kind::Int4));
        assert_eq!(kind("timestamp with time zone"), Some(Kind::TimestampTz));
        assert_eq!(kind("text[]"), Some(Kind::TextArray));
        assert_eq!(
            CellType::of_sql("numeric(12,2)").unwrap().limit,
            Limit::Digits { precision: 12, scale: 2 }
        );
        assert_eq!(CellType::of_sql("character varying(40)").unwrap().limit, Limit::Chars(40));
        for other in [
            "character(3)",
            "timestamp(3) without time zone",
            "character varying[]",
            "numeric(5,-2)",
            "numeric(5,2)[]",
            "real",
            "",
        ] {
            assert_eq!(CellType::of_sql(other), None, "{other}");
        }
    }

    #[test]
    fn heap_bytes_are_counted() {
        assert_eq!(Cell::text("abcdefghijklmnopqrstuvwx").bytes(), 0);
        assert!(Cell::text("abcdefghijklmnopqrstuvwxy").bytes() >= 25);
        assert_eq!(Cell::from_decimal(Decimal::new(1 << 70, 0)).bytes(), 32);
        assert_eq!(Cell::from_decimal(Decimal::new(1 << 60, 255)).bytes(), 0);
        assert!(Cell::Array(Box::new(vec![None])).bytes() >= 48);
    }
}
