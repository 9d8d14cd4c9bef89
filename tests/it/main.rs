//! Everything together, against real PostgreSQL: one binary, so that linking is paid once.
//!
//! The tests share one private cluster, started by the first that needs it and stopped by its
//! guard when the process ends, however it ends. Each test has a database and a project
//! folder of its own, so they run in parallel.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on fails")]

mod bench;

mod first_light;
mod floors;
mod hazards;
