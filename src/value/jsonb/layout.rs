//! The layout of the last object, as a guess at the next one's.
//!
//! What is said of texts in [`payload_layout`](crate::value::payload_layout) holds here too: events of one type and version mostly have the
//! same members. Then header, keys and their entries are the same bytes, and it is known without
//! looking which of the values that follow are wanted.

use super::{Container, Jsonb, Kind, WORD};
use crate::value::scan::Wanted;

/// A member of an object that was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member<'t> {
    /// A string, by the characters it stands for.
    String(&'t str),
    /// Anything else, by its JSON text as the server would write it.
    Json(&'t str),
}

/// What stands before the values of an object that was read, and the texts of what was wanted of it.
#[derive(Debug, Default)]
pub struct Layout {
    /// The header and the entries of the keys.
    head: Vec<u8>,
    /// The keys, one after another.
    keys: Vec<u8>,
    /// The number of each key among the wanted, in the order of the object.
    members: Vec<Option<usize>>,
    text: String,
    /// What of the text is which wanted member.
    spans: Vec<(usize, usize, usize)>,
}

impl Layout {
    /// Gives `found` each wanted member.
    ///
    /// `None`: the value is no object, or none at all; what was given before is worth nothing.
    #[inline]
    pub fn read<'t>(
        &'t mut self,
        wanted: &Wanted,
        value: Jsonb<'t>,
        mut found: impl FnMut(usize, Member<'t>),
    ) -> Option<()> {
        let object = Container::of(value.0).filter(|root| root.is_object())?;
        if !self.fits(object) {
            self.learn(wanted, object)?;
        }
        let Layout { keys, members, text, spans, .. } = self;
        text.clear();
        spans.clear();
        let mut start = keys.len();
        for (nth, member) in members.iter().enumerate() {
            let entry = object.entry(members.len() + nth)?;
            let end = entry.end(start)?;
            let (kind, begins) = (entry.kind()?, text.len());
            match (*member, kind) {
                (None, _) => {}
                (Some(number), Kind::String) => {
                    found(number, Member::String(object.text(start, end)?));
                }
                (Some(number), Kind::Container) => {
                    object.inner(start, end)?.write(text)?;
                    spans.push((number, begins, text.len()));
                }
                (Some(number), scalar) => {
                    object.scalar((scalar, start, end), text)?;
                    spans.push((number, begins, text.len()));
                }
            }
            start = end;
        }
        for (number, begins, ends) in spans.iter() {
            found(*number, Member::Json(text.get(*begins..*ends)?));
        }
        Some(())
    }

    #[inline]
    fn fits(&self, object: Container<'_>) -> bool {
        // An object without members has no keys to compare, and is learnt each time.
        !self.keys.is_empty()
            && object.bytes.starts_with(&self.head)
            && object.slice(0, self.keys.len()) == Some(&*self.keys)
    }

    fn learn(&mut self, wanted: &Wanted, object: Container<'_>) -> Option<()> {
        let Layout { head, keys, members, .. } = self;
        head.clear();
        keys.clear();
        members.clear();
        let (mut start, mut next) = (0, 0);
        for nth in 0..object.count() {
            let end = object.entry(nth)?.end(start)?;
            let key = object.slice(start, end)?;
            std::str::from_utf8(key).ok()?;
            members.push(wanted.number(key, &mut next));
            start = end;
        }
        keys.extend_from_slice(object.slice(0, start)?);
        head.extend_from_slice(object.bytes.get(..WORD * (object.count() + 1))?);
        Some(())
    }
}
