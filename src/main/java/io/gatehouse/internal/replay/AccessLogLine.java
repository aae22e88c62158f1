package io.gatehouse.internal.replay;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of an access log in the common or the combined format (Apache's mod_log_config; also in Tomcat, WildFly, Open Liberty and nginx):
 * {@code host ident user [time] "request" status size}, and any fields after them. Immutable.
 *
 * @param host the client: usually an address, sometimes a name
 * @param user the user who was logged in, or null
 * @param micros the logged time in microseconds since 1970
 * @param request the request line, or null if it is not HTTP, such as the first bytes of a TLS handshake
 * @param status the status of the response; 0 if there was no response
 */
record AccessLogLine(
        String host,
        @Nullable String user,
        long micros,
        @Nullable RequestLine request,
        int status) {
    private static final Pattern HEAD = Pattern.compile("(\\S++) \\S++ (.*?) \\[([^\\]]{20,35})] \"");
    private static final Pattern TAIL = Pattern.compile(" (\\d{3}|-)(?= |$)");
    /** The latest time for which the arithmetic of the limits is exact. */
    private static final Instant END = Instant.parse("2200-01-01T00:00:00Z");

    private static final DateTimeFormatter TIME = time();

    /** Parses a line; returns empty if it is in neither of the formats. */
    static Optional<AccessLogLine> parse(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.lookingAt()) {
            return Optional.empty();
        }
        Matcher tail = TAIL.matcher(line);
        int end = endOfRequest(line, head.end(), tail);
        Instant time = time(head.group(3));
        if (end < 0 || time == null) {
            return Optional.empty();
        }
        String user = head.group(2);
        String status = tail.group(1);
        return Optional.of(new AccessLogLine(
                head.group(1),
                user.isBlank() || user.equals("-") || user.equals("\"\"") ? null : user,
                time.getEpochSecond() * 1_000_000 + time.getNano() / 1000,
                RequestLine.parse(line.substring(head.end(), end)).orElse(null),
                status.equals("-") ? 0 : Integer.parseInt(status)));
    }

    /** Returns the position of the first unescaped quote that a status follows, because not every server escapes quotes; -1 if not found. */
    private static int endOfRequest(String line, int start, Matcher tail) {
        for (int i = start; i < line.length(); i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == '"'
                    && tail.region(i + 1, line.length()).lookingAt()) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Instant time(String text) {
        try {
            Instant time = Instant.from(TIME.parse(text));
            return time.isBefore(Instant.EPOCH) || time.isAfter(END) ? null : time;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Returns a parser of times with English months, independent of the default locale, and optional fractions of a second. */
    private static DateTimeFormatter time() {
        List<String> names =
                List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
        Map<Long, String> months = new HashMap<>();
        names.forEach(name -> months.put(months.size() + 1L, name));
        return new DateTimeFormatterBuilder()
                .appendPattern("dd/")
                .appendText(ChronoField.MONTH_OF_YEAR, months)
                .appendPattern("/uuuu:HH:mm:ss")
                .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
                .appendPattern(" xx")
                .toFormatter(Locale.ROOT);
    }
}
