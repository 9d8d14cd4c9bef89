#!/usr/bin/env bash
# The tests that touch the server, on each major version that is promised, and the table of what came of it:
# scripts/versions.sh [--quick|--least] [MAJOR...]     14 15 16 17 18 where none is named
# Servers are had from the registries once (scripts/servers.sh); the tests are built once. What each version's tests
# said is kept in target/versions/<major>.log. The demo's read models, by both engines and with the cast of payloads, have to
# be the same text on all: the test every_server knows their sums.
# --quick runs what depends on a server's version most; --least the demo by both engines and with the cast, a first
# rebuild, and a server that is upgraded while it runs.
# Left out are faults (scripts/hazards.sh) and agreement (scripts/agreement.sh), for which REGROW_PG_BIN names a server
# as well, and what is about the program and its files more than about the server.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/servers.sh
. scripts/servers.sh

quick=(cells:: engine:: every_server:: extension_inside:: first_light:: lineages::dumps lineages::drift native::
    roles::belongings roles::views schema_diff:: settings:: stored:: strangers:: types:: upgraded_server::
    values::clock values::extensions values::floats values::types)
least=(every_server:: first_light:: upgraded_server::)
left_out=(agreement:: alembic:: bad_input:: citus:: cluster:: floors:: hazards:: outside:: preflight:: real_logs:: service::
    shells:: tls::)

parts=()
for part in "${left_out[@]}"; do parts+=(--skip "$part"); done
case ${1-} in
--quick) parts=("${quick[@]}") && shift ;;
--least) parts=("${least[@]}") && shift ;;
esac
majors=("$@")
[ $# -gt 0 ] || majors=("${server_majors[@]}")
need_servers "${majors[@]}"
servers=$(servers_folder)
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

logs=$root/target/versions
mkdir -p "$logs"
# Cargo says where the tests are on its standard error.
# shellcheck disable=SC2317
compile() {
    cargo test --locked --features failpoints --test it --no-run 2>"$logs/build.log"
}
build compile || { cat "$logs/build.log" >&2; exit 1; }
test=$(sed -n 's/.*Executable tests.it.main.rs (\(.*\))$/\1/p' "$logs/build.log")

# shellcheck disable=SC2317
on_server() {
    REGROW_PG_BIN=$servers/$1/bin RUST_BACKTRACE=0 nice -n 5 "$test" "${parts[@]}" >"$logs/$1.log" 2>&1
}

status=0
for major in "${majors[@]}"; do
    echo "PostgreSQL $major ..." >&2
    began=$SECONDS
    code=0
    run on_server "$major" || code=$?
    echo $((SECONDS - began)) >"$logs/$major.seconds"
    [ "$code" = 0 ] || status=1
    [ "$code" = 0 ] || sed -n 's/^test \(.*\) \.\.\. FAILED.*/  failed: \1/p' "$logs/$major.log" >&2
done

echo "| PostgreSQL | passed | failed | took |"
echo "|---|---:|---:|---:|"
for major in "${majors[@]}"; do
    version=$("$servers/$major/bin/postgres" --version | sed 's/.*(PostgreSQL) \([0-9.]*\).*/\1/')
    # A run that ended before its summary has no figures, and failed.
    sum=$(sed -n 's/^test result: .* \([0-9]*\) passed; \([0-9]*\) failed;.*/\1 | \2/p' "$logs/$major.log")
    echo "| $version | ${sum:-- | ended early} | $(cat "$logs/$major.seconds") s |"
done
exit $status
