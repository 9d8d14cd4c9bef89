//! Everything together, against real PostgreSQL: one binary, so that linking is paid once.
//!
//! The tests share one private cluster, started by the first that needs it and stopped by its
//! guard when the process ends, however it ends. Each test has a database and a project
//! folder of its own, so they run in parallel.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on fails"
)]
#![allow(dead_code, reason = "the workbench is shared by tests that do not use all of it")]

mod bench;

mod acting;
mod addresses;
mod agreement;
mod alembic;
mod as_of;
mod bad_input;
mod browser;
mod build_report;
mod cells;
mod check_events;
mod circles;
mod citus;
mod cluster;
mod codes;
mod connections;
mod encodings;
mod endings;
mod engine;
mod envelope;
mod every_server;
mod explain;
mod extension_inside;
mod face;
mod first_light;
mod floors;
mod guide;
mod hazards;
mod headers;
mod hooks;
mod identity;
mod json;
mod kept;
mod layers;
mod ledger_schema;
mod library;
mod lineages;
mod log_lines;
mod lost_output;
mod merges;
mod messages;
mod names;
mod native;
mod next_step;
mod outside;
mod parked;
mod poison;
mod preflight;
mod presets;
mod preview;
mod projection_test;
mod real_logs;
mod repair;
mod retired;
mod roles;
mod scaffold;
mod schema_diff;
mod secrets;
mod service;
mod settings;
mod shells;
mod skipped;
mod soak;
mod squats;
mod stages;
mod steer;
mod stops;
mod stored;
mod strangers;
mod tls;
mod trace;
mod types;
mod undetermined;
mod upgraded_server;
mod values;
mod verify;
mod wait;
mod watched;
