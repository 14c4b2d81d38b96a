# What the examples of integrations share; sourced by integrations/NAME/example.

name=example
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
. "$home/bin/tests.sh"

# Compiles a module with its tests, among which the example is, and runs a class with data/samples as its argument:
# run_example NAME CLASS [OPTION…], where the options are the JVM's. The variable series, where it is set, is another argument.
run_example() {
    module=integrations/$1
    class=$2
    shift 2
    find_java
    java=$java_home/bin/java
    if [ -x "$home/$module/jdk21/bin/java" ]; then java=$home/$module/jdk21/bin/java; fi
    compile_tests "$module"
    kernels=scalar
    if [ "$vectors" ]; then kernels=vector; fi
    # A set of kernels that is named forecasts the same bits from the first series on.
    exec "$java" -Dttm4j.kernels=$kernels $vectors "$@" -cp "$class_path" \
        "$class" "$home/data/samples" ${series:-}
}
