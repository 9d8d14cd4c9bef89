//! What a script leaves in a session beside settings, and that no command of the server takes away as a whole
//! without what is ours: statements that it has prepared, and advisory locks.

use super::{PgError, Session, Sql, lock};

/// How often a lock is given back that was taken again and again.
const TIMES: usize = 10_000;

/// Asks for the statements that take away what scripts have left, a line each.
pub(super) fn query() -> String {
    include_str!("leftovers.sql").replace("{class}", &lock::CLASS.to_string())
}

/// Runs the statements of [`query`].
///
/// # Errors
/// The connection is lost.
pub(super) fn take_away(session: &mut Session, statements: &str) -> Result<(), PgError> {
    if statements.is_empty() {
        return Ok(());
    }
    for statement in statements.lines() {
        if !statement.starts_with("SELECT") {
            session.run(statement)?;
            continue;
        }
        // One that lasts to the end of its transaction is not the session's, and false is told.
        for _ in 0..TIMES {
            if session.ask(statement)?.as_deref() != Some("t") {
                break;
            }
        }
    }
    // The server warns of those that are not the session's.
    session.take_notices();
    Ok(())
}
