#!/usr/bin/env bash
# How fast a rebuild replays against what one would write by hand, in one run on one private server.
#   scripts/bench.sh [--only NAMES] [--large] [EVENTS [ROUNDS]]
#   300000 events and 3 rounds where nothing is said; --help lists the names
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

build cargo bench --bench engines --locked --no-run
run cargo bench --quiet --bench engines --locked -- "$@"
