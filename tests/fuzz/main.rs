//! What people and other programs hand to regrow, made up and broken: nothing of it may end in a
//! panic, a hang, a stack overflow or memory without bound, and what is printed reads back as itself.
//!
//! `REGROW_FUZZ_CASES` is the number of cases a property is tried with (the default suits CI); a
//! long run is `REGROW_FUZZ_CASES=200000 cargo test --release --test fuzz -- --nocapture`.
//! `REGROW_FUZZ_SEED` repeats a run: each prints its own.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on fails"
)]

mod corpus;
mod deep;
mod files;
mod harness;
mod jq;
mod json;
mod lines;
mod secrets;
mod sql;
mod wire;
