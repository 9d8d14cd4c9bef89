//! `regrow demo`

use super::complaint::Complaint;
use super::{Answer, Global};

/// Placeholder.
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Global, _: &Args) -> Answer {
    Err(Complaint::usage("soon"))
}
