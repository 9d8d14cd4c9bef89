//! The `numeric` of a stored value, as the text that the server's output function writes.
//!
//! The layout is that of `numeric.c`: a header, then digits of base 10000, of which `weight` says
//! how many stand before the point, less one; `dscale` digits of base 10 are shown behind it.

/// Which of the layouts it is: a number in the long one is positive or negative by these bits.
const FORM: u16 = 0xc000;
/// `NUMERIC_NEG`.
const NEGATIVE: u16 = 0x4000;
/// `NUMERIC_SHORT`: sign, scale and weight in one word.
const SHORT: u16 = 0x8000;
/// `NUMERIC_SPECIAL`: no number, which JSON does not have.
const SPECIAL: u16 = 0xc000;

/// Appends the text; `None`: this is no number.
#[inline]
pub(super) fn push(stored: &[u8], out: &mut String) -> Option<()> {
    let body = body(stored)?;
    let (header, rest) = body.split_first_chunk()?;
    let header = u16::from_le_bytes(*header);
    let (negative, scale, weight, digits) = match header & FORM {
        SPECIAL => return None,
        SHORT => {
            let weight = i32::from(header & 0x3f) - i32::from(header & 0x40);
            (header & 0x2000 != 0, (header & 0x1f80) >> 7, weight, rest)
        }
        form => {
            let (weight, digits) = rest.split_first_chunk()?;
            (form == NEGATIVE, header & 0x3fff, i32::from(i16::from_le_bytes(*weight)), digits)
        }
    };
    let (digits, odd) = digits.as_chunks();
    if !odd.is_empty() {
        return None;
    }
    if negative {
        out.push('-');
    }
    let digit = |at: i32| -> Option<u16> {
        let digit = usize::try_from(at).ok().and_then(|at| digits.get(at));
        // Zeros are not stored where the number ends with them.
        let digit = digit.map_or(0, |digit| u16::from_le_bytes(*digit));
        (digit < 10_000).then_some(digit)
    };
    match weight {
        ..0 => out.push('0'),
        0.. => {
            let first = four(digit(0)?);
            let zeros = first.iter().take(3).take_while(|digit| **digit == '0').count();
            out.extend(first.get(zeros..)?);
            for at in 1..=weight {
                out.extend(four(digit(at)?));
            }
        }
    }
    if scale > 0 {
        out.push('.');
        let mut left = usize::from(scale);
        let mut at = weight + 1;
        while left > 0 {
            let shown = left.min(4);
            out.extend(four(digit(at)?).get(..shown)?);
            (left, at) = (left - shown, at + 1);
        }
    }
    Some(())
}

/// What stands behind the value's own header (`varatt.h`), which is of one byte or of four; a number
/// inside of a value is never compressed.
#[inline]
fn body(stored: &[u8]) -> Option<&[u8]> {
    let first = *stored.first()?;
    let (header, length) = match first & 3 {
        0 => (4, u32::from_le_bytes(*stored.first_chunk()?) >> 2),
        2 => return None,
        _ => (1, u32::from(first >> 1)),
    };
    stored.get(header..usize::try_from(length).ok()?)
}

/// A digit of base 10000 in four of base 10.
#[inline]
fn four(digit: u16) -> [char; 4] {
    let character = |unit: u16| char::from(b'0' + u8::try_from(digit / unit % 10).unwrap_or(0));
    [character(1000), character(100), character(10), character(1)]
}
