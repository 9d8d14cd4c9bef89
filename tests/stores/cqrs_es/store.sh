# shellcheck shell=bash disable=SC2034,SC2154
preset=cqrs-es
library=postgres-es
install() { rust_program; }
version() { rust_version "$library"; }
# The library makes no tables: its users run the statements of its db/init.sql.
tables() {
    sed -n '/^CREATE TABLE events/,/);$/p' "$(rust_source "$library")/db/init.sql" | psql -qX -v ON_ERROR_STOP=1
}
append() { "$installed/cqrs_es_accounts" append "$1" "$2"; }
