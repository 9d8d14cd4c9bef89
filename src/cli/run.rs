//! `regrow run`

use std::sync::Arc;

use super::invocation::Invocation;
use super::output::grouped;
use super::supervisor::Supervised;
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::follow;
use crate::service::Service;

/// Follow the log: keep every live, retired and ready build fresh.
///
/// Stops between two batches at SIGTERM or ctrl-C, with 0. A build that cannot go on is
/// left behind with its reason in `regrow status`; the others go on. SIGHUP does not end it. It opens 32 connections at the
/// most, however many builds there are.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow run\n  regrow run --until-caught-up\n  regrow run --listen 9464"
)]
pub(crate) struct Args {
    /// Stop at the mark of now.
    #[arg(long)]
    until_caught_up: bool,
    /// Serve metrics, readiness and a page for people by HTTP: a port of this machine alone, or HOST:PORT. Everything
    /// is read-only, and nobody is asked for a password. Without it [service] listen in config.toml.
    #[arg(long, value_name = "ADDR", conflicts_with = "until_caught_up")]
    listen: Option<String>,
    /// Show what was said of an event that cannot be applied, and its payload.
    #[arg(long)]
    show_payload: bool,
    /// Events that are missing from the log were deleted on purpose, and not lost with its end.
    #[arg(long)]
    events_deleted: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let mut invocation = Invocation::open_to_change(global)?;
    invocation.context.said.events_deleted = args.events_deleted;
    invocation.reporter.show_payload(args.show_payload);
    let supervisor = Arc::new(Supervised::new(invocation.context.observer.clone()));
    if !args.until_caught_up {
        invocation.context.observer = supervisor.clone();
        invocation.outlive_hangups();
    }
    let configured = invocation.context.project.config.service.listen.clone();
    let listen = args.listen.clone().or(configured).filter(|_| !args.until_caught_up);
    let service =
        listen.map(|address| Service::start(&invocation.context, &address)).transpose()?;
    let followed = follow::follow(&invocation.context, args.until_caught_up);
    supervisor.stopping();
    drop(service);
    let followed = followed?;
    invocation.reporter.finish();
    if global.json {
        output::report(&followed.report());
    } else {
        for (build, position) in &followed.positions {
            output::line(format!("{build} is at position {}", grouped(position.0)));
        }
        if followed.positions.is_empty() {
            output::line("there is no build to follow");
        }
    }
    Ok(Code::Done)
}
