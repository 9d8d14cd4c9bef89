//! The `regrow` command; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    regrow::cli::main()
}
