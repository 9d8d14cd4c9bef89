//! Names in a projection's files: those PostgreSQL would cut, and what rebuilds depend on.
//!
//! A build's schema always fits: a project with a longer projection name is not read at all.

use super::{Code, Finding};
use crate::ident::MAX_BYTES;
use crate::lint::{self, Profile, Script};
use crate::project::{Project, ProjectError};
use crate::source::SourceFile;

/// The lint that knows what in a statement is a name.
const RULE: &str = "identifier-too-long";

/// Looks through the lineages of some projections.
pub(super) fn look(project: &Project, names: &[String]) -> Result<Vec<Finding>, ProjectError> {
    let mut found = Vec::new();
    for name in names {
        let known = project.known(name)?;
        found.extend(known.settings.reads.iter().map(|relation| depends_on(name, relation)));
        let files = &known.schema;
        let up = files.iter().filter(|file| !file.path.ends_with(".down.sql"));
        found.extend(up.filter(|file| may_have_long_names(&file.text)).flat_map(long_names));
    }
    Ok(found)
}

/// What `projection.toml` says that a rebuild depends on besides the log and the definition.
fn depends_on(projection: &str, relation: &str) -> Finding {
    let message = format!(
        "a rebuild of {projection} depends on {relation}: when it changes, the same events give other rows"
    );
    let next = "nothing, if that is meant; else bring what is read in by events";
    Finding::note(Code::DependsOn, projection, message, next)
}

/// Whether a file is worth to be parsed, which takes a thousand times as long as to look at it.
fn may_have_long_names(text: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || "(),;\"".contains(c);
    text.split(ends).any(|word| word.len() > MAX_BYTES)
        || text.split('"').any(|piece| piece.len() > MAX_BYTES && !piece.contains('\n'))
}

fn long_names(file: &SourceFile) -> Vec<Finding> {
    let script = Script { file, outside_transaction: false, profile: &Profile::Relaxed };
    let long = lint::lint(&script).into_iter().filter(|finding| finding.rule == RULE);
    let told = long.map(|finding| {
        let name = &file.text[finding.span.clone()];
        let message = format!(
            "{}: the name {name} has more than {MAX_BYTES} bytes, and PostgreSQL keeps no more",
            finding.place
        );
        let object = finding.place.to_string();
        if is_relation(&file.text[..finding.span.start]) {
            return Finding::refused(Code::LongName, object, message, "give it a shorter name");
        }
        let next = "give it a shorter name, or write it as PostgreSQL will cut it";
        Finding::warning(Code::NameCut, object, message, next)
    });
    told.collect()
}

/// Whether what comes next is the name of a table or view, to judge by the words before it in its
/// statement.
fn is_relation(before: &str) -> bool {
    let statement = before.rsplit(';').next().unwrap_or_default().to_ascii_uppercase();
    // `CREATE TABLE app.` names a table all the same.
    let head = statement.trim_end().trim_end_matches(|c: char| !c.is_whitespace() && c != '(');
    let head = if statement.trim_end().ends_with('.') { head } else { statement.as_str() };
    let words: Vec<&str> = head.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    let other = ["INDEX", "COLUMN", "CONSTRAINT", "ON", "REFERENCES", "FUNCTION", "TRIGGER"];
    !head.contains('(')
        && (has("TABLE") || has("VIEW"))
        && !other.into_iter().any(has)
        && words.last().is_some_and(|w| ["TABLE", "VIEW", "EXISTS", "TO"].contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::Severity;

    fn check(sql: &str, expect: &[(Severity, Code)]) {
        let file = SourceFile::new("V1__x.sql", sql.replace("LONG", &"x".repeat(64)));
        assert!(expect.is_empty() || may_have_long_names(&file.text), "{sql}");
        let found: Vec<_> = long_names(&file).iter().map(|f| (f.severity, f.code)).collect();
        assert_eq!(found, expect, "{sql}");
    }

    #[test]
    fn names_of_tables_and_views_are_told_from_others() {
        let (refused, cut) =
            ((Severity::Refused, Code::LongName), (Severity::Warning, Code::NameCut));
        check("CREATE TABLE orders (id text);", &[]);
        check("CREATE TABLE LONG (id text);", &[refused]);
        check("SELECT 1;\nCREATE TABLE IF NOT EXISTS \"LONG\" (id text);", &[refused]);
        check("CREATE VIEW LONG AS SELECT 1;", &[refused]);
        check("ALTER TABLE a RENAME TO LONG;", &[refused]);
        check("CREATE TABLE a (LONG text);", &[cut]);
        check("ALTER TABLE a ADD COLUMN LONG text;", &[cut]);
        check("CREATE INDEX LONG ON a (b);", &[cut]);
    }
}
