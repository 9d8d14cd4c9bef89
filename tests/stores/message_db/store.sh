# shellcheck shell=bash disable=SC2034,SC2154
# The tables and functions are npm's, the client is PyPI's.
preset=message-db
library=message-db-py
# The client asks for the psycopg2 that has to be compiled; the other one is the same.
install() { npm_packages && python_packages --no-deps; }
version() { echo "$(python_version "$library"), tables of $(npm_version @eventide/message-db)"; }
tables() {
    CREATE_DATABASE=off DATABASE_NAME=$PGDATABASE \
        bash "$installed/node_modules/@eventide/message-db/database/install.sh"
}
append() { python_program append "$1" "$2"; }
