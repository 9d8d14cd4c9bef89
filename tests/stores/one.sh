#!/usr/bin/env bash
# One store's turn of scripts/stores.sh, which says what is exported to this: one.sh STORE
set -euo pipefail

name=$1
: "${from:?}" "${place:?}" "${logs:?}" "${regrow:?}" "${processes:?}" "${threads:?}" "${seconds:?}"
installed=$place/$name
mkdir -p "$installed"

# --- what store.sh of each folder is written with: $name is its folder, $installed what it has below target/stores ---

# The packages of its package-lock.json, and beside them the files that use them.
npm_packages() {
    command -v npm >/dev/null || because "npm is not there"
    cp "$from/$name/package.json" "$from/$name/package-lock.json" "${@/#/$from/$name/}" "$installed/"
    npm ci --prefix "$installed" --ignore-scripts --no-audit --silent ||
        because "npm could not install the packages of tests/stores/$name/package-lock.json"
}

npm_version() {
    sed -n 's/^  "version": "\(.*\)",$/\1/p' "$installed/node_modules/$1/package.json"
}

# The packages of its requirements.txt.
python_packages() {
    python3 -c 'import pip' 2>/dev/null || because "there is no python3 with pip"
    [ "$(cat "$installed/requirements.txt" 2>/dev/null)" != "$(cat "$from/$name/requirements.txt")" ] || return 0
    rm -rf "$installed/packages"
    python3 -m pip install --quiet --disable-pip-version-check --only-binary :all: --target "$installed/packages" "$@" \
        -r "$from/$name/requirements.txt" || because "pip could not install tests/stores/$name/requirements.txt"
    cp "$from/$name/requirements.txt" "$installed/"
}

python_version() {
    PYTHONPATH=$installed/packages python3 -c "from importlib.metadata import version; print(version('$1'))"
}

python_program() {
    PYTHONPATH=$installed/packages:$from/load python3 "$from/$name/accounts.py" "$@"
}

# The program of its folder, one of the workspace in tests/stores.
rust_program() {
    CARGO_TARGET_DIR=$place/cargo cargo build --quiet --locked --manifest-path "$from/$name/Cargo.toml" ||
        because "cargo could not build tests/stores/$name"
    ln -sf "$place/cargo/debug/${name}_accounts" "$installed/"
}

rust_version() {
    rust_metadata "$1" version
}

# The folder of a library's own sources.
rust_source() {
    dirname "$(rust_metadata "$1" manifest_path)"
}

rust_metadata() {
    cargo metadata --locked --format-version 1 --manifest-path "$from/Cargo.toml" |
        python3 -c "import json, sys; print(*[p['$2'] for p in json.load(sys.stdin)['packages'] if p['name'] == '$1'])"
}

# --- one store ---

# Ends a store's turn with the reason for its line of the table.
because() {
    echo "$*" >"$logs/$name.reason"
    exit 1
}

sql() {
    psql -qAtX -v ON_ERROR_STOP=1 "$@"
}

live_position() {
    sql -c "SELECT c.position FROM regrow.checkpoint c JOIN regrow.build b ON b.id = c.build_id WHERE b.state = 'live'"
}

last_event() {
    sql -f "$from/$name/events.sql" -c "SELECT max(position) FROM happened"
}

# Events, rows, and rows that differ, of a table of accounts.
compared() {
    sql -F ' ' -v rows="$1" -f "$from/$name/events.sql" -f "$from/load/expected.sql"
}

project=$place/projects/$name
appenders=()
mkdir -p "$installed"
# shellcheck source=/dev/null
. "$from/$name/store.sh"
: "${preset:?}"
install
version >"$logs/$name.version"
began=$SECONDS

sql -d postgres -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" -c "CREATE DATABASE $name"
export PGDATABASE=$name
tables
append 1 1

mkdir -p "$project/projections/accounts"
cp -r "$from/load/accounts/schema" "$from/$name/handlers.sql" "$project/projections/accounts/"
cd "$project"
# A log without an order gets one by the statements that adopt prints.
if ! "$regrow" adopt --preset "$preset" >adopt.out; then
    sql -f adopt.out
    "$regrow" adopt --preset "$preset"
fi
"$regrow" rebuild accounts --promote

"$regrow" run &
follower=$!
# shellcheck disable=SC2064
trap "kill $follower 2>/dev/null || true" EXIT
before=$(live_position)
for ((n = 0; n < processes; n++)); do
    append "$threads" "$seconds" &
    appenders+=($!)
done
# Followed while it is written to, and not after that.
while kill -0 "${appenders[0]}" 2>/dev/null && [ "$(live_position)" = "$before" ]; do sleep 0.1; done
kill -0 "${appenders[0]}" 2>/dev/null || because "all was appended before the follower had seen any of it"
"$regrow" rebuild accounts --promote
kill -0 "${appenders[0]}" 2>/dev/null || echo "appends had ended when the second build was promoted"
for n in "${appenders[@]}"; do
    wait "$n" || because "the library's program failed: target/stores/logs/$name.log"
done

last=$(last_event)
until=$((SECONDS + 120))
while [ "$(live_position)" -lt "$last" ]; do
    kill -0 "$follower" 2>/dev/null || because "regrow run ended early"
    [ "$SECONDS" -lt "$until" ] || because "regrow run is at $(live_position) of $last after 120 s"
    sleep 0.2
done
# It stops between two batches, so the retired build may still lack some: it is brought to the end.
kill -TERM "$follower"
code=0
wait "$follower" || code=$?
[ "$code" = 0 ] || because "regrow run exited with $code"
"$regrow" run --until-caught-up
for table in read_model.accounts accounts__b1.accounts; do
    all=$(compared "$table")
    read -r events rows differ <<<"$all"
    [ "$differ" = 0 ] || because "$differ of $rows rows of $table differ"
    [ "$rows" -gt 0 ] || because "there is no row"
done
"$regrow" status
echo "$events | $processes x $threads | $rows of $rows | $((SECONDS - began)) s" >"$logs/$name.figures"
