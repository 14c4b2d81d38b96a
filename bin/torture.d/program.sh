# Starts a class of org.ttm4j.cli.torture, which starts the program: torture_program CLASS ARGUMENTS… Sourced by the parts.
. "$(dirname -- "$0")/../tests.sh"

torture_program() {
    class=$1
    shift
    find_java
    build_program
    "$java_home/bin/javac" -d "$target/torture" "$home"/cli/src/test/java/org/ttm4j/cli/torture/[!T]*.java || exit 1
    exec ${inside:-} "$java_home/bin/java" -cp "$target/torture" "org.ttm4j.cli.torture.$class" "$target/ttm.jar" "$@"
}
