//! The face: what is typed, what is printed, which exit code.
//!
//! One room a verb under `cli/`, each with its help text, its arguments and one function.
//! `invocation` turns what was typed into a [`crate::context::Context`], `report` prints progress, `errors`
//! what was refused, with its next step ([`crate::error`]). Nothing below this floor prints.

mod address;
mod adopt;
mod as_of;
mod attempt;
mod branches;
mod cancel;
mod census;
mod check;
mod completions;
mod current;
mod demo;
mod dev;
mod downgrade;
mod errors;
mod export;
mod folder;
mod groups;
mod habits;
mod heads;
mod history;
mod import;
mod init;
mod invocation;
mod lineages;
mod man;
mod merge;
mod migrate;
mod new;
mod output;
mod parked;
mod pause;
mod preview;
mod promote;
mod prune;
mod rebuild;
mod redo;
mod rename;
mod repair;
mod report;
mod report_file;
mod resume;
mod retire;
mod revision;
mod rollback;
mod run;
mod settings;
mod show;
mod stamp;
mod status;
mod stderr;
mod supervisor;
mod test;
mod trace;
mod unpause;
mod upgrade_ledger;
mod verify;
mod verify_down;
mod wait;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::visible;

const AFTER_HELP: &str = "\
Exit codes:
  0  done                        6    another run holds the lock
  1  failed                      7    locks were held too long; try again
  2  typed wrong                 8    lint found something
  3  revisions are pending       9    the database is ahead of this code
  4  files and history differ    10   a check or a comparison failed
  5  a lineage has many heads    11   a live build is too far behind
                                 130  interrupted, paused or cancelled

Environment:
  DATABASE_URL, READ_MODELS_URL   the servers' addresses (docs/addresses.md)
  REGROW_ENV      the environment of config.toml that is meant
  REGROW_SECTION_KEY              any key of config.toml: REGROW_REBUILD_WORKERS
  REGROW_PG_BIN   the folder of initdb, pg_ctl and postgres (14 or newer) for
                  private servers, if they are not where packages put them
  REGROW_SCRATCH  the folder of the servers that revisions are tried on

A first walk:
  regrow init shop && cd shop     a project with an event store
  regrow migrate                  create the event store
  regrow import events.ndjson     bring events in
  regrow new projection NAME      write a first draft with their fields
  regrow rebuild NAME --promote   build a projection and show it to readers
  regrow run                      keep it fresh";

/// Versioned migrations and verified blue-green rebuilds of read models, for event-sourced
/// systems on PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "regrow", version = version(), after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// `0.1.0 (ledger 5)`, with the commit where the build was told it in `REGROW_COMMIT`.
fn version() -> String {
    let (version, ledger) = (env!("CARGO_PKG_VERSION"), crate::ledger::revision());
    match option_env!("REGROW_COMMIT") {
        Some(commit) => format!("{version} ({commit}, ledger {ledger})"),
        None => format!("{version} (ledger {ledger})"),
    }
}

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The project's folder. Without it this one, or the nearest above that has a config.toml.
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// The section [environments.NAME] of config.toml goes before the rest of the file. Without it
    /// REGROW_ENV, then none.
    #[arg(long, global = true, value_name = "NAME")]
    env: Option<String>,
    /// The server of the event store, and of the read models if they have none of their own.
    /// Without it DATABASE_URL or the file DATABASE_URL_FILE, then config.toml, then libpq's variables
    /// (PGHOST, PGSERVICE, ...), then a private PostgreSQL in .regrow/. Options as in libpq; another
    /// machine is verified in TLS unless sslmode says otherwise.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The private PostgreSQL in .regrow/, whatever else is named. Under CI, and if config.toml has a
    /// section [database], it serves only if it is asked for.
    #[arg(long, global = true, conflicts_with_all = ["database_url", "read_models_url"])]
    private: bool,
    /// The server of the read models, where it is another one. Without it READ_MODELS_URL or the file
    /// READ_MODELS_URL_FILE, then config.toml.
    #[arg(long, global = true, value_name = "URL")]
    read_models_url: Option<String>,
    /// Print JSON on stdout instead of text.
    #[arg(long, global = true)]
    json: bool,
    /// No progress on stderr.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How lines on stderr are written: text for people, json for what collects logs (an object a line,
    /// with time and level). Without it REGROW_LOG_FORMAT, then text.
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<stderr::Format>,
    /// What the environment says, where no flag does.
    #[arg(skip)]
    environment: address::Environment,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Args),
    New(new::Args),
    Migrate(migrate::Args),
    Current(current::Args),
    Revision(revision::Args),
    Merge(merge::Args),
    Downgrade(downgrade::Args),
    Redo(redo::Args),
    History(history::Args),
    Heads(heads::Args),
    Branches(branches::Args),
    Show(show::Args),
    Stamp(stamp::Args),
    Repair(repair::Args),
    VerifyDown(verify_down::Args),
    Import(import::Args),
    Export(export::Args),
    Census(census::Args),
    Check(check::Args),
    Rebuild(rebuild::Args),
    Resume(resume::Args),
    Preview(preview::Args),
    Promote(promote::Args),
    Rollback(rollback::Args),
    Verify(verify::Args),
    AsOf(as_of::Args),
    Prune(prune::Args),
    Rename(rename::Args),
    Retire(retire::Args),
    Status(status::Args),
    Test(test::Args),
    Trace(trace::Args),
    Try(attempt::Args),
    UpgradeLedger(upgrade_ledger::Args),
    Run(run::Args),
    Wait(wait::Args),
    Pause(pause::Args),
    Parked(parked::Args),
    Unpause(unpause::Args),
    Cancel(cancel::Args),
    Adopt(adopt::Args),
    Demo(demo::Args),
    Dev(dev::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// What a command ends with.
type Answer = Result<Code, Error>;

/// What was typed, with the help that groups commands.
fn parse() -> Result<Cli, clap::Error> {
    let mut command = groups::grouped(Cli::command());
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Help and version go to stdout with 0, mistakes to stderr with 2: clap's own rule.
fn mistyped(error: &clap::Error) -> ExitCode {
    let code = if error.use_stderr() { Code::Usage } else { Code::Done };
    let args: Vec<String> =
        std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let habit = habits::told(&args, error);
    let as_json = stderr::is_json() || std::env::args_os().any(|arg| arg == "--json");
    if code == Code::Usage && as_json {
        let text = error.render().to_string();
        let (first, rest) = text.split_once('\n').unwrap_or((text.as_str(), ""));
        let more = habit.iter().map(String::as_str).chain(rest.lines());
        let more: Vec<&str> = more.map(str::trim).filter(|line| !line.is_empty()).collect();
        let told = Error::usage(first.trim_start_matches("error: ").trim());
        let told = if more.is_empty() { told } else { told.hint(more.join("\n")) };
        errors::print(&told, true);
        return code.into();
    }
    // What was typed may be words of others, such as a stream id in a script.
    let acts =
        std::env::args_os().any(|arg| arg.to_str().is_none_or(|arg| visible::one_line(arg) != arg));
    match code == Code::Usage && acts {
        true => output::note(visible::one_line(&error.render().to_string())),
        false => drop(error.print()),
    }
    if let Some(habit) = habit {
        output::note(format!("\n  {}", visible::one_line(&habit)));
    }
    code.into()
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    if let Err(error) = stderr::choose_format() {
        errors::print(&error, std::env::args_os().any(|arg| arg == "--json"));
        return error.code.into();
    }
    let mut cli = match parse() {
        Ok(cli) => cli,
        Err(error) => return mistyped(&error),
    };
    errors::plain_panics();
    // Reads FAILPOINTS, and forgets it when it is dropped.
    #[cfg(feature = "failpoints")]
    let _faults = fail::FailScenario::setup();
    stderr::start_tracing();
    cli.global.environment = address::Environment::read();
    let global = &cli.global;
    let answer = match &cli.verb {
        Verb::Init(args) => init::run(global, args),
        Verb::New(args) => new::run(global, args),
        Verb::Migrate(args) => migrate::run(global, args),
        Verb::Current(args) => current::run(global, args),
        Verb::Revision(args) => revision::run(global, args),
        Verb::Merge(args) => merge::run(global, args),
        Verb::Downgrade(args) => downgrade::run(global, args),
        Verb::Redo(args) => redo::run(global, args),
        Verb::History(args) => history::run(global, args),
        Verb::Heads(args) => heads::run(global, args),
        Verb::Branches(args) => branches::run(global, args),
        Verb::Show(args) => show::run(global, args),
        Verb::Stamp(args) => stamp::run(global, args),
        Verb::Repair(args) => repair::run(global, args),
        Verb::VerifyDown(args) => verify_down::run(global, args),
        Verb::Import(args) => import::run(global, args),
        Verb::Export(args) => export::run(global, args),
        Verb::Census(args) => census::run(global, args),
        Verb::Check(args) => check::run(global, args),
        Verb::Rebuild(args) => rebuild::run(global, args),
        Verb::Resume(args) => resume::run(global, args),
        Verb::Preview(args) => preview::run(global, args),
        Verb::Promote(args) => promote::run(global, args),
        Verb::Rollback(args) => rollback::run(global, args),
        Verb::Verify(args) => verify::run(global, args),
        Verb::AsOf(args) => as_of::run(global, args),
        Verb::Prune(args) => prune::run(global, args),
        Verb::Rename(args) => rename::run(global, args),
        Verb::Retire(args) => retire::run(global, args),
        Verb::Status(args) => status::run(global, args),
        Verb::Try(args) => attempt::run(global, args),
        Verb::Test(args) => test::run(global, args),
        Verb::Trace(args) => trace::run(global, args),
        Verb::UpgradeLedger(args) => upgrade_ledger::run(global, args),
        Verb::Wait(args) => wait::run(global, args),
        Verb::Run(args) => run::run(global, args),
        Verb::Pause(args) => pause::run(global, args),
        Verb::Parked(args) => parked::run(global, args),
        Verb::Unpause(args) => unpause::run(global, args),
        Verb::Cancel(args) => cancel::run(global, args),
        Verb::Adopt(args) => adopt::run(global, args),
        Verb::Demo(args) => demo::run(global, args),
        Verb::Dev(args) => dev::run(global, args),
        Verb::Completions(args) => completions::run(global, args),
        Verb::Man(args) => man::run(global, args),
    };
    let code = match answer {
        Ok(code) => code,
        Err(error) => {
            errors::print(&error, global.json);
            error.code
        }
    };
    match output::lost() {
        Some(why) => said_in_part(code, why, global.json).into(),
        None => code.into(),
    }
}

/// What a run ends with whose answer could not be printed.
fn said_in_part(code: Code, why: &str, as_json: bool) -> Code {
    let error = Error::failed(format!("stdout takes no more ({why}): a part of the answer is lost"))
        .reason(Reason::OutputFailed)
        .hint("what the command did is done; what it says is told again by status, history or the same command");
    errors::print(&error, as_json);
    if code == Code::Done { error.code } else { code }
}
