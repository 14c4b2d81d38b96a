# What the parts serve-… of bin/torture share. Sourced by them.
name=${0##*/}
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
target=$home/bench/target
. "$home/bin/java.sh"

find_java
ensure_built "$target/bench.jar" bench engine autograd ttm forecast bench
# The program is built by its first start.
"$home/bin/ttm" --version >/dev/null || exit 1

# Starts a class of org.ttm4j.bench.serve with the flags that bin/ttm serve has: run CLASS ARGUMENTS…
run() {
    class=$1
    shift
    set -- -cp "$target/bench.jar:$target/lib/*" "org.ttm4j.bench.serve.$class" "$@"
    if has_vectors; then set -- --add-modules jdk.incubator.vector "$@"; fi
    exec "$java_home/bin/java" -Xlog:disable -Dttm4j.home="$home" ${TTM_JAVA_OPTIONS:-} "$@"
}

# Needs programs of Debian packages: needs PACKAGE…
needs() {
    for program in "$@"; do
        command -v "$program" >/dev/null || fail "$program is needed: install the package $program."
    done
}
