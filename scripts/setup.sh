#!/usr/bin/env bash
# Makes sure that what regrow is built, tested and run with is there: Rust, a C linker and the
# PostgreSQL server binaries. Prints nothing when it is; installs the last two with the system's
# package manager when they are not; else says what to do and ends with 1.
# The other scripts source it; it runs on its own as well.

complain() {
    printf '%s\n' "$@" >&2
    exit 1
}

# The major and minor version in "rustc 1.92.0 (...)", as one number that can be compared.
comparable() {
    local major=${1%%.*} rest=${1#*.}
    echo $((major * 1000 + ${rest%%.*}))
}

need_rust() {
    local root wanted found
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
    wanted=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' "$root/Cargo.toml")
    # Where rustup puts them, for shells that have not read its profile.
    if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
        export PATH
    fi
    # Asked from the root, where rustup would look for the toolchain. It must not download one.
    found=$(cd "$root" && export RUSTUP_AUTO_INSTALL=0 && cargo --version >/dev/null 2>&1 &&
        rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9][0-9.]*\).*/\1/p') || found=
    [ -n "$found" ] || complain \
        "cargo and rustc $wanted or newer are needed and were not found; install them with rustup (https://rustup.rs)"
    [ "$(comparable "$found")" -ge "$(comparable "$wanted")" ] || complain \
        "rustc $wanted or newer is needed, and $(command -v rustc) is $found; update it with \`rustup update stable\`"
}

# Whether cargo could link: a compiler alone is not enough, it needs the C library's files.
links() {
    local folder made=1
    folder=$(mktemp -d) || exit 1
    echo 'int main(void) { return 0; }' >"$folder/a.c"
    cc -o "$folder/a" "$folder/a.c" 2>/dev/null && made=0
    rm -rf "$folder"
    return "$made"
}

# The directories in which regrow looks for a server (src/dev_cluster/binaries.rs has the rule).
server_places() {
    local place on_path
    if [ -n "${REGROW_PG_BIN-}" ]; then
        echo "$REGROW_PG_BIN"
        return
    fi
    pg_config --bindir 2>/dev/null || true
    for place in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
        /usr/local/opt/postgresql*/bin /usr/local/pgsql/bin; do
        echo "$place"
    done
    if on_path=$(command -v postgres); then
        # The server's other programs are where the link leads.
        dirname "$(readlink -f "$on_path")"
    fi
}

# The newest major version among the servers that are whole; nothing when there is none.
server_version() {
    local place version newest=
    while IFS= read -r place; do
        if [ -x "$place/initdb" ] && [ -x "$place/pg_ctl" ] && [ -x "$place/postgres" ]; then
            version=$("$place/postgres" --version | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p') || true
            [ "${version:-0}" -le "${newest:-0}" ] || newest=$version
        fi
    done < <(server_places)
    echo "$newest"
}

has_server() {
    local version
    version=$(server_version)
    [ "${version:-0}" -ge 14 ]
}

# Runs a command as root; fails where that would take a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# Debian's packages make and start a cluster for the system as soon as there is a server, and start
# services. Nobody asked for one here, so they are told not to, for this once.
apt_install() {
    # shellcheck disable=SC2016
    as_root sh -c '
        file=/etc/postgresql-common/createcluster.d/regrow-setup.conf
        policy=
        no_services() {
            [ -e /usr/sbin/policy-rc.d ] && return
            policy=/usr/sbin/policy-rc.d
            printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod 755 "$policy"
        }
        trap "rm -f $file \$policy" EXIT
        trap "exit 1" INT TERM HUP
        mkdir -p "${file%/*}" && echo "create_main_cluster = false" >"$file" && no_services &&
            apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    ' sh "$@"
}

# Installs packages, whose names differ: for apt-get, dnf, apk, pacman, zypper and brew.
install_packages() {
    local manager packages by_hand
    for manager in apt-get dnf apk pacman zypper brew none; do
        command -v "$manager" >/dev/null && break
    done
    case $manager in
    apt-get) packages=$1 by_hand="apt-get install" ;;
    dnf) packages=$2 by_hand="dnf install" ;;
    apk) packages=$3 by_hand="apk add" ;;
    pacman) packages=$4 by_hand="pacman -Sy" ;;
    zypper) packages=$5 by_hand="zypper install" ;;
    brew) packages=$6 by_hand="brew install" ;;
    none) return 1 ;;
    esac
    [ -n "$packages" ] || return 1

    echo "installing $packages" >&2
    # What a package manager tells is no part of what the calling script prints. A list of
    # packages is meant to be split.
    # shellcheck disable=SC2086
    case $manager in
    apt-get) apt_install $packages ;;
    dnf) as_root dnf install -y -q $packages ;;
    apk) as_root apk add -q $packages ;;
    pacman) as_root pacman -Sy --needed --noconfirm $packages ;;
    zypper) as_root zypper --non-interactive --quiet install $packages ;;
    brew) brew install --quiet $packages ;;
    esac </dev/null >&2 ||
        complain "$packages could not be installed from here; as a user who may: $by_hand $packages"
}

need_linker() {
    links && return
    install_packages "gcc libc6-dev" gcc "gcc musl-dev" gcc gcc "" || true
    links || complain \
        "cc does not link a C program; install a C compiler and its library (on macOS: xcode-select --install)"
}

need_server() {
    local version
    has_server && return
    [ -z "${REGROW_PG_BIN-}" ] || complain \
        "REGROW_PG_BIN is $REGROW_PG_BIN, which has no initdb, pg_ctl and postgres of PostgreSQL 14 or newer; correct or unset it"
    install_packages postgresql postgresql-server postgresql postgresql postgresql-server \
        postgresql@17 || true
    has_server && return
    version=$(server_version)
    complain "the server of PostgreSQL 14 or newer (initdb, pg_ctl, postgres) is needed, and the newest found is ${version:-none}; see https://www.postgresql.org/download/"
}

# PgBouncer, which tests put between regrow and its server. Only the scripts that run them ask for it.
need_pgbouncer() {
    local place
    for place in "$(command -v pgbouncer)" /usr/sbin/pgbouncer; do
        [ -n "$place" ] && [ -x "$place" ] && return
    done
    install_packages pgbouncer pgbouncer pgbouncer pgbouncer pgbouncer pgbouncer ||
        complain "pgbouncer is needed for the tests; install it with your package manager"
}

# A browser, which a test has show a report. Only the scripts that run it ask for it.
need_browser() {
    local name
    [ -z "${REGROW_BROWSER-}" ] || return 0
    for name in chromium chromium-browser google-chrome-stable google-chrome; do
        ! command -v "$name" >/dev/null || return 0
    done
    install_packages chromium chromium chromium chromium chromium "" || true
    command -v chromium >/dev/null || complain \
        "Chromium or Chrome is needed for the tests; install it, or name its program: REGROW_BROWSER=PATH"
}

# Alembic, which a test compares with, in target/alembic. Only scripts/test.sh asks for it: nothing
# else needs Python, and without it the test says that it compared nothing.
need_alembic() {
    local folder
    local pip=(-m pip install --quiet --disable-pip-version-check)
    local packages=('alembic==1.20.*' 'psycopg[binary]')
    [ -z "${REGROW_ALEMBIC-}" ] || return 0
    folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/target/alembic || exit 1
    ! "$folder/bin/python" -c 'import alembic, psycopg' 2>/dev/null || return 0
    ! PYTHONPATH=$folder/packages python3 -c 'import alembic, psycopg' 2>/dev/null || return 0
    if python3 -c 'import venv, ensurepip' 2>/dev/null; then
        { python3 -m venv "$folder" && "$folder/bin/python" "${pip[@]}" "${packages[@]}"; } >&2 ||
            complain "Alembic could not be installed into $folder"
    elif python3 -c 'import pip' 2>/dev/null; then
        python3 "${pip[@]}" --target "$folder/packages" "${packages[@]}" >&2 ||
            complain "Alembic could not be installed into $folder"
    else
        echo "there is no python3 with venv or pip: regrow is not compared with Alembic" >&2
    fi
}

need_rust
need_linker
need_server
