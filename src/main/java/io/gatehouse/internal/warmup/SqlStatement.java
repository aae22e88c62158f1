package io.gatehouse.internal.warmup;

import java.util.regex.Pattern;

/** Checks SQL statements lexically: whether they are a single query, and how many parameters they have. */
final class SqlStatement {
    /** The tokens in which a question mark is not a parameter: texts, quoted names, comments. */
    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\"|`[^`]*+`|--[^\\n]*+|(?s:/\\*.*?\\*/)");

    private static final Pattern SELECT = Pattern.compile("(?is)\\s*(select|with)\\b.*");

    private SqlStatement() {}

    /**
     * Returns the text if it is a single query with at most one parameter, or empty.
     *
     * @throws IllegalArgumentException if it is not; the message says what was expected
     */
    static String checked(String sql) {
        if (!sql.isEmpty()
                && (!SELECT.matcher(sql).matches()
                        || parameters(sql) > 1
                        || withoutQuoted(sql).contains(";"))) {
            throw new IllegalArgumentException("one SELECT without semicolon, with at most one ? for the key");
        }
        return sql;
    }

    /** Returns the number of parameters. */
    static int parameters(String sql) {
        return (int) withoutQuoted(sql).chars().filter(c -> c == '?').count();
    }

    private static String withoutQuoted(String sql) {
        return QUOTED.matcher(sql).replaceAll(" ");
    }
}
