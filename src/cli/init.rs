//! `regrow init`

use std::path::PathBuf;

use super::folder::plain;
use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::project;
use crate::report::file::InitReport;

/// Make a new project: config.toml and the lineage of an event store.
///
/// Files that are there already are never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow init shop && cd shop && regrow migrate")]
pub(crate) struct Args {
    /// The folder; made if it is not there.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let folder = plain(&global.folder().join(&args.folder));
    let written = project::init(&folder).map_err(Error::from)?;
    if global.json {
        output::report(&InitReport { folder, written });
    } else {
        for path in &written {
            output::line(format!("wrote {}", folder.join(path).display()));
        }
        if written.is_empty() {
            output::line(format!("{} is a project already, nothing written", folder.display()));
        }
        // Alembic's `init` takes a folder for scripts; here it is the project's.
        if ["alembic", "migrations"].contains(&args.folder.to_string_lossy().as_ref()) {
            output::note(format!(
                "note: the project is the folder {}; in this one: regrow init .",
                folder.display()
            ));
        }
        // As it can be typed from here.
        let there = match folder.as_os_str() == "." {
            true => String::new(),
            false => format!("-C {} ", output::shell_word(&folder.display().to_string())),
        };
        output::note(format!("next: regrow {there}migrate"));
    }
    Ok(Code::Done)
}
