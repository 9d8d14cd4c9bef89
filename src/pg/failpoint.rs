//! Places where a test can make this program fail: before and after every commit and every change
//! of the ledger.
//!
//! Without the feature `failpoints` nothing of it is compiled. With it the variable `FAILPOINTS`
//! says what happens where, in the words of the `fail` crate (`name=action;name=action`):
//!
//! | action | what happens |
//! |---|---|
//! | `return(error)` | the connection counts as lost |
//! | `return(kill)` | the process kills itself with SIGKILL |
//! | `return(stop)` | it stops itself with SIGSTOP and goes on when somebody says so |
//! | `return(panic)` | the thread panics |
//!
//! Each is told on the way, at the level `warn` of `REGROW_LOG`.
//! `tests/it/hazards/failpoints.rs` reads the sources for the names and exercises each.

use super::PgError;

/// A change that survives this program, between two failpoints: `<name>::before`, `<name>::after`.
///
/// # Errors
/// What `work` gives, or what a test asked for.
pub fn around<T, E: From<PgError>>(
    name: &'static str,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    hit(name, "before")?;
    let done = work()?;
    hit(name, "after")?;
    Ok(done)
}

/// Whether a test has switched one of the rules off that reliability rests on, to see its harness
/// report wrong rows.
#[must_use]
pub fn is_without(rule: &'static str) -> bool {
    #[cfg(feature = "failpoints")]
    return fail::eval(&format!("without::{rule}"), |_| ()).is_some();
    #[cfg(not(feature = "failpoints"))]
    {
        let _ = rule;
        false
    }
}

#[cfg(not(feature = "failpoints"))]
fn hit(_: &'static str, _: &'static str) -> Result<(), PgError> {
    Ok(())
}

#[cfg(feature = "failpoints")]
fn hit(name: &'static str, side: &'static str) -> Result<(), PgError> {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    let place = format!("{name}::{side}");
    fail::fail_point!(&place, |action| {
        let action = action.unwrap_or_default();
        tracing::warn!("failpoint {place}: {action}");
        let signal = match action.as_str() {
            "kill" => Signal::SIGKILL,
            "stop" => Signal::SIGSTOP,
            "panic" => panic!("the failpoint {place}"),
            _ => {
                let (server, reason) = ("the server".into(), format!("the failpoint {place}"));
                return Err(PgError::Lost { server, reason });
            }
        };
        kill(Pid::this(), signal).expect("a process may signal itself");
        Ok(())
    });
    Ok(())
}
