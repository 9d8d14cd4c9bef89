//! Whether a pooler of connections stands between us and the server.
//!
//! Whatever we do rests on sessions: on locks that they hold, on settings that they keep, on
//! statements that were prepared in them. A pooler that hands out a backend per transaction takes
//! each of these away without a word: a question may be answered by a statement that another process
//! prepared under the same name. So every session looks first, also one that only reads. A pooler
//! that hands out a backend per session changes nothing for us and is not noticed.

use super::{PgError, Session, Sql};

/// Which process of the server answers.
const PID: &str = "SELECT pg_catalog.pg_backend_pid()";
/// How PgBouncer answers a BEGIN where `pool_mode` is `statement`, with the SQLSTATE 08P01.
const NO_TRANSACTIONS: &str = "not allowed in statement pooling mode";

/// The server has no free connection, or the role may have no more.
const NO_CONNECTION: &str = "53300";

impl Session {
    /// Refuses a way to the server by which two transactions of a session may run on two backends.
    /// It takes one more connection for a moment, once for all sessions with a server.
    ///
    /// # Errors
    /// A pooler is in between, or no other connection can be had.
    pub(super) fn must_be_direct(&mut self) -> Result<(), PgError> {
        if self.place.is_direct() {
            return Ok(());
        }
        let witness = Session::connect(&self.place, "connection check")?;
        self.judged(witness)
    }

    /// The same for a session that may only look: if the last connection is its own, it does not wait
    /// for another, and only its own answers are compared. Whoever writes looks again.
    ///
    /// # Errors
    /// As [`Session::must_be_direct`].
    pub(super) fn should_be_direct(&mut self) -> Result<(), PgError> {
        if self.place.is_direct() {
            return Ok(());
        }
        match Session::connect(&self.place.impatient(), "connection check") {
            Ok(witness) => self.judged(witness),
            Err(error) if error.code() == Some(NO_CONNECTION) => {
                let own = Some(self.backend().to_string());
                match self.ask(PID)? == own && self.ask(PID)? == own {
                    true => Ok(()),
                    false => Err(PgError::Pooled { server: self.server.clone() }),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn judged(&mut self, witness: Session) -> Result<(), PgError> {
        if !self.keeps_its_backend(witness)? {
            return Err(PgError::Pooled { server: self.server.clone() });
        }
        self.place.found_direct();
        Ok(())
    }

    /// Whether this session is served by one backend whatever a second one does.
    ///
    /// A pooler that hands out the backend that was given back last gives ours to the witness; if
    /// other clients have used another one since, that one is free again after the witness, and comes
    /// to us. One that hands out backends in turn gives us two for two questions.
    fn keeps_its_backend(&mut self, mut witness: Session) -> Result<bool, PgError> {
        let own = Some(self.backend().to_string());
        let begin = format!("BEGIN; {PID}");
        let theirs = witness.ask(&begin)?;
        // If there is no other backend, the next question would wait for the witness.
        if theirs == own {
            return Ok(false);
        }
        let beside = self.ask(PID)?;
        witness.run("ROLLBACK")?;
        let after = self.ask(PID)?;
        // Some change only when a transaction begins.
        let within = self.ask(&format!("{begin}; ROLLBACK"))?;
        Ok([beside, after, within].iter().all(|pid| *pid == own))
    }
}

/// Whether only a pooler in between can be what a server's refusal comes from.
///
/// The driver names the statements it prepares `s1`, `s2` and so on. On the server's own connections
/// they neither vanish (26000), nor meet others of their name (42P05; PostgreSQL manual, appendix A),
/// nor take another number of parameters than the server has told the driver before (08P01).
pub(super) fn is_sign(code: &str, message: &str) -> bool {
    let quoted = || message.split('"').nth(1).and_then(|name| name.strip_prefix('s'));
    let is_number = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
    match code {
        "26000" | "42P05" => quoted().is_some_and(is_number),
        "08P01" => message.contains(NO_TRANSACTIONS) || quoted().is_some_and(is_number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_server_alone_never_says_tells_of_a_pooler() {
        assert!(is_sign("42P05", "prepared statement \"s1\" already exists"));
        assert!(is_sign("26000", "prepared statement \"s270\" does not exist"));
        assert!(is_sign(
            "08P01",
            "bind message supplies 0 parameters, but prepared statement \"s1\" requires 2"
        ));
        assert!(is_sign("08P01", "transaction blocks not allowed in statement pooling mode"));
        for (code, message) in [
            ("08P01", "invalid message format"),
            ("26000", "prepared statement \"sales\" does not exist"),
            ("26000", "prepared statement \"s\" does not exist"),
            ("42601", "syntax error at or near \"s1\""),
            ("42P05", ""),
        ] {
            assert!(!is_sign(code, message), "{message}");
        }
    }
}
