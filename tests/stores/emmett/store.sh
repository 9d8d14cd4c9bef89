# shellcheck shell=bash disable=SC2034,SC2154
preset=emmett
library=@event-driven-io/emmett-postgresql
install() { npm_packages accounts.mjs; }
version() { npm_version "$library"; }
tables() { node "$installed/accounts.mjs" tables; }
append() { node "$installed/accounts.mjs" append "$1" "$2"; }
