package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.RecordMembers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.TextTable;

/** Formats records for people. Control characters in texts are replaced, because a terminal might execute them. */
final class TextFormatter {
    private static final String NEW_LINE = System.lineSeparator();

    private static final ColorScheme PLAIN = Help.defaultColorScheme(Ansi.OFF);

    /** The blanks between two columns. */
    private static final int GAP = 2;

    private TextFormatter() {}

    /** Returns one line for each member. A member of a nested record has both names. */
    static String members(Record document) {
        List<List<String>> rows = new ArrayList<>();
        RecordMembers.of(document).forEach(member -> collect(rows, words(member.name()), member.value()));
        return rows.isEmpty() ? "" : aligned(rows, false);
    }

    private static void collect(List<List<String>> rows, String name, Object value) {
        if (value instanceof Map<?, ?> || value instanceof Record) {
            RecordMembers.of(value).forEach(part -> collect(rows, name + " " + words(part.name()), part.value()));
        } else {
            rows.add(List.of(name, shown(value)));
        }
    }

    /** A column of a table: its name, and the function that returns its value in a row. */
    record Column<T>(String name, Function<T, @Nullable Object> value) {}

    static <T> Column<T> column(String name, Function<T, @Nullable Object> value) {
        return new Column<>(name, value);
    }

    /**
     * Returns a table: one line with the names of the columns, and one line per row.
     *
     * @param none the text if there are no rows
     */
    static <T> String table(List<T> rows, String none, List<Column<T>> columns) {
        if (rows.isEmpty()) {
            return none;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream()
                .map(column -> words(column.name()).toUpperCase(Locale.ROOT))
                .toList());
        for (T row : rows) {
            lines.add(columns.stream()
                    .map(column -> shown(column.value().apply(row)))
                    .toList());
        }
        return aligned(lines, true);
    }

    /** Returns a number with its noun: {@code 1 session}, {@code 2 sessions}, {@code 2 entries}. */
    static String count(long number, String one) {
        String several = one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s";
        return number + " " + (number == 1 ? one : several);
    }

    static String lines(String... lines) {
        return String.join(NEW_LINE, lines);
    }

    /** Returns the text in one line, with control and format characters replaced by question marks. */
    static String plain(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String shown(@Nullable Object given) {
        if (given == null) {
            return "-";
        }
        Object value = RecordMembers.plain(given);
        if (value instanceof Collection<?> items) {
            return items.isEmpty()
                    ? "-"
                    : items.stream().map(TextFormatter::shown).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> || value instanceof Record) {
            return RecordMembers.of(value).stream()
                    .map(member -> member.name() + "=" + shown(member.value()))
                    .collect(Collectors.joining(" "));
        }
        if (value instanceof Double number) {
            return number == Math.rint(number)
                    ? Long.toString(number.longValue())
                    : String.format(Locale.ROOT, "%.3f", number);
        }
        return plain(value.toString());
    }

    /** Returns {@code idle left seconds} for {@code idleLeftSeconds}. */
    private static String words(String name) {
        return plain(name).replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String aligned(List<List<String>> rows, boolean heading) {
        int columns = rows.get(0).size();
        TextTable table = TextTable.forColumns(
                PLAIN,
                IntStream.range(0, columns)
                        .mapToObj(column -> new Help.Column(width(rows, column), 0, Help.Column.Overflow.TRUNCATE))
                        .toArray(Help.Column[]::new));
        rows.forEach(row -> table.addRowValues(
                row.stream().map(text -> PLAIN.apply(text, List.of())).toArray(Ansi.Text[]::new)));
        String text = table.toString().stripTrailing();
        int end = text.indexOf(NEW_LINE);
        return heading ? Colors.in(Colors.HEADING, text.substring(0, end)) + text.substring(end) : text;
    }

    private static int width(List<List<String>> rows, int column) {
        return GAP
                + rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
