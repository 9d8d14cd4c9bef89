//! What a shell and `man` know of the commands.

use std::process::Command;

use crate::bench::REGROW;
use crate::face::{commands, help};

/// What bash offers behind a line that was typed so far.
fn offered(words: &[&str]) -> Vec<String> {
    let script = "source <(\"$0\" completions bash) && COMP_WORDS=(\"$@\") && COMP_CWORD=$(($# - 1)) && \
                  _regrow regrow \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\" && \
                  printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["-c", script, REGROW]).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_completes_every_command_and_its_options() {
    let all = offered(&["regrow", ""]);
    for command in commands() {
        assert!(all.contains(&command), "{command}: {all:?}");
    }
    assert_eq!(offered(&["regrow", "unp"]), ["unpause"]);
    assert!(offered(&["regrow", "rebuild", "--pre"]).contains(&"--preflight".to_owned()));
    for shell in ["fish", "elvish", "powershell", "zsh"] {
        assert!(help(&["completions", shell]).contains("as-of"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page_that_groff_can_set() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("man1");
    let told = help(&["man", at.to_str().unwrap()]);
    for command in commands() {
        let page = std::fs::read_to_string(at.join(format!("regrow-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{page}");
        let Ok(set) = Command::new("groff")
            .args(["-man", "-ww", "-z"])
            .arg(at.join(format!("regrow-{command}.1")))
            .output()
        else {
            continue;
        };
        assert_eq!(String::from_utf8_lossy(&set.stderr), "", "{command}");
    }
    let pages = std::fs::read_dir(&at).unwrap().count();
    assert!(told.starts_with(&format!("{pages} manual pages written to ")), "{told}");
}
