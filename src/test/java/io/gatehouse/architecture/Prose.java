package io.gatehouse.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Extracts the lines of a file that people read: from a page the text without code, from Java the comments and literals, from any
 * other file everything.
 */
final class Prose {
    /** The characters that mark a comment at the start of a line. */
    private static final Pattern COMMENT_MARK = Pattern.compile("^\\s*(/\\*\\*?|\\*|//|--)\\s?");

    private final List<Line> lines = new ArrayList<>();
    private int number = 1;

    /**
     * One line of prose.
     *
     * @param number its line number in the file, from 1
     * @param text what people read of it
     * @param source the whole line
     */
    record Line(int number, String text, String source) {}

    private Prose() {}

    /** Returns the prose of a file. */
    static List<Line> of(Path file) throws IOException {
        String text = Files.readString(file);
        String name = file.getFileName().toString();
        return name.endsWith(".md") ? ofPage(text) : name.endsWith(".java") ? ofJava(text) : ofText(text);
    }

    /** Returns the prose of a Markdown page: everything but code blocks, code spans and link targets. */
    static List<Line> ofPage(String text) {
        List<Line> found = new ArrayList<>();
        boolean code = false;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.strip().startsWith("```")) {
                code = !code;
            } else if (!code) {
                String prose = line.replaceAll("`[^`]*`", "``").replaceAll("]\\([^)]*\\)", "]()");
                found.add(new Line(number, prose, line));
            }
        }
        return found;
    }

    /** Returns the comments and the string literals of a Java source. */
    static List<Line> ofJava(String source) {
        Prose prose = new Prose();
        int at = 0;
        while (at < source.length()) {
            int end = tokenEnd(source, at);
            if (end > at + 1) {
                prose.add(source.substring(at, end));
            } else if (source.charAt(at) == '\n') {
                prose.number++;
            }
            at = end;
        }
        return prose.lines;
    }

    /** Returns the end of the comment or literal that starts at a position, or the next position if none does. */
    private static int tokenEnd(String source, int start) {
        if (source.startsWith("/*", start)) {
            return after(source.indexOf("*/", start + 2), 2, source);
        }
        if (source.startsWith("//", start)) {
            return after(source.indexOf('\n', start), 0, source);
        }
        if (source.startsWith("\"\"\"", start)) {
            return literalEnd(source, start + 3, "\"\"\"");
        }
        char first = source.charAt(start);
        return first == '"' || first == '\'' ? literalEnd(source, start + 1, String.valueOf(first)) : start + 1;
    }

    private static int literalEnd(String source, int start, String quotes) {
        int at = start;
        while (at < source.length() && !source.startsWith(quotes, at)) {
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        return after(at, quotes.length(), source);
    }

    private static int after(int index, int length, String source) {
        return index < 0 ? source.length() : Math.min(index + length, source.length());
    }

    private static List<Line> ofText(String text) {
        Prose prose = new Prose();
        prose.add(text);
        return prose.lines;
    }

    private void add(String text) {
        String[] parts = text.split("\n", -1);
        for (int i = 0; i < parts.length; i++) {
            String prose = COMMENT_MARK.matcher(parts[i]).replaceFirst("");
            lines.add(new Line(number + i, prose, parts[i]));
        }
        number += parts.length - 1;
    }
}
