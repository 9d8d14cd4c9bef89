//! Commands of other migration tools, met with ours.
//!
//! No alias is made: the same word means something else elsewhere, and a command that changes a database should be
//! typed on purpose. The advice follows clap's own message.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output::shell_word;

/// Words that other tools have for a command (Alembic, Flyway, dbmate, Liquibase, Django, sqlx, golang-migrate), and what
/// is typed here instead.
const WORDS: [(&[&str], &str); 14] = [
    (
        &["up", "update", "upgrade-head", "apply", "deploy"],
        "to run what is pending: regrow migrate",
    ),
    (
        &["down", "undo", "revert", "downgrade-one"],
        "to take the last revision back: regrow downgrade -1",
    ),
    (
        &["info", "showmigrations", "list", "log"],
        "which revisions there are, and which have run: regrow history -i",
    ),
    (&["version", "db-version"], "where each lineage stands: regrow current"),
    (
        &["validate", "lint", "verify-checksums"],
        "whether files, history and schema agree: regrow check",
    ),
    (
        &["baseline", "force", "fake", "mark", "changelog-sync"],
        "to record that a database stands at a revision: regrow stamp TARGET",
    ),
    (
        &["create", "add", "generate", "make", "makemigrations", "migration"],
        "to write a revision: regrow revision -m 'what it is about'; a draft of a projection: regrow new projection NAME",
    ),
    (
        &["goto", "to"],
        "to go to a revision: regrow migrate TARGET, or back: regrow downgrade TARGET",
    ),
    (
        &["clean", "reset", "drop", "wipe", "drop-all"],
        "nothing drops a log; the builds of a projection: regrow retire NAME; revisions of an empty log: regrow downgrade base",
    ),
    (&["setup"], "to make a project: regrow init DIR, then: regrow migrate"),
    (
        &["diff", "autogenerate"],
        "to write what schema.sql asks for: regrow revision -m 'what it is about' --autogenerate",
    ),
    (&["replay", "reindex", "reproject"], "to build a projection anew: regrow rebuild NAME"),
    (
        &["follow", "daemon", "watch", "start", "serve"],
        "to keep builds fresh: regrow run; with a page and metrics: regrow run --listen 127.0.0.1:9187",
    ),
    (&["switch", "publish", "activate"], "to show readers a build: regrow promote NAME"),
];

/// Options of a command that other tools have.
const OPTIONS: [(&str, &[&str], &str); 9] = [
    (
        "current",
        &["--verbose", "-v"],
        "regrow current tells all it knows; revisions in detail: regrow history --verbose -i",
    ),
    ("heads", &["--verbose", "-v"], "each of them in detail: regrow show REVISION"),
    ("branches", &["--verbose", "-v"], "revisions in detail: regrow history --verbose"),
    ("history", &["--rev-range"], "a range: regrow history -r FROM:TO"),
    (
        "revision",
        &["--rev-id"],
        "the version: regrow revision -m 'what it is about' --version NUMBER",
    ),
    (
        "revision",
        &["--branch-label"],
        "a name for the branch: regrow revision -m 'what it is about' --label NAME",
    ),
    (
        "revision",
        &["--version-path"],
        "where it lies is told by its lineage: regrow revision -m 'what it is about' --lineage NAME",
    ),
    (
        "upgrade",
        &["--tag", "-x"],
        "what a script is given stands in its file; what would run: regrow migrate --dry-run",
    ),
    ("migrate", &["--fake"], "to record that a database stands at a revision: regrow stamp TARGET"),
];

/// What is missing of a command, as it is typed.
const MISSING: [(&str, &str); 5] = [
    ("revision", "with what it is about: regrow revision -m 'what it is about'"),
    ("downgrade", "with where to: regrow downgrade -1, or a version, or base"),
    (
        "rollback",
        "with the projection: regrow rollback NAME; to take a revision back: regrow downgrade -1",
    ),
    ("show", "with the revision: regrow show head"),
    ("stamp", "with where the database stands: regrow stamp head, or a version"),
];

/// What a command that clap refuses is here, if another tool has it.
pub(crate) fn told(args: &[String], error: &clap::Error) -> Option<String> {
    let verb = args.iter().skip(1).find(|arg| !arg.starts_with('-')).map_or("", String::as_str);
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => of_word(verb, of(ContextKind::InvalidSubcommand)?),
        ErrorKind::UnknownArgument => of_option(args, verb, of(ContextKind::InvalidArg)?),
        ErrorKind::MissingRequiredArgument => {
            MISSING.iter().find(|(of, _)| *of == verb).map(|(_, told)| (*told).to_owned())
        }
        _ => None,
    }
}

fn of_word(verb: &str, word: &str) -> Option<String> {
    // dbmate's `new NAME`.
    if verb == "new" && word != "new" {
        return Some(format!(
            "a revision is written by: regrow revision -m {}; drafts of a projection: regrow new projection NAME",
            shell_word(word)
        ));
    }
    // `db:migrate`, `migrate:latest` and the like.
    let plain = word.to_lowercase().replace('_', "-");
    let last = plain.rsplit(':').next().unwrap_or_default();
    let known = |word: &str| WORDS.iter().find(|(words, _)| words.contains(&word));
    let found = known(&plain).or_else(|| known(last));
    match found {
        Some((_, told)) => Some((*told).to_owned()),
        None if plain.contains("migrate") => {
            Some("to run what is pending: regrow migrate".to_owned())
        }
        None => None,
    }
}

fn of_option(args: &[String], verb: &str, option: &str) -> Option<String> {
    if option == "-c" || option == "--config" {
        return Some(
            "the project's folder, which has a config.toml: regrow -C DIR COMMAND".to_owned(),
        );
    }
    let found = OPTIONS.iter().find(|(of, options, _)| *of == verb && options.contains(&option));
    if let Some((_, _, told)) = found {
        return Some((*told).to_owned());
    }
    // `revision 'add status'`, as if -m had been typed.
    let has_message = args.iter().any(|arg| arg == "-m" || arg.starts_with("--message"));
    match verb {
        "revision" if !option.starts_with('-') && !has_message => Some(format!(
            "what a revision is about stands behind -m: regrow revision -m {}",
            shell_word(option)
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::super::Cli;
    use super::*;

    fn of(typed: &str) -> Option<String> {
        let args: Vec<String> = format!("regrow {typed}").split(' ').map(str::to_owned).collect();
        let matches = Cli::command().try_get_matches_from(&args);
        let parsed = matches.and_then(|matches| Cli::from_arg_matches(&matches).map(drop));
        told(&args, &parsed.err()?)
    }

    #[test]
    fn commands_of_other_tools_are_met_with_ours() {
        for (typed, words) in [
            ("info", "regrow history -i"),
            ("validate", "regrow check"),
            ("baseline", "regrow stamp TARGET"),
            ("clean", "regrow retire NAME"),
            ("up", "regrow migrate"),
            ("down", "regrow downgrade -1"),
            ("new create_users", "regrow revision -m create_users"),
            ("db:migrate", "regrow migrate"),
            ("migrate:latest", "regrow migrate"),
            ("makemigrations", "regrow revision -m"),
            ("current --verbose", "regrow history --verbose -i"),
            ("revision", "regrow revision -m"),
            ("revision --autogenerate", "regrow revision -m"),
            ("revision add_status", "regrow revision -m add_status"),
            ("downgrade", "regrow downgrade -1"),
            ("rollback", "regrow downgrade -1"),
            ("-c alembic.ini upgrade head", "regrow -C DIR COMMAND"),
        ] {
            let told = of(typed).unwrap_or_default();
            assert!(told.contains(words), "{typed}: {told:?}");
        }
    }

    /// What means the same here is typed as it is there, and what nobody has is not guessed at.
    #[test]
    fn nothing_is_told_where_there_is_nothing_to_tell() {
        for typed in [
            "upgrade head",
            "downgrade base",
            "history -r 1:2",
            "show head",
            "merge heads",
            "frobnicate",
            "status --nosuch",
        ] {
            assert_eq!(of(typed), None, "{typed}");
        }
    }

    #[test]
    fn every_command_that_is_told_is_one() {
        let command = Cli::command();
        let texts = WORDS.iter().map(|(_, told)| *told);
        let texts = texts.chain(OPTIONS.iter().map(|(_, _, told)| *told));
        for text in texts.chain(MISSING.iter().map(|(_, told)| *told)) {
            let mut verbs = text.split("regrow ").skip(1).peekable();
            assert!(verbs.peek().is_some(), "{text}");
            for verb in verbs {
                let verb = verb.split([' ', ';', ',']).next().unwrap();
                assert!(command.find_subcommand(verb).is_some(), "{verb}: {text}");
            }
        }
        for (words, _) in WORDS {
            for word in words {
                assert!(command.find_subcommand(word).is_none(), "{word} is a command");
            }
        }
    }
}
