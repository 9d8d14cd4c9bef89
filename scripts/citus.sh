#!/usr/bin/env bash
# The tests of read models and logs on Citus, with a coordinator and two workers that they make themselves:
#   scripts/citus.sh [--kills N] [FOLDER] [TEST...]
# FOLDER, or REGROW_CITUS, has the extension as a tarball that is unpacked over a server: citus-*-pg15-*.tar.xz, built
# for Debian's PostgreSQL 15. The server is that of the machine if it is new enough, else Debian's package, which is
# fetched and unpacked beside; nothing is installed, and all of it goes with the script.
# --kills says how often the program, a worker and the coordinator are killed by each engine (2). TEST is a part of a
# test's name.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

if [ "${1-}" = --kills ]; then
    export REGROW_CITUS_KILLS=${2:?--kills needs a number}
    shift 2
fi
folder=${REGROW_CITUS-}
if [ -d "${1-}" ]; then
    folder=$1
    shift
fi
[ -n "$folder" ] || complain "no folder with the extension Citus is named: scripts/citus.sh FOLDER, or REGROW_CITUS"
tarball=$(find "$folder" -maxdepth 1 -name 'citus-*-pg15-*.tar.xz' | sort -V | tail -n 1)
[ -n "$tarball" ] || complain "$folder has no citus-*-pg15-*.tar.xz"

# A server that root starts runs as another user, who must get there.
place=$(mktemp -d)
chmod 755 "$place"
# shellcheck source=scripts/supervise.sh
. scripts/supervise.sh
trap 'settle; rm -rf "$place"' EXIT

# The extension takes a function from the server that 15.20 brought (have_createdb_privilege).
installed=/usr/lib/postgresql/15/bin/postgres
minor=$("$installed" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) 15\.\([0-9]*\).*/\1/p') || true
if [ "${minor:-0}" -ge 20 ]; then
    mkdir -p "$place/usr/lib/postgresql" "$place/usr/share/postgresql"
    cp -r /usr/lib/postgresql/15 "$place/usr/lib/postgresql/"
    cp -r /usr/share/postgresql/15 "$place/usr/share/postgresql/"
else
    command -v apt-get >/dev/null || complain "PostgreSQL 15.20 or newer is needed at $installed"
    (cd "$place" && apt-get download -qq -o APT::Sandbox::User=root postgresql-15 >&2) ||
        complain "the package postgresql-15 could not be fetched; apt-get update, or install 15.20 or newer"
    dpkg-deb -x "$place"/postgresql-15_*.deb "$place" && rm "$place"/*.deb
fi
tar -C "$place" -xJf "$tarball" --no-same-owner
chmod -R a+rX "$place"
export REGROW_CITUS_BIN=$place/usr/lib/postgresql/15/bin

# Nothing but the private servers is named.
unset DATABASE_URL DATABASE_URL_FILE READ_MODELS_URL READ_MODELS_URL_FILE PGSERVICE PGHOSTADDR PGPASSWORD PGOPTIONS
build cargo test --locked --features failpoints --test it --no-run
tests=("$@")
[ $# -gt 0 ] || tests=(citus::)
run cargo test --locked --features failpoints --test it -- "${tests[@]}" --nocapture
