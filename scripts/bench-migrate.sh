#!/usr/bin/env bash
# How long migrations take, as whole processes, in one run on one private server:
# one with nothing to do against psql, and 300 small ones from empty against refinery and sqlx.
#   scripts/bench-migrate.sh [ROUNDS]       3 rounds of 300 revisions where nothing is said
# Needs bash 5 and psql. What it compares with is installed to target/tools where it is missing.
set -euo pipefail

rounds=${1:-3}
idle_runs=40
revisions=300

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh

[ -n "${EPOCHREALTIME-}" ] || complain "bash 5 is needed: its clock has microseconds"
[[ $rounds =~ ^[1-9][0-9]*$ ]] || complain "usage: scripts/bench-migrate.sh [ROUNDS]"

target=$(cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
tools=$target/tools
regrow=$target/release/regrow

# psql comes with the server, or stands on the path.
find_psql() {
    local place
    while IFS= read -r place; do
        [ ! -x "$place/psql" ] || { echo "$place/psql" && return; }
    done < <(server_places)
    command -v psql || complain "psql is needed; it comes with PostgreSQL's client programs"
}

need_tool() {
    local program=$1 crate=$2 features=$3
    [ -x "$tools/bin/$program" ] || build cargo install --quiet --locked --root "$tools" \
        --no-default-features --features "$features" "$crate"
}

# The same small revisions for each tool: tables, columns and indexes in turn.
write_revisions() {
    local number table text
    mkdir -p "$folder"/{many/migrations/event_store,sqlx}
    : >"$folder/many/config.toml"
    for ((number = 1; number <= revisions; number++)); do
        table=t$(((number + 2) / 3))
        case $((number % 3)) in
        1) text="CREATE TABLE $table (id bigint PRIMARY KEY, name text NOT NULL);" ;;
        2) text="ALTER TABLE $table ADD COLUMN amount numeric(12, 2) DEFAULT 0;" ;;
        0) text="CREATE INDEX ${table}_by_name ON $table (name);" ;;
        esac
        echo "$text" >"$folder/many/migrations/event_store/V${number}__small.sql"
        echo "$text" >"$folder/sqlx/${number}_small.sql"
    done
}

# Runs a command that must succeed and keeps how many microseconds it took.
timed() {
    local name=$1 began ended
    shift
    began=${EPOCHREALTIME/[.,]/}
    "$@" >/dev/null 2>"$folder/errors" || { cat "$folder/errors" >&2 && return 1; }
    ended=${EPOCHREALTIME/[.,]/}
    echo $((ended - began)) >>"$folder/times/$name"
}

median() {
    sort -n "$folder/times/$1" | awk '{ t[NR] = $1 } END { print (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'
}

# A line of a table: what, its median, and how it compares with another.
line() {
    awk -v what="$1" -v took="$(median "$2")" -v than="$(median "$3")" 'BEGIN {
        printf "%-44s %9.1f ms %7.2f\n", what, took / 1000, took / than
    }'
}

create() {
    "$psql" -qXd "$url" -c "CREATE DATABASE $1 TEMPLATE template0"
}

drop() {
    "$psql" -qXd "$url" -c "DROP DATABASE $1 WITH (FORCE)"
}

in_database() {
    echo "${url/dbname=regrow/dbname=$1}"
}

# The address as a URL, whose host is the socket's folder, for tools that read no other form.
url_of() {
    local host
    host=$(sed -n "s/.*host='\{0,1\}\([^' ]*\).*/\1/p" <<<"$url")
    echo "postgresql://$user@${host//\//%2F}:$port/$1"
}

nothing_to_do() {
    local run sample many
    cp -R config.toml migrations projections "$folder/sample"
    create sample
    create many
    sample=$(in_database sample) many=$(in_database many)
    DATABASE_URL=$sample "$regrow" -q -C "$folder/sample" migrate >/dev/null
    DATABASE_URL=$many "$regrow" -q -C "$folder/many" migrate >/dev/null
    for ((run = 0; run < idle_runs; run++)); do
        timed psql "$psql" -qXd "$sample" -c 'SELECT 1'
        DATABASE_URL=$sample timed sample_migrate "$regrow" -C "$folder/sample" migrate
        DATABASE_URL=$sample timed sample_check "$regrow" -C "$folder/sample" check --only pending
        DATABASE_URL=$many timed many_migrate "$regrow" -C "$folder/many" migrate
        DATABASE_URL=$many timed many_check "$regrow" -C "$folder/many" check --only pending
    done
    echo "nothing to do, median of $idle_runs runs              took  psql is 1"
    line "psql -c 'SELECT 1'" psql psql
    line "regrow migrate, the sample project" sample_migrate psql
    line "regrow check --only pending, the sample" sample_check psql
    line "regrow migrate, $revisions revisions" many_migrate psql
    line "regrow check --only pending, $revisions" many_check psql
    awk -v psql="$(median psql)" 'BEGIN { printf "%-44s %9.1f ms\n", "goal: 1.5 times psql and 10 ms", (1.5 * psql + 10000) / 1000 }'
}

from_empty() {
    local round
    for ((round = 0; round < rounds; round++)); do
        create fresh
        DATABASE_URL=$(in_database fresh) timed regrow "$regrow" -q -C "$folder/many" migrate
        drop fresh
        create fresh
        DATABASE_URL=$(url_of fresh) timed refinery "$tools/bin/refinery" migrate -e DATABASE_URL \
            -p "$folder/many/migrations/event_store"
        drop fresh
        create fresh
        DATABASE_URL=$(url_of fresh) timed sqlx "$tools/bin/sqlx" migrate run --no-dotenv \
            --source "$folder/sqlx"
        drop fresh
    done
    echo
    echo "$revisions revisions from empty, median of $rounds             took  regrow is 1"
    line "regrow migrate" regrow regrow
    line "refinery migrate" refinery regrow
    line "sqlx migrate run" sqlx regrow
}

# In a process of its own: the server ends when its standard input does, however that comes.
measure() {
    local url user port ready
    folder=$(mktemp -d)
    trap 'exec 5>&-; wait; rm -rf "$folder"' EXIT
    mkdir "$folder"/{times,sample}
    mkfifo "$folder/in" "$folder/out"
    "$regrow" dev hold --dir "$folder/cluster" <"$folder/in" >"$folder/out" &
    exec 5>"$folder/in"
    read -r ready url <"$folder/out"
    [ "$ready" = ready ] || complain "the private server did not start"
    read -r user port < <("$psql" -qXAtF ' ' -d "$url" -c "SELECT current_user, current_setting('port')")
    write_revisions
    nothing_to_do
    from_empty
}

psql=$(find_psql)
need_tool refinery refinery_cli@^0.10 postgresql
need_tool sqlx sqlx-cli@^0.9 postgres,rustls
build cargo build --release --locked
run measure
