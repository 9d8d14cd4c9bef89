//! The guide's first chapters and its pages on other libraries' logs, typed as they stand: each file is written, each command is run, and what it
//! prints is what the page shows. And no link of a document leads nowhere.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bench::{REGROW, nowhere, scratch_servers};

const CHAPTERS: [&str; 3] =
    ["first-projection.md", "change-a-projection.md", "new-event-version.md"];

/// Pages that begin with a database of their own.
const STORES: [&str; 2] = ["emmett.md", "marten.md"];

/// Where the pages say that the reader is.
const HOME: &str = "/home/you";

/// Printed by the shell after each command.
const MARK: char = '\u{1}';

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a page asks for.
#[derive(Debug, PartialEq)]
enum Part {
    /// A block under a line that ends with a path: `projections/shelf/handlers.sql`:
    File { path: String, text: String },
    /// A block of commands, each with what it prints.
    Session(Vec<(String, String)>),
}

/// The parts of a page in their order. A block that is neither a session nor under a path is only read.
fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut above = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if kind == "console" {
                parts.push(Part::Session(session(&block)));
            } else if let Some((_, path)) =
                above.strip_suffix("`:").and_then(|l| l.rsplit_once('`'))
            {
                parts.push(Part::File { path: path.to_owned(), text: block.join("\n") + "\n" });
            }
            above = "";
        } else if !line.is_empty() {
            above = line;
        }
    }
    parts
}

fn session(block: &[&str]) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((command, output))) if output.is_empty() && command.ends_with('\\') => {
                *command += &format!("\n{line}");
            }
            (None, Some((_, output))) => *output += &format!("{line}\n"),
            (None, None) => panic!("a session begins with a command: {block:?}"),
        }
    }
    commands
}

/// A folder of the reader's, and the private server that the chapters start in it.
struct Reader {
    home: tempfile::TempDir,
    /// The folder below it where the last command left the shell.
    inside: PathBuf,
}

impl Reader {
    fn new() -> Reader {
        let home = tempfile::Builder::new().prefix("guide").tempdir_in("/tmp").unwrap();
        // Root's server runs as another user, who has to get through.
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(home.path().join("bin")).unwrap();
        symlink(REGROW, home.path().join("bin/regrow")).unwrap();
        Reader { inside: home.path().to_owned(), home }
    }

    /// A shell in which `regrow` is the binary under test, and no server is named.
    fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("bash");
        nowhere(&mut command);
        let path = std::env::var("PATH").unwrap();
        command
            .args(["--noprofile", "--norc", "-c", script])
            .current_dir(&self.inside)
            .env("PATH", format!("{}:{path}", self.home.path().join("bin").display()))
            .env("PSQLRC", "/dev/null")
            .env("REGROW_SCRATCH", scratch_servers().folder)
            .stdin(Stdio::null());
        command
    }

    /// Runs the commands of a block in one shell; gives what each printed, on stdout or stderr.
    fn run(&mut self, commands: &[(String, String)]) -> Vec<String> {
        let mut script =
            format!("exec 2>&1\nmark() {{ local code=$?; printf '{MARK}'; return $code; }}\n");
        for (command, _) in commands {
            script += &format!("{command}\nmark\n");
        }
        script += "pwd\n";
        let output = self.shell(&script).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut printed: Vec<String> = text.split(MARK).map(str::to_owned).collect();
        let inside = printed.pop().unwrap();
        self.inside = PathBuf::from(inside.trim_end());
        assert_eq!(printed.len(), commands.len(), "{text}");
        printed
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.shell("regrow dev stop").output();
        if let Ok(outside) = fs::read_to_string(self.inside.join(".regrow/where")) {
            let _ = fs::remove_dir_all(outside.trim());
        }
    }
}

/// A text without what is another each time (times, rates, process ids, widths of columns), and without the
/// empty line that psql prints at the end of a table.
fn plain(text: &str, home: &Path) -> Vec<String> {
    text.trim_end()
        .replace(home.to_str().unwrap(), HOME)
        .lines()
        .filter(|line| !is_progress(line))
        .map(|line| {
            let indent = &line[..line.len() - line.trim_start().len()];
            let mut words: Vec<String> = Vec::new();
            for word in line.split_whitespace() {
                let bare = word.trim_end_matches([',', ';', ':', ')']);
                let number = |word: &str| {
                    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || ",.".contains(c))
                };
                match words.last_mut() {
                    Some(last) if ["ms", "s", "min"].contains(&bare) && number(last) => {
                        "TIME".clone_into(last);
                        words.push(word[bare.len()..].to_owned());
                    }
                    Some(last) if last == "pid" => words.push("PID".to_owned()),
                    _ if bare.ends_with("/s") => words.push("RATE".to_owned()),
                    _ if is_moment(bare) => words.push("MOMENT".to_owned()),
                    _ => words.push(word.to_owned()),
                }
            }
            words.retain(|word| !word.is_empty());
            format!("{indent}{}", words.join(" "))
        })
        .collect()
}

/// Whether a terminal would show a bar in its place, or a line is the one that names the server: the pages say that
/// these are left out.
fn is_progress(line: &str) -> bool {
    let stages = ["create", "replay", "finish", "catch up", "check", "verify", "promote", "follow"];
    let stage = line.split_once(": ").is_some_and(|(build, stage)| {
        build.contains("__b") && !build.contains(' ') && stages.contains(&stage)
    });
    stage || line.starts_with("server: ")
}

/// `2026-11-30`, `04:44:13.906611+00` or `2026-11-30T04:44:13Z`.
fn is_moment(word: &str) -> bool {
    let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.starts_with("0000-00-00") || shape.starts_with("00:00:00")
}

/// Types a page, and compares what each command prints with what the page shows.
fn types(reader: &mut Reader, chapter: &str) {
    let page = fs::read_to_string(root().join("docs/guide").join(chapter)).unwrap();
    for part in parts(&page) {
        match part {
            Part::File { path, text } => {
                let path = reader.inside.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Part::Session(commands) => {
                let printed = reader.run(&commands);
                for ((command, shown), printed) in commands.iter().zip(printed) {
                    let home = reader.home.path();
                    assert_eq!(
                        plain(&printed, home),
                        plain(shown, home),
                        "{chapter}: {command}\nprints:\n{printed}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_first_chapters_print_what_they_show() {
    let mut reader = Reader::new();
    for chapter in CHAPTERS {
        types(&mut reader, chapter);
    }
}

/// The logs are in the repository, which the reader has beside the project.
#[test]
fn the_pages_of_stores_print_what_they_show() {
    for chapter in STORES {
        let mut reader = Reader::new();
        symlink(root(), reader.home.path().join("regrow")).unwrap();
        types(&mut reader, chapter);
    }
}

#[test]
fn what_is_typed_and_what_is_compared() {
    let page = "A file, `a/b.sql`:\n\n```sql\nSELECT 1;\n```\n\n```console\n$ regrow a \\\n  b\nx\n  y\n$ c\n```\n";
    assert_eq!(
        parts(page),
        [
            Part::File { path: "a/b.sql".to_owned(), text: "SELECT 1;\n".to_owned() },
            Part::Session(vec![
                ("regrow a \\\n  b".to_owned(), "x\n  y\n".to_owned()),
                ("c".to_owned(), String::new()),
            ]),
        ]
    );
    let home = Path::new("/tmp/x");
    let same = |one: &str, other: &str| plain(one, home) == plain(other, home);
    assert!(same(
        "a__b1: replay\nat /tmp/x/y 3 events in 1.8 s (3/s), z",
        "at /home/you/y 3 events in 20 ms (1,000/s), z"
    ));
    assert!(!same("4 events in 1.8 s", "3 events in 1.8 s"));
    assert!(!same("  next", "next"));
    assert!(!same("a\nb", "a"));
}

/// Every document that a reader may open.
fn documents() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name)).into();
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|e| e == "md") => found.push(path),
                false => {}
            }
        }
    }
    found
}

/// The anchor that a heading gets: lower case, spaces as dashes, other marks gone.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let text = line.trim_start_matches('#').trim().to_lowercase();
            let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// Where the links of a page lead, without those of code.
fn links(page: &str) -> Vec<String> {
    let mut code = false;
    let mut found = Vec::new();
    for line in page.lines() {
        if line.starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        let ends = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        found.extend(ends.map(|(link, _)| link.to_owned()));
    }
    found
}

#[test]
fn no_link_of_a_document_leads_nowhere() {
    let mut dead = Vec::new();
    for document in documents() {
        let page = fs::read_to_string(&document).unwrap();
        for link in links(&page) {
            if link.starts_with("https://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => document.clone(),
                _ => document.parent().unwrap().join(path),
            };
            let there = match anchor {
                "" => target.exists(),
                _ => fs::read_to_string(&target).is_ok_and(|page| anchors(&page).contains(anchor)),
            };
            if !there {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

/// The book has every page of docs/ but the decisions, which it lists by their folder.
#[test]
fn the_book_has_every_page() {
    let docs = root().join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<PathBuf> =
        links(&summary).into_iter().map(|link| docs.join(link)).collect();
    let pages = documents().into_iter().filter(|path| path.starts_with(&docs));
    let pages = pages
        .filter(|path| !path.starts_with(docs.join("decisions")) && !path.ends_with("SUMMARY.md"));
    assert_eq!(listed, pages.collect());
}
