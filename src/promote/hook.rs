//! Notifications of a promote or rollback: NOTIFY on the channel `regrow`, and the program of `[hooks] after_promote`.
//!
//! The notification is part of the switch's transaction: it comes if and only if the switch does. The program runs
//! behind the commit, so what becomes of it does not undo anything.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Promoted;
use crate::context::Context;
use crate::event::Position;
use crate::ident::{Ident, quote_literal};
use crate::ledger::{Build, State};
use crate::pg::{PgError, Sql};
use crate::progress::{Observer, Progress};
use crate::report::build::SwitchNotification;
use crate::report::{self, Printed as _};
use crate::visible::one_line;

/// The channel that switches are told on.
const CHANNEL: &str = "regrow";
/// How often a program is asked whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Lines of a program that are told, at the most.
const LINES: usize = 100;

/// A hook that did not end well. The switch stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("readers see the build, but the hook {program} {reason}")]
pub struct HookFailed {
    /// The program.
    pub program: String,
    /// What became of it, a fragment such as `ended with 3`.
    pub reason: String,
    /// What it ended with, if it did so by itself.
    pub exit_code: Option<i32>,
}

/// What a switch to a build is called: a rollback leads to one that readers saw before.
fn verb(to: &Build) -> &'static str {
    match to.state {
        State::Retired => "rollback",
        _ => "promote",
    }
}

/// Notifies the sessions that listen, once the transaction commits.
///
/// # Errors
/// The server refuses.
pub(super) fn notify(
    sql: &mut impl Sql,
    (to, live): (&Build, Option<&Build>),
    (publish, position): (&Ident, Position),
) -> Result<(), PgError> {
    let payload = report::value(&SwitchNotification {
        version: SwitchNotification::VERSION,
        event: verb(to),
        projection: to.projection.clone(),
        build: to.schema.to_string(),
        previous_build: live.map(|live| live.schema.to_string()),
        position: position.0,
        schema: publish.to_string(),
        ledger: sql.ledger().to_string(),
    });
    // A statement and not pg_notify(): no right is needed that could be revoked.
    sql.query(&format!("NOTIFY {CHANNEL}, {}", quote_literal(&payload.to_string())), &[])?;
    Ok(())
}

/// Runs the program that config.toml names, behind a switch; what went wrong with it is in what it gives.
pub(super) fn run(
    context: &Context,
    event: &str,
    (projection, publish): (&str, &Ident),
    promoted: &mut Promoted,
) {
    let hooks = &context.project.config.hooks;
    let Some((program, args)) = hooks.after_promote.split_first() else { return };
    let root = &context.project.root;
    let mut command = Command::new(in_project(root, program));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if root.is_dir() {
        command.current_dir(root);
    }
    command.env("REGROW_EVENT", event);
    command.env("REGROW_PROJECTION", projection);
    command.env("REGROW_BUILD", &promoted.build);
    command.env("REGROW_PREVIOUS_BUILD", promoted.retired.as_deref().unwrap_or_default());
    command.env("REGROW_POSITION", promoted.position.0.to_string());
    command.env("REGROW_SCHEMA", publish.as_str());
    let most = Duration::from_secs(hooks.timeout_s);
    let (reason, exit_code) = match ended(command, &context.observer, most) {
        Ok(status) if status.success() => return,
        Ok(status) => (format!("failed: {status}"), status.code()),
        Err(reason) => (reason, None),
    };
    promoted.hook = Some(HookFailed { program: program.clone(), reason, exit_code });
}

/// A program that is named with a folder is one of the project; others are looked for on the PATH.
fn in_project(root: &Path, program: &str) -> std::path::PathBuf {
    match program.contains('/') {
        true => root.join(program),
        false => program.into(),
    }
}

/// Runs a program to its end, or for as long as it may; its lines are told.
fn ended(
    mut command: Command,
    observer: &Arc<dyn Observer>,
    most: Duration,
) -> Result<ExitStatus, String> {
    let mut child = command.spawn().map_err(|error| format!("could not be started: {error}"))?;
    let listeners = [
        child.stdout.take().map(|out| tell_lines(out, Arc::clone(observer))),
        child.stderr.take().map(|err| tell_lines(err, Arc::clone(observer))),
    ];
    let began = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if began.elapsed() >= most => {
                let _ = child.kill();
                let _ = child.wait();
                break Err(format!("was ended after {} s ([hooks] timeout_s)", most.as_secs()));
            }
            Ok(None) => std::thread::sleep(LOOK_EVERY),
            Err(error) => break Err(format!("cannot be waited for: {error}")),
        }
    };
    // What it has started may keep its output open, and is not waited for.
    let ends = Instant::now() + Duration::from_secs(1);
    for listener in listeners.into_iter().flatten() {
        while !listener.is_finished() && Instant::now() < ends {
            std::thread::sleep(LOOK_EVERY);
        }
    }
    status
}

fn tell_lines(
    from: impl Read + Send + 'static,
    observer: Arc<dyn Observer>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut told = 0;
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            told += 1;
            if told <= LINES {
                let line = String::from_utf8_lossy(&line);
                observer.note(&Progress::Note(format!("hook: {}", one_line(line.trim_end()))));
            }
        }
    })
}
