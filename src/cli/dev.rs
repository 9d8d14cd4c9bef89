//! `regrow dev`

use std::path::PathBuf;

use clap::Subcommand;

use super::invocation::{cluster, options};
use super::{Answer, Global, output};
use crate::dev_cluster::{self, FOLDER, State};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::report::file::DevReport;

/// The private PostgreSQL of a project, in its folder .regrow/.
///
/// Any command starts it when no other server is named, and stops it again. `start` keeps
/// it running. It listens on a unix socket only. Its programs (initdb, pg_ctl, postgres of 14 or newer)
/// are those of pg_config, else the newest where packages put them; REGROW_PG_BIN names another folder.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow dev start\n  psql \"$(regrow dev url)\"\n  regrow dev stop"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Start it and keep it running until `stop`.
    Start,
    /// Stop it.
    Stop,
    /// Say whether it runs.
    Status,
    /// Print its address, for psql and DATABASE_URL.
    Url,
    /// Stops the cluster when the command that started it is gone.
    #[command(hide = true)]
    Guard {
        /// The cluster's folder.
        #[arg(long)]
        dir: PathBuf,
    },
    /// Holds the cluster until stdin ends; for tests.
    #[command(hide = true)]
    Hold {
        /// The cluster's folder.
        #[arg(long)]
        dir: PathBuf,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if let Verb::Guard { dir } = &args.verb {
        // Its stdout is a lock file: it must print nothing.
        dev_cluster::guard(dir, options()?)?;
        return Ok(Code::Done);
    }
    if let Verb::Hold { dir } = &args.verb {
        return hold(dir);
    }
    let folder = global.project_folder()?;
    let root = folder
        .canonicalize()
        .map_err(|e| Error::failed(format!("{} cannot be read: {e}", folder.display())))?;
    let cluster = cluster(&root)?;
    match &args.verb {
        Verb::Start => {
            let started = cluster.start_and_keep()?;
            let what = if started.already { "was running already" } else { "started" };
            let report = DevReport {
                running: Some(true),
                pid: Some(started.pid),
                url: Some(cluster.url()),
                ..DevReport::default()
            };
            say(global, &report, || {
                format!("{FOLDER} {what}, pid {}: {}", started.pid, cluster.url())
            });
        }
        Verb::Stop => {
            let stopped = cluster.stop()?;
            let report =
                DevReport { running: Some(false), stopped: Some(stopped), ..DevReport::default() };
            say(global, &report, || {
                format!("{FOLDER} {}", if stopped { "stopped" } else { "was not running" })
            });
        }
        Verb::Status => {
            let state = cluster.state()?;
            let report = DevReport {
                running: Some(matches!(state, State::Running { .. })),
                exists: Some(!matches!(state, State::Absent)),
                ..DevReport::default()
            };
            let (report, text) = match state {
                State::Absent => (report, "is not there yet".to_owned()),
                State::Stopped => (report, "is stopped".to_owned()),
                State::Running { pid, kept } => {
                    let url = Some(cluster.url());
                    let report = DevReport { pid: Some(pid), kept: Some(kept), url, ..report };
                    let until = if kept { "" } else { ", until the last command ends" };
                    (report, format!("runs, pid {pid}{until}"))
                }
            };
            say(global, &report, || format!("{FOLDER} {text}"));
        }
        Verb::Url => {
            let report = DevReport { url: Some(cluster.url()), ..DevReport::default() };
            say(global, &report, || cluster.url());
        }
        Verb::Guard { .. } | Verb::Hold { .. } => {}
    }
    Ok(Code::Done)
}

fn say(global: &Global, report: &DevReport, text: impl FnOnce() -> String) {
    if global.json { output::report(report) } else { output::line(text()) }
}

fn hold(dir: &std::path::Path) -> Answer {
    let lease = dev_cluster::DevCluster::at(dir, options()?)?.lease()?;
    output::line(format!("ready {}", lease.url()));
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    Ok(Code::Done)
}
