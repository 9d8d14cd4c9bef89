#!/usr/bin/env bash
# Rows made again at random moments, under appends and a follower, judged by SQL over the log:
# scripts/repairs.sh [REPAIRS]      10,000 where nothing is said
# REGROW_SEED=SEED runs the same again; without it the seed is new each time, and printed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export REGROW_REPAIRS=${1:-10000} REGROW_HAZARDS=${REGROW_HAZARDS:-release}
exec scripts/hazards.sh hazards::repairs
