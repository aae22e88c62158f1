package io.gatehouse.cli;

import io.gatehouse.operate.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Documents for people. What comes from elsewhere is shown without control characters, which a terminal might obey. */
final class Text {
    private static final String NEW_LINE = System.lineSeparator();

    private Text() {}

    /** A line for each member; those of documents within have both names. */
    static String members(Document document) {
        List<List<String>> rows = new ArrayList<>();
        document.members().forEach((name, value) -> collect(rows, words(name), value));
        return aligned(rows);
    }

    private static void collect(List<List<String>> rows, String name, Object value) {
        if (value instanceof Map<?, ?> within) {
            within.forEach((part, partValue) -> collect(rows, name + " " + words(part.toString()), partValue));
        } else {
            rows.add(List.of(name, shown(value)));
        }
    }

    /**
     * A line for each document in a member, below the names of the columns.
     *
     * @param none what is said if there are none
     */
    static String table(Document document, String member, String none, String... columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(columns).stream()
                .map(column -> words(column).toUpperCase(Locale.ROOT))
                .toList());
        for (Map<?, ?> row : rows(document, member)) {
            rows.add(List.of(columns).stream()
                    .map(column -> shown(row.get(column)))
                    .toList());
        }
        return rows.size() == 1 ? none : aligned(rows);
    }

    /** The documents in a member. */
    static List<Map<?, ?>> rows(Document document, String member) {
        List<Map<?, ?>> rows = new ArrayList<>();
        if (document.get(member) instanceof Collection<?> items) {
            items.forEach(item -> rows.add((Map<?, ?>) item));
        }
        return rows;
    }

    /** A number in a member, 0 if it is none. */
    static long number(Document document, String member) {
        return document.get(member) instanceof Number number ? number.longValue() : 0;
    }

    /** So many of something: {@code 1 session}, {@code 2 sessions}, {@code 2 entries}. */
    static String count(long number, String one) {
        String several = one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s";
        return number + " " + (number == 1 ? one : several);
    }

    static String lines(String... lines) {
        return String.join(NEW_LINE, lines);
    }

    /** A text in one line that commands nothing. */
    static String plain(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "-";
        }
        if (value instanceof Collection<?> items) {
            return items.isEmpty() ? "-" : items.stream().map(Text::shown).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> within) {
            return within.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
                    .collect(Collectors.joining(" "));
        }
        if (value instanceof Double number) {
            return number == Math.rint(number)
                    ? Long.toString(number.longValue())
                    : String.format(Locale.ROOT, "%.3f", number);
        }
        return plain(value.toString());
    }

    /** {@code idleLeftSeconds} is {@code idle left seconds}. */
    private static String words(String name) {
        return plain(name).replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String aligned(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        List<Integer> widths = IntStream.range(0, columns)
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column -> row.get(column)
                                + " "
                                        .repeat(widths.get(column)
                                                - row.get(column).length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining(NEW_LINE));
    }
}
