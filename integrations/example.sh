# What the examples of integrations share; sourced by integrations/NAME/example.

home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
name=example
target=$home/integrations/target
. "$home/bin/java.sh"

# Compiles a module with its tests, among which the example is, and runs a class with data/samples as its argument:
# run_example NAME CLASS [OPTION…], where the options are the JVM's. The variable series, where it is set, is another argument.
run_example() {
    module=integrations/$1
    class=$2
    shift 2
    find_java
    java=$java_home/bin/java
    if [ -x "$home/$module/jdk21/bin/java" ]; then java=$home/$module/jdk21/bin/java; fi
    command -v mvn >/dev/null || fail "Maven is needed: install the package maven."
    mkdir -p "$target"
    echo "example: compiling $module" >&2
    (cd "$home" && mvn -B -ntp -q test-compile dependency:build-classpath -pl "$module" -am \
        -Dmdep.outputFile="$target/classpath") >&2 || fail "the build failed."
    kernels=scalar
    if has_vectors; then
        kernels=vector
        set -- --add-modules jdk.incubator.vector "$@"
    fi
    # A set of kernels that is named forecasts the same bits from the first series on.
    exec "$java" -Dttm4j.kernels=$kernels "$@" \
        -cp "$home/$module/target/test-classes:$home/$module/target/classes:$(cat "$target/classpath")" \
        "$class" "$home/data/samples" ${series:-}
}
