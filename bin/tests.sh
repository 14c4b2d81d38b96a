# What starts classes among the tests of a module: parts of bin/torture and the examples of integrations. Sourced by scripts
# in folders two levels below that of the project.
name=${0##*/}
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
target=$home/bench/target
. "$home/bin/java.sh"

# Compiles a module with its tests, and sets class_path to both and all that they need: compile_tests MODULE
compile_tests() {
    command -v mvn >/dev/null || fail "Maven is needed: install the package maven."
    mkdir -p "$target"
    echo "$name: compiling $1" >&2
    (cd "$home" && mvn -B -ntp -q test-compile dependency:build-classpath -pl "$1" -am \
        -Dmdep.outputFile="$target/test-classpath") >&2 || fail "the build failed."
    class_path="$home/$1/target/test-classes:$home/$1/target/classes:$(cat "$target/test-classpath")"
}

# Starts a class of org.ttm4j.bench.serve, with the flags that bin/ttm serve has: torture_service CLASS ARGUMENTS…
torture_service() {
    class=$1
    shift
    find_java
    compile_tests bench
    # The program is built by its first start.
    "$home/bin/ttm" --version >/dev/null || exit 1
    set -- -cp "$class_path" "org.ttm4j.bench.serve.$class" "$@"
    if has_vectors; then set -- --add-modules jdk.incubator.vector "$@"; fi
    exec "$java_home/bin/java" -Xlog:disable -Dttm4j.home="$home" ${TTM_JAVA_OPTIONS:-} "$@"
}
