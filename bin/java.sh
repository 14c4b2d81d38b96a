# What the programs in this folder share: finds Java 21 or newer, builds what is missing or out of date.
# Sourced after setting name (of the program, for messages), home (the project's folder) and target (its build folder).

fail() {
    printf '%s: %s\n' "$name" "$*" >&2
    exit 1
}

# Sets version and feature (25.0.3 and 25) of the Java in a folder; feature is 0 if there is none.
look_at() {
    version=0
    if [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then version=${value#\"}; fi
        done < "$1/release"
    fi
    version=${version%%\"*}
    feature=${version%%[!0-9]*}
    feature=${feature:-0}
}

# Sets java_home: JAVA_HOME if it is new enough, else the newest there is.
find_java() {
    java_home=${JAVA_HOME:-}
    look_at "$java_home"
    [ "$feature" -ge 21 ] && return
    on_path=$(command -v java) && on_path=$(readlink -f "$on_path" 2>/dev/null)
    java_home=
    newest=20
    for candidate in "${on_path%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        look_at "$candidate"
        if [ "$feature" -gt "$newest" ]; then
            newest=$feature
            java_home=$candidate
        fi
    done
    [ -n "$java_home" ] || fail "Java 21 or newer is needed, and none was found (JAVA_HOME, PATH, the usual folders)." \
        "Install one, such as the package openjdk-21-jdk-headless, or set JAVA_HOME."
    look_at "$java_home"
}

# Whether a jar is there and no source or pom of the given modules is newer than the last build: up_to_date JAR MODULE…
up_to_date() {
    [ -e "$target/built" ] && [ -e "$1" ] || return 1
    shift
    [ -z "$(cd "$home" && find pom.xml "$@" -name target -prune -o -path '*/src/test' -prune -o \
        \( -path '*/src/main*' -o -name pom.xml \) -newer "$target/built" -print)" ]
}

# Builds a module unless its jar is newer than the sources of all modules given: ensure_built JAR MODULE MODULES…
# Of starts at the same time one builds and the others wait, where there is flock.
ensure_built() {
    jar=$1
    module=$2
    shift 2
    up_to_date "$jar" "$@" && return
    mkdir -p "$home/engine/target" && [ -w "$home/engine/target" ] || fail "$home/engine/target cannot be written."
    lock=$home/engine/target/build.lock
    : >> "$lock" 2>/dev/null || fail "$lock cannot be written."
    exec 9>> "$lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        echo "$name: waiting for another start that builds the program" >&2
        flock -w 900 9 || fail "another start has built the program for a quarter of an hour."
    fi
    up_to_date "$jar" "$@" || build "$module"
    exec 9>&-
}

# Builds the program that bin/ttm starts.
build_program() {
    ensure_built "$target/ttm.jar" cli engine autograd ttm forecast data eval serve integrations/jdbc cli
}

# Builds a module and what it needs, without a word of Maven's unless that fails, and forgets archives of the classes before: build MODULE
build() {
    command -v mvn >/dev/null || fail "Maven is needed to build the program once: install the package maven."
    echo "$name: building the program; this takes a minute, once" >&2
    if [ -x "$java_home/bin/javac" ]; then export JAVA_HOME="$java_home"; fi
    mkdir -p "$target" && touch "$target/started" || fail "$target cannot be written."
    log=$target/build.log
    (cd "$home" && mvn -B -q package -Dmaven.test.skip -Dformatter.skip \
        -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugin.surefire.SurefireMojo=warn -pl "$1" -am) >"$log" 2>&1 || {
        cat "$log" >&2
        fail "the build failed."
    }
    rm -f "$log"
    rm -f "$target"/*.archive*
    mv "$target/started" "$target/built"
}

# Whether the Java found has the Vector API.
has_vectors() {
    grep -q jdk.incubator.vector "$java_home/release"
}

# Starts Java in place of this script. The first line that it writes to standard error warns of the Vector API's module, which
# no option of the JVM changes: that line is left out, and all others pass.
start_java() {
    pipe=${TMPDIR:-/tmp}/ttm.$$
    case " $* " in
        *" jdk.incubator.vector "*)
            if mkfifo -m 600 "$pipe" 2>/dev/null; then
                without_warning <"$pipe" >&2 &
                exec 2>"$pipe"
                rm -f "$pipe"
            fi
            ;;
    esac
    exec "$java_home/bin/java" "$@"
}

# It ends with Java, and not before.
without_warning() {
    trap '' HUP INT TERM
    IFS= read -r line
    case $line in '' | "WARNING: Using incubator modules: "*) ;; *) printf '%s\n' "$line" ;; esac
    exec cat
}
