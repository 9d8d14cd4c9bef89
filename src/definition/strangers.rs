//! Types that handlers and upcaster files name and no event has.
//!
//! A handler of a type that never occurs runs never, and nobody would be told: the name may be
//! misspelt. Owns which names those are and what was likely meant. Where types come from, and who
//! is told, belongs to those above.

use std::collections::BTreeSet;
use std::fmt;

use crate::handler::Handlers;
use crate::source::{Place, SourceFile};
use crate::spelling;
use crate::upcast::Upcasters;

/// A kind of event that the log has: a type, and a schema version where that is known.
pub type Kind = (String, Option<i32>);

/// A name that no event has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stranger {
    /// Where it is named.
    pub place: Place,
    /// The name.
    pub event_type: String,
    /// Why nothing reaches it.
    pub cause: Cause,
}

/// Why no event reaches a handler or a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No event has the type, and no upcaster leads to it; there may be a name that is like it.
    Unknown {
        /// The name that is like it.
        nearest: Option<String>,
    },
    /// No event has the type, no upcaster leads to it, and a step writes its name into a payload.
    Written {
        /// Where.
        place: Place,
    },
    /// Every event of the type becomes one of another before a handler sees it, or is dropped.
    Becomes {
        /// What they become; empty where they are dropped.
        types: Vec<String>,
    },
}

impl Stranger {
    /// Whether it is likely a mistake: a name that is like one there is, or a handler that never
    /// runs. Events of the others may be still to come.
    #[must_use]
    pub fn is_suspect(&self) -> bool {
        !matches!(self.cause, Cause::Unknown { nearest: None })
    }

    /// What to do about it.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self.cause {
            Cause::Written { .. } => "handle the type that the step belongs to",
            Cause::Unknown { .. } | Cause::Becomes { .. } => {
                "correct the name, unless such events are still to come"
            }
        }
    }
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.event_type;
        match &self.cause {
            Cause::Unknown { nearest: Some(nearest) } => {
                write!(f, "no event of type {name} in the log; did you mean {nearest}?")
            }
            Cause::Unknown { nearest: None } => {
                write!(f, "no event of type {name} in the log, and no upcaster leads to it")
            }
            Cause::Written { place } => write!(
                f,
                "no event of type {name} in the log: {place} writes the name into a payload, where it is a field \
                 like any other; let the handler decide (docs/handlers.md, A type by content)"
            ),
            Cause::Becomes { types } if types.is_empty() => {
                write!(
                    f,
                    "every event of type {name} in the log is dropped by an upcaster, so its handler never runs"
                )
            }
            Cause::Becomes { types } => write!(
                f,
                "every event of type {name} in the log becomes {}, so its handler never runs",
                types.join(" or ")
            ),
        }
    }
}

/// The types of a projection's handlers that nothing in the log ends as. `upcasters` are all of
/// the project, of these `files`.
#[must_use]
pub fn of_handlers(
    handlers: &Handlers,
    (upcasters, files): (&Upcasters, &[SourceFile]),
    log: &BTreeSet<Kind>,
) -> Vec<Stranger> {
    let names = Names::new(upcasters, log);
    let ends = names.ends(upcasters, log);
    let mut strangers = Vec::new();
    for handler in &handlers.handlers {
        let place = handlers.file.place(handler.span.start);
        for event_type in handler.event_types.iter().filter(|name| !ends.contains(name.as_str())) {
            let cause = match names.stored.contains(event_type.as_str()) {
                true => match names.become_others(upcasters, log, event_type) {
                    Some(types) => Cause::Becomes { types },
                    None => continue,
                },
                false if names.targets.contains(event_type.as_str()) => continue,
                false => match written(event_type, upcasters, files) {
                    Some(place) => Cause::Written { place },
                    None => Cause::Unknown { nearest: names.nearest(event_type) },
                },
            };
            strangers.push(Stranger {
                place: place.clone(),
                event_type: event_type.clone(),
                cause,
            });
        }
    }
    strangers
}

/// The upcaster files of types that no event has, and no other file leads to.
#[must_use]
pub fn of_upcasters(upcasters: &Upcasters, log: &BTreeSet<Kind>) -> Vec<Stranger> {
    let names = Names::new(upcasters, log);
    let known = |name: &str| names.stored.contains(name) || names.targets.contains(name);
    let strange = upcasters.files().filter(|(event_type, _)| !known(event_type));
    let told = strange.map(|(event_type, place)| Stranger {
        place: place.clone(),
        event_type: event_type.to_owned(),
        cause: Cause::Unknown { nearest: names.nearest(event_type) },
    });
    told.collect()
}

/// Where an upcaster of another type has a type's name among its texts.
fn written(event_type: &str, upcasters: &Upcasters, files: &[SourceFile]) -> Option<Place> {
    let own = upcasters.files().find(|(name, _)| *name == event_type).map(|(_, place)| &place.file);
    // In a TOML text that has quotes of its own, theirs are written with a backslash.
    let name = event_type;
    let quoted = [format!("\"{name}\""), format!("'{name}'"), format!("\"{name}\\\"")];
    let others = files.iter().filter(|file| Some(&file.path) != own);
    others.flat_map(|file| quoted.iter().map(move |name| (file, name))).find_map(|(file, name)| {
        let at = file.text.find(name.as_str())?;
        Some(file.place(at))
    })
}

/// The names that are known.
struct Names<'n> {
    /// Those of the log.
    stored: BTreeSet<&'n str>,
    /// Those that upcasters lead to.
    targets: BTreeSet<&'n str>,
}

impl<'n> Names<'n> {
    fn new(upcasters: &'n Upcasters, log: &'n BTreeSet<Kind>) -> Names<'n> {
        Names {
            stored: log.iter().map(|(event_type, _)| event_type.as_str()).collect(),
            targets: upcasters.targets().collect(),
        }
    }

    /// The types that events of the log end as.
    fn ends(&self, upcasters: &Upcasters, log: &BTreeSet<Kind>) -> BTreeSet<String> {
        log.iter().flat_map(|kind| ends_of(upcasters, kind)).flatten().collect()
    }

    /// What events of a type become, if none stays what it is and all can be read.
    fn become_others(
        &self,
        upcasters: &Upcasters,
        log: &BTreeSet<Kind>,
        event_type: &str,
    ) -> Option<Vec<String>> {
        let mut types = BTreeSet::new();
        for kind in log.iter().filter(|(name, _)| name == event_type) {
            let version = kind.1?;
            let end = upcasters.final_type(event_type, version).ok()?;
            types.extend(end);
        }
        (!types.contains(event_type)).then(|| types.into_iter().collect())
    }

    /// The known name that is most like another: with other letters' case, or two edits away.
    fn nearest(&self, name: &str) -> Option<String> {
        let others = self.stored.iter().chain(&self.targets).copied();
        spelling::nearest(name, others).map(str::to_owned)
    }
}

/// What events of a kind end as; of any version where it is not known.
fn ends_of(upcasters: &Upcasters, (event_type, version): &Kind) -> Vec<Option<String>> {
    let end = |version| upcasters.final_type(event_type, version).ok().flatten();
    match version {
        Some(version) => vec![end(*version)],
        None => upcasters.versions(event_type).map(end).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(kinds: &[(&str, i32)]) -> BTreeSet<Kind> {
        kinds.iter().map(|(name, version)| ((*name).to_owned(), Some(*version))).collect()
    }

    fn upcasters(files: &[SourceFile]) -> Upcasters {
        Upcasters::load(files).map_err(|e| format!("{e:?}")).unwrap()
    }

    fn said(handlers: &str, files: &[&str], kinds: &[(&str, i32)]) -> Vec<String> {
        let handlers = Handlers::parse(SourceFile::new("h.sql", handlers)).unwrap();
        let file = |(nth, text): (usize, &&str)| SourceFile::new(format!("{nth}.toml"), *text);
        let files: Vec<_> = files.iter().enumerate().map(file).collect();
        let (upcasters, log) = (upcasters(&files), log(kinds));
        let found = of_handlers(&handlers, (&upcasters, &files), &log);
        found.into_iter().chain(of_upcasters(&upcasters, &log)).map(|s| s.to_string()).collect()
    }

    #[test]
    fn names_that_no_event_has_are_told_with_the_nearest() {
        let kinds = [("OrderCreated", 1), ("OrderPaid", 1)];
        let of = |name: &str| said(&format!("-- on OrderCreated, {name}"), &[], &kinds);
        assert_eq!(of("OrderPaid"), [""; 0]);
        for near in ["OrderPayed", "OrdrPaid", "orderpaid", "ORDERPAID", "OrderPiad"] {
            assert_eq!(
                of(near),
                [format!("no event of type {near} in the log; did you mean OrderPaid?")]
            );
        }
        for far in ["OrderShipped", "Paid", "X"] {
            assert_eq!(
                of(far),
                [format!("no event of type {far} in the log, and no upcaster leads to it")]
            );
        }
    }

    #[test]
    fn what_upcasters_make_is_known() {
        let merge = ["type = \"WebPaid\"\n[[step]]\nfrom = 1\ntype = \"Paid\"\nto = 1\n"];
        assert_eq!(said("-- on Paid", &merge, &[("WebPaid", 1)]), [""; 0]);
        // The type is there, and none of its events so far.
        assert_eq!(said("-- on Paid", &merge, &[("WebPaid", 2)]), [""; 0]);
        assert_eq!(
            said("-- on WebPaid", &merge, &[("WebPaid", 1)]),
            ["every event of type WebPaid in the log becomes Paid, so its handler never runs"]
        );
        assert_eq!(said("-- on WebPaid", &merge, &[("WebPaid", 1), ("WebPaid", 2)]), [""; 0]);
        assert_eq!(
            said(
                "-- on Paid",
                &["type = \"Piad\"\n[[step]]\nfrom = 1\nset = { a = 1 }\n"],
                &[("Paid", 1)]
            ),
            ["no event of type Piad in the log; did you mean Paid?"]
        );
        let drop = ["type = \"Noise\"\n[[step]]\nfrom = 1\ndrop = true\n"];
        assert_eq!(
            said("-- on Noise", &drop, &[("Noise", 1)]),
            [
                "every event of type Noise in the log is dropped by an upcaster, so its handler never runs"
            ]
        );
    }

    #[test]
    fn a_name_that_a_step_writes_into_a_payload_is_no_type() {
        let kinds = [("Changed", 1), ("Paied", 1)];
        for step in [
            "jq = 'if .to == \"paid\" then .type = \"Paid\" else . end'",
            "jq = \"{type: \\\"Paid\\\"}\"",
            "set = { type = \"Paid\" }",
            "set = { type = 'Paid' }",
        ] {
            let file = format!("type = \"Changed\"\n[[step]]\nfrom = 1\n{step}\n");
            let found = said("-- on Paid", &[&file], &kinds);
            assert_eq!(found.len(), 1, "{step}");
            assert!(
                found[0].starts_with("no event of type Paid in the log: 0.toml:4:"),
                "{found:?}"
            );
        }
        let own = "type = \"Paid\"\n[[step]]\nfrom = 1\nset = { a = \"Paid\" }\n";
        assert!(said("-- on Paid", &[own], &[("Changed", 1)])[0].ends_with("upcaster leads to it"));
    }
}
