# What the scripts beside it share, which source it: home (the project's folder), tests.sh with the Java that it finds, and
# folder (an empty one, which is deleted at the end).
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
name=${0##*/}
. "$home/bin/tests.sh"
find_java
folder=$(mktemp -d)
readonly home folder
# As .mvn/jvm.config has them, for projects outside.
export MAVEN_OPTS="${MAVEN_OPTS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1}"
trap 'rm -rf "$folder"' EXIT

# Puts the files of a commit into a folder.
checkout() { mkdir -p "$2" && git -C "$home" archive "$1" | tar -x -C "$2"; }

# The version in the POM of a folder.
version_in() { sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$1/pom.xml"; }

# Runs a command whose standard error is shown only where it fails.
quietly() { "$@" 2> "$folder/errors" || { cat "$folder/errors" >&2; fail "failed: $*"; }; }

# Fails unless a file is the forecast of the sample.
expect_week() { [ "$(wc -l < "$1")" -eq 169 ] || fail "expected a header and the rows of a week"; }
