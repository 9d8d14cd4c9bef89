#!/usr/bin/env bash
# Both engines on random projections and logs: scripts/agreement.sh [CASES [SEED]]
# Without a seed each run begins somewhere else. The cases are shared by as many processes as there
# are cores, each of which says every 1,000 cases how far it is. A case that differs is printed and
# written to a folder; REGROW_AGREEMENT_REPLAY=FOLDER scripts/agreement.sh 1 runs it again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

cases=${1:-20000}
seed=${2:-$(date +%s)000}
processes=$(nproc)
if [ "$cases" -lt "$processes" ]; then processes=1; fi
built=$(cargo test --locked --test it --no-run 2>&1 | tee >(cat >&2))
test=$(sed -n 's/.*Executable tests.it.main.rs (\(.*\))$/\1/p' <<<"$built")

told=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$told"' EXIT
for ((n = 0; n < processes; n++)); do
    first=$((seed + cases * n / processes))
    share=$((seed + cases * (n + 1) / processes - first))
    echo "agreement: $share cases from seed $first"
    REGROW_AGREEMENT_CASES=$share REGROW_AGREEMENT_SEED=$first \
        "$test" agreement::both_engines_agree --exact --nocapture >"$told/$n" &
    pids+=($!)
done
failed=0
for ((n = 0; n < processes; n++)); do
    wait "${pids[n]}" || failed=1
    cat "$told/$n"
done
exit $failed
