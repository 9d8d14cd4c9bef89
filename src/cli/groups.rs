//! The first page of help: commands by what they are for.
//!
//! clap lists subcommands in one block, so the page is a template whose text is made of clap's own list of commands;
//! which group a command belongs to is said here, and a test holds that to the list.

use std::fmt::Write as _;

use clap::Command;

/// Every command, in one group each, in the order of a first walk.
const GROUPS: [(&str, &[&str]); 7] = [
    ("Project", &["init", "adopt", "new", "demo", "dev"]),
    (
        "Migrations",
        &[
            "migrate",
            "current",
            "revision",
            "history",
            "downgrade",
            "redo",
            "heads",
            "branches",
            "merge",
            "show",
            "stamp",
            "repair",
            "verify-down",
        ],
    ),
    ("The log", &["import", "export", "census"]),
    (
        "Projections and builds",
        &[
            "rebuild", "resume", "preview", "promote", "rollback", "prune", "as-of", "rename",
            "retire",
        ],
    ),
    ("Proof and explanation", &["check", "test", "try", "verify", "trace"]),
    (
        "Operation",
        &["run", "status", "wait", "pause", "unpause", "cancel", "parked", "upgrade-ledger"],
    ),
    ("Shell", &["completions", "man", "help"]),
];

/// What a line of help holds at the most.
const WIDTH: usize = 80;
/// Where what a command does begins: behind the longest name.
const INDENT: usize = 18;

/// The command with its first page of help in groups.
pub(crate) fn grouped(mut command: Command) -> Command {
    // Makes `help`, too.
    command.build();
    let header = *command.get_styles().get_header();
    let literal = *command.get_styles().get_literal();
    let mut page = String::from("{about-with-newline}\n{usage-heading} {usage}\n\n");
    for (title, names) in GROUPS {
        let _ = writeln!(page, "{header}{title}:{header:#}");
        for name in names {
            let Some(found) = command.find_subcommand(name) else { continue };
            let about = found.get_about().map(ToString::to_string).unwrap_or_default();
            let aliases: Vec<&str> = found.get_visible_aliases().collect();
            let about = match aliases.is_empty() {
                true => about,
                false => format!("{about} [also: {}]", aliases.join(", ")),
            };
            let pad = " ".repeat(INDENT - 2 - name.len());
            let _ = writeln!(page, "  {literal}{name}{literal:#}{pad}{}", wrapped(&about));
        }
        page.push('\n');
    }
    let _ = write!(page, "{header}Options of every command:{header:#}\n{{options}}{{after-help}}");
    command.help_template(page)
}

/// A text in lines that stand below one another, without the braces of a template.
fn wrapped(text: &str) -> String {
    let mut all = String::new();
    let mut width = INDENT;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if width > INDENT && width + 1 + long > WIDTH {
            let _ = write!(all, "\n{}", " ".repeat(INDENT));
            width = INDENT;
        } else if width > INDENT {
            all.push(' ');
            width += 1;
        }
        all.push_str(word);
        width += long;
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::CommandFactory as _;

    use super::super::Cli;
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let mut command = Cli::command();
        command.build();
        let mut times: BTreeMap<&str, usize> = command
            .get_subcommands()
            .filter(|c| !c.is_hide_set())
            .map(|c| (c.get_name(), 0))
            .collect();
        for name in GROUPS.iter().flat_map(|(_, names)| *names) {
            *times.get_mut(name).unwrap_or_else(|| panic!("{name} is no command")) += 1;
        }
        let wrong: Vec<_> = times.iter().filter(|(_, times)| **times != 1).collect();
        assert_eq!(wrong, [], "in how many groups each stands (src/cli/groups.rs)");
    }

    #[test]
    fn names_leave_room_and_texts_are_no_template() {
        let mut command = Cli::command();
        command.build();
        for found in command.get_subcommands() {
            assert!(found.get_name().len() + 4 <= INDENT, "{}", found.get_name());
            let about = found.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.contains(['{', '}']), "{about}");
        }
    }
}
