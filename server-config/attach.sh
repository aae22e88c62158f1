#!/bin/sh
# Adds Gatehouse to an existing WAR, without rebuilding it. Needs a JDK, for its "jar", and no network.
# The WAR is only read; the result is a copy with Gatehouse's JAR and its dependencies in WEB-INF/lib. The filter registers itself:
# web.xml stays unchanged.
set -eu

# Only the owner can read work files; the result has the permissions of the caller's umask.
mask=$(umask)
umask 077

usage() {
    cat <<'TEXT'
usage: attach.sh APPLICATION.war [-o GUARDED.war] [--gatehouse GATEHOUSE.war] [--keep LIBRARY]...

  -o                what comes out; without it application-guarded.war beside the application
  --gatehouse       the WAR that Gatehouse is taken from; without it gatehouse.war beside this script, or ../target/gatehouse.war
  --keep            stay with the application's version of a library that Gatehouse brings in another one, such as: --keep slf4j-api

exit status: 0 done, 1 a file cannot be read or written, 2 wrong usage, 3 refused because of what is in the WAR
TEXT
}

fail() {
    status=$1
    shift
    printf 'attach.sh: %s\n' "$*" >&2
    exit "$status"
}

absolute() {
    (cd "$(dirname -- "$1")" 2>/dev/null && printf '%s/%s' "$(pwd)" "$(basename -- "$1")") \
        || fail 1 "there is no folder $(dirname -- "$1")"
}

application=
guarded=
gatehouse=
keep=' '
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        -o | --gatehouse | --keep)
            [ $# -gt 1 ] || { usage >&2; fail 2 "$1 wants a value"; }
            case $1 in
                -o) guarded=$2 ;;
                --gatehouse) gatehouse=$2 ;;
                --keep) keep="$keep$2 " ;;
            esac
            shift 2
            ;;
        -*) usage >&2; fail 2 "there is no option $1" ;;
        *)
            [ -z "$application" ] || { usage >&2; fail 2 "one application at a time"; }
            application=$1
            shift
            ;;
    esac
done
[ -n "$application" ] || { usage >&2; fail 2 "which application?"; }

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/jar" ]; then
    jar=$JAVA_HOME/bin/jar
else
    jar=$(command -v jar) || fail 1 "no jar in JAVA_HOME/bin or PATH: it comes with a JDK"
fi

[ -f "$application" ] || fail 1 "there is no file $application"
application=$(absolute "$application")
[ -n "$guarded" ] || guarded=${application%.war}-guarded.war
guarded=$(absolute "$guarded")
[ ! -e "$guarded" ] && [ ! -L "$guarded" ] || fail 1 "$guarded is there already, and nothing is overwritten"
if [ -z "$gatehouse" ]; then
    here=$(cd "$(dirname -- "$0")" && pwd)
    gatehouse=$here/gatehouse.war
    [ -f "$gatehouse" ] || gatehouse=$here/../target/gatehouse.war
fi
[ -f "$gatehouse" ] || fail 1 "there is no $gatehouse; build it with 'mvn -DskipTests package', or name it with --gatehouse"
gatehouse=$(absolute "$gatehouse")

# Both have unpredictable names. The second is beside the result, so that a rename completes it.
work=
half=
trap 'rm -rf ${work:+"$work"} ${half:+"$half"}' EXIT
trap 'exit 1' HUP INT TERM
work=$(mktemp -d) || fail 1 "no temporary folder"
half=$(mktemp -d "$(dirname -- "$guarded")/.attach.XXXXXXXXXX") || fail 1 "$guarded cannot be written"

"$jar" tf "$application" >"$work/existing" 2>"$work/error" || fail 1 "$application cannot be read: $(cat "$work/error")"
grep -q '^WEB-INF/' "$work/existing" || fail 3 "$application is no WAR, it has no WEB-INF"
if grep -Eq '^WEB-INF/(classes/io/gatehouse/internal/wiring/|lib/gatehouse(-classes|-[0-9][^/]*)?\.jar$)' "$work/existing"; then
    fail 3 "$application has Gatehouse already"
fi

mkdir "$work/added"
(cd "$work/added" && "$jar" xf "$gatehouse" WEB-INF/lib) 2>"$work/error" || fail 1 "$gatehouse cannot be read: $(cat "$work/error")"
ls "$work/added/WEB-INF/lib" 2>/dev/null >"$work/libraries" || true
grep -q '^gatehouse-' "$work/libraries" || fail 1 "$gatehouse is no WAR of Gatehouse"

# The part of a file name before the version identifies the library.
: >"$work/conflicts"
: >"$work/said"
while read -r library; do
    name=$(printf '%s' "${library%.jar}" | sed 's/-[0-9].*//')
    their=$(sed -n 's|^WEB-INF/lib/||p' "$work/existing" | grep -E "^$name(-[0-9][^/]*)?\.jar\$" | head -n 1 || true)
    if [ "$name" = slf4j-jdk14 ] && grep -Eq '^WEB-INF/lib/slf4j-api(-[0-9][^/]*)?\.jar$' "$work/existing"; then
        their="slf4j-api of its own, which knows where to log"
    elif [ -z "$their" ]; then
        continue
    elif [ "$their" != "$library" ]; then
        case $keep in
            *" $name "*) ;;
            *) printf '  it has %s, Gatehouse needs %s\n' "$their" "$library" >>"$work/conflicts" ;;
        esac
    fi
    rm "$work/added/WEB-INF/lib/$library"
    printf 'kept: the application has %s; %s is not added\n' "$their" "$library" >>"$work/said"
done <"$work/libraries"
if [ -s "$work/conflicts" ]; then
    cat "$work/conflicts" >&2
    fail 3 "$application has other versions of what Gatehouse needs: align them there, or try --keep LIBRARY and test it"
fi

(
    umask "$mask"
    cp "$application" "$half/war" && chmod u+w "$half/war" && "$jar" uf "$half/war" -C "$work/added" WEB-INF/lib
) 2>"$work/error" || fail 1 "$guarded cannot be written: $(cat "$work/error")"
mv "$half/war" "$guarded"
cat "$work/said"
ls "$work/added/WEB-INF/lib" | sed 's/^/added: /'
printf '%s is guarded. It wants GATEHOUSE_KEYS and REDIS_SESSION_URL: see src/docs/reference/configuration.md\n' "$guarded"
