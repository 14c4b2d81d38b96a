# What the scripts beside it share, which source it: root (the project's folder), java.sh with the Java that it finds, and
# folder (an empty one, which is deleted at the end).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
name=${0##*/}
. "$root/bin/java.sh"
find_java
folder=$(mktemp -d)
readonly root folder
trap 'rm -rf "$folder"' EXIT
