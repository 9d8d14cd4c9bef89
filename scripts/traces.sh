#!/usr/bin/env bash
# Traces of random rows of the agreement test's cases, each of which has to end with the row in the table:
# scripts/traces.sh [ROWS [SEED]]      2,000 where nothing is said
# Without a seed each run begins somewhere else. A case that fails is named with its seed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

export REGROW_TRACE_ROWS=${1:-2000} REGROW_TRACE_SEED=${2:-$(date +%s)000}
# Built as scripts/hazards.sh builds it, so that one build serves both.
build cargo test --release --locked --features failpoints --test it --no-run
echo "traces: $REGROW_TRACE_ROWS rows from seed $REGROW_TRACE_SEED"
run cargo test --release --locked --features failpoints --test it -- \
    agreement::traced::a_trace_ends_with_the_row_in_the_table --exact --nocapture
