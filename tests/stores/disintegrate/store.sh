# shellcheck shell=bash disable=SC2034,SC2154
preset=disintegrate
library=disintegrate-postgres
install() { rust_program; }
version() { rust_version "$library"; }
# One of its functions has a hexadecimal number, which older servers do not know.
tables() {
    [ "$(sql -c 'SHOW server_version_num')" -ge 160000 ] || because "Disintegrate $(version) needs PostgreSQL 16"
    "$installed/disintegrate_accounts" tables
}
append() { "$installed/disintegrate_accounts" append "$1" "$2"; }
