//! A `jsonb` value in the bytes in which PostgreSQL stores it.
//!
//! Owns the layout of `jsonb.h` and `jsonb_util.c`, which has not changed since PostgreSQL 9.4, as a
//! little-endian server has it: who asks for such bytes has to make sure of that ([`probe`]).
//! Owns too the text that the server's output function would write. Numbers are `numeric`'s,
//! [`layout`] the way to a few members. Nothing here trusts the bytes: what is no such value
//! is declined.

use super::text::push_quoted;

pub mod layout;
mod numeric;
pub mod probe;

/// A value, whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jsonb<'a>(pub &'a [u8]);

/// `JB_CMASK`: the members of an object, or the elements of an array.
const COUNT: u32 = 0x0fff_ffff;
/// `JB_FSCALAR`: an array of one element, which stands for that element.
const SCALAR: u32 = 0x1000_0000;
/// `JB_FOBJECT`.
const OBJECT: u32 = 0x2000_0000;
/// `JB_FARRAY`.
const ARRAY: u32 = 0x4000_0000;

/// `JENTRY_HAS_OFF`: the entry's number is where it ends, not its length.
const HAS_END: u32 = 0x8000_0000;
/// `JENTRY_OFFLENMASK`.
const LENGTH: u32 = 0x0fff_ffff;

/// Bytes of a header, and of each entry.
const WORD: usize = 4;
/// An array of arrays takes a header and an entry a level; the outermost has no entry.
const LEAST_BYTES_A_LEVEL: usize = 2 * WORD;
/// No value has more bytes of text for each byte it is stored in: a number has at most 131,072
/// digits before its point and 16,383 behind it, and takes an entry, seven bytes of header and a digit.
const MOST_TEXT_A_BYTE: usize = 147_460 / 11;

/// What an entry stands for (`JENTRY_TYPEMASK`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    String,
    Numeric,
    False,
    True,
    Null,
    Container,
}

/// An object or an array.
#[derive(Debug, Clone, Copy)]
struct Container<'a> {
    /// From its header on.
    bytes: &'a [u8],
    header: u32,
}

/// An entry: what its value is, and how long or where it ends.
#[derive(Debug, Clone, Copy)]
struct Entry(u32);

/// A container on the way through a value.
struct Frame<'a> {
    container: Container<'a>,
    nth: usize,
    /// Where the next key begins.
    key: usize,
    /// Where the next value begins.
    value: usize,
}

impl Jsonb<'_> {
    /// No text of the value has more bytes.
    #[must_use]
    #[inline]
    pub fn most_text_bytes(self) -> usize {
        self.0.len().saturating_mul(MOST_TEXT_A_BYTE)
    }

    /// Its arrays and objects are nested no deeper.
    #[must_use]
    #[inline]
    pub fn most_levels(self) -> usize {
        self.0.len().saturating_add(WORD) / LEAST_BYTES_A_LEVEL
    }

    /// The text that the server's output function writes. `None`: this is no such value.
    #[must_use]
    pub fn to_json(self) -> Option<String> {
        let mut out = String::with_capacity(self.0.len());
        let root = Container::of(self.0)?;
        if root.header & (ARRAY | SCALAR) == ARRAY | SCALAR {
            let entry = root.entry(0)?;
            root.scalar((entry.kind()?, 0, entry.end(0)?), &mut out)?;
        } else {
            root.write(&mut out)?;
        }
        Some(out)
    }
}

impl<'a> Container<'a> {
    #[inline]
    fn of(bytes: &'a [u8]) -> Option<Container<'a>> {
        let header = word(bytes, 0)?;
        let container = Container { bytes, header };
        // So that no sum of lengths is needed before the entries are known to be there.
        (header & (OBJECT | ARRAY) != 0 && container.data() <= bytes.len()).then_some(container)
    }

    fn is_object(self) -> bool {
        self.header & OBJECT != 0
    }

    #[inline]
    fn count(self) -> usize {
        usize::try_from(self.header & COUNT).unwrap_or(usize::MAX)
    }

    /// Entries before those of the values: the keys'.
    fn keys(self) -> usize {
        if self.is_object() { self.count() } else { 0 }
    }

    /// Where the data begin, which offsets count from.
    #[inline]
    fn data(self) -> usize {
        WORD.saturating_mul(self.count().saturating_add(self.keys()).saturating_add(1))
    }

    #[inline]
    fn entry(self, nth: usize) -> Option<Entry> {
        word(self.bytes, WORD * (nth + 1)).map(Entry)
    }

    /// Some of the data.
    #[inline]
    fn slice(self, start: usize, end: usize) -> Option<&'a [u8]> {
        let data = self.data();
        self.bytes.get(data.checked_add(start)?..data.checked_add(end)?)
    }

    /// The container that is one of its values.
    fn inner(self, start: usize, end: usize) -> Option<Container<'a>> {
        Container::of(self.slice(aligned(start), end)?)
    }

    /// A string among the data: a key, or a value.
    #[inline]
    fn text(self, start: usize, end: usize) -> Option<&'a str> {
        std::str::from_utf8(self.slice(start, end)?).ok()
    }

    /// Appends the text of a value of this container that is none itself.
    #[inline]
    fn scalar(self, (kind, start, end): (Kind, usize, usize), out: &mut String) -> Option<()> {
        match kind {
            Kind::String => push_quoted(out, self.text(start, end)?),
            Kind::Numeric => numeric::push(self.slice(aligned(start), end)?, out)?,
            Kind::False => out.push_str("false"),
            Kind::True => out.push_str("true"),
            Kind::Null => out.push_str("null"),
            Kind::Container => return None,
        }
        Some(())
    }

    /// Appends its text, without recursion.
    fn write(self, out: &mut String) -> Option<()> {
        let mut stack = vec![Frame::enter(self, out)?];
        while let Some(frame) = stack.last_mut() {
            let Frame { container, nth, key, value } = frame;
            let container = *container;
            if *nth == container.count() {
                out.push(if container.is_object() { '}' } else { ']' });
                stack.pop();
                continue;
            }
            if *nth > 0 {
                out.push_str(", ");
            }
            if container.is_object() {
                let end = container.entry(*nth)?.end(*key)?;
                push_quoted(out, container.text(*key, end)?);
                out.push_str(": ");
                *key = end;
            }
            let entry = container.entry(container.keys() + *nth)?;
            let (kind, start, end) = (entry.kind()?, *value, entry.end(*value)?);
            (*nth, *value) = (*nth + 1, end);
            match kind {
                Kind::Container => {
                    stack.push(Frame::enter(container.inner(start, end)?, out)?);
                }
                scalar => container.scalar((scalar, start, end), out)?,
            }
        }
        Some(())
    }
}

impl<'a> Frame<'a> {
    fn enter(container: Container<'a>, out: &mut String) -> Option<Frame<'a>> {
        out.push(if container.is_object() { '{' } else { '[' });
        let mut end = 0;
        for nth in 0..container.keys() {
            end = container.entry(nth)?.end(end)?;
        }
        Some(Frame { container, nth: 0, key: 0, value: end })
    }
}

impl Entry {
    #[inline]
    fn kind(self) -> Option<Kind> {
        Some(match (self.0 >> 28) & 7 {
            0 => Kind::String,
            1 => Kind::Numeric,
            2 => Kind::False,
            3 => Kind::True,
            4 => Kind::Null,
            5 => Kind::Container,
            _ => return None,
        })
    }

    /// Where its value ends, which begins where the one before it ends. Nothing ends before it
    /// begins: no byte is part of two values, so none can make a text longer than
    /// [`Jsonb::most_text_bytes`].
    #[inline]
    fn end(self, start: usize) -> Option<usize> {
        let number = usize::try_from(self.0 & LENGTH).ok()?;
        let end = if self.0 & HAS_END == 0 { start.checked_add(number)? } else { number };
        (end >= start).then_some(end)
    }
}

/// Numbers and containers stand at the next multiple of four (`INTALIGN`).
#[inline]
fn aligned(offset: usize) -> usize {
    offset.saturating_add(WORD - 1) & !(WORD - 1)
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

#[cfg(test)]
mod tests;
