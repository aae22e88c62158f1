package io.gatehouse.internal.replay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The request line in an access log. Immutable.
 *
 * @param method the HTTP method
 * @param path the path as a server normalizes it: decoded, without path parameters, dot segments and empty segments; with the context path
 */
record RequestLine(String method, String path) {
    private static final Pattern REQUEST = Pattern.compile("([A-Za-z][A-Za-z-]{0,31}) (\\S.*?)(?: HTTP/[0-9.]{1,3})?");
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[^/?#]*");
    private static final int HEX = 16;

    /** Parses a logged request line; returns empty if it is not a request for a path. */
    static Optional<RequestLine> parse(String logged) {
        Matcher request = REQUEST.matcher(unescaped(logged));
        if (!request.matches()) {
            return Optional.empty();
        }
        String target = request.group(2);
        Matcher origin = ORIGIN.matcher(target);
        String path = origin.lookingAt() ? "/" + target.substring(origin.end()) : target;
        return path.startsWith("/")
                ? Optional.of(new RequestLine(request.group(1), normalized(path)))
                : Optional.empty();
    }

    /** Decodes the escapes of access logs: {@code \"}, {@code \\}, {@code \x22}. */
    private static String unescaped(String logged) {
        return logged.indexOf('\\') < 0 ? logged : decoded(logged, '\\');
    }

    private static String normalized(String target) {
        int end = 0;
        while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
            end++;
        }
        Deque<String> kept = new ArrayDeque<>();
        boolean folder = false;
        for (String segment : target.substring(0, end).split("/", -1)) {
            int parameter = segment.indexOf(';');
            String name = decoded(parameter < 0 ? segment : segment.substring(0, parameter), '%');
            folder = name.isEmpty() || name.equals(".") || name.equals("..");
            if (name.equals("..")) {
                kept.pollLast();
            } else if (!folder) {
                kept.addLast(name);
            }
        }
        return "/" + String.join("/", kept) + (folder && !kept.isEmpty() ? "/" : "");
    }

    /** Decodes hexadecimal bytes after an escape character, as UTF-8; keeps everything else unchanged. */
    private static String decoded(String text, char mark) {
        if (text.indexOf(mark) < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int digits = i + (mark == '\\' && i + 1 < bytes.length && bytes[i + 1] == 'x' ? 2 : 1);
            boolean coded = bytes[i] == mark && digits + 1 < bytes.length && (mark == '%' || digits == i + 2);
            int high = coded ? Character.digit(bytes[digits], HEX) : -1;
            int low = coded ? Character.digit(bytes[digits + 1], HEX) : -1;
            if (high >= 0 && low >= 0) {
                out.write(high * HEX + low);
                i = digits + 1;
            } else if (bytes[i] == mark && mark == '\\' && i + 1 < bytes.length) {
                out.write(bytes[++i]);
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
