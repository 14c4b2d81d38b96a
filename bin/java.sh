# What the programs in this folder share: finds Java 21 or newer, builds what is missing or out of date.
# Sourced after setting name (of the program, for messages) and home (the project's folder).

fail() {
    printf '%s: %s\n' "$name" "$*" >&2
    exit 1
}

# Sets version, feature (25.0.3 and 25) and vectors (the option for its Vector API) of the Java in a folder; feature is 0 if
# there is none.
look_at() {
    version=0
    vectors=
    if [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ]; then
        while IFS='="' read -r key _ value _; do
            case $key:$value in
                JAVA_VERSION:*) version=$value ;;
                MODULES:*jdk.incubator.vector*) vectors=--add-modules=jdk.incubator.vector ;;
            esac
        done < "$1/release"
    fi
    feature=${version%%[!0-9]*}
    feature=${feature:-0}
}

# Sets java_home: JAVA_HOME if its version is from LEAST to MOST, else the newest of these that there is; fails without one.
seek_java() {
    java_home=${JAVA_HOME:-}
    look_at "$java_home"
    [ "$feature" -ge "$1" ] && [ "$feature" -le "$2" ] && return
    on_path=$(command -v java) && on_path=$(readlink -f "$on_path" 2>/dev/null)
    java_home=
    newest=$(($1 - 1))
    for candidate in "${on_path%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        look_at "$candidate"
        if [ "$feature" -gt "$newest" ] && [ "$feature" -le "$2" ]; then
            newest=$feature
            java_home=$candidate
        fi
    done
    look_at "$java_home"
    [ -n "$java_home" ]
}

find_java() {
    seek_java 21 999 || fail "Java 21 or newer is needed, and none was found (JAVA_HOME, PATH, the usual folders)." \
        "Install one, such as the package openjdk-21-jdk-headless, or set JAVA_HOME."
}

# Whether a module's jar is newer than every source and pom of what it is made of: is_built MODULE JAR
is_built() {
    [ -e "$target/built" ] && [ -e "$target/$2" ] || return 1
    [ -z "$(cd "$home" && find pom.xml engine autograd ttm forecast data eval serve integrations/jdbc "$1" -name target -prune -o \
        -path '*/src/test' -prune -o \( -path '*/src/main*' -o -name pom.xml \) -newer "$target/built" -print)" ]
}

# Sets target, the module's build folder, and builds the module if need be: ensure_built MODULE JAR
# Of starts at the same time one builds and the others wait, where there is flock.
ensure_built() {
    target=$home/$1/target
    is_built "$@" && return
    lock=$home/engine/target/build.lock
    mkdir -p "${lock%/*}" && touch "$lock" || fail "$lock cannot be written."
    exec 9>> "$lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        echo "$name: waiting for another start that builds the program" >&2
        flock -w 900 9 || fail "another start has built the program for a quarter of an hour."
    fi
    is_built "$@" || build "$1"
    exec 9>&-
}

# Builds a module and what it needs, without a word of Maven's unless that fails, and forgets archives of the classes before.
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
    rm -f "$log" "$target"/*.archive*
    mv "$target/started" "$target/built"
}

# Starts Java in place of this script. The first line that it writes to standard error warns of the Vector API's module, which
# no option of the JVM changes: that line is left out, and all others pass.
start_java() {
    pipe=${TMPDIR:-/tmp}/ttm.$$
    case " $* " in
        *"jdk.incubator.vector "*)
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
