//! The rules of `squawk-linter`.
//!
//! Owns which of them hold for which profile. A statement that its parser does
//! not understand is taken out of the text before the rules see it.

use squawk_linter::{Linter as Squawker, Rule, Violation};

use super::{Finding, Linter, Profile, Script};
use crate::ddl::parse;
use crate::handler;
use crate::source::{SourceFile, Span};

/// Squawk behind our trait.
pub(super) struct Squawk;

/// What PostgreSQL refuses or cuts silently, whoever uses the tables.
const ALWAYS: [Rule; 5] = [
    Rule::IdentifierTooLong,
    Rule::TransactionNesting,
    Rule::BanUncommittedTransaction,
    Rule::BanConcurrentIndexCreationInTransaction,
    Rule::BanDuplicateColumnAssignments,
];

/// What an append feels or fails by, and what loses data.
///
/// Left out, since regrow does it itself: `require-lock-timeout` and
/// `require-statement-timeout` (each attempt runs under timeouts),
/// `prefer-robust-stmts` (a revision and its history row commit together, so
/// `IF NOT EXISTS` would only hide a drift). Left out as matters of taste:
/// `prefer-text-field`, `prefer-bigint-over-int`, `prefer-bigint-over-smallint`,
/// `prefer-identity`, `prefer-timestamp-tz`, `ban-char-field`, `prefer-repack`,
/// `require-table-schema` (a lineage has its schema as the search path),
/// `require-enum-value-ordering`. Left out as twins: `adding-foreign-key-constraint`,
/// `disallowed-unique-constraint` and `adding-serial-primary-key-field`, for
/// `constraint-missing-not-valid` and our own `log-rewrite` speak of the same
/// statements. Left out because dropping or changing them touches neither rows
/// nor an append that does not name them: views, functions, types, policies,
/// roles, rights, extensions, domains.
const STRICT: [Rule; 24] = [
    Rule::RequireConcurrentIndexCreation,
    Rule::RequireConcurrentIndexDeletion,
    Rule::RequireConcurrentReindex,
    Rule::RequireConcurrentPartitionDetach,
    Rule::ConstraintMissingNotValid,
    Rule::AddingFieldWithDefault,
    Rule::AddingNotNullableField,
    Rule::AddingRequiredField,
    Rule::ChangingColumnType,
    Rule::RenamingColumn,
    Rule::RenamingTable,
    Rule::BanSetSchema,
    Rule::BanDropDatabase,
    Rule::BanDropSchema,
    Rule::BanDropTable,
    Rule::BanDropColumn,
    Rule::BanDropSequence,
    Rule::BanTruncateCascade,
    Rule::BanDropDefault,
    Rule::BanDropNotNull,
    Rule::BanAlterIdentity,
    Rule::BanDropGeneratedExpression,
    Rule::BanAlterSequenceValues,
    Rule::BanDisableTrigger,
];

/// Whether squawk has a rule of this name, in use here or not.
pub(super) fn is_rule(name: &str) -> bool {
    Rule::try_from(name).is_ok()
}

/// Whether a rule is about what PostgreSQL refuses or cuts, whoever uses the tables.
pub(super) fn holds_always(rule: &str) -> bool {
    ALWAYS.iter().any(|always| always.to_string() == rule)
}

/// Our own rules that tell the risk of one of squawk's.
pub(super) fn told_by(rule: &str) -> Option<&'static [&'static str]> {
    Some(match rule {
        "require-concurrent-index-creation"
        | "require-concurrent-reindex"
        | "constraint-missing-not-valid"
        | "adding-field-with-default"
        | "adding-not-nullable-field"
        | "changing-column-type" => &["log-rewrite"],
        "ban-drop-table" | "ban-drop-column" | "ban-drop-schema" | "ban-truncate-cascade" => {
            &["append-only-log"]
        }
        "ban-concurrent-index-creation-in-transaction" => &["concurrently-in-transaction"],
        "transaction-nesting" => &["transaction-control"],
        _ => return None,
    })
}

impl Linter for Squawk {
    fn findings(&self, script: &Script<'_>) -> Vec<Finding> {
        let text = understood(script.file);
        let Some(parse) = parse::text(&text) else { return Vec::new() };
        let strict: &[Rule] = match script.profile {
            Profile::Strict { .. } => &STRICT,
            Profile::Relaxed => &[],
        };
        let mut squawker = Squawker::from(ALWAYS.iter().chain(strict).copied());
        squawker.settings.assume_in_transaction = !script.outside_transaction;
        let violations = squawker.lint(&parse, &text);
        violations.into_iter().map(|violation| finding(script, violation)).collect()
    }
}

fn finding(script: &Script<'_>, violation: Violation) -> Finding {
    let span = violation.text_range.start().into()..violation.text_range.end().into();
    // A rule that its own ignore comment names wrongly.
    let rule = match violation.code {
        Rule::UnusedIgnore => "unknown-rule".to_owned(),
        rule => rule.to_string(),
    };
    script.finding(span, &rule, violation.message, violation.help)
}

/// The file's text with blanks for what the parser does not understand.
fn understood(file: &SourceFile) -> String {
    let mut text = file.text.clone();
    let mut hide = |span: Span| {
        let blank = |byte| if byte == b'\n' { '\n' } else { ' ' };
        let blanks: String = text[span.clone()].bytes().map(blank).collect();
        text.replace_range(span, &blanks);
    };
    for handler::Cut { span, rows } in handler::cut(file).unwrap_or_default() {
        if let Some(rows) = rows {
            // With the line that ends them.
            hide(span.start..rows.end + "\\.".len());
        } else if !parse::is_understood(&file.text[span.clone()]) {
            hide(span);
        }
    }
    text
}
