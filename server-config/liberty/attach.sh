#!/bin/sh
# Adds Gatehouse to a WAR of an Open Liberty server, and takes it out again, by a loose application: an XML file in place of the WAR has the
# server read the application from a folder, with one more file in WEB-INF/lib. The server may be running: it restarts the application.
set -eu

usage() {
    cat <<'TEXT'
usage: attach.sh SERVER/apps/APPLICATION.war [--gatehouse GATEHOUSE-ALL.jar] [--dry-run]
       attach.sh --detach SERVER/apps/APPLICATION.war [--dry-run]

  SERVER            the folder with server.xml, such as wlp/usr/servers/shop; the WAR may also be in its folder dropins
  --gatehouse       without it gatehouse-all.jar beside this script, ../gatehouse-all.jar or ../../target/gatehouse-all.jar
  --detach          the way back: the WAR is again where it was
  --dry-run         says what would happen, and changes nothing

The WAR moves to SERVER/gatehouse, unchanged, and is unpacked there. A further run with the same files changes nothing. For a new version of
the application copy it to apps again and repeat the command; for a new version of Gatehouse repeat it.

exit status: 0 done, 1 a file cannot be read or written, 2 wrong usage, 3 refused because of what is there
TEXT
}

fail() {
    status=$1
    shift
    printf 'attach.sh: %s\n' "$*" >&2
    exit "$status"
}

war=
jar=
detach=
dry=
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --gatehouse)
            [ $# -gt 1 ] || { usage >&2; fail 2 "$1 wants a value"; }
            jar=$2
            shift 2
            ;;
        --detach) detach=yes; shift ;;
        --dry-run) dry=yes; shift ;;
        -*) usage >&2; fail 2 "there is no option $1" ;;
        *)
            [ -z "$war" ] || { usage >&2; fail 2 "one application at a time"; }
            war=$1
            shift
            ;;
    esac
done
[ -n "$war" ] || { usage >&2; fail 2 "which application?"; }
[ -z "$detach" ] || [ -z "$jar" ] || { usage >&2; fail 2 "--detach needs no --gatehouse"; }

name=$(basename -- "$war")
case $name in
    *[!A-Za-z0-9._-]*) fail 2 "$name: letters, digits, '.', '_' and '-' are expected in the name of the WAR" ;;
    ?*.war) ;;
    *) fail 2 "$name is no WAR, its name does not end in .war" ;;
esac
apps=$(cd "$(dirname -- "$war")" 2>/dev/null && pwd) || fail 1 "there is no folder $(dirname -- "$war")"
server=$(dirname -- "$apps")
[ -f "$server/server.xml" ] || fail 3 "there is no $server/server.xml; expected a WAR in apps or dropins of a server"
war=$apps/$name
xml=$war.xml
store=$server/gatehouse
folder=$store/${name%.war}
library=$store/gatehouse-all.jar

# The server knows its own folder, so that it can be moved, such as into an image.
description() {
    cat <<TEXT
<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by Gatehouse's attach.sh, which brings $name back too. -->
<archive>
  <dir targetInArchive="/" sourceOnDisk="\${server.config.dir}/gatehouse/${name%.war}"/>
  <file targetInArchive="/WEB-INF/lib/gatehouse-all.jar" sourceOnDisk="\${server.config.dir}/gatehouse/gatehouse-all.jar"/>
</archive>
TEXT
}

attached=
if [ -e "$xml" ]; then
    grep -q "Gatehouse's attach.sh" "$xml" || fail 3 "$xml is there already, and this script has not written it; remove it first"
    attached=yes
fi
[ ! -d "$war" ] || fail 3 "$war is unpacked already: copy gatehouse-all.jar into its WEB-INF/lib; to detach, remove it there"

if [ -n "$detach" ]; then
    if [ -z "$attached" ]; then
        [ -f "$war" ] || fail 1 "there is no file $war"
        printf 'not attached: %s\n' "$war"
        exit 0
    fi
    [ -e "$war" ] || [ -f "$store/$name" ] || fail 3 "$store/$name is gone: copy the WAR to $war first"
    [ -z "$dry" ] || printf 'dry run, nothing is changed:\n'
    printf 'removed: %s, and %s\n' "$xml" "$folder"
    if [ -e "$war" ]; then
        printf '%s stays as it is, because it is newer than the one that was attached\n' "$war"
    else
        printf '%s is as before\n' "$war"
    fi
    [ -z "$dry" ] || exit 0
    rm -- "$xml"
    if [ -e "$war" ]; then rm -f -- "$store/$name"; else mv -- "$store/$name" "$war"; fi
    rm -rf -- "$folder"
    for other in "$store"/*.war; do
        [ -e "$other" ] || { rm -f -- "$library"; rmdir -- "$store" 2>/dev/null || :; }
        break
    done
    exit 0
fi

if [ -z "$jar" ]; then
    here=$(cd "$(dirname -- "$0")" && pwd)
    for jar in "$here/gatehouse-all.jar" "$here/../gatehouse-all.jar" "$here/../../target/gatehouse-all.jar"; do
        [ ! -f "$jar" ] || break
    done
fi
[ -f "$jar" ] || fail 1 "there is no $jar; build it with 'mvn -DskipTests package', or name it with --gatehouse"

# Any of these can list and unpack a WAR.
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/jar" ]; then
    tool=$JAVA_HOME/bin/jar
else
    tool=$(command -v jar || command -v unzip) || fail 1 "neither jar in JAVA_HOME/bin or PATH, nor unzip"
fi
list() {
    case $tool in
        */unzip) "$tool" -Z1 "$1" ;;
        *) "$tool" -tf "$1" ;;
    esac
}
unpack() {
    case $tool in
        */unzip) "$tool" -q "$1" -d "$2" ;;
        *) (cd "$2" && "$tool" -xf "$1") ;;
    esac
}

files=$(list "$jar") || fail 1 "$jar cannot be read"
printf '%s\n' "$files" | grep -q '^io/gatehouse/internal/shaded/' \
    || fail 1 "$jar is not gatehouse-all.jar, the one that contains its libraries"
if [ -e "$war" ]; then
    files=$(list "$war") || fail 1 "$war cannot be read"
    printf '%s\n' "$files" | grep -q '^WEB-INF/' || fail 3 "$war is no WAR, it has no WEB-INF"
    other=$(printf '%s\n' "$files" | grep -E '^WEB-INF/(classes/io/gatehouse/internal/wiring/.+|lib/gatehouse.*\.jar)' | head -n 1)
    [ -z "$other" ] || fail 3 "$war has a Gatehouse of its own, $other; this script leaves that to its build"
    [ -n "$attached" ] || [ ! -e "$folder" ] || fail 3 "$folder is there already, and this script has not created it; remove it first"
else
    [ -n "$attached" ] || fail 1 "there is no file $war"
fi

changed=
[ -z "$dry" ] || printf 'dry run, nothing is changed:\n'
if [ -e "$war" ]; then
    changed=yes
    printf 'moved: %s to %s, and unpacked\n' "$war" "$store"
fi
if ! cmp -s "$jar" "$library"; then
    changed=yes
    printf 'copied: %s, which all attached WARs of the server use\n' "$library"
fi
if [ -z "$changed" ]; then
    printf 'attached already, and the same: %s\n' "$war"
    exit 0
fi
if [ -z "$dry" ]; then
    mkdir -p -- "$store"
    cmp -s "$jar" "$library" || { cp -- "$jar" "$library.new" && mv -- "$library.new" "$library"; }
    if [ -e "$war" ]; then
        rm -rf -- "$folder.new"
        mkdir -- "$folder.new"
        unpack "$war" "$folder.new"
        # The server must not see both, nor the file before the folder.
        rm -f -- "$xml"
        mv -- "$war" "$store/$name"
        rm -rf -- "$folder"
        mv -- "$folder.new" "$folder"
    fi
    description >"$store/$name.xml"
    mv -- "$store/$name.xml" "$xml"
fi
printf '%s is guarded. It wants GATEHOUSE_KEYS and REDIS_SESSION_URL: see src/docs/reference/configuration.md\n' "$name"
