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
 * One line of an access log in the common or the combined format (Apache's mod_log_config; Tomcat, WildFly, Open Liberty and nginx
 * have them too): {@code host ident user [time] "request" status size}, and whatever comes then. Immutable.
 *
 * @param host the client, mostly an address, sometimes a name
 * @param user who was logged in, or null
 * @param micros the time that is written there, in microseconds since 1970
 * @param request what was asked for, or null if that was no HTTP, such as the first bytes of TLS
 * @param status the status of the answer; 0 if there was none
 */
record AccessLogLine(
        String host,
        @Nullable String user,
        long micros,
        @Nullable RequestLine request,
        int status) {
    private static final Pattern HEAD = Pattern.compile("(\\S++) \\S++ (.*?) \\[([^\\]]{20,35})] \"");
    private static final Pattern TAIL = Pattern.compile(" (\\d{3}|-)(?= |$)");
    /** As far as the arithmetic is exact. */
    private static final Instant END = Instant.parse("2200-01-01T00:00:00Z");

    private static final DateTimeFormatter TIME = time();

    /** Reads a line, or nothing if it is in neither of the formats. */
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

    /** The first quote that is not escaped and has a status behind it, because not every server escapes; -1 if there is none. */
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

    /** English months whatever the Java and its locale say, and parts of a second if they are there. */
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
