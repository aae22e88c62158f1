#!/bin/sh
# Adds Gatehouse to an existing WAR without rebuilding it, and takes it out again. Needs a JDK and no network.
# The WAR is only read; the result is a copy with one file more, WEB-INF/lib/gatehouse-all.jar. The libraries in that file have names of
# their own, so the WAR may have any version of them. The filter registers itself: web.xml stays unchanged.
set -eu

# Only the owner can read work files; the result has the permissions of the caller's umask.
mask=$(umask)
umask 077

usage() {
    cat <<'TEXT'
usage: attach.sh APPLICATION.war [-o GUARDED.war] [--gatehouse GATEHOUSE-ALL.jar] [--dry-run]
       attach.sh --detach GUARDED.war [-o APPLICATION.war] [--dry-run]

  -o                what comes out; without it application-guarded.war beside the application, with --detach application-detached.war
  --gatehouse       without it gatehouse-all.jar beside this script, or ../target/gatehouse-all.jar
  --detach          the way back: a copy without the file that this script has added
  --dry-run         says what would happen, and creates nothing

A WAR that has Gatehouse from this script already gets the given one instead. A result that is there already is left as it is.

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
result=
gatehouse=
detach=
dry=
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        -o | --gatehouse)
            [ $# -gt 1 ] || { usage >&2; fail 2 "$1 wants a value"; }
            case $1 in
                -o) result=$2 ;;
                --gatehouse) gatehouse=$2 ;;
            esac
            shift 2
            ;;
        --detach) detach=yes; shift ;;
        --dry-run) dry=yes; shift ;;
        -*) usage >&2; fail 2 "there is no option $1" ;;
        *)
            [ -z "$application" ] || { usage >&2; fail 2 "one application at a time"; }
            application=$1
            shift
            ;;
    esac
done
[ -n "$application" ] || { usage >&2; fail 2 "which application?"; }
[ -z "$detach" ] || [ -z "$gatehouse" ] || { usage >&2; fail 2 "--detach needs no --gatehouse"; }

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
else
    java=$(command -v java) || fail 1 "no java in JAVA_HOME/bin or PATH: a JDK is needed"
fi

[ -f "$application" ] || fail 1 "there is no file $application"
application=$(absolute "$application")
if [ -z "$result" ]; then
    result=${application%.war}
    if [ -n "$detach" ]; then result=${result%-guarded}-detached.war; else result=$result-guarded.war; fi
fi
result=$(absolute "$result")
if [ -z "$detach" ]; then
    if [ -z "$gatehouse" ]; then
        here=$(cd "$(dirname -- "$0")" && pwd)
        gatehouse=$here/gatehouse-all.jar
        [ -f "$gatehouse" ] || gatehouse=$here/../target/gatehouse-all.jar
    fi
    [ -f "$gatehouse" ] || fail 1 "there is no $gatehouse; build it with 'mvn -DskipTests package', or name it with --gatehouse"
    gatehouse=$(absolute "$gatehouse")
fi

# Both have unpredictable names. The second is beside the result, so that a rename completes it.
work=
half=
trap 'rm -rf ${work:+"$work"} ${half:+"$half"}' EXIT
trap 'exit 1' HUP INT TERM
work=$(mktemp -d) || fail 1 "no temporary folder"
if [ -n "$dry" ]; then
    copy=$work/war
else
    half=$(mktemp -d "$(dirname -- "$result")/.attach.XXXXXXXXXX") || fail 1 "$result cannot be written"
    copy=$half/war
fi

# Copies every file of the WAR as it is; jar would write a manifest of its own, and removes nothing.
cat >"$work/Attach.java" <<'JAVA'
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

class Attach {
    static final String LIBRARY = "WEB-INF/lib/gatehouse-all.jar";

    /** The WAR, the copy, and gatehouse-all.jar or nothing. */
    public static void main(String[] arguments) {
        String war = arguments[0];
        Path copy = Path.of(arguments[1]);
        byte[] library = arguments[2].isEmpty() ? null : library(arguments[2]);
        try (ZipFile in = new ZipFile(war)) {
            check(in, war);
            if (library != null) {
                warn(in);
            }
            write(in, copy, library);
        } catch (IOException e) {
            fail(1, war + " cannot be read, or its copy not be written: " + e.getMessage());
        }
    }

    static byte[] library(String file) {
        try (JarFile jar = new JarFile(file)) {
            if (jar.stream().noneMatch(entry -> entry.getName().startsWith("io/gatehouse/internal/shaded/"))) {
                fail(1, file + " is not gatehouse-all.jar, the one that contains its libraries");
            }
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            fail(1, file + " cannot be read: " + e.getMessage());
            return new byte[0];
        }
    }

    static void check(ZipFile in, String war) {
        if (in.stream().noneMatch(entry -> entry.getName().startsWith("WEB-INF/"))) {
            fail(3, war + " is no WAR, it has no WEB-INF");
        }
        in.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.matches("WEB-INF/(classes/io/gatehouse/internal/wiring/.+|lib/gatehouse(-classes|-\\d[^/]*)?\\.jar)"))
                .findFirst()
                .ifPresent(name -> fail(3, war + " has a Gatehouse of its own, " + name + "; this script leaves that to its build"));
    }

    static void warn(ZipFile in) throws IOException {
        ZipEntry descriptor = in.getEntry("WEB-INF/web.xml");
        String text = descriptor == null ? "" : new String(in.getInputStream(descriptor).readAllBytes(), StandardCharsets.UTF_8);
        if (text.contains("<absolute-ordering") && !text.contains("<others") && !text.contains("<name>gatehouse</name>")) {
            System.out.println("warning: <absolute-ordering> in web.xml leaves Gatehouse out; its first element must be <name>gatehouse</name>");
        }
    }

    static void write(ZipFile in, Path copy, byte[] library) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            out.setComment(in.getComment());
            for (ZipEntry entry : Collections.list(in.entries())) {
                if (!entry.getName().equals(LIBRARY)) {
                    ZipEntry same = new ZipEntry(entry);
                    if (same.getMethod() == ZipEntry.DEFLATED) {
                        same.setCompressedSize(-1);
                    }
                    out.putNextEntry(same);
                    in.getInputStream(entry).transferTo(out);
                }
            }
            if (library != null) {
                out.putNextEntry(stored(library));
                out.write(library);
            }
        }
        ZipEntry before = in.getEntry(LIBRARY);
        if (library == null) {
            System.out.println((before == null ? "not there: " : "removed: ") + LIBRARY);
        } else if (before == null) {
            System.out.println("added: " + LIBRARY);
        } else {
            System.out.println((before.getCrc() == stored(library).getCrc() ? "the same already: " : "replaced: ") + LIBRARY);
        }
    }

    /** Not compressed, as Spring Boot requires it of JARs in a JAR, and without the time of the day, so that a second run makes the same. */
    static ZipEntry stored(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(LIBRARY);
        entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        return entry;
    }

    static void fail(int status, String message) {
        System.err.println("attach.sh: " + message);
        System.exit(status);
    }
}
JAVA
(
    umask "$mask"
    exec "$java" -Xshare:auto -XX:TieredStopAtLevel=1 "$work/Attach.java" "$application" "$copy" "$gatehouse"
) >"$work/said" || { status=$?; cat "$work/said"; exit "$status"; }

[ -z "$dry" ] || printf 'dry run, nothing is created:\n'
cat "$work/said"
if [ -e "$result" ] || [ -L "$result" ]; then
    cmp -s "$copy" "$result" || fail 1 "$result is there already, and it is another one. Nothing is overwritten: remove it, or choose -o"
    printf '%s is there already, and is the same\n' "$result"
elif [ -n "$dry" ]; then
    printf '%s would be created\n' "$result"
else
    mv "$copy" "$result"
    if [ -n "$detach" ]; then
        printf '%s is as before\n' "$result"
    else
        printf '%s is guarded. It wants GATEHOUSE_KEYS and REDIS_SESSION_URL: see src/docs/reference/configuration.md\n' "$result"
    fi
fi
