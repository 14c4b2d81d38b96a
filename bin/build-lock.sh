# Starts at the same time must not build in the same folders: one builds, the others wait. Sourced by ensure_built.
# The lock is a folder, since making one succeeds once, with the builder's process number in it; one for all programs,
# which share modules. A builder that is gone, killed or cut from power, is succeeded.
lock=$home/engine/target/building

take_lock() {
    mkdir -p "${lock%/*}" && [ -w "${lock%/*}" ] || fail "${lock%/*} cannot be written."
    waited=0
    until mkdir "$lock" 2>/dev/null; do
        builder=$(cat "$lock/pid" 2>/dev/null)
        # Between making the folder and writing its number a builder is alive, but not for ten seconds.
        if { [ -n "$builder" ] && ! is_running "$builder"; } || { [ -z "$builder" ] && [ $waited -ge 10 ]; }; then
            remove_stale_lock "$builder"
            waited=0
            continue
        fi
        [ $waited -gt 0 ] || echo "$name: waiting for another start that builds the program" >&2
        [ $waited -lt 900 ] || fail "another start still builds the program; if none does, delete $lock"
        sleep 1
        waited=$((waited + 1))
    done
    trap drop_lock EXIT
    trap 'exit 1' HUP INT TERM
    echo $$ > "$lock/pid"
}

drop_lock() {
    rm -rf "$lock"
    trap - EXIT HUP INT TERM
}

is_running() {
    [ -d "/proc/$1" ] || kill -0 "$1" 2>/dev/null
}

# Takes away the lock of a builder that is gone; puts it back if another start was faster and the lock is that one's.
remove_stale_lock() {
    mv "$lock" "$lock.$$" 2>/dev/null || return
    if [ "$(cat "$lock.$$/pid" 2>/dev/null)" = "$1" ]; then rm -rf "$lock.$$"; else mv "$lock.$$" "$lock"; fi
}
