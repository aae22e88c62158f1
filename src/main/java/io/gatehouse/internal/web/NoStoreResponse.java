package io.gatehouse.internal.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Restricts responses with a cookie of Gatehouse to private caches. A {@code Set-Cookie} does not keep a shared cache from storing a
 * response and giving it to other clients (RFC 9111, section 7.3). Therefore {@code Cache-Control} and the headers that take precedence
 * over it (RFC 9213 and {@code Surrogate-Control}) allow private caches only.
 */
final class NoStoreResponse {
    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String TARGETED = "-cache-control";
    private static final String SURROGATE = "surrogate-control";
    private static final Pattern DIRECTIVE = Pattern.compile("(?:[^,\"]|\"(?:[^\"\\\\]|\\\\.)*+\"?)++");

    private NoStoreResponse() {}

    /** Returns whether a header can allow caches to store a response. */
    static boolean isCachingHeader(String field) {
        String name = field.toLowerCase(Locale.ROOT);
        return name.equals("cache-control") || name.endsWith(TARGETED) || name.equals(SURROGATE);
    }

    /** Restricts a response to private caches. A response that no cache may store stays unchanged. */
    static void restrict(HttpServletResponse answer) {
        restrict(answer, CACHE_CONTROL);
        for (String field : List.copyOf(answer.getHeaderNames())) {
            if (isCachingHeader(field) && !field.equalsIgnoreCase(CACHE_CONTROL)) {
                restrict(answer, field);
            }
        }
    }

    private static void restrict(HttpServletResponse answer, String field) {
        Collection<String> values = answer.getHeaders(field);
        String before = String.join(", ", values);
        String after = field.equalsIgnoreCase(SURROGATE) ? "no-store" : restricted(before);
        if (!after.equals(before)) {
            answer.setHeader(field, after);
        }
    }

    /** Returns the directives without those that allow shared caches to store the response. */
    static String restricted(String directives) {
        List<String> kept = new ArrayList<>();
        boolean isPrivate = false;
        boolean shared = false;
        boolean stored = true;
        boolean mustUnderstand = false;
        for (String directive : DIRECTIVE
                .matcher(directives)
                .results()
                .map(result -> result.group().strip())
                .filter(text -> !text.isEmpty())
                .toList()) {
            switch (directive.split("\\s*=", 2)[0].toLowerCase(Locale.ROOT)) {
                case "public", "s-maxage" -> shared = true;
                case "private" -> {
                    isPrivate = !directive.contains("=");
                    shared |= !isPrivate;
                }
                case "no-store" -> {
                    stored = false;
                    kept.add(directive);
                }
                case "must-understand" -> {
                    mustUnderstand = true; // caches that understand the status ignore no-store
                    kept.add(directive);
                }
                default -> kept.add(directive);
            }
        }
        if (!shared && (isPrivate || (!stored && !mustUnderstand))) {
            return directives;
        }
        kept.add("private");
        return String.join(", ", kept);
    }
}
