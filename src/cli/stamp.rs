//! `regrow stamp`

use super::invocation::Invocation;
use super::lineages::Wait;
use super::{Answer, Global, lineages, output};
use crate::error::exit_code::Code;
use crate::migrate::{self, Options, offline};
use crate::report::migration::{ScriptReport, StampReport};
use crate::revision::EVENT_STORE;

/// Say where the event store stands, without running anything.
///
/// For a database that was set up by other means. Each target replaces where the history
/// stands on its own branch. 'regrow check --live' then compares the schema with what the
/// files make.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow stamp head\n  regrow stamp base --purge\n  regrow stamp --from-alembic"
)]
pub(crate) struct Args {
    /// head, heads, base, a version, the beginning of one or of a slug.
    #[arg(required_unless_present = "from_alembic", value_name = "TARGET")]
    targets: Vec<String>,
    /// Stand where Alembic's table says: at the revisions whose heads name its ids, as
    /// '-- alembic: ae1027a6acf' does. TABLE is alembic_version, wherever it lies.
    #[arg(long, value_name = "TABLE", num_args = 0..=1, conflicts_with_all = ["targets", "sql"])]
    from_alembic: Option<Option<String>>,
    /// Forget everything recorded first, also what no file is known for.
    #[arg(long)]
    purge: bool,
    #[command(flatten)]
    wait: Wait,
    /// Print a script for psql instead; asks no server.
    #[arg(long, conflicts_with = "purge")]
    sql: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let project = global.project()?;
    let mut lineage = None;
    let mut targets = Vec::new();
    for text in &args.targets {
        let (name, target) = migrate::target(&project, lineage.as_deref(), Some(text))?;
        lineage = Some(name);
        targets.push(target);
    }
    let lineage = lineage.unwrap_or_else(|| EVENT_STORE.to_owned());
    if args.sql {
        lineages::only_event_store(&project, &lineage)?;
        let files = migrate::lineage(&project, &lineage)?;
        let (schema, owner) = (project.config.event_store_schema(), project.config.owner());
        let script = offline::stamp_script(files, (&schema, owner.as_ref()), None, &targets)?;
        if global.json {
            output::report(&ScriptReport { lineage, sql: script });
        } else {
            output::line(script.trim_end());
        }
        return Ok(Code::Done);
    }
    let invocation = Invocation::with_project(global, project)?;
    invocation.say_where(global);
    if let Some(table) = &args.from_alembic {
        targets = migrate::alembic::targets(&invocation.context, table.as_deref())?;
    }
    let options = Options { wait: args.wait.time(), ..Options::default() };
    let (stamp, report) =
        migrate::stamp(&invocation.context, &lineage, &targets, args.purge, &options)?;
    if global.json {
        let (added, removed) = (stamp.add, stamp.remove);
        output::report(&StampReport { lineage, at: report.at, added, removed });
    } else {
        let at = if report.at.is_empty() { "base".to_owned() } else { report.at.join(" and ") };
        output::line(format!("{lineage} is said to be at {at}; nothing was run"));
    }
    Ok(Code::Done)
}
