//! Files too large to be held: seeds, read piece by piece while they run.
//!
//! Such a file is opened by the commands that run it, compare it or look into it, and by no other. Its
//! [`SourceFile`] has the head as its text and a last line that no reader takes for SQL, so that
//! whoever does not know of such files refuses it, and never takes the head for the whole.

use std::fs::File;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Read};
use std::path::Path;

use siphasher::sip::SipHasher13;

use crate::handler::{self, HandlerError, Whole};
use crate::source::{Bulk, Place, SourceFile};

/// The largest file that is held as a whole.
pub const HELD_BYTES: u64 = 16 * 1024 * 1024;
/// How much is read before statements are looked for; a statement that is longer is read to its end.
const PIECE_BYTES: usize = 1024 * 1024;
/// No statement is longer: PostgreSQL itself takes no message of 1 GiB.
const MOST_BYTES: usize = 256 * 1024 * 1024;
/// A head is comment lines; one that is longer than this is cut off.
const HEAD_BYTES: u64 = 64 * 1024;
/// The last line of a text that is only a head.
const REST: &str = "\\streamed";

/// Why a piece cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// The file cannot be read, or is another one than it was.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// It cannot be cut into statements.
    #[error(transparent)]
    Unread(#[from] HandlerError),
}

/// A piece of a file.
#[derive(Debug)]
pub enum Part {
    /// Whole statements. Places in it are places in the file.
    Statements(SourceFile),
    /// A `COPY ... FROM STDIN`; its rows come next, by [`Parts::rows`].
    Copy(SourceFile),
}

/// The pieces of a file, one after another.
pub struct Parts {
    path: String,
    input: Box<dyn Read>,
    /// What is read and not yet given out.
    held: Vec<u8>,
    /// Whether nothing is left to read.
    ended: bool,
    lines_before: usize,
    bytes_before: u64,
}

/// A file of that size: its head, and where the rest is.
///
/// # Errors
/// It cannot be read.
pub fn head(path: &str, real: &Path, bytes: u64) -> io::Result<SourceFile> {
    let mut head = Vec::new();
    File::open(real)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    let text = String::from_utf8_lossy(&head);
    let text = text.trim_start_matches('\u{feff}');
    let comments = text.split_inclusive('\n').take_while(|line| {
        line.ends_with('\n') && (line.trim().is_empty() || line.trim_start().starts_with("--"))
    });
    let mut file = SourceFile::new(path, comments.collect::<String>() + REST + "\n");
    file.bulk = Some(Bulk { path: real.to_path_buf(), bytes });
    Ok(file)
}

/// Refinery's checksum of a migration of that name and version.
///
/// # Errors
/// The file cannot be read.
pub fn checksum(bulk: &Bulk, name: &str, version: i64) -> io::Result<u64> {
    let mut hasher = SipHasher13::new();
    name.hash(&mut hasher);
    version.hash(&mut hasher);
    let mut input = File::open(&bulk.path)?;
    let mut buffer = vec![0; PIECE_BYTES];
    let mut first = true;
    loop {
        let read = fill(&mut input, &mut buffer)?;
        if read == 0 {
            break;
        }
        // As a file that is held: an editor's mark is no part of the text.
        let text = &buffer[..read];
        hasher.write(text.strip_prefix("\u{feff}".as_bytes()).filter(|_| first).unwrap_or(text));
        first = false;
    }
    // What `Hash` of a text adds to its bytes.
    hasher.write_u8(0xff);
    Ok(hasher.finish())
}

/// Reads until the buffer is full or nothing is left.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Parts {
    /// Opens a file to be read from its beginning.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn of(file: &SourceFile, bulk: &Bulk) -> Result<Parts, BulkError> {
        let unreadable = |e: io::Error| unreadable(&file.path, e.to_string());
        let input = File::open(&bulk.path).map_err(unreadable)?;
        Ok(Parts::read(&file.path, Box::new(input)))
    }

    fn read(path: &str, input: Box<dyn Read>) -> Parts {
        let (path, held) = (path.to_owned(), Vec::new());
        Parts { path, input, held, ended: false, lines_before: 0, bytes_before: 0 }
    }

    /// The bytes that were given out.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes_before
    }

    /// The next piece; nothing at the end.
    ///
    /// # Errors
    /// The file cannot be read or is no text, or a statement has no end.
    pub fn next_part(&mut self) -> Result<Option<Part>, BulkError> {
        let mut wanted = PIECE_BYTES;
        loop {
            self.hold(wanted)?;
            if self.held.is_empty() {
                return Ok(None);
            }
            let length = self.text_length()?;
            let text = std::str::from_utf8(&self.held[..length]).unwrap_or_default();
            if self.ended && length == self.held.len() {
                // A COPY whose rows are here as well is cut like any statement.
                let file = self.give(length);
                return Ok(Some(Part::Statements(file)));
            }
            match handler::whole_statements(text) {
                Whole::Statements(end) => {
                    let file = self.give(end);
                    return Ok(Some(Part::Statements(file)));
                }
                Whole::Copy(end) => {
                    let file = self.give(end);
                    return Ok(Some(Part::Copy(file)));
                }
                Whole::Nothing if self.held.len() < MOST_BYTES && !self.ended => {
                    wanted = self.held.len() * 2;
                }
                // What is wrong is said by who cuts it.
                Whole::Nothing => {
                    let length = self.held.len().min(length);
                    let file = self.give(length);
                    handler::cut(&file)?;
                    let reason = format!("a statement in it has more than {MOST_BYTES} bytes");
                    return Err(unreadable(&self.path, reason));
                }
            }
        }
    }

    /// The rows below the COPY that was given out last, in pieces of any size, without the line that
    /// ends them.
    ///
    /// # Errors
    /// The file cannot be read, the rows have no end, or `take` fails.
    pub fn rows<E: From<BulkError>>(
        &mut self,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            self.hold(PIECE_BYTES)?;
            // Whole lines, or what is left.
            let whole = match self.held.iter().rposition(|byte| *byte == b'\n') {
                Some(last) => last + 1,
                None if self.ended => self.held.len(),
                None => {
                    self.hold(self.held.len() * 2)?;
                    if self.held.len() > MOST_BYTES {
                        return Err(unreadable(&self.path, "a row in it is too long".into()).into());
                    }
                    continue;
                }
            };
            let mut end = 0;
            let mut ends_here = None;
            for line in self.held[..whole].split_inclusive(|byte| *byte == b'\n') {
                if matches!(line, b"\\." | b"\\.\n" | b"\\.\r\n") {
                    ends_here = Some(line.len());
                    break;
                }
                end += line.len();
            }
            take(&self.held[..end])?;
            self.give_bytes(end + ends_here.unwrap_or(0));
            if ends_here.is_some() {
                return Ok(());
            }
            if self.ended && self.held.is_empty() {
                let place = Place { file: self.path.clone(), line: self.lines_before, column: 1 };
                let kind = handler::HandlerErrorKind::RowsWithoutEnd;
                return Err(BulkError::Unread(HandlerError { place, kind }).into());
            }
        }
    }

    /// Where the next piece begins: the line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.lines_before + 1
    }

    /// Reads until so many bytes are held, or nothing is left.
    fn hold(&mut self, wanted: usize) -> Result<(), BulkError> {
        let have = self.held.len();
        if have >= wanted || self.ended {
            return Ok(());
        }
        self.held.resize(wanted, 0);
        let read = fill(&mut self.input, &mut self.held[have..])
            .map_err(|error| unreadable(&self.path, error.to_string()))?;
        self.held.truncate(have + read);
        self.ended = self.held.len() < wanted;
        Ok(())
    }

    /// How much of what is held is text: a character may be cut at its end.
    fn text_length(&self) -> Result<usize, BulkError> {
        let Err(error) = std::str::from_utf8(&self.held) else { return Ok(self.held.len()) };
        if error.error_len().is_none() && !self.ended {
            return Ok(error.valid_up_to());
        }
        let at = self.bytes_before + error.valid_up_to() as u64;
        Err(unreadable(&self.path, format!("it is not UTF-8 at byte {at}")))
    }

    /// Takes text off what is held, as a file whose places are those of the whole.
    fn give(&mut self, length: usize) -> SourceFile {
        let text = String::from_utf8_lossy(&self.held[..length]).into_owned();
        let text = match self.bytes_before {
            0 => text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text),
            _ => text,
        };
        let mut file = SourceFile::new(&self.path, text);
        file.lines_before = self.lines_before;
        self.give_bytes(length);
        file
    }

    fn give_bytes(&mut self, length: usize) {
        self.lines_before += self.held[..length].iter().filter(|byte| **byte == b'\n').count();
        self.bytes_before += length as u64;
        self.held.drain(..length);
    }
}

fn unreadable(path: &str, reason: String) -> BulkError {
    BulkError::Unreadable { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte or two at a time, as a slow disk may.
    struct Slow(Vec<u8>, usize);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.0.len() - self.1).min(1 + self.1 % 7);
            buffer[..length].copy_from_slice(&self.0[self.1..self.1 + length]);
            self.1 += length;
            Ok(length)
        }
    }

    /// Statements with their lines, and rows, as they come out of pieces.
    fn pieces(text: &str) -> Vec<(usize, String)> {
        let mut parts = Parts::read("a.sql", Box::new(Slow(text.as_bytes().to_vec(), 0)));
        let mut found = Vec::new();
        while let Some(part) = parts.next_part().unwrap() {
            match part {
                Part::Statements(file) => {
                    for cut in handler::cut(&file).unwrap() {
                        let line = file.place(cut.span.start).line;
                        found.push((line, file.text[cut.span].to_owned()));
                        found.extend(
                            cut.rows.map(|rows| {
                                (file.place(rows.start).line, file.text[rows].to_owned())
                            }),
                        );
                    }
                }
                Part::Copy(file) => {
                    let text = file.text.trim().trim_end_matches(';').to_owned();
                    let at = file.text.len() - file.text.trim_start().len();
                    found.push((file.place(at).line, text));
                    let (line, mut rows) = (parts.line(), Vec::new());
                    parts
                        .rows(|bytes| {
                            rows.extend_from_slice(bytes);
                            Ok::<_, BulkError>(())
                        })
                        .unwrap();
                    found.push((line, String::from_utf8(rows).unwrap()));
                }
            }
        }
        found
    }

    #[test]
    fn pieces_are_what_the_whole_is() {
        let filler = format!("INSERT INTO t VALUES ('{}; it''s');\n", "é".repeat(40_000));
        let rows = format!("{}\tit's; COMMIT;\n", "x".repeat(3_000)).repeat(900);
        let text = format!(
            "\u{feff}-- head\n{}COPY t (a) FROM stdin;\n{rows}\\.\n{}SELECT $a$;\n{}$a$;\nSELECT 1",
            filler.repeat(30),
            filler.repeat(20),
            "é;\n".repeat(1_000_000),
        );
        let file = SourceFile::new("a.sql", text.strip_prefix('\u{feff}').unwrap());
        let mut whole = Vec::new();
        for cut in handler::cut(&file).unwrap() {
            whole.push((file.place(cut.span.start).line, file.text[cut.span].to_owned()));
            whole.extend(cut.rows.map(|r| (file.place(r.start).line, file.text[r].to_owned())));
        }
        let found = pieces(&text);
        assert_eq!(found.len(), whole.len());
        for (found, whole) in found.iter().zip(&whole) {
            assert!(found == whole, "line {} and {}", found.0, whole.0);
        }
    }

    #[test]
    fn what_has_no_end_is_said_so() {
        let broken = |text: String| {
            let mut parts = Parts::read("a.sql", Box::new(io::Cursor::new(text.into_bytes())));
            loop {
                let part = match parts.next_part() {
                    Ok(Some(part)) => part,
                    Ok(None) => return "nothing".to_owned(),
                    Err(error) => return error.to_string(),
                };
                let done = match part {
                    Part::Statements(file) => {
                        handler::cut(&file).map(drop).map_err(BulkError::from)
                    }
                    Part::Copy(_) => parts.rows(|_| Ok(())),
                };
                if let Err(error) = done {
                    return error.to_string();
                }
            }
        };
        let many = "SELECT 1;\n".repeat(200_000);
        assert_eq!(
            broken(format!("{many}SELECT 'x")),
            "a.sql:200001:8: the string that begins here is not closed"
        );
        let cut_off = broken(format!("COPY t FROM stdin;\n{}", "1\n".repeat(1_000_000)));
        assert!(cut_off.contains("are not ended by a line"), "{cut_off}");
        assert_eq!(broken(many), "nothing");
    }

    #[test]
    fn a_checksum_is_refinerys() {
        let text = format!("-- a\n{}", "SELECT 'é';\n".repeat(300_000));
        let path = std::env::temp_dir().join(format!("regrow-bulk-{}", std::process::id()));
        std::fs::write(&path, &text).unwrap();
        let file = head("V7__seed.sql", &path, text.len() as u64).unwrap();
        let ours = checksum(file.bulk.as_ref().unwrap(), "seed", 7).unwrap();
        let theirs = refinery::Migration::unapplied("V7__seed", &text).unwrap().checksum();
        std::fs::remove_file(path).unwrap();
        assert_eq!(ours, theirs);
        assert_eq!(file.text, "-- a\n\\streamed\n");
        assert!(handler::cut(&file).is_err());
    }
}
