#!/usr/bin/env bash
# Everything that has to hold before a commit: format, lints, documentation, tests.
# Arguments go to the last `cargo test`: a part of a test's name, or `-- --nocapture`.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
need_alembic
need_pgbouncer
need_browser
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

run cargo fmt --check
# The program as it is released; tests and benchmarks are looked at below, with what they need.
build cargo clippy --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" build cargo doc --no-deps --locked
# Everything runs with the faults that a feature compiles in: where no test asks for one, the program does
# what it does without them, and one binary is built instead of two.
build cargo clippy --all-targets --features failpoints --locked -- -D warnings
build cargo test --locked --features failpoints --no-run

# The documentation's tests first, because there may be none, and the last summary is the one that
# is read. Then the library, the binary and tests/, in cargo's order.
run cargo test --locked --features failpoints --doc
# Tests wait for servers and for each other: one more of them than there are cores keeps the cores busy.
export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) + 1))}
# Those of Citus need a server that has the extension, which no registry has.
left_out=()
if [ -z "${REGROW_CITUS_BIN-}" ]; then
    echo "left out, since no server with Citus is named: the tests citus::*, which scripts/citus.sh runs" >&2
    case " $* " in
    *" -- "*) left_out=(--skip citus::) ;;
    *) left_out=(-- --skip citus::) ;;
    esac
fi
run cargo test --locked --features failpoints --tests "$@" "${left_out[@]}"
