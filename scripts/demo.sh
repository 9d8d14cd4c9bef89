#!/usr/bin/env bash
# Builds regrow and shows what it does, on a project and a private PostgreSQL of its own.
# What is given here is passed on to `regrow demo`; its exit code is this script's.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"
# shellcheck source=scripts/supervise.sh
. "$root/scripts/supervise.sh"

# By its manifest, because paths in the arguments are relative to the caller's folder.
manifest=$root/Cargo.toml
build cargo build --profile demo --locked --manifest-path "$manifest"
echo "this build is not optimised, to be there soon: what cargo build --release makes is several times as fast" >&2
# Has nothing left to build and becomes the program, wherever the target directory is.
run cargo run --quiet --profile demo --locked --manifest-path "$manifest" -- demo "$@"
