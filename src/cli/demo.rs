//! `regrow demo`

use super::complaint::Complaint;
use super::{Answer, Global};

/// Placeholder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Global, _: &Args) -> Answer {
    Err(Complaint::usage("soon"))
}
