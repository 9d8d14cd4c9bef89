#!/usr/bin/env bash
# Every fault scenario as often as before a release, with the program as it is released, and the
# table of what came of it:
# scripts/hazards.sh [PART OF A TEST'S NAME...]
# With REGROW_HAZARDS=exhaustive every single round trip fails once, which takes a night.
# A run that fails prints its seed; REGROW_SEED=SEED scripts/hazards.sh NAME runs it again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
need_pgbouncer
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

parts=("$@")
[ $# -gt 0 ] || parts=(hazards watched::shapes)
table=$root/target/hazards.txt
mkdir -p "$root/target" && : >"$table"
export REGROW_HAZARDS=${REGROW_HAZARDS:-release} REGROW_HAZARDS_TABLE=$table

build cargo test --release --locked --features failpoints --test it --no-run
status=0
# Reads are timed while switches happen: that test has the machine for itself, before the others.
if [ $# = 0 ]; then
    run cargo test --release --locked --features failpoints --test it -- hazards::switches || status=$?
    run cargo test --release --locked --features failpoints --test it -- "${parts[@]}" --skip hazards::switches || status=$?
else
    run cargo test --release --locked --features failpoints --test it -- "${parts[@]}" || status=$?
fi

echo
echo "| scenario | runs | wrong rows | unhandled errors | took | |"
echo "|---|---:|---:|---:|---:|---|"
sort "$table" | sed 's/^/| /; s/ *$/ |/'
exit "$status"
