//! Rows as `COPY ... TO` prints them in the text format: one line a row, its fields parted by tabs, with tabs, line ends and
//! backslashes in them escaped. So two rows are the same if, and only if, their lines are.

/// Cuts a stream of bytes into lines, whatever the pieces it arrives in.
#[derive(Debug, Default)]
pub struct LineCutter {
    /// The beginning of a line that has not ended yet.
    rest: Vec<u8>,
}

impl LineCutter {
    /// Hands on each whole line, without its end, until `take` answers `false`, which is passed on.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn push<E>(
        &mut self,
        mut piece: &[u8],
        take: &mut impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<bool, E> {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (line, after) = (&piece[..end], &piece[end + 1..]);
            let goes_on = match self.rest.is_empty() {
                true => take(line)?,
                false => {
                    self.rest.extend_from_slice(line);
                    let goes_on = take(&self.rest)?;
                    self.rest.clear();
                    goes_on
                }
            };
            if !goes_on {
                return Ok(false);
            }
            piece = after;
        }
        self.rest.extend_from_slice(piece);
        Ok(true)
    }

    /// Whether the stream ended in the middle of a line.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        !self.rest.is_empty()
    }
}

/// Lines in one buffer.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    /// Appends a line.
    pub fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
    }

    /// The lines in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let line = &self.bytes[start..*end];
            start = *end;
            line
        })
    }
}

/// The fields of a row.
pub fn fields(row: &[u8]) -> impl Iterator<Item = &[u8]> {
    row.split(|byte| *byte == b'\t')
}

/// Takes the number off that stands in front of a row.
#[must_use]
pub fn numbered(line: &[u8]) -> Option<(i64, &[u8])> {
    let end = line.iter().position(|byte| *byte == b'\t').unwrap_or(line.len());
    let number = std::str::from_utf8(&line[..end]).ok()?.parse().ok()?;
    Some((number, line.get(end + 1..).unwrap_or_default()))
}

/// The value of a field; `None` is NULL.
#[must_use]
pub fn value(field: &[u8]) -> Option<String> {
    if field == b"\\N" {
        return None;
    }
    let (mut plain, mut bytes) = (Vec::with_capacity(field.len()), field.iter());
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'b') => 8,
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                Some(b'v') => 11,
                Some(b'f') => 12,
                Some(b'r') => b'\r',
                Some(other) => *other,
                None => b'\\',
            },
            other => *other,
        });
    }
    Some(String::from_utf8_lossy(&plain).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_whatever_the_pieces() {
        let text = b"1\ta\\nb\n\n2\t\\N\n";
        for size in 1..=text.len() {
            let (mut cutter, mut lines) = (LineCutter::default(), Lines::default());
            for piece in text.chunks(size) {
                let mut take = |line: &[u8]| {
                    lines.push(line);
                    Ok::<_, ()>(true)
                };
                assert_eq!(cutter.push(piece, &mut take), Ok(true));
            }
            assert!(!cutter.is_cut_short());
            let found: Vec<&[u8]> = lines.iter().collect();
            assert_eq!(found, [&b"1\ta\\nb"[..], b"", b"2\t\\N"]);
        }
        let mut cutter = LineCutter::default();
        assert_eq!(cutter.push(b"a\nb\nc", &mut |_| Ok::<_, ()>(false)), Ok(false));
        assert_eq!(cutter.push(b"d", &mut |_| Ok::<_, ()>(true)), Ok(true));
        assert!(cutter.is_cut_short());
    }

    #[test]
    fn a_field_is_what_the_server_meant() {
        assert_eq!(value(b"\\N"), None);
        assert_eq!(value(b"").as_deref(), Some(""));
        assert_eq!(value(b"a\\tb\\\\N\\n").as_deref(), Some("a\tb\\N\n"));
        assert_eq!(numbered(b"-7\tx\ty"), Some((-7, &b"x\ty"[..])));
        assert_eq!(numbered(b"12"), Some((12, &b""[..])));
        assert_eq!(numbered(b"x"), None);
        assert_eq!(fields(b"a\t\tb").count(), 3);
    }
}
