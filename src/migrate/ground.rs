//! The ground a run stands on: a lineage's schema on a server, with the deploy lock held.

use super::MigrateError;
use super::attempt::Attempts;
use super::deploy_lock::DeployLock;
use crate::ident::Ident;
use crate::pg::Server;
use crate::revision::Lineage;
use crate::site::Site;

/// Where revisions run, and how patiently.
pub(crate) struct Ground<'a> {
    pub(super) site: &'a Site,
    pub(super) lineage: &'a Lineage,
    pub(super) schema: &'a Ident,
    pub(super) lock: &'a DeployLock,
    pub(super) attempts: Attempts,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(
        site: &'a Site,
        server: &Server,
        lineage: &'a Lineage,
        schema: &'a Ident,
        lock: &'a DeployLock,
    ) -> Ground<'a> {
        Ground { site, lineage, schema, lock, attempts: Attempts::on(site, server) }
    }

    /// Whether nobody has asked to stop.
    pub(super) fn go_on(&self) -> Result<(), MigrateError> {
        self.attempts.go_on()
    }
}
