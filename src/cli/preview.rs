//! `regrow preview`

use super::invocation::Invocation;
use super::output::{grouped, table};
use super::{Answer, Global, output};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::ident::{Ident, quote_ident};
use crate::preview::{self, Previewed, Request};
use crate::promote::Place;
use crate::report::point::{PreviewDropped, PreviewList};

/// Show a build that readers do not see yet, in a schema of its own.
///
/// A new application can be deployed before the promote: it reads the preview, and the old one the views that it
/// knows. `regrow run` keeps both fresh. A promote leaves the preview as it is; while it is there the build is not
/// dropped.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    override_usage = "regrow preview <NAME> --publish <SCHEMA> [--build <BUILD>]\n       regrow preview list\n       regrow preview drop <SCHEMA>",
    after_help = "Examples:\n  regrow preview order_summary --publish next\n  regrow preview list\n  regrow preview drop next"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The projection.
    #[arg(value_name = "NAME", required = true)]
    name: Option<String>,
    /// The schema of the views; it must not be there yet.
    #[arg(long, value_name = "SCHEMA", required = true)]
    publish: Option<String>,
    /// The build, by its schema or its number; the newest that is ready if none is named.
    #[arg(long, value_name = "BUILD")]
    build: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List what is shown, and where.
    List,
    /// Take a preview away: its views and its schema. The build stays.
    Drop {
        /// The schema.
        #[arg(value_name = "SCHEMA")]
        schema: String,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    match &args.verb {
        Some(Verb::List) => {
            let invocation = Invocation::open(global)?;
            print_list(global, &preview::list(&invocation.context)?);
        }
        Some(Verb::Drop { schema }) => {
            let invocation = Invocation::open_to_change(global)?;
            let gone = preview::drop_schema(&invocation.context, schema)?;
            let build = gone.build.schema.to_string();
            match global.json {
                true => output::report(&PreviewDropped { publish: gone.publish, build }),
                false => output::line(match (gone.place.own(), &gone.place) {
                    (None, Place::Others) => format!(
                        "{build} is shown by no preview any more; the schema {schema} stays, since regrow did not make it"
                    ),
                    (Some(now), _) => format!("{now} is gone; {build} stays as it is"),
                    (None, _) => format!("{schema} is gone; {build} stays as it is"),
                }),
            }
        }
        None => return show(global, args),
    }
    Ok(Code::Done)
}

fn show(global: &Global, args: &Args) -> Answer {
    let (Some(name), Some(publish)) = (&args.name, &args.publish) else {
        return Err(Error::usage("NAME and --publish are needed"));
    };
    let publish = Ident::new(publish.clone())
        .map_err(|error| Error::usage(format!("--publish {publish}: {error}")))?;
    let invocation = Invocation::open_to_change(global)?;
    let request = Request { projection: name.clone(), build: args.build.clone(), publish };
    let shown = preview::show(&invocation.context, &request)?;
    invocation.reporter.finish();
    if global.json {
        output::report(&shown.report());
        return Ok(Code::Done);
    }
    let Previewed { publish, build, views, .. } = shown;
    let without = super::promote::without(build.parked, build.skipped);
    output::line(format!(
        "{publish} shows {}, which was at position {}{without}",
        build.schema,
        grouped(build.position.0)
    ));
    views.iter().for_each(|view| output::line(format!("  {view}")));
    output::note(format!(
        "next: GRANT USAGE ON SCHEMA {}, and SELECT on its views, to those who are to read it; regrow run keeps it fresh",
        quote_ident(&publish)
    ));
    Ok(Code::Done)
}

fn print_list(global: &Global, all: &[Previewed]) {
    if global.json {
        output::report(&PreviewList { previews: all.iter().map(Previewed::report).collect() });
        return;
    }
    if all.is_empty() {
        output::line("no build is shown by a preview");
        return;
    }
    let row = |one: &Previewed| {
        let build = &one.build;
        vec![
            super::as_of::called(&one.publish, &one.place),
            build.schema.to_string(),
            build.state.to_string(),
            grouped(build.position.0),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    output::line(table(&["SCHEMA", "BUILD", "STATE", "POSITION"], &rows));
}
