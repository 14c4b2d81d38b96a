# What bin/torture and the examples of integrations share: java.sh, and what starts classes among the tests of a module.
# Sourced after setting name (for messages) and home (the project's folder).
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

# Fetches an artifact into a folder: fetch FOLDER GROUP:ARTIFACT:VERSION
fetch() {
    mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -DoutputDirectory="$1" -Dartifact="$2"
}
