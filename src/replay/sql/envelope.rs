//! The types of the envelope's parameters: known, and told to PostgreSQL where its guess is
//! another.
//!
//! PostgreSQL guesses the type of a parameter from what stands beside it, as it does for a quoted
//! literal: `:event.position % 16` becomes an `integer`, which ends at 2147483648,
//! `:event.recorded_at - interval '1 day'` an interval, and `date_trunc('day', :event.recorded_at)`
//! cannot be guessed at all. What the envelope holds is known, so such a place is declared. A guess
//! that reads the same value is kept, since a statement may ask for it: a stream's id that is
//! compared with a `uuid`, a moment that is a date's.

use super::types::{Described, Types, describe};
use crate::handler::param_type::ParamType;
use crate::handler::{EnvelopeField, Param, ParamSource, Rendered};
use crate::pg::{Declared, PgError, Transaction};

/// Of a statement with more places of the envelope than this, none is left out by itself.
const MOST_TRIED: usize = 64;

/// Whose statements are prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Those of files, which can be changed: each place has a type that holds every value.
    Now,
    /// Those of a build that is there. Where the known type cannot stand, the build goes on as it
    /// began, by PostgreSQL's guess.
    Before,
}

/// What a guess does with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guess {
    /// It reads the same value.
    Same,
    /// It reads its text, which compares in another order: only where nothing else fits.
    Text,
    /// It cannot hold every value, or it is something else.
    Other,
}

/// The type of a field; `None` for a value inside the metadata, which can be anything.
fn type_of(field: &EnvelopeField) -> Option<Declared> {
    Some(match field {
        EnvelopeField::Position | EnvelopeField::StreamVersion => Declared::Bigint,
        EnvelopeField::SchemaVersion | EnvelopeField::Index => Declared::Integer,
        EnvelopeField::RecordedAt => Declared::Timestamptz,
        EnvelopeField::StreamId | EnvelopeField::Type => Declared::Text,
        EnvelopeField::Metadata(path) if path.is_empty() => Declared::Jsonb,
        EnvelopeField::Metadata(_) => return None,
    })
}

fn judge(field: &EnvelopeField, guess: &str) -> Guess {
    let is_text = matches!(guess, "text" | "character varying" | "bpchar" | "name");
    match (field, guess) {
        (EnvelopeField::Metadata(path), _) if !path.is_empty() => Guess::Same,
        (EnvelopeField::Metadata(_), "jsonb" | "json") => Guess::Same,
        (EnvelopeField::Metadata(_), _) if is_text => Guess::Same,
        // A literal beside a column is read as the column's type, and so is a text.
        (EnvelopeField::StreamId | EnvelopeField::Type, "json" | "jsonb") => Guess::Other,
        (EnvelopeField::StreamId | EnvelopeField::Type, _) => Guess::Same,
        (EnvelopeField::SchemaVersion | EnvelopeField::Index, "integer") => Guess::Same,
        (
            EnvelopeField::Position
            | EnvelopeField::StreamVersion
            | EnvelopeField::SchemaVersion
            | EnvelopeField::Index,
            "bigint" | "numeric",
        ) => Guess::Same,
        (
            EnvelopeField::RecordedAt,
            "timestamp with time zone"
            | "timestamp without time zone"
            | "date"
            | "time without time zone"
            | "time with time zone",
        ) => Guess::Same,
        (EnvelopeField::RecordedAt, _) if is_text => Guess::Text,
        (EnvelopeField::Metadata(_) | EnvelopeField::RecordedAt, _) => Guess::Other,
        (_, "json" | "jsonb") => Guess::Text,
        _ if is_text => Guess::Text,
        _ => Guess::Other,
    }
}

/// Places of parameters in a statement that is written out, by their number.
pub(super) struct Places<'p> {
    /// For each, the field of the envelope it is; `None` for one of the payload.
    fields: Vec<Option<&'p EnvelopeField>>,
}

/// The types of a statement's parameters, and those of them that were declared.
type TypesOfUses = (Vec<ParamType>, Vec<Declared>);

impl<'p> Places<'p> {
    /// `uses` gives for each place the index of its parameter.
    pub(super) fn new(params: &'p [Param], uses: &[usize]) -> Places<'p> {
        let field = |index: &usize| match &params.get(*index)?.source {
            ParamSource::Envelope(field) => type_of(field).map(|_| field),
            ParamSource::Field(_) => None,
        };
        Places { fields: uses.iter().map(field).collect() }
    }

    /// What is declared of each place.
    fn declared(&self, chosen: impl Fn(usize, &EnvelopeField) -> bool) -> Vec<Declared> {
        let types = self.fields.iter().enumerate().map(|(place, field)| {
            let field = field.filter(|field| chosen(place, field));
            field.and_then(type_of).unwrap_or(Declared::Guess)
        });
        types.collect()
    }

    fn has(&self, wanted: impl Fn(&EnvelopeField) -> bool) -> bool {
        self.fields.iter().flatten().any(|field| wanted(field))
    }

    /// The types of all places.
    ///
    /// # Errors
    /// The connection is lost.
    pub(super) fn settle(
        &self,
        transaction: &mut Transaction<'_>,
        rendered: &Rendered,
        written: Written,
        known: &mut Types,
    ) -> Result<Described, PgError> {
        let nothing = self.declared(|_, _| false);
        let first = describe(transaction, rendered, &nothing, known)?;
        let (types, declared) = match first {
            Ok(types) => (types, nothing),
            Err(failed) => match self.with_declared(transaction, rendered, known)? {
                Some(found) => found,
                None => return Ok(Err(failed)),
            },
        };
        self.corrected(transaction, rendered, (types, declared), (written, known))
    }

    /// The types where what PostgreSQL cannot guess is declared: texts, what is no text, all, all
    /// but one. `None`: it fails all the same.
    fn with_declared(
        &self,
        transaction: &mut Transaction<'_>,
        rendered: &Rendered,
        known: &mut Types,
    ) -> Result<Option<TypesOfUses>, PgError> {
        let is_text = |field: &EnvelopeField| type_of(field) == Some(Declared::Text);
        let (texts, others) = (self.has(is_text), self.has(|field| !is_text(field)));
        let choices = [
            texts.then(|| self.declared(|_, field| is_text(field))),
            others.then(|| self.declared(|_, field| !is_text(field))),
            (texts && others).then(|| self.declared(|_, _| true)),
        ];
        let count = self.fields.iter().flatten().count();
        let but_one = (0..self.fields.len())
            .filter(|place| {
                count <= MOST_TRIED && self.fields.get(*place).is_some_and(Option::is_some)
            })
            .map(|but| self.declared(|place, _| place != but));
        for declared in choices.into_iter().flatten().chain(but_one) {
            if let Ok(types) = describe(transaction, rendered, &declared, known)? {
                return Ok(Some((types, declared)));
            }
        }
        Ok(None)
    }

    /// The types with guesses that do not hold every value replaced by what is known.
    fn corrected(
        &self,
        transaction: &mut Transaction<'_>,
        rendered: &Rendered,
        (types, declared): (Vec<ParamType>, Vec<Declared>),
        (written, known): (Written, &mut Types),
    ) -> Result<Described, PgError> {
        let open = |place: usize| declared.get(place) == Some(&Declared::Guess);
        let guess = |place: usize, field: &EnvelopeField| match types.get(place) {
            Some(guess) if open(place) => judge(field, &guess.sql),
            _ => Guess::Same,
        };
        let with = |worst: &[Guess]| {
            self.declared(|place, field| !open(place) || worst.contains(&guess(place, field)))
        };
        let all = with(&[Guess::Text, Guess::Other]);
        if all == declared {
            return Ok(Ok(types));
        }
        let failed = match describe(transaction, rendered, &all, known)? {
            Ok(types) => return Ok(Ok(types)),
            Err(failed) => failed,
        };
        let needed = with(&[Guess::Other]);
        if needed == declared {
            return Ok(Ok(types));
        }
        if let Ok(types) = describe(transaction, rendered, &needed, known)? {
            return Ok(Ok(types));
        }
        match written {
            Written::Before => Ok(Ok(types)),
            Written::Now => Ok(Err(failed)),
        }
    }

    /// What a refusal of a statement adds, where a known type may be why.
    pub(super) fn advice(&self) -> Option<String> {
        let mut told: Vec<String> = Vec::new();
        for field in self.fields.iter().flatten() {
            let Some(ty) = type_of(field) else { continue };
            let one = format!(":event.{field} is {}", ty.name());
            if !told.contains(&one) {
                told.push(one);
            }
        }
        let list = told.join(", ");
        (!told.is_empty()).then(|| {
            format!(
                "{list}; where another type is meant, write a cast, such as :event.position::text"
            )
        })
    }
}
