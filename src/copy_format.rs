//! PostgreSQL's COPY formats and the binary array, as bytes.
//!
//! Decodes `COPY ... TO STDOUT (FORMAT binary)`, encodes a `text[]` parameter and
//! a line of `COPY ... FROM STDIN` text. It does not talk to a server. Sources:
//! PostgreSQL manual, "COPY", sections "Binary Format" and "Text Format";
//! `array_recv` in `src/backend/utils/adt/arrayfuncs.c` for the array layout.

mod lines;

pub use lines::{LineCutter, Lines, fields, numbered, value};

pub(crate) const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// How many columns a row has, which goes before it.
const COUNT_BYTES: usize = 2;
/// Signature, flags and the length of the header extension.
const HEADER_BYTES: usize = 19;
pub(crate) const TEXT_OID: i32 = 25;

/// Why bytes are not a binary COPY stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// The stream does not begin with the signature.
    #[error("the server's COPY stream does not begin with the binary signature")]
    Signature,
    /// A row has another number of columns than was asked for.
    #[error("a row of the server's COPY stream has {found} columns instead of {expected}")]
    Columns {
        /// How many it has.
        found: i16,
        /// How many were asked for.
        expected: usize,
    },
    /// The stream ended in the middle of a row.
    #[error("the server's COPY stream ended in the middle of a row")]
    Truncated,
    /// A column has another length than its type has.
    #[error("column {column} of a COPY row has {found} bytes instead of {expected}")]
    Width {
        /// The column, from 1.
        column: usize,
        /// Its length.
        found: usize,
        /// The type's length.
        expected: usize,
    },
    /// Text that is not UTF-8.
    #[error("column {column} of a COPY row is not UTF-8 at byte {offset}")]
    Utf8 {
        /// The column, from 1.
        column: usize,
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// A column that must have a value is NULL.
    #[error("column {column} of a COPY row is NULL")]
    Null {
        /// The column, from 1.
        column: usize,
    },
}

/// Cuts a stream of bytes into rows, whatever the pieces it arrives in.
#[derive(Debug)]
pub struct RowCutter {
    columns: usize,
    header_seen: bool,
    ended: bool,
    /// Bytes of a row that has not ended yet.
    rest: Vec<u8>,
}

impl RowCutter {
    /// A cutter for rows of so many columns.
    #[must_use]
    pub fn new(columns: usize) -> Self {
        Self { columns, header_seen: false, ended: false, rest: Vec::new() }
    }

    /// Takes the next piece of the stream and appends each whole row to `rows`.
    ///
    /// # Errors
    /// The bytes are not a binary COPY stream of that many columns.
    pub fn push(&mut self, piece: &[u8], rows: &mut Rows) -> Result<(), CopyError> {
        // The server sends one message a row, so most pieces are whole rows and
        // go straight into `rows`.
        if self.rest.is_empty() && self.header_seen {
            let used = self.cut(piece, rows)?;
            self.rest.extend_from_slice(&piece[used..]);
            return Ok(());
        }
        let mut whole = std::mem::take(&mut self.rest);
        whole.extend_from_slice(piece);
        let mut start = 0;
        if !self.header_seen {
            if whole.len() < HEADER_BYTES {
                self.rest = whole;
                return Ok(());
            }
            if &whole[..SIGNATURE.len()] != SIGNATURE {
                return Err(CopyError::Signature);
            }
            self.header_seen = true;
            start = HEADER_BYTES;
        }
        let used = start + self.cut(&whole[start..], rows)?;
        whole.drain(..used);
        self.rest = whole;
        Ok(())
    }

    /// Says that the stream is over.
    ///
    /// # Errors
    /// It ended in the middle of a row or before its trailer.
    pub fn finish(&self) -> Result<(), CopyError> {
        if self.ended && self.rest.is_empty() { Ok(()) } else { Err(CopyError::Truncated) }
    }

    /// Appends the whole rows that `bytes` begins with; gives how many bytes they and the trailer take.
    fn cut(&mut self, bytes: &[u8], rows: &mut Rows) -> Result<usize, CopyError> {
        let before = rows.bytes.len();
        let mut at = 0;
        let trailer = loop {
            match read_i16(bytes, at) {
                None => break Ok(0),
                Some(-1) => {
                    self.ended = true;
                    break Ok(COUNT_BYTES);
                }
                Some(count) if usize::try_from(count) != Ok(self.columns) => {
                    break Err(CopyError::Columns { found: count, expected: self.columns });
                }
                Some(_) => {}
            }
            let Some(end) = row_end(bytes, at + COUNT_BYTES, self.columns) else { break Ok(0) };
            rows.ends.push(before + end);
            at = end;
        };
        rows.bytes.extend_from_slice(&bytes[..at]);
        Ok(at + trailer?)
    }
}

pub(crate) fn read_i16(bytes: &[u8], at: usize) -> Option<i16> {
    let raw = bytes.get(at..at + 2)?;
    Some(i16::from_be_bytes([raw[0], raw[1]]))
}

pub(crate) fn read_i32(bytes: &[u8], at: usize) -> Option<i32> {
    let raw = bytes.get(at..at + 4)?;
    Some(i32::from_be_bytes([raw[0], raw[1], raw[2], raw[3]]))
}

fn row_end(bytes: &[u8], mut at: usize, columns: usize) -> Option<usize> {
    for _ in 0..columns {
        let length = read_i32(bytes, at)?;
        at += 4 + usize::try_from(length).unwrap_or(0);
    }
    (at <= bytes.len()).then_some(at)
}

/// Whole rows in one buffer, as they came.
#[derive(Debug, Default, Clone)]
pub struct Rows {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    /// No rows, and room for so many of so many bytes altogether.
    #[must_use]
    pub fn with_capacity(rows: usize, bytes: usize) -> Rows {
        Rows { bytes: Vec::with_capacity(bytes), ends: Vec::with_capacity(rows) }
    }

    /// No rows.
    #[must_use]
    pub const fn none() -> Rows {
        Rows { bytes: Vec::new(), ends: Vec::new() }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes the rows take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The rows in the order they came.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let row = Row { bytes: &self.bytes[start..end], at: COUNT_BYTES, column: 0 };
            start = end;
            row
        })
    }
}

/// One row, read column by column from the left.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    bytes: &'a [u8],
    at: usize,
    column: usize,
}

impl<'a> Row<'a> {
    /// The next column's bytes; `None` is NULL.
    ///
    /// # Errors
    /// There is no further column.
    #[inline]
    pub fn next_bytes(&mut self) -> Result<Option<&'a [u8]>, CopyError> {
        let length = read_i32(self.bytes, self.at).ok_or(CopyError::Truncated)?;
        self.at += 4;
        self.column += 1;
        let Ok(length) = usize::try_from(length) else { return Ok(None) };
        let column = self.bytes.get(self.at..self.at + length).ok_or(CopyError::Truncated)?;
        self.at += length;
        Ok(Some(column))
    }

    /// Goes past the next column if it is this text.
    #[inline]
    pub fn skip_if(&mut self, text: &str) -> bool {
        let begins = self.at + 4;
        let length = read_i32(self.bytes, self.at).map(usize::try_from);
        let stands = length == Some(Ok(text.len()))
            && self.bytes.get(begins..begins + text.len()) == Some(text.as_bytes());
        if stands {
            self.at = begins + text.len();
            self.column += 1;
        }
        stands
    }

    /// The next column as text; `None` is NULL.
    ///
    /// # Errors
    /// It is not UTF-8.
    #[inline]
    pub fn next_text(&mut self) -> Result<Option<&'a str>, CopyError> {
        let Some(bytes) = self.next_bytes()? else { return Ok(None) };
        let bad = |e: simdutf8::compat::Utf8Error| CopyError::Utf8 {
            column: self.column,
            offset: e.valid_up_to(),
        };
        simdutf8::compat::from_utf8(bytes).map(Some).map_err(bad)
    }

    /// The next column as a `jsonb` value's text: one version byte goes first.
    ///
    /// # Errors
    /// It is not UTF-8 or empty.
    #[inline]
    pub fn next_jsonb(&mut self) -> Result<Option<&'a str>, CopyError> {
        match self.next_text()? {
            None => Ok(None),
            Some(text) => text.get(1..).map(Some).ok_or(CopyError::Width {
                column: self.column,
                found: 0,
                expected: 1,
            }),
        }
    }

    /// The next column as `smallint`, `integer` or `bigint`; NULL is `None`.
    ///
    /// # Errors
    /// It is not two, four or eight bytes long.
    #[inline]
    pub fn next_int(&mut self) -> Result<Option<i64>, CopyError> {
        Ok(match self.next_bytes()? {
            None => None,
            Some(&[a, b, c, d, e, f, g, h]) => Some(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
            Some(&[a, b, c, d]) => Some(i32::from_be_bytes([a, b, c, d]).into()),
            Some(&[a, b]) => Some(i16::from_be_bytes([a, b]).into()),
            Some(other) => {
                let (column, found) = (self.column, other.len());
                return Err(CopyError::Width { column, found, expected: 8 });
            }
        })
    }

    /// The column read last, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

/// A `text[]` parameter, encoded while it grows.
#[derive(Debug, Default, Clone)]
pub struct TextArray {
    elements: Vec<u8>,
    count: i32,
    has_null: bool,
}

impl TextArray {
    /// Appends an element; `None` is NULL.
    pub fn push(&mut self, element: Option<&str>) {
        self.count += 1;
        match element {
            None => {
                self.has_null = true;
                self.elements.extend_from_slice(&(-1i32).to_be_bytes());
            }
            Some(text) => {
                let length =
                    i32::try_from(text.len()).expect("an element is bounded by the batch's bytes");
                self.elements.extend_from_slice(&length.to_be_bytes());
                self.elements.extend_from_slice(text.as_bytes());
            }
        }
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.count).expect("a count is never negative")
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many bytes the elements take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.elements.len()
    }

    /// Drops the elements after the first `len`, whose bytes end at `bytes`.
    pub fn truncate(&mut self, len: usize, bytes: usize) {
        self.count = i32::try_from(len).expect("shorter than before");
        self.elements.truncate(bytes);
    }

    /// The elements from one number up to another.
    #[must_use]
    pub fn slice(&self, from: usize, to: usize) -> TextArray {
        let mut slice = TextArray::default();
        let (mut at, mut number) = (0, 0);
        while let Some(Ok(length)) = self.elements.get(at..at + 4).map(<[u8; 4]>::try_from) {
            let end = at + 4 + usize::try_from(i32::from_be_bytes(length)).unwrap_or(0);
            if (from..to).contains(&number) {
                slice.count += 1;
                slice.has_null |= length == (-1i32).to_be_bytes();
                slice.elements.extend_from_slice(&self.elements[at..end]);
            }
            (at, number) = (end, number + 1);
        }
        slice
    }

    /// The elements in order; `None` is NULL.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut rest = self.elements.as_slice();
        std::iter::from_fn(move || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
                rest = after;
                return Some(None);
            };
            let (text, after) = after.split_at_checked(length)?;
            rest = after;
            std::str::from_utf8(text).ok().map(Some)
        })
    }

    /// Appends the elements of another array.
    pub fn append(&mut self, other: &TextArray) {
        self.count += other.count;
        self.has_null |= other.has_null;
        self.elements.extend_from_slice(&other.elements);
    }

    /// Writes the binary form of the array.
    pub fn write(&self, mut out: impl FnMut(&[u8])) {
        out(&i32::from(self.count > 0).to_be_bytes());
        out(&i32::from(self.has_null).to_be_bytes());
        out(&TEXT_OID.to_be_bytes());
        if self.count > 0 {
            out(&self.count.to_be_bytes());
            out(&1i32.to_be_bytes());
            out(&self.elements);
        }
    }
}

/// Appends one field of a COPY text line; `None` is NULL. Fields are parted by
/// tabs and lines ended by the caller.
pub fn push_text_field(line: &mut Vec<u8>, field: Option<&str>) {
    let Some(text) = field else {
        line.extend_from_slice(b"\\N");
        return;
    };
    for byte in text.bytes() {
        match byte {
            b'\\' => line.extend_from_slice(b"\\\\"),
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            b'\t' => line.extend_from_slice(b"\\t"),
            other => line.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0; 8]);
        for (number, text) in [(1i64, Some("a")), (2, None), (3, Some("ไทย"))] {
            bytes.extend(2i16.to_be_bytes());
            bytes.extend(8i32.to_be_bytes());
            bytes.extend(number.to_be_bytes());
            match text {
                None => bytes.extend((-1i32).to_be_bytes()),
                Some(text) => {
                    bytes.extend(i32::try_from(text.len()).unwrap().to_be_bytes());
                    bytes.extend(text.as_bytes());
                }
            }
        }
        bytes.extend((-1i16).to_be_bytes());
        bytes
    }

    #[test]
    fn rows_are_cut_whatever_the_pieces() {
        for size in 1..stream().len() {
            let mut cutter = RowCutter::new(2);
            let mut rows = Rows::default();
            for piece in stream().chunks(size) {
                cutter.push(piece, &mut rows).unwrap();
            }
            cutter.finish().unwrap();
            let found: Vec<_> = rows
                .iter()
                .map(|mut r| (r.next_int().unwrap(), r.next_text().unwrap().map(str::to_owned)))
                .collect();
            assert_eq!(
                found,
                [(Some(1), Some("a".into())), (Some(2), None), (Some(3), Some("ไทย".into()))]
            );
        }
    }

    #[test]
    fn a_stream_that_breaks_off_is_an_error() {
        let bytes = stream();
        let mut cutter = RowCutter::new(2);
        let mut rows = Rows::default();
        cutter.push(&bytes[..bytes.len() - 4], &mut rows).unwrap();
        assert_eq!(cutter.finish(), Err(CopyError::Truncated));
        assert_eq!(rows.len(), 2);
    }

    /// One row of these bytes, whose number of columns does not matter any more.
    fn one_row(columns: &[u8]) -> Rows {
        Rows { bytes: [&[0, 0], columns].concat(), ends: vec![COUNT_BYTES + columns.len()] }
    }

    #[test]
    fn other_columns_and_bad_text_are_named() {
        let mut rows = Rows::default();
        assert_eq!(
            RowCutter::new(3).push(&stream(), &mut rows),
            Err(CopyError::Columns { found: 2, expected: 3 })
        );
        let rows = one_row(&[0, 0, 0, 2, b'a', 0xff]);
        let mut row = rows.iter().next().unwrap();
        assert_eq!(row.next_text(), Err(CopyError::Utf8 { column: 1, offset: 1 }));
        assert_eq!(row.next_text(), Err(CopyError::Truncated));
    }

    #[test]
    fn a_column_is_skipped_only_if_it_is_that_text() {
        let rows = one_row(&[0, 0, 0, 2, b'a', b'b', 255, 255, 255, 255, 0, 0, 0, 1]);
        let mut row = rows.iter().next().unwrap();
        assert!(!["", "a", "ac", "abc"].iter().any(|text| row.skip_if(text)));
        assert!(row.skip_if("ab"));
        assert_eq!(row.column(), 1);
        assert!(!row.skip_if(""), "NULL is no text");
        assert_eq!(row.next_text(), Ok(None));
        assert!(!row.skip_if("x"), "the row breaks off");
    }

    #[test]
    fn an_empty_array_has_no_dimension() {
        let mut array = TextArray::default();
        let mut bytes = Vec::new();
        array.write(|b| bytes.extend_from_slice(b));
        assert_eq!(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25]);
        array.push(Some("x"));
        array.push(None);
        bytes.clear();
        array.write(|b| bytes.extend_from_slice(b));
        assert_eq!(bytes.len(), 12 + 8 + 5 + 4);
    }
}
