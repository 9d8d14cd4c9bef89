//! `regrow test`

use std::fmt::Write as _;
use std::path::PathBuf;

use super::invocation::Invocation;
use super::output::counted;
use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::projection_test::compare::Difference;
use crate::projection_test::{self, Tested, upcasters};

/// Run the tests of projections, given events and expected rows, and of upcasters, given events and expected ones.
///
/// A test is a file projections/NAME/tests/*.toml. Its events run through both engines in a scratch
/// database; nothing live is read or written. Tests of upcasters are files migrations/events/tests/*.toml. docs/testing.md has the format. Ends with 10 if a test fails.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  regrow test\n  regrow test order_summary --update\n  \
                  regrow test order_summary --record order-17\n  regrow test --junit tests.xml")]
pub(crate) struct Args {
    /// Projections; all of them without a name.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Run the tests of upcasters only: migrations/events/tests/*.toml. No server is needed for them.
    #[arg(long, conflicts_with_all = ["names", "record"])]
    upcasters: bool,
    /// Write what comes out into the files as what is expected.
    #[arg(long)]
    update: bool,
    /// Write a test from the events of a stream in the log, payloads included, and the rows they make.
    #[arg(long, value_name = "STREAM", conflicts_with_all = ["update", "junit"])]
    record: Option<String>,
    /// Write a report for a CI runner, too.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if let (Some(stream), names) = (&args.record, &args.names) {
        let [name] = names.as_slice() else {
            return Err(Error::usage("--record takes the name of one projection"));
        };
        let invocation = Invocation::open(global)?;
        let tested = projection_test::record(&invocation.context, name, stream)?;
        return Ok(print(global, &[tested]));
    }
    let invocation = Invocation::open(global)?;
    let mut tested = Vec::new();
    if args.names.is_empty() {
        tested = upcasters::run(&invocation.context, args.update)?;
    }
    if !args.upcasters {
        tested.extend(projection_test::run(&invocation.context, &args.names, args.update)?);
    }
    if let Some(path) = &args.junit {
        std::fs::write(path, junit(&tested)).map_err(|error| {
            Error::failed(format!("{} cannot be written: {error}", path.display()))
                .reason(Reason::FileUnwritable)
        })?;
    }
    Ok(print(global, &tested))
}

fn print(global: &Global, tested: &[Tested]) -> Code {
    let failed = tested.iter().filter(|one| !one.differences.is_empty()).count();
    if global.json {
        output::report(&projection_test::report(tested));
    } else {
        for one in tested {
            let verdict = match (one.differences.is_empty(), one.updated) {
                (false, _) => "FAILED",
                (true, true) => "written",
                (true, false) => "ok",
            };
            output::line(format!("test {}/{} ... {verdict}", one.projection, one.name));
            for difference in &one.differences {
                output::line(format!("  {}", sentence(difference)));
            }
        }
        match tested {
            [] => output::note(
                "no tests: they are files projections/NAME/tests/*.toml and migrations/events/tests/*.toml (docs/testing.md)",
            ),
            _ => output::line(format!(
                "{}: {} passed, {failed} failed",
                counted(tested.len(), "test", "tests"),
                tested.len() - failed
            )),
        }
    }
    if failed == 0 { Code::Done } else { Code::Unverified }
}

fn value(value: Option<&String>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |text| format!("{text:?}"))
}

fn row(row: &[(String, Option<String>)]) -> String {
    let pairs: Vec<String> =
        row.iter().map(|(column, of)| format!("{column}={}", value(of.as_ref()))).collect();
    pairs.join(" ")
}

fn sentence(difference: &Difference) -> String {
    match difference {
        Difference::Missing { table, row: missing } => {
            format!("{table}: no row {}", row(missing))
        }
        Difference::Unexpected { table, row: found } => {
            format!("{table}: a row that is not expected: {}", row(found))
        }
        Difference::Changed { table, key, column, expected, found } => format!(
            "{table} {}: {column} is {}, expected {}",
            row(key),
            value(found.as_ref()),
            value(expected.as_ref())
        ),
        Difference::Other(text) => text.clone(),
    }
}

/// The report that CI runners read: `testsuites`, `testsuite`, `testcase` and `failure` of JUnit's XML.
fn junit(tested: &[Tested]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    let mut suites: Vec<&str> = tested.iter().map(|one| one.projection.as_str()).collect();
    suites.dedup();
    for suite in suites {
        let of: Vec<&Tested> = tested.iter().filter(|one| one.projection == suite).collect();
        let failed = of.iter().filter(|one| !one.differences.is_empty()).count();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
            escaped(suite),
            of.len()
        );
        for one in of {
            let (name, file) = (escaped(&one.name), escaped(&one.file));
            let class = escaped(suite);
            if one.differences.is_empty() {
                let _ = writeln!(
                    text,
                    "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\"/>"
                );
                continue;
            }
            let all: Vec<String> = one.differences.iter().map(sentence).collect();
            let _ = writeln!(
                text,
                "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\">\n      \
                 <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(&all[0]),
                escaped(&all.join("\n"))
            );
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// Text of XML: what is markup, and what may not stand in a document at all.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&crate::visible::one_line(&c.to_string()));
            }
            c => out.push(c),
        }
    }
    out
}
