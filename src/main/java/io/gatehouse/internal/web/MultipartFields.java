package io.gatehouse.internal.web;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parser of {@code multipart/form-data} (RFC 7578) where the server does not parse it. */
final class MultipartFields {
    /** The maximum number of bytes of a value; longer than any account name. */
    static final int MAX_VALUE_LENGTH = 65_536;

    private static final Pattern BOUNDARY =
            Pattern.compile("(?i);\\s*boundary\\s*=\\s*(?:\"([^\"]{1,200})\"|([^;\\s]{1,200}))");
    private static final Pattern NAME =
            Pattern.compile("(?i);\\s*name\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))");
    private static final String HEADER = "content-disposition:";

    private MultipartFields() {}

    /** Returns the values of each part, including files, in their order. */
    static Map<String, List<String>> of(byte[] body, String contentType, Charset charset) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            return fields;
        }
        String mark = "--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        String text = new String(body, StandardCharsets.ISO_8859_1); // one character for each byte
        String[] parts = text.split(Pattern.quote(mark), -1);
        for (int i = 1; i < parts.length && !parts[i].startsWith("--"); i++) {
            add(parts[i], charset, fields);
        }
        return fields;
    }

    private static void add(String part, Charset charset, Map<String, List<String>> fields) {
        int end = part.indexOf("\r\n\r\n");
        int skipped = 4;
        if (end < 0) {
            end = part.indexOf("\n\n");
            skipped = 2;
        }
        if (end < 0) {
            return;
        }
        String content = part.substring(end + skipped);
        String value = content.endsWith("\r\n")
                ? content.substring(0, content.length() - 2)
                : content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
        part.substring(0, end)
                .lines()
                .filter(line -> line.regionMatches(true, 0, HEADER, 0, HEADER.length()))
                .map(NAME::matcher)
                .filter(Matcher::find)
                .findFirst()
                .ifPresent(name -> {
                    String quoted = name.group(1);
                    String fieldName = quoted == null ? name.group(2) : quoted.replaceAll("\\\\(.)", "$1");
                    fields.computeIfAbsent(recoded(fieldName, charset), any -> new ArrayList<>())
                            .add(recoded(value.substring(0, Math.min(value.length(), MAX_VALUE_LENGTH)), charset));
                });
    }

    private static String recoded(String bytes, Charset charset) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), charset);
    }
}
