//! Cutting an input into lines, packed or not.
//!
//! Owns gzip, the byte order mark, line ends and the bound of a line. What a line says is
//! not known here.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use super::LineError;
use super::line::Line;

/// The longest line, in bytes: it is held in memory twice.
pub const MAX_LINE_BYTES: u64 = 64 * 1024 * 1024;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const BUFFER_BYTES: usize = 256 * 1024;

/// The lines of an input that hold something.
pub(super) struct Lines {
    reader: Box<dyn BufRead>,
    /// Bytes taken from the input as it came, packed or not.
    taken: Rc<Cell<u64>>,
    line: Vec<u8>,
    /// The line's number, from 1; blank lines count.
    number: u64,
    /// Where the line starts in the unpacked text.
    start: u64,
    /// Bytes dropped at the line's start.
    dropped: usize,
    limit: u64,
}

impl Lines {
    /// Looks at the first bytes to tell whether the input is packed, whatever its name says.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(super) fn open(input: Box<dyn Read>) -> io::Result<Lines> {
        let taken = Rc::new(Cell::new(0));
        let mut input = Counted { input, taken: Rc::clone(&taken) };
        let mut head = Vec::with_capacity(GZIP_MAGIC.len());
        input.by_ref().take(GZIP_MAGIC.len() as u64).read_to_end(&mut head)?;
        let packed = head == GZIP_MAGIC;
        let whole = BufReader::with_capacity(BUFFER_BYTES, Cursor::new(head).chain(input));
        let reader: Box<dyn BufRead> = if packed {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(whole)))
        } else {
            Box::new(whole)
        };
        Ok(Lines {
            reader,
            taken,
            line: Vec::new(),
            number: 0,
            start: 0,
            dropped: 0,
            limit: MAX_LINE_BYTES,
        })
    }

    /// Goes to the next line that is not blank; `false` at the end.
    ///
    /// # Errors
    /// The input cannot be read or unpacked, or the line is too long.
    pub(super) fn advance(&mut self) -> Result<bool, LineError> {
        loop {
            self.start += self.line.len() as u64;
            self.line.clear();
            self.number += 1;
            let mut bounded = (&mut self.reader).take(self.limit + 1);
            bounded.read_until(b'\n', &mut self.line).map_err(LineError::Read)?;
            if self.line.is_empty() {
                return Ok(false);
            }
            if self.line.len() as u64 > self.limit {
                return Err(LineError::TooLong { limit: self.limit });
            }
            let marked = self.number == 1 && self.line.starts_with(BYTE_ORDER_MARK);
            self.dropped = if marked { BYTE_ORDER_MARK.len() } else { 0 };
            if !self.line[self.dropped..].iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }

    /// The line, without its end.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub(super) fn text(&self) -> Result<&str, LineError> {
        let line = &self.line[self.dropped..];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        std::str::from_utf8(line).map_err(|error| {
            let line_byte = (self.dropped + error.valid_up_to() + 1) as u64;
            LineError::Utf8 { line_byte, input_byte: self.start + line_byte }
        })
    }

    /// Goes to the next event and appends its row; `false` at the end.
    ///
    /// # Errors
    /// The input cannot be read, or the line is no event.
    pub(super) fn next_row(&mut self, now: &str, row: &mut Vec<u8>) -> Result<bool, LineError> {
        if !self.advance()? {
            return Ok(false);
        }
        Line::parse(self.text()?)?.push_row(now, row);
        Ok(true)
    }

    /// The line's number, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes taken from the input so far, as it came; some of them are not looked at yet.
    pub(super) fn bytes(&self) -> u64 {
        self.taken.get()
    }
}

/// Reads an input to its end, as `import` does, and gives each event's line of `COPY ... FROM STDIN`
/// text to `sink`; `now` stands where a line does not say when its event was recorded.
///
/// # Errors
/// The first line that is no event, by its number from 1.
pub fn rows(
    input: Box<dyn Read>,
    now: &str,
    mut sink: impl FnMut(&[u8]),
) -> Result<(), (u64, LineError)> {
    let mut lines = Lines::open(input).map_err(|error| (1, LineError::Read(error)))?;
    let mut row = Vec::new();
    loop {
        row.clear();
        match lines.next_row(now, &mut row) {
            Ok(true) => sink(&row),
            Ok(false) => return Ok(()),
            Err(error) => return Err((lines.number(), error)),
        }
    }
}

/// Counts what is read.
struct Counted {
    input: Box<dyn Read>,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.taken.set(self.taken.get() + length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn lines(bytes: &[u8]) -> Lines {
        Lines::open(Box::new(Cursor::new(bytes.to_vec()))).unwrap()
    }

    fn all(bytes: &[u8]) -> Vec<(u64, String)> {
        let mut lines = lines(bytes);
        let mut found = Vec::new();
        while lines.advance().unwrap() {
            found.push((lines.number(), lines.text().unwrap().to_owned()));
        }
        assert!(!lines.advance().unwrap());
        assert_eq!(lines.bytes(), bytes.len() as u64);
        found
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn blank_lines_are_skipped_and_counted() {
        for text in ["", "\n", "\u{feff}", "\u{feff}\r\n\r\n  \t\n", "\r"] {
            assert_eq!(all(text.as_bytes()), [], "{text:?}");
        }
        let found = all("\u{feff}a\r\n\r\n \nb\nc\rd".as_bytes());
        assert_eq!(found, [(1, "a".into()), (4, "b".into()), (5, "c\rd".into())]);
    }

    #[test]
    fn a_byte_order_mark_further_on_is_text() {
        let found = all("\n\u{feff}a\n".as_bytes());
        assert_eq!(found, [(2, "\u{feff}a".into())]);
    }

    #[test]
    fn gzip_is_told_by_its_first_bytes_and_may_have_several_members() {
        let mut packed = gzip("\u{feff}a\nb".as_bytes());
        packed.extend(gzip(b"c\nd\n"));
        assert_eq!(all(&packed), [(1, "a".into()), (2, "bc".into()), (3, "d".into())]);
        assert_eq!(all(b"\x1f"), [(1, "\x1f".into())]);
    }

    #[test]
    fn a_packed_input_that_breaks_off_is_an_error() {
        let mut random = 1_u32;
        let text: String = (0..200_000)
            .map(|n| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if n % 50 == 49 { '\n' } else { char::from(b'a' + (random >> 28) as u8) }
            })
            .collect();
        let packed = gzip(text.as_bytes());
        let mut lines = lines(&packed[..packed.len() / 2]);
        let error = loop {
            match lines.advance() {
                Ok(true) => {}
                Ok(false) => panic!("a whole input"),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().starts_with("the input cannot be read: "), "{error}");
        assert!(lines.number() > 1);
    }

    #[test]
    fn a_line_that_is_not_utf8_has_a_place() {
        let mut lines = lines(b"abc\nde\xff\n");
        assert!(lines.advance().unwrap() && lines.text().is_ok());
        assert!(lines.advance().unwrap());
        assert_eq!(
            lines.text().unwrap_err().to_string(),
            "the line is not UTF-8 at its byte 3 (byte 7 of the text)"
        );
    }

    #[test]
    fn an_overlong_line_is_an_error() {
        let mut lines = lines(b"aaa\naaaaaaaa\n");
        lines.limit = 6;
        assert!(lines.advance().unwrap());
        assert_eq!(lines.advance().unwrap_err().to_string(), "the line is longer than 6 bytes");
    }
}
