package io.gatehouse.internal.warmup;

import java.util.regex.Pattern;

/** What a text in SQL is, without understanding it: whether it selects, and how many parameters it has. */
final class SqlStatement {
    /** What may hold a question mark that is no parameter: text, quoted names, comments. */
    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\"|`[^`]*+`|--[^\\n]*+|(?s:/\\*.*?\\*/)");

    private static final Pattern SELECT = Pattern.compile("(?is)\\s*(select|with)\\b.*");

    private SqlStatement() {}

    /**
     * Gives the text back if it can be asked, or if it is empty.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    static String checked(String sql) {
        if (!sql.isEmpty()
                && (!SELECT.matcher(sql).matches()
                        || parameters(sql) > 1
                        || bare(sql).contains(";"))) {
            throw new IllegalArgumentException("one select, without semicolon, with one ? for the key or none");
        }
        return sql;
    }

    static int parameters(String sql) {
        return (int) bare(sql).chars().filter(c -> c == '?').count();
    }

    private static String bare(String sql) {
        return QUOTED.matcher(sql).replaceAll(" ");
    }
}
