//! Which stored events reach a handler, and which upcaster files decide that.
//!
//! Owns the one answer that a rebuild applies events by, that `census` prints, and that `check`
//! holds the log against. Nothing else compares an event's type with a handler's.

use std::collections::BTreeSet;

use super::Handlers;
use crate::upcast::{NoPath, Upcasters};

/// The handlers and upcasters of one definition, as events meet them.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The stored types that can end as a handled one, themselves included.
    types: BTreeSet<String>,
}

/// What becomes of the events of a stored type and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nothing of the definition looks at the type.
    Ignored,
    /// A step drops them.
    Dropped,
    /// They end as a type without a handler.
    EndsAs(String),
    /// They are given to a handler, by its index in [`Handlers::handlers`].
    Reaches {
        /// The handler.
        handler: usize,
        /// The type they end as.
        event_type: String,
    },
    /// The version has no path to the latest, so each of them is an error.
    NoPath(NoPath),
}

impl Reach {
    /// Looks at handlers and the upcasters of their definition.
    #[must_use]
    pub fn new(handlers: &Handlers, upcasters: &Upcasters) -> Reach {
        Reach { types: upcasters.sources_of(handlers.event_types()) }
    }

    /// The stored types that a rebuild reads from the log, in order.
    #[must_use]
    pub fn types(&self) -> &BTreeSet<String> {
        &self.types
    }

    /// What becomes of the events of a stored type and version. `handlers` and `upcasters` must be
    /// those it was made of.
    #[must_use]
    pub fn fate(
        &self,
        handlers: &Handlers,
        upcasters: &Upcasters,
        event_type: &str,
        schema_version: i32,
    ) -> Fate {
        if !self.types.contains(event_type) {
            return Fate::Ignored;
        }
        match upcasters.final_type(event_type, schema_version) {
            Err(no_path) => Fate::NoPath(no_path),
            Ok(None) => Fate::Dropped,
            Ok(Some(event_type)) => match handlers.index_of(&event_type) {
                Some(handler) => Fate::Reaches { handler, event_type },
                None => Fate::EndsAs(event_type),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    const TYPES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap() % sides
        }
    }

    /// Files whose steps lead to any version of later types, so never in a circle.
    fn graph(dice: &mut Dice) -> Vec<SourceFile> {
        let steps: Vec<usize> = TYPES.iter().map(|_| dice.roll(4)).collect();
        let mut files = Vec::new();
        for (nth, name) in TYPES.iter().enumerate() {
            let mut text = format!("type = \"{name}\"\n");
            for from in 1..=steps[nth] {
                text += &format!("[[step]]\nfrom = {from}\n");
                let later = nth + 1 + dice.roll(3);
                match dice.roll(5) {
                    0 => text += "drop = true\n",
                    1 | 2 if later < TYPES.len() => {
                        let to = 1 + dice.roll(steps[later] + 1);
                        text += &format!("type = \"{}\"\nto = {to}\n", TYPES[later]);
                    }
                    _ => text += &format!("set = {{ {}{from} = true }}\n", name.to_lowercase()),
                }
            }
            if steps[nth] > 0 {
                files.push(SourceFile::new(format!("{name}.toml"), text));
            }
        }
        files
    }

    /// Those that a rebuild tells apart: an event that reaches no handler leaves no trace.
    fn fates(handlers: &Handlers, files: &[SourceFile]) -> Vec<(&'static str, i32, Option<Fate>)> {
        let upcasters = Upcasters::load(files).unwrap();
        let reach = Reach::new(handlers, &upcasters);
        let kinds = TYPES.iter().flat_map(|name| (0..6).map(|version| (*name, version)));
        let fate = |(name, version)| match reach.fate(handlers, &upcasters, name, version) {
            Fate::Ignored | Fate::Dropped | Fate::EndsAs(_) => (name, version, None),
            counts => (name, version, Some(counts)),
        };
        kinds.map(fate).collect()
    }

    #[test]
    fn the_files_of_a_definition_give_each_event_the_fate_that_all_files_give_it() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let (mut smaller, mut merged) = (0, 0);
        for _ in 0..3_000 {
            let all = graph(&mut dice);
            let handled: Vec<&str> = TYPES.into_iter().filter(|_| dice.roll(3) == 0).collect();
            let text: String = handled.iter().map(|t| format!("-- on {t}\n")).collect();
            let handlers = Handlers::parse(SourceFile::new("handlers.sql", text)).unwrap();
            let paths = Upcasters::load(&all).unwrap().files_for(handlers.event_types());
            let used: Vec<_> = all.iter().filter(|f| paths.contains(&f.path)).cloned().collect();
            assert_eq!(fates(&handlers, &all), fates(&handlers, &used), "{all:#?} {handled:?}");
            smaller += usize::from(used.len() < all.len());
            let leads_on =
                |f: &SourceFile| f.text.contains("\nto = 2") || f.text.contains("\nto = 3");
            merged += usize::from(used.iter().any(leads_on));
        }
        assert!(smaller > 500 && merged > 500, "{smaller} {merged}");
    }
}
