#!/usr/bin/env bash
# Both engines on random projections and logs: scripts/agreement.sh [CASES [SEED]]
# Without a seed each run begins somewhere else. A case that differs is printed and written to a
# folder; REGROW_AGREEMENT_REPLAY=FOLDER scripts/agreement.sh runs it again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

REGROW_AGREEMENT_CASES=${1:-20000}
REGROW_AGREEMENT_SEED=${2:-$(date +%s)000}
export REGROW_AGREEMENT_CASES REGROW_AGREEMENT_SEED
echo "agreement: $REGROW_AGREEMENT_CASES cases from seed $REGROW_AGREEMENT_SEED"
cargo test --locked --test it -- agreement::both_engines_agree --exact --nocapture
