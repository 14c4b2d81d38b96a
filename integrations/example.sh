# What the examples of integrations share; sourced by integrations/NAME/example.

. "$(dirname -- "$0")/../../bin/tests.sh"
target=$home/integrations/target

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
    if has_vectors; then
        kernels=vector
        set -- --add-modules jdk.incubator.vector "$@"
    fi
    # A set of kernels that is named forecasts the same bits from the first series on.
    exec "$java" -Dttm4j.kernels=$kernels "$@" -cp "$class_path" \
        "$class" "$home/data/samples" ${series:-}
}
