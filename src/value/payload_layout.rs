//! The layout of the last object, as a guess at the next one's.
//!
//! Events of one type and version mostly have the same members in the same order, written the
//! same way. Then everything but their values is known: each piece between two values is compared
//! as a whole, and only the values are read. Owns what is remembered; what an object is, `scan`
//! says, and what fits no memory goes there.

use super::scan::{Json, Wanted};

/// What stands around the values of an object that was read.
#[derive(Debug, Default)]
pub struct PayloadLayout {
    /// All pieces, one after another; the last ends the object.
    text: Vec<u8>,
    /// The members in their order.
    members: Vec<Member>,
    /// Objects it was not the shape of.
    misses: u32,
}

#[derive(Debug)]
struct Member {
    /// Where the piece before its value ends in `text`.
    end: usize,
    /// The number of its key among the wanted.
    number: Option<usize>,
}

impl PayloadLayout {
    /// What [`Wanted::scan`] gives; where the text has this shape, faster.
    ///
    /// `None`: as there.
    #[inline]
    pub fn scan<'t>(
        &mut self,
        wanted: &Wanted,
        text: &'t str,
        mut found: impl FnMut(usize, &'t str),
    ) -> Option<()> {
        // What was found before another shape showed are members all the same, and found again.
        if self.fits(text, &mut found).is_some() {
            return Some(());
        }
        self.misses = self.misses.saturating_add(1);
        // Objects of many shapes would be learnt in vain, each for the next one to miss.
        if self.misses.is_power_of_two() {
            return self.learn(wanted, text, found);
        }
        wanted.scan(text, found)
    }

    #[inline]
    fn fits<'t>(&self, text: &'t str, mut found: impl FnMut(usize, &'t str)) -> Option<()> {
        let json = Json(text.as_bytes());
        let (mut at, mut before) = (0, 0);
        for member in &self.members {
            let start = json.piece(at, self.text.get(before..member.end)?)?;
            at = json.value(start)?;
            if let Some(number) = member.number {
                found(number, text.get(start..at)?);
            }
            before = member.end;
        }
        let end = self.text.get(before..).filter(|end| !end.is_empty())?;
        (json.0.get(at..)? == end).then_some(())
    }

    fn learn<'t>(
        &mut self,
        wanted: &Wanted,
        text: &'t str,
        mut found: impl FnMut(usize, &'t str),
    ) -> Option<()> {
        self.text.clear();
        self.members.clear();
        let mut before = 0;
        let bytes = text.as_bytes();
        let read = wanted.members(text, |number, start, end| {
            self.text.extend_from_slice(bytes.get(before..start)?);
            self.members.push(Member { end: self.text.len(), number });
            before = end;
            if let Some(number) = number {
                found(number, text.get(start..end)?);
            }
            Some(())
        });
        match read {
            Some(()) => self.text.extend_from_slice(bytes.get(before..)?),
            // Half a shape fits nothing: its end is missing.
            None => self.text.clear(),
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found = Vec<Option<String>>;

    fn scan(layout: &mut PayloadLayout, wanted: &Wanted, text: &str) -> Option<Found> {
        let mut found: Found = vec![None; 3];
        layout.scan(wanted, text, |number, raw| found[number] = Some(raw.to_owned()))?;
        Some(found)
    }

    fn plain(wanted: &Wanted, text: &str) -> Option<Found> {
        let mut found: Found = vec![None; 3];
        wanted.scan(text, |number, raw| found[number] = Some(raw.to_owned()))?;
        Some(found)
    }

    #[test]
    fn whatever_was_learnt_the_members_are_those_of_the_text() {
        let texts = [
            "{}",
            r#"{"a": 1, "b": "x", "c": null}"#,
            r#"{"a": 12, "b": "x\"y", "c": [1, {"a": 2}]}"#,
            r#"{"a": 1, "b": "x", "c": null} "#,
            r#"{"a": 1, "b": "x", "c": null}}"#,
            r#"{"a": 1, "b": "x", "c": null"#,
            r#"{"a": 1, "b": "x", "c": nul}"#,
            r#"{"a":1,"b":"x","c":null}"#,
            r#"{"a": 1, "b": "x", "d": null}"#,
            r#"{"a": 1, "b": "x"}"#,
            r#"{"b": 1, "a": "x", "c": null}"#,
            r#"{"a": 1, "a": 2, "c": null}"#,
            r#"{"\u0061": 1}"#,
            r#"{"a": 1, "b": "x", "c": 01}"#,
            "",
            "[]",
        ];
        let wanted = Wanted::new([("a", 0), ("b", 1), ("c", 2)]);
        let mut one = PayloadLayout::default();
        for first in texts {
            for second in texts {
                let mut fresh = PayloadLayout::default();
                for text in [first, first, second, second, first] {
                    let expected = plain(&wanted, text);
                    for layout in [&mut fresh, &mut one] {
                        assert_eq!(scan(layout, &wanted, text), expected, "{text} after {first}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_shape_is_used_where_it_fits() {
        let wanted = Wanted::new([("a", 0)]);
        let mut layout = PayloadLayout::default();
        assert!(scan(&mut layout, &wanted, r#"{"a": 1, "b": 2}"#).is_some());
        assert_eq!((layout.misses, layout.members.len()), (1, 2));
        assert!(layout.fits(r#"{"a": "other", "b": [2]}"#, |_, _| {}).is_some());
        assert!(layout.fits(r#"{"a": 1, "b": 2 }"#, |_, _| {}).is_none());
        for _ in 0..10 {
            scan(&mut layout, &wanted, r#"{"b": 2}"#);
        }
        assert_eq!(layout.misses, 2, "the second layout was learnt at its first miss");
    }
}
