//! Whether PostgreSQL surely accepts a text as `json` or `jsonb`.
//!
//! One pass over the bytes, without recursion and without building anything. It accepts only texts that
//! PostgreSQL accepts, and may reject some that it would accept. `jsonb` stores what it has read (numbers as
//! `numeric`, strings unescaped), so more is rejected for it than for `json`.

/// Nesting beyond this is left to the server, whose limit depends on its stack.
const MAX_DEPTH: usize = 500;
/// A number of more characters than this is left to the server.
const MAX_NUMBER_LENGTH: usize = 1000;

/// Which of the two types is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `json`: the text is kept as it is.
    Json,
    /// `jsonb`: strings are unescaped and numbers become `numeric`.
    Jsonb,
}

/// Whether the type surely accepts the text.
#[must_use]
pub fn takes(target: Target, text: &str) -> bool {
    let mut walk = Walk { bytes: text.as_bytes(), at: 0, target, depth: 0, objects: [0; 8] };
    walk.document().is_some()
}

struct Walk<'t> {
    bytes: &'t [u8],
    at: usize,
    target: Target,
    depth: usize,
    /// A bit for each level that is an object.
    // Invariant: 8 words of 64 bits have a bit for each of MAX_DEPTH levels.
    objects: [u64; 8],
}

impl Walk<'_> {
    fn document(&mut self) -> Option<()> {
        loop {
            // A value begins here; a container that is not empty goes on to its first.
            match self.after_blanks()? {
                b'{' => {
                    self.enter(true)?;
                    if self.after_blanks()? != b'}' {
                        self.key()?;
                        continue;
                    }
                    self.leave(true)?;
                }
                b'[' => {
                    self.enter(false)?;
                    if self.after_blanks()? != b']' {
                        continue;
                    }
                    self.leave(false)?;
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => return None,
            }
            // A value has ended; so do the containers that it was the last of.
            loop {
                self.skip_blanks();
                if self.depth == 0 {
                    return (self.at == self.bytes.len()).then_some(());
                }
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        if self.in_object()? {
                            self.after_blanks()?;
                            self.key()?;
                        }
                        break;
                    }
                    b'}' => self.leave(true)?,
                    b']' => self.leave(false)?,
                    _ => return None,
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn after_blanks(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.peek()
    }

    fn enter(&mut self, object: bool) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        let word = self.objects.get_mut(self.depth / 64)?;
        let bit = 1u64 << (self.depth % 64);
        *word = if object { *word | bit } else { *word & !bit };
        self.depth += 1;
        self.at += 1;
        Some(())
    }

    fn in_object(&self) -> Option<bool> {
        let level = self.depth.checked_sub(1)?;
        Some(self.objects.get(level / 64)? >> (level % 64) & 1 == 1)
    }

    fn leave(&mut self, object: bool) -> Option<()> {
        if self.in_object()? != object {
            return None;
        }
        self.depth -= 1;
        self.at += 1;
        Some(())
    }

    fn key(&mut self) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        self.string()?;
        if self.after_blanks()? != b':' {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        if !self.bytes.get(self.at..)?.starts_with(word) {
            return None;
        }
        self.at += word.len();
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => match self.unit()? {
                0 | 0xdc00..=0xdfff => None,
                0xd800..=0xdbff => {
                    self.word(b"\\u")?;
                    (0xdc00..=0xdfff).contains(&self.unit()?).then_some(())
                }
                _ => Some(()),
            },
            _ => None,
        }
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |unit, b| Some(unit * 16 + char::from(*b).to_digit(16)?))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        let zero = self.peek()? == b'0';
        let whole = self.digits();
        if whole == 0 || (zero && whole > 1) {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.target == Target::Jsonb || self.digits() == 0 {
                return None;
            }
        }
        (self.at - start <= MAX_NUMBER_LENGTH).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_documents_pass() {
        for text in [
            "null",
            " 1 ",
            "-0.50",
            "\"\"",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[1,[2,{\"a\":[]}],true]",
            "{\"a\" : {\"b\":[null]} , \"a\":false}",
            "\"\\u00e9\\ud83d\\ude00 \\\\ \u{7f} ไทย\"",
        ] {
            assert!(takes(Target::Json, text), "{text}");
            assert!(takes(Target::Jsonb, text), "{text}");
        }
        assert!(takes(Target::Json, "[1e5,1E-5,2.5e+3]"));
        assert!(takes(Target::Jsonb, &format!("{}{}", "[".repeat(500), "]".repeat(500))));
    }

    #[test]
    fn everything_odd_does_not() {
        for text in [
            "",
            " ",
            "nul",
            "nulll",
            "1 2",
            "01",
            "-",
            "1.",
            ".5",
            "+1",
            "1a",
            "[1,]",
            "[,1]",
            "[1",
            "1]",
            "[1}",
            "{\"a\":1]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{1:2}",
            "{a:1}",
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u00g0\"",
            "\"\\u12\"",
            "\"\t\"",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83dx\"",
            "\"\\ud83d\\u0041\"",
            "NaN",
            "'a'",
            "1e",
        ] {
            assert!(!takes(Target::Json, text), "{text}");
            assert!(!takes(Target::Jsonb, text), "{text}");
        }
        assert!(!takes(Target::Jsonb, "1e5"));
        assert!(!takes(Target::Jsonb, &format!("{}{}", "[".repeat(501), "]".repeat(501))));
        assert!(!takes(Target::Jsonb, &"1".repeat(1001)));
    }
}
