//! What must not be in a projection: what would not give the same rows at the next rebuild, and what
//! reaches outside the build.
//!
//! A build's rows are what its events and its definition make of them, at each rebuild, and a build
//! that is kept for a way back runs its handlers once more for each event. So nothing may ask the
//! clock, chance or the session, write outside the build's schema, or read there what changes.
//! PostgreSQL itself says what a statement calls and reads: it is put into the body of a scratch SQL
//! function, whose stored parse tree names everything by its object id. What a write to a table sets off
//! (defaults, checks, triggers, rules, policies, foreign keys) and the functions behind all of these are
//! gone through in the same way (`walk`). Rights cannot decide here: one role owns all builds and the
//! views, and a role for each would need CREATEROLE, which no role of docs/security.md has. So what
//! cannot be looked into is refused, unless the projection names it as trusted. Nothing here is
//! kept: the caller's transaction or savepoint is rolled back.

mod builtin;
mod coerced;
mod ids;
pub mod revision;
mod tree;
mod walk;

use std::collections::BTreeSet;

use super::determinism::{self, Judged, advice, of_default, place_of, place_of_column, word};
use super::{Fault, computed, spread};
use crate::definition::{Definition, Parsed};
use crate::handler::Statement;
use crate::handler::function::StatementTypes;
use crate::ident::Ident;
use crate::pg::{PgError, Sql, Transaction, history};
use crate::revision::Revision;
use crate::source::Place;
pub use walk::Allowed;
use walk::{Effect, Reached, Walk};

/// What was found in a projection.
#[derive(Debug, Default)]
pub struct Found {
    /// What does not give the same value at the next rebuild.
    pub faults: Vec<Fault>,
    /// What reaches outside the build, or cannot be looked into.
    pub outside: Vec<Fault>,
    /// What may be a mistake, and stops nothing.
    pub doubts: Vec<Fault>,
    /// Relations outside that a rebuild depends on, as the projection says.
    pub depends_on: BTreeSet<String>,
    /// Functions that were taken at the projection's word.
    pub trusted: BTreeSet<String>,
}

impl Found {
    /// Whether something is in the way.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.outside.is_empty()
    }
}

/// Looks at handlers, and at what a schema's tables do by themselves.
///
/// # Errors
/// The connection is lost.
pub fn look(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    definition: &Definition,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
) -> Result<Found, PgError> {
    let allowed = Allowed { reads: &definition.reads, trusted: &definition.trust_functions };
    let mut walk = Walk::new(transaction, schema, allowed);
    let Judged { faults, doubts } = determinism::faults(
        walk.transaction,
        schema,
        (parsed, definition.trust_functions.as_slice()),
        types,
    )?;
    let mut found = Found { faults, doubts, ..Found::default() };
    found.doubts.extend(computed::doubts(parsed, types));
    found.faults.extend(spread::faults(walk.transaction, schema, &parsed.handlers, types)?);
    let place = format!("projections/{}/projection.toml", definition.projection);
    let mut teller = Teller { found: &mut found, settings: &place };
    let handlers = &parsed.handlers;
    let pairs = handlers.handlers.iter().zip(types);
    for (statement, types) in pairs.flat_map(|(h, t)| h.statements.iter().zip(t)) {
        let reached = match of_statement(&mut walk, statement, types)? {
            Ok(tree) => walk.statement(&tree)?,
            Err(why) => vec![Reached { by: None, effect: Effect::Hidden(why) }],
        };
        for one in once(reached) {
            let place = place_of(handlers, statement, needle(&one));
            teller.tell("the handler", None, place, one);
        }
    }
    let revisions = &parsed.lineage.revisions;
    let fallback = || handlers.file.place(0);
    for object in objects(&mut walk, schema)? {
        let mut reached = walk.tree(&object.tree)?;
        if let Some(function) = object.function {
            reached.extend(walk.functions(&BTreeSet::from([function]))?);
        }
        for one in once(reached) {
            // Readers may be shown the time; what a rebuild writes may not hold it.
            if object.is_view && !matches!(one.effect, Effect::Reads { .. } | Effect::Writes(_)) {
                continue;
            }
            let by = one.by.clone();
            let place = by
                .and_then(|function| place_of_name(revisions, &function))
                .or_else(|| place_of_column(revisions, &object.about, &object.part))
                .or_else(|| place_of_name(revisions, &object.about));
            teller.tell(&object.what, object.shown.as_deref(), place.unwrap_or_else(fallback), one);
        }
    }
    for tie in ties(&mut walk, schema)? {
        let place = place_of_column(revisions, &tie.about, &tie.part)
            .or_else(|| place_of_name(revisions, &tie.about));
        let (name, written) = (tie.outside, tie.written);
        let (shown, effect) = match tie.kind.as_str() {
            "identity" => (Some("an identity"), Some(Effect::Changes("an identity".into()))),
            "reads" => (None, walk.read(name, written)),
            _ => (None, Some(Effect::Writes(name))),
        };
        if let Some(effect) = effect {
            let one = Reached { by: None, effect };
            teller.tell(&tie.what, shown, place.unwrap_or_else(fallback), one);
        }
    }
    let mut told = BTreeSet::new();
    for list in [&mut found.faults, &mut found.doubts] {
        list.retain(|f| told.insert((f.place.to_string(), f.message.clone())));
    }
    (found.depends_on, found.trusted) = (walk.depends_on, walk.trusted);
    Ok(found)
}

/// What the words of a definition's revisions tell that they do outside the build. No server is asked.
#[must_use]
pub fn of_revisions(definition: &Definition, parsed: &Parsed) -> Vec<Fault> {
    let allowed = Allowed { reads: &definition.reads, trusted: &definition.trust_functions };
    let projection = definition.projection.as_str();
    let of = |revision: &Revision| {
        let stem = revision.stem();
        revision::beyond(revision::Script { projection, stem: &stem, file: &revision.up }, allowed)
    };
    parsed.lineage.revisions.iter().flat_map(of).collect()
}

fn once(mut reached: Vec<Reached>) -> Vec<Reached> {
    reached.sort();
    reached.dedup();
    reached
}

/// What stands in a statement where the effect comes from.
fn needle(one: &Reached) -> &str {
    let name = match (&one.by, &one.effect) {
        (Some(function), _) => function,
        (None, Effect::Changes(name) | Effect::Writes(name) | Effect::Reads { name, .. }) => name,
        (None, Effect::Undetermined(one)) => one.needle(),
        (None, Effect::Hidden(_)) => "",
    };
    name.rsplit('.').next().unwrap_or(name).trim_matches('"')
}

/// Puts what was found into words.
struct Teller<'t> {
    found: &'t mut Found,
    /// The path of `projection.toml`.
    settings: &'t str,
}

impl Teller<'_> {
    /// `what` reaches something; `shown` is its expression, where it is a default.
    fn tell(&mut self, what: &str, shown: Option<&str>, place: Place, one: Reached) {
        let by = one.by.as_deref();
        // Where a function does it, both are named.
        let subject = by.map_or_else(
            || what.to_owned(),
            |function| match what {
                "the handler" => function.to_owned(),
                what => format!("{what} calls {function}, which"),
            },
        );
        let settings = self.settings;
        match one.effect {
            Effect::Changes(name) => {
                let message = match (shown, by, what) {
                    (Some(shown), None, what) => format!(
                        "{what} is {shown}, which does not give the same value at the next rebuild"
                    ),
                    (_, None, "the handler") => {
                        format!("{name} does not give the same value at the next rebuild")
                    }
                    _ => format!(
                        "{subject} uses {name}, which does not give the same value at the next rebuild"
                    ),
                };
                let hint = match (shown, by) {
                    (Some(_), None) if what.starts_with("the default of ") => of_default(&name),
                    _ => advice(&name),
                };
                let hint = Some(hint);
                self.found.faults.push(Fault { place, message, hint });
            }
            Effect::Undetermined(one) => {
                let message = match what {
                    "the handler" if by.is_none() => one.message(),
                    _ => format!("{subject}: {}", one.message()),
                };
                let fault = Fault { place, message, hint: Some(one.hint()) };
                match one.is_certain {
                    true => self.found.faults.push(fault),
                    false => self.found.doubts.push(fault),
                }
            }
            Effect::Writes(name) => {
                let message = format!(
                    "{subject} writes to {name}, outside the build: each rebuild would do it again, \
                     and so does a retired build that is followed"
                );
                let hint = "keep what a projection writes in its own schema; let the application act on what it reads there";
                self.found.outside.push(Fault { place, message, hint: Some(hint.into()) });
            }
            Effect::Reads { name, written } => {
                let message = format!(
                    "{subject} reads {name}, outside the build: when it changes, the same events give other rows"
                );
                let hint = format!(
                    "bring what is read in by events; or say that rebuilds may depend on it: reads = [{written:?}] in {settings}"
                );
                self.found.outside.push(Fault { place, message, hint: Some(hint) });
            }
            Effect::Hidden(why) => {
                let Some(function) = by else {
                    let message = format!("{subject} cannot be looked into: {why}");
                    self.found.outside.push(Fault { place, message, hint: None });
                    return;
                };
                let through = match what {
                    "the handler" => String::new(),
                    what => format!(" ({what} calls it)"),
                };
                let message = format!(
                    "the function {function} {why}: nobody can tell what it reads, writes or gives{through}"
                );
                let hint = format!(
                    "if it writes nothing outside the build and gives the same at each rebuild: \
                     trust_functions = [{function:?}] in {settings}"
                );
                self.found.outside.push(Fault { place, message, hint: Some(hint) });
            }
        }
    }
}

/// The parse tree of a statement, or why it has none.
fn of_statement(
    walk: &mut Walk<'_, '_>,
    statement: &Statement,
    types: &StatementTypes,
) -> Result<Result<String, String>, PgError> {
    let mut uses = 0;
    let rendered = statement.render(|_| {
        uses += 1;
        format!("${uses}")
    });
    walk.parsed(&types.listed(), &rendered.sql)
}

/// Something of the schema that acts by itself.
struct Object {
    what: String,
    about: String,
    part: String,
    tree: String,
    function: Option<u32>,
    is_view: bool,
    shown: Option<String>,
}

fn objects(walk: &mut Walk<'_, '_>, schema: &Ident) -> Result<Vec<Object>, PgError> {
    let of = (schema.as_str(), history::TABLE, history::OWN_PREFIX);
    let sql = include_str!("reach/objects.sql");
    let rows = walk.transaction.query(sql, &[&of.0, &of.1, &of.2])?;
    let object = |row: &crate::pg::Row| Object {
        what: row.get("what"),
        about: row.get("about"),
        part: row.get("part"),
        tree: row.get("tree"),
        function: row.get("function"),
        is_view: row.get("is_view"),
        shown: row.get("shown"),
    };
    Ok(rows.iter().map(object).collect())
}

/// A tie to a table outside that no statement names.
struct Tie {
    kind: String,
    what: String,
    about: String,
    part: String,
    outside: String,
    written: String,
}

fn ties(walk: &mut Walk<'_, '_>, schema: &Ident) -> Result<Vec<Tie>, PgError> {
    let of = (schema.as_str(), history::TABLE, history::OWN_PREFIX);
    let sql = include_str!("reach/ties.sql");
    let rows = walk.transaction.query(sql, &[&of.0, &of.1, &of.2])?;
    let tie = |row: &crate::pg::Row| Tie {
        kind: row.get("kind"),
        what: row.get("what"),
        about: row.get("about"),
        part: row.get("part"),
        outside: row.get("outside"),
        written: row.get("written"),
    };
    Ok(rows.iter().map(tie).collect())
}

/// Where a name stands in the revisions for the first time.
fn place_of_name(revisions: &[Revision], name: &str) -> Option<Place> {
    revisions.iter().find_map(|revision| {
        let text = revision.up.text.to_ascii_lowercase();
        Some(revision.up.place(word(&text, name, 0)?))
    })
}
