# shellcheck shell=bash disable=SC2034,SC2154
preset=eventsourcing-dcb
library=eventsourcing
install() { python_packages; }
version() { python_version "$library"; }
tables() { python_program tables; }
append() { python_program append "$1" "$2"; }
