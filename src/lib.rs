#![doc = include_str!("../ARCHITECTURE.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on should stop"))]

pub mod anchor;
pub mod event;
pub mod failure;
pub mod ident;
pub mod progress;
pub mod source;
pub mod value;
pub mod visible;

pub mod cell;
pub mod copy_format;
pub mod ddl;
pub mod definition;
pub mod handler;
pub mod lint;
pub mod revision;
pub mod schema;
pub mod upcast;

pub mod bulk;
pub mod config;
pub mod dev_cluster;
pub mod identity;
pub mod ledger;
pub mod log;
pub mod pg;
pub mod project;
pub mod site;

pub mod replay;

pub mod autogenerate;
pub mod census;
pub mod check;
pub mod demo;
pub mod follow;
pub mod in_place;
pub mod migrate;
pub mod preflight;
pub mod promote;
pub mod rebuild;
pub mod scratch;
pub mod status;
pub mod transfer;
pub mod verify_down;

pub mod cli;
