//! Errors on stderr, for people and as JSON.

use super::output;
use super::stderr::Level;
use crate::error::Error;
use crate::report::log_line::ErrorLine;

/// Prints what happened and what to do next.
pub(crate) fn print(error: &Error, as_json: bool) {
    if as_json || output::logs_json() {
        let fields = ErrorLine { error: error.report() };
        output::json_note(Level::Error, &error.to_string(), &fields);
        return;
    }
    // Nothing that stands in a message begins a line as one of ours.
    output::note(format!("error: {}", error.to_string().replace('\n', "\n  ")));
    let sensitive = error.shown_event().and_then(|failure| failure.sensitive.as_ref());
    for line in sensitive.iter().flat_map(|sensitive| output::lines_of(sensitive)) {
        output::note(line);
    }
    for line in error.next_step().iter().flat_map(|hint| hint.lines()) {
        output::note(format!("  {line}"));
    }
}

/// A bug of ours ends with one line that says so, not with a backtrace.
pub(crate) fn plain_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place =
            info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        output::note(format!("error: regrow met a case it does not know{place}; please report it"));
        tracing::debug!(%info, "panic");
    }));
}
