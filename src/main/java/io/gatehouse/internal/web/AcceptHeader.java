package io.gatehouse.internal.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parser of the {@code Accept} header (RFC 9110, section 12.5.1), which decides whether a client prefers a page to a format for
 * programs. Ignores parts that are malformed.
 */
final class AcceptHeader {
    private static final Pattern RANGE = Pattern.compile("\\s*([^\\s;/]+)/([^\\s;/]+)\\s*(;.*)?", Pattern.DOTALL);
    private static final Pattern WEIGHT =
            Pattern.compile("q=(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)", Pattern.CASE_INSENSITIVE);

    /** Browsers send less than this. */
    private static final int LONGEST_CACHED = 300;

    private static final LoadingCache<String, Boolean> KNOWN =
            Caffeine.newBuilder().maximumSize(500).build(AcceptHeader::parse);

    private AcceptHeader() {}

    /** Returns whether the client of a request prefers HTML to JSON. */
    static boolean prefersHtml(HttpServletRequest request) {
        Enumeration<String> values = request.getHeaders("Accept");
        if (!values.hasMoreElements()) {
            return false;
        }
        String first = values.nextElement();
        return prefersHtml(values.hasMoreElements() ? first + ',' + String.join(",", Collections.list(values)) : first);
    }

    /**
     * Returns whether the client prefers HTML to JSON. Browsers name {@code text/html}; a client that accepts all types
     * equally, such as {@code fetch} or curl with {@code *}{@code /*}, counts as a program.
     *
     * @param header all values of the header, separated by commas; empty if there are none
     */
    static boolean prefersHtml(String header) {
        return header.length() <= LONGEST_CACHED ? KNOWN.get(header) : parse(header);
    }

    private static boolean parse(String header) {
        double json = Math.max(quality(header, "application", "problem+json"), quality(header, "application", "json"));
        return quality(header, "text", "html") > json;
    }

    /** Returns the weight of the most precise range that includes the type; 0 if none does. */
    private static double quality(String header, String type, String subtype) {
        double[] byPrecision = {-1, -1, -1};
        for (String item : header.split(",", -1)) {
            Matcher range = RANGE.matcher(item);
            if (range.matches()) {
                int precision = precision(range.group(1), range.group(2), type, subtype);
                double weight = weight(range.group(3) == null ? "" : range.group(3));
                if (precision >= 0) {
                    byPrecision[precision] = Math.max(byPrecision[precision], weight);
                }
            }
        }
        for (int precision = byPrecision.length - 1; precision >= 0; precision--) {
            if (byPrecision[precision] >= 0) {
                return byPrecision[precision];
            }
        }
        return 0;
    }

    /** Returns 2 for the type itself, 1 for all subtypes, 0 for all types, or -1 if the range does not include the type. */
    private static int precision(String rangeType, String rangeSubtype, String type, String subtype) {
        if (rangeType.equals("*") && rangeSubtype.equals("*")) {
            return 0;
        }
        if (!rangeType.equalsIgnoreCase(type)) {
            return -1;
        }
        return rangeSubtype.equals("*") ? 1 : rangeSubtype.equalsIgnoreCase(subtype) ? 2 : -1;
    }

    /** Returns the weight, 1 without a weight, or -1 if it is malformed. */
    private static double weight(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String text = parameter.strip();
            if (text.regionMatches(true, 0, "q=", 0, 2)) {
                Matcher weight = WEIGHT.matcher(text);
                return weight.matches() ? Double.parseDouble(weight.group(1)) : -1;
            }
        }
        return 1;
    }
}
