//! Why a statement is not in the native subset, and where.

use crate::cell::Kind;
use crate::source::{Place, SourceFile};

/// A reason why a handler runs in SQL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} runs in SQL: {reason}")]
pub struct Rejection {
    /// What the reason is about, in the handlers file.
    pub place: Place,
    /// The reason, in words that follow a colon.
    pub reason: String,
}

/// Why something is not in the native subset: every reason there is.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reason {
    #[error("a table with its schema written out is not in the native subset")]
    Schema,
    #[error("it is too long for the native engine")]
    Long,
    #[error("it is nested too deep for the native engine")]
    Deep,
    #[error("it is not one statement")]
    SeveralStatements,
    #[error("it cannot be read for the native engine to its end")]
    UnreadEnd,
    #[error("a join is not in the native subset")]
    Join,
    #[error("ONLY is not in the native subset")]
    Only,
    #[error("only a single table is in the native subset")]
    SeveralTables,
    #[error("RETURNING is not in the native subset")]
    Returning,
    #[error("only a table can be written")]
    NoTable,
    #[error("only INSERT ... VALUES is in the native subset")]
    NoValues,
    #[error("ON CONFLICT ON CONSTRAINT is not in the native subset")]
    OnConstraint,
    #[error("this conflict clause is not in the native subset")]
    ConflictClause,
    #[error("UPDATE ... FROM is not in the native subset")]
    UpdateFrom,
    #[error("DELETE ... USING is not in the native subset")]
    DeleteUsing,
    #[error("only DELETE FROM is in the native subset")]
    DeleteForm,
    #[error("WITH, ORDER BY, LIMIT and FOR are not in the native subset")]
    QueryClauses,
    #[error("only a look-up (SELECT value FROM table WHERE key = ...) is in the native subset")]
    LookupForm,
    #[error("changing the key of many rows is not in the native subset")]
    KeyOfMany,
    #[error("only INSERT, UPDATE and DELETE are in the native subset")]
    OtherStatement,
    #[error("DO UPDATE of several rows is not in the native subset")]
    UpdateOfSeveral,
    #[error("look-ups among several rows are not in the native subset")]
    LookupAmongSeveral,
    #[error("an INSERT without column names into a table with generated columns")]
    UnnamedColumns,
    #[error("another number of values than of columns")]
    ValueCount,
    #[error("ON CONFLICT on other columns than the primary key")]
    OtherConflictColumns,
    #[error("SET (a, b) = ... is not in the native subset")]
    SetList,
    #[error("rows by other than the whole key or column = value are not in the native subset")]
    RowsByOther,
    #[error("this constant is not in the native subset")]
    Constant,
    #[error("the order of texts is the collation's, which is not in the native subset")]
    TextOrder,
    #[error("comparing JSON is not in the native subset")]
    JsonCompared,
    #[error("a value of the session is not in the native subset")]
    SessionValue,
    #[error("this name is not in the native subset")]
    LongName,
    #[error("this cast is not in the native subset")]
    CastForm,
    #[error("a minus before what is not a number")]
    MinusOf,
    #[error("ANY of what is not a list is not in the native subset")]
    AnyOf,
    #[error("a list of other than texts cast to text[]")]
    ListCast,
    #[error("this expression is not in the native subset")]
    OtherExpression,
    #[error("this parameter is not known")]
    UnknownParameter,
    #[error("a constant in this form is not in the native subset")]
    ConstantForm,
    #[error("a look-up's value over the row around it is not in the native subset")]
    OuterRow,
    #[error("the order of arrays is not in the native subset")]
    ArrayOrder,
    #[error("a list of floats and other numbers is not in the native subset")]
    FloatList,
    #[error("a look-up of nothing")]
    LookupOfNothing,
    #[error("a look-up of a literal")]
    LookupOfLiteral,
    #[error("EXISTS of a computed value is not in the native subset")]
    ExistsComputed,
    #[error("EXISTS by the row around it and by more than a key")]
    ExistsByMore,
    #[error("a look-up needs the whole primary key: column = value for each")]
    LookupKey,
    #[error("a computed key beside a condition that can fail")]
    ComputedKey,
    #[error("a key compared with another type is not in the native subset")]
    KeyType,
    #[error("NULLIF of two types is not in the native subset")]
    NullIfTypes,
    #[error("|| of these types is not in the native subset")]
    ConcatOf,
    #[error("-> of other than JSON and a text is not in the native subset")]
    MemberOf,
    #[error("this number is not in the native subset")]
    Number,
    #[error("put parentheses around the operands for the native engine")]
    Parentheses,
    #[error("it cannot be read for the native engine: {0}")]
    Unread(sqlparser::parser::ParserError),
    #[error("{0} cannot be written")]
    NotWritten(String),
    #[error("{} and {} side by side are not in the native subset", .0.name(), .1.name())]
    SideBySide(Kind, Kind),
    #[error("{} for a column of {} is not in the native subset", .0.name(), .1.name())]
    Assigned(Kind, Kind),
    #[error("a parameter of type {0} is not in the native subset")]
    ParameterType(String),
    #[error("{0} is not a column here")]
    NoColumnHere(String),
    #[error("the operator {0} is not in the native subset")]
    OtherOperator(String),
    #[error("{} of {} is not in the native subset", .0, .1.name())]
    OperatorOf(String, Kind),
    #[error("{0} is not a table of the projection")]
    UnknownTable(String),
    #[error("the table {0} {1}")]
    Obstacle(String, String),
    #[error("the generated column {0} is PostgreSQL's to compute")]
    Generated(String),
    #[error("{0} is not a column of {1}")]
    NoColumnOf(String, String),
    #[error("{0} is not in the native subset")]
    OtherFunction(String),
    #[error("{0}")]
    OfFunction(&'static str),
    #[error("a cast to {0} is not in the native subset")]
    CastTo(String),
    #[error("a cast of {} to {} is not in the native subset", .0.name(), .1)]
    CastOf(Kind, String),
    #[error("{} in JSON is not in the native subset", .0.name())]
    InJson(Kind),
    #[error("the default of {0} is not in the native subset: {1}")]
    Default(String, String),
}

/// A reason with its offset in the statement's SQL text, where one is known.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) at: Option<usize>,
    pub(super) reason: Reason,
}

impl Refused {
    pub(super) fn new(reason: Reason) -> Refused {
        Refused { at: None, reason }
    }

    /// At this offset, unless something inside it was named already.
    pub(super) fn at(mut self, offset: Option<usize>) -> Refused {
        self.at = self.at.or(offset);
        self
    }

    pub(super) fn place(self, file: &SourceFile, source: impl Fn(usize) -> usize) -> Rejection {
        let place = file.place(source(self.at.unwrap_or(0)));
        Rejection { place, reason: self.reason.to_string() }
    }
}

/// Refuses with a reason.
pub(super) fn refuse<T>(reason: Reason) -> Result<T, Refused> {
    Err(Refused::new(reason))
}
