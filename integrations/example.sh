# What the examples of integrations share; sourced by integrations/NAME/example.
# run_example MODULE JAVA CLASS [OPTIONS…] compiles a module with its tests, in which the example is, and runs a class of
# it on a Java of that version or newer, with more options for the JVM.

home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
name=example
target=$home/integrations/target
. "$home/bin/java.sh"

run_example() {
    module=integrations/$1
    class=$3
    shift 3
    find_java
    command -v mvn >/dev/null || fail "Maven is needed: install the package maven."
    mkdir -p "$target"
    echo "example: compiling $module" >&2
    (cd "$home" && JAVA_HOME=$java_home mvn -B -ntp -q test-compile dependency:build-classpath -pl "$module" -am \
        -Dmdep.outputFile="$target/classpath") >&2 || fail "the build failed."
    kernels=scalar
    if has_vectors; then
        kernels=vector
        set -- --add-modules jdk.incubator.vector "$@"
    fi
    # A set of kernels that is named forecasts the same bits from the first series on.
    exec "$java_home/bin/java" -Dttm4j.kernels=$kernels "$@" \
        -cp "$home/$module/target/test-classes:$home/$module/target/classes:$(cat "$target/classpath")" \
        "$class" "$home/data/samples"
}
