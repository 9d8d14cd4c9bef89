#!/usr/bin/env bash
# A follower for hours, one that is killed every 20 seconds, builds that are steered at random moments:
#   scripts/soak.sh memory [MINUTES]      120 where nothing is said: one follower, 2,000 appends a second; what it takes
#   scripts/soak.sh takeover [MINUTES]    60: two followers, the one at work is killed, the other goes on
#   scripts/soak.sh steering [RUNS]       200: pause, cancel, unpause and resume from elsewhere
#   scripts/soak.sh                       all three, one after another
# With the program as it is released. The first needs 15 GB in /tmp. Each prints its seed; REGROW_SEED=SEED runs it again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

number=${2:-}
case ${1-all} in
memory | takeover | steering) parts=("$1") ;;
all) parts=(steering takeover memory) ;;
*) complain "$1 is none of memory, takeover and steering" ;;
esac
case $number in
*[!0-9]*) complain "$number is no number" ;;
esac

# The seed is another one each time.
export REGROW_HAZARDS=release
# Built as scripts/hazards.sh builds it, so that one build serves both.
build cargo test --release --locked --features failpoints --test it --no-run
for part in "${parts[@]}"; do
    case $part in
    memory) export REGROW_SOAK_MINUTES=${number:-120} ;;
    takeover) export REGROW_SOAK_TAKEOVER_MINUTES=${number:-60} ;;
    steering) export REGROW_SOAK_RUNS=${number:-200} ;;
    esac
    run cargo test --release --locked --features failpoints --test it -- "soak::$part" --nocapture
done
