//! What can be wrong with a handlers file or a checks file.
//!
//! Owns the messages, and gathers several errors of one file. What to do next is said by the
//! face; what PostgreSQL thinks of a statement is not known here.

use crate::source::{Place, SourceFile};

/// An error in a file of SQL, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct HandlerError {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub kind: HandlerErrorKind,
}

/// The things that are closed by the same sign that opens them, or nearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Quote {
    /// `'...'` in any of its forms.
    #[error("string")]
    Text,
    /// `"..."`.
    #[error("quoted name")]
    Name,
    /// `$tag$...$tag$`.
    #[error("dollar-quoted string")]
    Dollar,
    /// `/* ... */`.
    #[error("comment")]
    Comment,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandlerErrorKind {
    /// A string, name or comment runs to the end of the file.
    #[error("the {0} that begins here is not closed")]
    Unterminated(Quote),
    /// PostgreSQL takes no NUL in a statement.
    #[error("the file holds a NUL byte")]
    Nul,
    /// `(` without `)`.
    #[error("the parenthesis that opens here is not closed before the statement ends")]
    OpenParenthesis,
    /// `)` without `(`.
    #[error("the parenthesis that closes here was not opened in this statement")]
    StrayParenthesis,
    /// `\set` and friends.
    #[error("the psql command {0} is not SQL, and psql is not used")]
    PsqlCommand(String),
    /// `COPY ... FROM STDIN` where nothing takes rows.
    #[error("COPY FROM STDIN with rows in the file cannot stand here")]
    CopyFromStdin,
    /// `COPY ... FROM STDIN;` and something else on its line.
    #[error(
        "the rows of a COPY FROM STDIN begin on the next line, so nothing may follow on this one"
    )]
    BesideRows,
    /// `COPY ... FROM STDIN;` without `\.`.
    #[error("the rows of this COPY FROM STDIN are not ended by a line with \\. alone")]
    RowsWithoutEnd,
    /// `COPY ... TO STDOUT`.
    #[error("COPY TO STDOUT gives rows to the client, and here is none that wants them")]
    CopyToStdout,
    /// `-- on` without a name, or with nothing between two commas.
    #[error("the header names no event type; write -- on EventType")]
    NoEventType,
    /// `-- on "A`.
    #[error("the quoted event type that begins here is not closed on its line")]
    OpenEventType,
    /// `-- on A:`, more likely a slip than a name.
    #[error("the event type {0} looks like a slip; write it in double quotes if it is meant")]
    OddEventType(String),
    /// `-- on A and B`, `-- on A: note`, `-- when A`, `/* on A */`.
    #[error(
        "the comment {written:?} looks like a header and is none, so what follows would belong to the \
         handler above; write {instead:?} as a line of its own, or begin the comment with another word"
    )]
    NearHeader {
        /// The comment.
        written: String,
        /// The header it may be meant as.
        instead: String,
    },
    /// A type in two headers, or twice in one.
    #[error("the event type {event_type:?} already has a handler, at {first}")]
    SecondHandler {
        /// The type.
        event_type: String,
        /// Where it was named first.
        first: Box<Place>,
    },
    /// A statement that belongs to no type.
    #[error("a statement stands before the first header; write -- on EventType above it")]
    BeforeFirstHeader,
    /// A query in a handler.
    #[error("a handler statement must change rows, and {0} does not")]
    ChangesNothing(String),
    /// DDL, transaction control, COPY and the rest.
    #[error("a handler may hold INSERT, UPDATE, DELETE, MERGE and WITH ... only, not {0}")]
    NotAllowed(String),
    /// A RETURNING whose rows go nowhere.
    #[error("a handler statement may not end in RETURNING: nobody reads what it returns")]
    Returning,
    /// `$1`.
    #[error("the parameter {0} has a number; write :name")]
    Positional(String),
    /// `a[1:n]`.
    #[error(
        "the {0} is glued to a value: write a blank on both sides of the colon for a slice, \
         or a blank before it for a parameter"
    )]
    GluedParameter(String),
    /// `:event`.
    #[error(
        "the parameter :event is the whole envelope; write :event.position and the like, \
         or :\"event\" for a payload field of that name"
    )]
    BareEvent,
    /// `:event.xxx`.
    #[error(
        "the envelope has no field {0}; it has position, stream_id, stream_version, type, \
         schema_version, recorded_at, index, metadata and metadata.<key>"
    )]
    UnknownEnvelopeField(String),
    /// `:a` and `:a?` in one handler.
    #[error("the parameter {written} is written {other} in the same handler, at {first}")]
    MixedOptional {
        /// As written here.
        written: String,
        /// As written before.
        other: String,
        /// Where it was written first.
        first: Box<Place>,
    },
    /// A check that is not a query.
    #[error("a check must be a query (SELECT, WITH, VALUES or TABLE), not {0}")]
    NotAQuery(String),
    /// A parameter in a check.
    #[error("a check runs without an event, so it takes no parameter {0}")]
    CheckParameter(String),
}

/// How many errors of one file are reported. A file that is not SQL at all
/// would otherwise yield one per line.
pub const MAX_ERRORS: usize = 100;

/// The errors of one file, gathered.
pub(super) struct Errors<'f> {
    file: &'f SourceFile,
    found: Vec<HandlerError>,
}

impl<'f> Errors<'f> {
    pub(super) fn new(file: &'f SourceFile) -> Self {
        Self { file, found: Vec::new() }
    }

    pub(super) fn push(&mut self, offset: usize, kind: HandlerErrorKind) {
        self.push_with(offset, |_| kind);
    }

    /// As `push`, for a kind that names another place of the file.
    pub(super) fn push_with(
        &mut self,
        offset: usize,
        kind: impl FnOnce(&SourceFile) -> HandlerErrorKind,
    ) {
        if self.found.len() < MAX_ERRORS {
            let place = self.file.place(offset);
            self.found.push(HandlerError { place, kind: kind(self.file) });
        }
    }

    /// `value` if nothing was found, else the errors in the order of the file.
    pub(super) fn or<T>(mut self, value: T) -> Result<T, Vec<HandlerError>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by(|a, b| a.place.cmp(&b.place));
        Err(self.found)
    }
}

/// A piece of the file for a message, cut where it would flood a terminal.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
