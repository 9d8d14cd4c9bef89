# shellcheck shell=bash
# Runs commands so that nothing they start outlives the script, also when it is interrupted.
# To be sourced. It leaves an EXIT trap and traps for INT, TERM and HUP.
#
# Each command gets a process group, so that a signal for the script alone reaches the command's
# children too: cargo, for one, leaves its test binary running when it is killed. Whether
# everything is gone is seen from a pipe whose writing end (9) all of them inherit, even a
# database server in a session of its own. Its reader (8) meets the end when the last one exits.

pipe=$(mktemp -d) || exit 1
mkfifo "$pipe/alive" || exit 1
# Opened both ways first, because each way alone waits for the other.
# shellcheck disable=SC2094
exec 7<>"$pipe/alive" 8<"$pipe/alive" 9>"$pipe/alive" 7>&-
rm -r "$pipe"

# The last command, which is its process group too, and the signal that ended it.
child=
caught=

forward() {
    caught=$1
    [ -z "$child" ] || kill -s "$1" -- "-$child" 2>/dev/null || true
}

# Runs a command and returns its code; after a signal, ends the script with it.
run() {
    set -m
    "$@" </dev/null 8<&- &
    reap
}

# The same for a compiler, which may leave something running for its next call, such as a cache.
build() {
    set -m
    "$@" </dev/null 8<&- 9>&- &
    reap
}

reap() {
    local code=0
    child=$!
    set +m
    # One that came before the child's id was known.
    [ -z "$caught" ] || forward "$caught"
    # The shell would report a child that was killed; a wait ends early when a signal comes.
    {
        wait "$child" || code=$?
        while kill -0 "$child"; do
            code=0
            wait "$child" || code=$?
        done
    } 2>/dev/null
    if [ -n "$caught" ]; then
        [ "$code" -ne 0 ] || code=$((128 + $(kill -l "$caught")))
        exit "$code"
    fi
    return "$code"
}

# Waits until the processes are gone, for so many seconds at most.
gone_within() {
    local until=$((SECONDS + $1)) code
    while [ "$SECONDS" -lt "$until" ]; do
        code=0
        IFS= read -r -t $((until - SECONDS)) _ <&8 || code=$?
        # 1 is the end of the pipe, and the end of the time in old shells; more is a signal.
        [ "$code" -ne 1 ] || [ "$SECONDS" -ge "$until" ] || return 0
    done
    return 1
}

settle() {
    exec 9>&-
    gone_within 30 && return
    # A guard is in no group of ours: it stops its server when its command is gone.
    [ -z "$child" ] || kill -s KILL -- "-$child" 2>/dev/null || true
    gone_within 30 || true
}

trap 'forward INT' INT
trap 'forward TERM' TERM
trap 'forward HUP' HUP
trap settle EXIT
