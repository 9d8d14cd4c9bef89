//! What people are told of a build: what became of it, and the command to go on.

use super::{Next, Standing};
use crate::definition::OnError;
use crate::figures::{counted, grouped, rough};
use crate::identity::Redefined;
use crate::ledger::{BuildProgress, LastError, SkippedKind, State, Wish};
use crate::visible::one_line;

/// A build's state in words: a live build that gets no events is `live, stopped` or `live, paused`.
#[must_use]
pub fn state(standing: &Standing) -> String {
    let build = &standing.build;
    if let Some(as_of) = build.as_of.as_ref().filter(|_| build.state == State::Ready) {
        return format!("as of, in {}", as_of.publish);
    }
    match (&build.failure, build.state) {
        (Some(_), State::Live | State::Retired) => format!("{}, stopped", build.state),
        (None, State::Live | State::Retired | State::Ready) if build.wish == Wish::Pause => {
            format!("{}, paused", build.state)
        }
        _ => build.state.to_string(),
    }
}

/// What became of a build, and the command to go on: nothing if there is nothing to do. A line that begins with
/// blanks belongs to the one above it.
#[must_use]
pub fn sentences(standing: &Standing) -> Vec<String> {
    let mut lines = Vec::new();
    of_skipped(standing, &mut lines);
    if let Some(publish) = &standing.build.preview {
        let schema = &standing.build.schema;
        lines.push(format!(
            "{schema}: it is shown in the schema {} by a preview",
            one_line(publish)
        ));
    }
    of_policy(standing, &mut lines);
    tell(standing, &mut lines);
    if let Some(assertions) = &standing.assertions {
        lines.extend(assertions.sentences(&standing.build));
    }
    lines
}

fn tell(standing: &Standing, lines: &mut Vec<String>) {
    let build = &standing.build;
    let (schema, name) = (&build.schema, &build.projection);
    if let Some(fault) = &standing.fault {
        lines.push(format!("{schema}: {fault}"));
        lines.push(format!("  {}", fault.next_of(build)));
        return;
    }
    of_the_log(standing, lines);
    if standing.is_let_go {
        lines.push(format!(
            "{schema}: it is not followed, since [rebuild] keep_retired does not keep it; it goes with: regrow prune {name}"
        ));
    }
    if let Some(failure) = &build.failure {
        lines.push(format!("{schema}: stopped at {failure}"));
        lines.extend(failure.hint.as_ref().map(|hint| format!("  {}", one_line(hint))));
        if let Some(payload) = &standing.payload {
            lines.push(format!("  payload: {}", one_line(payload)));
        }
        let what = match &standing.next {
            Some(Next::Fix(what)) => {
                lines.push(format!("  {what}"));
                format!(
                    "after fixing the handler or the upcaster: regrow resume {name}, if it has read no event \
                     of that type; else: regrow rebuild {name}"
                )
            }
            Some(next @ Next::Unpause) => format!("it is paused as well: {}", next.command(name)),
            Some(next) => {
                format!("the project's files have changed since: {}", next.command(name))
            }
            None if build.state == State::Retired => format!(
                "it is not followed any more; as it stands it can be shown by: regrow rollback {name} --stale"
            ),
            None => return,
        };
        lines.push(format!("  {what}"));
        return;
    }
    let unfinished = build.state.is_candidate() && build.state != State::Ready;
    if let (Some(worker), true) = (&standing.worker, unfinished) {
        let told = standing.progress.as_ref();
        let place = told.map_or_else(String::new, |told| format!(" on {}", told.host));
        let time = told.map_or_else(String::new, |told| format!(", for {}", rough(told.running)));
        lines.push(format!("{schema}: {worker}{place} works on it{time}"));
        lines.extend(standing.progress.as_ref().map(|told| format!("  {}", pace(told))));
        if build.wish != Wish::Run {
            lines.push(format!("  asked to {}; it notices within seconds", build.wish.name()));
        }
        return;
    }
    if let Some(LastError { message, at, .. }) = &build.last_error {
        lines.push(format!("{schema}: its last run ended at {at}: {message}"));
    }
    let Some(next) = &standing.next else { return };
    let why = match (next, build.state) {
        (Next::Fix(what), _) => {
            lines.push(format!("  to fix it: {what}"));
            return;
        }
        (Next::Unpause, _) => {
            let (by, at) = build.asked.clone().unwrap_or_default();
            lines.push(format!("{schema}: paused by {by} at {at}: {}", next.command(name)));
            return;
        }
        (Next::Resume, State::Paused) => "it was stopped, and goes on with",
        (Next::Resume, _) if build.last_error.is_some() => "it continues from its checkpoint with",
        (Next::Resume, _) => "its last run ended without a word, and goes on with",
        (Next::Promote, _) => "it is ready, and readers see it after",
        (Next::Accept, _) => "it is ready, and readers see it without them after",
        (Next::Rebuild, State::Live) if !standing.outdated && standing.shows_what_is_gone() => {
            "its rows may still show them, until it is rebuilt"
        }
        (Next::Rebuild, _) if !standing.outdated => return,
        (Next::Rebuild, _) => "the project's files have changed since",
        (Next::Run, _) => "nobody follows it; it is kept fresh by",
    };
    lines.push(format!("{schema}: {why}: {}", next.command(name)));
}

/// That a build which goes on does so by another policy than the files have. One that stopped takes theirs over.
fn of_policy(standing: &Standing, lines: &mut Vec<String>) {
    let (build, Some(now)) = (&standing.build, standing.on_error) else { return };
    if !matches!(build.state, State::Live | State::Ready) || build.as_of.is_some() {
        return;
    }
    let was = match build.on_error {
        OnError::Stop => "stop it",
        OnError::Park => "are parked",
        OnError::Skip => "are skipped",
    };
    lines.push(format!(
        "{}: events that fail {was}, and projection.toml says on_error = \"{}\": regrow rebuild {}",
        build.schema,
        now.name(),
        build.projection
    ));
}

/// The events that a build is without, by kinds.
fn of_skipped(standing: &Standing, lines: &mut Vec<String>) {
    let Standing { build, skipped, .. } = standing;
    if build.skipped == 0 {
        return;
    }
    let them = if build.skipped == 1 { "it" } else { "them" };
    let were = counted(build.skipped, "event was", "events were");
    lines.push(format!("{}: {were} skipped, and its rows are without {them}", build.schema));
    for SkippedKind { event_type, schema_version, code, place, events, first, last } in skipped {
        let place = place.as_ref().map_or_else(String::new, |at| format!(" at {}", one_line(at)));
        let where_ = match first == last {
            true => format!("position {first}"),
            false => format!("positions {first} to {last}"),
        };
        let (events, of) = (grouped(*events), one_line(event_type));
        lines.push(format!("  {events} of {of} version {schema_version}: {code}{place}, {where_}"));
    }
    let told: i64 = skipped.iter().map(|kind| kind.events).sum();
    if told > 0 && told < build.skipped {
        lines.push(format!("  and {} more", grouped(build.skipped - told)));
    }
}

/// What the log has more or less than a build has read.
fn of_the_log(standing: &Standing, lines: &mut Vec<String>) {
    let (schema, name) = (&standing.build.schema, &standing.build.projection);
    if let Some(missing) = &standing.missing {
        lines.push(format!("{schema}: {}", missing.sentence(schema.as_str())));
        if missing.late > 0 {
            lines.push(format!(
                "  its rows lack them; build it anew: regrow rebuild {name} --promote"
            ));
        }
    }
    for (positions, what) in
        [(&standing.rewritten, "was erased or rewritten"), (&standing.deleted, "was deleted")]
    {
        if let Some(at) = positions.first() {
            lines.push(format!(
                "{schema}: the event at position {at}, which it has read, {what} since"
            ));
        }
    }
    if let Some(redefined) = &standing.redefined {
        lines.push(format!("{schema}: {}", redefined.sentence(schema.as_str())));
        lines.push(format!("  {}", Redefined::next(name)));
    }
    if let Some((was, now)) = standing.begins_later {
        let now = now.map_or_else(|| "it is empty now".into(), |p| format!("it begins at {p} now"));
        lines.push(format!("{schema}: the log began at position {was}, and {now}"));
    }
}

/// How far a rebuild is: `replay: 43 %, 120,000 events/s, 2 min 10 s left`.
#[must_use]
pub fn pace(told: &BuildProgress) -> String {
    let mut parts = Vec::new();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between 0 and 100"
    )]
    parts.extend(told.done().map(|done| format!("{} %", (done * 100.0).floor() as u8)));
    parts.push(format!("{} events read", grouped(told.events)));
    #[expect(clippy::cast_possible_truncation, reason = "a rate for people")]
    parts.extend(told.rate.map(|rate| format!("{} events/s", grouped(rate.round() as i64))));
    if let Some(waits) = &told.waits {
        parts.push(format!("waiting for {}", one_line(waits)));
        return format!("{}: {}", told.stage, parts.join(", "));
    }
    parts.extend(told.left.map(|left| format!("{} left", rough(left))));
    format!("{}: {}", told.stage, parts.join(", "))
}
