//! The service: what `regrow run --listen` answers by HTTP, for Prometheus, a load balancer and people.
//!
//! A thread of its own looks at the ledger and the log every second, with sessions of its own (`watch`), and puts
//! what it finds on a board (`board`). Requests are answered from the board by another thread, in which nothing talks
//! to a server (`http`): `metrics` for Prometheus, `readiness` for a load balancer, `page` for people,
//! and the report of `status` for programs. Everything is read-only, and every process that listens tells what the
//! ledger says, not what it does itself.

mod address;
mod board;
mod connections;
mod history;
mod http;
mod metrics;
mod page;
mod plot;
mod readiness;
mod watch;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::context::Context;
use crate::progress::{Interrupt, Progress};
use board::Board;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The address is none.
    #[error("{address:?} is no address to listen on: {reason}")]
    Address {
        /// What was given.
        address: String,
        /// Why.
        reason: String,
    },
    /// It cannot be listened on.
    #[error("{address} cannot be listened on: {reason}")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        reason: String,
    },
}

/// What is served until it is dropped.
pub struct Service {
    board: Arc<Board>,
    address: SocketAddr,
    ended: Interrupt,
}

impl Service {
    /// Listens on an address (`9464`, `host:9464`; a bare port is one of this machine alone) and answers from then on.
    ///
    /// # Errors
    /// It is no address, or somebody else has it.
    pub fn start(context: &Context, address: &str) -> Result<Service, ServiceError> {
        let listener = address::listen(address)?;
        let refused = |error: std::io::Error| ServiceError::Listen {
            address: address.to_owned(),
            reason: error.to_string(),
        };
        let own = listener.local_addr().map_err(refused)?;
        let ended = Interrupt::new();
        let board = Arc::new(Board::of(context));
        http::answer(listener, board.clone()).map_err(refused)?;
        watch::begin(context.clone(), board.clone(), ended.clone()).map_err(refused)?;
        context.note(&Progress::Note(format!("listening on http://{own}/")));
        Ok(Service { board, address: own, ended })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Why this process is not ready, if it is not.
    #[must_use]
    pub fn unready(&self) -> Vec<String> {
        readiness::of_process(&self.board.view())
    }
}

impl Drop for Service {
    /// Nothing is asked of a server any more. The thread that answers goes with the process.
    fn drop(&mut self) {
        self.ended.raise();
    }
}
