//! Handlers files: SQL statements under `-- on EventType` headers.
//!
//! Owns the format: which statements run for which event type, which parameters
//! they take and from where. It does not understand the SQL itself, knows no
//! tables and no types, and runs nothing; the engines do.
//!
//! | room | what it turns into what |
//! |---|---|
//! | [`scan`] | text into tokens |
//! | `pieces` | tokens into statements; [`split`] for any SQL file |
//! | `header` | a comment line into event types |
//! | `near` | a comment that looks like a header into an error |
//! | `param` | `:name` into a [`ParamSource`] |
//! | `statement` | a statement into a [`Statement`], and that into SQL |
//! | [`reach`] | handlers and upcasters into what becomes of a stored type and version |
//! | [`body`] | a body of PL/pgSQL into the names it holds, or why it hides what it does |
//! | [`literal`] | a text into its string constants, by their values |
//! | [`plan`] | a stored type and version into the way of its payloads to parameters |
//! | [`param_type`], [`clock`] | what of a parameter's type decides how a value is passed, or is none |
//! | `checks` | a checks file into [`Check`]s |
//! | `error` | what can be wrong |

pub mod bind;
pub mod body;
mod checks;
pub mod clock;
mod error;
pub mod function;
mod header;
pub mod literal;
pub mod native;
mod near;
mod param;
pub mod param_type;
mod pieces;
pub mod plan;
pub mod reach;
pub mod scan;
mod statement;

use std::collections::HashMap;

pub use self::checks::{Check, parse_checks};
use self::error::Errors;
pub use self::error::{HandlerError, HandlerErrorKind, MAX_ERRORS, Quote};
use self::header::{Line, TypeName};
pub use self::near::near_headers;
use self::param::Params;
pub use self::param::{EnvelopeField, Param, ParamSource};
pub use self::pieces::{Cut, Whole, cut, split, whole_statements, without_comments};
use self::pieces::{Gatherer, Piece, Semicolons};
pub(crate) use self::pieces::{first_words, longest_row};
use self::scan::Token;
pub use self::statement::{Rendered, Statement};
use crate::source::{Place, SourceFile, Span};

/// A handlers file, read.
#[derive(Debug, Clone)]
pub struct Handlers {
    /// The file.
    pub file: SourceFile,
    /// The handlers, in the order of the file.
    pub handlers: Vec<Handler>,
    index: HashMap<String, usize>,
}

/// What happens for events of one type, or of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    /// The types, as the header names them.
    pub event_types: Vec<String>,
    /// The header line.
    pub span: Span,
    /// What runs, in this order. Empty: the type is known and changes nothing.
    pub statements: Vec<Statement>,
    /// The parameters of all statements, each source once.
    pub params: Vec<Param>,
}

impl Handlers {
    /// Reads a handlers file.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the file and at most
    /// [`MAX_ERRORS`]. A quote that is not closed hides what follows it.
    pub fn parse(file: SourceFile) -> Result<Self, Vec<HandlerError>> {
        let mut errors = Errors::new(&file);
        let sections = sections(&file.text, &mut errors);
        let mut handlers = Vec::with_capacity(sections.len());
        let mut index = HashMap::new();
        let mut first_spans = HashMap::new();
        for section in sections {
            for TypeName { name, span } in &section.types {
                if let Some(first) = first_spans.get(name) {
                    errors.push_with(span.start, |file| HandlerErrorKind::SecondHandler {
                        event_type: name.clone(),
                        first: Box::new(file.place(*first)),
                    });
                } else {
                    first_spans.insert(name.clone(), span.start);
                    index.insert(name.clone(), handlers.len());
                }
            }
            handlers.push(section.read(&file.text, &mut errors));
        }
        let handlers = errors.or(handlers)?;
        Ok(Self { file, handlers, index })
    }

    /// The handler of an event type.
    #[must_use]
    pub fn for_type(&self, event_type: &str) -> Option<&Handler> {
        self.index.get(event_type).map(|i| &self.handlers[*i])
    }

    /// The index in [`Handlers::handlers`] of an event type's handler.
    #[must_use]
    pub fn index_of(&self, event_type: &str) -> Option<usize> {
        self.index.get(event_type).copied()
    }

    /// The event types with a handler, in the order of the file.
    pub fn event_types(&self) -> impl Iterator<Item = &str> {
        self.handlers.iter().flat_map(|h| h.event_types.iter().map(String::as_str))
    }

    /// What runs for events of a type, as it is written; `None` if nobody handles it.
    #[must_use]
    pub fn statements_of(&self, event_type: &str) -> Option<Vec<&str>> {
        let handler = self.for_type(event_type)?;
        let text = |statement: &Statement| self.file.text.get(statement.span.clone());
        handler.statements.iter().map(text).collect()
    }

    /// Whether any handler reads the metadata, so that the log need send it.
    #[must_use]
    pub fn uses_metadata(&self) -> bool {
        self.uses(|field| matches!(field, EnvelopeField::Metadata(_)))
    }

    /// Whether any handler reads the time of recording, so that the log need send it.
    #[must_use]
    pub fn uses_recorded_at(&self) -> bool {
        self.uses(|field| *field == EnvelopeField::RecordedAt)
    }

    /// The first place where a field of the envelope is read.
    #[must_use]
    pub fn place_of(&self, field: &EnvelopeField) -> Option<Place> {
        let is_it = |p: &&Param| matches!(&p.source, ParamSource::Envelope(f) if f == field);
        let params = self.handlers.iter().flat_map(|h| &h.params).filter(is_it);
        let first = params.flat_map(|p| &p.spans).map(|span| span.start).min()?;
        Some(self.file.place(first))
    }

    fn uses(&self, wanted: impl Fn(&EnvelopeField) -> bool) -> bool {
        let mut params = self.handlers.iter().flat_map(|h| &h.params);
        params.any(|p| matches!(&p.source, ParamSource::Envelope(field) if wanted(field)))
    }
}

impl Handler {
    /// The paths of the payload fields it reads, each once.
    pub fn payload_fields(&self) -> impl Iterator<Item = &[String]> {
        self.params.iter().filter_map(|p| match &p.source {
            ParamSource::Field(path) => Some(path.as_slice()),
            ParamSource::Envelope(_) => None,
        })
    }
}

/// A header and what stands below it.
struct Section {
    types: Vec<TypeName>,
    span: Span,
    pieces: Vec<Piece>,
}

impl Section {
    fn read(self, text: &str, errors: &mut Errors<'_>) -> Handler {
        let mut params = Params::default();
        let mut statements = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            if piece.check_shape(text, errors) {
                statements.push(Statement::read(text, piece, &mut params, errors));
            }
        }
        let event_types = self.types.into_iter().map(|t| t.name).collect();
        Handler { event_types, span: self.span, statements, params: params.finish() }
    }
}

/// Cuts the file at its headers. A header ends the statement before it, with or
/// without a semicolon; inside parentheses a comment is no header.
fn sections(text: &str, errors: &mut Errors<'_>) -> Vec<Section> {
    let scan = scan::scan(text);
    let mut gatherer = Gatherer::new(text, Semicolons::All);
    let mut before = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    for token in scan.tokens {
        let types = match read_comment(text, &token, &gatherer) {
            Line::Header(types) => types,
            // It opens a section all the same, so that its statements are not
            // taken for more of the handler above it.
            Line::Mistake(at, kind) => {
                errors.push(at, kind);
                Vec::new()
            }
            Line::Comment => {
                let ended = if token.is_comment() { None } else { gatherer.take(token) };
                sections.last_mut().map_or(&mut before, |s| &mut s.pieces).extend(ended);
                continue;
            }
        };
        sections.last_mut().map_or(&mut before, |s| &mut s.pieces).extend(gatherer.finish());
        sections.push(Section { types, span: token.start..token.end, pieces: Vec::new() });
    }
    let last = match scan.stopped {
        Some((at, kind)) => {
            errors.push(at, kind);
            gatherer.finish_cut_short()
        }
        None => gatherer.finish(),
    };
    sections.last_mut().map_or(&mut before, |s| &mut s.pieces).extend(last);
    if let Some(piece) = before.first()
        && piece.check_shape(text, errors)
    {
        errors.push(piece.first().start, HandlerErrorKind::BeforeFirstHeader);
    }
    sections
}

fn read_comment(text: &str, token: &Token, gatherer: &Gatherer<'_>) -> Line {
    if gatherer.is_nested() { Line::Comment } else { header::read(text, token) }
}

#[cfg(test)]
mod tests;
