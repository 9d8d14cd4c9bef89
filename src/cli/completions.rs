//! `regrow completions`

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::{Answer, Cli, Global, output};
use crate::error::exit_code::Code;
use crate::report::file::Completions;

/// Print a shell completion script.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow completions bash > ~/.local/share/bash-completion/completions/regrow\n  \
                  regrow completions zsh > ~/.zfunc/_regrow\n  \
                  regrow completions fish > ~/.config/fish/completions/regrow.fish"
)]
pub(crate) struct Args {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "regrow", &mut script);
    let script = String::from_utf8_lossy(&script);
    match global.json {
        true => output::report(&Completions {
            shell: args.shell.to_string(),
            script: script.into_owned(),
        }),
        false => output::script(&script),
    }
    Ok(Code::Done)
}
