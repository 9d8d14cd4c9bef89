//! `regrow man`

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};

use super::{Answer, Cli, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::report::file::ManualPages;

/// Write manual pages, one for each command, into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow man ~/.local/share/man/man1 && man regrow-rebuild")]
pub(crate) struct Args {
    /// The folder; it is made where it is missing.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let failed = |path: &Path, error: &dyn std::fmt::Display| {
        Error::usage(format!("{}: {error}", path.display()))
    };
    fs::create_dir_all(&args.folder).map_err(|error| failed(&args.folder, &error))?;
    let mut all = Cli::command();
    all.build();
    let mut pages = Vec::new();
    pages_of(&all, "regrow", &mut pages);
    for (name, command) in &pages {
        let path = args.folder.join(format!("{name}.1"));
        let mut page = Vec::new();
        let man = clap_mangen::Man::new(command.clone().name(name.clone()));
        man.render(&mut page).map_err(|error| failed(&path, &error))?;
        fs::write(&path, page).map_err(|error| failed(&path, &error))?;
    }
    let written: Vec<String> = pages.iter().map(|(name, _)| format!("{name}.1")).collect();
    match global.json {
        true => output::report(&ManualPages { written }),
        false => output::line(format!(
            "{} manual pages written to {}",
            written.len(),
            args.folder.display()
        )),
    }
    Ok(Code::Done)
}

/// A command's page and those of the commands below it, each by its name: `regrow-parked-list`.
fn pages_of(command: &Command, name: &str, pages: &mut Vec<(String, Command)>) {
    pages.push((name.to_owned(), command.clone()));
    for below in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        pages_of(below, &format!("{name}-{}", below.get_name()), pages);
    }
}
