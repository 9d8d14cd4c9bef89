# shellcheck shell=bash disable=SC2034,SC2154
preset=esrs
library=esrs
install() { rust_program; }
version() { rust_version "$library"; }
tables() { "$installed/esrs_accounts" tables; }
append() { "$installed/esrs_accounts" append "$1" "$2"; }
