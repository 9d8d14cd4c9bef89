# Ends the servers in the folder $1, unmounts what is mounted there and removes it, once the
# standard input ends: the process that had them is gone, whether it tidied up or not.
cat >/dev/null
find "$1" -name postmaster.pid 2>/dev/null | while read -r file; do
    read -r pid <"$file" || continue
    case "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" in
    *"$1"*)
        kill -QUIT "$pid"
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        ;;
    esac
done
for disk in "$1"/*/data "$1"/*/wal; do
    umount "$disk" 2>/dev/null
done
rm -rf "$1"
