#!/bin/sh
# Adds Gatehouse to an application that is deployed on Payara Server, and takes it out again: the server loads one more library with it. The
# WAR stays as it is, and a new version of the application that is deployed over it keeps the library. Needs a running server and asadmin.
# For Payara Micro see attach-micro.txt.
set -eu

usage() {
    cat <<'TEXT'
usage: attach.sh APPLICATION --gatehouse GATEHOUSE-ALL.jar [--dry-run] [-- OPTION...]
       attach.sh --detach APPLICATION [--dry-run] [-- OPTION...]

  APPLICATION       its name, as 'asadmin list-applications' shows it
  --gatehouse       the file, where it will stay: the server reads it at each start of the application
  --detach          the way back
  --dry-run         says what would happen, and changes nothing
  OPTION            an option of asadmin, such as --port or --passwordfile

The environment variable ASADMIN names the command; without it asadmin from PATH. A further run with the same file changes nothing.

exit status: 0 done, 1 a file is missing or asadmin has failed, 2 wrong usage
TEXT
}

fail() {
    status=$1
    shift
    printf 'attach.sh: %s\n' "$*" >&2
    exit "$status"
}

application=
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
        --) shift; break ;;
        -*) usage >&2; fail 2 "there is no option $1" ;;
        *)
            [ -z "$application" ] || { usage >&2; fail 2 "one application at a time"; }
            application=$1
            shift
            ;;
    esac
done
[ -n "$application" ] || { usage >&2; fail 2 "which application?"; }
case $application in
    *[!A-Za-z0-9._-]*) fail 2 "$application: letters, digits, '.', '_' and '-' are expected in the name of an application" ;;
esac
if [ -n "$detach" ]; then
    [ -z "$jar" ] || { usage >&2; fail 2 "--detach needs no --gatehouse"; }
else
    [ -n "$jar" ] || { usage >&2; fail 2 "--gatehouse is missing"; }
    [ -f "$jar" ] || fail 1 "there is no $jar; build it with 'mvn -DskipTests package'"
    jar=$(cd "$(dirname -- "$jar")" && pwd)/$(basename -- "$jar")
    case $jar in
        */gatehouse-all.jar) ;;
        *) fail 1 "$jar is not named gatehouse-all.jar, by which --detach finds it" ;;
    esac
    case $jar in
        *[!A-Za-z0-9/._-]*) fail 1 "$jar: letters, digits, '/', '.', '_' and '-' are expected in the path" ;;
    esac
fi

admin() {
    "${ASADMIN:-asadmin}" --interactive=false "$@"
}

setting=applications.application.$application.libraries
admin "$@" get "applications.application.$application.name" >/dev/null || fail 1 "there is no application $application, or asadmin has failed"
# This fails also if there is no value.
before=$(admin "$@" get "$setting" 2>/dev/null | sed -n 's/^applications\..*\.libraries=//p')

# The libraries of the application, except Gatehouse.
others=
rest=$before,
while [ -n "$rest" ]; do
    library=${rest%%,*}
    rest=${rest#*,}
    case $library in
        '' | */gatehouse-all.jar | gatehouse-all.jar) ;;
        *) others=${others:+$others,}$library ;;
    esac
done
after=$others
[ -n "$detach" ] || after=${others:+$others,}$jar

if [ "$before" = "$after" ]; then
    if [ -n "$detach" ]; then printf 'not attached: %s\n' "$application"; else printf 'attached already: %s\n' "$application"; fi
    exit 0
fi
[ -z "$dry" ] || printf 'dry run, nothing is changed:\n'
printf 'libraries of %s: from "%s" to "%s"; a running application is restarted\n' "$application" "$before" "$after"
[ -z "$dry" ] || exit 0
admin "$@" set "$setting=$after" >/dev/null
enabled=$(admin "$@" get "servers.server.server.application-ref.$application.enabled" | sed -n 's/^servers\..*\.enabled=//p')
[ "$enabled" = true ] || exit 0
admin "$@" disable "$application" >/dev/null
admin "$@" enable "$application" >/dev/null || fail 1 "$application has not started; the server's log says why. The way back: --detach"
