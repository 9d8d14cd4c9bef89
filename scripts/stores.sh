#!/usr/bin/env bash
# Live with the libraries themselves: each of them appends, by several processes with several threads, while
# `regrow run` follows and a second build takes readers over. At the end every row of both builds has to be what SQL
# makes of the library's own table.
#   scripts/stores.sh [--on MAJOR] [STORE...]     a folder of tests/stores each; all where none is named
# Libraries come from npm, PyPI and crates.io, at the versions that their folders name, into target/stores; what each
# store said is in target/stores/logs. The server is a private one of the newest version that is promised, or of MAJOR
# (scripts/servers.sh gets it), or of REGROW_PG_BIN.
# REGROW_STORES_SECONDS says for how long they append (15); REGROW names a program that is built already.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/servers.sh
. scripts/servers.sh

major=${server_majors[-1]}
if [ "${1-}" = --on ]; then
    major=${2:?--on needs a major version}
    shift 2
fi
if [ -z "${REGROW_PG_BIN-}" ]; then
    need_servers "$major"
    REGROW_PG_BIN=$(servers_folder)/$major/bin
fi
export REGROW_PG_BIN PATH=$REGROW_PG_BIN:$PATH
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

stores=(emmett message_db eventsourcing eventsourcing_dcb cqrs_es disintegrate esrs)
[ $# -eq 0 ] || stores=("$@")
export processes=2 threads=4
export seconds=${REGROW_STORES_SECONDS:-15}

export from=$root/tests/stores
export place=$root/target/stores
export logs=$place/logs
rm -rf "$place/projects" "$logs"
mkdir -p "$place/projects" "$logs"
# Nothing but the private server is named.
unset DATABASE_URL DATABASE_URL_FILE READ_MODELS_URL READ_MODELS_URL_FILE PGSERVICE PGHOSTADDR PGPASSWORD PGOPTIONS
export PYTHONDONTWRITEBYTECODE=1 NODE_OPTIONS='' npm_config_update_notifier=false npm_config_fund=false

# Built with the tests, as they use it: another set of features would compile all of it once more.
export regrow=${REGROW-}
if [ -z "$regrow" ]; then
    build cargo test --locked --features failpoints --test it --no-run
    regrow=${CARGO_TARGET_DIR:-$root/target}/debug/regrow
fi

server=$place/server-$(server_version)
mkdir -p "$server"
[ -e "$server/config.toml" ] || printf '[project]\n' >"$server/config.toml"
# shellcheck disable=SC2317
stop_server() {
    "$regrow" -C "$server" dev stop >/dev/null 2>&1 || true
}
trap 'stop_server; settle' EXIT
run "$regrow" -C "$server" --quiet dev start >"$logs/server.log" 2>&1 || { cat "$logs/server.log" >&2; exit 1; }
address=$("$regrow" -C "$server" dev url)
eval "$(sed 's/\([a-z]*\)=\([^ ]*\)/\1=\2;/g; s/host=/PGHOST=/; s/port=/PGPORT=/; s/user=/PGUSER=/; s/dbname=/PGDATABASE=/' <<<"$address")"
export PGHOST PGPORT PGUSER PGDATABASE
found=$(psql -qAtX -c 'SHOW server_version')

status=0
for name in "${stores[@]}"; do
    [ -e "$from/$name/store.sh" ] || complain "tests/stores has no folder $name"
    echo "$name ..." >&2
    run bash "$from/one.sh" "$name" >"$logs/$name.log" 2>&1 || {
        status=1
        [ -e "$logs/$name.reason" ] || echo "failed: target/stores/logs/$name.log" >"$logs/$name.reason"
    }
done

echo "PostgreSQL $found"
echo
echo "| store | library | events | processes x threads | rows equal | took |"
echo "|---|---|---:|---|---:|---:|"
for name in "${stores[@]}"; do
    version=$(cat "$logs/$name.version" 2>/dev/null || true)
    library=$(sed -n 's/^library=//p' "$from/$name/store.sh")
    if [ -e "$logs/$name.figures" ]; then
        echo "| $name | $library $version | $(cat "$logs/$name.figures") |"
    else
        echo "| $name | $library ${version:--} | - | - | $(cat "$logs/$name.reason") | - |"
    fi
done
exit $status
