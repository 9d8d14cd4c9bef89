#!/usr/bin/env bash
# Installs the Debian package in a system that has nothing else, uses it there as an ordinary user, and removes it
# again. Run as root:
#
#   scripts/install-test.sh [PACKAGE]      the package of target/debian/ if none is named
#
# REGROW_SUITE    Debian's release, that of this machine if it is not given
# REGROW_MIRROR   where its packages come from, this machine's first source if it is not given
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

complain() {
    printf '%s\n' "$@" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || complain "chroot needs root; run: sudo $0"
command -v debootstrap >/dev/null || complain "debootstrap is needed: apt-get install debootstrap"
package=${1-$(find "$root/target/debian" -name '*.deb' 2>/dev/null | head -n 1)}
[ -f "$package" ] || complain "there is no package; scripts/package.sh builds it"

# shellcheck source=/dev/null
suite=${REGROW_SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
first_source() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
        sed -n 's/^deb \(\[[^]]*\] \)\?\(http[^ ]*\) .*/\2/p'
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
}
mirror=${REGROW_MIRROR:-$(first_source | head -n 1)}

started=$(date +%s)
clean=$(mktemp -d)
# An ordinary user has to get through its root.
chmod 755 "$clean"
mounted=()
leave() {
    local at
    for at in "${mounted[@]}"; do umount "$clean$at" || true; done
    # Nothing of this machine is in it any more, or it stays.
    for at in "${mounted[@]}"; do ! mountpoint -q "$clean$at" || return 0; done
    rm -rf --one-file-system "$clean"
}
trap leave EXIT
trap 'exit 1' INT TERM HUP

inside() {
    chroot "$clean" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}
as_user() { inside su - shop -c "$1"; }
say() { printf '%4d s  %s\n' $(($(date +%s) - started)) "$*"; }
expect() {
    local what=$1 wanted=$2 got=$3
    case $got in
    *"$wanted"*) say "$what" ;;
    *) complain "$what: expected $wanted, got:" "$got" ;;
    esac
}

debootstrap --variant=minbase "$suite" "$clean" ${mirror:+"$mirror"} >"$clean.log" 2>&1 ||
    complain "debootstrap failed; the end of $clean.log:" "$(tail -n 5 "$clean.log")"
rm -f "$clean.log"
for at in /proc /dev/shm; do
    mkdir -p "$clean$at"
    mountpoint -q "$clean$at" || {
        mount --bind "$at" "$clean$at"
        mounted=("$at" "${mounted[@]}")
    }
done
# This machine's way to the packages, and no service is started.
cp /etc/resolv.conf "$clean/etc/resolv.conf"
for file in /etc/apt/apt.conf.d/*; do
    ! grep -qiE '^ *Acquire|^ *Dpkg::Use-Pty' "$file" || cp "$file" "$clean/etc/apt/apt.conf.d/"
done
printf '#!/bin/sh\nexit 101\n' >"$clean/usr/sbin/policy-rc.d"
chmod 755 "$clean/usr/sbin/policy-rc.d"
mkdir -p "$clean/etc/postgresql-common/createcluster.d"
echo 'create_main_cluster = false' >"$clean/etc/postgresql-common/createcluster.d/test.conf"
# A minimal system leaves manual pages out; these are what is looked at.
rm -f "$clean/etc/dpkg/dpkg.cfg.d/"*docker* "$clean/etc/dpkg/dpkg.cfg.d/"*excludes* 2>/dev/null
say "a clean $suite"

cp "$package" "$clean/tmp/regrow.deb"
chmod 644 "$clean/tmp/regrow.deb"
inside apt-get -qq update
# shellcheck disable=SC2016
before=$(inside dpkg-query -W -f '${Package}\n' | sort)
inside apt-get -qq install -y --no-install-recommends /tmp/regrow.deb >/dev/null
# shellcheck disable=SC2016
brought=$(comm -13 <(echo "$before") <(inside dpkg-query -W -f '${Package}\n' | sort) | tr '\n' ' ')
say "installed: $brought"
[ "$brought" = "regrow " ] || say "beside it came what it depends on"

version=$(sed -n 's/^version *= *"\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
expect "regrow --version" "regrow $version" "$(inside regrow --version)"

# Without PostgreSQL's server the next step is told.
inside useradd -m -s /bin/bash shop
if refused=$(as_user 'regrow demo --events 1000' 2>&1); then
    complain "a demo without PostgreSQL's server programs ended well:" "$refused"
fi
expect "without a PostgreSQL server it says what is missing" PostgreSQL "$refused"

inside apt-get -qq install -y --no-install-recommends man-db bash-completion postgresql groff-base >/dev/null
say "man-db, bash-completion and postgresql"

expect "man regrow" "regrow-rebuild(1)" "$(as_user 'MANWIDTH=100 man -P cat regrow')"
expect "man regrow-rebuild" "--promote" "$(as_user 'MANWIDTH=100 man -P cat regrow-rebuild')"
# shellcheck disable=SC2016
completed='. /usr/share/bash-completion/bash_completion; _completion_loader regrow; COMP_WORDS=(regrow roll); COMP_CWORD=1
    $(complete -p regrow | sed "s/.*-F \([^ ]*\).*/\1/") regrow roll regrow; echo "${COMPREPLY[*]}"'
expect "bash completes regrow roll" rollback "$(as_user "$completed")"
for file in /usr/share/zsh/vendor-completions/_regrow /usr/share/fish/vendor_completions.d/regrow.fish; do
    expect "$file" rollback "$(cat "$clean$file")"
done

expect "regrow demo" "0 differences" "$(as_user 'regrow demo --events 20000' 2>&1)"
as_user 'regrow init site && cd site && regrow migrate && regrow current && regrow status' >/dev/null 2>&1
say "init, migrate, current, status"

unit=$(inside dpkg -L regrow | grep 'regrow\.service$')
expect "$unit" "ExecStart=/usr/bin/regrow" "$(cat "$clean$unit")"
enabled=$(find "$clean/etc/systemd" -name 'regrow.service' 2>/dev/null)
[ -z "$enabled" ] || complain "the unit is enabled although nobody asked for it: $enabled"

files=$(inside dpkg -L regrow)
inside apt-get -qq purge -y regrow >/dev/null
while IFS= read -r file; do
    [ -d "$clean$file" ] || [ ! -e "$clean$file" ] || complain "$file is left after the package was removed"
done <<<"$files"
say "removed, and nothing is left"
