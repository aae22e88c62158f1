package io.gatehouse.internal.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of access log parsing, with the lines of several servers. */
class AccessLogLineTest {
    private static final String TIME = "[10/Oct/2025:13:55:36 -0700]";

    private static AccessLogLine read(String line) {
        return AccessLogLine.parse(line).orElseThrow();
    }

    private static long micros(String time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    }

    @Test
    void readsTheCommonFormatOfApache() {
        assertThat(read("127.0.0.1 - frank " + TIME + " \"GET /apache_pb.gif HTTP/1.0\" 200 2326"))
                .isEqualTo(new AccessLogLine(
                        "127.0.0.1",
                        "frank",
                        micros("2025-10-10T20:55:36Z"),
                        new RequestLine("GET", "/apache_pb.gif"),
                        200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Apache and nginx, combined
                "203.0.113.7 - - [24/Nov/2026:19:33:30 +0000] \"POST /login?a=b HTTP/1.1\" 401 12 \"https://a.example/\" \"Mozilla/5.0 (X11) \\\"q\\\"\"",
                // Tomcat, WildFly and Undertow by their default, common
                "203.0.113.7 - - [24/Nov/2026:20:33:30 +0100] \"POST /login HTTP/1.1\" 401 -",
                // Open Liberty by its default, with user and HTTP/2
                "203.0.113.7 - \"\" [24/Nov/2026:19:33:30 +0000] \"POST /login HTTP/2.0\" 401 0",
                // a time with fractions, further fields, a request without protocol
                "203.0.113.7 - - [24/Nov/2026:19:33:30.000 +0000] \"POST /login\" 401 12 0.001 up=\"x\"",
                // an absolute target, as proxies send
                "203.0.113.7 - - [24/Nov/2026:14:03:30 -0530] \"POST http://a.example/login HTTP/1.1\" 401 12"
            })
    void readsTheLinesOfAllServers(String line) {
        assertThat(read(line))
                .isEqualTo(new AccessLogLine(
                        "203.0.113.7", null, micros("2026-11-24T19:33:30Z"), new RequestLine("POST", "/login"), 401));
    }

    @Test
    void readsNamesAndIPv6AndUsersWithBlanks() {
        AccessLogLine line = read("2001:db8::1 - Jo Doe " + TIME + " \"GET / HTTP/1.1\" 200 1");
        assertThat(line.host()).isEqualTo("2001:db8::1");
        assertThat(line.user()).isEqualTo("Jo Doe");
        assertThat(read("client.example - - " + TIME + " \"GET / HTTP/1.1\" - -")
                        .status())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "",
                "\\x16\\x03\\x01\\x02",
                "\u0016\u0003\u0001",
                "OPTIONS * HTTP/1.1",
                "CONNECT a.example:443 HTTP/1.1",
                "GET"
            })
    void recognizesLinesWithoutARequest(String request) {
        assertThat(read("203.0.113.7 - - " + TIME + " \"" + request + "\" 400 0")
                        .request())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b",
        "/a//b/, /a/b/",
        "/a/./b/../c, /a/c",
        "/../../a, /a",
        "/a/.., /",
        "/a;v=1/b;x?q=/c, /a/b",
        "/%61%2Fb, /a/b",
        "/caf%C3%A9, /café",
        "/caf\\xc3\\xa9, /café",
        "/100%, /100%",
        "/a%zz, /a%zz",
        "/a\\\"b\\\\c, /a\"b\\c",
        "/a b, /a b"
    })
    void normalizesThePathAsAServerDoes(String target, String path) {
        assertThat(RequestLine.parse("GET " + target + " HTTP/1.1")).contains(new RequestLine("GET", path));
    }

    @Test
    void aQuoteInARequestEndsItOnlyBeforeAStatus() {
        assertThat(read("h - - " + TIME + " \"GET /a\"b\" HTTP/1.1\" 200 5 \"-\" \"\" 404 5\"")
                        .request())
                .isEqualTo(new RequestLine("GET", "/a\"b\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0000\u0001\uFFFD",
                "203.0.113.7 - - [24/Nov/2026:19:33:30 +0000] \"GET / HTTP/1.1 200",
                "203.0.113.7 - - [24/Nov/2026:19:33:30 +0000] \"GET / HTTP/1.1\" OK 12",
                "203.0.113.7 - - [31/Feb/9999:19:33:30 +0000] \"GET / HTTP/1.1\" 200 12",
                "203.0.113.7 - - [24/Okt/2026:19:33:30 +0000] \"GET / HTTP/1.1\" 200 12",
                "203.0.113.7 - - [2026-11-24T19:33:30Z] \"GET / HTTP/1.1\" 200 12",
                "203.0.113.7 - - [24/Nov/1969:19:33:30 +0000] \"GET / HTTP/1.1\" 200 12",
                // Payara's default
                "\"203.0.113.7\" \"NULL-AUTH-USER\" \"24/Nov/2026:19:33:30 +0000\" \"GET / HTTP/1.1\" 200 12"
            })
    void rejectsLinesInUnknownFormats(String line) {
        assertThat(AccessLogLine.parse(line)).isEqualTo(Optional.empty());
    }

    @Test
    void longLinesDoNotOverflowTheStack() {
        for (String piece : new String[] {"\"", "\\", " ", "[", "a", "/", "/.", "%41", " [a] \"", "\\\""}) {
            String garbage = piece.repeat(16_384);
            assertThat(AccessLogLine.parse(garbage)).isEmpty();
            Optional<AccessLogLine> unused =
                    AccessLogLine.parse("h - - " + TIME + " \"GET /" + garbage + " HTTP/1.1\" 200 1");
        }
    }
}
