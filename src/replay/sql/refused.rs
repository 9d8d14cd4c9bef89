//! The failure of an event whose statement the server refused: what it said, without the values.

use crate::failure::{self, Failure, FailureCode};
use crate::pg::ServerError;

/// `not_null_violation` in appendix A of the manual.
const NOT_NULL_VIOLATION: &str = "23502";

/// The failure of an event whose statement the server refused. What the server said goes into
/// the words; what is kept says it without the values.
pub(super) fn refused_event(
    event: Failure,
    refusal: ServerError,
    (place, param): (Option<String>, Option<&str>),
) -> Failure {
    let ServerError { code, message, detail, hint, context, .. } = refusal;
    // Which of an event's values it was the server does not know.
    let of_param = |text: String| match param {
        Some(param) => format!("{param}: {text}"),
        None => text,
    };
    let said = match &detail {
        Some(detail) => format!("{message} ({detail})"),
        None => message.clone(),
    };
    let raised = failure::is_raised(&code, context.as_deref());
    let without_values = |d: String| failure::detail_without_values(&code, &d);
    Failure {
        code: FailureCode::of_sqlstate(&code),
        place,
        message: match raised {
            true => "a function raised an error, whose words may quote the payload".into(),
            false => of_param(failure::message_without_values(&code, &message)),
        },
        detail: detail.filter(|_| !raised).and_then(without_values),
        hint: hint.filter(|_| !raised).or_else(|| of_upsert(&code, context.as_deref())),
        sensitive: event.sensitive.map(|mut sensitive| {
            sensitive.said = said;
            sensitive
        }),
        sqlstate: Some(code),
        ..event
    }
}

/// What to do about a column that an upsert leaves out.
fn of_upsert(code: &str, context: Option<&str>) -> Option<String> {
    let is_upsert =
        || context.is_some_and(|said| said.to_ascii_uppercase().contains("ON CONFLICT"));
    (code == NOT_NULL_VIOLATION && is_upsert()).then(|| {
        "PostgreSQL looks for NULL in the row to insert before it looks for the row that is there: give the column a \
         value in the INSERT, too, or a default; or write UPDATE, where the row is surely there"
            .to_owned()
    })
}
