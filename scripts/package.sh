#!/usr/bin/env bash
# Builds the Debian package in target/debian/: the binary without symbols, manual pages, completions, the systemd
# unit. The symbols go to target/deb/regrow.debug, for a debugger; the two belong together by their build id.
#
#   scripts/package.sh                  builds the binary first (profile dist)
#   scripts/package.sh --binary FILE    takes one that was built already, with symbols
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

complain() {
    printf '%s\n' "$@" >&2
    exit 1
}

binary=
case ${1-} in
"") ;;
--binary)
    binary=${2-}
    [ -x "$binary" ] || complain "$binary is not a program"
    ;;
*) complain "$1 is not known; the head of scripts/package.sh says what is" ;;
esac

for tool in objcopy strip gzip dpkg-deb dpkg-shlibdeps; do
    command -v "$tool" >/dev/null || complain "$tool is needed: apt-get install binutils gzip dpkg-dev"
done
cargo deb --version >/dev/null 2>&1 || complain "cargo-deb is needed: cargo install --locked cargo-deb"

if [ -z "$binary" ]; then
    REGROW_COMMIT=$(git rev-parse --short HEAD 2>/dev/null) || unset REGROW_COMMIT
    ${REGROW_COMMIT+export REGROW_COMMIT}
    cargo build --profile dist --locked
    binary=${CARGO_TARGET_DIR:-target}/dist/regrow
fi

# cargo-deb reads these paths from Cargo.toml, so they are in target/ whatever CARGO_TARGET_DIR says.
stage=target/deb
rm -rf "$stage" target/debian
mkdir -p "$stage/completions" target/debian

objcopy --only-keep-debug "$binary" "$stage/regrow.debug"
objcopy --strip-all --add-gnu-debuglink="$stage/regrow.debug" "$binary" "$stage/regrow"
chmod 755 "$stage/regrow"
chmod 644 "$stage/regrow.debug"

"$stage/regrow" man "$stage/man" >/dev/null
gzip -9n "$stage"/man/*.1
"$stage/regrow" completions bash >"$stage/completions/regrow"
"$stage/regrow" completions zsh >"$stage/completions/_regrow"
"$stage/regrow" completions fish >"$stage/completions/regrow.fish"

# The same time in each build of a commit, so that two builds of one binary are one package.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
version=$(sed -n 's/^version *= *"\(.*\)"/\1/p' Cargo.toml | head -n 1)
maintainer=$(sed -n 's/^maintainer *= *"\(.*\)"/\1/p' Cargo.toml)
gzip -9nc CHANGELOG.md >"$stage/changelog.gz"
{
    printf 'regrow (%s-1) unstable; urgency=medium\n\n' "$version"
    printf '  * What changed for users is in changelog.gz.\n\n'
    printf ' -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9nc >"$stage/changelog.Debian.gz"

cargo deb --no-build --no-strip --quiet --output target/debian/ >&2

for package in target/debian/*.deb; do
    printf '%s: %s bytes; the binary %s, its symbols %s\n' "$package" "$(stat -c %s "$package")" \
        "$(stat -c %s "$stage/regrow")" "$(stat -c %s "$stage/regrow.debug")"
done
