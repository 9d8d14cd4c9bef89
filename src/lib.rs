//! regrow: versioned migrations and rebuilds of read models, for event-sourced systems on PostgreSQL.
//!
//! A project is a folder of SQL: revisions of the event store, projections with their handlers, upcasters for old
//! versions of events. [`Regrow`] opens one over a [`Server`] and does what the commands of `regrow` do: it brings the
//! event store up to date, replays the whole log into fresh tables of a projection, shows them to readers in
//! one transaction, and follows the log.
//!
//! ```no_run
//! # fn main() -> Result<(), regrow::Error> {
//! use regrow::{NewEvent, Regrow, Server};
//! use serde_json::json;
//!
//! let server = Server::parse("postgresql://app@localhost/shop")?;
//! let shop = Regrow::open("shop", &server)?;
//! shop.migrate()?;
//! shop.append("order-17", Some(-1), &[NewEvent::new("OrderCreated", json!({"order_id": "order-17"}))])?;
//! for outcome in shop.rebuild(&["order_summary"], true)? {
//!     println!("{}: {:?}", outcome.build.schema, outcome.result);
//! }
//! let follower = shop.follow();
//! // ... as long as the application runs ...
//! follower.stop()?;
//! # Ok(())
//! # }
//! ```
//!
//! - `examples/embed.rs` migrates when an application starts and follows in the background, with the project's
//!   files in the program.
//! - `examples/observer.rs` watches a rebuild.
//!
//! **Blocking.** Methods block until the work is done, and do it in a thread of their own, so they may be called
//! inside a tokio runtime; there they belong into `tokio::task::spawn_blocking`. [`Regrow::follow`] returns at once.
//!
//! **Errors.** There is one, [`Error`]: a sentence that names its objects, a [code](Error::code) that stays, and the
//! [next step](Error::next_step). docs/errors.md lists the codes. No message holds a payload.
//!
//! What is not listed here is not public: it may change with any release.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on should stop"))]

#[doc(hidden)]
pub mod anchor;
#[doc(hidden)]
pub mod event;
#[doc(hidden)]
pub mod failure;
#[doc(hidden)]
pub mod figures;
#[doc(hidden)]
pub mod html;
#[doc(hidden)]
pub mod ident;
#[doc(hidden)]
pub mod progress;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod value;
#[doc(hidden)]
pub mod visible;

mod spelling;

#[doc(hidden)]
pub mod cell;
#[doc(hidden)]
pub mod copy_format;
#[doc(hidden)]
pub mod ddl;
#[doc(hidden)]
pub mod definition;
#[doc(hidden)]
pub mod handler;
#[doc(hidden)]
pub mod lint;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod revision;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod upcast;

#[doc(hidden)]
pub mod bulk;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod context;
#[doc(hidden)]
pub mod dev_cluster;
#[doc(hidden)]
pub mod identity;
#[doc(hidden)]
pub mod ledger;
#[doc(hidden)]
pub mod log;
#[doc(hidden)]
pub mod pg;
#[doc(hidden)]
pub mod project;

#[doc(hidden)]
pub mod replay;

#[doc(hidden)]
pub mod adopt;
#[doc(hidden)]
pub mod as_of;
#[doc(hidden)]
pub mod autogenerate;
#[doc(hidden)]
pub mod build_report;
#[doc(hidden)]
pub mod census;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod demo;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod follow;
#[doc(hidden)]
pub mod in_place;
#[doc(hidden)]
pub mod migrate;
#[doc(hidden)]
pub mod parked;
#[doc(hidden)]
pub mod preflight;
#[doc(hidden)]
pub mod preview;
#[doc(hidden)]
pub mod projection_test;
#[doc(hidden)]
pub mod promote;
#[doc(hidden)]
pub mod rebuild;
#[doc(hidden)]
pub mod repair;
#[doc(hidden)]
pub mod scaffold;
#[doc(hidden)]
pub mod scratch;
#[doc(hidden)]
pub mod service;
#[doc(hidden)]
pub mod status;
#[doc(hidden)]
pub mod steer;
#[doc(hidden)]
pub mod trace;
#[doc(hidden)]
pub mod transfer;
#[doc(hidden)]
pub mod verify;
#[doc(hidden)]
pub mod verify_down;
#[doc(hidden)]
pub mod wait;

#[doc(hidden)]
pub mod cli;
mod regrow;

pub use crate::check::{Checked, Finding, Severity};
pub use crate::error::Error;
pub use crate::event::Position;
pub use crate::failure::Failure;
pub use crate::follow::Followed;
pub use crate::ledger::{Build, State};
pub use crate::log::append::NewEvent;
pub use crate::migrate::Report as Migrated;
pub use crate::pg::{PgError, Server};
pub use crate::progress::{Interrupt, Observer, Progress, Stage};
pub use crate::promote::{HookFailed, Promoted};
pub use crate::rebuild::{Outcome, Reached, RebuildError};
pub use crate::regrow::{Follower, Regrow};
pub use crate::status::{Next, Standing, Status};
