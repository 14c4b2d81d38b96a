# What the parts of bin/torture and the examples of integrations share: java.sh, and how they start classes among the tests
# of a module. Sourced by scripts in folders two levels below that of the project.
set -u
name=${0##*/}
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
target=$home/cli/target
. "$home/bin/java.sh"

# Compiles a module with its tests, unless it is newer than every source and pom, and sets class_path to both and all that they
# need: compile_tests MODULE
compile_tests() {
    dependencies=$home/$1/target/test-classpath
    if [ ! -e "$dependencies" ] || [ -n "$(cd "$home" && find . -name target -prune -o -type f \
        \( -path '*/src/*' -o -name pom.xml \) -newer "$dependencies" -print)" ]; then
        command -v mvn >/dev/null || fail "Maven is needed: install the package maven."
        echo "$name: compiling $1" >&2
        (cd "$home" && mvn -B -ntp -q test-compile dependency:build-classpath -pl "$1" -am \
            -Dmdep.outputFile=target/test-classpath) >&2 || fail "the build failed."
    fi
    class_path="$home/$1/target/test-classes:$home/$1/target/classes:$(cat "$dependencies")"
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
